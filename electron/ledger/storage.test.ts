import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type Database } from './storage/sqlite.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StorageProblem } from '../../protocol/ipc.ts';
import type { LedgerCore } from './worker/core.ts';
import { openDatabase } from './storage/database.ts';
import { damageTable } from './testing/damage.ts';
import { openTestCore } from './testing/fixture.ts';
import { change, envelope, head, idOf, KEY, snapshotItem, START } from './testing/make.ts';

let folder: string;
let path: string;
const open: LedgerCore[] = [];
const openCoreHere = (...args: Parameters<typeof openTestCore> | []): LedgerCore => {
  const core = openTestCore(args[0] ?? path, args[1], args[2]);
  open.push(core);
  return core;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(folder, 'ledger.db');
});
afterEach(() => {
  for (const core of open.splice(0)) core.close();
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

const ALL = { view: 'all', text: '' } as const;
const total = async (core: LedgerCore, accountId: number): Promise<number> =>
  (await core.readView(accountId, ALL, { offset: 0, limit: 1 })).total;

/** A ledger with `count` contracts in the file, closed. */
async function fill(count = 3): Promise<void> {
  const core = openTestCore(path);
  const { accountId } = await core.account(KEY);
  await core.append(
    accountId,
    Array.from({ length: count }, (_, i) => change(i + 1, `C-${i}`, 1)),
    START,
  );
  core.close();
}

async function expectUsable(core: LedgerCore): Promise<void> {
  const { accountId } = await core.account(KEY);
  expect(await core.append(accountId, [change(900, 'C-900', 1)], START)).toMatchObject({ stored: 1 });
}

test.each([
  ['garbage', () => Buffer.alloc(40_000, 'not a database ')],
  ['a damaged header', () => Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(9000, 255)])],
])('a file of %s is set aside under a name that is told, never deleted', async (_, content) => {
  const bytes = content();
  writeFileSync(path, bytes);
  writeFileSync(`${path}-wal`, 'journal');
  const core = openCoreHere();
  expect(core.problem).toMatchObject({ code: 'corrupt', inMemory: false });
  const { setAsideAt } = core.problem as StorageProblem;
  expect(readFileSync(setAsideAt ?? '')).toEqual(bytes);
  expect(existsSync(`${setAsideAt}-wal`)).toBe(true);
  await expectUsable(core);
  core.close();
  expect(openCoreHere().problem).toBeNull();
});

test.skipIf(process.platform === 'win32')(
  'the file and its journals are this user’s alone, also where an earlier version left them readable',
  async () => {
    const readable = (): readonly string[] =>
      readdirSync(folder).filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
    const first = openCoreHere();
    await expectUsable(first);
    expect(readdirSync(folder).length).toBeGreaterThan(1);
    expect(readable()).toEqual([]);
    first.close();
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
    const again = openCoreHere();
    await again.account(KEY);
    expect(readable()).toEqual([]);
  },
);

test('a page damaged inside is found by the check at the start', async () => {
  await fill(500);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 170), 0, 4096, 4096 * 20);
  closeSync(file);
  const core = openCoreHere();
  expect(core.problem).toMatchObject({ code: 'corrupt', inMemory: false });
  expect(existsSync(core.problem?.setAsideAt ?? '')).toBe(true);
});

test('damage that shows only while running: set aside, told, the same account goes on in a fresh file', async () => {
  await fill(9000);
  damageTable(path, 'contract');
  const problems: StorageProblem[] = [];
  const core = openCoreHere(path, problems);
  expect(core.problem).toBeNull();
  const { accountId, cursor } = await core.account(KEY);
  expect(cursor).toBe(idOf(9000));
  await expect(async () => core.readView(accountId, ALL, { offset: 0, limit: 500 })).rejects.toMatchObject({
    code: 'corrupt',
  });
  expect(problems).toMatchObject([{ code: 'corrupt', inMemory: false }]);
  expect(existsSync(problems[0]?.setAsideAt ?? '')).toBe(true);
  expect(await core.account(KEY)).toEqual({
    accountId,
    userId: KEY.userId,
    cursor: null,
    baseline: 'none',
    replay: 'unknown',
    namesHeads: false,
    heartbeatMs: null,
    newestReceivedAt: null,
  });
  await expectUsable(core);
}, 60_000);

test('when the newest change was received is told by this computer’s clock, that of the baseline left out', async () => {
  await fill(3);
  const core = openCoreHere();
  const { accountId, newestReceivedAt } = await core.account(KEY);
  expect(newestReceivedAt).toBe(START);
  await core.append(accountId, [change(4, 'C-late', 1, { time: '2020-01-05T00:08:35Z' })], START + 5000);
  expect(await core.account(KEY)).toMatchObject({ newestReceivedAt: START + 5000 });
  core.close();
});

test('a file of a newer version is left as it is, byte by byte', async () => {
  await fill();
  const db = new DatabaseSync(path);
  db.exec('PRAGMA user_version = 99');
  db.close();
  const before = readFileSync(path);
  const core = openCoreHere();
  expect(core.problem).toMatchObject({ code: 'newer_version', inMemory: true, setAsideAt: null });
  expect(core.problem?.detail).toContain('99');
  await expectUsable(core);
  core.close();
  expect(readFileSync(path)).toEqual(before);
});

test('a second instance is told that the file is locked and goes on in memory', async () => {
  await fill();
  const first = openCoreHere();
  const { accountId } = await first.account(KEY);
  const second = openCoreHere();
  expect(second.problem).toMatchObject({ code: 'locked', inMemory: true, setAsideAt: null });
  await expectUsable(second);
  second.close();
  expect(await total(first, accountId)).toBe(3);
  await expectUsable(first);
});

