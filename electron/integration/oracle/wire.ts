import { HttpError } from '../../ports/http.ts';
import type { HttpPort, HttpRequest, HttpResponse } from '../../ports/http.ts';
import { createBody } from './body.ts';
import { kindOf } from './exchange-kind.ts';
import type { ExchangeKind } from './exchange-kind.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Published } from './published.ts';
import { NO_FAULTS, PAGES } from './weather.ts';
import type { Faults } from './weather.ts';

/** One request and what became of it, as somebody sees it who stands beside the computer's network socket. */
export interface Exchange {
  readonly n: number;
  readonly kind: ExchangeKind;
  readonly method: string;
  readonly path: string;
  readonly contractId: string | null;
  readonly cursor: string | null;
  readonly startedAt: number;
  answer: { readonly status: number; readonly by: 'server' | 'proxy'; readonly at: number } | null;
  ended: { readonly at: number; readonly how: 'end' | 'cut' | 'given_up' | 'unreachable' } | null;
  lastByteAt: number | null;
  /** How long what was sent over it was on its way, newest last. */
  readonly lateness: { readonly at: number; readonly ms: number }[];
  /** What has reached the app of what the server meant to tell by it. */
  readonly carried: Carried[];
}

/** What a piece of an answer means; known to the server that wrote it, never read from the bytes. */
export type Carried =
  | { readonly what: 'event'; readonly event: Published; readonly garbled: boolean }
  | { readonly what: 'head'; readonly id: string | null; readonly time: number; readonly published: number }
  | {
      readonly what: 'preview';
      readonly id: string | null;
      readonly time: number;
      readonly published: number;
    }
  | { readonly what: 'stale' }
  | { readonly what: 'foreign'; readonly name: string }
  | {
      readonly what: 'snapshot';
      readonly id: string | null;
      readonly time: number;
      readonly published: number;
      readonly last: boolean;
    }
  | { readonly what: 'ack'; readonly contractId: string; readonly version: number; readonly status: number };

/** By which a server answers. */
export interface Reply {
  /** False once nobody listens any more. */
  readonly open: boolean;
  head(status: number, type: string, headers?: Readonly<Record<string, string>>): void;
  write(text: string, carried?: readonly Carried[]): void;
  end(): void;
  cut(): void;
  onClose(run: () => void): void;
}

