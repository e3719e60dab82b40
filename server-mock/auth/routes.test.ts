import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { loginAnswerSchema, problemSchema, tokensSchema } from '../../protocol/api.ts';
import { bearer, openStream, send, signIn } from '../testing/client.ts';
import { startForTest } from '../testing/server.ts';

describe('POST /api/login', () => {
  it('gives tokens and tells who the user is', async () => {
    const server = await startForTest();
    const answer = await send(server, '/api/login', { body: { username: 'anna', password: 'anna-demo' } });
    expect(answer.status).toBe(200);
    expect(v.parse(loginAnswerSchema, answer.json())).toMatchObject({
      expiresIn: 900,
      user: { id: 'u42', name: 'Анна Петрова', locale: 'ru' },
    });
  });

  it('refuses a wrong password and an unknown user alike, as a problem', async () => {
    const server = await startForTest();
    const wrong = await send(server, '/api/login', { body: { username: 'anna', password: 'x' } });
    const unknown = await send(server, '/api/login', { body: { username: 'nobody', password: 'x' } });
    for (const answer of [wrong, unknown]) {
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(v.parse(problemSchema, answer.json())).toMatchObject({ status: 401, title: 'Sign-in failed' });
    }
    expect(wrong.text).toBe(unknown.text);
  });

  it('slows down after repeated failures, even for the right password, and recovers', async () => {
    const server = await startForTest({ maxFailedLogins: 2, throttleMs: 1_000 });
    const attempt = (password: string) =>
      send(server, '/api/login', { body: { username: 'anna', password } });
    expect([(await attempt('1')).status, (await attempt('2')).status]).toEqual([401, 401]);
    const throttled = await attempt('anna-demo');
    expect([throttled.status, throttled.headers['retry-after']]).toEqual([429, '1']);
    await signIn(server, 'ben');
    const deadline = Date.now() + 60_000;
    let status = 429;
    while (status === 429 && Date.now() < deadline) ({ status } = await attempt('anna-demo'));
    expect(status).toBe(200);
  });

  it.each([
    ['no body', undefined],
    ['a list', []],
    ['a number as password', { username: 'anna', password: 7 }],
    ['an empty user name', { username: '', password: 'x' }],
  ])('answers 400 to %s', async (_name, body) => {
    const server = await startForTest();
    const answer = await send(server, '/api/login', { method: 'POST', body });
    expect([answer.status, answer.json<{ title: string }>().title]).toEqual([400, 'Bad request']);
  });
});

describe('POST /api/refresh', () => {
  it('gives a new pair, the same successor once more, and revokes on reuse', async () => {
    const server = await startForTest();
    const first = await signIn(server);
    const refresh = (refreshToken: string) => send(server, '/api/refresh', { body: { refreshToken } });
    const second = v.parse(tokensSchema, (await refresh(first.refreshToken)).json());
    const again = v.parse(tokensSchema, (await refresh(first.refreshToken)).json());
    expect(again.refreshToken).toBe(second.refreshToken);
    const third = v.parse(tokensSchema, (await refresh(second.refreshToken)).json());
    const stream = await openStream(server, bearer(third));
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect(await stream.ended).toBe('end');
    expect((await refresh(third.refreshToken)).status).toBe(401);
    expect((await send(server, '/api/contracts', { headers: bearer(third) })).status).toBe(401);
  });

  it('answers 401 to a made-up token and 400 to none', async () => {
    const server = await startForTest();
    expect((await send(server, '/api/refresh', { body: { refreshToken: 'x' } })).status).toBe(401);
    expect((await send(server, '/api/refresh', { body: {} })).status).toBe(400);
  });
});

describe('POST /api/logout', () => {
  it('ends the streams of this session and of no other', async () => {
    const server = await startForTest();
    const [one, other] = [await signIn(server), await signIn(server)];
    const [ending, staying] = [
      await openStream(server, bearer(one)),
      await openStream(server, bearer(other)),
    ];
    const answer = await send(server, '/api/logout', {
      method: 'POST',
      headers: { ...bearer(one), 'content-type': 'application/json' },
    });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await ending.ended).toBe('end');
    server.control.publish('u42');
    await staying.until((stream) => stream.events().length === 1);
    expect((await send(server, '/api/contracts', { headers: bearer(one) })).status).toBe(401);
    expect((await send(server, '/api/refresh', { body: { refreshToken: one.refreshToken } })).status).toBe(
      401,
    );
  });
});

