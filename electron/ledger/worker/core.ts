import type { StorageProblem } from '../../../protocol/ipc.ts';
import { followTimeZone } from '../../ports/time-zone.ts';
import type { StreamItem } from '../../stream/types.ts';
import { eraseAccount, findAccount, listAccounts, setReplay } from '../storage/account.ts';
import { backUpTo, inspectBackup } from '../storage/backup.ts';
import { readAway } from '../read-model/away.ts';
import { apart } from '../ingest/apart.ts';
import { appendItems, appendUnstorable } from '../ingest/append.ts';
import { closeContext, openContext } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import { restContracts } from '../storage/contracts.ts';
import { openContractActions } from '../actions/contract-actions.ts';
import { closeQuietly, openDatabase, setAside } from '../storage/database.ts';
import { readContract } from '../read-model/detail.ts';
import { readDiagnostics } from '../read-model/diagnostics.ts';
import { isOfContent, toLedgerError } from '../storage/errors.ts';
import { withEnvelopes } from '../read-model/export.ts';
import { readStats } from '../storage/storage-stats.ts';
import { mergeHistory } from '../ingest/history.ts';
import { contractsWithGaps, listGaps } from '../log/list-gaps.ts';
import { noteLife } from '../gaps/absence.ts';
import { headStands } from '../gaps/named-head.ts';
import * as outbox from '../actions/outbox.ts';
import { markViewed } from '../read-model/last-viewed.ts';
import { setEventRead } from '../actions/reading.ts';
import { readOverview } from '../read-model/overview.ts';
import { preview, previewFrom } from '../ingest/preview.ts';
import { computeReceipt } from '../read-model/receipt.ts';
import { openRetention } from '../ingest/retention.ts';
import { orderViews, removeView, saveView } from '../actions/saved-views.ts';
import { reconcileGaps } from '../gaps/reconcile.ts';
import { finishSnapshot, markWithoutSnapshot } from '../ingest/snapshot.ts';
import { takeAllUntold } from '../ingest/untold.ts';
import { wakeSnoozed } from '../actions/snooze.ts';
import { beginSnapshot, stageSnapshot } from '../ingest/staged.ts';
import { createStore, type Store } from '../storage/store.ts';
import { addStats, newStats, type AppendStats } from '../ingest/append-stats.ts';
import type { Account, AccountKey, Ledger } from '../types.ts';
import type { AppendOutcome } from '../ingest.ts';
import { METHODS, type Method } from './methods.ts';
import { settleRestored } from './settle-restored.ts';
import { openViews } from '../read-model/views.ts';

/** The ledger's methods as the thread runs them: the same arguments, answers at once (they may be awaited as the ledger's own are). */
type PlainMethods = {
  readonly [M in Exclude<Method, 'append' | 'backup' | 'close'>]: (
    ...args: Parameters<Ledger[M]>
  ) => Awaited<ReturnType<Ledger[M]>> | ReturnType<Ledger[M]>;
};

export type LedgerCore = PlainMethods & {
  readonly problem: StorageProblem | null;
  /** Takes the items one by one, so that they need not all be there at once. */
  append(accountId: number, items: Iterable<StreamItem>, receivedAt: number): Promise<AppendOutcome>;
  /**
   * What can be made ready while nobody asks: the lists of the accounts in use, and for a few milliseconds the search's index.
   * True when nothing is left.
   */
  rest(): boolean;
  /** For the moment after the last answer: what would otherwise make a later call wait. */
  checkpoint(): void;
  backup(target: string): Promise<void>;
  close(): void;
};

export interface CoreOptions {
  readonly path: string;
  /** Client clock, epoch ms: names a damaged file. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly elapsed: () => number;
  /** Lets others have their turn between the transactions of one append. */
  readonly yieldToUrgent: () => Promise<void>;
  /** Whether somebody waits for that turn; asked often, so it must cost little. */
  readonly hasUrgent?: () => boolean;
  readonly onProblem: (problem: StorageProblem) => void;
  /** How the file is opened; `openDatabase` unless told otherwise. */
  readonly open?: typeof openDatabase;
}

