/** What the parent asks of the processes. */

export type ServerRequest =
  /** A fresh server with this many contracts followed; resolves with its URL. */
  | { readonly kind: 'start'; readonly contracts: number }
  /** So many status changes more; resolves with the id of the last. */
  | { readonly kind: 'advance'; readonly events: number }
  | { readonly kind: 'stop' };

export type AppRequest =
  /** Signs in, takes the baseline, closes. */
  | { readonly kind: 'prepare'; readonly folder: string; readonly server: string }
  /** Starts again on the same files and catches up to `head`. */
  | { readonly kind: 'catchUp'; readonly folder: string; readonly head: string };

/** A stretch of work; CPU is that of the whole process, all its threads. */
export interface Span {
  readonly events: number;
  readonly ms: number;
  readonly cpuMicros: number;
}

/**
 * The code is still cold while the first of them are written: what comes after is a figure of its own. Fewer than what is left
 * beside one full batch of the smallest run.
 */
export const WARM_UP = 1_000;

export interface CaughtUp {
  /** From the first events' coming to the ledger until the last was durable. */
  readonly all: Span;
  /** The same without the first `WARM_UP` events or a few more. */
  readonly warm: Span;
  /** From the app's start until the receipt said "complete" up to it. */
  readonly receiptMs: number;
  readonly peakRssBytes: number;
  /** Batches of an open view that were sent to the window. */
  readonly batches: number;
}

export interface Written {
  readonly all: Span;
  readonly warm: Span;
}

export interface FloorRequest {
  /** The ledger's file whose rows are to be written once more. */
  readonly source: string;
  readonly target: string;
  readonly events: number;
}

export const USERNAME = 'anna';
