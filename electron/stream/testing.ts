import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from '../ports/clock.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { openStream } from './open-stream.ts';
import type { Stream, StreamItem, StreamLimits, StreamOptions, StreamState } from './types.ts';

/** Polls until `condition` holds; throws with `what` after `deadlineMs`. */
export async function waitFor(condition: () => boolean, what: string, deadlineMs = 60_000): Promise<void> {
  const until = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > until) throw new Error(`Waited ${deadlineMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Time that stands still until it is told to move; `after` runs what has come due. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** The waits that are running, each as the ms that are left. */
  waits(): number[];
}

export function createManualClock(startAt = 1_800_000_000_000): ManualClock {
  let elapsed = 0;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    now: () => startAt + elapsed,
    monotonic: () => elapsed,
    after(ms, run) {
      const timer = { at: elapsed + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    waits: () => [...timers].map((timer) => timer.at - elapsed),
    advance(ms) {
      const until = elapsed + ms;
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        elapsed = Math.max(elapsed, due.at);
        due.run();
      }
      elapsed = until;
    },
  };
}

export interface SeenRequest {
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly SeenRequest[];
  /** Sockets open now. */
  readonly sockets: () => number;
  close(): Promise<void>;
}

/** A real HTTP server on a free port of the loopback, which remembers what it was asked. */
export async function startTestServer(
  listener: RequestListener,
  make: (listener: RequestListener) => Server = createServer,
  port = 0,
): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  let open = 0;
  const server = make((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ at: performance.now(), method, url, headers });
    listener(request, response);
  });
  server.on('connection', (socket) => {
    open++;
    socket.on('close', () => open--);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    sockets: () => open,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function beginSse(response: ServerResponse, first = ''): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (first !== '') response.write(first);
  return response;
}

export interface Watched {
  readonly stream: Stream;
  readonly items: StreamItem[];
  readonly states: StreamState[];
  /** Ids and data of the events so far. */
  data(): string[];
  phases(): string[];
  /** The most requests that were under way at one time, seen from the client (a server learns of an end later). */
  mostRequests(): number;
  until(phase: StreamState['phase'], count?: number): Promise<void>;
}

/** Limits for tests: everything that waits waits briefly. */
export const quick: Partial<StreamLimits> = {
  retryMs: 5,
  minRetryMs: 5,
  maxRetryMs: 40,
  healthyMs: 30,
  headersMs: 5_000,
  idleMs: 5_000,
};

/** Opens a stream whose cursor is the last id delivered, and keeps what it tells. */
export function watchStream(
  url: string,
  given: Partial<StreamOptions> = {},
): Watched & { cursor: string | null } {
  const items: StreamItem[] = [];
  const states: StreamState[] = [];
  const watched = { cursor: null as string | null };
  const http = given.http ?? createNodeHttp();
  let underWay = 0;
  let most = 0;
  const stream = openStream({
    url,
    clock: systemClock,
    random: Math.random,
    headers: () => Promise.resolve({}),
    cursor: () => watched.cursor,
    ...given,
    http: {
      request(request) {
        most = Math.max(most, ++underWay);
        // The stream aborts each request in the end, read or not.
        request.signal.addEventListener('abort', () => underWay--, { once: true });
        return http.request(request);
      },
      dropConnections: () => http.dropConnections?.(),
    },
    limits: { ...quick, ...given.limits },
    async onItems(more) {
      await given.onItems?.(more);
      for (const item of more) {
        items.push(item);
        if (item.id !== null) watched.cursor = item.id;
      }
    },
    onState(state) {
      states.push(state);
      given.onState?.(state);
    },
  });
  return Object.assign(watched, {
    stream,
    items,
    states,
    data: () => items.flatMap((item) => (item.kind === 'event' ? [item.data] : [])),
    mostRequests: () => most,
    phases: () => states.map((state) => state.phase),
    until: (phase: StreamState['phase'], count = 1) =>
      waitFor(() => states.filter((state) => state.phase === phase).length >= count, `${phase} × ${count}`),
  });
}
