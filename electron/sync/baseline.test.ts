import { afterEach, expect, test } from 'vitest';
import type { ConnectionState } from '../../protocol/connection.ts';
import type { Ledger } from '../ledger/types.ts';
import { BUILT_IN } from '../../protocol/profile/profile.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { createManualClock, startTestServer, waitFor, type TestServer } from '../stream/testing.ts';
import { createApi } from './api.ts';
import { takeBaseline } from './baseline.ts';
import { createSleeper } from './delay.ts';

const ending = new AbortController();
let server: TestServer | null = null;
afterEach(async () => server?.close());

const PROBLEM = { 'content-type': 'application/problem+json' };
const JSON_TYPE = { 'content-type': 'application/json' };

/** An account whose first look is answered like this, and what is told of it. */
async function begin(status: number, headers: Record<string, string>, body: string) {
  server = await startTestServer((_, response) => void response.writeHead(status, headers).end(body));
  const { url } = server;
  const clock = createManualClock();
  const sleeper = createSleeper(clock);
  const states: ConnectionState[] = [];
  const http = createNodeHttp();
  const taking = takeBaseline({
    api: createApi({
      capabilities: BUILT_IN.capabilities,
      clock,
      timeoutMs: 3_600_000,
      call: ({ path, headers: own = {}, ...call }) =>
        http.request({ ...call, headers: own, url: new URL(path, url).href }),
    }),
    ledger: {} as Ledger,
    accountId: 1,
    clock,
    random: () => 0,
    signal: ending.signal,
    sleeper,
    delays: { first: 1_000, most: 60_000 },
    isOnline: () => true,
    onState: (state) => states.push(state),
    onStorage(error) {
      throw error;
    },
  });
  const told = (phase: string) => states.filter((state) => state.phase === phase).length;
  return { clock, sleeper, taking, told, requests: server.requests };
}

test.each<[string, number, Record<string, string>, string, string]>([
  ['credentials that it has just given out', 401, PROBLEM, '{}', 'refused'],
  ['403 in JSON that is no problem', 403, JSON_TYPE, '{"message":"Forbidden"}', 'stopped'],
])(
  '%s refused at the first look: tried again soon, then ever more seldom',
  async (_, status, headers, body, phase) => {
    const { clock, told, requests } = await begin(status, headers, body);
    let tries = 0;
    for (const wait of [10_000, 30_000, 60_000, 120_000, 300_000, 300_000]) {
      tries += 1;
      await waitFor(() => told(phase) === tries, `${phase} × ${tries}`);
      clock.advance(wait - 1);
      expect(told('connecting')).toBe(tries);
      clock.advance(1);
    }
    await waitFor(() => told(phase) === tries + 1, 'the last one');
    expect(requests).toHaveLength(tries + 1);
  },
);

test('the API’s own 403 at the first look stops until something changes', async () => {
  const { clock, sleeper, told } = await begin(403, PROBLEM, '{}');
  await waitFor(() => told('stopped') === 1, 'stopped');
  clock.advance(24 * 3_600_000);
  expect(told('connecting')).toBe(1);
  sleeper.wake();
  await waitFor(() => told('stopped') === 2, 'one try');
});
