/** What the parent asks of the server's and the client's process. */

export const API_KEY = 'bench-key';
export const USER_ID = 'u42';

export type TransportName = 'sse' | 'ndjson' | 'long_poll' | 'polling';

export type ServerRequest =
  | { readonly kind: 'url' }
  /** Figures count from here. */
  | { readonly kind: 'begin' }
  /** Events at random moments, on average `perS` a second, for `ms`. */
  | { readonly kind: 'publish'; readonly perS: number; readonly ms: number; readonly seed: number }
  | { readonly kind: 'end' };

export interface Published {
  readonly ids: readonly string[];
  /** When each was handed to the server's log, ns. */
  readonly times: readonly bigint[];
}

export interface ServerFigures {
  /** On the sockets, both directions, headers included. */
  readonly bytes: number;
  readonly requests: number;
  readonly cpuMicros: number;
}

export type ClientRequest =
  /** Resolves once it has everything there was. */
  | { readonly kind: 'open'; readonly server: string; readonly cursor: string | null }
  /** Resolves with what came once `count` events were handed over; rejects when that takes too long. */
  | { readonly kind: 'collect'; readonly count: number }
  | { readonly kind: 'close' };

export interface Collected {
  readonly ids: readonly string[];
  /** When each reached the callback, ns. */
  readonly times: readonly bigint[];
  readonly cpuMicros: number;
}

/** One clock for all processes of a machine: monotonic since its start on Linux, macOS and Windows. */
export function now(): bigint {
  return process.hrtime.bigint();
}
