import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DatabaseSync } from './storage/sqlite.ts';
import { openTestCore } from './testing/fixture.ts';
import { KEY } from './testing/make.ts';
import type { UntoldReport } from './testing/untold-child.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Heard {
  /** How often each change was told. */
  readonly told: Map<string, number>;
  /** Killed between two reports of one call: these may have been taken, and nobody was told. */
  readonly inTheAir: Set<string>;
}

/** Runs the child until it has reported so often and a little more, then kills it. In which call that was. */
async function runAndKill(path: string, reports: number, extraMs: number, heard: Heard): Promise<string> {
  const script = fileURLToPath(new URL('./testing/untold-child.ts', import.meta.url));
  const child = fork(script, [path], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let under: Extract<UntoldReport, { readonly call: string }> | null = null;
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the child ended by itself with ${code}`)));
    child.on('message', (message) => {
      const report = message as UntoldReport;
      if ('call' in report) under = report;
      else {
        under = null;
        for (const id of report.told) heard.told.set(id, (heard.told.get(id) ?? 0) + 1);
      }
      count += 1;
      if (count === reports) setTimeout(resolve, extraMs);
    });
  });
  child.removeAllListeners('exit');
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  // What it had said before comes first.
  await gone;
  const last = under as Extract<UntoldReport, { readonly call: string }> | null;
  // What a history brings is told by no call of its own.
  if (last !== null && last.call !== 'history') for (const id of last.about) heard.inTheAir.add(id);
  return last?.call ?? 'none';
}

test('killed at any point: what a history brought ahead is told at most once, and no mark of it is lost', async () => {
  const path = join(folder, 'ledger.db');
  const heard: Heard = { told: new Map(), inTheAir: new Set() };
  // How often which call was hit.
  const calls = new Map<string, number>();
  for (let round = 0; round < 12; round += 1) {
    // Every report of a round of the child's, and between them.
    const call = await runAndKill(path, 8 + ((round * 5) % 8), (round % 4) * 0.7, heard);
    calls.set(call, (calls.get(call) ?? 0) + 1);
  }
  const core = openTestCore(path);
  const { accountId } = await core.account(KEY);
  for (const { eventId } of await core.takeUntold(accountId))
    heard.told.set(eventId, (heard.told.get(eventId) ?? 0) + 1);
  expect(await core.takeUntold(accountId)).toEqual([]);
  core.close();
  expect([...heard.told].filter(([, times]) => times > 1)).toEqual([]);

  const db = new DatabaseSync(path);
  const stored = db.prepare('SELECT event_id AS id FROM event WHERE unread = 1 ORDER BY position').all() as {
    id: string;
  }[];
  db.close();
  expect(stored.length).toBeGreaterThan(12 * 8);
  expect(stored.filter(({ id }) => !heard.told.has(id) && !heard.inTheAir.has(id))).toEqual([]);
  // Several kills hit a call, not the pause between two.
  expect([...calls].filter(([call]) => call !== 'none').length).toBeGreaterThan(0);
}, 120_000);
