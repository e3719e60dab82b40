import type { AwaySummary } from '../../protocol/away.ts';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { ContractAction, ActionOutcome } from '../../protocol/actions.ts';
import { RequestError, type Failure, type PlainCode } from '../../protocol/failures.ts';
import type { Facets, SavedView, SavedViewChange, ViewRule } from '../../protocol/filter.ts';
import type { Overview } from '../../protocol/overview.ts';
import type { StorageStats } from '../../protocol/settings.ts';
import type { StorageProblem, Unsent } from '../../protocol/ipc.ts';
import type { Gap, Receipt } from '../../protocol/receipt.ts';
import type {
  AcknowledgementProblem,
  ContractDetail,
  ContractRow,
  ViewCounts,
  ViewFilter,
  ViewRange,
} from '../../protocol/view.ts';
import type { StreamItem } from '../stream/types.ts';
import type {
  SnapshotContract,
  UnreadableContract,
  AppendBatch,
  AppendOutcome,
  FreshEvent,
  SnapshotOutcome,
  PreviewPage,
  PreviewOutcome,
  MergeOutcome,
} from './ingest.ts';

/**
 * Durable truth, one SQLite file written and read by one worker thread. Every method posts one message
 * to the worker and resolves with its answer, in the order of the calls. Times are epoch ms of the client's clock
 * unless said otherwise. A failed write rejects with LedgerError and has changed nothing.
 */
export interface Ledger {
  /** What was wrong when it was opened; null when nothing was. */
  readonly problem: StorageProblem | null;

  /** Finds or creates the account of this user at this server. */
  account(key: AccountKey): Promise<Account>;

  /** Items on their way to the thread before it is told to append them, so that nobody keeps them meanwhile. */
  batch(): AppendBatch;
  /**
   * Decodes the items and stores them: events, projection, duplicates' keys, quarantine, gaps, heads and the cursor,
   * in as few transactions as bounded time allows (each about 50 ms). When it rejects, the cursor stands before the
   * first item that was not stored. A batch is appended or dropped once.
   */
  append(
    accountId: number,
    items: readonly StreamItem[] | AppendBatch,
    receivedAt: number,
  ): Promise<AppendOutcome>;

  /** Stages a snapshot: begin, pages, then finish applies all of it in one go. Begin drops a staged one. */
  beginSnapshot(
    accountId: number,
    head: { readonly asOf: string | null; readonly at: string },
  ): Promise<void>;
  stageSnapshot(
    accountId: number,
    items: readonly SnapshotContract[],
    unreadable?: readonly UnreadableContract[],
  ): Promise<void>;
  /**
   * The first snapshot of an account is its baseline: contracts count as read, the cursor becomes `asOf`. Where events
   * came before it (a late baseline), the cursor stays, and what is unread, read, snoozed or acknowledged stays so.
   * A later one is for repair: projections accept newer versions only. One with contracts that cannot be read is shown, but
   * proves nothing: each of them is set aside, and opens a gap until a snapshot comes that can be read whole. Nor does one that is
   * not `isWhole` by its own word: it is no baseline either.
   */
  finishSnapshot(accountId: number, now: number, isWhole?: boolean): Promise<SnapshotOutcome>;
  /** No snapshot could be had (404, 501): events alone until a late baseline comes, `no_baseline` at best. */
  markWithoutSnapshot(accountId: number): Promise<void>;
  /** What the stream has shown of the server. */
  setReplay(accountId: number, replay: Account['replay']): Promise<void>;

  /**
   * From which event on a preview is to be asked for: what changed after it, newest first. Null where none is possible:
   * opaque ids, no baseline, a cursor of another epoch.
   */
  previewFrom(accountId: number): Promise<string | null>;
  /**
   * Shows the newest states of contracts ahead of the log and marks their rows so; nothing else changes: no event is stored,
   * no cursor, head, epoch, gap, key or version set moves. At most 1000 contracts a call. Null where the page does not fit
   * the log as it stands now.
   */
  preview(accountId: number, page: PreviewPage, now: number): Promise<PreviewOutcome | null>;

