import { expect, test } from 'vitest';
import { WEEKDAYS, type Settings } from '../../protocol/settings.ts';
import type { Toast } from '../app/core-types.ts';
import type { Standing } from '../ledger/types.ts';
import { createManualClock } from '../stream/testing.ts';
import { createDueReminders } from './due-reminders.ts';
import { notifyWords } from './words.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const local = (day: number, hour: number, minute = 0) => new Date(2026, 9, day, hour, minute).getTime();
const NIGHT: Settings['quietHours'] = { from: '20:00', to: '09:00', days: [...WEEKDAYS], wholeDays: [] };

/** Lets promise callbacks run; timers are the manual clock's. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const contract = (contractId: string, due: number, of: Partial<Standing> = {}) =>
  ({
    contractId,
    title: `Contract ${contractId}`,
    counterparties: [{ id: 'p1', name: 'ACME', role: 'buyer' }],
    dueAt: new Date(due).toISOString(),
    to: 'sent',
    acknowledgement: 'none',
    muted: false,
    snoozed: null,
    rule: 'usual',
    ...of,
  }) as unknown as Standing;

/** A ledger that gives out each contract from its time on, once. */
function begin(startAt: number, given: readonly { readonly at: number; readonly row: Standing }[]) {
  const clock = createManualClock(startAt);
  const rows = new Map(given.map(({ row }) => [row.contractId, row]));
  const waiting = new Set(given);
  const toasts: { readonly at: number; readonly toast: Toast }[] = [];
  const withdrawn: string[] = [];
  const world: {
    settings: Pick<Settings, 'quietHours' | 'pausedUntil'>;
    catchingUp: boolean;
    known: boolean;
  } = { settings: { quietHours: null, pausedUntil: null }, catchingUp: false, known: true };
  const reminders = createDueReminders({
    clock,
    lastingNow: () => (world.known ? clock.now() : null),
    language: () => 'en',
    settings: () => world.settings,
    isCatchingUp: () => world.catchingUp,
    take(now) {
      const due = [...waiting].filter(({ at }) => at <= now);
      for (const each of due) waiting.delete(each);
      return Promise.resolve({ count: due.length, contracts: due.map(({ row }) => row.contractId) });
    },
    standing: (contractId) => Promise.resolve(rows.get(contractId) ?? null),
    showToast: (toast) => toasts.push({ at: clock.now(), toast }),
    withdrawToasts: (tags) => withdrawn.push(...tags),
    onFailure(error) {
      throw error;
    },
  });
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= MINUTE) {
      clock.advance(Math.min(left, MINUTE));
      await turn();
    }
  }
  const drop = (id: string) =>
    given.filter(({ row }) => row.contractId === id).map((each) => waiting.delete(each));
  const tags = () => toasts.map(({ toast }) => toast.tag);
  return { clock, rows, toasts, tags, withdrawn, world, reminders, pass, drop };
}

test('a reminder comes on its morning, once, with when it is due and with whom', async () => {
  const at = local(14, 8);
  const { reminders, toasts, pass } = begin(local(14, 7), [{ at, row: contract('C-1', local(14, 17)) }]);
  reminders.settled();
  await pass(3 * HOUR);
  expect(toasts.map((one) => one.toast)).toEqual([
    {
      tag: 'due:C-1',
      title: 'Contract C-1',
      body: expect.stringMatching(/^Due today, 5:00.PM · ACME$/),
      contractId: 'C-1',
      urgent: false,
    },
  ]);
  expect(toasts[0]!.at - at).toBeLessThan(MINUTE);
  await reminders.close();
});

test('never in quiet hours or a pause: at their end instead', async () => {
  const at = local(14, 8);
  const made = begin(local(14, 7), [{ at, row: contract('C-1', local(14, 17)) }]);
  const { reminders, toasts, pass, world } = made;
  world.settings = { quietHours: NIGHT, pausedUntil: local(14, 10) };
  reminders.settled();
  await pass(5 * HOUR);
  expect(toasts.map(({ at }) => at)).toEqual([local(14, 10)]);
  await reminders.close();
});

test('after a sleep it waits for what was missed, which may settle a contract', async () => {
  const given = ['C-1', 'C-2'].map((id) => ({ at: local(14, 8), row: contract(id, local(14, 17)) }));
  const { reminders, tags, drop, clock } = begin(local(13, 22), given);
  reminders.settled();
  await turn();
  // Its timers come before the news that the machine has slept.
  clock.advance(12 * HOUR);
  await turn();
  reminders.woke();
  await turn();
  expect(tags()).toEqual([]);
  drop('C-1');
  reminders.settled();
  await turn();
  expect(tags()).toEqual(['due:C-2']);
  await reminders.close();
});

