import { MORNING } from '../../../protocol/pause.ts';
import { isDueSettled } from '../../../protocol/statuses.ts';
import { readSavedViews } from '../storage/saved-views.ts';
import type { Store } from '../storage/store.ts';
import type { DueReminders } from '../types.ts';
import { VIEW_BITS } from './column-index.ts';
import type { Lists } from './lists.ts';

const DAY_MS = 86_400_000;
/** A reminder that could not be told in time is told for so long after the day: a machine may be off for a weekend. Days. */
const LATE_DAYS = 3;
/** What was told is remembered for so long after the due date, ms. */
const KEPT_MS = 60 * DAY_MS;
const MAX_NAMED = 50;

/**
 * The last morning before it is due, local time, or so many days before that; epoch ms. What is due at night or early has its
 * day before: on the day itself it would be late.
 */
export function morningBefore(due: number, days: number): number {
  const day = new Date(due);
  const morningOf = (date: number): number =>
    new Date(day.getFullYear(), day.getMonth(), date, MORNING).getTime();
  const last = morningOf(day.getDate()) < due ? day.getDate() : day.getDate() - 1;
  return morningOf(last - days);
}

/**
 * Which reminder is due at `now`: the one for the fewest days whose morning has come; on the day itself (0) there always is
 * one. Null: none yet, or none any more.
 */
export function reminderAt(due: number, days: readonly number[], now: number): number | null {
  if (now >= morningBefore(due, -LATE_DAYS)) return null;
  const come = [0, ...days].filter((each) => morningBefore(due, each) <= now);
  return come.length === 0 ? null : Math.min(...come);
}

interface Candidate {
  readonly rowid: number;
  readonly due: number;
  readonly days: number;
}

/**
 * Gives out the reminders that are due at `now` (epoch ms) by the saved views, each once for good: a contract's due date is
 * told again only on a later one of its days. Muted, snoozed and settled contracts wait until they are none of these.
 */
export function takeDueReminders(store: Store, accountId: number, lists: Lists, now: number): DueReminders {
  const candidates = findCandidates(store, accountId, lists, now);
  if (candidates.length === 0) return { count: 0, contracts: [] };
  const byRowid = new Map(candidates.map((each) => [each.rowid, each]));
  const rows = store
    .sqlArrays(
      `SELECT contract.contract_rowid, contract.contract_id, due_reminder.days FROM contract
       LEFT JOIN due_reminder ON due_reminder.account_id = contract.account_id
         AND due_reminder.contract_id = contract.contract_id AND due_reminder.due_time = contract.due_time
       WHERE contract.contract_rowid IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify([...byRowid.keys()])) as unknown as (readonly [number, string, number | null])[];
  const taken = rows.flatMap(([rowid, contractId, told]) => {
    const candidate = byRowid.get(rowid);
    return candidate && (told === null || told > candidate.days) ? [{ ...candidate, contractId }] : [];
  });
  if (taken.length === 0) return { count: 0, contracts: [] };
  store.transaction('full', () => {
    const note = store.sql(
      `INSERT INTO due_reminder (account_id, contract_id, due_time, days) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET days = excluded.days`,
    );
    for (const { contractId, due, days } of taken) note.run(accountId, contractId, due, days);
    store.sql('DELETE FROM due_reminder WHERE account_id = ? AND due_time < ?').run(accountId, now - KEPT_MS);
  });
  const soonest = taken.toSorted((a, b) => a.due - b.due).map(({ contractId }) => contractId);
  return { count: taken.length, contracts: soonest.slice(0, MAX_NAMED) };
}

function findCandidates(store: Store, accountId: number, lists: Lists, now: number): readonly Candidate[] {
  const views = readSavedViews(store, accountId).flatMap(({ filter, remindDays }) =>
    remindDays === null ? [] : [{ isIn: lists.match(filter), days: remindDays }],
  );
  if (views.length === 0) return [];
  const { due, member, status, statuses, bound } = lists.columns;
  const most = Math.max(...views.map(({ days }) => days));
  // A day more on both sides than there can be.
  const [from, to] = [now - (LATE_DAYS + 2) * DAY_MS, now + (most + 2) * DAY_MS];
  const candidates: Candidate[] = [];
  for (let rowid = 0; rowid < bound; rowid++) {
    const at = due[rowid] ?? Number.NaN;
    if (!(at >= from && at < to)) continue;
    const bits = member[rowid] ?? 0;
    if (bits === 0 || (bits & (VIEW_BITS.snoozed | VIEW_BITS.muted)) !== 0) continue;
    if (isDueSettled(statuses.texts[status[rowid] ?? 0] ?? '')) continue;
    const wanted = views.filter(({ isIn }) => isIn(rowid)).map((view) => view.days);
    const days = wanted.length === 0 ? null : reminderAt(at, wanted, now);
    if (days !== null) candidates.push({ rowid, due: at, days });
  }
  return candidates;
}
