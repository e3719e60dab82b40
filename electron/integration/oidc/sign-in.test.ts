import { afterEach, expect, test } from 'vitest';
import { createNodeHttp } from '../../ports/node-http.ts';
import { ALL, until } from '../harness.ts';
import { signInAndAgree } from './browser.ts';
import { oidcProfile } from './protected-server.ts';
import {
  begin,
  createBrowserHarness,
  impatientClock,
  onLocalhost,
  tokenCalls,
  type BrowserHarness,
} from './testing.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function keep<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

const redirectOf = (url: string): string => new URL(url).searchParams.get('redirect_uri') ?? '';
const stateOf = (url: string): string => new URL(url).searchParams.get('state') ?? '';

async function statusOf(url: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') {
  const http = createNodeHttp();
  const answer = await http.request({ url, method, headers, signal: AbortSignal.timeout(10_000) });
  for await (const chunk of answer.body) if (chunk.length > 0) break;
  http.close();
  return answer.status;
}

async function rowsAre(harness: BrowserHarness, rows: string[]): Promise<void> {
  let last: string[] = [];
  await until(
    async () => {
      const view = { filter: ALL, range: { offset: 0, limit: 50 } };
      const { rows: found } = await harness.core.handle('view:open', view);
      last = found.map((row) => `${row.contractId} ${row.to}`).toSorted();
      return JSON.stringify(last) === JSON.stringify(rows);
    },
    () => `the rows are ${last.join(', ')}`,
    15_000,
  );
}

test('who signs in by the browser follows the contracts, also after a restart, until the issuer takes it back', async () => {
  const { issuer, server, harness } = await begin(keep);
  let last = { url: '', text: '' };
  const result = await harness.enter(async (url, browser) => {
    last = await signInAndAgree(browser, url, 'u7');
  });
  expect(result).toEqual({ ok: true });
  expect(harness.questions).toEqual([{ about: 'issuer', server: server.url, issuer: issuer.url }]);
  await until(() => last.text.includes('You can close this tab'), 'the page in the browser');
  expect(harness.window.session()).toMatchObject({
    state: 'signed_in',
    userName: 'Name of u7',
    remembered: true,
  });
  await until(() => harness.phase() === 'connected', 'the stream');
  server.send('id: 1\ndata: {"id":"C-1","status":"SENT"}');
  await rowsAre(harness, ['C-1 sent']);
  // Nothing listens where the browser came back to.
  await expect(fetch(last.url)).rejects.toThrow();

  const before = tokenCalls(issuer);
  await harness.restart();
  await until(() => harness.phase() === 'connected', 'the stream after the restart');
  expect(tokenCalls(issuer)).toBe(before + 1);
  server.send('id: 2\ndata: {"id":"C-1","status":"SIGNED"}');
  await rowsAre(harness, ['C-1 signed']);
  expect(new Set(server.streams)).toEqual(new Set(['u7']));

  await issuer.revokeAll();
  server.cut();
  await until(() => harness.window.session()?.state === 'signed_out', 'the end of the session');
  expect(harness.window.session()).toMatchObject({
    ended: 'revoked',
    server: server.url,
    profile: { name: 'Company', issuer: issuer.url },
  });
  // Also after a restart it is offered by the same profile, without the file.
  await harness.restart();
  await until(() => harness.window.session()?.state === 'signed_out', 'the start');
  expect(harness.window.session()).toMatchObject({ ended: 'revoked', profile: { issuer: issuer.url } });
  const again = { server: server.url, username: '', browser: true } as const;
  expect(await harness.core.handle('session:signIn', again)).toEqual({ ok: true });
  await until(() => harness.phase() === 'connected', 'the stream after the second sign-in');
});

test('who says no in the browser is told so, and nothing is kept', async () => {
  const { issuer, harness } = await begin(keep);
  const result = await harness.enter(async (url, browser) => {
    const page = await browser.go(url);
    const abort = /href="([^"]+abort)"/.exec(page.text)?.[1] ?? '';
    await browser.go(new URL(abort, page.url).href);
  });
  expect(result).toEqual({ ok: false, problem: { code: 'access_denied', issuer: issuer.url } });
  expect(tokenCalls(issuer)).toBe(0);
  await harness.restart();
  await until(() => harness.window.session()?.state === 'signed_out', 'the start');
});

