import type { Acknowledged } from '../../../protocol/control.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import type { WriteContext } from './write-context.ts';
import { forgetAcknowledgement, refreshAction } from './projection.ts';

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
  // The row still shows what the log has lost: it may be of a change that is to come.
  if (record.superseded === 1) keepEarly(context, acknowledged);
  if (version < (record.ackVersion ?? 0)) return;
  if (acknowledged.state === 'released') {
    release(context, record, version);
    return;
  }
  handedBackOf(context).delete(record.contractRowid);
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
function release(context: WriteContext, record: ContractRecord, version: number): void {
  if (record.ackVersion !== version) return;
  if (record.ackState === 'sending') handedBackOf(context).set(record.contractRowid, version);
  if (record.ackState !== 'sent') return;
  forgetAcknowledgement(record);
  refreshAction(record);
  context.contracts.touch(record);
}

/**
 * Contracts, by the version, that were told as handed back while an acknowledgement of ours was on its way. In memory only: the server
 * tells it again at each connection, and ours is sent again before one is made.
 */
const handedBackOf = ({ store, state }: WriteContext): Map<number, number> =>
  store.cached('handed back', state.accountId, () => new Map<number, number>());

/** Whether that is so of the version that was acknowledged here; forgotten once it was asked for. */
export function takeHandedBack(context: WriteContext, record: ContractRecord): boolean {
  const version = handedBackOf(context).get(record.contractRowid);
  handedBackOf(context).delete(record.contractRowid);
  return version !== undefined && version === record.ackVersion;
}

/**
 * The row is back at a change that it had left because the server's log went back: what was done here with this very change counts
 * again. Where its id came for two changes nobody can tell which one was taken on.
 */
export function recallAcknowledgement({ store, state }: WriteContext, record: ContractRecord): void {
  const { ackState, contractId, contractRowid, lastEventId, version, toStatus } = record;
  if (state.restarts === 0 || ackState !== null || lastEventId === null) return;
  const own = store
    .sql(
      `SELECT state, due_at AS dueAt, changed_at AS changedAt FROM outbox
       WHERE account_id = ?1 AND contract_id = ?2 AND version = ?3 AND event_id = ?4 AND NOT EXISTS
         (SELECT 1 FROM event WHERE account_id = ?1 AND contract_rowid = ?5 AND version = ?3 AND event_id = ?4 AND to_status <> ?6)
       ORDER BY outbox_id DESC LIMIT 1`,
    )
    .get(state.accountId, contractId, version, lastEventId, contractRowid, toStatus) as
    { state: Exclude<ContractRecord['ackState'], null>; dueAt: number; changedAt: number } | undefined;
  if (own === undefined) return;
  record.ackVersion = version;
  record.ackState = own.state;
  record.ackAt = own.state === 'held' ? own.dueAt : own.changedAt;
  record.ackBy = state.userName;
  refreshAction(record);
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

/** Applies those of contracts that have come since, or that show the present log again. */
export function applyEarly(context: WriteContext): void {
  const early = earlyOf(context);
  for (const [contractId, acknowledged] of early) {
    const record = context.contracts.get(contractId);
    if (record === undefined || record.superseded === 1) continue;
    early.delete(contractId);
    applyAcknowledged(context, acknowledged);
  }
}
