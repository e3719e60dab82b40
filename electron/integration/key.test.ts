import { afterEach, expect, test } from 'vitest';
import { startServer } from '../../server-mock/index.ts';
import type { MockServer } from '../../server-mock/types.ts';
import type { SignInRequest } from '../../protocol/ipc.ts';
import { startTestServer } from '../stream/testing.ts';
import { createHarness, until } from './harness.ts';
import type { Harness } from './harness.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function begin(): Promise<Harness> {
  const harness = await createHarness();
  open.push(harness);
  return harness;
}

async function serve(port = 0): Promise<MockServer> {
  const server = await startServer({
    port,
    contracts: 2,
    heartbeatMs: 100,
    retryMs: 20,
    apiKeys: { 'key-1': 'u7' },
  });
  open.push(server);
  return server;
}

const withKey = (server: string, value = 'key-1', header = 'X-API-Key'): SignInRequest => ({
  server,
  username: 'u7',
  key: { header, value },
});

test('who has a key follows the contracts by it, also after a restart, and without a sign-in at the server', async () => {
  const server = await serve();
  const harness = await begin();
  expect(await harness.core.handle('session:signIn', withKey(server.url))).toEqual({ ok: true });
  await until(() => harness.phase() === 'live', 'the stream');
  await harness.restart();
  await until(() => harness.phase() === 'live', 'the stream after the restart');
  expect(harness.window.session()).toMatchObject({ state: 'signed_in', username: 'u7', remembered: true });
  await harness.core.handle('session:signOut', undefined);
  await harness.restart();
  await until(() => harness.window.session()?.state === 'signed_out', 'the start');
  const paths = server.control.requests().map(({ path }) => path);
  expect(paths.filter((path) => /login|refresh|logout/.test(path))).toEqual([]);
});

test('a token that somebody made is sent as a bearer token, and to no other origin', async () => {
  const server = await serve();
  const harness = await begin();
  const login = await fetch(`${server.url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ben', password: 'ben-demo' }),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const elsewhere: string[] = [];
  const other = await startTestServer((request, response) => {
    elsewhere.push(request.url ?? '');
    response.end('{"contracts":[]}');
  });
  const door = await startTestServer((request, response) => {
    response.writeHead(307, { location: `${other.url}${request.url}` }).end();
  });
  open.push(other, door);
  const byToken = (url: string): SignInRequest => withKey(url, accessToken, 'Authorization');
  expect(await harness.core.handle('session:signIn', byToken(door.url))).toEqual({
    ok: false,
    problem: { code: 'redirected', origin: other.url },
  });
  expect(elsewhere).toEqual([]);
  expect(await harness.core.handle('session:signIn', byToken(server.url))).toEqual({ ok: true });
  await until(() => harness.phase() === 'live', 'the stream');
});

test('a key that is wrong, or cannot be sent, is told as such and nothing is kept', async () => {
  const server = await serve();
  const harness = await begin();
  for (const header of ['X-API-Key', 'X-Other', 'Authorization']) {
    expect(await harness.core.handle('session:signIn', withKey(server.url, 'guess', header))).toEqual({
      ok: false,
      problem: { code: 'wrong_key' },
    });
  }
  const asked = server.control.requests().length;
  for (const key of [withKey(server.url, 'two words'), withKey(server.url, 'k', 'Host')]) {
    expect(await harness.core.handle('session:signIn', key)).toEqual({
      ok: false,
      problem: { code: 'unusable_key' },
    });
  }
  expect(server.control.requests()).toHaveLength(asked);
  await harness.restart();
  await until(() => harness.window.session()?.state === 'signed_out', 'the start');
});

test('a key that is taken back is said, and another one goes on in the same history', async () => {
  let taken = 'key-1';
  const server = await serve();
  const front = await startTestServer((request, response) => {
    if (request.headers['x-api-key'] !== taken) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return;
    }
    const headers = { 'x-api-key': 'key-1', accept: request.headers.accept ?? '*/*' };
    const controller = new AbortController();
    response.on('close', () => controller.abort());
    void (async () => {
      try {
        const answer = await fetch(server.url + request.url, { headers, signal: controller.signal });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        for await (const chunk of answer.body ?? []) response.write(chunk);
        response.end();
      } catch {
        response.destroy();
      }
    })();
  });
  open.push(front);
  const harness = await begin();
  expect(await harness.core.handle('session:signIn', withKey(front.url))).toEqual({ ok: true });
  await until(() => harness.phase() === 'live', 'the stream');
  taken = 'key-2';
  await harness.restart();
  await until(() => harness.phase() === 'refused', 'the refusal');
  expect(await harness.core.handle('session:signIn', withKey(front.url, 'key-2'))).toEqual({ ok: true });
  await until(() => harness.phase() === 'live', 'the stream by the new key');
});
