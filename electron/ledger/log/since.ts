import { parseInstant } from '../../../protocol/instant.ts';
import type { WriteContext } from './write-context.ts';
import type { ContractRecord } from '../storage/contract-record.ts';

/**
 * A change came after later ones of its contract: since when the status holds that the row shows may be another time now.
 * It is told by the unbroken run of stored changes to this status; where a version before them is not here, the status may
 * have held for longer, as the row says. Rows that a snapshot or a preview has told know it from the server.
 */
export function reconcileSince(context: WriteContext, record: ContractRecord): void {
  if (record.fromSnapshot === 1 || record.ahead !== 0 || record.superseded === 1) return;
  const { store, state, epochs } = context;
  const rows = store
    .sql(
      `SELECT version, position, to_status AS status, time FROM event
       WHERE account_id = ? AND contract_rowid = ? AND version <= ? ORDER BY version DESC, position DESC`,
    )
    .iterate(state.accountId, record.contractRowid, record.version) as Iterable<{
    readonly version: number;
    readonly position: number;
    readonly status: string;
    readonly time: string;
  }>;
  let since: string | null = null;
  let next = record.version;
  for (const { version, position, status, time } of rows) {
    if (position < state.lifePosition || !epochs.isLive(position)) continue;
    if (version !== next) break;
    if (status !== record.toStatus) {
      if (since !== null) record.since = since;
      return;
    }
    since = time;
    next--;
  }
  if (since !== null && (next === 0 || isEarlier(since, record.since))) record.since = since;
}

function isEarlier(time: string, than: string): boolean {
  return (parseInstant(time) ?? Number.NaN) < (parseInstant(than) ?? Number.NaN);
}