test('while it catches up, and while it is not known how late it is, nothing is told', async () => {
  const made = begin(local(14, 9), [{ at: local(14, 8), row: contract('C-1', local(14, 17)) }]);
  const { reminders, toasts, pass, world } = made;
  world.known = false;
  world.catchingUp = true;
  await pass(5 * MINUTE);
  world.catchingUp = false;
  reminders.settled();
  await turn();
  expect(toasts).toEqual([]);
  world.known = true;
  await pass(MINUTE);
  expect(toasts).toHaveLength(1);
  await reminders.close();
});

test('without a connection it is told after a minute all the same', async () => {
  const made = begin(local(14, 9), [{ at: local(14, 8), row: contract('C-1', local(14, 17)) }]);
  await turn();
  made.clock.advance(MINUTE - 1);
  await turn();
  expect(made.toasts).toEqual([]);
  made.clock.advance(1);
  await turn();
  expect(made.toasts).toHaveLength(1);
  await made.reminders.close();
});

test.each<[string, Partial<Standing>, boolean]>([
  ['was acknowledged', { acknowledgement: 'held' }, true],
  ['is signed', { to: 'signed' }, true],
  ['is muted', { muted: true }, true],
  ['is snoozed', { snoozed: { until: null } }, true],
  ['is due on another day', { dueAt: '2027-01-01T00:00:00Z' }, true],
  ['was read, and stands as it was', { unread: 0 }, false],
])('a reminder whose contract %s', async (_, now, isWithdrawn) => {
  const row = contract('C-1', local(14, 17));
  const { reminders, rows, tags, withdrawn } = begin(local(14, 9), [{ at: 0, row }]);
  reminders.settled();
  await turn();
  expect(tags()).toEqual(['due:C-1']);
  rows.set('C-1', { ...row, ...now });
  reminders.changed(['C-2']);
  await turn();
  expect(withdrawn).toEqual([]);
  reminders.changed(['C-1']);
  await turn();
  expect(withdrawn).toEqual(isWithdrawn ? ['due:C-1'] : []);
  await reminders.close();
});

test('who has taken a contract on before is reminded, and keeps the reminder', async () => {
  const row = contract('C-1', local(14, 17), { acknowledgement: 'sent' });
  const { reminders, tags, withdrawn } = begin(local(14, 9), [{ at: 0, row }]);
  reminders.settled();
  await turn();
  reminders.changed(null);
  await turn();
  expect([tags(), withdrawn]).toEqual([['due:C-1'], []]);
  await reminders.close();
});

test('several at once are one toast, which goes with the last of them', async () => {
  const given = ['C-1', 'C-2', 'C-3'].map((id) => ({ at: 0, row: contract(id, local(14, 17)) }));
  const { reminders, rows, toasts, withdrawn } = begin(local(14, 9), given);
  reminders.settled();
  await turn();
  expect(toasts.map(({ toast }) => [toast.tag, toast.title, toast.contractId])).toEqual([
    ['due-digest', '3 contracts are near their due dates', null],
  ]);
  for (const [id, row] of rows) {
    expect(withdrawn).toEqual([]);
    rows.set(id, { ...row, to: 'signed' });
    reminders.changed([id]);
    await turn();
  }
  expect(withdrawn).toEqual(['due-digest']);
  await reminders.close();
});

test('a day is said as people say it, in both languages', () => {
  const now = local(14, 9);
  const say = (tag: string) =>
    [local(14, 8, 30), local(15, 0), local(17, 17), local(12, 17)].map((at) =>
      notifyWords(tag).due(at, now, null).replaceAll(/\s/g, ' '),
    );
  expect(say('en')).toEqual([
    'Was due today, 8:30 AM',
    'Due tomorrow, 12:00 AM',
    'Due in 3 days, Sat, Oct 17',
    'Was due 2 days ago, Mon, Oct 12',
  ]);
  expect(say('ru')).toEqual([
    'Срок был сегодня, 8:30',
    'Срок завтра, 0:00',
    'Срок через 3 дня, сб, 17 окт.',
    'Срок был позавчера, пн, 12 окт.',
  ]);
  expect([1, 3, 5].map((n) => notifyWords('ru').dueDigest(n).title)).toEqual([
    'Подходит срок: 1 договор',
    'Подходит срок: 3 договора',
    'Подходит срок: 5 договоров',
  ]);
});
