import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from './sqlite.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventName } from '../../../protocol/control.ts';
import { openDatabase } from './database.ts';
import { latestVersion, migrate, MIGRATIONS, readUserVersion, type Migration } from './migrations.ts';
import { LATER_MIGRATIONS, NEXT } from '../testing/later-migrations.ts';
import { makeOldFile } from '../testing/old-file.ts';
import { openTestCore } from '../testing/fixture.ts';
import { idOf, KEY, START } from '../testing/make.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(folder, 'ledger.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Versions with a small file of their own, for single migrations. All versions: earlier-files.test.ts. */
const RELEASED = [1];

test('numbers are without gaps from 1', () => {
  expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
});

/** What the frozen files hold, as the views and the timeline show it. */
async function expectContent(): Promise<void> {
  const core = openTestCore(path);
  expect(core.problem).toBeNull();
  const { accountId, cursor } = await core.account(KEY);
  expect(cursor).toBe(idOf(9));
  expect((await core.diagnostics()).schemaVersion).toBe(latestVersion());
  const page = await core.readView(accountId, { view: 'all', text: '' }, { offset: 0, limit: 10 });
  expect(page.rows.map((row) => [row.contractId, row.to, row.unread])).toEqual([
    ['C-4', 'sent', 1],
    ['C-1', 'signed', 0],
    ['C-3', 'sent', 1],
    ['C-2', 'sent', 1],
  ]);
  expect(page.counts).toMatchObject({ all: 4, unread: 3, actionRequired: 1, snoozed: 0, muted: 0 });
  expect(page.rows[2]).toMatchObject({
    title: 'Договор о зелёном чае',
    amount: { value: '1250000.00', currency: 'RUB' },
    muted: false,
    snoozed: null,
  });
  const detail = await core.contract(accountId, 'C-1');
  expect(detail?.timeline.map((entry) => entry.to)).toEqual(['signed', 'viewed', 'sent']);
  expect((await core.contract(accountId, 'C-2'))?.acknowledgement.state).toBe('held');
  expect((await core.receipt(accountId, START)).missing).toBe(2);
  core.close();
}

test.each(RELEASED)('from version %i to the latest: content stays', async (version) => {
  makeOldFile(path, version);
  await expectContent();
  // Opened once more, nothing is migrated twice.
  await expectContent();
});

test.each(RELEASED)('from version %i: its keys know their events, and nothing else', async (version) => {
  makeOldFile(path, version);
  const core = openTestCore(path);
  const { accountId } = await core.account(KEY);
  const before = (await core.diagnostics()).events;
  const rows = await core.exportRows(accountId, { view: 'all', text: '' }, { offset: 0, limit: 10 });
  const texts = rows.rows.flatMap(({ envelope }) => (envelope === null ? [] : [envelope]));
  expect(texts.length).toBeGreaterThan(0);
  const append = (data: string) => {
    const { id } = JSON.parse(data) as { id: string };
    const item = { kind: 'event', id, name: eventName(KEY.userId, 'ContractStatusChanged'), data } as const;
    return core.append(accountId, [item], START);
  };
  for (const text of texts) expect(await append(text)).toMatchObject({ stored: 0, duplicates: 1 });
  const revised = texts[0]?.replaceAll('"title":"', '"title":"New ') ?? '';
  expect(await append(revised)).toMatchObject({ stored: 0, duplicates: 1 });
  const other = revised.replace(/"to":"[a-z_]+"/, '"to":"terminated"');
  expect(await append(other)).toMatchObject({ stored: 1 });
  expect((await core.diagnostics()).events).toBe(before + 1);
  core.close();
});

test.each(RELEASED)(
  'from version %i over several later ones, each in a transaction of its own',
  (version) => {
    makeOldFile(path, version);
    const { db, problem } = openDatabase(path, START, LATER_MIGRATIONS);
    expect(problem).toBeNull();
    expect(readUserVersion(db)).toBe(NEXT + 2);
    expect(db.prepare('SELECT count(*) AS n, min(later) AS later FROM event').get()).toEqual({
      n: 7,
      later: 'second',
    });
    db.close();
  },
);

test('why an acknowledgement failed: its sentence becomes a code, with the number and what else it told', async () => {
  const refused = (detail: string, status: number) => ({ params: { status }, detail });
  const told: readonly (readonly [string, string, object | null])[] = [
    [
      'failed',
      'The server refused it (answered 403: Not yours).',
      { code: 'forbidden', ...refused('answered 403: Not yours', 403) },
    ],
    [
      'failed',
      'The server refused it (http 404: answered 404).',
      { code: 'missing', ...refused('http 404: answered 404', 404) },
    ],
    ['failed', 'The server refused it (answered 422).', { code: 'refused', ...refused('answered 422', 422) }],
    ['failed', 'Something else.', { code: 'other', params: { status: null }, detail: 'Something else.' }],
    ['superseded', 'The contract changed before this was sent. Look at it again.', null],
  ];
  for (const [state, text, problem] of told) {
    rmSync(path, { force: true });
    makeOldFile(path, 1);
    const db = new DatabaseSync(path);
    db.prepare(
      "UPDATE contract SET ack_version = version, ack_state = ?, ack_problem = ? WHERE contract_id = 'C-1'",
    ).run(state, text);
    db.prepare('UPDATE outbox SET problem = ?').run(text);
    db.close();
    const core = openTestCore(path);
    const { accountId } = await core.account(KEY);
    expect((await core.contract(accountId, 'C-1'))?.acknowledgement).toMatchObject({ state, problem });
    core.close();
  }
});

test('a migration that fails leaves the version before it, whole', () => {
  makeOldFile(path, 1);
  const broken: Migration = {
    version: NEXT + 1,
    up(db) {
      db.exec('CREATE TABLE half (a); DELETE FROM event;');
      throw new Error('power failure');
    },
  };
  const db = new DatabaseSync(path);
  expect(() => migrate(db, [...LATER_MIGRATIONS.slice(0, NEXT), broken])).toThrow('power failure');
  expect(readUserVersion(db)).toBe(NEXT);
  expect(db.prepare('SELECT count(*) AS n FROM event').get()).toEqual({ n: 7 });
  expect(migrate(db, LATER_MIGRATIONS)).toEqual({ from: NEXT, to: NEXT + 2 });
  db.close();
});

test('a process killed in the middle of a migration leaves a file that the next start brings on', async () => {
  makeOldFile(path, 1);
  const script = fileURLToPath(new URL('../testing/migrate-child.ts', import.meta.url));
  const child = fork(script, [path], { stdio: 'ignore' });
  // It reports from inside the second made-up migration and then waits there.
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('the child ended by itself')));
  });
  const gone = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGKILL');
  await gone;
  const { db, problem } = openDatabase(path, START, LATER_MIGRATIONS);
  expect(problem).toBeNull();
  expect(readUserVersion(db)).toBe(NEXT + 2);
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(db.prepare('SELECT count(*) AS n FROM event').get()).toEqual({ n: 7 });
  db.close();
});
