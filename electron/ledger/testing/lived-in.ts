import type { SavedView, ViewFilter } from '../../../protocol/filter.ts';
import type { AcknowledgementProblem } from '../../../protocol/view.ts';
import type { StreamItem } from '../../stream/types.ts';
import type { LedgerCore } from '../worker/core.ts';
import { change, control, envelope, garbage, head, idOf, KEY, snapshotItem, stale, START } from './make.ts';

/*
 * A ledger as a person leaves it after some days: what the files of earlier versions hold (files/README.md). What happens in
 * it is never changed, because those files were made by it; only how it is called follows the ledger. What a new version
 * brings is added at the end of a function.
 */

export const HOUR = 3_600_000;
/** Followed from its events alone; its server's ids have no order. */
export const OPAQUE_KEY = { ...KEY, server: 'https://two.example', userId: 'u7', userName: 'Boris' };
/** Its server counted its ids anew. */
export const RESTARTED_KEY = { ...KEY, server: 'https://four.example', userId: 'u10', userName: 'Dina' };
/** In the middle of a snapshot, and with rows ahead of the log. */
export const AHEAD_KEY = { ...KEY, server: 'https://three.example', userId: 'u8', userName: 'Vera' };

/** Every form in which a filter was ever saved: conditions, families of dates, orders. */
export const SAVED: readonly (readonly [name: string, filter: ViewFilter])[] = [
  ['Words', { view: 'all', text: 'зелён' }],
  [
    'All conditions',
    {
      view: 'unread',
      text: '',
      conditions: {
        statuses: ['sent', 'active', 'not_a_status'],
        severities: ['info', 'success', 'warning', 'error'],
        parties: ['ООО Ромашка'],
        actors: ['Пётр', 'Anna'],
        amount: { currency: 'RUB', min: '-10.5', max: null },
        due: { from: START, to: null },
        period: { from: null, to: START + 100 * HOUR },
      },
      sort: { by: 'amount', descending: true },
    },
  ],
  ['No due date', { view: 'action_required', text: '', conditions: { due: 'none' } }],
  [
    'Past due',
    { view: 'waiting', text: '', conditions: { due: 'past' }, sort: { by: 'due', descending: false } },
  ],
  ['Soon', { view: 'all', text: '', conditions: { due: { withinDays: 7 }, period: { lastDays: 30 } } }],
  ...(['recent', 'title', 'party', 'status', 'severity'] as const).map(
    (by) => [`By ${by}`, { view: 'all', text: '', sort: { by, descending: false } }] as const,
  ),
  ...(['overdue', 'due_soon', 'snoozed', 'muted'] as const).map(
    (view) => [`In ${view}`, { view, text: '' }] as const,
  ),
];

const refused = (code: AcknowledgementProblem['code'], status: number | null, detail: string) =>
  ({ state: 'failed', problem: { code, params: { status }, detail } }) as const;

/** By contract: what became of what was taken on. C-18 is still held. */
const ANSWERS = {
  'C-11': { state: 'sent' },
  'C-12': refused('forbidden', 403, 'answered 403: Not yours'),
  'C-13': refused('missing', 404, 'answered 404'),
  'C-14': refused('refused', 422, 'answered 422: Wrong state'),
  'C-15': refused('other', null, 'Something else.'),
  'C-16': { state: 'superseded' },
  'C-17': {
    state: 'retry',
    at: START + HOUR,
    problem: { code: 'refused', params: { status: 503 }, detail: 'answered 503' },
  },
} as const;

/** Fills an empty ledger. */
export async function liveIn(core: LedgerCore): Promise<void> {
  await liveWithOwnIds(core);
  await liveWithOpaqueIds(core);
  await liveAhead(core);
  await liveThroughRestart(core);
  while (!core.rest());
  // After the search's index has caught up: its note of what changed.
  const { accountId } = await core.account(KEY);
  await core.append(accountId, [change(3, 'C-9', 2, { epoch: 'e8', title: 'Пароход' })], START + 4 * HOUR);
}