  /**
   * Original envelopes of one contract, letter by letter, oldest first. Missing ones are stored: unread where their position
   * is after the baseline, read otherwise. What cannot be read or stored of them is set aside. Not `isTold`: of them only
   * those are news (`fresh`) that the stream has passed. Those ahead of it are once it brings or passes them, or by `takeUntold`.
   */
  mergeHistory(
    accountId: number,
    contractId: string,
    envelopes: readonly string[],
    now: number,
    isTold: boolean,
  ): Promise<MergeOutcome>;
  /**
   * What histories brought before the stream, is unread, and nobody was told of: at most 500, the newest, oldest first. From now on
   * all of it counts as told, also when the stream brings it after all.
   */
  takeUntold(accountId: number): Promise<readonly FreshEvent[]>;
  /**
   * Heals the gaps that the last snapshot and the merged histories cover; notes an attempt on the others.
   */
  reconcileGaps(
    accountId: number,
    attempt: { readonly now: number; readonly nextAttemptAt: number | null; readonly note: string },
  ): Promise<Reconciled>;
  /**
   * A head whose id has no order stands, and nothing comes: opens a gap for what it names, unless that is here, is told
   * already, or heads of this server name another kind of id than its events have. True when one was opened.
   */
  headStands(accountId: number, id: string, now: number): Promise<boolean>;
  /**
   * The stream lives, though it brings nothing to be stored: a time without changes is no absence. `isCaughtUp`: what was missed
   * has come, as far as that shows where no head is named; then the absence before it is over.
   */
  noteLife(accountId: number, now: number, isCaughtUp: boolean): Promise<void>;
  /** Open ones oldest first, then healed ones newest first; at most 1000 of each. */
  gaps(accountId: number, only: 'open' | 'all'): Promise<readonly Gap[]>;

  /** Contracts of which a version is here, and a later one, and not what lies between; at most `limit`. */
  contractsWithGaps(accountId: number, limit: number): Promise<readonly string[]>;

  /** The computer is in another time zone: days begin at its midnight from now on. */
  followTimeZone(): Promise<void>;
  /** Tells at most 100 open gaps; `missing` counts all. `dayStart`: local midnight, epoch ms. */
  receipt(accountId: number, dayStart: number, facts?: ServerFacts): Promise<Receipt>;

  /** Rows of a live view in the filter's order; ties: newest position first, then what was stored last. */
  readView(accountId: number, filter: ViewFilter, range: ViewRange): Promise<ViewPage>;
  /** Freezes order and membership as they are now; rows are then read by it until it is released. */
  holdView(accountId: number, viewId: number, filter: ViewFilter): Promise<void>;
  /**
   * What the window that shows this view is to be told, so that it stands as it is now: everything (`whole`), or what differs
   * from what it was told last. `rows`: where no row has changed, what else has is left for later. Of a held view the
   * order and membership it was held with, with the rows' present content. Rejects with `unknown` for one that
   * is not held (held orders end with the thread, and with a file set aside).
   */
  tellView(accountId: number, view: AskedView, how: 'whole' | 'changes' | 'rows'): Promise<ViewUpdate>;
  /** Lets go of its order, and forgets what it was told. */
  releaseView(viewId: number): Promise<void>;

  contract(accountId: number, contractId: string): Promise<ContractDetail | null>;
  /** As a notification needs it: its row, with what the saved views it is in say of telling it. */
  standing(accountId: number, contractId: string): Promise<Standing | null>;
  /** One change; unknown ones are passed over. */
  setEventRead(accountId: number, contractId: string, eventId: string, read: boolean): Promise<void>;
  /** All in one transaction, FULL sync where it acknowledges. Contracts that are not known, or stand so already, are passed over. */
  perform(
    accountId: number,
    contractIds: readonly string[],
    action: LedgerAction,
    now: number,
  ): Promise<ActionOutcome>;
  /** Everything in the view (as held, where it is) becomes read. */
  markViewRead(accountId: number, viewId: number, filter: ViewFilter, now: number): Promise<ActionOutcome>;
  /** Puts back what the action changed, where it still stands as the action left it. */
  undo(accountId: number, undoId: number, now: number): Promise<UndoOutcome>;
  /** Ends snoozes that are over; `contracts` as in AppendOutcome; `nextAt`: when the next one ends, epoch ms. */
  wakeSnoozed(
    accountId: number,
    now: number,
  ): Promise<{ readonly contracts: readonly string[] | null; readonly nextAt: number | null }>;
  /** Notes that the person has looked at the contract as it stands: what `lastViewed` compares with from now on. */
  markViewed(accountId: number, contractId: string, now: number): Promise<void>;

