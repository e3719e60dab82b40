import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { SessionView } from '../../protocol/ipc.ts';
import type { SignInProblem } from '../../protocol/sign-in.ts';
import { PATHS } from '../../protocol/api.ts';
import { startServer } from '../../server-mock/index.ts';
import type { MockServer, ServerOptions } from '../../server-mock/types.ts';
import { systemClock, type Clock } from '../ports/clock.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { createManualClock, startTestServer, waitFor, type TestServer } from '../stream/testing.ts';
import { createSession, type Session } from './session.ts';
import { createTestLog, createTestVault, type TestVault } from './testing.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function mock(options: Partial<ServerOptions> = {}): Promise<MockServer> {
  const server = await startServer({ contracts: 2, ...options });
  open.push(server);
  return server;
}

async function serve(listener: RequestListener): Promise<TestServer> {
  const server = await startTestServer(listener);
  open.push(server);
  return server;
}

interface Harness {
  readonly session: Session;
  readonly vault: TestVault;
  readonly lines: string[];
  readonly views: SessionView[];
}

function harness(vault: TestVault = createTestVault(), clock: Clock = systemClock): Harness {
  const log = createTestLog();
  const session = createSession({ createHttp: () => createNodeHttp(), vault, clock, log, random: () => 0.5 });
  const views: SessionView[] = [];
  session.onChange((view) => views.push(view));
  open.push(session);
  return { session, vault, lines: log.lines, views };
}

const anna = { username: 'anna', password: 'anna-demo' };

async function signedIn(server: MockServer, given?: Harness): Promise<Harness> {
  const one = given ?? harness();
  expect(await one.session.signIn({ server: server.url, ...anna })).toEqual({ ok: true });
  return one;
}

function stored(vault: TestVault): Record<string, unknown> {
  return JSON.parse(vault.secret ?? '{}') as Record<string, unknown>;
}

async function statusOf({ session }: Harness, path: string = PATHS.contracts): Promise<number> {
  const live = session.current();
  if (live === null) throw new Error('nobody is signed in');
  const answer = await live.call({ method: 'GET', path, signal: AbortSignal.timeout(10_000) });
  for await (const chunk of answer.body) expect(chunk).toBeDefined();
  return answer.status;
}

function count(server: MockServer, path: string): number {
  return server.control.requests().filter((request) => request.path === path).length;
}

