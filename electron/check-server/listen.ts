import { eventName, streamHeadSchema } from '../../protocol/control.ts';
import type { Failure, Transport } from '../../protocol/connection.ts';
import { decodeJson } from '../../protocol/event.ts';
import type { Clock, Random } from '../ports/clock.ts';
import { openStream } from '../stream/open-stream.ts';
import type { StreamItem, StreamLimits, StreamState } from '../stream/types.ts';
import { createCodec } from '../sync/codec.ts';
import type { Observer } from '../sync/observe.ts';
import { tapHttp, type Answer } from './tapped-http.ts';

export interface Seen {
  readonly item: StreamItem;
  /** Counts the connections of one listening, from 0. */
  readonly connection: number;
}

export interface Ending {
  readonly failure: Failure;
  /** How long the connection had been open, ms; null where it never was. */
  readonly openMs: number | null;
}

/** What one listening has heard. */
export interface Heard {
  readonly items: readonly Seen[];
  readonly answers: readonly Answer[];
  /** How the connections ended that ended by themselves. */
  readonly endings: readonly Ending[];
  /** The state in which it was given up before anything was open; null where something was. */
  readonly refused: StreamState | null;
  /** Signs of life with which no item came, as comments are. Monotonic ms. */
  readonly comments: readonly number[];
  readonly heads: readonly number[];
  /** As the last head announced it; null for none. */
  readonly heartbeatMs: number | null;
  /** How long it was listened, ms. */
  readonly ms: number;
}

export interface ListenOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly userId: string;
  readonly cursor: string | null;
  /** How long to listen at most, once it is open, ms. */
  readonly ms: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
  readonly transport?: Transport;
  readonly limits?: Partial<StreamLimits>;
  headers(refused: boolean): Promise<Readonly<Record<string, string>> | null>;
  /** Asked after each thing that comes. */
  isEnough(heard: Heard): boolean;
}

/** For headers to come, ms. */
const HEADERS_MS = 20_000;
/** More of the same tells nothing new. */
const MAX_ITEMS = 5_000;

/**
 * Listens by the product's own stream, cursor included, until there is enough, the time is over, or the server refuses before anything
 * was open. Never rejects for the server's sake.
 */
export async function listen(options: ListenOptions): Promise<Heard> {
  const { clock, observer, userId, transport = 'sse' } = options;
  const http = tapHttp(observer.http, clock);
  const startedAt = clock.monotonic();
  const items: Seen[] = [];
  const endings: Ending[] = [];
  const comments: number[] = [];
  const heads: number[] = [];
  let { cursor } = options;
  let connection = -1;
  let openedAt: number | null = null;
  let refused: StreamState | null = null;
  let heartbeatMs: number | null = null;
  let aliveAt: number | null = null;
  const headersMs = options.limits?.headersMs ?? HEADERS_MS;
  const headName = eventName(userId, 'StreamHead');
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  // The stream gives up by itself where no headers come; redirects may each take as long.
  let cancel = clock.after(2 * headersMs, () => finish());

  const heard = (): Heard => ({
    items,
    answers: http.answers,
    endings,
    refused,
    comments,
    heads,
    heartbeatMs,
    ms: clock.monotonic() - startedAt,
  });
  const look = (): void => {
    if (items.length >= MAX_ITEMS || options.isEnough(heard())) finish();
  };
  /** Alone, if no item has followed it by the next one. */
  function noteComment(): void {
    if (aliveAt !== null) comments.push(aliveAt);
    aliveAt = null;
  }

  function startTime(): void {
    cancel();
    cancel = clock.after(options.ms, finish);
  }

  function onState(state: StreamState): void {
    if (state.phase === 'open') {
      connection += 1;
      if (connection === 0) startTime();
      openedAt = clock.monotonic();
      observer.opened(cursor);
      look();
    } else if (state.phase === 'waiting') {
      noteComment();
      endings.push({
        failure: state.failure,
        openMs: openedAt === null ? null : clock.monotonic() - openedAt,
      });
      openedAt = null;
    }
    const isRefusal = state.phase !== 'open' && state.phase !== 'connecting' && state.phase !== 'closed';
    if (isRefusal && (connection < 0 || state.phase !== 'waiting')) {
      refused = state;
      finish();
    }
  }

  function onItems(more: readonly StreamItem[]): void {
    aliveAt = null;
    observer.items(more);
    for (const item of more) {
      if (items.length < MAX_ITEMS) items.push({ item, connection });
      if (item.id !== null) cursor = item.id;
      if (item.kind !== 'event' || item.name !== headName) continue;
      const head = decodeJson(streamHeadSchema, item.data);
      heads.push(clock.monotonic());
      if (!head.ok || head.value.heartbeatMs === undefined) continue;
      heartbeatMs = head.value.heartbeatMs;
      stream.setHeartbeat(heartbeatMs);
    }
    look();
  }

  const stream = openStream({
    url: options.url,
    http,
    clock,
    random: options.random,
    headers: options.headers,
    cursor: () => cursor,
    transports: [transport],
    ...(transport === 'long_poll' ? { codec: createCodec(userId) } : null),
    onItems,
    onState,
    onAlive() {
      noteComment();
      aliveAt = clock.monotonic();
      look();
    },
    limits: { ...options.limits, headersMs },
  });
  options.signal.addEventListener('abort', finish, { once: true });
  if (options.signal.aborted) finish();
  await finished;
  cancel();
  options.signal.removeEventListener('abort', finish);
  await stream.close();
  noteComment();
  return heard();
}
