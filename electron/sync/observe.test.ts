import { expect, test } from 'vitest';
import type { HttpResponse } from '../ports/http.ts';
import { createManualClock } from '../stream/testing.ts';
import type { Late } from './lateness.ts';
import { createObserver, type ObserverOptions } from './observe.ts';

const nothing = async function* (): AsyncGenerator<Uint8Array> {};
const HOUR = 3_600_000;

/** An observer of a server that answers each request for the stream at once, and what it says of lateness. */
function begin(given: Partial<ObserverOptions> = {}) {
  const clock = createManualClock();
  const server = { aheadMs: 0 };
  const said: (Late | null)[] = [];
  const answer = (status: number, contentType: string): HttpResponse => ({
    status,
    headers: { date: new Date(clock.now() + server.aheadMs).toUTCString(), 'content-type': contentType },
    body: nothing(),
  });
  const observer = createObserver({
    clock,
    userId: 'u42',
    http: { request: async () => answer(200, 'text/event-stream') },
    call: async () => answer(204, 'application/json'),
    hasAll: () => true,
    onLate: (late) => void said.push(late),
    onPrompt: () => {},
    onReplay: () => {},
    onSkew: () => {},
    ...given,
  });
  const { signal } = new AbortController();
  return {
    clock,
    server,
    observer,
    signal,
    said,
    answer,
    late: (): Late | null => said.at(-1) ?? null,
    request: () =>
      observer.http.request({ url: 'https://one.example/api/events', method: 'GET', headers: {}, signal }),
    /** A head of this server time, behind so many changes. */
    head(at: number, heartbeatMs: number, changes = 0) {
      const change = { kind: 'event', id: 'e1-5', name: 'u42_ContractStatusChanged', data: '{}' } as const;
      const data = JSON.stringify({ head: 'e1-00000000009', at: new Date(at).toISOString(), heartbeatMs });
      const named = { kind: 'event', id: null, name: 'u42_StreamHead', data } as const;
      observer.items([...Array.from({ length: changes }, () => change), named]);
    },
  };
}

test.each([
  ['the server’s own', 404, 'application/problem+json', null],
  ['a gateway’s', 404, 'text/html', HOUR],
] as const)(
  'the clock of a server without snapshots is set back: %s refusal (%i, %s) is asked for its date',
  async (_, status, type, lateBy) => {
    const it = begin({ call: async () => it.answer(status, type) });
    const { clock, server, observer, signal, late } = it;
    const head = (): void => {
      clock.advance(15_000);
      it.head(clock.now() + server.aheadMs, 15_000);
    };
    await it.request();
    head();
    expect(late()).toBeNull();
    server.aheadMs = -HOUR;
    head();
    head();
    expect(Math.round((late()?.byMs ?? 0) / HOUR)).toBe(1);
    await observer.call({ method: 'GET', path: '/api/contracts', signal } as never);
    head();
    const by = late()?.byMs ?? null;
    expect(by === null ? null : Math.round(by / HOUR) * HOUR).toBe(lateBy);
  },
);

test.each([
  ['few', 30, true],
  ['many', 1_000, false],
])('heads that come late behind %s changes, before any was reached', async (_, changes, isFound) => {
  const { clock, said, request, head } = begin({ hasAll: () => false });
  await request();
  const began = clock.now();
  clock.advance(60_000);
  for (const seconds of [5, 20, 35]) head(began + seconds * 1000, 15_000, changes);
  expect(said.length > 0).toBe(isFound);
});

test('what is known of heads on their way outlives a connection, and ends with prompt heads, another way or another network', async () => {
  const { clock, observer, signal, late, request, head } = begin();
  /** A connection on which a buffer on the way lets a burst of heads through, then nothing until silence ends it. */
  async function connect(...ages: readonly number[]): Promise<void> {
    await request();
    observer.opened('e1-00000000009');
    clock.advance(60_000);
    for (const age of ages) head(clock.now() - age * 1000, 5_000);
    clock.advance(10_000);
  }
  const page = async () => ({ at: new Date(clock.now()).toISOString() });
  await observer.snapshotPage({ snapshotPage: page } as never)(null, signal);
  const lateTwice = async (): Promise<void> => {
    await connect(7.5, 1.5);
    await connect(7.5, 1.5);
    expect(late()?.sure).toBe(true);
  };
  await connect(7.5, 1.5);
  expect(late()).toBeNull();
  await connect(7.5, 1.5);
  expect(late()?.sure).toBe(true);
  await connect();
  expect(late()?.sure).toBe(false);
  // One buffer that happened to be full sooner is no proof.
  await connect(4.5, 0.5, 0.1);
  expect(late()?.sure).toBe(false);
  await lateTwice();
  await connect(0.1, 0.2, 0.3, 0.4);
  expect(late()).toBeNull();
  await lateTwice();
  observer.woke();
  expect(late()).toBeNull();
  await observer.snapshotPage({ snapshotPage: page } as never)(null, signal);
  await lateTwice();
  observer.transport('long_poll');
  expect(late()).toBeNull();
});