describe('sign-in', () => {
  test('gives a session that can call the server, and a view without tokens', async () => {
    const server = await mock();
    const one = harness();
    expect(one.session.view()).toEqual({ state: 'restoring' });
    await signedIn(server, one);
    expect(one.session.view()).toEqual({
      state: 'signed_in',
      server: server.url,
      username: 'anna',
      userName: 'Анна Петрова',
      locale: 'ru',
      remembered: true,
    });
    expect(one.views).toEqual([one.session.view()]);
    expect(one.session.current()?.key).toEqual({
      server: server.url,
      userId: 'u42',
      userName: 'Анна Петрова',
      locale: 'ru',
    });
    expect(await statusOf(one)).toBe(200);
    const { refreshToken } = stored(one.vault);
    expect(refreshToken).toEqual(expect.any(String));
    const headers = await one.session.current()?.headers(false);
    const access = headers?.['authorization']?.slice('Bearer '.length) ?? 'none';
    const told = JSON.stringify([one.views, one.lines]);
    for (const secret of [String(refreshToken), access, 'anna-demo']) expect(told).not.toContain(secret);
    expect(one.vault.secret).not.toContain('anna-demo');
    expect(one.vault.secret).not.toContain(access);
  });

  test('wrong password, then throttled with the time to wait', async () => {
    const server = await mock({ maxFailedLogins: 2, throttleMs: 30_000 });
    const { session, vault } = harness();
    const wrong = { server: server.url, username: 'anna', password: 'wrong' };
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await session.signIn(wrong)).toEqual({ ok: false, problem: { code: 'wrong_password' } });
    }
    const result = await session.signIn(wrong);
    expect(result).toMatchObject({ ok: false, problem: { code: 'throttled' } });
    const problem = result.ok ? null : result.problem;
    expect(problem?.code === 'throttled' ? problem.retryAfterS : 0).toBeGreaterThan(25);
    expect(vault.secret).toBeNull();
    expect(session.current()).toBeNull();
  });

  test.each<[string, RequestListener, SignInProblem]>([
    [
      'an HTML page',
      (_, response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><p>Hi'),
      { code: 'not_conforming', detail: 'it answered with an HTML page' },
    ],
    [
      'broken JSON',
      (_, response) => void response.end('{"accessToken": "secr'),
      { code: 'not_conforming', detail: 'its answer is not JSON' },
    ],
    [
      'other JSON',
      (_, response) =>
        void response.end('{"accessToken":"a","refreshToken":"b","expiresIn":"secret","user":{}}'),
      {
        code: 'not_conforming',
        detail: expect.stringMatching(/^expiresIn: .*Expected \(number \| string\)$/) as unknown as string,
      },
    ],
    ...['secret\r\n', '\nsecret', 'secr\u0000et', 'secr\u007fet', 'секрет', 'secret😀'].map(
      (accessToken): [string, RequestListener, SignInProblem] => [
        `a token that no header can carry: ${JSON.stringify(accessToken)}`,
        (_, response) =>
          void response.end(
            JSON.stringify({ accessToken, refreshToken: 'b', user: { id: 'u1', name: 'U' } }),
          ),
        { code: 'unusable_token' },
      ],
    ),
    [
      'an answer without end',
      (_, response) => {
        response.writeHead(200);
        const chunk = 'x'.repeat(100_000);
        const pump = (): void =>
          void (response.write(chunk) ? setImmediate(pump) : response.once('drain', pump));
        pump();
      },
      { code: 'not_conforming', detail: 'an answer of more than 1048576 bytes' },
    ],
    ['500', (_, response) => void response.writeHead(500).end(), { code: 'server_error', status: 500 }],
    ['401 without any form', (_, response) => void response.writeHead(401).end(), { code: 'wrong_password' }],
    [
      '401 of ASP.NET',
      (_, response) => void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end(),
      { code: 'wrong_password' },
    ],
    [
      '400 invalid_grant',
      (_, response) => void response.writeHead(400).end('{"error":"invalid_grant"}'),
      { code: 'wrong_password' },
    ],
    [
      'a key wanted',
      (_, response) => void response.writeHead(401, { 'www-authenticate': 'ApiKey' }).end(),
      { code: 'api_key' },
    ],
    [
      'a key wanted, in words',
      (_, response) => void response.writeHead(401).end('{"title":"Missing header X-API-Key"}'),
      { code: 'api_key' },
    ],
    [
      'another kind of sign-in',
      (_, response) => void response.writeHead(401, { 'www-authenticate': 'Negotiate, NTLM' }).end(),
      { code: 'other_sign_in', scheme: 'Negotiate' },
    ],
    [
      'a gateway with a sign-in of its own',
      (_, response) =>
        void response.writeHead(401, { 'www-authenticate': 'Basic realm="a, Bearer b"' }).end('<html>'),
      { code: 'other_sign_in', scheme: 'Basic' },
    ],
    [
      'a firewall’s page',
      (_, response) => void response.writeHead(403, { 'content-type': 'text/html' }).end('<html>No'),
      { code: 'gateway', status: 403 },
    ],
    [
      'a captive portal',
      (_, response) => void response.writeHead(511, { 'content-type': 'text/html' }).end('<html>Pay'),
      { code: 'gateway', status: 511 },
    ],
    [
      'a page where people sign in',
      (_, response) => void response.writeHead(302, { location: '/login' }).end(),
      { code: 'gateway', status: 302 },
    ],
    ['403', (_, response) => void response.writeHead(403).end(), { code: 'forbidden' }],
    [
      '403 in the API’s own form',
      (_, response) =>
        void response
          .writeHead(403, { 'content-type': 'application/problem+json' })
          .end('{"title":"Forbidden","status":403}'),
      { code: 'forbidden' },
    ],
    [
      '404',
      (_, response) => void response.writeHead(404).end(),
      { code: 'not_conforming', detail: 'it answered 404' },
    ],
    [
      'a redirect in a circle',
      (_, response) => void response.writeHead(307, { location: PATHS.login }).end(),
      { code: 'misdirected' },
    ],
    ...['file:///etc/passwd', 'data:text/plain,x', 'javascript:1'].map(
      (location): [string, RequestListener, SignInProblem] => [
        `a redirect to ${location}`,
        (_, response) => void response.writeHead(307, { location }).end(),
        { code: 'misdirected' },
      ],
    ),
    [
      'a redirect to itself, with another user in its address',
      (request, response) =>
        void response.writeHead(307, { location: `http://evil@${request.headers.host}/api/login` }).end(),
      { code: 'misdirected' },
    ],
    ['a redirect to nowhere', (_, response) => void response.writeHead(308).end(), { code: 'misdirected' }],
    [
      'a redirect elsewhere',
      (_, response) => void response.writeHead(308, { location: 'https://other.example/api/login' }).end(),
      { code: 'redirected', origin: 'https://other.example' },
    ],
    [
      '429 without Retry-After',
      (_, response) => void response.writeHead(429).end(),
      { code: 'throttled', retryAfterS: null },
    ],
    [
      'a cut connection',
      (_, response) => void response.destroy(),
      { code: 'unreachable', detail: expect.any(String) as unknown as string },
    ],
  ])('%s', async (_, listener, problem) => {
    const server = await serve(listener);
    const { session, vault } = harness();
    expect(await session.signIn({ server: server.url, ...anna })).toEqual({ ok: false, problem });
    expect(vault.secret).toBeNull();
    await waitFor(() => server.sockets() === 0, 'the socket to close');
  });

  test('a server that never answers: unreachable after 20 s', async () => {
    const clock = createManualClock();
    const server = await serve(() => {});
    const { session } = harness(createTestVault(), clock);
    const result = session.signIn({ server: server.url, ...anna });
    await waitFor(() => server.requests.length === 1, 'the request');
    clock.advance(20_000);
    expect(await result).toEqual({
      ok: false,
      problem: { code: 'unreachable', detail: 'no answer within 20 s' },
    });
  });

  test('nobody there, a bad address, an untrusted certificate', async () => {
    const gone = await startTestServer(() => {});
    await gone.close();
    const { session } = harness();
    expect(await session.signIn({ server: gone.url, ...anna })).toMatchObject({
      problem: { code: 'unreachable' },
    });
    expect(await session.signIn({ server: 'http://example.com', ...anna })).toMatchObject({
      problem: { code: 'bad_address' },
    });
    const secure = await mock({ tls: true });
    expect(await session.signIn({ server: secure.url, ...anna })).toMatchObject({
      problem: { code: 'certificate' },
    });
    expect(count(secure, PATHS.login)).toBe(0);
  });

  test('one at a time, and not while somebody is signed in', async () => {
    const server = await mock();
    const { session } = harness();
    const both = await Promise.all([
      session.signIn({ server: server.url, ...anna }),
      session.signIn({ server: server.url, ...anna }),
    ]);
    expect(both).toEqual([{ ok: true }, { ok: false, problem: { code: 'busy' } }]);
    expect(await session.signIn({ server: server.url, ...anna })).toMatchObject({ ok: false });
  });

  test('a path prefix is kept', async () => {
    const server = await serve((_, response) => void response.writeHead(401).end());
    const { session } = harness();
    await session.signIn({ server: `${server.url}/pulse/`, ...anna });
    expect(server.requests[0]?.url).toBe('/pulse/api/login');
  });

  test('where nothing can be kept the session lasts until the app quits, and says so', async () => {
    const server = await mock();
    const memory = { ...createTestVault(), persistent: false };
    const forgetful = await signedIn(server, harness(memory));
    expect(forgetful.session.view()).toMatchObject({ state: 'signed_in', remembered: false });
    const full = createTestVault();
    full.failWrites = true;
    const one = await signedIn(server, harness(full));
    expect(one.session.view()).toMatchObject({ state: 'signed_in', remembered: false });
    expect(one.lines.join()).toContain('the disk is full');
    expect(await statusOf(one)).toBe(200);
  });
});

