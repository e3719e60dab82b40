import type { Gap } from '../../../protocol/receipt.ts';
import { selectList } from '../storage/column-names.ts';
import type { Store } from '../storage/store.ts';

/**
 * Whether an open gap may explain that versions of this contract are not here. Without one they are on their way (a
 * snapshot is ahead of the stream), or gone with a life of the log that the server lost.
 */
export function mayLack(store: Store, accountId: number, contractId: string): boolean {
  return (
    store
      .sql(
        `SELECT 1 FROM gap WHERE account_id = ? AND healed_at IS NULL AND (kind <> 'version' OR contract_id = ?) LIMIT 1`,
      )
      .get(accountId, contractId) !== undefined
  );
}

const GAP_SELECT = `SELECT ${selectList([
  'gapId',
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
])} FROM gap`;

/** Open ones oldest first, then (for `all`) healed ones newest first; at most `limit` of each. */
export function listGaps(
  store: Store,
  accountId: number,
  only: 'open' | 'all',
  limit = 1000,
): readonly Gap[] {
  const open = store
    .sql(`${GAP_SELECT} WHERE account_id = ? AND healed_at IS NULL ORDER BY gap_id LIMIT ?`)
    .all(accountId, limit) as Gap[];
  if (only === 'open') return open;
  const healed = store
    .sql(
      `${GAP_SELECT} WHERE account_id = ? AND healed_at IS NOT NULL ORDER BY healed_at DESC, gap_id DESC LIMIT ?`,
    )
    .all(accountId, limit) as Gap[];
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
