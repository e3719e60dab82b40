import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from './storage/sqlite.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventName } from '../../protocol/control.ts';
import type { ContractDetail } from '../../protocol/view.ts';
import type { StreamItem } from '../stream/types.ts';
import { openTestCore } from './testing/fixture.ts';
import { AHEAD_KEY, HOUR, OPAQUE_KEY, RESTARTED_KEY, SAVED } from './testing/lived-in.ts';
import { change, envelope, head, idOf, KEY, snapshotItem, START, statusItem } from './testing/make.ts';
import { EARLIER_LEDGERS, unpackLedger, type EarlierLedger } from './testing/old-file.ts';
import type { LedgerCore } from './worker/core.ts';

/* What a person sees of the ledgers that each landed version has written itself (testing/files/README.md). */

let folder: string;
let path: string;
let core: LedgerCore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(folder, 'ledger.db');
});
afterEach(() => {
  core.close();
  rmSync(folder, { recursive: true, force: true });
});

const ALL = { view: 'all', text: '' } as const;

/** Of what is in lived-in.ts, what that version could already do. */
function abilities({ name, version }: EarlierLedger) {
  return {
    marks: version >= 2 && name !== '2a',
    savedViews: version >= 2 && name !== '2a' && name !== '2b',
    lives: version >= 4,
    replay: version >= 5,
    ahead: version >= 6,
    heartbeat: version >= 8,
    viewRules: version >= 12,
    lastProblem: version >= 12,
    reminders: version >= 13,
    untold: version >= 14,
  };
}

function open(file: EarlierLedger): void {
  unpackLedger(path, file);
  core = openTestCore(path);
  expect(core.problem).toBeNull();
}

async function idFor(key: typeof KEY): Promise<number> {
  return (await core.account(key)).accountId;
}

/** Each contract, newest first: title, unread changes and marks, then its timeline: what is unread of it bears a star. */
async function shown(accountId: number): Promise<readonly string[]> {
  const { rows } = await core.readView(accountId, ALL, { offset: 0, limit: 100 });
  const lines: string[] = [];
  for (const { contractId } of rows) lines.push(line(await core.contract(accountId, contractId)));
  return lines;
}

function line(detail: ContractDetail | null): string {
  if (detail === null) return 'gone';
  const { row, timeline } = detail;
  const marks = [
    row.muted ? 'muted' : [],
    row.snoozed === null
      ? []
      : `snoozed ${row.snoozed.until === null ? '' : (row.snoozed.until - START) / HOUR}`,
    row.acknowledgement === 'none' ? [] : row.acknowledgement,
  ].flat();
  const entries = timeline.map(({ eventId, version, to, unread }) => {
    const id = eventId.replace(/-0+/, '-');
    return `${id}:${version}:${to}${unread ? '*' : ''}`;
  });
  return [row.contractId, row.title, `${row.to}/${row.unread}`, ...marks, '←', ...entries].join(' ');
}

