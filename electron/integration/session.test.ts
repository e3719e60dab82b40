import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createTestVault } from '../account/testing.ts';
import { createCore } from '../app/core.ts';
import { openLedger } from '../ledger/worker/open-ledger.ts';
import { systemClock } from '../ports/clock.ts';
import type { Clock } from '../ports/clock.ts';
import { ALL, until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

let scenario: Scenario | null = null;

async function begin(options?: ScenarioOptions): Promise<Scenario> {
  scenario = await createScenario(options);
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  return scenario;
}

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

test('an access token that expires in mid-stream is renewed once, and nothing is lost', async () => {
  const { server, userId, ...made } = await begin();
  server.control.advance(4, userId);
  await made.complete();
  server.control.expireTokens();
  server.control.advance(4, userId);
  await made.live();
  await made.complete();
  const refreshes = server.control.requests().filter((request) => request.path === '/api/refresh');
  expect(refreshes).toHaveLength(1);
});

test('short-lived tokens are renewed ahead of their end, again and again', async () => {
  const { server, userId, ...made } = await begin({ server: { accessTokenTtlS: 1 } });
  for (let round = 0; round < 3; round += 1) {
    const renewed = () =>
      server.control.requests().filter((request) => request.path === '/api/refresh').length;
    const before = renewed();
    await until(() => renewed() > before, 'a renewal');
    server.control.advance(3, userId);
    await made.complete();
  }
});

test('tokens that are too old whenever they arrive are renewed until one is in time, and nobody is signed out', async () => {
  const { harness, server, userId, ...made } = await begin({
    server: { accessTokenTtlS: 1 },
    deps: { limits: { headersMs: 10_000 } },
  });
  const refused = () =>
    server.control.requests().filter((request) => request.path === '/api/events' && request.status === 401);
  server.control.setFaults([{ kind: 'delay', ms: 2_100 }]);
  server.control.dropConnections(userId);
  server.control.advance(3, userId);
  await until(() => refused().length >= 3, 'three tokens that came too late');
  expect(harness.window.session()).toMatchObject({ state: 'signed_in' });
  server.control.setFaults([]);
  await made.complete();
});

test('a revoked session asks to sign in, keeps the history, and then nothing is lost', async () => {
  const { harness, server, userId, ...made } = await begin();
  server.control.advance(4, userId);
  await made.complete();
  server.control.revoke(userId);
  await until(
    () => harness.phase() === 'sign_in_needed',
    () => `sign-in needed, not ${harness.phase()}`,
  );
  expect(harness.window.session()).toMatchObject({ state: 'signed_out', username: 'anna' });
  expect(made.stored()).toHaveLength(4);
  server.control.advance(4, userId);
  await harness.signIn(server.url);
  await made.live();
  await made.complete();
  const opened = await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 10 } });
  expect(opened.counts.unread).toBeGreaterThan(0);
});

test('signing out ends the stream on the server, wipes the token and keeps the history', async () => {
  const { harness, server, userId, ...made } = await begin();
  server.control.advance(3, userId);
  await made.complete();
  await harness.core.handle('session:signOut', undefined);
  expect(harness.window.session()).toMatchObject({ state: 'signed_out', ended: 'by_user' });
  expect(harness.phase()).toBe('signed_out');
  expect(harness.window.badge).toBe(0);
  await until(() => server.control.openStreams() === 0, 'no stream on the server');
  expect(server.control.requests().some((request) => request.path === '/api/logout')).toBe(true);
  for (const name of await readdir(harness.folder)) {
    expect(await readFile(join(harness.folder, name), 'latin1')).not.toContain('eyJ');
  }
  server.control.advance(3, userId);
  await harness.signIn(server.url);
  await made.complete();
});

test('two users of one machine are kept apart', async () => {
  const { harness, server, userId, ...made } = await begin();
  server.control.publish(userId, { contractId: 'C-ONLY-ANNA' });
  await made.complete();
  await harness.core.handle('session:signOut', undefined);
  await harness.signIn(server.url, 'ben', 'ben-demo');
  await made.live();
  const opened = await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 100 } });
  expect(opened.total).toBeGreaterThan(0);
  expect(opened.rows.some((row) => row.contractId === 'C-ONLY-ANNA')).toBe(false);
  expect(opened.counts.unread).toBe(0);
});

test('started without a network it shows the history, says so, and goes on when the server is back', async () => {
  const { harness, server, userId, ...made } = await begin();
  server.control.advance(3, userId);
  await made.complete();
  await harness.restart(async () => server.control.setFaults([{ kind: 'refuse' }]));
  await until(() => harness.window.session()?.state === 'signed_in', 'a restored session');
  const opened = await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 10 } });
  expect(opened.counts.unread).toBeGreaterThan(0);
  await until(() => harness.phase() === 'waiting', 'waiting');
  server.control.setFaults([]);
  server.control.advance(3, userId);
  await made.complete();
});

