import { readUserVersion } from '../storage/migrations.ts';
import type { Store } from '../storage/store.ts';
import type { LedgerDiagnostics, ReceiptArguments } from '../types.ts';
import { computeReceipt } from './receipt.ts';

/** Support information over all accounts of the file; no contract texts. At most 100 quarantine rows, newest first. */
export function readDiagnostics(store: Store, of?: ReceiptArguments): LedgerDiagnostics {
  const number = (sql: string): number =>
    Number(Object.values(store.sql(sql).get() as Record<string, number>)[0] ?? 0);
  return {
    receipt: of === undefined ? null : computeReceipt(store, ...of),
    schemaVersion: readUserVersion(store.db),
    sqliteVersion: (store.sql('SELECT sqlite_version() AS version').get() as { version: string }).version,
    fileBytes: number('PRAGMA page_count') * number('PRAGMA page_size'),
    events: number('SELECT count(*) FROM event'),
    contracts: number('SELECT count(*) FROM contract'),
    openGaps: number('SELECT count(*) FROM gap WHERE healed_at IS NULL'),
    quarantined: store
      .sql('SELECT event_id AS eventId, reason, at FROM quarantine ORDER BY quarantine_id DESC LIMIT 100')
      .all() as LedgerDiagnostics['quarantined'],
    foreignNames: store
      .sql(
        'SELECT name, sum(count) AS count FROM foreign_name GROUP BY name ORDER BY count DESC, name LIMIT 101',
      )
      .all() as LedgerDiagnostics['foreignNames'],
  };
}
