import { afterEach, expect, test } from 'vitest';
import { until } from './harness.ts';
import { said } from './said.ts';
import { createScenario, describe as describeHarness } from './scenario.ts';
import type { Scenario } from './scenario.ts';

let scenario: Scenario;

afterEach(() => scenario.close());

/** Two heartbeats are longer than what the proxy holds back, so that the connection never seems dead. */
const SLOW = {
  server: { heartbeatMs: 4_000 },
  limits: {
    retryMs: 20,
    minRetryMs: 10,
    maxRetryMs: 100,
    headersMs: 10_000,
    firstByteMs: 10_000,
    idleMs: 20_000,
  },
};
const HELD_MS = 6_500;

/** All that the window has said of the connection, from a moment on. */
function phasesSince(from: number): readonly string[] {
  return scenario.harness.window.messages
    .slice(from)
    .flatMap(({ channel, message }) =>
      channel === 'connection:changed' ? [(message as { state: { phase: string } }).state.phase] : [],
    );
}

test('a proxy that holds everything back for seconds, always: the way that does not is taken, and said', async () => {
  scenario = await createScenario({
    server: SLOW.server,
    deps: { transports: ['sse', 'long_poll'], limits: SLOW.limits },
  });
  const { harness, server, userId, live, complete } = scenario;
  await harness.signIn(server.url);
  await live();
  server.control.setFaults([{ kind: 'delay', ms: HELD_MS }]);
  server.control.dropConnections(userId);
  await until(
    () => harness.window.connection()?.transport === 'long_poll' && harness.phase() === 'live',
    () => `the other transport; ${said(harness.window)} ${describeHarness(harness)}`,
  );
  expect(said(harness.window)).toContain('holds the live stream back');
  server.control.advance(3, userId);
  await complete();
});

test('where there is no other way, it is said by how much changes are late, until they no longer are', async () => {
  scenario = await createScenario({
    server: SLOW.server,
    deps: { transports: ['sse'], limits: SLOW.limits },
  });
  const { harness, server, userId, live, complete } = scenario;
  await harness.signIn(server.url);
  await live();
  expect(said(harness.window)).toContain('Changes appear as they happen.');
  server.control.setFaults([{ kind: 'delay', ms: HELD_MS }]);
  server.control.dropConnections(userId);
  await until(
    () => harness.phase() === 'late',
    () => `late; ${said(harness.window)} ${describeHarness(harness)}`,
  );
  expect(said(harness.window)).toMatch(
    /^Late by [567].secs\. Connected to 127\.0\.0\.1:\d+, but changes arrive late, by [567].secs or more/,
  );
  expect(harness.window.connection()?.clockSkewMs).toBeLessThan(1_500);
  server.control.setFaults([]);
  server.control.dropConnections(userId);
  await live();
  expect(said(harness.window)).toContain('Changes appear as they happen.');
  await complete();
});

test('where there is no other way, a clock that has jumped is found out by asking for the time', async () => {
  scenario = await createScenario({ deps: { transports: ['sse'] } });
  const { harness, server, userId, live, complete } = scenario;
  await harness.signIn(server.url);
  await live();
  server.control.setClockSkew(-3_600_000);
  await until(() => (harness.window.connection()?.clockSkewMs ?? 0) < -3_500_000, 'the new skew');
  await live();
  server.control.advance(3, userId);
  await complete();
  expect(said(harness.window)).toContain('Changes appear as they happen.');
});

test('a server that names a time to come is complete up to an event, and no later than now', async () => {
  scenario = await createScenario();
  const { harness, server, userId, live, complete } = scenario;
  server.control.setClockSkew(73 * 365 * 86_400_000);
  await harness.signIn(server.url);
  await live();
  server.control.advance(3, userId);
  await complete();
  expect(harness.window.receipt()).toMatchObject({ verdict: 'complete', upToTime: null });
  expect(said(harness.window)).toMatch(/Complete up to event \d+\./);
  server.control.setClockSkew(0);
  server.control.advance(1, userId);
  await until(() => typeof harness.window.receipt()?.upToTime === 'number', 'a time that has been');
});

