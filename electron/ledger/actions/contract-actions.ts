import type { ActionOutcome } from '../../../protocol/actions.ts';
import { unreadAhead } from '../log/ahead.ts';
import { closeContext, openContext } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import { UNTIL_CHANGED, type ContractRecord } from '../storage/contract-record.ts';
import { markLatest, reconcileMarks } from '../storage/marks.ts';
import { markRead, type Members } from './mass-reading.ts';
import { holdAcknowledgement } from './outbox.ts';
import { putBack } from './undo.ts';
import { openUndoLog, type Done } from './undo-log.ts';
import type { Store } from '../storage/store.ts';
import type { LedgerAction, UndoOutcome } from '../types.ts';

/** What a person does to contracts, each action in one transaction, and its undo. */
export interface ContractActions {
  perform(
    accountId: number,
    contractIds: readonly string[],
    action: LedgerAction,
    now: number,
  ): ActionOutcome;
  /** Everything in these contracts becomes read. */
  markAllRead(accountId: number, contractRowids: Float64Array, now: number): ActionOutcome;
  undo(accountId: number, undoId: number, now: number): UndoOutcome;
}

/** More than these are told as "many". */
const MANY = 500;
const NOTHING: ActionOutcome = { undoId: null, changed: 0 };
const NOTHING_UNDONE: UndoOutcome = { undone: null, contracts: [] };

/** `now`: the client's clock, epoch ms; undo is forgotten with this object. */
export function openContractActions(store: Store, now: number): ContractActions {
  const log = openUndoLog(now);

  /** What is promised to the server is as durable as the disk allows. */
  function write<T>(
    accountId: number,
    at: number,
    what: Done['what'] | LedgerAction['do'],
    work: (context: WriteContext) => T,
  ): T {
    return store.transaction(what === 'acknowledge' ? 'full' : 'normal', () => {
      const context = openContext(store, accountId, at);
      const result = work(context);
      closeContext(context);
      return result;
    });
  }

  function keep(accountId: number, done: Done): ActionOutcome {
    const changed = done.contracts.length;
    return changed === 0 ? NOTHING : { undoId: log.keep({ accountId, done }), changed };
  }

  function read(accountId: number, members: Members, at: number, isKept: boolean): ActionOutcome {
    const done = write(accountId, at, 'read', (context) => markRead(context, members, log.nextId()));
    return isKept ? keep(accountId, done) : { undoId: null, changed: done.contracts.length };
  }

  return {
    perform(accountId, contractIds, action, at) {
      if (action.do === 'read' && action.read)
        return read(accountId, { contractIds }, at, action.byShowing !== true);
      const done = write(accountId, at, action.do, (context) => {
        const records = [...new Set(contractIds)]
          .map((id) => context.contracts.get(id))
          .filter((record) => record !== undefined);
        switch (action.do) {
          case 'read':
            return markUnread(context, records);
          case 'mute':
            return mute(context, records, action.muted ? 1 : 0);
          case 'snooze':
            return snooze(context, records, action.until ?? UNTIL_CHANGED);
          case 'unsnooze':
            return snooze(context, records, null);
          case 'acknowledge':
            return acknowledge(context, records, action.dueAt);
        }
      });
      return keep(accountId, done);
    },
    markAllRead: (accountId, contractRowids, at) => read(accountId, { contractRowids }, at, true),
    undo(accountId, undoId, at) {
      const done = log.get(accountId, undoId);
      if (!done) return NOTHING_UNDONE;
      const rowids = done.contracts.length > MANY ? null : [...done.contracts];
      const outcome = write(accountId, at, done.what, (context) => {
        const undone = putBack(context, done, undoId) ? done.what : null;
        const records = rowids?.map((rowid) => context.contracts.byRowid(rowid)?.contractId) ?? null;
        return { undone, contracts: records && records.filter((id) => id !== undefined) };
      });
      log.drop(undoId);
      return outcome;
    },
  };
}

const rowidsOf = (records: readonly ContractRecord[]): Float64Array =>
  Float64Array.from(records, (record) => record.contractRowid);

/** The latest change of each that is read. */
function markUnread(context: WriteContext, records: readonly ContractRecord[]): Done {
  const { store, state } = context;
  const settled = new Map<number, readonly number[]>();
  const changed: { readonly record: ContractRecord; readonly marked: number; readonly readBy: number }[] = [];
  for (const record of records) {
    if (record.unread > 0 || record.ahead === 2) continue;
    if (record.ahead === 1) {
      unreadAhead(record);
      context.contracts.touch(record);
      changed.push({ record, marked: -record.position, readBy: 0 });
      continue;
    }
    const { readBy } = record;
    const marks = reconcileMarks(store, state.accountId, record);
    if (marks.length > 0) settled.set(record.contractRowid, marks);
    const marked = markLatest(store, state.accountId, record);
    context.contracts.touch(record);
    if (marked !== null) changed.push({ record, marked, readBy: readBy ?? 0 });
  }
  return {
    what: 'unread',
    contracts: rowidsOf(changed.map((each) => each.record)),
    marked: Float64Array.from(changed, (each) => each.marked),
    readBy: Float64Array.from(changed, (each) => each.readBy),
    settled,
  };
}

function mute(context: WriteContext, records: readonly ContractRecord[], muted: 0 | 1): Done {
  const changed = records.filter((record) => record.muted !== muted);
  for (const record of changed) {
    record.muted = muted;
    context.contracts.touch(record);
  }
  return { what: 'mute', contracts: rowidsOf(changed), muted };
}

/** Those that require an action nobody has taken on. */
function acknowledge(context: WriteContext, records: readonly ContractRecord[], dueAt: number): Done {
  const held = records
    .map((record) => ({ record, outboxId: holdAcknowledgement(context, record, dueAt) }))
    .filter(({ outboxId }) => outboxId !== null);
  return {
    what: 'acknowledge',
    contracts: rowidsOf(held.map(({ record }) => record)),
    outboxIds: Float64Array.from(held, ({ outboxId }) => outboxId ?? -1),
  };
}

/** `until` null: no longer. A time that is over already snoozes nothing. */
function snooze(context: WriteContext, records: readonly ContractRecord[], until: number | null): Done {
  const over = until !== null && until <= context.now;
  const changed = over ? [] : records.filter((record) => record.snoozedUntil !== until);
  const done: Done = {
    what: 'snooze',
    contracts: rowidsOf(changed),
    until: until ?? Number.NaN,
    before: Float64Array.from(changed, (record) => record.snoozedUntil ?? Number.NaN),
    positions: Float64Array.from(changed, (record) => record.position),
  };
  for (const record of changed) {
    record.snoozedUntil = until;
    context.contracts.touch(record);
  }
  return done;
}
