import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLedger } from '../worker/open-ledger.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, envelope, KEY, snapshotItem, START, statusItem, type Envelope } from '../testing/make.ts';
import { WORKER_URL } from '../testing/worker-url.ts';
import type { StreamItem } from '../../stream/types.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const DAY = 86_400_000;
const KEEP = { maxAgeMs: null, maxBytes: null };
const ALL = { offset: 0, limit: 50 };

function reasoned(sequence: number, contractId: string, version: number, text: string): Envelope {
  const base = envelope(sequence, contractId, version);
  const change = { ...base.data.change, reason: { code: 'other', text } };
  return { ...base, data: { ...base.data, change } };
}

const because = (...args: Parameters<typeof reasoned>): StreamItem => statusItem(reasoned(...args));

const find = async (text: string, accountId = fixture.accountId) => {
  const page = await fixture.core().readView(accountId, { view: 'all', text }, ALL);
  return page.rows.map((row) => [row.contractId, row.found]);
};
const index = async (): Promise<void> => {
  for (let done = false; !done;) ({ done } = await fixture.core().maintain(KEEP, START));
};
const indexed = (): { contracts: number; reasons: number } | undefined =>
  fixture.query<{ contracts: number; reasons: number }>(
    'SELECT (SELECT count(*) FROM contract_words_docsize) AS contracts, (SELECT count(*) FROM reason_words_docsize) AS reasons',
  )[0];

test('an earlier reason is told where the row does not show the words, before and after the words are indexed', async () => {
  await fixture.append(
    because(1, 'C-1', 1, 'Ёлки слишком дороги'),
    because(2, 'C-1', 2, 'The price is too high'),
    change(3, 'C-1', 3, { title: 'Поставка ёлок' }),
    because(4, 'C-2', 1, 'The price is right'),
  );
  for (let round = 0; round < 2; round++) {
    expect(await find('price')).toEqual([
      ['C-2', null],
      ['C-1', 'The price is too high'],
    ]);
    // One word stands in the title, the other in a reason.
    expect(await find('поставка дороги')).toEqual([['C-1', 'Ёлки слишком дороги']]);
    expect(await find('п')).toEqual([['C-1', null]]);
    expect(await find('rice')).toEqual([]);
    await index();
  }
  expect(indexed()).toEqual({ contracts: 2, reasons: 3 });
});

test('a revised copy is found by its new reason, and no longer by the old one', async () => {
  await fixture.append(because(1, 'C-1', 1, 'Ёлки слишком дороги'), change(2, 'C-1', 2));
  for (const [old, now] of [
    ['дороги', 'дешевы'],
    ['дешевы', 'зелены'],
  ] as const) {
    await fixture.append(because(1, 'C-1', 1, `Ёлки слишком ${now}`));
    expect(await find(now)).toEqual([['C-1', `Ёлки слишком ${now}`]]);
    expect(await find(old)).toEqual([]);
    await index();
  }
  expect(await find('зелены')).toHaveLength(1);
});

test('words that many contracts share are found in all of them, also where each stands elsewhere', async () => {
  const count = 700;
  const items = Array.from({ length: count }, (_, i) => {
    const title = i % 3 === 0 ? 'Lease of a boat' : i % 3 === 1 ? 'Lease' : 'Boat';
    return change(i + 1, `C-${i}`, 1, { title, party: i % 2 === 0 ? 'Northwind' : 'Acme' });
  });
  // 'Lease' by title, 'boat' by an earlier reason.
  await fixture.append(
    because(count + 1, 'C-1', 2, 'The boat leaks'),
    change(count + 2, 'C-1', 3, { title: 'Lease' }),
    ...items,
  );
  const total = async (text: string): Promise<number> =>
    (await fixture.core().readView(fixture.accountId, { view: 'all', text }, ALL)).total;
  for (let round = 0; round < 2; round++) {
    expect(await total('boat lease')).toBe(235);
    expect(await total('lea bo north')).toBe(117);
    expect(await total('c lease boat 69')).toBe(5);
    await index();
  }
});

test('a new title takes the words of the old one away', async () => {
  await fixture.append(change(1, 'C-1', 1, { title: 'Lease of a boat' }), change(2, 'C-2', 1));
  await index();
  await fixture.append(change(3, 'C-1', 2, { title: 'Lease of a ship' }));
  for (let round = 0; round < 2; round++) {
    expect(await find('boat')).toEqual([]);
    expect(await find('ship lease')).toEqual([['C-1', null]]);
    await index();
  }
  expect(indexed()?.contracts).toBe(2);
});

