import type { Transport } from '../../protocol/connection.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpResponse } from '../ports/http.ts';
import { createPace } from '../ports/pace.ts';
import type { Backoff } from './backoff.ts';
import { isSendableId } from './sendable-id.ts';
import {
  AttemptFailed,
  outcomeOfAnswer,
  outcomeOfError,
  mediaType,
  failed,
  wrongType,
  type AttemptOutcome,
} from './attempt-outcomes.ts';
import { follow } from './follow-redirects.ts';
import { createNdjsonParser } from './ndjson-parser.ts';
import { createSseParser, HEAD_BYTES } from './sse-parser.ts';
import type { TransportPlan } from './transport-plan.ts';
import type { StreamItem, StreamLimits, StreamOptions, TransportCodec } from './types.ts';
import { headOf } from './utf8.ts';
import type { Watchdog } from './watchdog.ts';

/** What the loop lends to one attempt. */
export interface AttemptDependencies {
  readonly options: StreamOptions;
  readonly limits: StreamLimits;
  readonly backoff: Backoff;
  readonly watchdog: Watchdog;
  /** Aborted as soon as the attempt has ended, for whatever reason. */
  readonly signal: AbortSignal;
  /** How long to wait for headers, ms. */
  headersMs(): number;
  /** How long to wait for the first byte after the headers, ms. */
  firstByteMs(): number;
  /** Null: there are none. */
  credentials(): Promise<Readonly<Record<string, string>> | null>;
  cursor(): Promise<string | null>;
  /** A request is on its way. */
  started(): void;
  /** The answer is a good one. */
  opened(): void;
  /** Bytes came, by this transport. */
  heard(transport: Transport): void;
  /** Hands the items over and waits until they are taken. */
  deliver(items: readonly StreamItem[]): Promise<void>;
  /** What was taken has moved the cursor. */
  moved(): void;
  readonly plan: Pick<TransportPlan, 'returnDue' | 'pollWaitS' | 'pollWasCut'>;
}

const MEDIA_TYPES = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
} as const;

/** What Fetch sends for EventSource's cache mode "no-store" (HTTP-network-or-cache fetch). */
const FRESH = 'no-cache';

/** One connection that streams (SSE or NDJSON), from request to its end. Failures are thrown or returned. */
async function attemptStream(
  deps: AttemptDependencies,
  transport: 'sse' | 'ndjson',
): Promise<AttemptOutcome> {
  const { options, limits, watchdog, signal } = deps;
  const credentials = await deps.credentials();
  if (credentials === null) return { kind: 'no_credentials' };
  const cursor = await deps.cursor();
  signal.throwIfAborted();
  const own: Record<string, string> = {
    accept: MEDIA_TYPES[transport],
    // Whoever compresses a stream on its way holds it back until there is enough of it.
    'accept-encoding': 'identity',
    'cache-control': FRESH,
  };
  // One that a snapshot named, or a long poll took, may be of no use here.
  if (cursor !== null && cursor !== '' && isSendableId(cursor)) own['last-event-id'] = cursor;
  let lastId = cursor;
  watchdog.expect(deps.headersMs());
  deps.started();
  const headers = { ...credentials, ...own };
  const request = { url: options.url, headers, signal, maxRedirects: limits.maxRedirects };
  return follow(options.http, request, async (answer) => {
    const refusal = outcomeOfAnswer(answer, options.clock.now());
    if (refusal !== null) return refusal;
    const reader = readerFor(deps, answer);
    if (reader === null) return wrongType(answer, MEDIA_TYPES[transport]);
    deps.opened();
    watchdog.expect(deps.firstByteMs());
    const pace = createPace(options.clock, limits.slowMs);
    try {
      for await (const chunk of answer.body) {
        signal.throwIfAborted();
        if (chunk.length === 0) continue;
        deps.heard(reader.transport);
        const items = reader.feed(chunk);
        if (items.length > 0) await deps.deliver(items);
        if (items.length > 0 || !reader.isMidway()) pace.renew();
        else if (pace.isTooSlow(chunk.length)) return failed('timeout', 'an event comes too slowly');
        lastId = items.findLast((item) => item.id !== null)?.id ?? lastId;
        signal.throwIfAborted();
      }
    } finally {
      // Some servers end each answer once they have told what is new. That is their way, no failure to back off from.
      if (lastId !== cursor) deps.moved();
    }
    return failed('closed', 'the server ended the stream');
  });
}

interface Reader {
  readonly transport: Transport;
  feed(chunk: Uint8Array): StreamItem[];
  isMidway(): boolean;
}

/** The answer's type decides, whatever was asked for. */
function readerFor({ options, limits, backoff }: AttemptDependencies, answer: HttpResponse): Reader | null {
  const { maxEventBytes } = limits;
  const type = mediaType(answer);
  if (type === MEDIA_TYPES.sse) {
    const parser = createSseParser({ maxEventBytes, onRetry: backoff.setBase });
    return { transport: 'sse', ...parser };
  }
  if (type === MEDIA_TYPES.ndjson && options.codec !== undefined) {
    return { transport: 'ndjson', ...createNdjsonParser({ maxEventBytes, codec: options.codec }) };
  }
  return null;
}

