import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from './sqlite.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { damageTable } from '../testing/damage.ts';
import { openFixture, openTestCore, type Fixture } from '../testing/fixture.ts';
import {
  change,
  control,
  envelope,
  head,
  idOf,
  KEY,
  snapshotItem,
  START,
  statusItem,
} from '../testing/make.ts';
import { EARLIER_LEDGERS, unpackLedger } from '../testing/old-file.ts';
import { inspectBackup } from './backup.ts';

let fixture: Fixture;
let path: string;
beforeEach(async () => {
  fixture = await openFixture();
  path = join(fixture.folder, 'copy');
});
afterEach(() => fixture.dispose());

const other = { ...KEY, userId: 'u7', userName: 'Boris' };

test('a backup is one file, and says whose history it holds', async () => {
  await fixture.append(change(1, 'C-1', 1), change(2, 'C-1', 2), change(3, 'C-2', 1));
  await fixture.core().account(other);
  await fixture.core().backup(path);
  expect(readdirSync(fixture.folder).filter((name) => name.startsWith('copy'))).toEqual(['copy']);
  const before = readFileSync(path);
  const nothing = { contracts: 0, events: 0, lastSignAt: null };
  expect(inspectBackup(path)).toEqual({
    kind: 'ledger',
    accounts: [
      { ...KEY, contracts: 2, events: 3, lastSignAt: START },
      { ...other, ...nothing },
    ],
  });
  expect(readFileSync(path)).toEqual(before);
});

test('a backup that cannot be made is refused with a code', async () => {
  await expect(fixture.core().backup(join(path, 'within', 'a-file'))).rejects.toMatchObject({
    name: 'LedgerError',
    code: 'read_only',
  });
});

test.each(EARLIER_LEDGERS)('a ledger of version $name is one, and is not changed by a look', (file) => {
  unpackLedger(path, file);
  const before = readFileSync(path);
  expect(inspectBackup(path)).toMatchObject({ kind: 'ledger', accounts: [KEY, {}, {}, {}] });
  expect(readFileSync(path)).toEqual(before);
});

test('what is none is told apart: something else, of a newer version, damaged', async () => {
  const nothing = { kind: 'foreign' };
  for (const content of ['', 'a letter', 'x'.repeat(100_000)]) {
    writeFileSync(path, content);
    expect(inspectBackup(path)).toEqual(nothing);
  }
  rmSync(path);
  const theirs = new DatabaseSync(path);
  theirs.exec('CREATE TABLE account (a); CREATE TABLE event (a); PRAGMA user_version = 5');
  theirs.close();
  expect(inspectBackup(path)).toEqual(nothing);

  await fixture.append(...Array.from({ length: 2000 }, (_, i) => change(i + 1, `C-${i}`, 1)));
  await fixture.core().backup(path);
  const newer = join(fixture.folder, 'newer');
  copyFileSync(path, newer);
  const db = new DatabaseSync(newer);
  db.exec('PRAGMA user_version = 99; DROP TABLE saved_view');
  db.close();
  expect(inspectBackup(newer)).toEqual({ kind: 'newer', version: 99 });

  damageTable(path, 'event');
  expect(inspectBackup(path)).toMatchObject({ kind: 'damaged' });
  const cut = join(fixture.folder, 'cut');
  writeFileSync(cut, readFileSync(newer).subarray(0, 50_000));
  expect(inspectBackup(cut)).toMatchObject({ kind: 'damaged' });
});

test.each([
  ['works by itself', 'CREATE TRIGGER theirs AFTER INSERT ON event BEGIN DELETE FROM contract; END'],
  [
    'never ends',
    `CREATE TRIGGER theirs AFTER INSERT ON event BEGIN SELECT count(*) FROM
     (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n); END`,
  ],
  [
    'has our name',
    'DROP TRIGGER event_rowid_free; CREATE TRIGGER event_rowid_free AFTER DELETE ON event BEGIN SELECT 1; END',
  ],
  ['is read in place of a table', 'CREATE VIEW theirs AS SELECT * FROM account'],
])('a ledger into which somebody has put what %s is no backup', async (_, sql) => {
  await fixture.append(change(1, 'C-1', 1));
  await fixture.core().backup(path);
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
  expect(inspectBackup(path)).toEqual({ kind: 'damaged', detail: expect.stringMatching(/theirs|event/) });
});