  /** Ids of the view's rows in its present order (as held, where it is). */
  viewIds(
    accountId: number,
    viewId: number,
    filter: ViewFilter,
    range: { readonly offset: number; readonly count: number },
  ): Promise<readonly string[]>;
  /** Parties and actors whose names begin (by word) with `text`; all for ''. */
  facets(accountId: number, text: string): Promise<Facets>;
  savedViews(accountId: number): Promise<readonly SavedView[]>;
  /** Adds at the end, or replaces what is given. At most MAX_SAVED_VIEWS: more rejects with `unknown`. */
  saveView(accountId: number, view: SavedViewChange): Promise<void>;
  removeView(accountId: number, savedId: number): Promise<void>;
  /** Unknown ids are passed over; those not named keep their order at the end. */
  orderViews(accountId: number, savedIds: readonly number[]): Promise<void>;
  /**
   * Reminders of due dates that the saved views want by `now`. Each is given out once for good: what is not told after this is not
   * told any more.
   */
  takeDueReminders(accountId: number, now: number): Promise<DueReminders>;
  /**
   * Rows of the filter after `offset` with the original envelope of their latest change, for export. At most 500.
   * `viewId`: in the order and membership held under it, so that pages read one after the other miss nobody.
   */
  exportRows(
    accountId: number,
    filter: ViewFilter,
    range: ViewRange,
    viewId?: number,
  ): Promise<{ readonly total: number; readonly rows: readonly ExportRow[] }>;
  overview(accountId: number, days: number, now: number): Promise<Overview>;
  away(accountId: number): Promise<AwaySummary | null>;
  facts(accountId: number): Promise<Pick<StorageStats, 'bytes' | 'contracts' | 'events' | 'oldest'>>;
  unsent(accountId: number): Promise<Unsent>;

  /** Takes back the acknowledgement that is held, whenever it was made. False: none is held. */
  undoAcknowledgement(accountId: number, contractId: string): Promise<boolean>;
  retryAcknowledgement(accountId: number, contractId: string, now: number): Promise<boolean>;
  /**
   * What is due to be sent at `now`, oldest first, at most one a contract; and when the next is due. From then on
   * it is `sending` and cannot be undone. It is given out again, under the same key, until it is settled. `early`: entries to
   * be repeated that are given out before their time. Not `canBegin`: what is held stays so, and can be undone.
   */
  dueAcknowledgements(
    accountId: number,
    now: number,
    early?: readonly number[],
    canBegin?: boolean,
  ): Promise<{ readonly due: readonly OutboxEntry[]; readonly nextAt: number | null }>;
  completeAcknowledgement(outboxId: number, result: AcknowledgementResult, now: number): Promise<void>;

  /**
   * Background maintenance in small steps: one step of about 20 ms; `done` when nothing is left to do now. `now` is a time that our
   * clock is not alone in telling; null: there is none, so nothing is removed for its age.
   */
  maintain(
    policy: RetentionPolicy,
    now: number | null,
  ): Promise<{ readonly done: boolean; readonly removed: number }>;

