import type { ContractRow } from '../../../protocol/view.ts';
import type { Store } from '../storage/store.ts';
import type { ExportRow } from '../types.ts';

/** Each row with the original envelope of the change it shows; null where a snapshot told of it, or it is not kept. */
export function withEnvelopes(
  store: Store,
  accountId: number,
  rows: readonly ContractRow[],
): readonly ExportRow[] {
  const one = store.sql(
    `SELECT raw.envelope FROM contract AS c
       JOIN event AS e ON e.account_id = c.account_id AND e.contract_rowid = c.contract_rowid AND e.version = c.version
       JOIN raw_envelope AS raw ON raw.event_rowid = e.event_rowid
     WHERE c.account_id = ? AND c.contract_id = ? AND c.from_snapshot = 0
     ORDER BY e.position DESC LIMIT 1`,
  );
  return rows.map((row) => {
    const found = one.get(accountId, row.contractId) as { envelope: string } | undefined;
    return { row, envelope: found?.envelope ?? null };
  });
}
