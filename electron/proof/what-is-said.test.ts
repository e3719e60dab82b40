import { afterEach, expect, test } from 'vitest';
import { until } from './rig.ts';
import { said } from './said.ts';
import { createScene, describe as describeRig } from './scene.ts';
import type { Scene } from './scene.ts';

let scene: Scene;

afterEach(() => scene.close());

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
  return scene.rig.window.messages
    .slice(from)
    .flatMap(({ channel, message }) =>
      channel === 'connection:changed' ? [(message as { state: { phase: string } }).state.phase] : [],
    );
}

test('a proxy that holds everything back for seconds, always: the way that does not is taken, and said', async () => {
  scene = await createScene({
    server: SLOW.server,
    world: { transports: ['sse', 'long_poll'], limits: SLOW.limits },
  });
  const { rig, server, userId, live, complete } = scene;
  await rig.signIn(server.url);
  await live();
  server.control.setFaults([{ kind: 'delay', ms: HELD_MS }]);
  server.control.dropConnections(userId);
  await until(
    () => rig.window.connection()?.transport === 'long_poll' && rig.phase() === 'live',
    () => `the other transport; ${said(rig.window)} ${describeRig(rig)}`,
  );
  expect(said(rig.window)).toContain('holds the live stream back');
  server.control.advance(3, userId);
  await complete();
});

test('where there is no other way, it is said by how much changes are late, until they no longer are', async () => {
  scene = await createScene({ server: SLOW.server, world: { transports: ['sse'], limits: SLOW.limits } });
  const { rig, server, userId, live, complete } = scene;
  await rig.signIn(server.url);
  await live();
  expect(said(rig.window)).toContain('Changes appear as they happen.');
  server.control.setFaults([{ kind: 'delay', ms: HELD_MS }]);
  server.control.dropConnections(userId);
  await until(
    () => rig.phase() === 'late',
    () => `late; ${said(rig.window)} ${describeRig(rig)}`,
  );
  expect(said(rig.window)).toMatch(
    /^Late by [567].secs\. Connected to 127\.0\.0\.1:\d+, but changes arrive late, by [567].secs or more/,
  );
  expect(rig.window.connection()?.clockSkewMs).toBeLessThan(1_500);
  server.control.setFaults([]);
  server.control.dropConnections(userId);
  await live();
  expect(said(rig.window)).toContain('Changes appear as they happen.');
  await complete();
});

test('a server whose clock jumps back by an hour is late in nothing: the stream stays the way', async () => {
  scene = await createScene({ world: { transports: ['sse', 'long_poll'] } });
  const { rig, server, userId, live, complete } = scene;
  await rig.signIn(server.url);
  await live();
  server.control.setClockSkew(-3_600_000);
  await until(() => (rig.window.connection()?.clockSkewMs ?? 0) < -3_500_000, 'the new skew');
  await until(() => rig.window.connection()?.transport === 'sse' && rig.phase() === 'live', 'live again');
  server.control.advance(3, userId);
  await complete();
  expect(said(rig.window)).toContain('Changes appear as they happen.');
});

test('a server without heads, with steady traffic: connected, its newest change told, toasts; never "live"', async () => {
  scene = await createScene({ server: { foreign: true, backlog: 40 } });
  const { rig, server, userId } = scene;
  const from = rig.window.messages.length;
  await rig.signIn(server.url);
  const flow = setInterval(() => {
    server.control.publish(userId, { to: 'sent', severity: 'error', actionRequired: true });
  }, 100);
  try {
    await until(
      () => rig.phase() === 'connected',
      () => `connected; ${describeRig(rig)}`,
    );
    const toasts = rig.window.toasts.length;
    await until(() => rig.window.toasts.length > toasts, 'a toast of what comes after');
    expect(said(rig.window)).toMatch(/^Connected, newest change \d\d:\d\d\. .*not known whether more/);
  } finally {
    clearInterval(flow);
  }
  expect(phasesSince(from)).not.toContain('live');
});

test('that the server keeps what has not arrived is promised once it has shown so, also after a restart', async () => {
  scene = await createScene();
  const { rig, server, userId, live, complete } = scene;
  await rig.signIn(server.url);
  await live();
  expect(rig.window.connection()?.replay).toBe('unknown');
  server.control.setFaults([{ kind: 'refuse' }]);
  server.control.dropConnections(userId);
  await until(() => rig.phase() === 'waiting', 'no connection');
  expect(said(rig.window)).not.toContain('the server keeps');
  expect(said(rig.window)).toContain('What was received is kept.');
  server.control.advance(5, userId);
  server.control.setFaults([]);
  await live();
  await complete();
  await until(() => rig.window.connection()?.replay === 'proven', 'the proof');
  server.control.setFaults([{ kind: 'refuse' }]);
  server.control.dropConnections(userId);
  await until(() => rig.phase() === 'waiting', 'no connection again');
  expect(said(rig.window)).toContain('Nothing is lost: the server keeps what you have not received.');
  await rig.restart();
  await until(() => rig.window.connection()?.replay === 'proven', 'remembered');
});

test('where the server offers no way to fetch what is missing, that is said, and nothing of a fetch', async () => {
  scene = await createScene({ server: { foreign: true, backlog: 0 } });
  const { rig, server, userId, live } = scene;
  await rig.signIn(server.url);
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
    () => said(rig.window).includes('This server offers no way to fetch what is missing.'),
    () => `what is said; ${said(rig.window)} ${describeRig(rig)}`,
  );
  expect(said(rig.window)).toContain('1 gap is open.');
  expect(said(rig.window)).not.toMatch(/being fetched|will be fetched/);
});
