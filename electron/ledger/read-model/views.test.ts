import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ViewFilter } from '../../../protocol/view.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, control, START } from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.append(
    change(1, 'C-1', 1, { title: 'Поставка ёлок', party: 'ООО Ромашка' }),
    change(2, 'C-2', 1, { title: 'Lease 100%', actionRequired: true }),
    change(3, 'C-3', 1, { title: 'Supply', party: 'Acme' }),
  );
});
afterEach(() => fixture.dispose());

const read = async (filter: Partial<ViewFilter> = {}, offset = 0, limit = 50) =>
  fixture.core().readView(fixture.accountId, { view: 'all', text: '', ...filter }, { offset, limit });
const ids = async (filter: Partial<ViewFilter> = {}): Promise<string[]> =>
  (await read(filter)).rows.map((row) => row.contractId);
const hold = (filter: Partial<ViewFilter> = {}) =>
  fixture.core().holdView(fixture.accountId, 1, { view: 'all', text: '', ...filter });
const frozen = async (offset = 0, limit = 50) => {
  const view = {
    viewId: 1,
    filter: { view: 'all', text: '' },
    range: { offset, limit },
    held: true,
  } as const;
  const { page, counts } = await fixture.core().tellView(fixture.accountId, view, 'whole');
  const rows = (page?.rows ?? []).map((row) => (typeof row === 'string' ? expect.fail(row) : row));
  return { ...page, rows, counts };
};

test('newest first, by pages, with totals and counts', async () => {
  expect(await ids()).toEqual(['C-3', 'C-2', 'C-1']);
  await fixture.append(change(4, 'C-1', 2));
  const page = await read({}, 1, 1);
  expect(page).toMatchObject({ total: 3, counts: { all: 3, unread: 3, actionRequired: 1 } });
  expect(page.rows.map((row) => row.contractId)).toEqual(['C-3']);
  expect(page.rows[0]?.key).toBe(`${fixture.accountId}/C-3`);
});

test('words are found in title, parties and id, in any case, ё as е, and no pattern is read into them', async () => {
  expect(await ids({ text: 'ЕЛОК ромаШка' })).toEqual(['C-1']);
  expect(await ids({ text: 'ёлок' })).toEqual(['C-1']);
  expect(await ids({ text: '100%' })).toEqual(['C-2']);
  // No word, so nothing is asked.
  expect(await ids({ text: '%' })).toEqual(['C-3', 'C-2', 'C-1']);
  expect(await ids({ text: 'c-3' })).toEqual(['C-3']);
  expect(await ids({ text: 'acme елок' })).toEqual([]);
  await fixture.append(change(4, 'C-3', 2, { title: 'Ёлки' }));
  expect(await ids({ text: 'елк' })).toEqual(['C-3']);
  expect((await read({ text: 'елк' })).total).toBe(1);
});

test('unread follows reading and unreading', async () => {
  const core = fixture.core();
  await core.perform(fixture.accountId, ['C-2'], { do: 'read', read: true }, START);
  expect(await ids({ view: 'unread' })).toEqual(['C-3', 'C-1']);
  expect((await read()).counts.unread).toBe(2);
  await core.perform(fixture.accountId, ['C-2'], { do: 'read', read: false }, START);
  expect(await read({ view: 'unread' })).toMatchObject({ total: 3 });
  expect((await core.contract(fixture.accountId, 'C-2'))?.timeline[0]?.unread).toBe(true);
});

test('action required: until it is taken on, here or elsewhere, at this version', async () => {
  const core = fixture.core();
  expect(await ids({ view: 'action_required' })).toEqual(['C-2']);
  await core.perform(fixture.accountId, ['C-2'], { do: 'acknowledge', dueAt: START + 8000 }, START);
  expect(await read({ view: 'action_required' })).toMatchObject({ total: 0, counts: { actionRequired: 0 } });
  await core.undoAcknowledgement(fixture.accountId, 'C-2');
  expect(await ids({ view: 'action_required' })).toEqual(['C-2']);
  const done = {
    contractId: 'C-2',
    eventId: 'e',
    version: 1,
    at: new Date(START).toISOString(),
    by: { id: 'u9', name: 'Oleg' },
  };
  await fixture.append(control('ContractAcknowledged', done));
  expect(await ids({ view: 'action_required' })).toEqual([]);
  await fixture.append(change(4, 'C-2', 2, { actionRequired: true }));
  expect(await ids({ view: 'action_required' })).toEqual(['C-2']);
});

