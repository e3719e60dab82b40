import { positionOf } from './epochs.ts';
import type { Store } from '../storage/store.ts';

/* Gaps that are ranges of a log's sequences. */

/**
 * More missing changes than that are not counted: nobody sends so many, and sums of such numbers are no longer exact. A
 * server whose versions are timestamps jumps by more with each change.
 */
const MAX_COUNTED = 1e9;

export const counted = (missing: number): number | null => (missing > MAX_COUNTED ? null : missing);

/** One sequence of a gap has come in a form that cannot be read: it becomes a gap of its own, and what is left of the other stays. */
export function partUnreadable(
  store: Store,
  accountId: number,
  told: {
    readonly epochIndex: number;
    readonly sequence: number;
    readonly contractId: string | null;
    readonly note: string;
  },
): void {
  const { epochIndex, sequence, contractId, note } = told;
  const gap = store
    .sql(
      `SELECT gap_id AS id, from_sequence AS low, to_sequence AS high FROM gap
       WHERE account_id = ? AND healed_at IS NULL AND kind = 'sequence' AND epoch_index = ?
         AND from_sequence <= ? AND to_sequence >= ? LIMIT 1`,
    )
    .get(accountId, epochIndex, sequence, sequence) as { id: number; low: number; high: number } | undefined;
  const left = (from: number, to: number): number =>
    to < from ? 0 : to - from + 1 - countStored(store, accountId, epochIndex, from, to);
  if (gap === undefined || left(sequence, sequence) === 0) return;
  for (const [from, to] of [
    [gap.low, sequence - 1],
    [sequence + 1, gap.high],
  ] as const) {
    const missing = left(from, to);
    if (missing === 0) continue;
    store
      .sql(
        `INSERT INTO gap (account_id, kind, epoch_index, epoch, from_sequence, to_sequence, start_position, end_position,
           missing, opened_at, attempts, next_attempt_at, attempt_run, note)
         SELECT account_id, kind, epoch_index, epoch, ?, ?, ?, ?, ?, opened_at, attempts, next_attempt_at, attempt_run, note
         FROM gap WHERE gap_id = ?`,
      )
      .run(from, to, positionOf(epochIndex, from), positionOf(epochIndex, to), counted(missing), gap.id);
  }
  const position = positionOf(epochIndex, sequence);
  store
    .sql(
      `UPDATE gap SET kind = 'quarantine', from_sequence = ?, to_sequence = ?, start_position = ?, end_position = ?,
         contract_id = ?, missing = 1, note = ? WHERE gap_id = ?`,
    )
    .run(sequence, sequence, position, position, contractId, note.slice(0, 300), gap.id);
}

/**
 * One event can be read that came unreadably with others in a row: the gap no longer reaches over its place, and a copy that comes once
 * more takes nothing from it. `where`: which gaps, with `sequence` in their range; those of this one event alone stay as they are.
 */
export function cutOut(
  store: Store,
  accountId: number,
  sequence: number,
  where: string,
  ...values: readonly (string | number)[]
): void {
  const gaps = store
    .sql(
      `SELECT gap_id AS id, from_sequence AS low, to_sequence AS high FROM gap
       WHERE account_id = ? AND healed_at IS NULL AND kind = 'quarantine' AND from_sequence < to_sequence AND ${where}`,
    )
    .all(accountId, ...values) as { id: number; low: number; high: number }[];
  for (const { id, low, high } of gaps) {
    if (low < sequence && sequence < high)
      store
        .sql(
          `INSERT INTO gap (account_id, kind, epoch_index, epoch, from_sequence, to_sequence, start_position, end_position,
             contract_id, missing, opened_at, attempts, next_attempt_at, attempt_run, note)
           SELECT account_id, kind, epoch_index, epoch, ?2 + 1, to_sequence, start_position + ?2 + 1 - from_sequence, end_position,
             contract_id, to_sequence - ?2, opened_at, attempts, next_attempt_at, attempt_run, note
           FROM gap WHERE gap_id = ?1`,
        )
        .run(id, sequence);
    const [from, to] = sequence === low ? [low + 1, high] : [low, sequence - 1];
    // In a stretch that the log has lost the end is a bound, and not the place of the last one.
    store
      .sql(
        `UPDATE gap SET from_sequence = ?2, to_sequence = ?3, missing = ?3 - ?2 + 1, start_position = start_position + ?2 - from_sequence,
           end_position = CASE WHEN epoch_index IS NULL THEN end_position ELSE end_position - to_sequence + ?3 END
         WHERE gap_id = ?1`,
      )
      .run(id, from, to);
  }
}

/** How many sequences of the range were ever stored (removed ones too: their keys stay). */
export function countStored(
  store: Store,
  accountId: number,
  epochIndex: number,
  from: number,
  to: number,
): number {
  const row = store
    .sql(
      'SELECT count(DISTINCT position) AS stored FROM event_key WHERE account_id = ? AND position BETWEEN ? AND ?',
    )
    .get(accountId, positionOf(epochIndex, from), positionOf(epochIndex, to)) as { stored: number };
  return row.stored;
}
