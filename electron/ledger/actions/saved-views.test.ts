import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_SAVED_VIEWS, type ViewFilter } from '../../../protocol/filter.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, KEY, START } from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.append(
    change(1, 'C-1', 1, { title: 'Lease', party: 'Acme', to: 'signed', amount: '10.50 EUR' }),
    change(2, 'C-2', 1, { title: 'Supply', party: 'Acme', actor: 'Anna', actionRequired: true }),
    change(3, 'C-3', 1, { title: 'Lease', party: 'ООО «Ёж»', actor: 'Anna', amount: '7 RUB' }),
  );
});
afterEach(() => fixture.dispose());

const lease: ViewFilter = { view: 'all', text: 'lease' };
const acme: ViewFilter = { view: 'unread', text: '', conditions: { parties: ['Acme'] } };
const list = async () => fixture.core().savedViews(fixture.accountId);
const save = async (name: string, filter: ViewFilter, savedId: number | null = null): Promise<void> =>
  fixture.core().saveView(fixture.accountId, { savedId, name, filter });

test('saved views keep name, filter and order, also after a restart, and count what is in them now', async () => {
  await save('Leases', lease);
  await save('Acme', acme);
  expect(await list()).toMatchObject([
    { name: 'Leases', filter: lease, count: 2 },
    { name: 'Acme', filter: acme, count: 2 },
  ]);
  await fixture.core().perform(fixture.accountId, ['C-1'], { do: 'read', read: true }, START);
  await fixture.append(change(4, 'C-4', 1, { title: 'Lease of a boat' }));
  expect((await list()).map((view) => view.count)).toEqual([3, 1]);
  const [first, second] = await list();
  await save('Boats', { view: 'all', text: 'boat' }, first?.savedId);
  await fixture.core().orderViews(fixture.accountId, [999, second?.savedId ?? 0]);
  await fixture.reopen();
  expect((await list()).map((view) => [view.name, view.count])).toEqual([
    ['Acme', 1],
    ['Boats', 1],
  ]);
  await fixture.core().removeView(fixture.accountId, second?.savedId ?? 0);
  expect((await list()).map((view) => view.name)).toEqual(['Boats']);
});

test('a view that is gone is not replaced, and no more are saved than there can be', async () => {
  await expect(async () => save('Gone', lease, 77)).rejects.toMatchObject({ failure: { code: 'viewGone' } });
  for (let i = 0; i < MAX_SAVED_VIEWS; i++) await save(`View ${i}`, lease);
  await expect(async () => save('One more', lease)).rejects.toMatchObject({
    failure: { code: 'viewsFull', params: { most: MAX_SAVED_VIEWS } },
  });
  expect(await list()).toHaveLength(MAX_SAVED_VIEWS);
});

test('another account has its own, and a filter of another version of the app is left out', async () => {
  await save('Leases', lease);
  const other = await fixture.core().account({ ...KEY, userId: 'u7' });
  expect(await fixture.core().savedViews(other.accountId)).toEqual([]);
  fixture.query(`UPDATE saved_view SET filter = '{"view":"by_moon","text":""}'`);
  expect(await list()).toEqual([]);
});

test('the filter offers what is in use, the most frequent first; names by the beginnings of their words', async () => {
  const facets = await fixture.core().facets(fixture.accountId, '');
  expect(facets).toEqual({
    parties: [
      { name: 'Acme', count: 2 },
      { name: 'ООО «Ёж»', count: 1 },
    ],
    actors: [
      { name: 'Anna', count: 2 },
      { name: 'Пётр', count: 1 },
    ],
    statuses: [
      { name: 'viewed', count: 2 },
      { name: 'signed', count: 1 },
    ],
    currencies: [
      { name: 'EUR', count: 1 },
      { name: 'RUB', count: 1 },
    ],
  });
  const some = await fixture.core().facets(fixture.accountId, 'ё');
  expect([some.parties, some.actors]).toEqual([[{ name: 'ООО «Ёж»', count: 1 }], []]);
  await fixture.append(change(4, 'C-1', 2, { party: 'Zenith', to: 'active' }));
  expect((await fixture.core().facets(fixture.accountId, 'ze ')).parties).toEqual([
    { name: 'Zenith', count: 1 },
  ]);
});