async function liveWithOwnIds(core: LedgerCore): Promise<void> {
  const { accountId } = await core.account(KEY);
  const append = async (at: number, ...items: readonly StreamItem[]) => core.append(accountId, items, at);

  await core.beginSnapshot(accountId, { asOf: idOf(4), at: new Date(START).toISOString() });
  await core.stageSnapshot(accountId, [
    snapshotItem(envelope(1, 'C-1', 1, { from: null, to: 'sent', title: 'Supply of tea' })),
    snapshotItem(envelope(2, 'C-2', 1, { from: null, to: 'sent' })),
    snapshotItem(envelope(4, 'C-3', 2, { to: 'viewed' }), { withEvent: false }),
  ]);
  await core.finishSnapshot(accountId, START);

  await append(
    START,
    change(5, 'C-1', 2, { title: 'Supply of tea' }),
    change(6, 'C-1', 3, {
      from: 'viewed',
      to: 'signed',
      severity: 'success',
      title: 'Supply of tea',
      amount: '1250000.00 RUB',
      dueAt: '2026-10-05T21:00:00Z',
    }),
    change(7, 'C-2', 2, {
      to: 'declined',
      severity: 'error',
      actionRequired: true,
      reason: 'Цена выше рынка',
    }),
    change(8, 'C-4', 1, { from: 'approved', to: 'sent', title: 'Договор о зелёном чае', amount: '7.5 EUR' }),
    // 9 and 10 are missing.
    change(11, 'C-5', 1, { dueAt: '2026-10-03T10:00:00+03:00' }),
    garbage(idOf(12)),
    { kind: 'event', id: null, name: 'u9_ContractStatusChanged', data: '{}' },
    ...Object.keys(ANSWERS).map((id, i) =>
      change(13 + i, id, 1, { actionRequired: true, severity: 'warning' }),
    ),
    change(20, 'C-18', 1, { actionRequired: true }),
    change(21, 'C-6', 1),
    change(21, 'C-6', 1, { title: 'Revised' }),
    // Without a zone.
    change(22, 'C-7', 1, { dueAt: '2026-10-01T00:00:00' }),
    change(23, 'C-21', 1, { party: 'Сто сов' }),
    change(24, 'C-21', 2, { party: 'Сто сов', from: 'viewed', to: 'signed' }),
    // 25 comes with the history.
    change(26, 'C-8', 2, { from: 'viewed', to: 'signed', reason: 'Earlier words' }),
    change(27, 'C-8', 3, { from: 'signed', to: 'active' }),
    control('ContractAcknowledged', {
      contractId: 'C-2',
      eventId: idOf(7),
      version: 2,
      at: new Date(START).toISOString(),
      by: { id: 'u9', name: 'Gleb' },
    }),
    head(idOf(27)),
  );
  await core.mergeHistory(accountId, 'C-8', [JSON.stringify(envelope(25, 'C-8', 1))], START + 1000, true);
  await core.reconcileGaps(accountId, {
    now: START + 1000,
    nextAttemptAt: START + 61_000,
    note: 'not there',
  });

  await actAsAPerson(core, accountId);

  // Over five minutes of silence: an absence, over with the head.
  const amended = { from: 'signed', to: 'active', amount: '1300000.00 RUB', dueAt: '2026-10-06T21:00:00Z' };
  await append(START + HOUR, change(28, 'C-1', 4, { ...amended, title: 'Supply of tea' }), head(idOf(28)));
  // The server's log began anew.
  await append(
    START + 2 * HOUR,
    stale(idOf(2, 'e8'), idOf(1, 'e8')),
    change(1, 'C-9', 1, { epoch: 'e8', title: 'Корабль' }),
    change(2, 'C-10', 1, { epoch: 'e8', dueAt: '2026-10-07T09:00:00Z' }),
  );
}