test('closed in the middle of a sign-in that gets no answer: at once, and nothing is stored', async () => {
  // Not because it gives up waiting for the end: that is after 5 s, which never come here.
  const after: Clock['after'] = (ms, run) => (ms === 5_000 ? () => {} : systemClock.after(ms, run));
  scenario = await createScenario({ deps: { clock: { ...systemClock, after } } });
  const { harness, server } = scenario;
  server.control.setFaults([{ kind: 'delay', ms: 30_000 }]);
  const answer = harness.signIn(server.url).catch((error: unknown) => String(error));
  await until(
    () => server.control.requests().some((request) => request.path === '/api/login'),
    'the sign-in to reach the server',
  );
  const started = performance.now();
  await harness.core.close();
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(await answer).toContain('unreachable');
  expect((await harness.deps.vault.read()).state).toBe('absent');
});

test('closed while the stream is at work: the sign-in is still there at the next start', async () => {
  const { harness, server, userId, ...made } = await begin({ server: { accessTokenTtlS: 3 } });
  for (let round = 0; round < 5; round += 1) {
    server.control.advance(20, userId);
    await harness.restart();
    await until(() => (harness.window.session()?.state ?? 'restoring') !== 'restoring', 'the stored session');
    expect(harness.window.session()?.state).toBe('signed_in');
  }
  await made.complete();
});

test('support information holds no credentials and no contract texts', async () => {
  const { harness, server, userId, ...made } = await begin();
  server.control.setFaults([{ kind: 'status', status: 503, path: '/api/contracts' }]);
  server.control.publish(userId, { title: 'Very secret title', reason: 'a private reason' });
  server.control.sendRaw(
    userId,
    `event: ${userId}_ContractStatusChanged\nid: e1-00000000999\ndata: "leak this"\n\n`,
  );
  await made.live();
  await until(async () => {
    const { text } = await harness.core.handle('app:diagnostics', undefined);
    return text.includes('set aside') && text.includes('quarantine');
  }, 'the quarantined event and its hole in the diagnostics');
  const { text } = await harness.core.handle('app:diagnostics', undefined);
  for (const secret of ['Very secret', 'private reason', 'leak this', 'eyJ', 'Bearer', 'anna']) {
    expect(text).not.toContain(secret);
  }
  expect(text).toContain('Receipt:');
  expect(text).toContain('Connection, oldest first:');
});

test('closed while the account is being opened: no stream begins, and the sign-in is kept', async () => {
  let asked = 0;
  let opening: Promise<void> | null = null;
  const made = await begin({
    deps: {
      async openLedger(options) {
        const ledger = await openLedger(options);
        return {
          ...ledger,
          async account(key) {
            asked += 1;
            await opening;
            return ledger.account(key);
          },
        };
      },
    },
  });
  const { harness, server } = made;
  await harness.core.close();
  const streams = () => server.control.requests().filter(({ path }) => path === '/api/events').length;
  const before = streams();
  let goOn = (): void => {};
  opening = new Promise((resolve) => (goOn = resolve));
  asked = 0;
  harness.core = await createCore(harness.deps);
  await until(() => asked > 0, 'the account being opened');
  const closing = harness.core.close();
  goOn();
  await closing;
  expect(streams()).toBe(before);
  harness.window.messages.length = 0;
  harness.core = await createCore(harness.deps);
  await made.live();
});

test.each(['by itself', 'at waking', 'when asked to'] as const)(
  'a keychain that opens after the start is said, and looked at again %s',
  async (how) => {
    const vault = createTestVault();
    // A timer that never comes, where something else is to bring it.
    const after: Clock['after'] = (ms, run) =>
      ms === 2_000 && how !== 'by itself' ? () => {} : systemClock.after(ms, run);
    const { harness, ...made } = await begin({ deps: { vault, clock: { ...systemClock, after } } });
    const secret = vault.secret;
    await harness.restart(async () => void (vault.unreadable = true));
    const locked = () => {
      const view = harness.window.session();
      return view?.state === 'signed_out' && view.ended === 'locked';
    };
    await until(locked, 'that the keychain is locked');
    expect(vault.secret).toBe(secret);
    vault.unreadable = false;
    if (how === 'at waking') harness.core.wake('resume');
    if (how === 'when asked to') await harness.core.handle('connection:retryNow', undefined);
    await until(() => harness.window.session()?.state === 'signed_in', 'the stored sign-in');
    await made.live();
  },
);

test('who signs in while the keychain is locked stays signed in once it opens', async () => {
  const vault = createTestVault();
  const { harness, server, ...made } = await begin({ deps: { vault } });
  await harness.restart(async () => void (vault.unreadable = true));
  await until(() => harness.window.session()?.state === 'signed_out', 'the form');
  await harness.signIn(server.url, 'ben', 'ben-demo');
  vault.unreadable = false;
  harness.core.wake('resume');
  await made.live();
  expect(harness.window.session()).toMatchObject({ state: 'signed_in', username: 'ben' });
});
