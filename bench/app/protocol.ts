import type { Fault } from '../../server-mock/faults/types.ts';

/** What the parent asks of an Electron under measurement (driver.ts), and of the server beside it. Times are ms of the machine's one monotonic clock. */

export type DriverRequest =
  /** Evaluates JavaScript in the page; resolves with its value (JSON), a promise's included. */
  | { readonly kind: 'page'; readonly code: string }
  /** What is to be added to the page's `performance.now()` to have the machine's clock. */
  | { readonly kind: 'clock' }
  | { readonly kind: 'marks' }
  /** Resolves with the time at which this mark was set. */
  | { readonly kind: 'until'; readonly mark: MarkName }
  /** Resolves when the window has been told that all is complete up to this id or a later one. */
  | { readonly kind: 'untilComplete'; readonly head: string }
  /** Presses a key that means nothing every so many ms, until `inputEnd`. */
  | { readonly kind: 'input'; readonly everyMs: number }
  | { readonly kind: 'inputEnd' }
  /** Resolves with the time at which a peer's page had so many events. */
  | { readonly kind: 'untilCount'; readonly received: number }
  | { readonly kind: 'count' }
  /** When the ledger said that it had stored everything up to each cursor. */
  | { readonly kind: 'durable' }
  /** A CPU profile of the page's main thread, as .cpuprofile files hold it. */
  | { readonly kind: 'profile' }
  | { readonly kind: 'profileEnd' }
  | { readonly kind: 'gc' }
  /** Ends the app as its user does. */
  | { readonly kind: 'quit' };

export type MarkName =
  | 'driver' // the first line of JavaScript
  | 'ready'
  | 'window' // made, not yet shown
  | 'shown' // the first paint
  | 'loaded' // the page's scripts have run, and ours in it
  | 'signed in'
  | 'row' // and painted
  | 'previewed' // the first page of a preview is in the ledger
  | 'live'
  | 'complete'; // the receipt

export type Marks = Partial<Record<MarkName, number>>;

/** `follow`: from the start (head null) until live, or anew until all is complete up to the head. */
export interface FillRequest {
  readonly kind: 'follow' | 'finish';
  readonly folder: string;
  readonly server: string;
  readonly head: string | null;
}

export interface Answered {
  /** For each key press: from the moment it was due until a frame that follows it was painted, ms. */
  readonly answers: readonly number[];
  /** Of them those that were not answered at all; counted until now. */
  readonly unanswered: number;
}

/** What a peer's page has told last. */
export interface Counted {
  readonly received: number;
  readonly at: number;
}

export interface Durable {
  readonly cursor: string;
  readonly at: number;
}

export type ServerRequest =
  | { readonly kind: 'start'; readonly options: ServerStart }
  /** So many status changes more for this user, at once; resolves with the id of the last. */
  | { readonly kind: 'advance'; readonly userId: string; readonly events: number }
  /** The simulator's changes for this user at an even pace, for `ms`; resolves with their number. */
  | { readonly kind: 'run'; readonly userId: string; readonly perS: number; readonly ms: number }
  | { readonly kind: 'head'; readonly userId: string }
  /** When the newest stream was asked for; waits for the first one. */
  | { readonly kind: 'openedAt' }
  /** Numbered changes at random moments, each user in turn, on average `perS` a second for each, for `ms`. */
  | {
      readonly kind: 'publish';
      readonly to: readonly Addressee[];
      readonly perS: number;
      readonly ms: number;
      /** The first one's number: numbers only grow. */
      readonly first: number;
    }
  /** A change of each of so many new contracts, at once, with parties whose names are as long as said; resolves with the last id. */
  | { readonly kind: 'publishLong'; readonly userId: string; readonly wish: Long }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }
  | { readonly kind: 'stop' };

export interface ServerStart {
  readonly contracts: number;
  readonly backlog: number;
  /** Of the peers' pages; '' for none. */
  readonly pageOrigin: string;
  /** Anna is the only user: half the work for a large history. */
  readonly alone: boolean;
}

/** Changes go round among `contracts` contracts named `PREFIX0` …, the number in their titles as `#7#`. */
export interface Addressee {
  readonly userId: string;
  readonly prefix: string;
  readonly contracts: number;
}

export interface Long {
  readonly events: number;
  readonly parties: number;
  /** Of each party's name, characters. */
  readonly length: number;
}

export interface Published {
  readonly userId: string;
  readonly id: string;
  readonly contractId: string;
  readonly number: number;
  readonly at: number;
}

export const ANNA = { id: 'u42', username: 'anna', password: 'anna-demo' } as const;
export const BEN = { id: 'u7', username: 'ben', password: 'ben-demo' } as const;
export const API_KEY = 'bench-key';

/** The machine's monotonic clock, the same for all its processes, ms. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
