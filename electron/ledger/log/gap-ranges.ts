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