export interface ServerRequest {
  readonly kind: ExchangeKind;
  readonly method: string;
  readonly url: URL;
  readonly contractId: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type ServeRequest = (request: ServerRequest, reply: Reply) => void;

/** One thing that has reached the app. */
export interface Heard {
  readonly exchange: Exchange;
  readonly part: Carried;
  readonly at: number;
}

export interface Wire {
  readonly log: readonly Exchange[];
  /** All that has reached the app, in the order in which it did. */
  readonly heard: readonly Heard[];
  /** The longest time without anything of a stream or a poll; the app may have been closed meanwhile. */
  readonly longestSilenceMs: number;
  /** Counts what happens on the wire: the same number, nothing has. */
  readonly changes: number;
  readonly faults: Faults;
  /** When each event first reached the app, whatever way, true time. */
  readonly arrivals: ReadonlyMap<Published, number>;
  /** When each first did so in a form that cannot be read. */
  readonly unreadable: ReadonlyMap<Published, number>;
  createHttp(): HttpPort & { close(): void };
  /** All connections of now are dead without anybody being told. */
  freezeOpen(): void;
  cutOpen(): void;
}

interface Open {
  readonly exchange: Exchange;
  dead: boolean;
  cut(): void;
  lose(): void;
}

export function createWire(clock: VirtualClock, lagMs: number, serve: ServeRequest): Wire {
  const log: Exchange[] = [];
  const heard: Heard[] = [];
  let changes = 0;
  let longestSilenceMs = 0;
  let lastByteAt = Infinity;
  const faults: Faults = { ...NO_FAULTS };
  const arrivals = new Map<Published, number>();
  const unreadable = new Map<Published, number>();
  const open = new Set<Open>();

  function note(exchange: Exchange, carried: readonly Carried[]): void {
    exchange.lastByteAt = clock.now();
    if (exchange.kind === 'stream' || exchange.kind === 'poll') {
      longestSilenceMs = Math.max(longestSilenceMs, clock.now() - lastByteAt);
      lastByteAt = clock.now();
    }
    changes += 1;
    for (const one of carried) {
      exchange.carried.push(one);
      heard.push({ exchange, part: one, at: clock.now() });
      const sentAt = one.what === 'head' ? one.time : one.what === 'event' ? one.event.at : null;
      // What was sent again after a pause was not on its way all the time.
      if (sentAt !== null && sentAt >= exchange.startedAt)
        exchange.lateness.push({ at: clock.now(), ms: clock.now() - sentAt });
      if (one.what !== 'event') continue;
      const { event, garbled } = one;
      if (!arrivals.has(event)) arrivals.set(event, clock.now());
      if ((garbled || event.form === 'unreadable') && !unreadable.has(event))
        unreadable.set(event, clock.now());
    }
  }

  async function request(asked: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    signal.throwIfAborted();
    const url = new URL(asked.url);
    const exchange: Exchange = {
      n: log.length + 1,
      ...kindOf(url),
      method: asked.method,
      path: url.pathname + url.search,
      cursor: asked.headers['last-event-id'] ?? url.searchParams.get('after'),
      startedAt: clock.now(),
      answer: null,
      ended: null,
      lastByteAt: null,
      lateness: [],
      carried: [],
    };
    log.push(exchange);
    changes += 1;
    return new Promise<HttpResponse>((resolve, reject) => {
      const body = createBody();
      const state: Open = {
        exchange,
        dead: faults.frozen,
        cut: () => end('cut', new HttpError('closed', 'the connection was cut')),
        lose: () => end('unreachable', new HttpError('unreachable', 'no route to the server')),
      };
      let cancelCut = (): void => {};
      const closers: (() => void)[] = [];

      function end(how: NonNullable<Exchange['ended']>['how'], error: Error | null): void {
        if (exchange.ended !== null) return;
        exchange.ended = { at: clock.now(), how };
        changes += 1;
        open.delete(state);
        cancelCut();
        signal.removeEventListener('abort', giveUp);
        for (const close of closers) close();
        if (error === null) body.end();
        else {
          body.fail(error);
          reject(error);
        }
      }
      function giveUp(): void {
        end('given_up', signal.reason as Error);
      }
      /** After its way over the network; nothing of a dead connection arrives. */
      function later(run: () => void): void {
        clock.after(lagMs, () => {
          if (!state.dead && exchange.ended === null) run();
        });
      }
      function answer(
        by: 'server' | 'proxy',
        status: number,
        type: string,
        extra: Readonly<Record<string, string>>,
      ): void {
        exchange.answer = { status, by, at: clock.now() };
        changes += 1;
        resolve({
          status,
          headers: { ...(type === '' ? {} : { 'content-type': type }), ...extra },
          body: body.chunks,
        });
      }
      function planCut(): void {
        if (exchange.kind !== 'stream') return;
        const idle = faults.cutIdleMs ?? Infinity;
        const whole =
          faults.cutAfterMs === null ? Infinity : exchange.startedAt + faults.cutAfterMs - clock.now();
        cancelCut();
        const ms = Math.min(idle, Math.max(0, whole));
        if (ms !== Infinity) cancelCut = clock.after(ms, () => end('end', null));
      }

      open.add(state);
      signal.addEventListener('abort', giveUp, { once: true });
      if (faults.offline || faults.down) {
        clock.after(lagMs, state.lose);
        return;
      }
      const { answers } = faults;
      if (answers?.kinds.includes(exchange.kind)) {
        const page = PAGES[answers.form];
        later(() => {
          answer(
            'proxy',
            answers.status,
            page.type,
            answers.form === 'basic' ? { 'www-authenticate': 'Basic realm="proxy"' } : {},
          );
          body.push(Buffer.from(page.text), () => {});
          end('end', null);
        });
        return;
      }

      /** What a proxy holds back, piece by piece as it was written. */
      const held: { readonly text: string; readonly carried: readonly Carried[] }[] = [];
      const heldLength = (): number => held.reduce((sum, { text }) => sum + text.length, 0);
      function pass(keep = 0): void {
        let end = held.length;
        for (let kept = 0; end > 0 && kept < keep; end -= 1) kept += held[end - 1]?.text.length ?? 0;
        const pieces = held.splice(0, end);
        const text = pieces.map((piece) => piece.text).join('');
        const carried = pieces.flatMap((piece) => piece.carried);
        if (text === '') return;
        later(() => {
          planCut();
          body.push(Buffer.from(text), () => note(exchange, carried));
        });
      }
      const reply: Reply = {
        get open() {
          return exchange.ended === null;
        },
        head(status, type, headers = {}) {
          const date = new Date(clock.now()).toUTCString();
          later(() => {
            answer('server', status, type, { date, ...headers });
            planCut();
          });
        },
        write(text, carried = []) {
          held.push({ text, carried });
          const isStream = exchange.kind === 'stream';
          const bound = isStream ? (faults.buffer ?? 0) : 0;
          if (heldLength() >= bound) pass(isStream ? (faults.lag ?? 0) : 0);
        },
        end() {
          pass();
          later(() => end('end', null));
        },
        cut: () => later(state.cut),
        onClose: (run) => void closers.push(run),
      };
      later(() =>
        serve(
          {
            kind: exchange.kind,
            contractId: exchange.contractId,
            method: asked.method,
            url,
            headers: asked.headers,
            body: asked.body ?? '',
          },
          reply,
        ),
      );
    });
  }

  return {
    log,
    heard,
    get longestSilenceMs() {
      return longestSilenceMs;
    },
    get changes() {
      return changes;
    },
    faults,
    arrivals,
    unreadable,
    createHttp() {
      const mine = new Set<AbortController>();
      return {
        async request(asked) {
          const both = new AbortController();
          const abort = (): void => both.abort(asked.signal.reason);
          if (asked.signal.aborted) abort();
          asked.signal.addEventListener('abort', abort, { once: true });
          mine.add(both);
          return request(asked, both.signal);
        },
        close() {
          for (const one of mine) one.abort(new HttpError('closed', 'the client was closed'));
        },
      };
    },
    freezeOpen() {
      for (const one of open) one.dead = true;
    },
    cutOpen() {
      for (const one of open) one.cut();
    },
  };
}