describe('restore', () => {
  test('takes up what was stored, renews before the first call', async () => {
    const server = await mock();
    const { vault, session } = await signedIn(server);
    const before = stored(vault)['refreshToken'];
    await session.close();
    const again = harness(vault);
    await again.session.restore();
    expect(again.session.view()).toMatchObject({ state: 'signed_in', username: 'anna', remembered: true });
    expect(count(server, PATHS.refresh)).toBe(0);
    expect(await statusOf(again)).toBe(200);
    expect(count(server, PATHS.refresh)).toBe(1);
    expect(stored(vault)['refreshToken']).not.toBe(before);
  });

  test('nothing stored', async () => {
    const { session } = harness();
    await session.restore();
    expect(session.view()).toEqual({ state: 'signed_out', server: '', username: '', ended: 'none' });
  });

  test('what cannot be read now is left as it is', async () => {
    const vault = createTestVault('sealed');
    vault.unreadable = true;
    const { session, lines } = harness(vault);
    await session.restore();
    expect(session.view()).toMatchObject({ state: 'signed_out', ended: 'locked' });
    await session.restore();
    expect(vault.secret).toBe('sealed');
    const said = lines.filter((line) => line.includes('left as it is: the keychain is locked'));
    expect(said).toHaveLength(1);
  });

  test.each(['garbage', '{}', '{"version":2,"refreshToken":"tell-tale"}', 'null', ''])(
    'garbage is left as it is, and told without a word of it: %j',
    async (secret) => {
      const vault = createTestVault(secret);
      const { session, lines } = harness(vault);
      await session.restore();
      expect(session.view()).toMatchObject({ state: 'signed_out' });
      expect(vault.secret).toBe(secret);
      expect(lines.join()).toContain('WARN session: the stored sign-in');
      expect(lines.join()).not.toContain('tell-tale');
    },
  );

  test('offline: signed in all the same, calls reject until the server is back', async () => {
    const server = await mock();
    const { vault, session } = await signedIn(server);
    await session.close();
    const down = server.control.restart(300);
    const again = harness(vault);
    await again.session.restore();
    await expect(again.session.current()?.headers(false)).rejects.toThrow();
    expect(again.session.view()).toMatchObject({ state: 'signed_in' });
    await down;
    expect(await statusOf(again)).toBe(200);
  });

  test('a session that ended on the server: sign in again, the names are kept, the token is not', async () => {
    const server = await mock();
    const { vault, session } = await signedIn(server);
    await session.close();
    server.control.revoke('u42');
    const again = harness(vault);
    await again.session.restore();
    expect(await again.session.current()?.headers(false)).toBeNull();
    expect(again.session.view()).toEqual({
      state: 'signed_out',
      server: server.url,
      username: 'anna',
      ended: 'expired',
    });
    await again.session.close();
    expect(stored(vault)['refreshToken']).toBeNull();
    const third = harness(vault);
    await third.session.restore();
    expect(third.session.view()).toMatchObject({ state: 'signed_out', username: 'anna', ended: 'expired' });
    await signedIn(server, third);
  });
});