test('a reason that only a snapshot told is found', async () => {
  const last = reasoned(5, 'C-1', 4, 'Too late');
  await fixture.append(change(1, 'C-2', 1));
  await fixture.snapshot(null, []);
  await fixture.snapshot(null, [snapshotItem(last)]);
  await index();
  expect(await find('late')).toEqual([['C-1', null]]);
});

test('a reason that history brings later is found at once, though the row stays as it is', async () => {
  await fixture.append(change(1, 'C-1', 1), change(3, 'C-1', 3), change(4, 'C-2', 1));
  await index();
  expect(await find('hidden')).toEqual([]);
  const late = reasoned(2, 'C-1', 2, 'a hidden reason');
  await fixture.history('C-1', [late], START);
  for (let round = 0; round < 2; round++) {
    expect(await find('hidden')).toEqual([['C-1', 'a hidden reason']]);
    await index();
  }
});

test('reasons that retention removes are not found any more, and rowids that are given again are indexed', async () => {
  await fixture.append(because(1, 'C-1', 1, 'unique words'), because(2, 'C-1', 2, 'kept words'));
  await index();
  expect(await find('words')).toEqual([['C-1', null]]);
  expect(await find('unique')).toEqual([['C-1', 'unique words']]);
  await fixture.core().maintain({ maxAgeMs: DAY, maxBytes: null }, START + 365 * DAY);
  expect(await find('unique')).toEqual([]);
  expect(await find('kept')).toEqual([['C-1', null]]);
  expect(indexed()).toEqual({ contracts: 1, reasons: 1 });
  await fixture.append(because(3, 'C-1', 3, 'later words'), change(4, 'C-1', 4));
  expect(await find('later')).toEqual([['C-1', 'later words']]);
  // The newest event goes (as a repair by hand might), and its rowid comes again.
  await index();
  for (const table of ['raw_envelope', 'event']) {
    fixture.query(`DELETE FROM ${table} WHERE event_rowid = (SELECT max(event_rowid) FROM ${table})`);
  }
  await fixture.append(because(5, 'C-2', 1, 'again words'), change(6, 'C-2', 2));
  expect(await find('again')).toEqual([['C-2', 'again words']]);
  await index();
  expect(await find('again')).toEqual([['C-2', 'again words']]);
});

test('two accounts do not find each other’s contracts; an erased one leaves no words, and the other is found as before', async () => {
  const other = await fixture.core().account({ ...KEY, userId: 'u7' });
  await fixture.core().append(
    other.accountId,
    [change(1, 'X-1', 1, { title: 'Secret lease' })].map(
      (item) => ({ ...item, name: 'u7_ContractStatusChanged' }) as StreamItem,
    ),
    START,
  );
  await fixture.append(because(1, 'C-1', 1, 'open lease'));
  await index();
  expect(await find('lease')).toEqual([['C-1', null]]);
  expect(await find('lease', other.accountId)).toEqual([['X-1', null]]);
  await fixture.core().eraseAccount(other.accountId);
  expect(indexed()).toEqual({ contracts: 0, reasons: 0 });
  await expect(find('lease', other.accountId)).rejects.toMatchObject({ code: 'unknown' });
  for (let round = 0; round < 2; round++) {
    expect(await find('lease')).toEqual([['C-1', null]]);
    await index();
  }
  expect(indexed()).toEqual({ contracts: 1, reasons: 1 });
});

test('the thread takes the words in while nobody asks for anything', async () => {
  fixture.close();
  const open = () => openLedger({ path: fixture.path, workerUrl: WORKER_URL, now: () => START });
  let ledger = await open();
  await ledger.append(fixture.accountId, [because(1, 'C-1', 1, 'because')], START);
  await vi.waitFor(
    async () => {
      // Nobody else can look into the file while it is open.
      await ledger.close();
      const found = indexed();
      fixture.close();
      if (found?.reasons === 1) return;
      ledger = await open();
      await ledger.account(KEY);
      throw new Error('nothing is indexed yet');
    },
    { timeout: 100_000, interval: 300 },
  );
});