describe('credentials', () => {
  it('are needed, and a wrong one is not passed over for another', async () => {
    const server = await startForTest({ apiKeys: { 'key-1': 'u7' } });
    const status = async (headers: Record<string, string>) =>
      (await send(server, '/api/contracts', { headers })).status;
    expect(await status({})).toBe(401);
    expect(await status({ 'x-api-key': 'key-1' })).toBe(200);
    expect(await status({ 'x-api-key': 'toString' })).toBe(401);
    expect(await status({ 'x-api-key': 'key-1', authorization: 'Bearer x' })).toBe(401);
    expect(await status({ authorization: 'Basic YTpi' })).toBe(401);
    const refused = await send(server, '/api/events');
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });

  it('by X-API-Key open the stream of that user', async () => {
    const server = await startForTest({ apiKeys: { 'key-1': 'u7' } });
    const stream = await openStream(server, { 'x-api-key': 'key-1' });
    server.control.publish('u42', { title: 'not yours' });
    server.control.publish('u7', { title: 'yours' });
    await stream.until(() => stream.events().length > 0);
    expect(stream.events().map(({ data }) => data.contract.title)).toEqual(['yours']);
    expect(stream.blocks().every(({ name }) => name.startsWith('u7_'))).toBe(true);
  });

  it('never reach the lines that the server says', async () => {
    const lines: string[] = [];
    const server = await startForTest({
      onLine: (line) => lines.push(line),
      apiKeys: { 'secret-key': 'u7' },
    });
    const tokens = await signIn(server);
    await send(server, '/api/login', { body: { username: 'anna\n\u001b[31m', password: 'wrong-secret' } });
    (await openStream(server, bearer(tokens))).close();
    await send(server, '/api/refresh', { body: tokens });
    const text = lines.join('\n');
    expect(text).toContain('sign-in: anna (u42)');
    expect(text).toContain('sign-in refused: anna??');
    for (const secret of [tokens.accessToken, tokens.refreshToken, 'anna-demo', 'wrong-secret', 'secret-key'])
      expect(text).not.toContain(secret);
    expect(text).not.toContain('\u001b');
  });
});

describe('the session cookie', () => {
  const origin = 'http://127.0.0.1:5173';

  async function withCookie() {
    const server = await startForTest({ allowedOrigins: [origin] });
    const login = await send(server, '/api/login', {
      body: { username: 'anna', password: 'anna-demo' },
      headers: { origin },
    });
    const [set = ''] = login.headers['set-cookie'] ?? [];
    return { server, login, set, cookie: set.split(';')[0] ?? '' };
  }

  it('is for the stream alone, and out of the reach of scripts', async () => {
    const { server, set, cookie } = await withCookie();
    expect(set).toContain('Path=/api/events');
    expect(set).toContain('HttpOnly');
    expect((await send(server, '/api/contracts', { headers: { cookie } })).status).toBe(401);
    const stream = await openStream(server, { cookie });
    server.control.publish('u42');
    await stream.until(() => stream.events().length === 1);
  });

  it('works across origins that are on the list, with CORS', async () => {
    const { server, login, cookie } = await withCookie();
    for (const headers of [login.headers, (await openStream(server, { cookie, origin })).headers]) {
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-allow-credentials']).toBe('true');
    }
    const preflight = await send(server, '/api/contracts', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-headers']).toBe('authorization');
  });

  it('is refused to origins that are not', async () => {
    const { server, cookie } = await withCookie();
    for (const foreign of ['http://evil.example', 'null', `${origin}.evil.example`]) {
      const answer = await send(server, '/api/events', {
        headers: { cookie, origin: foreign, accept: 'text/event-stream' },
      });
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('ends with its session', async () => {
    const { server, login, cookie } = await withCookie();
    const stream = await openStream(server, { cookie });
    const { accessToken } = login.json<{ accessToken: string }>();
    await send(server, '/api/logout', {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(await stream.ended).toBe('end');
    expect((await send(server, '/api/events', { headers: { cookie } })).status).toBe(401);
  });
});