/** Gives a0 at the sign-in, then a1, a2, …; `first` sees each later request, and answers those that ask for no token. */
function serveTokens(expiresIn: number, first: RequestListener): Promise<TestServer> {
  let given = 0;
  return serve((request, response) => {
    const isLogin = request.url === PATHS.login;
    if (!isLogin) first(request, response);
    if (request.url === PATHS.refresh) given += 1;
    else if (!isLogin) return;
    const user = isLogin ? { id: 'u1', name: 'U', locale: 'en' } : undefined;
    response.end(JSON.stringify({ accessToken: `a${given}`, refreshToken: 'r', expiresIn, user }));
  });
}

describe('renewal', () => {
  test('once on 401, for all who ask at the same time', async () => {
    const server = await mock();
    const one = await signedIn(server);
    await one.session.current()?.headers(false);
    server.control.expireTokens();
    const statuses = await Promise.all([statusOf(one), statusOf(one), statusOf(one)]);
    expect(statuses).toEqual([200, 200, 200]);
    const renewed = await one.session.current()?.headers(true);
    expect(renewed).toMatchObject({ authorization: expect.stringMatching(/^Bearer ./) });
    expect(count(server, PATHS.refresh)).toBe(1);
  });

  test('headers(true) renews only when the token given last is still the present one', async () => {
    const server = await mock();
    const one = await signedIn(server);
    const live = one.session.current();
    const first = await live?.headers(false);
    const second = await live?.headers(true);
    expect(second).not.toEqual(first);
    expect(await live?.headers(false)).toEqual(second);
    expect(count(server, PATHS.refresh)).toBe(1);
  });

  test('ahead of expiry, by itself, and the stored successor moves along', async () => {
    const server = await mock({ accessTokenTtlS: 900 });
    const clock = createManualClock();
    const one = await signedIn(server, harness(createTestVault(), clock));
    const first = stored(one.vault)['refreshToken'];
    clock.advance(839_000);
    expect(count(server, PATHS.refresh)).toBe(0);
    clock.advance(1_000);
    await waitFor(() => stored(one.vault)['refreshToken'] !== first, 'the successor');
    expect(count(server, PATHS.refresh)).toBe(1);
  });

  test('ahead of expiry while the server is away: the token is used as long as it lasts, renewal goes on', async () => {
    const clock = createManualClock();
    let refreshes = 0;
    const server = await serve((request, response) => {
      if (request.url === PATHS.login) {
        const user = { id: 'u1', name: 'U', locale: 'en' };
        response.end(JSON.stringify({ accessToken: 'a1', refreshToken: 'r1', expiresIn: 900, user }));
      } else if (++refreshes < 3) response.writeHead(503).end();
      else response.end(JSON.stringify({ accessToken: 'a2', refreshToken: 'r2', expiresIn: 900 }));
    });
    const one = harness(createTestVault(), clock);
    await one.session.signIn({ server: server.url, ...anna });
    clock.advance(840_000);
    await waitFor(() => one.lines.join().includes('answered 503'), 'the failed renewal');
    expect(await one.session.current()?.headers(false)).toEqual({ authorization: 'Bearer a1' });
    clock.advance(1_500);
    await waitFor(() => one.lines.filter((line) => line.includes('503')).length === 2, 'another try');
    clock.advance(3_000);
    await expect(one.session.current()?.headers(false)).resolves.toEqual({ authorization: 'Bearer a2' });
    expect(stored(one.vault)['refreshToken']).toBe('r2');
    expect(one.lines.join()).not.toMatch(/a1|r1/);
  });

  test('the successor is stored before its access token is used', async () => {
    const server = await mock();
    const one = await signedIn(server);
    let release = (): void => {};
    let writing = false;
    one.vault.beforeWrite = () => {
      writing = true;
      return new Promise((resolve) => (release = resolve));
    };
    await one.session.current()?.headers(false);
    let given = false;
    const headers = one.session
      .current()
      ?.headers(true)
      .then((value) => {
        given = true;
        return value;
      });
    await waitFor(() => writing, 'the write');
    await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBe(false);
    release();
    expect(await headers).toMatchObject({ authorization: expect.any(String) });
  });

  test('killed between answer and disk: the old refresh token still gets in', async () => {
    const server = await mock();
    const one = await signedIn(server);
    const old = one.vault.secret;
    one.vault.failWrites = true;
    await one.session.current()?.headers(false);
    await one.session.current()?.headers(true);
    expect(one.session.view()).toMatchObject({ remembered: false });
    await one.session.close();
    const again = harness(createTestVault(old));
    await again.session.restore();
    expect(await statusOf(again)).toBe(200);
  });

  test('revoked: the session is over for everybody who asks, once', async () => {
    const server = await mock();
    const one = await signedIn(server);
    const live = one.session.current();
    await live?.headers(false);
    server.control.revoke('u42');
    await expect(statusOf(one)).rejects.toMatchObject({ kind: 'signed_out' });
    expect(await live?.headers(true)).toBeNull();
    expect(one.session.view()).toMatchObject({ state: 'signed_out', username: 'anna', ended: 'revoked' });
    expect(one.session.current()).toBeNull();
    expect(one.views.filter((view) => view.state === 'signed_out')).toHaveLength(1);
    expect(count(server, PATHS.refresh)).toBe(1);
    await one.session.close();
    expect(stored(one.vault)['refreshToken']).toBeNull();
  });

  test('who is signed in can sign in anew; where that fails nothing changes', async () => {
    const server = await mock();
    const one = await signedIn(server);
    const before = stored(one.vault)['refreshToken'];
    const live = one.session.current();
    const wrong = { server: server.url, username: 'anna', password: 'wrong' };
    expect(await one.session.signIn(wrong, { anew: true })).toMatchObject({ ok: false });
    expect(one.session.current()).toBe(live);
    expect(stored(one.vault)['refreshToken']).toBe(before);
    expect(await one.session.signIn({ server: server.url, ...anna }, { anew: true })).toEqual({ ok: true });
    expect(one.session.current()).not.toBe(live);
    expect(await statusOf(one)).toBe(200);
    await expect(live?.headers(false)).resolves.toBeNull();
    expect(one.session.view()).toMatchObject({ state: 'signed_in' });
  });

  const json = { 'content-type': 'application/json' };
  const problem = { 'content-type': 'application/problem+json' };
  const page = { 'content-type': 'text/html' };
  const next = { accessToken: 'a2', refreshToken: 'r2', expiresIn: 900 };

  /** A server whose token endpoint answers thus, after a sign-in with r1. */
  async function renewed(status: number, headers: Record<string, string>, body: string): Promise<Harness> {
    const server = await serve((request, response) => {
      const user = { id: 'u1', name: 'U' };
      if (request.url === PATHS.login)
        response.end(JSON.stringify({ accessToken: 'a1', refreshToken: 'r1', expiresIn: 900, user }));
      else response.writeHead(status, headers).end(body);
    });
    const one = harness();
    await one.session.signIn({ server: server.url, ...anna });
    await one.session.current()?.headers(false);
    return one;
  }

  test.each<[string, number, Record<string, string>, string]>([
    ['400 invalid_grant', 400, json, '{"error":"invalid_grant"}'],
    ['401, problem', 401, problem, '{"title":"Sign-in needed","status":401}'],
    ['401 of ASP.NET', 401, { 'www-authenticate': 'Bearer error="invalid_token"' }, ''],
    ['403, problem', 403, problem, '{}'],
    ['403, an OAuth error', 403, json, '{"error":"access_denied"}'],
    ['404, a problem as plain JSON', 404, json, '{"title":"no such session"}'],
    ['410, problem', 410, problem, '{}'],
  ])('the token endpoint ends the session: %s', async (_, status, headers, body) => {
    const one = await renewed(status, headers, body);
    expect(await one.session.current()?.headers(true)).toBeNull();
    expect(one.session.view()).toMatchObject({ state: 'signed_out', username: 'anna', ended: 'revoked' });
  });

  test.each<[string, number, Record<string, string>, string, string]>([
    ['401, a page', 401, page, '<html>401</html>', 'content_type'],
    [
      '401, a page with a Bearer challenge',
      401,
      { ...page, 'www-authenticate': 'Bearer' },
      '<html>',
      'content_type',
    ],
    ['401, Basic', 401, { 'www-authenticate': 'Basic realm="Staff only"' }, '', 'content_type'],
    [
      '401, Basic, with an error',
      401,
      { ...json, 'www-authenticate': 'Basic realm="Staff only"' },
      '{"error":"unauthorized"}',
      'content_type',
    ],
    ['401, without any form', 401, {}, '', 'http'],
    ['403, a firewall’s page', 403, page, '<html>Blocked</html>', 'content_type'],
    [
      '403 of a gateway’s framework',
      403,
      json,
      '{"status":403,"error":"Forbidden","path":"/api/refresh"}',
      'http',
    ],
    ['404 of a proxy', 404, page, '<html>nginx</html>', 'content_type'],
    ['400, another error', 400, json, '{"error":"invalid_request"}', 'http'],
    ['408', 408, problem, '{}', 'http'],
    ['429', 429, problem, '{}', 'throttled'],
    ['200, a captive portal', 200, page, '<!doctype html>', 'content_type'],
    [
      '200, with a token that no header can carry',
      200,
      json,
      '{"accessToken":"a2\\r\\n","refreshToken":"r2"}',
      'content_type',
    ],
    ['302 elsewhere', 302, { location: 'http://127.0.0.1:9/login' }, '', 'redirect'],
    ['307 in a circle', 307, { location: PATHS.refresh }, '', 'misdirected'],
    ['308 to nowhere', 308, {}, '', 'misdirected'],
    ['302 to nonsense', 302, { location: 'http://[' }, '', 'misdirected'],
    ['302 to its own page for people', 302, { location: '/login' }, '', 'content_type'],
    ['304', 304, {}, '', 'http'],
    ['511', 511, page, '<html>', 'content_type'],
  ])(
    'what else is answered to a renewal ends nothing, and is told as what it is: %s',
    async (_, status, headers, body, code) => {
      const one = await renewed(status, headers, body);
      const refused = expect(one.session.current()?.headers(true)).rejects;
      await refused.toMatchObject({
        code,
        status,
        message: expect.stringContaining('the token refresh was answered'),
      });
      expect(one.session.view()).toMatchObject({ state: 'signed_in' });
      expect(stored(one.vault)['refreshToken']).toBe('r1');
    },
  );

  test.each<[string, number, Record<string, string>, number]>([
    ['429 with seconds', 429, { 'retry-after': '40' }, 40_000],
    [
      '503 with a date',
      503,
      { date: 'Fri, 02 Oct 2026 09:00:00 GMT', 'retry-after': 'Fri, 02 Oct 2026 09:00:40 GMT' },
      40_000,
    ],
    ['429 with a year', 429, { 'retry-after': '31536000' }, 3_600_000],
    ['429 with nothing', 429, {}, 1_000],
    ['429 with 0', 429, { 'retry-after': '0' }, 1_000],
    ['500', 500, {}, 1_000],
    ['200, a captive portal', 200, page, 1_000],
  ])(
    'the token endpoint is not asked again before its time, whoever asks: %s',
    async (_, status, headers, ms) => {
      const clock = createManualClock();
      let good = false;
      const server = await serve((request, response) => {
        const user = { id: 'u1', name: 'U' };
        if (request.url === PATHS.login) response.end(JSON.stringify({ ...next, accessToken: 'a1', user }));
        else if (request.url !== PATHS.refresh) response.writeHead(401, problem).end('{}');
        else if (good) response.end(JSON.stringify(next));
        else response.writeHead(status, headers).end();
      });
      const asked = () => server.requests.filter(({ url }) => url === PATHS.refresh).length;
      const one = harness(createTestVault(), clock);
      await one.session.signIn({ server: server.url, ...anna });
      const live = one.session.current();
      await live?.headers(false);
      const asAsked = ms > 1_000 ? { retryAfterMs: ms } : {};
      for (let time = 0; time < 5; time += 1) {
        await expect(live?.headers(true)).rejects.toMatchObject({ status, ...asAsked });
        await expect(statusOf(one)).rejects.toMatchObject({ status, ...asAsked });
      }
      expect(asked()).toBe(1);
      clock.advance(ms - 1);
      await expect(live?.headers(true)).rejects.toMatchObject({ status });
      expect(asked()).toBe(1);
      good = true;
      clock.advance(1);
      expect(await live?.headers(true)).toEqual({ authorization: 'Bearer a2' });
      expect(asked()).toBe(2);
    },
  );

  test('a token endpoint that goes on failing is asked ever more seldom, but the person never waits for long', async () => {
    const clock = createManualClock();
    const server = await serve((request, response) => {
      const user = { id: 'u1', name: 'U' };
      if (request.url === PATHS.login) response.end(JSON.stringify({ ...next, user }));
      else response.writeHead(500).end();
    });
    const asked = () => server.requests.filter(({ url }) => url === PATHS.refresh).length;
    const one = harness(createTestVault(), clock);
    await one.session.signIn({ server: server.url, ...anna });
    const live = one.session.current();
    await live?.headers(false);
    for (const [index, pause] of [1_000, 2_000, 4_000, 5_000, 5_000].entries()) {
      await expect(live?.headers(true)).rejects.toMatchObject({ status: 500 });
      clock.advance(pause - 1);
      await expect(live?.headers(true)).rejects.toMatchObject({ status: 500 });
      expect(asked()).toBe(index + 1);
      clock.advance(1);
    }
  });

  test.each<[string, unknown, string]>([
    ['no new refresh token', { ...next, refreshToken: undefined }, 'r1'],
    ['null for one', { ...next, refreshToken: null }, 'r1'],
    ['an empty one', { ...next, refreshToken: '' }, 'r1'],
    ['no expiresIn', { ...next, expiresIn: undefined }, 'r2'],
    ['0 for one', { ...next, expiresIn: 0 }, 'r2'],
    ['expiresIn as text', { ...next, expiresIn: '900' }, 'r2'],
    ['ten years', { ...next, expiresIn: 315_360_000 }, 'r2'],
  ])('odd answers that are good ones: %s', async (_, body, refreshToken) => {
    const one = await renewed(201, json, `\ufeff${JSON.stringify(body)}`);
    expect(await one.session.current()?.headers(true)).toEqual({ authorization: 'Bearer a2' });
    expect(stored(one.vault)['refreshToken']).toBe(refreshToken);
  });

  test.each([307, 308])(
    '%i is followed within the origin, with method and body, and no further',
    async (status) => {
      const other = await serve((_, response) => void response.end());
      let target = '/v2/refresh';
      const server = await serve((request, response) => {
        const user = { id: 'u1', name: 'U' };
        if (request.url === PATHS.login) response.writeHead(status, { location: '/v2/login' }).end();
        else if (request.url === '/v2/login')
          response.end(JSON.stringify({ ...next, accessToken: 'a1', refreshToken: 'r1', user }));
        else if (request.url === PATHS.refresh) response.writeHead(status, { location: target }).end();
        else response.end(JSON.stringify(next));
      });
      const one = harness();
      expect(await one.session.signIn({ server: server.url, ...anna })).toEqual({ ok: true });
      await one.session.current()?.headers(false);
      expect(await one.session.current()?.headers(true)).toEqual({ authorization: 'Bearer a2' });
      expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'POST']);
      target = `${other.url}/refresh`;
      await expect(one.session.current()?.headers(true)).rejects.toThrow(`answered ${status}`);
      expect(other.requests).toHaveLength(0);
    },
  );

  test('a call is repeated as often as its token ages on the way, and no oftener', async () => {
    const clock = createManualClock();
    const used: (string | undefined)[] = [];
    const server = await serveTokens(900, (request, response) => {
      if (request.url === PATHS.refresh) return;
      used.push(request.headers.authorization);
      if (used.length < 3) clock.advance(901_000);
      response.writeHead(401).end();
    });
    const one = harness(createTestVault(), clock);
    await one.session.signIn({ server: server.url, ...anna });
    const status = statusOf(one);
    // A replica may learn of new credentials a moment later: no try comes sooner.
    await waitFor(() => used.length === 3 && clock.waits().includes(3_000), 'a pause');
    clock.advance(3_000);
    await waitFor(() => used.length === 4, 'one more try after the pause');
    expect(await status).toBe(401);
    expect(used).toHaveLength(4);
    expect(new Set(used).size).toBe(3);
    // Another renewal would change nothing: for a while one path's 401 is taken as it is.
    expect(await statusOf(one)).toBe(401);
    expect(used).toHaveLength(5);
    expect(one.session.view()).toMatchObject({ state: 'signed_in' });
  });

  test('a token’s life is counted from the request for it, as an answer may be late', async () => {
    const clock = createManualClock();
    const server = await serveTokens(100, () => clock.advance(10_000));
    const one = harness(createTestVault(), clock);
    await one.session.signIn({ server: server.url, ...anna });
    const live = one.session.current();
    await live?.headers(false);
    expect(await live?.headers(true)).toEqual({ authorization: 'Bearer a1' });
    clock.advance(69_000);
    expect(await live?.headers(false)).toEqual({ authorization: 'Bearer a1' });
    clock.advance(2_000);
    expect(await live?.headers(false)).toEqual({ authorization: 'Bearer a2' });
  });
});