/** How long an append's transaction runs although somebody waits: small ones cost most of a catch-up. Ms. */
const TRANSACTION_MS = 25;
/** Its longest run while nobody waits. Ms. */
const LONG_TRANSACTION_MS = 250;
const MAINTAIN_MS = 20;
const INDEX_MS = 10;

export function openCore(options: CoreOptions): LedgerCore {
  const { path, now, elapsed, open = openDatabase, hasUrgent = () => false } = options;
  const opened = open(path, now());
  const accounts = new Map<number, AccountKey>();
  let store = createStore(opened.db);
  let views = openViews(store, now);
  let contractActions = openContractActions(store, now());
  let retention = openRetention(store, elapsed);
  let onFile = path !== ':memory:' && opened.problem?.inMemory !== true;

  function use(next: Store): void {
    store = next;
    views = openViews(store, now);
    contractActions = openContractActions(store, now());
    retention = openRetention(store, elapsed);
  }

  /** Damage that shows while running: the file is set aside and a fresh one begins, with the same account numbers. */
  function replaceDamaged(detail: string): void {
    closeQuietly(store.db);
    let setAsideAt: string | null = null;
    try {
      if (onFile) setAsideAt = setAside(path, now());
    } catch {
      // It may be gone altogether; the fresh one then takes its place, or memory does.
    }
    const fresh = open(onFile ? path : ':memory:', now());
    onFile &&= fresh.problem?.inMemory !== true;
    use(createStore(fresh.db));
    for (const [accountId, key] of accounts) findAccount(store, key, accountId);
    options.onProblem({ code: 'corrupt', inMemory: !onFile, setAsideAt, detail });
  }

  function fail(error: unknown): never {
    const failure = toLedgerError(error);
    if (failure.code === 'corrupt') replaceDamaged(failure.failure.detail);
    throw failure;
  }

  /** What reads: errors become LedgerErrors. */
  function read<A extends readonly unknown[], R>(run: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      try {
        return run(...args);
      } catch (error) {
        return fail(error);
      }
    };
  }

  /** What writes: held views and searches are told which contracts. */
  function write<A extends readonly unknown[], R>(run: (...args: A) => R): (...args: A) => R {
    return read((...args: A) => {
      const result = run(...args);
      tellViews();
      return result;
    });
  }

  /** Each as its line of the table says. */
  function guarded(methods: PlainMethods): PlainMethods {
    const all = Object.entries(methods) as [keyof PlainMethods, (...args: unknown[]) => unknown][];
    const each = all.map(([method, run]) => [method, METHODS[method].writes ? write(run) : read(run)]);
    return Object.fromEntries(each) as PlainMethods;
  }

  function tellViews(): void {
    const written = store.takeWritten();
    if (written === null || written.rowids.size + written.records.length > 0) views.noteChange(written);
  }

  /** One transaction of an append. */
  const appendSome = write((accountId: number, items: Iterator<StreamItem>, receivedAt: number) => {
    const began = elapsed();
    const pause = (): boolean => {
      const ran = elapsed() - began;
      return ran >= LONG_TRANSACTION_MS || (ran >= TRANSACTION_MS && hasUrgent());
    };
    const taken: StreamItem[] = [];
    try {
      return writeSome(accountId, receivedAt, (context, part) =>
        appendItems(context, items, part, pause, taken),
      );
    } catch (error) {
      if (!isOfContent(error)) throw error;
      return appendApart(accountId, taken, receivedAt);
    }
  });

  interface Step {
    readonly part: AppendStats;
    readonly ended: boolean;
    readonly state: Pick<Account, 'cursor' | 'replay'>;
  }

  function writeSome(
    accountId: number,
    receivedAt: number,
    work: (context: WriteContext, part: AppendStats) => boolean,
  ): Step {
    const part = newStats();
    return store.transaction('normal', () => {
      const context = openContext(store, accountId, receivedAt);
      const ended = work(context, part);
      part.contracts = new Set(closeContext(context).map((record) => record.contractId));
      return { part, ended, state: context.state };
    });
  }

  /** What a transaction failed with, because of what was to be written: all but the item at fault is stored. */
  function appendApart(accountId: number, taken: readonly StreamItem[], receivedAt: number): Step {
    const steps = apart(
      taken,
      (items) =>
        writeSome(accountId, receivedAt, (context, part) => {
          appendItems(context, items.values(), part, () => false);
          return false;
        }),
      (item, reason) => {
        const set = (how: 'whole' | 'bare'): Step =>
          writeSome(accountId, receivedAt, (context, part) => {
            appendUnstorable(context, item, reason, part, how);
            return false;
          });
        try {
          return set('whole');
        } catch (error) {
          if (!isOfContent(error)) throw error;
          return set('bare');
        }
      },
    );
    const part = newStats();
    for (const step of steps) addStats(part, step.part);
    return { part, ended: false, state: steps.at(-1)?.state ?? { cursor: null, replay: 'unknown' } };
  }

  function erase(accountId: number): void {
    accounts.delete(accountId);
    // Erased is to mean gone from the file too, not just from its tables.
    store.db.exec('PRAGMA secure_delete = ON');
    try {
      eraseAccount(store, accountId);
      // Pages that were split before hold copies of what was moved away from them, which no deletion finds.
      store.db.exec('VACUUM');
      if (onFile) store.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      store.db.exec('PRAGMA secure_delete = OFF');
    }
  }

  const methods: PlainMethods = {
    account: (key) => {
      const account = findAccount(store, key);
      accounts.set(account.accountId, key);
      return account;
    },
    beginSnapshot: (accountId, head) => beginSnapshot(store, accountId, head),
    stageSnapshot: (accountId, items, unreadable = []) => stageSnapshot(store, accountId, items, unreadable),
    finishSnapshot: (accountId, at, isWhole = true) => finishSnapshot(store, accountId, at, isWhole),
    markWithoutSnapshot: (accountId) => markWithoutSnapshot(store, accountId),
    setReplay: (accountId, replay) => setReplay(store, accountId, replay),
    previewFrom: (accountId) => previewFrom(store, accountId),
    preview: (accountId, page, at) => preview(store, accountId, page, at),
    mergeHistory: (accountId, ...rest) => {
      const outcome = mergeHistory(store, accountId, ...rest);
      tellViews();
      return { ...outcome, fresh: views.withRules(accountId, outcome.fresh) };
    },
    takeUntold: (accountId) => views.withRules(accountId, takeAllUntold(store, accountId)),
    reconcileGaps: (accountId, attempt) => reconcileGaps(store, accountId, attempt),
    headStands: (accountId, id, at) => headStands(store, accountId, id, at),
    noteLife: (accountId, at, isCaughtUp) => noteLife(store, accountId, at, isCaughtUp),
    gaps: (accountId, only) => listGaps(store, accountId, only),
    contractsWithGaps: (accountId, limit) => contractsWithGaps(store, accountId, limit),
    followTimeZone,
    receipt: (accountId, dayStart, facts) => computeReceipt(store, accountId, dayStart, facts),
    readView: (accountId, filter, range) => views.readView(accountId, filter, range),
    holdView: (accountId, viewId, filter) => views.holdView(accountId, viewId, filter),
    tellView: (accountId, view, how) => views.tellView(accountId, view, how),
    releaseView: (viewId) => views.releaseView(viewId),
    contract: (accountId, contractId) => readContract(store, accountId, contractId),
    standing: (accountId, contractId) => {
      const detail = readContract(store, accountId, contractId);
      return detail && { ...detail.row, rule: views.ruleOf(accountId, contractId) };
    },
    undoAcknowledgement: (accountId, contractId) =>
      outbox.undoAcknowledgement(store, accountId, contractId, now()),
    retryAcknowledgement: (accountId, contractId, at) =>
      outbox.retryAcknowledgement(store, accountId, contractId, at),
    dueAcknowledgements: (accountId, at, early, canBegin) =>
      outbox.dueAcknowledgements(store, accountId, at, early, canBegin),
    completeAcknowledgement: (...of) => void outbox.completeAcknowledgement(store, ...of),
    setEventRead: (accountId, contractId, eventId, isRead) =>
      setEventRead(store, accountId, contractId, eventId, isRead, now()),
    perform: (accountId, contractIds, action, at) =>
      contractActions.perform(accountId, contractIds, action, at),
    markViewRead: (accountId, viewId, filter, at) =>
      contractActions.markAllRead(accountId, views.members(accountId, viewId, filter), at),
    undo: (accountId, undoId, at) => contractActions.undo(accountId, undoId, at),
    wakeSnoozed: (accountId, at) => wakeSnoozed(store, accountId, at),
    markViewed: (accountId, contractId, at) => markViewed(store, accountId, contractId, at),
    viewIds: (accountId, viewId, filter, range) => views.viewIds(accountId, viewId, filter, range),
    facets: (accountId, text) => views.facets(accountId, text),
    savedViews: (accountId) => views.savedViews(accountId),
    saveView: (accountId, view) => {
      saveView(store, accountId, view);
      views.noteSavedViews(accountId);
    },
    removeView: (accountId, savedId) => {
      removeView(store, accountId, savedId);
      views.noteSavedViews(accountId);
    },
    takeDueReminders: (accountId, at) => views.takeDueReminders(accountId, at),
    orderViews: (accountId, savedIds) => orderViews(store, accountId, savedIds),
    exportRows: (accountId, filter, range, viewId) => {
      const page =
        viewId === undefined
          ? views.readView(accountId, filter, range, true)
          : views.readFrozen(accountId, viewId, range);
      return { total: page.total, rows: withEnvelopes(store, accountId, page.rows) };
    },
    overview: (accountId, days, at) => readOverview(store, accountId, views.columns(accountId), days, at),
    away: (accountId) => readAway(store, accountId, views.columns(accountId)),
    facts: (accountId) => readStats(store, accountId),
    unsent: (accountId) => outbox.readUnsent(store, accountId),
    maintain: (policy, at) => {
      const end = elapsed() + MAINTAIN_MS;
      const indexed = views.index(() => elapsed() >= end);
      const { done, removed } = retention.step(policy, at, Math.max(MAINTAIN_MS / 4, end - elapsed()));
      if (removed > 0) views.noteRemoval();
      return { done: done && indexed, removed };
    },
    diagnostics: (of) => readDiagnostics(store, of),
    eraseAccount: erase,
    inspectBackup,
    accounts: () => listAccounts(store),
    settleRestored: (keep, at) => settleRestored(store, keep, at, erase),
  };

  return {
    ...guarded(methods),
    problem: opened.problem,
    async append(accountId, items, receivedAt) {
      const sum = newStats();
      const rest = items[Symbol.iterator]();
      const some = (): Step => {
        const step = appendSome(accountId, rest, receivedAt);
        // After its write: views are of what is stored.
        addStats(sum, { ...step.part, fresh: views.withRules(accountId, step.part.fresh) });
        return step;
      };
      let step = some();
      while (!step.ended) {
        await options.yieldToUrgent();
        step = some();
      }
      const { cursor, replay } = step.state;
      return { ...sum, cursor, replay, contracts: sum.contracts && [...sum.contracts] };
    },
    rest: read(() => {
      const end = elapsed() + INDEX_MS;
      for (const accountId of accounts.keys()) {
        restContracts(store, accountId);
        views.prepare(accountId);
      }
      return views.index(() => elapsed() >= end);
    }),
    checkpoint: read(() => {
      if (onFile) store.checkpoint();
    }),
    backup: (target) => backUpTo(store.db, target),
    close() {
      try {
        if (onFile) store.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // A full disk: the journal stays beside the file and is taken in at the next start.
      }
      closeQuietly(store.db);
    },
  };
}
