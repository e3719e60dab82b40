import type { Transport, Failure } from '../../protocol/connection.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';

/** One thing the server sent, in the order it came. `id` is the id given in this very block, null when none was. */
export type StreamItem =
  | {
      readonly kind: 'event';
      readonly id: string | null;
      readonly name: string;
      /** As the server sent it. */
      readonly data: string;
      /** Of a server with a form of its own: what `data` means in ours (JSON), or why that cannot be told. */
      readonly mapped?: { readonly json: string } | { readonly problem: string };
    }
  /** A block with an id and no data: only the cursor moves. */
  | { readonly kind: 'id'; readonly id: string }
  /** An event over the bound: its first 4 KiB (of data, as text) and its size in bytes as far as it was counted. */
  | {
      readonly kind: 'oversize';
      readonly id: string | null;
      readonly name: string;
      readonly head: string;
      readonly bytes: number;
    };

export interface StreamLimits {
  /** Longest event in bytes of data before it is cut and reported as oversize. Default 1 MiB. */
  readonly maxEventBytes: number;
  /** Silence after which a connection is dead while no heartbeat has been announced, ms. Default 90 000. */
  readonly idleMs: number;
  /** Wait for response headers, ms. Default 20 000. */
  readonly headersMs: number;
  /** How long one event, or the answer of a poll, may take that comes at less than 1 kB a second, ms. Default 120 000. */
  readonly slowMs: number;
  /** Reconnect delay before the server names one, ms. Default 1 000. */
  readonly retryMs: number;
  /** Bounds for `retry:` from the wire. Defaults 500 and 60 000. */
  readonly minRetryMs: number;
  readonly maxRetryMs: number;
  /** A connection that was accepted and lasted this long was no failure: the back-off begins anew. Default 1 000. */
  readonly livedMs: number;
  /** A stream is healthy (nothing on the way holds it back) after this long with signs of life, ms. Default 5 000. */
  readonly healthyMs: number;
  /** A stream that is cut, again and again, before it is this old is worth another transport, ms. Default 30 000. */
  readonly shortMs: number;
  /** Redirects followed by hand in one attempt. Default 5. */
  readonly maxRedirects: number;
  /** Wait for the first byte after the headers where long polling could stand in, ms. Default 30 000. */
  readonly firstByteMs: number;
  /** How long one long poll may wait at the server, whole seconds; less once one was cut off. Default 25. */
  readonly pollWaitS: number;
  /** Longest answer of one long poll, bytes. Default 16 MiB. */
  readonly maxPollBytes: number;
  /** After falling back to long polling: first try of the preferred transport, ms; doubles up to 1 h. Default 300 000. */
  readonly returnMs: number;
}

export type StreamState =
  | { readonly phase: 'connecting'; readonly attempt: number }
  | { readonly phase: 'open' }
  | {
      readonly phase: 'waiting';
      readonly retryAt: number;
      readonly attempt: number;
      readonly failure: Failure;
    }
  /** The caller has no credentials: the session is over. */
  | { readonly phase: 'unauthorized' }
  /** 401 that no renewal cures, and no patience. Tried again after some minutes, and when something changes. */
  | { readonly phase: 'refused' }
  | { readonly phase: 'stopped'; readonly cause: 'no_content' | 'forbidden' }
  | { readonly phase: 'closed' };

/** How the other two transports map to items; SSE needs none of it. */
export interface TransportCodec {
  /** One NDJSON line. Throws on what is no JSON object. */
  ndjsonLine(line: string): StreamItem;
  /** What the first 4 KiB of a line over the bound tell of it. */
  ndjsonHead?(head: string): { readonly id: string | null; readonly name: string };
  /** The body of one long-poll answer: its events, then what its head says as a control item. */
  pollAnswer(json: string): { readonly items: readonly StreamItem[]; readonly more: boolean };
  /** The URL of a long poll after `cursor` that may wait `waitS` seconds. */
  pollUrl(url: string, cursor: string | null, waitS: number): string;
}

export interface StreamOptions {
  readonly url: string;
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Headers of one attempt. `refused` is true when those given last were answered 401: renew the
   * credentials first. Null: there are none to be had (the stream ends as `unauthorized`). A rejection
   * counts as a failed attempt (back-off), so a refresh that could not reach its server is retried.
   */
  headers(refused: boolean): Promise<Readonly<Record<string, string>> | null>;
  /** The durable cursor, asked before each attempt; null or '' for none. */
  cursor(): string | null | Promise<string | null>;
  /**
   * Gets what one read brought, in order. While its promise is pending nothing more is read: the
   * ledger's pace governs the socket. A rejection ends the connection (back-off), nothing was moved.
   */
  onItems(items: readonly StreamItem[]): void | Promise<void>;
  onState(state: StreamState): void;
  /** A sign of life: bytes of any kind, comments too. Called at most once a chunk. */
  onAlive?(): void;
  readonly transports?: readonly Transport[];
  readonly codec?: TransportCodec;
  /** Told when the stream changes its transport (fallback or return). */
  onTransport?(transport: Transport): void;
  readonly limits?: Partial<StreamLimits>;
}

export interface Stream {
  /** Attempts at once when waiting, and checks a connection that may have died in sleep. */
  retryNow(why: 'user' | 'resume' | 'network'): void;
  /** Two missed = dead. From StreamHead's `heartbeatMs`; the caller decodes it, the stream knows no contracts. */
  setHeartbeat(ms: number): void;
  /**
   * What comes by the stream comes late, as the caller can tell (heads name the server's time): something on the way holds it
   * back. True: another transport is being tried; false: there is none.
   */
  heldBack(): boolean;
  /** Ends for good; resolves when the socket is closed and no callback will come any more. */
  close(): Promise<void>;
}
