import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventName } from '../../protocol/control.ts';
import { openFixture, type Fixture } from '../ledger/testing/fixture.ts';
import { idOf, START, USER } from '../ledger/testing/make.ts';
import { systemClock } from '../ports/clock.ts';
import { BUILT_IN } from '../../protocol/profile/profile.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { startTestServer, waitFor, watchStream, type TestServer } from '../stream/testing.ts';
import type { Transport } from '../../protocol/connection.ts';
import { createApi } from './api.ts';
import { createCodec } from './codec.ts';

let fixture: Fixture;
let server: TestServer | null = null;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(async () => {
  fixture.dispose();
  await server?.close();
  server = null;
});

/** Readable as agreed, and written as no JSON.stringify would: forms of numbers, a repeated key, spacing, escapes. */
const envelope = (sequence: number): string =>
  `{ "specversion" : "1.0","id":"old", "id":"${idOf(sequence)}","source":"/streams/${USER}","type":"app.contracts.status.changed.v1",` +
  `  "time":"2026-10-02T09:14:03.000Z","data":{"contract":{"id":"C-1","title":"\\u0041\\/\\u00e9 \\ud83d\\ude00","version":${sequence}.0,` +
  `"amount":{"value":"1250000.00","currency":"RUB"},"x":1e2,"y":-0.0,"z":12345678901234567890 },"change":{"to":"sent"},` +
  `"severity":"info","actionRequired":false}, "extra":[ 1.50 , {"a":{}} ]}`;

const two = [envelope(1), envelope(2)];

/** What the ledger's file holds, in order. */
const stored = (): readonly string[] =>
  fixture
    .query<{ envelope: string }>(
      'SELECT envelope FROM raw_envelope JOIN event USING (event_rowid) ORDER BY position',
    )
    .map((row) => row.envelope);

const ANSWERS: Record<Transport, readonly [type: string, body: string]> = {
  sse: [
    'text/event-stream',
    two
      .map(
        (text, i) =>
          `id: ${idOf(i + 1)}\nevent: ${eventName(USER, 'ContractStatusChanged')}\ndata: ${text}\n\n`,
      )
      .join(''),
  ],
  ndjson: ['application/x-ndjson', two.map((text) => `${text}\r\n`).join('')],
  long_poll: [
    'application/json',
    `{ "events" : [${two.join(' ,\n')}] ,"head":"${idOf(2)}","at":"2026-10-02T10:00:00Z"}`,
  ],
};

test.each(['sse', 'ndjson', 'long_poll'] as const)(
  'by %s an envelope is kept letter by letter',
  async (transport) => {
    const [type, body] = ANSWERS[transport];
    server = await startTestServer((request, response) => {
      const isFirst = server?.requests.length === 1;
      response.writeHead(200, { 'content-type': type });
      if (isFirst) response.write(body);
      if (isFirst && transport === 'long_poll') response.end();
      request.resume();
    });
    const watched = watchStream(server.url, {
      transports: [transport],
      codec: createCodec(USER),
      onItems: async (items) => void (await fixture.append(...items)),
    });
    await waitFor(() => watched.items.length >= 2, 'both events');
    await watched.stream.close();
    expect(stored()).toEqual(two);
  },
);

test('by a snapshot and by a history an envelope is kept letter by letter', async () => {
  const contract = `{"id":"C-1","title":"T","version":2,"amount":{"value":12345678901234567890.10,"currency":"RUB"}}`;
  const told = `{"contract":${contract},"status":"sent","since":"2026-10-02T09:14:03Z","lastEventId":"${idOf(2)}","lastEvent": ${two[1]} }`;
  server = await startTestServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const isHistory = request.url?.includes('/history') === true;
    if (isHistory) response.end(`{"events":[ ${two[0]},${two[1]}\n],"next":null}`);
    else response.end(`{"contracts":[${told}],"asOf":"${idOf(2)}","at":"2026-10-02T10:00:00Z","next":null}`);
  });
  const { url } = server;
  const http = createNodeHttp();
  const api = createApi({
    capabilities: BUILT_IN.capabilities,
    clock: systemClock,
    timeoutMs: 5_000,
    call: ({ path, headers = {}, ...call }) => http.request({ ...call, headers, url: url + path }),
  });
  const { signal } = new AbortController();
  const page = await api.snapshotPage(null, signal);
  expect(page.contracts[0]?.contract.amount).toEqual({ value: '12345678901234567890.10', currency: 'RUB' });
  await fixture.core().beginSnapshot(fixture.accountId, page);
  await fixture.core().stageSnapshot(fixture.accountId, page.contracts, page.unreadable);
  await fixture.core().finishSnapshot(fixture.accountId, START);
  expect(stored()).toEqual([two[1]]);
  const history = await api.historyPage('C-1', null, signal);
  await fixture.core().mergeHistory(fixture.accountId, 'C-1', history.events, START, true);
  expect(stored()).toEqual(two);
});
