import type { RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../ports/clock.ts';
import { BUILT_IN } from '../../protocol/profile/profile.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { startTestServer } from '../stream/testing.ts';
import type { TestServer } from '../stream/testing.ts';
import type { OutboxEntry } from '../ledger/types.ts';
import { ApiError, createApi, isOfThisAlone } from './api.ts';
import type { Api } from './api.ts';

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function serve(
  listener: RequestListener,
  timeoutMs = 5_000,
  capabilities = BUILT_IN.capabilities,
): Promise<Api> {
  server = await startTestServer(listener);
  const { url } = server;
  const http = createNodeHttp();
  return createApi({
    capabilities,
    clock: systemClock,
    timeoutMs,
    call: ({ path, headers = {}, ...call }) =>
      http.request({ ...call, headers, url: new URL(path, url).href }),
  });
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => new Error('nothing went wrong'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

const never = new AbortController().signal;

test.each([
  [404, 'missing'],
  [405, 'missing'],
  [501, 'missing'],
  [410, 'gone'],
] as const)('%i as a problem of the API is %s', async (status, kind) => {
  const type = { 'content-type': 'application/problem+json' };
  const api = await serve((_request, response) => void response.writeHead(status, type).end('{}'));
  expect(await failureOf(api.snapshotPage(null, never))).toMatchObject({ kind, failure: { status } });
});

test.each([404, 405, 410, 501])('%i of something in between says nothing of the server', async (status) => {
  const type = { 'content-type': 'text/html' };
  const api = await serve((_request, response) => void response.writeHead(status, type).end('<html>'));
  expect(await failureOf(api.snapshotPage(null, never))).toMatchObject({
    kind: 'not_own',
    failure: { status },
  });
});

const ENTRY = {
  contractId: 'C-1',
  eventId: 'e7-00000000001',
  version: 1,
  idempotencyKey: 'k',
} as OutboxEntry;

test.each([400, 401, 403, 404, 405, 406, 410, 413, 422, 451, 501])(
  '%i in JSON that is not the API’s own form ends nothing, whatever was asked',
  async (status) => {
    const type = { 'content-type': 'application/json' };
    const body = '{"message":"Request blocked"}';
    const api = await serve((_request, response) => void response.writeHead(status, type).end(body));
    for (const call of [
      api.acknowledge(ENTRY, never),
      api.snapshotPage(null, never),
      api.previewPage('e7-00000000001', null, never),
      api.historyPage('C-1', null, never),
    ])
      expect(await failureOf(call)).toMatchObject({ kind: 'not_own', failure: { status } });
  },
);

test.each([
  [401, 'refused'],
  [403, 'refused'],
  [400, 'refused'],
  [422, 'refused'],
  [429, 'later'],
  [408, 'later'],
  [500, 'later'],
  [503, 'later'],
  [302, 'later'],
] as const)('an answer %i of the API is %s', async (status, kind) => {
  const type = { 'content-type': 'application/problem+json' };
  const api = await serve((_request, response) => void response.writeHead(status, type).end('{}'));
  const failure = await failureOf(api.snapshotPage(null, never));
  expect(failure.kind).toBe(kind);
  expect(failure.failure.status).toBe(status);
});

test("the server's Retry-After is heard, within an hour", async () => {
  let value = '7';
  const api = await serve(
    (_request, response) => void response.writeHead(503, { 'retry-after': value }).end(),
  );
  expect((await failureOf(api.snapshotPage(null, never))).retryAfterMs).toBe(7_000);
  value = '999999999';
  expect((await failureOf(api.snapshotPage(null, never))).retryAfterMs).toBe(3_600_000);
  value = new Date(Date.now() + 60_000).toUTCString();
  const wait = (await failureOf(api.snapshotPage(null, never))).retryAfterMs;
  expect(wait).toBeGreaterThan(50_000);
  expect(wait).toBeLessThanOrEqual(60_000);
  value = 'soon';
  expect((await failureOf(api.snapshotPage(null, never))).retryAfterMs).toBeNull();
});

test('an HTML page in place of JSON is a failure that names the path, worth another try', async () => {
  const api = await serve((_request, response) => void response.end('<html>Welcome to the hotel</html>'));
  const failure = await failureOf(api.snapshotPage(null, never));
  expect(failure).toMatchObject({ kind: 'later', failure: { code: 'content_type' } });
  expect(failure.message).toContain('/api/contracts');
  expect(failure.message).not.toContain('hotel');
});

test('a server that goes silent in mid-answer is given up', async () => {
  const api = await serve((_request, response) => void response.writeHead(200).write('{"asOf":'), 200);
  expect((await failureOf(api.snapshotPage(null, never))).failure.code).toBe('timeout');
});

test('an answer that drips is given up', async () => {
  const api = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  }, 400);
  expect(await failureOf(api.historyPage('C-1', null, never))).toMatchObject({
    kind: 'later',
    failure: { code: 'timeout' },
  });
});

test('ending the caller ends the call, with the caller’s reason', async () => {
  const api = await serve(() => {});
  const ending = new AbortController();
  const page = api.snapshotPage(null, ending.signal);
  ending.abort(new Error('we are closing'));
  await expect(page).rejects.toThrow('we are closing');
});

const entry = {
  outboxId: 1,
  contractId: 'C/1',
  eventId: 'e1-00000000001',
  version: 3,
  idempotencyKey: 'key-1',
  attempts: 0,
};

test.each([200, 201, 400, 409, 413, 422])(
  'a page for people with %i says nothing of an acknowledgement: tried again',
  async (status) => {
    const type = { 'content-type': 'text/html; charset=utf-8' };
    const api = await serve(
      (_request, response) => void response.writeHead(status, type).end('<html>Welcome to the hotel</html>'),
    );
    const failure = await failureOf(api.acknowledge(entry, never));
    expect(failure).toMatchObject({ kind: 'later', failure: { code: 'content_type', status } });
    expect(failure.message).not.toContain('hotel');
  },
);

test.each([
  [200, 'application/json', '{}'],
  [201, 'text/plain', 'Created'],
  [202, null, ''],
  [204, null, ''],
  [200, 'text/html; charset=UTF-8', '{}'],
  [201, 'text/html; charset=UTF-8', ''],
] as const)('%i with %s is a taken acknowledgement', async (status, type, body) => {
  const headers = type === null ? {} : { 'content-type': type };
  const api = await serve((_request, response) => void response.writeHead(status, headers).end(body));
  expect(await api.acknowledge(entry, never)).toBe(status === 200 ? 'repeated' : 'sent');
});

test('an acknowledgement carries its key; 409 is an answer, not failure', async () => {
  let status = 201;
  const api = await serve((_request, response) => void response.writeHead(status).end('{}'));
  expect(await api.acknowledge(entry, never)).toBe('sent');
  status = 409;
  expect(await api.acknowledge(entry, never)).toBe('superseded');
  const [request] = server?.requests ?? [];
  expect(request?.url).toBe('/api/contracts/C%2F1/acknowledgements');
  expect(request?.headers['idempotency-key']).toBe('key-1');
});

test('a next page that no request can name is a failure of the answer', async () => {
  const api = await serve(
    (_request, response) => void response.end('{"events":[],"asOf":null,"contracts":[],"next":"\\ud800"}'),
  );
  for (const call of [api.snapshotPage(null, never), api.historyPage('C-1', null, never)])
    expect(await failureOf(call)).toMatchObject({ kind: 'later', failure: { code: 'content_type' } });
});

test.each([
  '.',
  '..',
  '',
  '...',
  '.x',
  '%2e',
  '%2E%2e',
  'a/../b',
  '/',
  '\\',
  '..\\..',
  '?',
  '#',
  ' ',
  '\t',
  ';',
  ':',
  '@',
  'Д',
  '\ud800',
])('an id leads to its own contract, or nothing is asked: %j', async (contractId) => {
  const api = await serve((_request, response) => void response.end('{"events":[],"next":null}'));
  const settled = await Promise.allSettled([
    api.historyPage(contractId, null, never),
    api.acknowledge({ ...entry, contractId }, never),
  ]);
  const asked = (server?.requests ?? []).map(({ url }) => url.split('/'));
  if (['.', '..', '', '\ud800'].includes(contractId)) {
    expect(asked).toEqual([]);
    const failure = { kind: 'refused', failure: { code: 'http', status: null } };
    expect(settled.map((call) => call.status === 'rejected' && call.reason)).toMatchObject([
      failure,
      failure,
    ]);
  } else {
    const place = ['', 'api', 'contracts', encodeURIComponent(contractId)];
    expect(asked.toSorted()).toEqual([
      [...place, 'acknowledgements'],
      [...place, 'history'],
    ]);
  }
});

test('what the profile says the server lacks is not asked for, and is missing alone: the rest still may be had', async () => {
  const asked: string[] = [];
  const api = await serve(
    (request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"events":[],"next":null}');
    },
    5_000,
    { snapshot: false, history: true, acknowledge: false },
  );
  for (const call of [api.snapshotPage(null, never), api.previewPage('x', null, never)]) {
    const failure = await failureOf(call);
    expect([failure.kind, isOfThisAlone(failure)]).toEqual(['missing', true]);
  }
  await api.historyPage('C-1', null, never);
  expect(asked).toEqual(['/api/contracts/C-1/history']);
});
