import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from './storage/sqlite.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestCore } from './testing/fixture.ts';
import { idOf, KEY } from './testing/make.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
  readonly cursor: string | null;
}

/** Runs the child until it has reported `batches` appends and a little more, then kills it. Its last report. */
async function runAndKill(path: string, batches: number, extraMs: number): Promise<Report> {
  const script = fileURLToPath(new URL('./testing/append-child.ts', import.meta.url));
  const child = fork(script, [path], { stdio: 'ignore' });
  let last: Report = { cursor: null };
  let reports = 0;
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the child ended by itself with ${code}`)));
    child.on('message', (message) => {
      last = message as Report;
      reports++;
      // Not right after an answer, where nothing is under way.
      if (reports === batches + 1) setTimeout(resolve, extraMs);
    });
  });
  child.removeAllListeners('exit');
  const gone = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGKILL');
  await gone;
  return last;
}

test('killed in the middle of appends, five times: cursor, events, rows and counters agree', async () => {
  const path = join(folder, 'ledger.db');
  let before = 0;
  for (let round = 0; round < 5; round++) {
    const reported = await runAndKill(path, 2 + round, 3 + 7 * round);
    const core = openTestCore(path);
    expect(core.problem).toBeNull();
    const { accountId, cursor } = await core.account(KEY);
    const last = Number(cursor?.slice(3));
    // What was answered is there; what was under way is there as a whole transaction or not at all.
    expect(last).toBeGreaterThanOrEqual(Number(reported.cursor?.slice(3)));
    expect(last).toBeGreaterThan(before);
    before = last;
    expect(await core.gaps(accountId, 'all')).toEqual([]);
    const receipt = await core.receipt(accountId, 0);
    expect(receipt.verdict).toBe('complete');
    expect(receipt.upToSequence).toBeLessThanOrEqual(last);
    core.close();

    const db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    const sums = db
      .prepare(
        `SELECT (SELECT count(*) FROM event) AS events, (SELECT count(DISTINCT event_id) FROM event) AS ids,
           (SELECT max(event_id) FROM event) AS top, (SELECT count(*) FROM event_key) AS keys,
           (SELECT count(*) FROM raw_envelope) AS raw, (SELECT sum(unread) FROM contract) AS unread,
           (SELECT sum(changes) FROM change_count) AS counted`,
      )
      .get();
    expect(sums).toEqual({
      events: last,
      ids: last,
      top: idOf(last),
      keys: last,
      raw: last,
      unread: last,
      counted: last,
    });
    db.close();
  }
}, 120_000);
