import type { ActionOutcome } from '../../../protocol/actions.ts';
import { unreadAhead } from '../log/ahead.ts';
import { closeContext, openContext } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import { UNTIL_CHANGED, type ContractRecord } from '../storage/contract-record.ts';
import { markLatest, reconcileMarks } from '../storage/marks.ts';
import { markRead, type Members } from './mass-reading.ts';
import { putBack } from './undo.ts';
import { openUndoLog, type Done } from './undo-log.ts';
import type { Store } from '../storage/store.ts';
import type { LedgerAction } from '../types.ts';

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
  undo(accountId: number, undoId: number, now: number): boolean;
}

const NOTHING: ActionOutcome = { undoId: null, changed: 0 };

/** `now`: the client's clock, epoch ms; undo is forgotten with this object. */
export function openContractActions(store: Store, now: number): ContractActions {
  const log = openUndoLog(now);

  function run(accountId: number, at: number, work: (context: WriteContext) => Done): ActionOutcome {
    const done = store.transaction('normal', () => {
      const context = openContext(store, accountId, at);
      const result = work(context);
      closeContext(context);
      return result;
    });
    const changed = done.contracts.length;
    return changed === 0 ? NOTHING : { undoId: log.keep({ accountId, done }), changed };
  }

  function read(accountId: number, members: Members, at: number): ActionOutcome {
    return run(accountId, at, (context) => markRead(context, members, log.nextId()));
  }

  return {
    perform(accountId, contractIds, action, at) {
      if (action.do === 'read' && action.read) return read(accountId, { contractIds }, at);
      return run(accountId, at, (context) => {
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
        }
      });
    },
    markAllRead: (accountId, contractRowids, at) => read(accountId, { contractRowids }, at),
    undo(accountId, undoId, at) {
      const done = log.get(accountId, undoId);
      if (!done) return false;
      store.transaction('normal', () => {
        const context = openContext(store, accountId, at);
        putBack(context, done, undoId);
        closeContext(context);
      });
      log.drop(undoId);
      return true;
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
