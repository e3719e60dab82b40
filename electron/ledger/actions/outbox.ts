import { randomUUID } from 'node:crypto';
import type { Unsent } from '../../../protocol/ipc.ts';
import type { AcknowledgementProblem, AcknowledgementState } from '../../../protocol/view.ts';
import { closeContext, openContext } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import { takeHandedBack } from '../log/acknowledged.ts';
import { refreshAction } from '../log/projection.ts';
import { selectList } from '../storage/column-names.ts';
import type { Store } from '../storage/store.ts';
import type { AcknowledgementResult, OutboxEntry } from '../types.ts';

/**
 * What the user does, durably, in order for each contract. An entry goes held → sending → sent, failed or
 * superseded. Once it was given out by `due` it is `sending` and cannot be undone; after a crash it is
 * given out again under the same idempotency key.
 */
type OutboxState = Exclude<AcknowledgementState, 'none' | 'unconfirmed'>;

interface OutboxRow extends OutboxEntry {
  readonly accountId: number;
  readonly state: OutboxState;
  readonly dueAt: number;
  /** Epoch ms. */
  readonly changedAt: number;
}

const SELECT = `SELECT ${selectList([
  'outboxId',
  'accountId',
  'contractId',
  'eventId',
  'version',
  'idempotencyKey',
  'attempts',
  'state',
  'dueAt',
  'changedAt',
])} FROM outbox`;

/** Runs `work` durably and says which contracts it touched. */
function write<T>(store: Store, accountId: number, now: number, work: (context: WriteContext) => T): T {
  return store.transaction('full', () => {
    const context = openContext(store, accountId, now);
    const result = work(context);
    closeContext(context);
    return result;
  });
}

function show(
  context: WriteContext,
  record: ContractRecord,
  version: number,
  state: OutboxState | null,
  problem: AcknowledgementProblem | null = null,
): void {
  record.ackVersion = state === null ? null : version;
  record.ackState = state;
  record.ackAt = state === null ? null : context.now;
  record.ackBy = state === null ? null : context.state.userName;
  record.ackProblem = problem && JSON.stringify(problem);
  refreshAction(record);
  context.contracts.touch(record);
}

/** Holds it for undo until `dueAt`; its outbox id, or null where nothing requires an action, or somebody has taken it on. */
export function holdAcknowledgement(
  context: WriteContext,
  record: ContractRecord,
  dueAt: number,
): number | null {
  const { actionOpen, ackState, version, contractId, lastEventId: eventId } = record;
  if (actionOpen !== 1 || eventId === null) return null;
  const taken = ackState === 'held' || ackState === 'sending' || ackState === 'sent';
  if (record.ackVersion === version && taken) return null;
  const { accountId } = context.state;
  const { lastInsertRowid } = context.store
    .sql(
      `INSERT INTO outbox (account_id, contract_id, event_id, version, idempotency_key, state, due_at, changed_at)
       VALUES (?, ?, ?, ?, ?, 'held', ?, ?)`,
    )
    .run(accountId, contractId, eventId, version, randomUUID(), dueAt, context.now);
  show(context, record, version, 'held');
  // The window counts down to when it happens; from then on the time is when it happened.
  record.ackAt = dueAt;
  return Number(lastInsertRowid);
}

function latestOf(store: Store, accountId: number, contractId: string): OutboxRow | undefined {
  return store
    .sql(`${SELECT} WHERE account_id = ? AND contract_id = ? ORDER BY outbox_id DESC LIMIT 1`)
    .get(accountId, contractId) as OutboxRow | undefined;
}

export function undoAcknowledgement(
  store: Store,
  accountId: number,
  contractId: string,
  now: number,
): boolean {
  return write(store, accountId, now, (context) => takeBackHeld(context, contractId));
}

/** `outboxId`: this one only. False where it is not held any more. */
export function takeBackHeld(context: WriteContext, contractId: string, outboxId?: number): boolean {
  const row = latestOf(context.store, context.state.accountId, contractId);
  if (row?.state !== 'held' || row.outboxId !== (outboxId ?? row.outboxId)) return false;
  context.store.sql('DELETE FROM outbox WHERE outbox_id = ?').run(row.outboxId);
  const record = context.contracts.get(contractId);
  if (record?.ackVersion === row.version) show(context, record, row.version, null);
  return true;
}

/**
 * Of a file that was a backup: what is not confirmed may have been undone, or sent and handed back since, and sent again it would
 * be taken on anew by a server that has forgotten its key. What stands the server tells at the next connection; the rest needs the
 * person again. What is tried again later is a new request. How many were dropped.
 */
