import type { Acknowledged } from '../../../protocol/control.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import type { WriteContext } from './write-context.ts';
import { refreshAction } from './projection.ts';

/** Acknowledgements of contracts nobody knows yet, for one account. */
const MAX_EARLY = 1000;

/** What the server says was taken on, or handed back, here or on another device. */
export function applyAcknowledged(context: WriteContext, acknowledged: Acknowledged): void {
  const { store, state, contracts, now } = context;
  const { contractId, version } = acknowledged;
  const record = contracts.get(contractId);
  if (!record) {
    keepEarly(context, acknowledged);
    return;
  }
  if (version < (record.ackVersion ?? 0)) return;
  if (acknowledged.state === 'released') {
    release(context, record, version);
    return;
  }
  const at = parseInstant(acknowledged.at);
  record.ackVersion = version;
  record.ackState = 'sent';
  record.ackAt = at ?? now;
  record.ackBy = acknowledged.by?.name ?? null;
  record.ackProblem = null;
  refreshAction(record);
  contracts.touch(record);
  // Never sent, so never refused: it is as if it had been taken back.
  store
    .sql(`DELETE FROM outbox WHERE account_id = ? AND contract_id = ? AND version <= ? AND state = 'held'`)
    .run(state.accountId, contractId, version);
  store
    .sql(
      `UPDATE outbox SET state = 'superseded', changed_at = ?
       WHERE account_id = ? AND contract_id = ? AND version <= ? AND state = 'failed'`,
    )
    .run(now, state.accountId, contractId, version);
}

/** It waits for somebody again. An acknowledgement of ours that is not confirmed yet stands. */
function release({ contracts }: WriteContext, record: ContractRecord, version: number): void {
  if (record.ackState !== 'sent' || record.ackVersion !== version) return;
  record.ackVersion = null;
  record.ackState = null;
  record.ackAt = null;
  record.ackBy = null;
  record.ackProblem = null;
  refreshAction(record);
  contracts.touch(record);
}

function earlyOf({ store, state }: WriteContext): Map<string, Acknowledged> {
  return store.cached('early acknowledged', state.accountId, () => new Map<string, Acknowledged>());
}

/**
 * Told before its contract is: after StreamStale, until the repair's snapshot. Kept in memory only, because the server
 * tells all of them again at each connection.
 */
function keepEarly(context: WriteContext, acknowledged: Acknowledged): void {
  const early = earlyOf(context);
  const known = early.get(acknowledged.contractId);
  if (known !== undefined && known.version > acknowledged.version) return;
  if (known === undefined && early.size >= MAX_EARLY) return;
  early.set(acknowledged.contractId, acknowledged);
}

/** Applies those of contracts that have come since. */
export function applyEarly(context: WriteContext): void {
  const early = earlyOf(context);
  for (const [contractId, acknowledged] of early) {
    if (context.contracts.get(contractId) === undefined) continue;
    early.delete(contractId);
    applyAcknowledged(context, acknowledged);
  }
}
