import { expect, test } from 'vitest';
import type { HttpResponse } from '../ports/http.ts';
import { createManualClock } from '../stream/testing.ts';
import { createObserver } from './observe.ts';

const nothing = async function* (): AsyncGenerator<Uint8Array> {};
const HOUR = 3_600_000;

test.each([
  ['the server’s own', 404, 'application/problem+json', null],
  ['a gateway’s', 404, 'text/html', HOUR],
] as const)(
  'the clock of a server without snapshots is set back: %s refusal (%i, %s) is asked for its date',
  async (_, status, type, lateBy) => {
    const clock = createManualClock();
    let ahead = 0;
    let late: number | null = null;
    const answer = (of: number, contentType: string): HttpResponse => ({
      status: of,
      headers: { date: new Date(clock.now() + ahead).toUTCString(), 'content-type': contentType },
      body: nothing(),
    });
    const observer = createObserver({
      clock,
      userId: 'u42',
      http: { request: async () => answer(200, 'text/event-stream') },
      call: async () => answer(status, type),
      hasAll: () => true,
      onLate: (found) => (late = found?.byMs ?? null),
      onPrompt: () => {},
      onReplay: () => {},
      onSkew: () => {},
    });
    const head = (): void => {
      clock.advance(15_000);
      const data = JSON.stringify({
        head: 'e1-00000000009',
        at: new Date(clock.now() + ahead).toISOString(),
        heartbeatMs: 15_000,
      });
      observer.items([{ kind: 'event', id: null, name: 'u42_StreamHead', data }]);
    };
    const signal = new AbortController().signal;
    await observer.http.request({
      url: 'https://one.example/api/events',
      method: 'GET',
      headers: {},
      signal,
    });
    head();
    expect(late).toBeNull();
    ahead = -HOUR;
    head();
    head();
    expect(Math.round((late ?? 0) / HOUR)).toBe(1);
    await observer.call({ method: 'GET', path: '/api/contracts', signal } as never);
    head();
    expect(late === null ? null : Math.round(late / HOUR) * HOUR).toBe(lateBy);
  },
);

test.each([
  ['few', 30, true],
  ['many', 1_000, false],
])('heads that come late behind %s changes, before any was reached', async (_, changes, isFound) => {
  const clock = createManualClock();
  const late: (number | null)[] = [];
  const observer = createObserver({
    clock,
    userId: 'u42',
    http: {
      request: async () => ({
        status: 200,
        headers: { date: new Date(clock.now()).toUTCString(), 'content-type': 'text/event-stream' },
        body: nothing(),
      }),
    },
    call: async () => ({ status: 204, headers: {}, body: nothing() }),
    hasAll: () => false,
    onLate: (found) => late.push(found?.byMs ?? null),
    onPrompt: () => {},
    onReplay: () => {},
    onSkew: () => {},
  });
  const signal = new AbortController().signal;
  await observer.http.request({ url: 'https://one.example/api/events', method: 'GET', headers: {}, signal });
  const began = clock.now();
  clock.advance(60_000);
  for (const seconds of [5, 20, 35]) {
    const event = {
      kind: 'event',
      id: `e1-${seconds}`,
      name: 'u42_ContractStatusChanged',
      data: '{}',
    } as const;
    const data = JSON.stringify({
      head: 'e1-00000000009',
      at: new Date(began + seconds * 1000).toISOString(),
      heartbeatMs: 15_000,
    });
    observer.items([
      ...Array.from({ length: changes }, () => event),
      { kind: 'event', id: null, name: 'u42_StreamHead', data },
    ]);
  }
  expect(late.length > 0).toBe(isFound);
});

test('what is known of heads on their way outlives a connection, and ends with prompt heads, another way or another network', async () => {
  const clock = createManualClock();
  let late: string | null = null;
  const observer = createObserver({
    clock,
    userId: 'u42',
    http: {
      request: async () => ({
        status: 200,
        headers: { date: new Date(clock.now()).toUTCString(), 'content-type': 'text/event-stream' },
        body: nothing(),
      }),
    },
    call: async () => ({ status: 204, headers: {}, body: nothing() }),
    hasAll: () => true,
    onLate: (found) => (late = found === null ? null : found.sure ? 'late' : 'unsure'),
    onPrompt: () => {},
    onReplay: () => {},
    onSkew: () => {},
  });
  /** A connection on which a buffer on the way lets a burst of heads through, then nothing until silence ends it. */
  async function connect(...ages: readonly number[]): Promise<void> {
    const signal = new AbortController().signal;
    await observer.http.request({
      url: 'https://one.example/api/events',
      method: 'GET',
      headers: {},
      signal,
    });
    observer.opened('e1-00000000009');
    clock.advance(60_000);
    for (const age of ages) {
      const at = new Date(clock.now() - age * 1000).toISOString();
      const data = JSON.stringify({ head: 'e1-00000000009', at, heartbeatMs: 5_000 });
      observer.items([{ kind: 'event', id: null, name: 'u42_StreamHead', data }]);
    }
    clock.advance(10_000);
  }
  const page = async () => ({ at: new Date(clock.now()).toISOString() });
  await observer.snapshotPage({ snapshotPage: page } as never)(null, new AbortController().signal);
  const lateTwice = async (): Promise<void> => {
    await connect(7.5, 1.5);
    await connect(7.5, 1.5);
    expect(late).toBe('late');
  };
  await connect(7.5, 1.5);
  expect(late).toBeNull();
  await connect(7.5, 1.5);
  expect(late).toBe('late');
  await connect();
  expect(late).toBe('unsure');
  // One buffer that happened to be full sooner is no proof.
  await connect(4.5, 0.5, 0.1);
  expect(late).toBe('unsure');
  await lateTwice();
  await connect(0.1, 0.2, 0.3, 0.4);
  expect(late).toBeNull();
  await lateTwice();
  observer.woke();
  expect(late).toBeNull();
  await observer.snapshotPage({ snapshotPage: page } as never)(null, new AbortController().signal);
  await lateTwice();
  observer.transport('long_poll');
  expect(late).toBeNull();
});
