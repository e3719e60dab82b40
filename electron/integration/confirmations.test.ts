import { afterEach, expect, test } from 'vitest';
import { startServer } from '../../server-mock/index.ts';
import type { MockServer } from '../../server-mock/types.ts';
import type { CoreDependencies, Question } from '../app/core-types.ts';
import { createHarness, until } from './harness.ts';
import type { Harness } from './harness.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

interface Asked {
  readonly questions: Question[];
  answer: boolean;
}

async function begin(deps: Partial<CoreDependencies> = {}): Promise<Asked & { harness: Harness }> {
  const asked: Asked = { questions: [], answer: true };
  const harness = await createHarness({
    async confirm(question) {
      asked.questions.push(question);
      return asked.answer;
    },
    ...deps,
  });
  open.push(harness);
  return Object.assign(asked, { harness });
}

async function serve(): Promise<MockServer> {
  const server = await startServer({ contracts: 2, heartbeatMs: 100, retryMs: 20 });
  open.push(server);
  return server;
}

const who = (server: string) => ({ server, username: 'anna', password: 'anna-demo' });

test('nothing goes to a server that is new here before the person has said yes outside the window', async () => {
  const server = await serve();
  const one = await begin();
  one.answer = false;
  expect(await one.harness.core.handle('session:signIn', who(server.url))).toEqual({
    ok: false,
    problem: { code: 'not_confirmed' },
  });
  expect(server.control.requests()).toEqual([]);
  one.answer = true;
  // Asked about once, even where the password was wrong, and not again after a restart or a sign-out.
  const wrong = { ...who(server.url), password: 'guess' };
  expect(await one.harness.core.handle('session:signIn', wrong)).toMatchObject({ ok: false });
  expect(await one.harness.core.handle('session:signIn', who(`${server.url}/`))).toEqual({ ok: true });
  await one.harness.core.handle('session:signOut', undefined);
  await one.harness.restart();
  await until(() => one.harness.window.session()?.state === 'signed_out', 'the start');
  expect(await one.harness.core.handle('session:signIn', who(server.url))).toEqual({ ok: true });
  const question = { about: 'server', server: server.url };
  expect(one.questions).toEqual([question, question]);
  // Another one is asked about although somebody is known here.
  const other = await serve();
  await one.harness.core.handle('session:signOut', undefined);
  one.answer = false;
  expect(await one.harness.core.handle('session:signIn', who(other.url))).toMatchObject({ ok: false });
  expect(other.control.requests()).toEqual([]);
  // One that was erased is new again.
  one.answer = true;
  await one.harness.core.handle('session:signIn', who(server.url));
  await one.harness.core.handle('session:signOutAndErase', undefined);
  one.questions.length = 0;
  await one.harness.core.handle('session:signIn', who(server.url));
  expect(one.questions).toEqual([question]);
});

test('the server that the app was started with asks nothing', async () => {
  const server = await serve();
  const one = await begin({ suggestedServer: `${server.url}/` });
  expect(await one.harness.core.handle('session:signIn', who(server.url))).toEqual({ ok: true });
  expect(one.questions).toEqual([]);
});

test('a portal is confirmed by its origin: neither another host, nor another server, nor many at once come in unasked', async () => {
  const one = await begin();
  const change = (portals: Readonly<Record<string, string>>) =>
    one.harness.core.handle('settings:change', { portals });
  const kept = async () => (await one.harness.core.handle('app:bootstrap', undefined)).settings.portals;
  const [a, b] = ['https://a.example', 'https://b.example'];
  await change({ [a]: 'https://portal.example/c/{id}' });
  expect(one.questions).toEqual([{ about: 'portal', server: a, portal: 'https://portal.example' }]);
  await change({ [a]: 'https://portal.example/contracts/{id}?from=pulse' });
  expect(one.questions).toHaveLength(1);

  one.answer = false;
  const before = await kept();
  for (const portals of [
    { [a]: 'https://evil.example/{id}' },
    { [a]: 'https://portal.example:8443/c/{id}' },
    { [a]: 'https://portal.example@evil.example/{id}' },
    { [a]: 'https://portal.example.evil.example/{id}' },
    { ...before, [b]: 'https://portal.example/c/{id}' },
    { ...before, __proto__x: 'https://evil.example/{id}' },
  ])
    await expect(change(portals)).rejects.toMatchObject({ failure: { code: 'portalDeclined' } });
  expect(await kept()).toEqual(before);
  const asked = one.questions.length;
  one.answer = true;
  await expect(
    change({ ...before, [b]: 'https://one.example/{id}', 'https://c.example': 'https://two.example/{id}' }),
  ).rejects.toMatchObject({ failure: { code: 'portalDeclined' } });
  expect(one.questions).toHaveLength(asked);
  // Nor does the window put words of its own into the question.
  for (const server of [
    `${b}\n\nA check by your administrator. Press “Use This Portal”`,
    `${b}/of/us`,
    `${b} `,
    'HTTPS://B.example',
    'data:text/plain,hello',
    'null',
    'b.example',
    '',
  ])
    await expect(change({ ...before, [server]: 'https://one.example/{id}' })).rejects.toMatchObject({
      failure: { code: 'portalDeclined' },
    });
  expect(one.questions).toHaveLength(asked);
  // To take one away needs no question.
  await change({});
  expect(one.questions).toHaveLength(asked);
});

test('a runtime for tests signs in on this machine only, and takes up no stored sign-in elsewhere', async () => {
  const one = await begin({ loopbackOnly: true });
  for (const server of ['contracts.example', 'https://127.0.0.1.example', 'https://192.168.0.7'])
    expect(await one.harness.core.handle('session:signIn', who(server)), server).toEqual({
      ok: false,
      problem: { code: 'this_machine_only' },
    });
  expect(one.questions).toEqual([]);
  const here = await serve();
  expect(await one.harness.core.handle('session:signIn', who(here.url))).toEqual({ ok: true });

  const requests: string[] = [];
  const other = await begin({
    loopbackOnly: true,
    createHttp: () => ({
      async request({ url }) {
        requests.push(url);
        throw new Error('nothing is to be sent');
      },
      close: () => {},
    }),
    vault: {
      persistent: true,
      read: async () => ({
        state: 'present',
        secret: JSON.stringify({
          version: 1,
          server: 'https://contracts.example',
          username: 'anna',
          user: { id: 'u42', name: 'Anna', locale: 'ru' },
          refreshToken: 'secret',
          ended: 'none',
        }),
      }),
      write: async () => {},
      erase: async () => {},
    },
  });
  await until(() => (other.harness.window.session()?.state ?? 'restoring') !== 'restoring', 'the start');
  expect(other.harness.window.session()).toMatchObject({ state: 'signed_out', username: 'anna' });
  expect(requests).toEqual([]);
});