test.each(EARLIER_LEDGERS)('from $name: every row, mark and timeline, in order', async (file) => {
  open(file);
  const { marks, lives, ahead, untold, lastProblem } = abilities(file);
  expect(await shown(await idFor(KEY))).toEqual([
    'C-9 Пароход viewed/2 ← e8-3:2:viewed* e8-1:1:viewed*',
    'C-10 Contract C-10 viewed/1 ← e8-2:1:viewed*',
    'C-1 Supply of tea active/1 ← e7-28:4:active* e7-6:3:signed e7-5:2:viewed e7-1:1:sent',
    `C-8 Contract C-8 active/${marks ? 2 : 3} ← e7-27:3:active* e7-26:2:signed${marks ? '' : '*'} e7-25:1:viewed*`,
    marks
      ? 'C-21 Contract C-21 signed/0 ← e7-24:2:signed e7-23:1:viewed'
      : 'C-21 Contract C-21 signed/2 ← e7-24:2:signed* e7-23:1:viewed*',
    'C-7 Contract C-7 viewed/1 ← e7-22:1:viewed*',
    // Before version 4 a revised copy was set aside.
    `C-6 ${lives ? 'Revised' : 'Contract C-6'} viewed/1 ${marks ? 'snoozed  ' : ''}← e7-21:1:viewed*`,
    'C-18 Contract C-18 viewed/1 held ← e7-20:1:viewed*',
    `C-17 Contract C-17 viewed/1 ${lastProblem ? 'unconfirmed' : 'sending'} ← e7-19:1:viewed*`,
    'C-16 Contract C-16 viewed/1 superseded ← e7-18:1:viewed*',
    'C-15 Contract C-15 viewed/1 failed ← e7-17:1:viewed*',
    'C-14 Contract C-14 viewed/1 failed ← e7-16:1:viewed*',
    'C-13 Contract C-13 viewed/1 failed ← e7-15:1:viewed*',
    'C-12 Contract C-12 viewed/1 failed ← e7-14:1:viewed*',
    'C-11 Contract C-11 viewed/1 sent ← e7-13:1:viewed*',
    `C-5 Contract C-5 viewed/1 ${marks ? 'snoozed 100 ' : ''}← e7-11:1:viewed*`,
    `C-4 Договор о зелёном чае sent/1 ${marks ? 'muted ' : ''}← e7-8:1:sent*`,
    'C-2 Contract C-2 declined/1 sent ← e7-7:2:declined* e7-2:1:sent',
    'C-3 Contract C-3 viewed/0 ←',
  ]);
  expect(await shown(await idFor(OPAQUE_KEY))).toEqual([
    ...(lives ? ['K-3 Contract K-3 viewed/1 ← a1:1:viewed*'] : []),
    'K-2 Contract K-2 viewed/2 ← a4:4:viewed* a2:1:viewed*',
    'K-1 Contract K-1 viewed/2 ← a3:2:viewed* a1:1:viewed*',
  ]);
  const p1 = 'P-1 Contract P-1 signed/1 ← e7-3:2:signed* e7-1:1:viewed';
  expect(await shown(await idFor(AHEAD_KEY))).toEqual(
    ahead ? ['P-2 Contract P-2 declined/1 ←', p1] : [p1, 'P-2 Contract P-2 viewed/0 ←'],
  );
  expect(await shown(await idFor(RESTARTED_KEY))).toEqual([
    ...(untold ? ['R-4 Contract R-4 viewed/2 ← e7-5:2:viewed* e7-2:1:viewed*'] : []),
    ...(lives && !untold ? ['R-4 Contract R-4 viewed/1 ← e7-2:1:viewed*'] : []),
    'R-3 Contract R-3 viewed/1 ← e7-3:1:viewed*',
    'R-2 Contract R-2 viewed/1 ← e7-2:1:viewed*',
    'R-1 Contract R-1 viewed/0 ← e7-1:1:viewed',
  ]);
});

test.each(EARLIER_LEDGERS)(
  'from $name: found by today’s rules, before its words are taken in anew and after',
  async (file) => {
    open(file);
    const accountId = await idFor(KEY);
    const found = async (text: string) => {
      const { rows } = await core.readView(accountId, { view: 'all', text }, { offset: 0, limit: 100 });
      return rows.map(({ contractId }) => contractId).toSorted();
    };
    for (const isTakenIn of [false, true]) {
      if (isTakenIn) while (!core.rest());
      expect(await found('téa')).toEqual(['C-1']);
      expect(await found('зеленом')).toEqual(['C-4']);
      expect(await found('рынка')).toEqual(['C-2']);
    }
  },
);

test.each(EARLIER_LEDGERS)('from $name: what was taken on, by whom, and why it failed', async (file) => {
  open(file);
  const accountId = await idFor(KEY);
  const acknowledgement = async (id: string) => (await core.contract(accountId, id))?.acknowledgement;
  const failed = (code: string, status: number | null, detail: string) => ({
    state: 'failed',
    at: START + 7000,
    by: 'Anna',
    problem: { code, params: { status }, detail },
  });
  expect(await acknowledgement('C-12')).toEqual(failed('forbidden', 403, 'answered 403: Not yours'));
  expect(await acknowledgement('C-13')).toEqual(failed('missing', 404, 'answered 404'));
  expect(await acknowledgement('C-14')).toEqual(failed('refused', 422, 'answered 422: Wrong state'));
  expect(await acknowledgement('C-15')).toEqual(failed('other', null, 'Something else.'));
  expect(await acknowledgement('C-16')).toMatchObject({ state: 'superseded', problem: null });
  expect(await acknowledgement('C-2')).toEqual({ state: 'sent', at: START, by: 'Gleb', problem: null });
  expect(await core.unsent(accountId)).toEqual({ unsent: 2, refused: 5 });

  // What was on its way goes out again, under the key of then; what failed can be tried again.
  const keys = (rows: readonly { contractId: string; idempotencyKey: string; attempts: number }[]) =>
    rows.map((row) => [row.contractId, row.idempotencyKey.length, row.attempts]);
  const { due } = await core.dueAcknowledgements(accountId, START + 20 * HOUR);
  expect(keys(due)).toEqual([
    ['C-17', 36, 1],
    ['C-18', 36, 0],
  ]);
  expect(await core.retryAcknowledgement(accountId, 'C-12', START + 21 * HOUR)).toBe(true);
  expect(await core.unsent(accountId)).toEqual({ unsent: 3, refused: 4 });
});