/** Also after they were brought on. */
const TABLES_DIFFER = ['1a', '2a'];

test('nor is one of an earlier version, and one that was brought on from it is', async () => {
  for (const file of EARLIER_LEDGERS) {
    if (TABLES_DIFFER.includes(file.name)) {
      const old = join(fixture.folder, `old-${file.name}`);
      unpackLedger(old, file);
      const core = openTestCore(old);
      await core.backup(path);
      core.close();
      expect(inspectBackup(path)).toMatchObject({ kind: 'ledger' });
    }
    rmSync(path, { force: true });
    unpackLedger(path, file);
    const db = new DatabaseSync(path);
    db.exec('CREATE TRIGGER theirs AFTER UPDATE ON account BEGIN DELETE FROM contract; END');
    db.close();
    expect(inspectBackup(path)).toMatchObject({ kind: 'damaged' });
  }
});

test('what the replaced ledger had under ids without an order is missing until it comes', async () => {
  const named = (id: string, version: number) => statusItem({ ...envelope(version, 'C-1', version), id });
  const { accountId } = fixture;
  await fixture.append(named('a', 1));
  await fixture.core().backup(path);
  await fixture.append(named('b', 2), named('c', 3));
  const keep = await fixture.core().accounts();
  const restored = openTestCore(path);
  await restored.settleRestored(keep, START);
  expect((await restored.receipt(accountId, START)).verdict).toBe('gaps');
  await restored.append(accountId, [named('b', 2)], START);
  expect((await restored.receipt(accountId, START)).verdict).toBe('gaps');
  await restored.append(accountId, [named('c', 3)], START);
  expect((await restored.receipt(accountId, START)).verdict).not.toBe('gaps');
  restored.close();
});

test.each([
  ['goes on', 'e7', 3, { kind: 'sequence', fromSequence: 2, toSequence: 3 }],
  ['has begun anew', 'e8', 2, { kind: 'epoch', fromSequence: 1, toSequence: 2 }],
])(
  'what the replaced ledger had of a log without heads that %s is missing until it comes',
  async (_, epoch, last, gap) => {
    const { accountId } = fixture;
    await fixture.snapshot(null, []);
    await fixture.append(change(1, 'C-1', 1));
    await fixture.snapshot(idOf(1), [snapshotItem(envelope(1, 'C-1', 1))]);
    await fixture.settle();
    await fixture.core().backup(path);
    const first = epoch === 'e7' ? 2 : 1;
    const later = [first, last].map((n) => envelope(n, 'C-1', n - first + 2, { epoch }));
    await fixture.append(...later.map((event) => statusItem(event)));
    const keep = await fixture.core().accounts();
    const restored = openTestCore(path);
    await restored.settleRestored(keep, START);
    const told = await restored.receipt(accountId, START);
    expect(told).toMatchObject({ verdict: 'gaps', openGaps: [gap], missing: epoch === 'e7' ? 2 : null });
    // Told again by a server that replays, or by its history.
    await restored.append(accountId, [statusItem(later[0]!)], START);
    await restored.mergeHistory(accountId, 'C-1', [JSON.stringify(later[1])], START, true);
    await restored.beginSnapshot(accountId, { asOf: later[1]!.id, at: new Date(START).toISOString() });
    await restored.stageSnapshot(accountId, [snapshotItem(later[1]!)]);
    await restored.finishSnapshot(accountId, START, true);
    await restored.reconcileGaps(accountId, { now: START, nextAttemptAt: null, note: '' });
    expect(await restored.receipt(accountId, START)).toMatchObject({ openGaps: [], missing: 0 });
    restored.close();
  },
);