  /**
   * Support information: counts, versions, sizes, quarantine reasons, foreign names; no contract texts. `of`: with the receipt of the
   * same moment, which these arguments of `receipt` ask for.
   */
  diagnostics(of?: ReceiptArguments): Promise<LedgerDiagnostics>;
  /** Removes everything of this account from the file, for "sign out and erase". */
  eraseAccount(accountId: number): Promise<void>;
  /** A consistent copy of the whole file, made while in use; the other calls go on meanwhile. `path`: a new or an empty one. */
  backup(path: string): Promise<void>;
  /** What another file is: read whole by this thread (a large one for seconds), not changed by what is in it. */
  inspectBackup(path: string): Promise<BackupContent>;
  /** Whose history is in the file. */
  accounts(): Promise<readonly KeptAccount[]>;
  /**
   * For a file that was a backup: removes accounts that are not to be kept, so that nothing that was erased comes back, and
   * acknowledgements that are not confirmed: they may have been undone, or sent and handed back since. Nor is it
   * believed any longer that the server keeps what was not received. `keep`: from the ledger that
   * it replaces; what that had more is missing, unless the next head tells.
   */
  settleRestored(keep: readonly KeptAccount[], now: number): Promise<readonly RestoredAccount[]>;
  /** Finishes what was asked, checkpoints the WAL and ends the worker. */
  close(): Promise<void>;
}

export interface LedgerOptions {
  /** The file; its folder exists. `:memory:` for none. */
  readonly path: string;
  /** The worker's module: `worker.ts` in tests, the built file in the app. */
  readonly workerUrl: URL;
  readonly now: () => number;
  /**
   * Damage that showed while running: the file was set aside (`.damaged-TIME`), a fresh one is in use with the same
   * account numbers and no baseline. The call that met it rejects with `corrupt`; ask for `account` again.
   */
  readonly onProblem?: (problem: StorageProblem) => void;
  /** The thread ended although nobody had closed the ledger: all calls reject from now on. What was stored is safe. */
  readonly onEnded?: (error: LedgerError) => void;
}

/** An account of a ledger with the newest change that is stored of it. */
export interface KeptAccount extends AccountKey {
  readonly newestId: string | null;
}

/** An account that a backup has brought back. */
export interface RestoredAccount extends Pick<AccountKey, 'server' | 'userId'> {
  /** Acknowledgements in it that were not confirmed, and are not sent again. */
  readonly notSent: number;
}

export interface AccountKey {
  /** Origin and path prefix of the server, normalised. */
  readonly server: string;
  readonly userId: string;
  readonly userName: string;
  readonly locale: string;
}

/** What a file is that somebody offers as a backup. */
export type BackupContent =
  | {
      readonly kind: 'ledger';
      readonly accounts: readonly (AccountKey & {
        readonly contracts: number;
        readonly events: number;
        /** When the server was last heard of, epoch ms, client clock; null: never. */
        readonly lastSignAt: number | null;
      })[];
    }
  /** Something else, or of no known version. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged'; readonly detail: string };

/** What following an account has shown of its server since the app started, and what is said depends on. */
export interface ServerFacts {
  /** Everything that the server had has arrived once: a server that had named no head by a while after that names none. */
  readonly wasCaughtUp: boolean;
  /** The server itself has answered that it has nothing to fetch what is missing from. */
  readonly cannotFetch: boolean;
  /** By its profile it has no list of contracts: it is not asked for one. */
  readonly hasNoList: boolean;
  /** When it is asked again for what is missing, client clock, epoch ms; null while it is being asked, or nothing waits for it. */
  readonly nextRepairAt: number | null;
}

/** What an attempt to heal gaps has come to. */
export interface Reconciled {
  readonly healed: number;
  /** What is left to do: open gaps, an epoch that is not confirmed, a baseline that is missing. */
  readonly open: number;
  /** What the last head named is stored, or in no gap (ids that have an order). */
  readonly isHeadHere: boolean;
  readonly replay: Account['replay'];
}

export interface Account {
  readonly accountId: number;
  readonly userId: string;
  /** The durable cursor; null before the baseline. */
  readonly cursor: string | null;
  /** `without`: no snapshot could be had yet; the account is followed from its events alone. */
  readonly baseline: 'none' | 'snapshot' | 'without';
  /** Whether this server sends again what happened while the app was away. */
  readonly replay: ConnectionStatus['replay'];
  /** Whether a head was ever named on its stream. */
  readonly namesHeads: boolean;
  /** The heartbeat that the last head announced, ms; null for none. */
  readonly heartbeatMs: number | null;
  /** When the newest change was received that the baseline did not bring, client clock, epoch ms; null for none. */
  readonly newestReceivedAt: number | null;
}

export type Standing = ContractRow & { readonly rule: ViewRule };