test.each(EARLIER_LEDGERS)('from $name: gaps, the receipt and the absence say the same', async (file) => {
  open(file);
  const { lives, heartbeat, replay, ahead, viewRules } = abilities(file);
  const gaps = async (accountId: number) =>
    (await core.gaps(accountId, 'all')).map(
      ({ kind, fromSequence, toSequence, contractId, healedAt, attempts }) =>
        [kind, fromSequence, toSequence, contractId, healedAt !== null, attempts] as const,
    );
  const own = await core.account(KEY);
  expect(own).toMatchObject({ cursor: idOf(3, 'e8'), baseline: 'snapshot', namesHeads: true });
  expect(own.heartbeatMs).toBe(heartbeat ? 15_000 : null);
  expect(await gaps(own.accountId)).toEqual([
    ['sequence', 9, 10, null, false, 1],
    ['quarantine', 12, 12, 'C-9', false, 1],
    ['epoch', 1, 2, null, false, 0],
    ['sequence', 25, 25, null, true, 0],
  ]);
  expect(await core.receipt(own.accountId, START - 9 * HOUR)).toMatchObject({
    verdict: 'gaps',
    changesToday: 24,
    missing: null,
    absence: { since: START, until: START + HOUR, changes: 1, missing: null },
  });
  expect((await core.away(own.accountId))?.items.map((item) => item.contractId)).toEqual(['C-1']);

  const opaque = await core.account(OPAQUE_KEY);
  expect(opaque).toMatchObject({ cursor: lives ? 'a1' : 'a4', baseline: 'without' });
  // Version 12 was written by a ledger to which a log that begins anew is no proof any more.
  expect(opaque.replay).toBe(replay && !viewRules ? 'proven' : 'unknown');
  expect(await gaps(opaque.accountId)).toEqual([['version', null, null, 'K-2', false, 0]]);
  expect((await core.receipt(opaque.accountId, 0)).restartedAt).toBe(lives ? START + 1000 : null);

  const previewed = await idFor(AHEAD_KEY);
  expect(await gaps(previewed)).toEqual([['sequence', 4, 9, null, false, 0]]);
  expect(await core.previewFrom(previewed)).toBe(idOf(ahead ? 12 : 3));

  const restarted = await gaps(await idFor(RESTARTED_KEY));
  expect(restarted).toEqual(lives ? [['restart', null, null, null, false, 0]] : []);

  const { quarantined, foreignNames } = await core.diagnostics();
  const conflicts = lives ? [] : [idOf(2), 'a1', idOf(21)];
  expect(quarantined.map((each) => each.eventId)).toEqual([...conflicts, idOf(12)]);
  expect(foreignNames).toEqual([{ name: 'u9_ContractStatusChanged', count: 1 }]);
});

