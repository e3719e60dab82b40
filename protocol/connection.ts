/** What a person can be told about the connection. Codes here, words in the window's i18n. */

/** How changes come. `isPolled`: asked for one time after the other, so that they come a little later. */
export const TRANSPORTS = {
  sse: { isPolled: false },
  ndjson: { isPolled: false },
  long_poll: { isPolled: true },
} as const;
export type Transport = keyof typeof TRANSPORTS;

/** Why a connection ended or could not be made. */
export type FailureCode =
  | 'unreachable' // DNS, refused, reset, no route
  | 'timeout' // no answer in time, headers included
  | 'silent' // connected, but two heartbeats (or the idle bound) were missed
  | 'closed' // the server ended the stream
  | 'http' // an answer with status >= 400 that is worth retrying
  | 'throttled' // 429
  | 'content_type' // an answer that is not an event stream
  | 'certificate' // TLS: not trusted
  | 'client_certificate' // TLS: it wants a certificate of ours
  | 'redirect' // to somewhere we do not go
  | 'misdirected' // redirects in circles, or to no address
  | 'overloaded'; // line or backlog bounds exceeded

export interface Failure {
  readonly code: FailureCode;
  /** HTTP status where there was one. */
  readonly status: number | null;
  /** Technical detail for diagnostics, free of credentials. English, at most 300 characters. */
  readonly detail: string;
}

export type ConnectionState =
  | { readonly phase: 'signed_out' }
  | { readonly phase: 'connecting'; readonly attempt: number }
  /** Events the server had before we came; `total` is null where the server names no head. */
  | { readonly phase: 'catching_up'; readonly done: number; readonly total: number | null }
  /** All that the server had has arrived, as its head says, and the head is not overdue. */
  | { readonly phase: 'live' }
  /** The first burst has arrived, and changes come; but no head says whether the newest here is the server's newest. */
  | { readonly phase: 'connected' }
  /** As `live`, but what comes was sent at least `byMs` before: something on the way holds it back. */
  | { readonly phase: 'late'; readonly byMs: number }
  /** Next attempt at `retryAt` (epoch ms, client clock); `offline` when the machine says it has no network. */
  | {
      readonly phase: 'waiting';
      readonly retryAt: number;
      readonly attempt: number;
      readonly failure: Failure;
      readonly offline: boolean;
    }
  | { readonly phase: 'sign_in_needed'; readonly cause: 'expired' | 'revoked' }
  /** The server refuses credentials that it has just renewed. The sign-in is kept, and tried again seldom. */
  | { readonly phase: 'refused' }
  /** 204 or 403: until the user acts. */
  | { readonly phase: 'stopped'; readonly cause: 'no_content' | 'forbidden' };

export interface ConnectionStatus {
  readonly state: ConnectionState;
  readonly transport: Transport;
  /** Origin of the server, e.g. `https://contracts.example.com`. */
  readonly server: string;
  /** Client clock, epoch ms: the last event that was stored; null before the first. */
  readonly lastEventAt: number | null;
  /** Client clock, epoch ms: the last sign of life of any kind (bytes, comments). */
  readonly lastHeardAt: number | null;
  /** Server clock minus client clock in ms, from request and answer (heads may be late themselves); null where unknown. */
  readonly clockSkewMs: number | null;
  /**
   * Whether this server sends again what happened while the app was away: `proven` once it has, `none` once it has
   * shown that it does not.
   */
  readonly replay: 'proven' | 'unknown' | 'none';
}
