import { nameType } from '../ports/header-words.ts';
import { isAddressable } from '../../protocol/addressable.ts';
import { acknowledgementsPath, historyPath, PATHS, problemSchema } from '../../protocol/api.ts';
import type { Failure } from '../../protocol/connection.ts';
import { decodeJson } from '../../protocol/event.ts';
import type { Decoded } from '../../protocol/event.ts';
import type { Listening } from '../../protocol/profile/profile.ts';
import type { OutboxEntry } from '../ledger/types.ts';
import { isApiAnswer, isGatewayRefusal, isPage } from '../ports/api-answer.ts';
import type { Clock } from '../ports/clock.ts';
import { HttpError } from '../ports/http.ts';
import type { HttpResponse } from '../ports/http.ts';
import { createPace, type Pace } from '../ports/pace.ts';
import { parseRetryAfter } from '../stream/retry-after.ts';
import { withoutQuotes } from '../ports/log.ts';
import { readHistoryPage, readSnapshotPage } from './pages.ts';
import type { HistoryRead, SnapshotRead } from './pages.ts';

/** One call to the signed-in server; the session adds the credentials and renews them on 401. */
export interface ApiCall {
  readonly method: 'GET' | 'POST';
  /** Path and query, from `/api/…`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Rejects with `ApiError` of kind `signed_out` when the session is dead. */
export type CallApi = (call: ApiCall) => Promise<HttpResponse>;

export type ApiErrorKind =
  /** 404, 405, 501 of the API itself: the server does not have this. */
  | 'missing'
  /**
   * 4xx or 501 that is not certainly the API's: from something in between, as a proxy answers during a deploy, or from a server
   * without problem details. It ends nothing, and nothing is learned from it: try again later.
   */
  | 'not_own'
  /** 410 of the API itself: these pages are no longer kept; begin again. */
  | 'gone'
  /** The session is dead. */
  | 'signed_out'
  /** Any other 4xx of the API itself, which will not get better by itself; 401 is this path's own, the session lives. */
  | 'refused'
  /** Network, 5xx, 429, unreadable answers: try again later. */
  | 'later';

export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  readonly failure: Failure;
  /** The server's `Retry-After`, ms; null where it gave none. */
  readonly retryAfterMs: number | null;
  constructor(kind: ApiErrorKind, failure: Failure, retryAfterMs: number | null = null) {
    super(failure.detail);
    this.name = 'ApiError';
    this.kind = kind;
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Answers that say "not now", or speak of the whole account. */
const NOT_OF_THIS: ReadonlySet<number> = new Set([401, 403, 408, 429, 502, 503]);

/**
 * Whether it is this one thing that cannot be had (the server lacks it, breaks over it, or answers with something else),
 * so that others still may: no lost connection, no pause, no refusal of the account.
 */
export function isOfThisAlone({ failure: { code, status } }: ApiError): boolean {
  if (code === 'content_type' || code === 'overloaded' || code === 'timeout') return true;
  return status !== null && !NOT_OF_THIS.has(status);
}

export interface Api {
  /** `next` null for page one. */
  snapshotPage(next: string | null, signal: AbortSignal): Promise<SnapshotRead>;
  /** What changed after the event `since`, newest first; the answer echoes it where the server knows previews. */
  previewPage(since: string, next: string | null, signal: AbortSignal): Promise<SnapshotRead>;
  historyPage(contractId: string, next: string | null, signal: AbortSignal): Promise<HistoryRead>;
  /** Resolves with whether it was taken, had been taken before (200) or had been superseded (409); any other answer rejects. */
  acknowledge(entry: OutboxEntry, signal: AbortSignal): Promise<'sent' | 'repeated' | 'superseded'>;
}

export interface ApiOptions {
  readonly call: CallApi;
  /** What the server has by its profile: for the rest it is not asked. */
  readonly capabilities: Listening['capabilities'];
  readonly clock: Clock;
  /** Silence of the server before a call is given up, ms. */
  readonly timeoutMs: number;
}

/** A page holds at most 10 000 entries; far above what an honest one needs. */
/** How many times longer than silence an answer may last that comes at less than 1 kB a second. */
const SLOW = 3;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export function createApi(options: ApiOptions): Api {
  /** Sends, reads the whole body, and turns everything that is not 2xx or in `also` into ApiError. */
  async function send(
    call: ApiCall,
    also: readonly number[] = [],
  ): Promise<{ readonly status: number; readonly text: string }> {
    call.signal.throwIfAborted();
    // By hand: AbortSignal.any keeps its sources' listeners for as long as the sources live (Node 20).
    const silent = new AbortController();
    const { signal } = silent;
    const abort = (): void => silent.abort(call.signal.reason);
    call.signal.addEventListener('abort', abort, { once: true });
    let cancel = (): void => {};
    const heard = (): void => {
      cancel();
      cancel = options.clock.after(options.timeoutMs, () =>
        silent.abort(new HttpError('timeout', `no answer within ${options.timeoutMs} ms`)),
      );
    };
    heard();
    const pace = createPace(options.clock, SLOW * options.timeoutMs);
    try {
      const response = await options.call({ ...call, signal });
      const text = await readText(response, pace, heard);
      const good = response.status >= 200 && response.status < 300;
      if (!good && !also.includes(response.status)) throw failureOf(response, text, options.clock.now());
      if (isPage(response.headers, text)) throw pageFor(response);
      return { status: response.status, text };
    } catch (error) {
      if (call.signal.aborted) throw call.signal.reason;
      throw asApiError(error);
    } finally {
      cancel();
      call.signal.removeEventListener('abort', abort);
    }
  }

  async function get<T>(
    read: (json: string) => Decoded<T>,
    path: string,
    next: string | null,
    signal: AbortSignal,
    first = '',
  ): Promise<T> {
    const query = next === null ? first : `?next=${encodeURIComponent(next)}`;
    const { text } = await send({
      method: 'GET',
      path: path + query,
      headers: { accept: 'application/json' },
      signal,
    });
    const decoded = read(text);
    if (!decoded.ok)
      throw later('content_type', `${path} is not as agreed: ${withoutQuotes(decoded.reason)}`);
    return decoded.value;
  }

  /** Rejects as the server itself would. */
  async function need(capability: keyof Listening['capabilities']): Promise<void> {
    if (options.capabilities[capability]) return;
    const detail = `by its profile the server has no ${capability}`;
    throw new ApiError('missing', { code: 'http', status: 404, detail });
  }

  return {
    async snapshotPage(next, signal) {
      await need('snapshot');
      return get(readSnapshotPage, PATHS.contracts, next, signal);
    },
    async previewPage(since, next, signal) {
      await need('snapshot');
      return get(readSnapshotPage, PATHS.contracts, next, signal, `?since=${encodeURIComponent(since)}`);
    },
    async historyPage(contractId, next, signal) {
      await need('history');
      return get(readHistoryPage, pathOf(historyPath, contractId), next, signal);
    },
    async acknowledge(entry, signal) {
      await need('acknowledge');
      const { status } = await send(
        {
          method: 'POST',
          path: pathOf(acknowledgementsPath, entry.contractId),
          headers: { 'content-type': 'application/json', 'idempotency-key': entry.idempotencyKey },
          body: JSON.stringify({ eventId: entry.eventId, version: entry.version }),
          signal,
        },
        [409],
      );
      if (status === 409) return 'superseded';
      return status === 200 ? 'repeated' : 'sent';
    },
  };
}

/** Rejects where the id would lead to another path than its own. */
function pathOf(path: (contractId: string) => string, contractId: string): string {
  if (isAddressable(contractId)) return path(contractId);
  const detail = `no address can carry the contract's id ${JSON.stringify(contractId)}`;
  throw new ApiError('refused', { code: 'http', status: null, detail });
}

async function readText(response: HttpResponse, pace: Pace, heard: () => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    heard();
    if (pace.isTooSlow(chunk.byteLength)) throw later('timeout', 'the answer comes too slowly');
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw later('overloaded', `an answer of more than ${MAX_BODY_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function later(
  code: Failure['code'],
  detail: string,
  status: number | null = null,
  retryAfterMs: number | null = null,
): ApiError {
  return new ApiError('later', { code, status, detail: detail.slice(0, 300) }, retryAfterMs);
}

function failureOf(response: HttpResponse, text: string, now: number): ApiError {
  const { status } = response;
  const detail = `answered ${status}${titleOf(response, text)}`;
  const failure: Failure = { code: status === 429 ? 'throttled' : 'http', status, detail };
  const wait = parseRetryAfter(response.headers, now);
  if (status >= 300 && status < 400) return new ApiError('later', failure);
  if (status === 429 || status === 408 || (status >= 500 && status !== 501))
    return new ApiError('later', failure, wait);
  if (isApiAnswer(response)) return new ApiError(OWN_KINDS[status] ?? 'refused', failure);
  const isRoute = OWN_KINDS[status] !== undefined;
  if (!isRoute && isPage(response.headers, text)) return pageFor(response);
  if ((status === 401 || status === 403) && isGatewayRefusal(response))
    return new ApiError('later', { ...failure, code: 'content_type' });
  return new ApiError('not_own', failure, wait);
}

/** What else than a refusal the API itself says by a status. */
const OWN_KINDS: Readonly<Record<number, ApiErrorKind>> = {
  404: 'missing',
  405: 'missing',
  410: 'gone',
  501: 'missing',
};

/** A page for people in place of an answer: of what was asked it says nothing. */
function pageFor({ status, headers }: HttpResponse): ApiError {
  return later('content_type', `answered ${status} with ${nameType(headers['content-type'])}`, status);
}

/** The title of the API's own problem, which names its kind and no details (RFC 9457, section 3.1.4). */
function titleOf(response: HttpResponse, text: string): string {
  if (!isApiAnswer(response)) return '';
  const problem = decodeJson(problemSchema, text);
  return problem.ok && problem.value.title !== '' ? `: ${problem.value.title.slice(0, 200)}` : '';
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HttpError) return later(error.code, error.message, error.status, error.retryAfterMs);
  return later('unreachable', error instanceof Error ? error.message : 'unknown error');
}