test('a frozen view keeps order and membership, shows present content, and counts who would move', async () => {
  await hold();
  await fixture.append(change(4, 'C-1', 2, { to: 'signed' }), change(5, 'C-9', 1));
  const page = await frozen();
  expect(page.rows.map((row) => row.contractId)).toEqual(['C-3', 'C-2', 'C-1']);
  expect(page.rows[2]).toMatchObject({ to: 'signed', version: 2 });
  expect(page).toMatchObject({ total: 3, waiting: 2, counts: { all: 4 } });
  await hold();
  expect(await frozen(0, 2)).toMatchObject({ total: 4, waiting: 0 });
});

test('reading in a frozen unread view takes no row away; only a newer change waits', async () => {
  await hold({ view: 'unread' });
  await fixture.core().perform(fixture.accountId, ['C-2'], { do: 'read', read: true }, START);
  expect((await frozen()).rows.map((row) => [row.contractId, row.unread])).toEqual([
    ['C-3', 1],
    ['C-2', 0],
    ['C-1', 1],
  ]);
  expect((await frozen()).waiting).toBe(0);
  await fixture.append(change(4, 'C-2', 2));
  expect((await frozen()).waiting).toBe(1);
});

test('a frozen search counts only what it would find', async () => {
  await hold({ text: 'acme' });
  await fixture.append(change(4, 'C-8', 1, { party: 'Acme West' }), change(5, 'C-7', 1));
  expect(await frozen()).toMatchObject({ total: 1, waiting: 1 });
});

test('an open view is told what differs: a row that was written, a new order, and nothing twice', async () => {
  const view = {
    viewId: 5,
    filter: { view: 'all', text: '' },
    range: { offset: 0, limit: 2 },
    held: false,
  } as const;
  const tell = async (how: 'whole' | 'changes' | 'rows' = 'changes') => {
    const { page, ...rest } = await fixture.core().tellView(fixture.accountId, view, how);
    return {
      ...rest,
      rows: page && page.rows.map((row) => (typeof row === 'string' ? row : `new ${row.key}`)),
    };
  };
  const key = (id: string) => `${fixture.accountId}/${id}`;
  expect((await tell('whole')).rows).toEqual([`new ${key('C-3')}`, `new ${key('C-2')}`]);
  expect(await tell()).toMatchObject({ rows: null, isBehind: false });
  await fixture.core().perform(fixture.accountId, ['C-2'], { do: 'mute', muted: true }, START);
  expect((await tell('rows')).rows).toEqual([key('C-3'), `new ${key('C-2')}`]);
  await fixture.append(change(4, 'C-2', 2));
  expect((await tell()).rows).toEqual([`new ${key('C-2')}`, key('C-3')]);
  // Beyond the page only the counts change.
  await fixture.core().perform(fixture.accountId, ['C-1'], { do: 'read', read: true }, START);
  expect(await tell('rows')).toMatchObject({ rows: null, isBehind: true, counts: { unread: 1 } });
  expect((await tell()).rows).toEqual([key('C-2'), key('C-3')]);
  expect((await tell('whole')).rows).toEqual([`new ${key('C-2')}`, `new ${key('C-3')}`]);
});

test('a released or foreign view is refused', async () => {
  await hold();
  await fixture.core().releaseView(1);
  await expect(frozen()).rejects.toMatchObject({ code: 'unknown' });
});

test('100,000 contracts: first pages and counts take milliseconds', { tags: 'long' }, async () => {
  const columns = fixture
    .query<{ name: string }>(
      `SELECT name FROM pragma_table_info('contract') WHERE name NOT IN ('contract_rowid', 'contract_id', 'position', 'action_open')`,
    )
    .map((column) => column.name)
    .join(', ');
  fixture.query(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
     INSERT INTO contract (contract_id, position, action_open, ${columns})
       SELECT 'D-' || i, position + i, i % 3 = 0, ${columns} FROM contract, n WHERE contract_id = 'C-3'`,
  );
  await read();
  // By processor time: other programs may run beside.
  const fastest = async (run: () => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 7; i++) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    return Math.min(...times);
  };
  expect((await read({}, 0, 1)).rows[0]?.contractId).toBe('D-100000');
  expect(await fastest(() => read({}, 0, 1))).toBeLessThan(5);
  expect(await fastest(() => read({ view: 'unread' }))).toBeLessThan(20);
  expect(await fastest(() => read({ view: 'action_required' }, 1000, 50))).toBeLessThan(20);
  // Held, with one newer change: nothing of the size of the whole.
  await hold();
  await fixture.append(change(200_000, 'C-1', 2));
  expect(await frozen(99_990, 20)).toMatchObject({ total: 100_003, waiting: 1 });
  expect(await fastest(() => frozen(0, 50))).toBeLessThan(20);
});
