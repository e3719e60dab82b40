import { afterEach, beforeEach, expect, test } from 'vitest';
import { change, envelope, head, idOf, snapshotItem, START } from '../testing/make.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.append(
    change(1, 'C-1', 1, {
      from: null,
      to: 'sent',
      title: 'Lease',
      amount: '10 EUR',
      dueAt: '2026-10-30T12:00:00Z',
    }),
  );
});
afterEach(() => fixture.dispose());

const markViewed = async (now: number, contractId = 'C-1') =>
  fixture.core().markViewed(fixture.accountId, contractId, now);
const lastViewed = async () => (await fixture.core().contract(fixture.accountId, 'C-1'))?.lastViewed ?? null;

test('never looked at, or nothing has changed since: nothing to tell', async () => {
  expect(await lastViewed()).toBeNull();
  await markViewed(START);
  expect(await lastViewed()).toBeNull();
  await markViewed(START, 'C-unknown');
});

test('as it stood at the last look, once it has changed', async () => {
  await markViewed(START);
  await markViewed(START + 1000);
  await fixture.append(
    change(2, 'C-1', 2, { from: 'sent', to: 'viewed', title: 'Lease', amount: '12.50 EUR' }),
    change(3, 'C-1', 3, { from: 'viewed', to: 'signed', title: 'Lease of an office' }),
  );
  const stood = {
    at: START + 1000,
    version: 1,
    status: 'sent',
    title: 'Lease',
    amount: { value: '10', currency: 'EUR' },
    dueAt: '2026-10-30T12:00:00Z',
  };
  expect(await lastViewed()).toEqual(stood);
  await fixture.reopen();
  expect(await lastViewed()).toEqual(stood);
  await markViewed(START + 2000);
  expect(await lastViewed()).toBeNull();
});

test('a late, older change is no change since', async () => {
  await fixture.append(change(3, 'C-1', 3, { title: 'Lease' }));
  await markViewed(START);
  await fixture.append(change(2, 'C-1', 2, { title: 'Lease' }));
  expect(await lastViewed()).toBeNull();
});

test('an export row carries the envelope of the change it shows; none where a snapshot told of it', async () => {
  await fixture.append(change(2, 'C-1', 2, { title: 'Lease' }));
  await fixture.append(change(3, 'C-2', 1, { from: null }), head(idOf(3)));
  await fixture.snapshot(idOf(3), [
    snapshotItem(envelope(2, 'C-1', 2, { title: 'Lease' })),
    snapshotItem(envelope(3, 'C-2', 1, { from: null })),
  ]);
  await fixture.append(head(idOf(5)));
  await fixture.snapshot(idOf(5), [
    snapshotItem(envelope(4, 'C-3', 2), { withEvent: false }),
    snapshotItem(envelope(2, 'C-1', 2, { title: 'Lease' })),
    snapshotItem(envelope(3, 'C-2', 1, { from: null })),
  ]);
  const page = async (offset: number, viewId?: number) =>
    fixture.core().exportRows(fixture.accountId, { view: 'all', text: '' }, { offset, limit: 2 }, viewId);
  const shown = (rows: Awaited<ReturnType<typeof page>>['rows']) =>
    rows.map(({ row, envelope: text }) => [
      row.contractId,
      text === null ? null : (JSON.parse(text) as { id: string }).id,
    ]);
  const first = await page(0);
  expect(first.total).toBe(3);
  expect(shown(first.rows)).toEqual([
    ['C-3', null],
    ['C-2', idOf(3)],
  ]);
  expect(shown((await page(2)).rows)).toEqual([['C-1', idOf(2)]]);

  // Held: pages read one after the other miss nobody, whatever comes in between.
  await fixture.core().holdView(fixture.accountId, 7, { view: 'all', text: '' });
  await fixture.append(change(6, 'C-1', 3, { title: 'Lease' }));
  expect(shown((await page(0, 7)).rows)[0]).toEqual(['C-3', null]);
  expect(shown((await page(2, 7)).rows)).toEqual([['C-1', idOf(6)]]);
});

test('facts of an account, empty and not', async () => {
  const { accountId } = await fixture
    .core()
    .account({ server: 'https://two.example', userId: 'u7', userName: 'Boris', locale: 'ru' });
  expect(await fixture.core().facts(accountId)).toMatchObject({ contracts: 0, events: 0, oldest: null });
  const facts = await fixture.core().facts(fixture.accountId);
  expect(facts).toMatchObject({ contracts: 1, events: 1, oldest: new Date(START).toISOString() });
  expect(facts.bytes).toBeGreaterThan(10_000);
});
