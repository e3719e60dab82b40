/** The one way out to the network. In the app an adapter over Electron's `net.request`, under Node one with its own agent. */
export interface HttpRequest {
  /** Absolute http(s) URL without credentials. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Values may hold any Unicode text; they travel as UTF-8. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Aborting ends the request and the body at once and closes the socket. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by `, `. `content-encoding` only where `body` is still encoded. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Must be read to the end or abandoned by aborting the signal (`break` aborts too). Reading is the
   * flow control: what is not asked for stays in the socket. Throws HttpError when cut off.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Redirects are never followed here: 3xx answers come back as they are. No cookies, no cache. */
export interface HttpPort {
  /** Resolves once the headers are there. Rejects with HttpError, or the signal's reason when aborted. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * The path was found dead: the next request goes by a connection of its own. Where connections are shared (HTTP/2), aborting a
   * request ends its stream only, and the next would wait on the same dead one. What else is under way may fail.
   */
  dropConnections?(): void;
}

export type HttpErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'certificate'
  /** The server wants a certificate of ours, and none is ever given. */
  | 'client_certificate'
  | 'closed'
  /** Encoded in a way that was not asked for, or damaged; something else in place of an answer. */
  | 'content_type'
  /** Answered, but in vain: an error, a pause that is asked for, another address, or none. */
  | 'http'
  | 'throttled'
  | 'redirect'
  | 'misdirected';

export class HttpError extends Error {
  readonly code: HttpErrorCode;
  /** Of the answer, where there was one. */
  readonly status: number | null;
  /** The pause that was asked for, ms from now; null for none. */
  readonly retryAfterMs: number | null;
  constructor(
    code: HttpErrorCode,
    detail: string,
    status: number | null = null,
    retryAfterMs: number | null = null,
  ) {
    super(detail.slice(0, 300));
    this.name = 'HttpError';
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}
