import { afterEach, expect, test } from 'vitest';
import { createNodeHttp } from '../../ports/node-http.ts';
import { systemClock } from '../../ports/clock.ts';
import { until } from '../harness.ts';
import { signInAndAgree } from './browser.ts';
import { oidcProfile, startProtectedServer } from './protected-server.ts';
import { begin, createBrowserHarness, impatientClock, onLocalhost, type More } from './testing.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function keep<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

test.each<[string, (issuer: string) => More, object]>([
  ['another name of the same machine', (url) => ({ issuer: onLocalhost(url) }), { code: 'issuer_mismatch' }],
  ['nobody listens', () => ({ issuer: 'https://127.0.0.1:1' }), { code: 'issuer_unreachable' }],
  [
    'no discovery document',
    (url) => ({ issuer: `${url}/nothing` }),
    { code: 'issuer_malformed', detail: 'it answered 404' },
  ],
  ['no refresh token', () => ({ scopes: ['openid'] }), { code: 'no_refresh_token' }],
  ['no such claim', () => ({ userId: 'employee' }), { code: 'no_user_id', claim: 'employee' }],
  ['no such client', () => ({ clientId: 'other' }), { code: 'browser_timeout' }],
])('%s: said as what it is, and nobody is signed in', async (_what, more, problem) => {
  const { clock, ring } = impatientClock();
  const { harness } = await begin(keep, more, { clock });
  const result = await harness.enter(async (url, browser) => {
    const page = await signInAndAgree(browser, url, 'u7');
    // The provider's own page of an error; the app waits until the person comes back.
    if (page.status >= 400) ring();
  });
  expect(result).toMatchObject({ ok: false, problem });
  expect(harness.window.session()?.state).toBe('signed_out');
});

test('a clock that is days off is named', async () => {
  const clock = { ...systemClock, now: () => systemClock.now() + 2 * 86_400_000 };
  const { issuer, harness } = await begin(keep, undefined, { clock });
  expect(await harness.enter()).toEqual({
    ok: false,
    problem: { code: 'clock_skew', issuer: issuer.url },
  });
});

test('an issuer that fails for a while, or gives no new refresh token, ends nothing', async () => {
  const { issuer, server, harness } = await begin(keep, undefined, {}, { rotateRefreshToken: false });
  let down = false;
  issuer.provider.use(async (context, next) => {
    await next();
    if (context.path !== '/token') return;
    const { refresh_token: _kept, ...others } = context.body as Record<string, unknown>;
    if (down) Object.assign(context, { status: 503, body: '<html>maintenance</html>' });
    else if (context.oidc.params?.['grant_type'] === 'refresh_token') context.body = others;
  });
  expect(await harness.enter()).toEqual({ ok: true });
  await until(() => harness.phase() === 'connected', 'the stream');
  for (const fails of [true, false]) {
    down = fails;
    await harness.restart();
    if (fails) await until(() => harness.phase() === 'waiting', 'a failure');
    down = false;
    await until(() => harness.phase() === 'connected', 'the stream after the restart');
  }
  expect(server.streams.length).toBeGreaterThanOrEqual(3);
});

test('an issuer whose certificate is not trusted, and a server that refuses its token, are told apart', async () => {
  const { issuer, server } = await begin(keep);
  const profile = oidcProfile(server.url, issuer.url);
  const http = () => createNodeHttp();
  const wary = keep(await createBrowserHarness(issuer, profile, { createHttp: http }));
  expect(await wary.enter()).toMatchObject({
    ok: false,
    problem: { code: 'certificate', issuer: issuer.url },
  });
  const stern = keep(await startProtectedServer({ subjectOf: async () => null }));
  const refused = keep(await createBrowserHarness(issuer, oidcProfile(stern.url, issuer.url)));
  expect(await refused.enter()).toEqual({ ok: false, problem: { code: 'token_refused' } });
  expect(refused.window.session()?.state).toBe('signed_out');
});