test.each(EARLIER_LEDGERS)(
  'from $name: saved filters, what was looked at, and words are found',
  async (file) => {
    open(file);
    const { marks, savedViews, lives, viewRules, reminders } = abilities(file);
    const accountId = await idFor(KEY);
    const saved = await core.savedViews(accountId);
    expect(saved.map(({ name, filter }) => [name, filter])).toEqual(savedViews ? SAVED : []);
    const rules = SAVED.map((_, i) => (viewRules && i === 0 ? 'quietly' : 'usual'));
    expect(saved.map(({ notify }) => notify)).toEqual(savedViews ? rules : []);
    const days = SAVED.map(([name]) => (reminders && name === 'By recent' ? 7 : null));
    expect(saved.map(({ remindDays }) => remindDays)).toEqual(savedViews ? days : []);
    // C-7 was told of before it was closed.
    expect((await core.takeDueReminders(accountId, START)).contracts).toEqual(reminders ? ['C-10'] : []);
    const counts = [1, 1, 5, 1, 3, 19, 19, 19, 19, 19, 1, 1, 2, 1];
    expect(saved.map(({ count }) => count)).toEqual(savedViews ? counts : []);
    const { lastViewed } = (await core.contract(accountId, 'C-1')) ?? {};
    const looked = {
      at: START,
      version: 3,
      status: 'signed',
      title: 'Supply of tea',
      dueAt: '2026-10-05T21:00:00Z',
    };
    if (marks) expect(lastViewed).toMatchObject(looked);
    else expect(lastViewed).toBeNull();

    const expectFound = async () => {
      const found: string[][] = [];
      for (const text of ['зелён', 'рынка', 'earlier', 'пароход', 'корабль', 'revised', 'сов']) {
        const { rows } = await core.readView(accountId, { view: 'all', text }, { offset: 0, limit: 9 });
        found.push(rows.map((row) => row.contractId));
      }
      expect(found).toEqual([['C-4'], ['C-2'], ['C-8'], ['C-9'], [], lives ? ['C-6'] : [], ['C-21']]);
    };
    await expectFound();
    while (!core.rest());
    await expectFound();
  },
);

test.each(EARLIER_LEDGERS)('from $name: it goes on, and what comes again is known', async (file) => {
  open(file);
  const { marks } = abilities(file);
  const accountId = await idFor(KEY);
  const { rows } = await core.exportRows(accountId, ALL, { offset: 0, limit: 50 });
  const again = rows.flatMap(({ envelope: data }): StreamItem[] =>
    data === null
      ? []
      : [
          {
            kind: 'event',
            id: (JSON.parse(data) as { id: string }).id,
            name: eventName(KEY.userId, 'ContractStatusChanged'),
            data,
          },
        ],
  );
  expect(again).toHaveLength(18);
  const next = [change(4, 'C-10', 2, { epoch: 'e8' }), head(idOf(4, 'e8'))];
  expect(await core.append(accountId, [...again, ...next], START + 5 * HOUR)).toMatchObject({
    stored: 1,
    duplicates: 18,
  });
  expect(await core.append(accountId, [change(22, 'C-6', 2)], START + 5 * HOUR)).toMatchObject({
    stored: 1,
  });
  expect((await core.wakeSnoozed(accountId, START + 200 * HOUR)).contracts).toEqual(marks ? ['C-5'] : []);

  // A snapshot for repair, staged as today.
  await core.beginSnapshot(accountId, { asOf: idOf(4, 'e8'), at: new Date(START + 5 * HOUR).toISOString() });
  await core.stageSnapshot(accountId, [snapshotItem(envelope(4, 'C-10', 2, { epoch: 'e8' }))]);
  expect(await core.finishSnapshot(accountId, START + 5 * HOUR)).toMatchObject({ baseline: false });
  core.close();
  core = openTestCore(path);
  expect(core.problem).toBeNull();
  expect((await core.contract(accountId, 'C-10'))?.row.version).toBe(2);
});

test.each(EARLIER_LEDGERS)('from $name: what waits to be told does so still', async (file) => {
  open(file);
  const waiting = await core.takeUntold(await idFor(RESTARTED_KEY));
  expect(waiting.map(({ eventId }) => eventId)).toEqual(abilities(file).untold ? [idOf(5)] : []);
});

test.each(EARLIER_LEDGERS.filter((file) => abilities(file).ahead))(
  'from $name: a row ahead of the log is put back as the log had left it',
  async (file) => {
    open(file);
    const accountId = await idFor(AHEAD_KEY);
    const own = (item: StreamItem): StreamItem =>
      item.kind === 'event' ? { ...item, name: item.name.replace('u42', 'u8') } : item;
    // Where the preview had seen P-2 the log has another contract.
    const items = [4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => own(statusItem(envelope(n, `P-${n}`, 1))));
    await core.append(accountId, items, START + HOUR);
    expect(line(await core.contract(accountId, 'P-2'))).toBe('P-2 Contract P-2 viewed/0 ←');
    core.close();
    const db = new DatabaseSync(path);
    const row = db
      .prepare(`SELECT from_snapshot, superseded, ahead, log_state FROM contract WHERE contract_id = 'P-2'`)
      .get();
    db.close();
    expect(row).toEqual({ from_snapshot: 1, superseded: 0, ahead: 0, log_state: null });
  },
);