/**
 * Long polling: one request after the other on the same cursor, until something ends it. The first asks for what
 * is there (`wait=0`), the following may wait. A server that answers early without news is asked at the pace of
 * the back-off's base, so that no kind of answer makes a storm.
 */
async function attemptPolling(deps: AttemptDependencies, codec: TransportCodec): Promise<AttemptOutcome> {
  const { options, limits, watchdog, signal, backoff } = deps;
  const { clock } = options;
  let waitS = 0;
  let previous: string | null | undefined;
  for (;;) {
    const credentials = await deps.credentials();
    if (credentials === null) return { kind: 'no_credentials' };
    const cursor = await deps.cursor();
    signal.throwIfAborted();
    const startedAt = clock.monotonic();
    watchdog.expect(waitS * 1000 + deps.headersMs());
    deps.started();
    const request = {
      url: codec.pollUrl(options.url, cursor, waitS),
      headers: { ...credentials, accept: 'application/json', 'cache-control': FRESH },
      signal,
      maxRedirects: limits.maxRedirects,
    };
    const answer = await follow(options.http, request, (response) => readPoll(deps, codec, response)).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        return outcomeOfError(error);
      },
    );
    if ('kind' in answer) {
      const afterMs = clock.monotonic() - startedAt;
      return isCut(answer) && deps.plan.pollWasCut(afterMs) ? { kind: 'again' } : answer;
    }
    const early = clock.monotonic() - startedAt < Math.min(1000, waitS * 500);
    if (answer.items.length > 0)
      await deps.deliver(answer.items.map((item) => bounded(item, limits.maxEventBytes)));
    if (deps.plan.returnDue()) return { kind: 'again' };
    const moved = (await deps.cursor()) !== cursor;
    const plainPolling = deps.plan.pollWaitS <= 0;
    const stuck = !moved && previous === cursor && (early || answer.more || plainPolling);
    if (stuck) {
      watchdog.expect(Infinity);
      await sleep(clock, backoff.pace(), signal);
    }
    previous = cursor;
    waitS = answer.more && !stuck ? 0 : deps.plan.pollWaitS;
  }
}

/** What a proxy does or says that will not wait as long as the server may. */
function isCut(outcome: AttemptOutcome): boolean {
  if (outcome.kind !== 'failure') return false;
  const { code, status } = outcome.failure;
  if (code === 'http') return status === 408 || status === 502 || status === 504;
  return code === 'closed' || code === 'unreachable';
}

type PollAnswer = ReturnType<TransportCodec['pollAnswer']>;

async function readPoll(
  deps: AttemptDependencies,
  codec: TransportCodec,
  response: HttpResponse,
): Promise<AttemptOutcome | PollAnswer> {
  const refusal = outcomeOfAnswer(response, deps.options.clock.now());
  if (refusal !== null) return refusal;
  const type = mediaType(response);
  if (type !== 'application/json' && !type.endsWith('+json')) return wrongType(response, 'application/json');
  deps.watchdog.expect(deps.headersMs());
  const { maxPollBytes } = deps.limits;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const pace = createPace(deps.options.clock, deps.limits.slowMs);
  for await (const chunk of response.body) {
    deps.signal.throwIfAborted();
    deps.watchdog.alive();
    bytes += chunk.length;
    if (bytes > maxPollBytes) return failed('overloaded', `an answer of more than ${maxPollBytes} bytes`);
    if (pace.isTooSlow(chunk.length)) return failed('timeout', 'the answer comes too slowly');
    chunks.push(chunk);
  }
  let answer: PollAnswer;
  try {
    answer = codec.pollAnswer(new TextDecoder().decode(Buffer.concat(chunks)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    return failed('content_type', `not a long-poll answer: ${reason}`, response.status);
  }
  deps.opened();
  deps.heard('long_poll');
  return answer;
}

function bounded(item: StreamItem, maxEventBytes: number): StreamItem {
  if (item.kind !== 'event' || item.data.length * 3 <= maxEventBytes) return item;
  const bytes = Buffer.byteLength(item.data);
  if (bytes <= maxEventBytes) return item;
  return { kind: 'oversize', id: item.id, name: item.name, head: headOf(item.data, HEAD_BYTES), bytes };
}

/** Rejects with AttemptFailed when aborted. */
function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      cancel();
      reject(new AttemptFailed({ kind: 'again' }));
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** One attempt by each transport. */
export const ATTEMPTS: Readonly<Record<Transport, (deps: AttemptDependencies) => Promise<AttemptOutcome>>> = {
  sse: (deps) => attemptStream(deps, 'sse'),
  ndjson: (deps) => attemptStream(deps, 'ndjson'),
  // Without a codec no plan chooses it.
  long_poll: (deps) =>
    deps.options.codec === undefined ? attemptStream(deps, 'sse') : attemptPolling(deps, deps.options.codec),
};