describe('calls', () => {
  test('a GET follows redirects on its own origin and nowhere else, a POST none', async () => {
    const other = await serve((_, response) => void response.end());
    const server = await serve((request, response) => {
      const user = { id: 'u1', name: 'U' };
      if (request.url === PATHS.login) {
        response.end(JSON.stringify({ accessToken: 'secret', refreshToken: 'r', expiresIn: 900, user }));
      } else if (request.url === '/api/moved') response.writeHead(302, { location: '/api/here' }).end();
      else if (request.url === '/api/away') response.writeHead(302, { location: `${other.url}/` }).end();
      else if (request.url === '/api/loop') response.writeHead(302, { location: '/api/loop' }).end();
      else if (request.url === '/api/nowhere') response.writeHead(302).end();
      else response.end(request.headers.authorization);
    });
    const one = harness();
    await one.session.signIn({ server: server.url, ...anna });
    expect(await statusOf(one, '/api/moved')).toBe(200);
    await expect(statusOf(one, '/api/away')).rejects.toMatchObject({ code: 'redirect', status: 302 });
    await expect(statusOf(one, '/api/loop')).rejects.toMatchObject({ code: 'misdirected', status: 302 });
    await expect(statusOf(one, '/api/nowhere')).rejects.toMatchObject({ code: 'misdirected', status: 302 });
    expect(server.requests.filter(({ url }) => url === '/api/loop')).toHaveLength(6);
    expect(other.requests).toHaveLength(0);
    const signal = AbortSignal.timeout(10_000);
    const posted = one.session.current()?.call({ method: 'POST', path: '/api/moved', body: '{}', signal });
    await expect(posted).rejects.toMatchObject({ code: 'content_type', status: 302 });
  });

  test.each<[string, Record<string, string>]>([
    ['a page', { 'content-type': 'text/html' }],
    ['another kind of sign-in', { 'www-authenticate': 'Basic realm="Staff only"' }],
  ])('a 401 that a gateway made (%s) renews nothing, and comes back as it is', async (_, headers) => {
    const server = await serveTokens(900, (request, response) => {
      if (request.url !== PATHS.refresh) response.writeHead(401, headers).end();
    });
    const one = harness();
    await one.session.signIn({ server: server.url, ...anna });
    expect(await statusOf(one)).toBe(401);
    expect(server.requests.map(({ url }) => url)).toEqual([PATHS.login, PATHS.contracts]);
    expect(one.session.view()).toMatchObject({ state: 'signed_in' });
  });
});

