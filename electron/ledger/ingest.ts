import type { SnapshotItem } from '../../protocol/api.ts';
import type { Acknowledged, StreamHead } from '../../protocol/control.ts';
import type { ViewRule } from '../../protocol/filter.ts';
import type { Severity } from '../../protocol/statuses.ts';
import type { StreamItem } from '../stream/types.ts';
import type { ConnectionStatus } from '../../protocol/connection.ts';

/* What goes into the ledger, and what came of it. */

/** What a snapshot tells of one contract. */
export interface SnapshotContract extends Omit<SnapshotItem, 'lastEvent' | 'since'> {
  readonly since: string;
  /** The original envelope of its latest event, letter by letter. */
  readonly lastEvent: string | null;
}

/** One of a snapshot that cannot be read. */
export interface UnreadableContract {
  /** Letter by letter. */
  readonly text: string;
  readonly reason: string;
}

export interface AppendBatch {
  add(items: readonly StreamItem[]): void;
  /** It will not be appended. */
  drop(): void;
}

/** A newly stored change, for notifications. */
export interface FreshEvent {
  readonly eventId: string;
  readonly contractId: string;
  readonly title: string;
  readonly counterparty: string | null;
  readonly from: string | null;
  readonly to: string;
  /** Why, in the words of whoever made the change. */
  readonly reason: string | null;
  readonly severity: Severity;
  readonly actionRequired: boolean;
  readonly time: string;
  /** The person wants no notifications of this contract. */
  readonly muted: boolean;
  /** What the saved views it is in say of its notifications. */
  readonly rule: ViewRule;
  /** A history brought it, and the stream has yet to come to it. */
  readonly isAhead?: boolean;
}

/** How soon what is missing is to be asked for; each is more urgent than those before it. */
export type RepairNeed =
  | 'none'
  /** Only events that cannot be read opened gaps: the server may have no better ones, so repair keeps its pace. */
  | 'later'
  /** Versions of a contract were passed over while a gap was open: its history may have some of what is missing there. */
  | 'jumped'
  /** A gap was opened, the server said StreamStale, or its snapshot is to be looked at. */
  | 'now';

export interface AppendOutcome {
  /** The durable cursor after the call. */
  readonly cursor: string | null;
  readonly stored: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly foreign: number;
  /** So many changes are news: unread. What is told again of before the first look is stored, and none. */
  readonly news: number;
  /** Of the news the newest, at most 50, and before them at most 50 that may still have to be told; oldest first. */
  readonly fresh: readonly FreshEvent[];
  /** Contracts touched; null when more than 500. */
  readonly contracts: readonly string[] | null;
  /** The last StreamHead among the items, and whether the ledger has reached it. */
  readonly head: (StreamHead & { readonly reached: boolean; readonly behind: number | null }) | null;
  readonly repair: RepairNeed;
  readonly acknowledged: readonly Acknowledged[];
  readonly notices: readonly string[];
  /** What is kept of it after the call: a proof does not outlive a server that shows the opposite. */
  readonly replay: ConnectionStatus['replay'];
}

export interface SnapshotOutcome {
  readonly baseline: boolean;
  readonly contracts: number;
  /** Contracts with versions missing here: their history is needed. */
  readonly needHistory: readonly string[];
  readonly cursor: string | null;
}

export interface PreviewPage {
  /** The event that was asked with. */
  readonly since: string;
  /** The head of the log to which the whole preview belongs, and its server time, RFC 3339. */
  readonly asOf: string;
  readonly at: string;
  readonly contracts: readonly SnapshotContract[];
  /** Whether more of it comes; `whole`: this was the last; `cut`: there was more than is taken. */
  readonly end: 'more' | 'whole' | 'cut';
}

export interface PreviewOutcome {
  /** Whose rows changed. */
  readonly contracts: readonly string[];
  /** Events between the log's end here and `asOf`. */
  readonly behind: number;
}

export interface MergeOutcome {
  readonly stored: number;
  readonly unreadable: number;
  /** What was stored shows that something else is missing, for which nothing has been asked yet. */
  readonly openedGap: boolean;
  readonly fresh: readonly FreshEvent[];
}