export interface DueReminders {
  readonly count: number;
  /** Of them the first due ones, at most 50. */
  readonly contracts: readonly string[];
}

export interface ViewPage {
  readonly total: number;
  readonly rows: readonly ContractRow[];
  readonly counts: ViewCounts;
}

/** A view on the screen. */
export interface AskedView {
  readonly viewId: number;
  readonly filter: ViewFilter;
  readonly range: ViewRange;
  readonly held: boolean;
}

export interface ViewUpdate {
  readonly counts: ViewCounts;
  /** Something else than rows has changed and was not told. */
  readonly isBehind: boolean;
  /** Null: nothing to tell. A row that stands as it was last told is there by its key alone. `waiting`: contracts that would move or come. */
  readonly page: {
    readonly total: number;
    readonly waiting: number;
    readonly rows: readonly (ContractRow | string)[];
  } | null;
}

/** Acknowledgements are held for undo until `dueAt`, epoch ms. */
export type LedgerAction =
  | Exclude<ContractAction, { readonly do: 'acknowledge' }>
  | { readonly do: 'acknowledge'; readonly dueAt: number };

export interface UndoOutcome {
  /** What was taken back; null: the action is unknown, undone already, or an acknowledgement that is on its way. */
  readonly undone: 'read' | 'unread' | 'mute' | 'snooze' | 'acknowledge' | null;
  /** Contracts it had changed; null for many. */
  readonly contracts: readonly string[] | null;
}

export interface ExportRow {
  readonly row: ContractRow;
  /** Null where it is not kept any more, or a snapshot told of the contract. */
  readonly envelope: string | null;
}

export interface OutboxEntry {
  readonly outboxId: number;
  readonly contractId: string;
  readonly eventId: string;
  readonly version: number;
  readonly idempotencyKey: string;
  readonly attempts: number;
}

export type AcknowledgementResult =
  /** `isRepeated`: the server says what it answered, or would have, before; it may have been handed back since. */
  | { readonly state: 'sent'; readonly isRepeated?: boolean }
  | { readonly state: 'superseded' }
  | { readonly state: 'failed'; readonly problem: AcknowledgementProblem }
  /** `problem`: what came of this attempt. */
  | { readonly state: 'retry'; readonly at: number; readonly problem: AcknowledgementProblem };

export interface RetentionPolicy {
  /** Events older than this are removed; contracts keep their latest change. Ms; null for never. */
  readonly maxAgeMs: number | null;
  /** Upper bound for the file; the oldest events go first. Bytes; null for none. */
  readonly maxBytes: number | null;
}

export type ReceiptArguments = Parameters<Ledger['receipt']>;

export interface LedgerDiagnostics {
  /** Null where none was asked for. */
  readonly receipt: Receipt | null;
  readonly schemaVersion: number;
  readonly sqliteVersion: string;
  readonly fileBytes: number;
  readonly events: number;
  readonly contracts: number;
  readonly openGaps: number;
  readonly quarantined: readonly {
    readonly eventId: string | null;
    readonly reason: string;
    readonly at: number;
  }[];
  readonly foreignNames: readonly { readonly name: string; readonly count: number }[];
}

export type LedgerErrorCode = Exclude<StorageProblem['code'], 'restarted' | 'ended'> | 'closed';

/** What a person is told where nothing more exact is known. */
const FAILURES = {
  corrupt: 'ledgerCorrupt',
  newer_version: 'ledgerNewer',
  read_only: 'ledgerReadOnly',
  locked: 'ledgerLocked',
  disk_full: 'ledgerFull',
  unknown: 'ledgerOther',
  closed: 'ownFault',
} as const satisfies Readonly<Record<LedgerErrorCode, PlainCode>>;

/** Crosses the thread as `{code, failure}` and is made anew on this side. */
export class LedgerError extends RequestError {
  readonly code: LedgerErrorCode;
  /** `told`: what a person is told, or the technical detail of what is usually told for this code. */
  constructor(code: LedgerErrorCode, told: Failure | string) {
    super(typeof told === 'string' ? { code: FAILURES[code], params: {}, detail: told } : told);
    this.name = 'LedgerError';
    this.code = code;
  }
}