async function actAsAPerson(core: LedgerCore, accountId: number): Promise<void> {
  const taken = Object.keys(ANSWERS);
  await core.perform(accountId, taken, { do: 'acknowledge', dueAt: START + 5000 }, START);
  const { due } = await core.dueAcknowledgements(accountId, START + 6000);
  for (const [contractId, answer] of Object.entries(ANSWERS)) {
    const entry = due.find((each) => each.contractId === contractId);
    if (entry) await core.completeAcknowledgement(entry.outboxId, answer, START + 7000);
  }
  await core.perform(accountId, ['C-18'], { do: 'acknowledge', dueAt: START + 10 * HOUR }, START);

  await core.perform(accountId, ['C-1'], { do: 'read', read: true }, START);
  await core.setEventRead(accountId, 'C-8', idOf(26), true);
  await core.perform(accountId, ['C-4'], { do: 'mute', muted: true }, START);
  await core.perform(accountId, ['C-5'], { do: 'snooze', until: START + 100 * HOUR }, START);
  await core.perform(accountId, ['C-6'], { do: 'snooze', until: null }, START);
  await core.markViewRead(
    accountId,
    1,
    { view: 'all', text: '', conditions: { parties: ['Сто сов'] } },
    START,
  );
  await core.markViewed(accountId, 'C-1', START);
  for (const [name, filter] of SAVED) await core.saveView(accountId, { savedId: null, name, filter });
  const [first] = await core.savedViews(accountId);
  if (first) await core.saveView(accountId, { ...pick(first), notify: 'quietly' });
  const byRecent = (await core.savedViews(accountId)).find(({ name }) => name === 'By recent');
  if (byRecent) await core.saveView(accountId, { ...pick(byRecent), remindDays: 7 });
  await core.takeDueReminders(accountId, START);
}

const pick = ({ savedId, name, filter }: SavedView) => ({ savedId, name, filter });

function addressed(userId: string, item: StreamItem): StreamItem {
  return item.kind === 'event' ? { ...item, name: item.name.replace(KEY.userId, userId) } : item;
}

async function liveWithOpaqueIds(core: LedgerCore): Promise<void> {
  const { accountId } = await core.account(OPAQUE_KEY);
  await core.markWithoutSnapshot(accountId);
  await core.setReplay(accountId, 'proven');
  const of = (id: string, contractId: string, version: number): StreamItem =>
    addressed('u7', change(version, contractId, version, { id }));
  // Of K-2 two versions are missing.
  const items = [of('a1', 'K-1', 1), of('a2', 'K-2', 1), of('a3', 'K-1', 2), of('a4', 'K-2', 4)];
  await core.append(accountId, items, START);
  // Its counter began anew.
  await core.append(accountId, [of('a1', 'K-3', 1)], START + 1000);
}

async function liveAhead(core: LedgerCore): Promise<void> {
  const { accountId } = await core.account(AHEAD_KEY);
  const at = new Date(START).toISOString();
  await core.beginSnapshot(accountId, { asOf: idOf(2), at });
  await core.stageSnapshot(accountId, [
    snapshotItem(envelope(1, 'P-1', 1)),
    snapshotItem(envelope(2, 'P-2', 1), { withEvent: false }),
  ]);
  await core.finishSnapshot(accountId, START);
  await core.append(
    accountId,
    [addressed('u8', change(3, 'P-1', 2, { to: 'signed' })), addressed('u8', head(idOf(9)))],
    START,
  );
  await core.preview(
    accountId,
    {
      since: idOf(3),
      asOf: idOf(12),
      at,
      contracts: [snapshotItem(envelope(12, 'P-2', 3, { to: 'declined' }))],
      end: 'whole',
    },
    START,
  );
  await core.beginSnapshot(accountId, { asOf: idOf(12), at });
  await core.stageSnapshot(
    accountId,
    [snapshotItem(envelope(12, 'P-2', 3, { to: 'declined' }))],
    [{ text: '{"contract":{"id":"P-7"', reason: 'malformed JSON' }],
  );
}

async function liveThroughRestart(core: LedgerCore): Promise<void> {
  const { accountId } = await core.account(RESTARTED_KEY);
  const of = (sequence: number, contractId: string): StreamItem =>
    addressed('u10', change(sequence, contractId, 1));
  await core.beginSnapshot(accountId, { asOf: idOf(1), at: new Date(START).toISOString() });
  await core.stageSnapshot(accountId, [snapshotItem(envelope(1, 'R-1', 1))]);
  await core.finishSnapshot(accountId, START);
  await core.append(accountId, [of(2, 'R-2'), of(3, 'R-3')], START);
  await core.append(accountId, [of(2, 'R-4')], START + 1000);
  // The stream has yet to come to it.
  await core.mergeHistory(accountId, 'R-4', [JSON.stringify(envelope(5, 'R-4', 2))], START + 1000, true);
}
