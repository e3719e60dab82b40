import type { Amount, Counterparty } from './event.ts';
import type { Severity } from './statuses.ts';

/** Views, not mirrors: the window opens a view and holds only the rows it shows. */

export type { ViewFilter, ViewName } from './filter.ts';

/** Rows `offset … offset + limit - 1`; limit 1–500. */
export interface ViewRange {
  readonly offset: number;
  readonly limit: number;
}

/** `unconfirmed`: sent, and no answer of the server has said that it has it; it is sent again. */
export type AcknowledgementState =
  'none' | 'held' | 'sending' | 'unconfirmed' | 'sent' | 'failed' | 'superseded';

/** Why the server did not take an acknowledgement. */
export type AcknowledgementProblem = {
  readonly code: 'forbidden' | 'missing' | 'refused' | 'other';
  /** HTTP status where there was one. */
  readonly params: { readonly status: number | null };
  /** Technical, in English, for whoever helps; '' for none. */
  readonly detail: string;
};

/** One contract as its latest change shows it. */
export interface ContractRow {
  /** Stable key within the window: `accountId/contractId`. */
  readonly key: string;
  readonly contractId: string;
  readonly title: string;
  /** Names and other texts of the row that are too long to show end in “…”. */
  readonly counterparties: readonly Counterparty[];
  /** Parties that are left out, where there are too many to show. */
  readonly moreParties?: number;
  readonly amount: Amount | null;
  readonly dueAt: string | null;
  readonly version: number;
  /** Status before and after the latest change; codes, possibly unknown ones. */
  readonly from: string | null;
  readonly to: string;
  /** Unknown code or unusual transition: shown and flagged. */
  readonly unusual: boolean;
  readonly severity: Severity;
  readonly actionRequired: boolean;
  readonly actorName: string | null;
  readonly reasonText: string | null;
  /** RFC 3339, of the latest change. */
  readonly time: string;
  /** Unread changes of this contract. */
  readonly unread: number;
  readonly acknowledgement: AcknowledgementState;
  readonly muted: boolean;
  /** Out of the way until then (epoch ms; null: until its next change); null when it is not snoozed. */
  readonly snoozed: { readonly until: number | null } | null;
  /** An earlier reason in which the words searched for stand, when the row itself does not show them. */
  readonly found: string | null;
}

/** Contracts in each view without words and conditions. */
export interface ViewCounts {
  readonly all: number;
  readonly unread: number;
  readonly actionRequired: number;
  /** Of those, the ones that are not muted: the number outside the window, on badge and tray. */
  readonly needing: number;
  readonly waiting: number;
  readonly overdue: number;
  readonly dueSoon: number;
  readonly snoozed: number;
  readonly muted: number;
}

export const NO_COUNTS: ViewCounts = {
  all: 0,
  unread: 0,
  actionRequired: 0,
  needing: 0,
  waiting: 0,
  overdue: 0,
  dueSoon: 0,
  snoozed: 0,
  muted: 0,
};

/** The answer to opening or re-reading a view. */
export interface ViewBatch {
  readonly viewId: number;
  /** Per view, +1 each answer and message; a jump means: re-read. */
  readonly seq: number;
  /** Rows in the view in its present (possibly held) order. */
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly ContractRow[];
  /** While held: contracts that changed or came since and would move to the top. */
  readonly waiting: number;
  readonly held: boolean;
  readonly counts: ViewCounts;
  /** Changes received since main began to follow the account, in any view: a list tells contracts, not how often each changed. */
  readonly received: number;
}

/**
 * A contract counts as looked at, and as read, once it has been open this long, ms: longer than the pause between two keys of
 * somebody who goes through a list for one of them.
 */
export const SEEN_AFTER_MS = 800;

/** What an open view is told as it changes: a row that stands as it was last told is there by its key alone. */
export interface ViewMessage extends Omit<ViewBatch, 'rows'> {
  readonly rows: readonly (ContractRow | string)[];
}

/** The message with all its rows, by those that were told before; null when one is not known: the view is to be read again. */
export function unfoldMessage(
  message: ViewMessage,
  known: ReadonlyMap<string, ContractRow>,
): ViewBatch | null {
  const rows: ContractRow[] = [];
  for (const told of message.rows) {
    const row = typeof told === 'string' ? known.get(told) : told;
    if (row === undefined) return null;
    rows.push(row);
  }
  return { ...message, rows };
}

/** One change in a contract's timeline. */
export interface TimelineEntry {
  readonly eventId: string;
  readonly version: number;
  readonly from: string | null;
  readonly to: string;
  readonly unusual: boolean;
  readonly severity: Severity;
  readonly actionRequired: boolean;
  readonly actorName: string | null;
  readonly actorKind: string | null;
  readonly reasonCode: string | null;
  readonly reasonText: string | null;
  readonly time: string;
  readonly unread: boolean;
}

export interface ContractDetail {
  readonly row: ContractRow;
  /** RFC 3339: since when it has its present status. */
  readonly since: string;
  /** Newest first; at most 500. */
  readonly timeline: readonly TimelineEntry[];
  /** Versions before the first one stored here (the contract was known before this app followed it). */
  readonly earlierVersions: number;
  /** A version is known missing between stored ones. */
  readonly hasGap: boolean;
  /** What it was when the person last looked at it before this time; null: never looked at, or nothing has changed since. */
  readonly lastViewed: {
    /** Epoch ms, client clock. */
    readonly at: number;
    readonly version: number;
    readonly status: string;
    readonly title: string;
    readonly amount: Amount | null;
    readonly dueAt: string | null;
  } | null;
  /** The contract's page in the web portal: https; null where no template is set for this server. */
  readonly portalUrl: string | null;
  /** The acknowledgement of the latest change: when it happens or happened (epoch ms), and by whom. */
  readonly acknowledgement: {
    readonly state: AcknowledgementState;
    readonly at: number | null;
    readonly by: string | null;
    /** Why it failed; of one that is still to be sent again, what came of the last attempt; null otherwise. */
    readonly problem: AcknowledgementProblem | null;
  };
}
