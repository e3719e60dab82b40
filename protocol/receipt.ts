/** What may honestly be said of completeness. Computed from the ledger; DOMAIN: "The receipt". */

export type GapKind =
  | 'sequence' // a gap in the sequence of one epoch, or a head beyond the last event
  | 'version' // a jump of contract.version
  | 'stale' // the server no longer kept what came after our cursor
  | 'epoch' // the server's log began anew
  | 'quarantine' // an own event that could not be read
  | 'restart'; // the server began to count anew or went back: its ids stand for other events now

export interface Gap {
  readonly gapId: number;
  readonly kind: GapKind;
  /** Sequence range where known: first and last missing event, inclusive. */
  readonly epoch: string | null;
  readonly fromSequence: number | null;
  readonly toSequence: number | null;
  /** The contract concerned, for `version` and, where it could be told, `quarantine`. */
  readonly contractId: string | null;
  /** Client clock, epoch ms. */
  readonly openedAt: number;
  readonly healedAt: number | null;
  /** Repair attempts so far and when the next is due (epoch ms, null while one runs or none is planned): the same for all open gaps. */
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  /** Why it opened or why the last attempt did not heal it; English, technical, at most 300 characters. */
  readonly note: string;
}

export type Verdict =
  /**
   * Contiguous from the baseline, no open gap, and a head or snapshot named this event as the head. Newer events
   * may have come since, without a gap; they are in it once the next head is named.
   */
  | 'complete'
  /**
   * No gap, but no head was named yet in this epoch; or it is not known yet whether this server names any, because what
   * it had before is still arriving.
   */
  | 'confirming'
  /** Opaque ids, or a server that never names heads: nothing contradicts completeness, nothing proves it. */
  | 'no_gap_seen'
  /** No gap, but no snapshot could be had yet: contracts that have not changed since may be missing. It is asked for again. */
  | 'no_baseline'
  /** No gap, and the server has no list of contracts by its profile: those that have not changed since are not known here. */
  | 'no_list'
  /** At least one open gap. */
  | 'gaps'
  /** Nothing received and no snapshot yet. */
  | 'nothing_yet';

export interface Receipt {
  readonly verdict: Verdict;
  /** For `complete`: the confirmed head's id and sequence, and the server time T (epoch ms, server clock; null where that is a time to come). */
  readonly upToId: string | null;
  readonly upToSequence: number | null;
  readonly upToTime: number | null;
  readonly openGaps: readonly Gap[];
  /** False once the server itself has answered that it has neither a snapshot nor a history to fetch what is missing from. */
  readonly canFetch: boolean;
  readonly lastHealed: Gap | null;
  /**
   * Rows ahead of the log: they show the newest states as of `at` (epoch ms, server clock; null where that is a time to come), and so
   * many changes were still to come then. Null unless all of them do.
   */
  readonly ahead: { readonly at: number | null; readonly changes: number } | null;
  /** Changes stored since local midnight, and those known missing since then (open gaps; null: unknown number). */
  readonly changesToday: number;
  readonly missing: number | null;
  /**
   * When the server last began to count anew (its ids stand for other events now), client clock, epoch ms. Null: never, or
   * where a snapshot can prove that nothing is missing: there it is a gap of kind `restart` until that is done.
   */
  readonly restartedAt: number | null;
  /**
   * Events come, and not one change among them was ever addressed to this user: how many, and the names seen ('' for none), most
   * frequent first, at most five. They are kept, and the place to resume from stands. Null once one own change has come, and
   * where the server's head proves that there is nothing.
   */
  readonly notForUser: { readonly count: number; readonly names: readonly string[] } | null;
  /** The last absence (app closed, asleep or disconnected over 5 minutes), once caught up again. Epoch ms. */
  readonly absence: {
    readonly since: number;
    readonly until: number;
    readonly changes: number;
    readonly missing: number | null;
  } | null;
}