test('what the replaced ledger had is nothing missing where the backup has it, or where a head will tell', async () => {
  const { accountId } = fixture;
  const verdict = async (): Promise<string> => {
    const keep = await fixture.core().accounts();
    const restored = openTestCore(path);
    await restored.settleRestored(keep, START);
    const told = await restored.receipt(accountId, START);
    restored.close();
    return told.verdict;
  };
  await fixture.snapshot(idOf(1), [snapshotItem(envelope(1, 'C-1', 1))]);
  await fixture.append(change(2, 'C-1', 2));
  await fixture.core().backup(path);
  expect(await verdict()).toBe('no_gap_seen');
  await fixture.append(head(idOf(2)));
  await fixture.core().backup(path);
  await fixture.append(change(3, 'C-1', 3), head(idOf(3)));
  expect(await verdict()).toBe('complete');
});

const inNeed = (n: number) => change(n, `C-${n}`, 1, { actionRequired: true });

test('what was erased does not come back with a backup, nor what could still be undone', async () => {
  await fixture.append(inNeed(1));
  await fixture.core().account(other);
  const { accountId } = fixture;
  await fixture.core().perform(accountId, ['C-1'], { do: 'acknowledge', dueAt: START + 8000 }, START);
  await fixture.core().backup(path);

  const restored = openTestCore(path);
  await restored.settleRestored([{ ...KEY, newestId: null }], START);
  expect((await restored.accounts()).map(({ userId }) => userId)).toEqual([KEY.userId]);
  expect((await restored.contract(accountId, 'C-1'))?.acknowledgement.state).toBe('none');
  restored.close();
});

test('an acknowledgement on its way when the backup was made is not sent again: it may have been handed back since', async () => {
  await fixture.append(inNeed(1), inNeed(2), inNeed(3));
  const { accountId } = fixture;
  await fixture.core().perform(accountId, ['C-1', 'C-2', 'C-3'], { do: 'acknowledge', dueAt: START }, START);
  const { due } = await fixture.core().dueAcknowledgements(accountId, START);
  const [, , refused] = due;
  const problem = { code: 'refused', params: { status: 422 }, detail: '' } as const;
  await fixture.core().completeAcknowledgement(refused!.outboxId, { state: 'failed', problem }, START);
  await fixture.core().setReplay(accountId, 'proven');
  await fixture.core().backup(path);

  const restored = openTestCore(path);
  const { server, userId } = KEY;
  expect(await restored.settleRestored([{ ...KEY, newestId: null }], START)).toEqual([
    { server, userId, notSent: 2 },
  ]);
  // That the server still keeps what came since is yet to be seen.
  expect((await restored.account(KEY)).replay).toBe('unknown');
  expect((await restored.dueAcknowledgements(accountId, START + 60_000)).due).toEqual([]);
  // The server tells what stands.
  const taken = { contractId: 'C-1', eventId: idOf(1), version: 1, state: 'taken', at: new Date(START) };
  await restored.append(accountId, [control('ContractAcknowledged', taken)], START);
  const seen = await Promise.all(
    ['C-1', 'C-2', 'C-3'].map(async (id) => await restored.contract(accountId, id)),
  );
  expect(seen.map((each) => each?.acknowledgement.state)).toEqual(['sent', 'none', 'failed']);
  expect(seen[1]?.row.actionRequired).toBe(true);
  // Tried again, it is another request: the answer to the first may be remembered, whatever became of it since.
  await restored.retryAcknowledgement(accountId, 'C-3', START);
  const again = await restored.dueAcknowledgements(accountId, START);
  expect(again.due).toMatchObject([{ contractId: 'C-3' }]);
  expect(again.due[0]?.idempotencyKey).not.toBe(refused?.idempotencyKey);
  restored.close();
});
