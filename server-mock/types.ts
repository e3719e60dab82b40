import type { Amount, StatusChanged } from '../protocol/event.ts';
import type { Fault } from './faults/types.ts';

export interface MockUser {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly locale: string;
}

export interface ServerOptions {
  /** 0 takes a free one. Default 0. */
  readonly port: number;
  /** The same seed gives the same history. Default 1. */
  readonly seed: number;
  /** Simulated status changes a second over all users; 0: only what is published by hand. Default 0. */
  readonly ratePerS: number;
  /** Contracts each user follows from the start. Default 20. */
  readonly contracts: number;
  /** Status changes simulated into the logs before the server listens. Default 0. */
  readonly backlog: number;
  readonly users: readonly MockUser[];
  /** Default 15 000. */
  readonly heartbeatMs: number;
  /** `retry:` sent at the start of each stream, ms. Default 1 000. */
  readonly retryMs: number;
  /** Events kept for replay for each user. Default 100 000. History keeps ten times as many. */
  readonly retention: number;
  /** Default 900. */
  readonly accessTokenTtlS: number;
  /** Bytes waiting for one slow consumer before it is cut. Default 4 MiB. */
  readonly maxBufferedBytes: number;
  /** How long a consumer may be over that bound before it is cut: a burst is no slow consumer. Default 5 000. */
  readonly slowGraceMs: number;
  /** Failed sign-ins of one user name before 429. Default 5, then 1 try each 30 s. */
  readonly maxFailedLogins: number;
  readonly throttleMs: number;
  /** How long a snapshot's `next` tokens live. Default 60 000. */
  readonly snapshotTtlMs: number;
  /** Epoch ms at which the simulated backlog ends. Default a fixed instant, so that equal seeds give equal times. */
  readonly historyEnd: number;
  /** Ids as another server might give them (`1712:3`), no StreamHead, no snapshot, no history: an honest foreign SSE server. */
  readonly foreign: boolean;
  /** HTTPS with a self-signed certificate made at start. Default false. */
  readonly tls: boolean;
  readonly faults: readonly Fault[];
  /** Serves the HTTP control interface (behind a random token). Default false. */
  readonly controlInterface: boolean;
  /** Origins that browsers may use with the session cookie. Default none. */
  readonly allowedOrigins: readonly string[];
  /** `X-API-Key` values and the user each stands for. */
  readonly apiKeys: Readonly<Record<string, string>>;
  /** Gets one line per noteworthy thing: stream opened or closed, sign-in, fault applied. Free of tokens. Default: nothing. */
  readonly onLine: (line: string) => void;
}

/** What a test may say of an event; the rest is made up from the seed. */
export interface PublishOptions {
  readonly contractId?: string;
  readonly title?: string;
  readonly to?: string;
  readonly from?: string;
  readonly reason?: string;
  readonly actionRequired?: boolean;
  readonly severity?: 'info' | 'success' | 'warning' | 'error';
  /** The first one's name; the others stay. */
  readonly counterparty?: string;
  /** All of them anew, by their names. */
  readonly counterparties?: readonly string[];
  readonly amount?: Amount | null;
  /** RFC 3339. */
  readonly dueAt?: string | null;
  /** The name of who did it. */
  readonly actor?: string;
}

export interface Control {
  /** Appends one event to the user's log and sends it to the user's open streams. */
  publish(userId: string, event?: PublishOptions): StatusChanged;
  /** The simulator's next `count` status changes, at once, for this user or (default) over all users. */
  advance(count: number, userId?: string): readonly StatusChanged[];
  /** Puts raw bytes on the user's open streams, outside the log. */
  sendRaw(userId: string, bytes: string | Uint8Array): void;
  /** Everything ever published to this user, in order, over all epochs; nothing is ever removed from this record. */
  published(userId: string): readonly StatusChanged[];
  head(userId: string): string | null;
  openStreams(userId?: string): number;
  /** Requests seen so far: method, path, the headers that matter (last-event-id, authorization present or not), time. */
  requests(): readonly SeenRequest[];
  /** Cuts open streams' sockets; the number cut. */
  dropConnections(userId?: string): number;
  setFaults(faults: readonly Fault[]): void;
  /** Starts a new epoch of the user's (default everybody's) log: empty, sequence from 1; contracts keep their state. */
  newEpoch(userId?: string): void;
  /**
   * The log is empty again and counts from 1 in the same epoch, as where the counter is kept in memory: its ids come again,
   * for other events. Contracts and history keep their state. Open streams stay; a real restart cuts them (`restart`).
   */
  restartLog(userId?: string): void;
  /** Keeps only the newest `keep` events for replay. */
  truncate(userId: string, keep: number): void;
  /** Makes every access token given so far invalid (refresh still works). */
  expireTokens(): void;
  /** Revokes the user's sessions: access and refresh; open streams end. */
  revoke(userId: string): void;
  /** Stops listening for `downMs`, with all sockets cut, and comes back on the same port with its logs. */
  restart(downMs: number): Promise<void>;
  /** Server time minus real time, ms. */
  setClockSkew(ms: number): void;
  /** Sends a notice to everyone. */
  notice(text: string): void;
}

export interface SeenRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly lastEventId: string | null;
  readonly authorization: boolean;
  readonly status: number;
}

export interface MockServer {
  /** `http://127.0.0.1:PORT` without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly users: readonly MockUser[];
  readonly control: Control;
  /** For the HTTP control interface; null when it is off. */
  readonly controlToken: string | null;
  /** PEM of the self-signed certificate; null without TLS. */
  readonly certificate: string | null;
  close(): Promise<void>;
}
