import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLedger } from './open-ledger.ts';
import { damageTable } from '../testing/damage.ts';
import { change, head, idOf, KEY, START } from '../testing/make.ts';
import { WORKER_URL } from '../testing/worker-url.ts';
import type { Ledger, LedgerError } from '../types.ts';

let folder: string;
let ledger: Ledger;
const open = (): Promise<Ledger> =>
  openLedger({
    path: join(folder, 'ledger.db'),
    workerUrl: WORKER_URL,
    now: () => START,
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  ledger = await open();
});

afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what was appended is there after a restart, with its cursor', async () => {
  const { accountId } = await ledger.account(KEY);
  const outcome = await ledger.append(accountId, [change(1, 'C-1', 1), head(idOf(1))], START);
  expect(outcome).toMatchObject({ stored: 1, cursor: idOf(1), head: { reached: true, behind: 0 } });
  expect(outcome.fresh.map((fresh) => fresh.contractId)).toEqual(['C-1']);
  await ledger.close();
  ledger = await open();
  expect(await ledger.account(KEY)).toMatchObject({ accountId, cursor: idOf(1) });
  const page = await ledger.readView(accountId, { view: 'all', text: '' }, { offset: 0, limit: 10 });
  expect(page).toMatchObject({ total: 1, counts: { all: 1, unread: 1, actionRequired: 0 } });
  expect(await ledger.receipt(accountId, START)).toMatchObject({
    verdict: 'complete',
    upToSequence: 1,
    changesToday: 1,
  });
});

test('a call after close is refused as closed, and close may be called twice', async () => {
  await ledger.close();
  await ledger.close();
  await expect(ledger.account(KEY)).rejects.toMatchObject({ name: 'LedgerError', code: 'closed' });
});

test('errors cross the thread with their code, and with what a person is told', async () => {
  const { accountId } = await ledger.account(KEY);
  const gone = { savedId: 77, name: 'Gone', filter: { view: 'all', text: '' } } as const;
  await expect(ledger.saveView(accountId, gone)).rejects.toMatchObject({ failure: { code: 'viewGone' } });
  await expect(ledger.receipt(99, START)).rejects.toMatchObject({ name: 'LedgerError', code: 'unknown' });
});

test('an action does not wait for the end of a large append', async () => {
  const { accountId } = await ledger.account(KEY);
  await ledger.append(accountId, [change(1, 'C-1', 1)], START);
  const items = Array.from({ length: 8000 }, (_, i) => change(i + 2, `D-${i}`, 1));
  const ends: string[] = [];
  await Promise.all([
    ledger.append(accountId, items, START).then(() => ends.push('append')),
    ledger.perform(accountId, ['C-1'], { do: 'read', read: true }, START).then(() => ends.push('action')),
  ]);
  expect(ends).toEqual(['action', 'append']);
  const page = await ledger.readView(accountId, { view: 'unread', text: '' }, { offset: 0, limit: 1 });
  expect(page.counts).toMatchObject({ all: 8001, unread: 8000 });
});

test('nor for maintenance that waits for that end', async () => {
  const { accountId } = await ledger.account(KEY);
  const items = Array.from({ length: 8000 }, (_, i) => change(i + 1, `C-${i}`, 1));
  const ends: string[] = [];
  const note = (what: string) => (): unknown => ends.push(what);
  await Promise.all([
    ledger.append(accountId, items, START).then(note('append')),
    ledger.maintain({ maxAgeMs: null, maxBytes: null }, START).then(note('maintenance')),
    ledger.receipt(accountId, START).then(note('receipt')),
    ledger.readView(accountId, { view: 'all', text: '' }, { offset: 0, limit: 50 }).then(note('list')),
  ]);
  expect(ends).toEqual(['receipt', 'list', 'append', 'maintenance']);
});

test('what an append that failed has left on its way is nothing to the next one', async () => {
  const { accountId } = await ledger.account(KEY);
  const items = Array.from({ length: 1000 }, (_, i) => change(i + 1, `C-${i}`, 1));
  const lost = ledger.append(99, items, START);
  const kept = ledger.append(accountId, [change(1, 'C-1', 1)], START);
  await expect(lost).rejects.toMatchObject({ name: 'LedgerError', code: 'unknown' });
  expect(await kept).toMatchObject({ stored: 1, cursor: idOf(1) });
  expect(await ledger.append(accountId, [], START)).toMatchObject({ stored: 0, cursor: idOf(1) });
});

