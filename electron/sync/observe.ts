import { eventName } from '../../protocol/control.ts';
import { TRANSPORTS, type Transport } from '../../protocol/connection.ts';
import { isApiAnswer } from '../ports/api-answer.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpPort, HttpResponse } from '../ports/http.ts';
import type { StreamItem } from '../stream/types.ts';
import type { Api, CallApi } from './api.ts';
import { createLateness, type LatenessOptions } from './lateness.ts';
import { createReplayWatch, type Replay } from './replay.ts';
import { createServerClock } from './server-clock.ts';

export interface ObserverOptions {
  readonly clock: Clock;
  readonly userId: string;
  readonly http: HttpPort;
  readonly call: CallApi;
  /** All that the server had has arrived: what comes late then is not held back by its number. */
  hasAll(): boolean;
  onLate: LatenessOptions['onLate'];
  /** The stream was given up for being late, but it was the server's clock that had jumped. */
  onPrompt(): void;
  onReplay(replay: Replay): void;
  /** Server clock minus client clock, ms. */
  onSkew(ms: number): void;
}

/** Looks at what passes between the server and the app, and learns from it how far its word can be taken. */
export interface Observer {
  readonly http: HttpPort;
  readonly call: CallApi;
  snapshotPage(api: Api): Api['snapshotPage'];
  /** Before the items are taken. */
  items(items: readonly StreamItem[]): void;
  opened(cursor: string | null): void;
  transport(transport: Transport): void;
  /** The newest head came late. */
  isHeldUp(): boolean;
  /** The machine has slept, or the network is another one. */
  woke(): void;
}

/** So many changes before a head cannot be why it comes late. */
const FEW = 100;

export function createObserver(options: ObserverOptions): Observer {
  const { clock, userId } = options;
  const serverClock = createServerClock(clock);
  const lateness = createLateness({ serverClock, onLate: options.onLate });
  const replay = createReplayWatch(options.onReplay);
  const headName = eventName(userId, 'StreamHead');
  const staleName = eventName(userId, 'StreamStale');
  let polling = false;
  let sentAt = 0;
  let heldUp = false;
  let changesBefore = 0;

  function tellSkew(): void {
    const skew = serverClock.skewMs();
    if (skew !== null) options.onSkew(skew);
  }

  async function dated(answering: Promise<HttpResponse>, since: number): Promise<HttpResponse> {
    const answer = await answering;
    // What redirects, or refuses in another form than the API's, may be something else on the way, with a clock of its own.
    if ((answer.status >= 200 && answer.status < 300) || isApiAnswer(answer)) {
      serverClock.header(answer.headers['date'], since, clock.monotonic());
      tellSkew();
    }
    return answer;
  }

  function head(data: string): void {
    const cameAt = clock.monotonic();
    const { head, at, heartbeatMs } = decodeHead(data);
    replay.head(head);
    if (at === null) return;
    heldUp = !polling && lateness.isHeldUp(at, heartbeatMs, cameAt);
    if (polling) {
      serverClock.precise(at, sentAt, cameAt);
      if (lateness.wasLate() === false) options.onPrompt();
    }
    if (!polling && (options.hasAll() || changesBefore <= FEW)) lateness.head(at, heartbeatMs, cameAt);
    changesBefore = 0;
    tellSkew();
  }

  return {
    http: {
      request(request) {
        sentAt = clock.monotonic();
        return dated(options.http.request(request), sentAt);
      },
      dropConnections: () => options.http.dropConnections?.(),
    },
    call: (call) => dated(options.call(call), clock.monotonic()),
    snapshotPage: (api) => async (next, signal) => {
      const since = clock.monotonic();
      const page = await api.snapshotPage(next, signal);
      // Later pages repeat the first one's time.
      if (next === null) {
        serverClock.precise(page.at, since, clock.monotonic());
        tellSkew();
      }
      return page;
    },
    items(items) {
      for (const item of items) {
        if (item.kind === 'event' && item.id === null) {
          if (item.name === headName) head(item.data);
          else if (item.name === staleName) replay.stale();
        } else {
          changesBefore += 1;
          if (replay.isOpen && item.id !== null) replay.event(item.id);
        }
      }
    },
    opened(cursor) {
      lateness.opened();
      replay.opened(cursor);
    },
    transport(transport) {
      polling = TRANSPORTS[transport].isPolled;
      lateness.reset();
    },
    isHeldUp: () => heldUp,
    woke() {
      serverClock.forget();
      lateness.reset();
    },
  };
}

interface Head {
  readonly head: string | null;
  readonly at: string | null;
  readonly heartbeatMs: number | undefined;
}

/** Without judging it: whether it is as agreed is the ledger's business. */
function decodeHead(data: string): Head {
  const none: Head = { head: null, at: null, heartbeatMs: undefined };
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== 'object' || value === null) return none;
    const { head, at, heartbeatMs } = value as Record<string, unknown>;
    return {
      head: typeof head === 'string' ? head : null,
      at: typeof at === 'string' ? at : null,
      heartbeatMs: typeof heartbeatMs === 'number' && heartbeatMs > 0 ? heartbeatMs : undefined,
    };
  } catch {
    return none;
  }
}