test('nothing that a page or another program sends to the port signs anybody in, or ends the sign-in', async () => {
  const { issuer, harness } = await begin(keep);
  const statuses: Record<string, number> = {};
  let last = '';
  const result = await harness.enter(async (url, browser) => {
    const back = redirectOf(url);
    const right = `${back}?code=forged&state=${stateOf(url)}`;
    statuses['wrong state'] = await statusOf(`${back}?code=forged&state=guess`);
    statuses['no state'] = await statusOf(`${back}?code=forged`);
    statuses['two states'] = await statusOf(`${right}&state=guess`);
    statuses['other path'] = await statusOf(right.replace('/callback', '/callback/'));
    statuses['other name'] = await statusOf(right, { host: 'localhost:1' });
    statuses['POST'] = await statusOf(right, {}, 'POST');
    statuses['of a page'] = await statusOf(right, { origin: 'https://evil.example' });
    statuses['an image'] = await statusOf(right, { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' });
    statuses['a frame'] = await statusOf(right, { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' });
    last = (await signInAndAgree(browser, url, 'u7')).url;
  });
  expect(statuses).toEqual({
    'wrong state': 400,
    'no state': 400,
    'two states': 400,
    'other path': 404,
    'other name': 404,
    POST: 405,
    'of a page': 403,
    'an image': 403,
    'a frame': 403,
  });
  expect(result).toEqual({ ok: true });
  expect(tokenCalls(issuer)).toBe(1);
  await until(() => last !== '', 'the way back');
  await expect(statusOf(last)).rejects.toMatchObject({ code: 'unreachable' });
});

test('a sign-in that is not finished ends by its time, by Cancel, or as one that another answer came for', async () => {
  const { clock, ring } = impatientClock();
  const { issuer, harness } = await begin(keep, undefined, { clock });
  let opened = '';
  const wait = async (url: string): Promise<void> => void (opened = url);
  const open = (): Promise<void> => until(() => opened !== '', 'the browser');

  const idle = harness.enter(wait);
  await open();
  ring();
  expect(await idle).toEqual({ ok: false, problem: { code: 'browser_timeout' } });
  await expect(statusOf(redirectOf(opened))).rejects.toMatchObject({ code: 'unreachable' });

  opened = '';
  const foreign = harness.enter(wait);
  await open();
  expect(await statusOf(`${redirectOf(opened)}?code=c&state=old`)).toBe(400);
  ring();
  expect(await foreign).toEqual({ ok: false, problem: { code: 'wrong_state' } });

  opened = '';
  const cancelled = harness.enter(wait);
  await open();
  await harness.core.handle('session:cancelSignIn', undefined);
  expect(await cancelled).toEqual({ ok: false, problem: { code: 'cancelled' } });
  await expect(statusOf(redirectOf(opened))).rejects.toMatchObject({ code: 'unreachable' });
  expect(tokenCalls(issuer)).toBe(0);
});

test('an answer of another issuer is refused before its code goes anywhere', async () => {
  const { issuer, harness } = await begin(keep);
  const result = await harness.enter((url, browser) =>
    signInAndAgree(browser, url, 'u7', (at) => {
      if (!at.startsWith(redirectOf(url))) return at;
      const mixed = new URL(at);
      mixed.searchParams.set('iss', 'https://other.example');
      return mixed.href;
    }),
  );
  expect(result).toMatchObject({ ok: false, problem: { code: 'issuer_mismatch', issuer: issuer.url } });
  expect(tokenCalls(issuer)).toBe(0);
});

test('a token endpoint elsewhere is used only where the profile names its origin, which the person sees', async () => {
  const lead = async (named: boolean) => {
    const world = await begin(keep, (url) => (named ? { origins: [onLocalhost(url)] } : {}));
    world.issuer.provider.use(async (context, next) => {
      await next();
      if (!context.path.endsWith('openid-configuration')) return;
      const document = context.body as Record<string, unknown>;
      context.body = { ...document, token_endpoint: `${onLocalhost(world.issuer.url)}/token` };
    });
    return { ...world, result: await world.harness.enter() };
  };
  const strange = await lead(false);
  const origin = onLocalhost(strange.issuer.url);
  expect(strange.result).toMatchObject({ ok: false, problem: { code: 'issuer_elsewhere', origin } });
  expect(tokenCalls(strange.issuer)).toBe(0);
  const named = await lead(true);
  expect(named.result).toEqual({ ok: true });
  const both = `${named.issuer.url}, ${onLocalhost(named.issuer.url)}`;
  expect(named.harness.questions).toMatchObject([{ about: 'issuer', issuer: both }]);
});

test('who says no to the dialog sends nothing, and signing out revokes what the issuer gave', async () => {
  const { issuer, server, harness } = await begin(keep);
  const shy = keep(
    await createBrowserHarness(issuer, oidcProfile(server.url, issuer.url), { confirm: async () => false }),
  );
  expect(await shy.enter()).toEqual({ ok: false, problem: { code: 'not_confirmed' } });
  expect(issuer.requests).toEqual([]);
  await harness.enter();
  await harness.core.handle('session:signOut', undefined);
  expect(issuer.requests.at(-1)).toBe('POST /token/revocation');
});
