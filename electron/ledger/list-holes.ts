import type { Hole } from '../../protocol/receipt.ts';
import { selectList } from './columns.ts';
import type { Store } from './store.ts';

/**
 * Whether an open hole may explain that versions of this contract are not here. Without one they are on their way (a
 * snapshot is ahead of the stream), or gone with a life of the log that the server lost.
 */
export function mayLack(store: Store, accountId: number, contractId: string): boolean {
  return (
    store
      .sql(
        `SELECT 1 FROM hole WHERE account_id = ? AND healed_at IS NULL AND (kind <> 'version' OR contract_id = ?) LIMIT 1`,
      )
      .get(accountId, contractId) !== undefined
  );
}

const HOLE_SELECT = `SELECT ${selectList([
  'holeId',
  'kind',
  'epoch',
  'fromSequence',
  'toSequence',
  'contractId',
  'openedAt',
  'healedAt',
  'attempts',
  'nextAttemptAt',
  'note',
])} FROM hole`;

/** Open ones oldest first, then (for `all`) healed ones newest first; at most `limit` of each. */
export function listHoles(
  store: Store,
  accountId: number,
  only: 'open' | 'all',
  limit = 1000,
): readonly Hole[] {
  const open = store
    .sql(`${HOLE_SELECT} WHERE account_id = ? AND healed_at IS NULL ORDER BY hole_id LIMIT ?`)
    .all(accountId, limit) as Hole[];
  if (only === 'open') return open;
  const healed = store
    .sql(
      `${HOLE_SELECT} WHERE account_id = ? AND healed_at IS NOT NULL ORDER BY healed_at DESC, hole_id DESC LIMIT ?`,
    )
    .all(accountId, limit) as Hole[];
  return [...open, ...healed];
}

/** Of `Ledger.contractsWithGaps`. */
export function contractsWithGaps(store: Store, accountId: number, limit: number): readonly string[] {
  const rows = store
    .sql(
      `SELECT contract_id AS id FROM contract WHERE account_id = ? AND have_parts IS NOT NULL
       ORDER BY contract_rowid DESC LIMIT ?`,
    )
    .all(accountId, limit) as { id: string }[];
  return rows.map(({ id }) => id);
}