test('a server whose clock jumps back by an hour is late in nothing: the stream stays the way', async () => {
  scenario = await createScenario({ deps: { transports: ['sse', 'long_poll'] } });
  const { harness, server, userId, live, complete } = scenario;
  await harness.signIn(server.url);
  await live();
  server.control.setClockSkew(-3_600_000);
  await until(() => (harness.window.connection()?.clockSkewMs ?? 0) < -3_500_000, 'the new skew');
  await until(
    () => harness.window.connection()?.transport === 'sse' && harness.phase() === 'live',
    'live again',
  );
  server.control.advance(3, userId);
  await complete();
  expect(said(harness.window)).toContain('Changes appear as they happen.');
});

test('a server without heads, with steady traffic: connected, its newest change told, toasts; never "live"', async () => {
  scenario = await createScenario({ server: { foreign: true, backlog: 40 } });
  const { harness, server, userId } = scenario;
  const from = harness.window.messages.length;
  await harness.signIn(server.url);
  const flow = setInterval(() => {
    server.control.publish(userId, { to: 'sent', severity: 'error', actionRequired: true });
  }, 100);
  try {
    await until(
      () => harness.phase() === 'connected',
      () => `connected; ${describeHarness(harness)}`,
    );
    const toasts = harness.window.toasts.length;
    await until(() => harness.window.toasts.length > toasts, 'a toast of what comes after');
    expect(said(harness.window)).toMatch(/^Connected, newest change \d\d:\d\d\. .*not known whether more/);
  } finally {
    clearInterval(flow);
  }
  expect(phasesSince(from)).not.toContain('live');
});

test('that the server keeps what has not arrived is promised once it has shown so, also after a restart', async () => {
  scenario = await createScenario();
  const { harness, server, userId, live, complete } = scenario;
  await harness.signIn(server.url);
  await live();
  expect(harness.window.connection()?.replay).toBe('unknown');
  server.control.setFaults([{ kind: 'refuse' }]);
  server.control.dropConnections(userId);
  await until(() => harness.phase() === 'waiting', 'no connection');
  expect(said(harness.window)).not.toContain('the server keeps');
  expect(said(harness.window)).toContain('What was received is kept.');
  server.control.advance(5, userId);
  server.control.setFaults([]);
  await live();
  await complete();
  await until(() => harness.window.connection()?.replay === 'proven', 'the proof');
  server.control.setFaults([{ kind: 'refuse' }]);
  server.control.dropConnections(userId);
  await until(() => harness.phase() === 'waiting', 'no connection again');
  expect(said(harness.window)).toContain('Nothing is lost: the server keeps what you have not received.');
  await harness.restart();
  await until(() => harness.window.connection()?.replay === 'proven', 'remembered');
});

test('of a server whose memory proves to be gone, it is not promised again until it has shown so again', async () => {
  scenario = await createScenario();
  const { harness, server, userId, live, complete } = scenario;
  const away = async (): Promise<void> => {
    server.control.setFaults([{ kind: 'refuse' }]);
    server.control.dropConnections(userId);
    await until(() => harness.phase() === 'waiting', 'no connection');
  };
  const back = async (): Promise<void> => {
    server.control.setFaults([]);
    await live();
    await complete();
  };
  await harness.signIn(server.url);
  await live();
  await away();
  server.control.advance(5, userId);
  await back();
  await until(() => harness.window.connection()?.replay === 'proven', 'the proof');
  await away();
  server.control.newEpoch(userId);
  server.control.advance(3, userId);
  await back();
  await away();
  expect(said(harness.window)).not.toContain('the server keeps');
  await harness.restart();
  expect(harness.window.connection()?.replay ?? 'unknown').not.toBe('proven');
  server.control.advance(2, userId);
  await back();
  await until(() => harness.window.connection()?.replay === 'proven', 'the proof again');
});

test('where the server offers no way to fetch what is missing, that is said, and nothing of a fetch', async () => {
  scenario = await createScenario({ server: { foreign: true, backlog: 0 } });
  const { harness, server, userId, live } = scenario;
  await harness.signIn(server.url);
  await live();
  const publish = (): number => {
    server.control.publish(userId, { contractId: 'C-gap' });
    return server.control.published(userId).length;
  };
  const sequence = publish();
  server.control.setFaults([{ kind: 'omit', sequences: [sequence + 1] }]);
  publish();
  publish();
  await until(
    () => said(harness.window).includes('This server offers no way to fetch what is missing.'),
    () => `what is said; ${said(harness.window)} ${describeHarness(harness)}`,
  );
  expect(said(harness.window)).toContain('1 gap is open.');
  expect(said(harness.window)).not.toMatch(/being fetched|will be fetched/);
});