describe('sign-out', () => {
  test('wipes the token first, then tells the server, whose streams end', async () => {
    const server = await mock();
    const one = await signedIn(server);
    const { refreshToken } = stored(one.vault);
    await one.session.signOut();
    expect(one.vault.secret).toBeNull();
    expect(one.session.view()).toEqual({
      state: 'signed_out',
      server: server.url,
      username: 'anna',
      ended: 'by_user',
    });
    expect(count(server, PATHS.logout)).toBe(1);
    const stale = createTestVault(
      JSON.stringify({
        version: 1,
        server: server.url,
        username: 'anna',
        user: { id: 'u42', name: 'A', locale: 'ru' },
        refreshToken,
        ended: 'none',
      }),
    );
    const thief = harness(stale);
    await thief.session.restore();
    expect(await thief.session.current()?.headers(false)).toBeNull();
    await signedIn(server, one);
  });

  test('with a token that has expired it renews it to sign out, and keeps nothing', async () => {
    const server = await mock();
    const one = await signedIn(server);
    server.control.expireTokens();
    await one.session.signOut();
    const logouts = server.control.requests().filter(({ path }) => path === PATHS.logout);
    expect(logouts.map(({ status }) => status)).toEqual([401, 204]);
    expect(one.vault.secret).toBeNull();
  });

  test('a server that does not answer is given 5 s; the token is gone at once', async () => {
    const clock = createManualClock();
    const server = await serve((request, response) => {
      const user = { id: 'u1', name: 'U' };
      if (request.url !== PATHS.login) return;
      response.end(JSON.stringify({ accessToken: 'a', refreshToken: 'r', expiresIn: 900, user }));
    });
    const one = harness(createTestVault(), clock);
    await one.session.signIn({ server: server.url, ...anna });
    const done = one.session.signOut();
    await waitFor(() => server.requests.length === 2, 'the sign-out');
    expect(one.vault.secret).toBeNull();
    expect(one.session.view()).toMatchObject({ state: 'signed_out', ended: 'by_user' });
    clock.advance(5_000);
    await done;
    expect(one.lines.join()).toContain('could not be told of the sign-out: no answer within 5 s');
    await waitFor(() => server.sockets() === 0, 'the socket to close');
  });

  test('nobody signed in: nothing happens', async () => {
    const { session } = harness();
    await session.restore();
    await session.signOut();
    expect(session.view()).toMatchObject({ state: 'signed_out' });
  });

  test('an unsubscribed listener hears nothing', async () => {
    const { session } = harness();
    const heard: string[] = [];
    const stop = session.onChange((view) => heard.push(view.state));
    await session.restore();
    stop();
    await session.signOut();
    expect(heard).toEqual(['signed_out']);
  });
});