test('batches gather side by side; one that is dropped is nothing to the others', async () => {
  const { accountId } = await ledger.account(KEY);
  const [first, dropped, second] = [ledger.batch(), ledger.batch(), ledger.batch()];
  for (let n = 1; n <= 250; n += 1) {
    first.add([change(n, `C-${n}`, 1)]);
    dropped.add([change(n, `D-${n}`, 1)]);
    second.add([change(250 + n, `E-${n}`, 1)]);
  }
  dropped.drop();
  const appended = ledger.append(accountId, first, START);
  expect(await ledger.append(accountId, [], START)).toMatchObject({ stored: 0, cursor: idOf(250) });
  expect(await appended).toMatchObject({ stored: 250, cursor: idOf(250) });
  expect(await ledger.append(accountId, second, START)).toMatchObject({ stored: 250, cursor: idOf(500) });
  const page = await ledger.readView(accountId, { view: 'all', text: '' }, { offset: 0, limit: 1 });
  expect(page.total).toBe(500);
});

test('a large append is fast, and reads go ahead between its transactions', async () => {
  const { accountId } = await ledger.account(KEY);
  const count = 8000;
  const items = Array.from({ length: count }, (_, i) =>
    change(i + 1, `C-${i % 2000}`, Math.floor(i / 2000) + 1),
  );
  const state = { done: false };
  let readsBefore = 0;
  const started = performance.now();
  const append = ledger.append(accountId, items, START).then((outcome) => {
    state.done = true;
    return outcome;
  });
  // All asked for at once: how soon this thread gets its turn must not matter.
  const reads = Array.from({ length: 5 }, async () => {
    await ledger.readView(accountId, { view: 'all', text: '' }, { offset: 0, limit: 50 });
    if (!state.done) readsBefore++;
  });
  const outcome = await append;
  await Promise.all(reads);
  const perSecond = Math.round((count / (performance.now() - started)) * 1000);
  expect(outcome).toMatchObject({ stored: count, contracts: null });
  expect(outcome.fresh).toHaveLength(50);
  expect(readsBefore).toBeGreaterThan(1);
  process.stdout.write(`ledger: ${perSecond} events/s with ${readsBefore} reads in between\n`);
});

test('a backup runs beside appends; closing waits for it', async () => {
  const { accountId } = await ledger.account(KEY);
  const items = Array.from({ length: 3000 }, (_, i) => change(i + 1, `C-${i}`, 1));
  await ledger.append(accountId, items, START);
  const copy = join(folder, 'copy.db');
  const done = ledger.backup(copy);
  await ledger.append(accountId, [change(3001, 'C-0', 2)], START);
  await Promise.all([done, ledger.close()]);
  expect(existsSync(copy)).toBe(true);
});

test('a thread that cannot start is an error, not a ledger', async () => {
  const options = {
    path: ':memory:',
    workerUrl: new URL('./no-such-worker.ts', import.meta.url),
    now: () => START,
  };
  await expect(openLedger(options)).rejects.toMatchObject({ name: 'LedgerError', code: 'unknown' });
});

test('damage that shows while running is told across the thread', async () => {
  const { accountId } = await ledger.account(KEY);
  const items = Array.from({ length: 9000 }, (_, i) => change(i + 1, `C-${i}`, 1));
  await ledger.append(accountId, items, START);
  await ledger.close();
  damageTable(join(folder, 'ledger.db'), 'contract');
  const problems: unknown[] = [];
  ledger = await openLedger({
    path: join(folder, 'ledger.db'),
    workerUrl: WORKER_URL,
    now: () => START,
    onProblem: (problem) => problems.push(problem),
  });
  expect(ledger.problem).toBeNull();
  const account = await ledger.account(KEY);
  const read = ledger.readView(account.accountId, { view: 'all', text: '' }, { offset: 0, limit: 500 });
  // The thread may meet the damage itself, while it rests; then this call reads the fresh file.
  await read.catch((error: LedgerError) => {
    if (error.code !== 'corrupt') throw error;
  });
  expect(problems).toMatchObject([{ code: 'corrupt', inMemory: false }]);
  expect(await ledger.account(KEY)).toMatchObject({ accountId: account.accountId, cursor: null });
}, 60_000);