/** Runs as a user whom permissions bind, where the tests run as root. */
async function unprivileged(work: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

test('a read-only file: old content is shown, new content is kept in memory, nothing is written', async () => {
  await fill();
  const before = readFileSync(path);
  chmodSync(path, 0o444);
  chmodSync(folder, 0o555);
  await unprivileged(async () => {
    const core = openCoreHere();
    expect(core.problem).toMatchObject({ code: 'read_only', inMemory: true });
    const { accountId, cursor } = await core.account(KEY);
    expect(cursor).toBe(idOf(3));
    expect(await total(core, accountId)).toBe(3);
    await expectUsable(core);
    core.close();
  });
  expect(readFileSync(path)).toEqual(before);
});

test('a folder that cannot be written, or is not there: in memory', async () => {
  chmodSync(folder, 0o555);
  await unprivileged(async () => {
    const core = openCoreHere();
    expect(core.problem).toMatchObject({ code: 'read_only', inMemory: true });
    await expectUsable(core);
  });
  expect(openCoreHere(join(folder, 'none', 'ledger.db')).problem).toMatchObject({
    code: 'read_only',
    inMemory: true,
  });
});

test('a full disk: the append is refused whole, reads go on, and it works again when there is room', async () => {
  let db: Database | undefined;
  const core = openCoreHere(path, [], (...args) => {
    const opened = openDatabase(...args);
    db = opened.db;
    return opened;
  });
  const { accountId } = await core.account(KEY);
  await core.append(accountId, [change(1, 'C-1', 1)], START);
  const limit = (pages: number): void => db?.exec(`PRAGMA max_page_count = ${pages}`);
  const size = db?.prepare('PRAGMA page_count').get() as { page_count: number };
  limit(size.page_count + 5);
  const items = Array.from({ length: 2000 }, (_, i) => change(i + 2, `C-${i + 2}`, 1));
  let refused: unknown;
  let { cursor } = await core.account(KEY);
  try {
    await core.append(accountId, items, START);
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ name: 'LedgerError', code: 'disk_full' });
  // Earlier transactions of the call may stand: cursor, rows and counts agree.
  ({ cursor } = await core.account(KEY));
  const stored = Number(cursor?.slice(3));
  expect(await total(core, accountId)).toBe(stored);
  expect((await core.diagnostics()).events).toBe(stored);
  await expect(core.append(accountId, items, START)).rejects.toMatchObject({ code: 'disk_full' });
  limit(1_000_000);
  expect(await core.append(accountId, [...items, head(idOf(2001))], START)).toMatchObject({
    head: { reached: true },
  });
  expect(await total(core, accountId)).toBe(2001);
  expect((await core.receipt(accountId, 0)).verdict).toBe('complete');
});

test('a backup made while events flow is whole; an older copy put back repairs itself', async () => {
  const core = openCoreHere();
  const { accountId } = await core.account(KEY);
  await core.beginSnapshot(accountId, { asOf: idOf(1), at: new Date(START).toISOString() });
  await core.stageSnapshot(accountId, [snapshotItem(envelope(1, 'C-1', 1))]);
  await core.finishSnapshot(accountId, START);
  const items = Array.from({ length: 3000 }, (_, i) => change(i + 2, `C-${i % 50}`, Math.floor(i / 50) + 1));
  await core.append(accountId, items.slice(0, 1000), START);
  const copy = join(folder, 'copy.db');
  const [, outcome] = await Promise.all([
    core.backup(copy),
    core.append(accountId, items.slice(1000), START),
  ]);
  expect(outcome.stored).toBe(2000);
  expect(readdirSync(folder)).not.toContain('copy.db.partial');
  core.close();
  const check = new DatabaseSync(copy);
  expect(check.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  check.close();

  rmSync(path);
  copyFileSync(copy, path);
  const restored = openCoreHere();
  expect(restored.problem).toBeNull();
  const account = await restored.account(KEY);
  const from = Number(account.cursor?.slice(3));
  expect(from).toBeGreaterThanOrEqual(1001);
  // The server replays after the old cursor (inclusively, as some do).
  await restored.append(account.accountId, [...items.slice(from - 2), head(idOf(3001))], START);
  expect((await restored.diagnostics()).events).toBe(3001);
  expect(await restored.receipt(account.accountId, 0)).toMatchObject({
    verdict: 'complete',
    upToSequence: 3001,
  });
});

test('what was erased is gone from the file, and the other account is not touched', async () => {
  const core = openCoreHere();
  const { accountId } = await core.account(KEY);
  const other = await core.account({ ...KEY, userId: 'u43' });
  await core.append(accountId, [change(1, 'C-1', 1, { title: 'Very secret supply' })], START);
  const named = change(1, 'C-1', 1, { title: 'Quite another lease' });
  const theirs = named.kind === 'event' ? { ...named, name: named.name.replace('u42', 'u43') } : named;
  await core.append(other.accountId, [theirs], START);
  await core.eraseAccount(accountId);
  expect(await total(core, other.accountId)).toBe(1);
  const bytes = Buffer.concat([readFileSync(path), readFileSync(`${path}-wal`)]);
  expect(bytes.includes('Quite another lease')).toBe(true);
  expect(bytes.includes('secret')).toBe(false);
});

test(':memory: is no problem and holds nothing over', async () => {
  const core = openCoreHere(':memory:');
  expect(core.problem).toBeNull();
  await expectUsable(core);
});