export function dropUnconfirmed(store: Store, accountId: number, now: number): number {
  const rows = (states: string): readonly OutboxRow[] =>
    store
      .sql(`${SELECT} WHERE account_id = ? AND state IN (${states})`)
      .all(accountId) as unknown as OutboxRow[];
  return write(store, accountId, now, (context) => {
    const dropped = rows(`'held', 'sending'`);
    for (const { outboxId, contractId, version } of dropped) {
      store.sql('DELETE FROM outbox WHERE outbox_id = ?').run(outboxId);
      const record = context.contracts.get(contractId);
      const isShown = record?.ackState === 'held' || record?.ackState === 'sending';
      if (isShown && record.ackVersion === version) show(context, record, version, null);
    }
    const renew = store.sql('UPDATE outbox SET idempotency_key = ? WHERE outbox_id = ?');
    for (const { outboxId } of rows(`'failed'`)) renew.run(randomUUID(), outboxId);
    return dropped.length;
  });
}

export function retryAcknowledgement(
  store: Store,
  accountId: number,
  contractId: string,
  now: number,
): boolean {
  return write(store, accountId, now, (context) => {
    const row = latestOf(store, accountId, contractId);
    if (row?.state !== 'failed') return false;
    settle(context, row, 'sending', now);
    return true;
  });
}

export function dueAcknowledgements(
  store: Store,
  accountId: number,
  now: number,
  early: readonly number[] = [],
  canBegin = true,
): { readonly due: readonly OutboxEntry[]; readonly nextAt: number | null } {
  // The first unsettled one of each contract; a later one waits for it.
  const unsettled = store
    .sql(
      `${SELECT} WHERE outbox_id IN (SELECT min(outbox_id) FROM outbox
         WHERE account_id = ? AND state IN ('held', 'sending') GROUP BY contract_id) ORDER BY outbox_id`,
    )
    .all(accountId) as OutboxRow[];
  const first = canBegin ? unsettled : unsettled.filter((row) => row.state === 'sending');
  // Written later than now: the clock was set back since, and nobody knows how long it has waited.
  const isDue = (row: OutboxRow): boolean =>
    row.dueAt <= now || row.changedAt > now || (row.state === 'sending' && early.includes(row.outboxId));
  const due = first.filter(isDue);
  const later = first.filter((row) => !isDue(row)).map((row) => row.dueAt);
  const held = due.filter((row) => row.state === 'held');
  if (held.length > 0) {
    write(store, accountId, now, (context) => {
      for (const row of held) settle(context, row, 'sending', row.dueAt);
    });
  }
  return { due: due.map(toEntry), nextAt: later.length > 0 ? Math.min(...later) : null };
}

/** What the server has not heard of yet, and what it did not accept. */
export function readUnsent(store: Store, accountId: number): Unsent {
  return store
    .sql(
      `SELECT count(*) FILTER (WHERE state IN ('held', 'sending')) AS unsent,
         count(*) FILTER (WHERE state IN ('failed', 'superseded')) AS refused
       FROM outbox WHERE account_id = ?`,
    )
    .get(accountId) as Unsent;
}

/** Returns the account it belonged to; null for an unknown or settled entry. */
export function completeAcknowledgement(
  store: Store,
  outboxId: number,
  result: AcknowledgementResult,
  now: number,
): number | null {
  const row = store.sql(`${SELECT} WHERE outbox_id = ?`).get(outboxId) as OutboxRow | undefined;
  if (!row || (row.state !== 'sending' && row.state !== 'held')) return null;
  write(store, row.accountId, now, (context) => {
    store.sql('UPDATE outbox SET attempts = attempts + 1 WHERE outbox_id = ?').run(outboxId);
    if (result.state === 'retry') settle(context, row, 'sending', result.at, result.problem);
    else if (result.state === 'sent') settleSent(context, row, result.isRepeated === true);
    else settle(context, row, result.state, row.dueAt, result.state === 'failed' ? result.problem : null);
  });
  return row.accountId;
}

/**
 * The answer to the first request may have been lost, and somebody have handed the contract back before it was repeated: the
 * server then says once more that it was taken on, which is over. Where it does stand, the stream tells so.
 */
function settleSent(context: WriteContext, row: OutboxRow, isRepeated: boolean): void {
  settle(context, row, 'sent', row.dueAt);
  const record = context.contracts.get(row.contractId);
  if (!record || record.ackVersion !== row.version) return;
  if (takeHandedBack(context, record) && isRepeated) show(context, record, row.version, null);
}

function settle(
  context: WriteContext,
  row: OutboxRow,
  state: OutboxState,
  dueAt: number,
  problem: AcknowledgementProblem | null = null,
): void {
  context.store
    .sql('UPDATE outbox SET state = ?, due_at = ?, changed_at = ? WHERE outbox_id = ?')
    .run(state, dueAt, context.now, row.outboxId);
  const record = context.contracts.get(row.contractId);
  if (!record || record.ackVersion !== row.version) return;
  // Another device's acknowledgement of this version stands, whatever became of ours.
  if (record.ackState === 'sent' && state !== 'sent') return;
  show(context, record, row.version, state, problem);
}

function toEntry(row: OutboxRow): OutboxEntry {
  const { outboxId, contractId, eventId, version, idempotencyKey, attempts } = row;
  return { outboxId, contractId, eventId, version, idempotencyKey, attempts };
}
