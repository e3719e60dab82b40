import { afterEach, expect, test, vi } from 'vitest';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import { ALL, until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

let scenario: Scenario | null = null;

async function begin(options?: ScenarioOptions): Promise<Scenario> {
  scenario = await createScenario(options);
  return scenario;
}

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

const PAGE = { offset: 0, limit: 50 };

test('signed in, a published event arrives in an open view, unread and counted', async () => {
  const { harness, server, userId, ...more } = await begin();
  await harness.signIn(server.url);
  await more.live();
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  expect(opened.total).toBe(server.control.published(userId).length > 0 ? opened.rows.length : 0);
  expect(opened.counts.unread).toBe(0);

  const event = server.control.publish(userId, { to: 'declined', actionRequired: true, title: 'Поставка' });
  await until(() => harness.window.batches().some((batch) => batch.rows[0]?.unread === 1), 'a batch');
  const batch = harness.window.batches().at(-1);
  expect(batch?.rows[0]).toMatchObject({ contractId: event.data.contract.id, to: 'declined', unread: 1 });
  expect(batch?.counts.unread).toBe(1);
  expect(batch?.seq).toBeGreaterThan(opened.seq);
  await more.complete();
  expect(harness.window.badge).toBe(batch?.counts.actionRequired);
  expect(harness.window.toasts.map((toast) => toast.contractId)).toEqual([event.data.contract.id]);
});

test('a restart restores the session and resumes from the cursor: what came meanwhile is there once', async () => {
  // Far apart, so that a machine that stands still for a moment makes no connection of its own.
  const { harness, server, userId, ...more } = await begin({ server: { heartbeatMs: 1_000 } });
  await harness.signIn(server.url);
  await more.live();
  server.control.advance(5, userId);
  await more.complete();
  const cursor = server.control.head(userId);
  await harness.restart(async () => {
    await until(() => server.control.openStreams(userId) === 0, 'the stream to end');
    server.control.advance(7, userId);
  });
  await more.complete();
  expect(harness.window.session()).toMatchObject({ state: 'signed_in', username: 'anna' });
  const streams = server.control.requests().filter((request) => request.path === '/api/events');
  expect(streams.at(-1)?.lastEventId).toBe(cursor);
  const snapshots = server.control.requests().filter((request) => request.path === '/api/contracts');
  expect(snapshots).toHaveLength(1);
});

test('a wrong password is told and nothing is followed', async () => {
  const { harness, server } = await begin();
  const answer = await harness.core.handle('session:signIn', {
    server: server.url,
    username: 'anna',
    password: 'wrong',
  });
  expect(answer).toEqual({ ok: false, problem: { code: 'wrong_password' } });
  expect(server.control.openStreams()).toBe(0);
  await expect(harness.core.handle('view:open', { filter: ALL, range: PAGE })).rejects.toMatchObject({
    failure: { code: 'notSignedIn' },
  });
});

test('arguments are checked: a bad one says which field is wrong', async () => {
  const { harness } = await begin();
  await expect(
    harness.core.handle('view:open', { filter: ALL, range: { offset: -1, limit: 5 } }),
  ).rejects.toThrow('range.offset');
  await expect(harness.core.handle('session:signIn', null)).rejects.toThrow('session:signIn');
});

test('dropped connections and a server restart lose and double nothing', async () => {
  const { harness, server, userId, ...more } = await begin();
  await harness.signIn(server.url);
  await more.live();
  server.control.advance(5, userId);
  server.control.dropConnections(userId);
  server.control.advance(5, userId);
  await more.complete();
  const before = harness.window.messages.length;
  const back = server.control.restart(300);
  const isAway = ({ state }: ConnectionStatus) => state.phase === 'waiting' || state.phase === 'connecting';
  await until(
    () =>
      harness.window.messages
        .slice(before)
        .some((one) => one.channel === 'connection:changed' && isAway(one.message as ConnectionStatus)),
    'a visible reconnecting',
  );
  await back;
  server.control.advance(5, userId);
  await more.live();
  await more.complete();
});

test('a new epoch is recorded as a gap, repaired, and followed on', async () => {
  const { harness, server, userId, ...more } = await begin();
  await harness.signIn(server.url);
  await more.live();
  server.control.advance(5, userId);
  await more.complete();
  await harness.restart(async () => {
    server.control.advance(3, userId);
    server.control.newEpoch(userId);
    server.control.advance(4, userId);
  });
  await more.complete();
  expect(harness.window.receipt()?.lastHealed?.kind).toBe('epoch');
});

test('a new epoch whose log is still empty: what the old one ended with is brought back all the same', async () => {
  const { harness, server, userId, ...more } = await begin();
  await harness.signIn(server.url);
  await more.live();
  server.control.advance(5, userId);
  await more.complete();
  await harness.restart(async () => {
    server.control.advance(4, userId);
    server.control.newEpoch(userId);
  });
  await until(
    () => more.stored().length === 9,
    () => `nine events, not ${more.stored().length}`,
  );
  expect(more.stored()).toEqual(more.published());
  server.control.advance(3, userId);
  await more.complete();
});

test('a cursor older than what the server keeps is repaired from snapshot and history', async () => {
  const { harness, server, userId, ...more } = await begin();
  await harness.signIn(server.url);
  await more.live();
  await more.complete();
  await harness.restart(async () => {
    server.control.advance(20, userId);
    server.control.truncate(userId, 3);
  });
  await more.complete();
  expect(harness.window.receipt()?.lastHealed?.kind).toBe('stale');
});

test("another user's events never appear", async () => {
  const { harness, server, userId, ...more } = await begin();
  await harness.signIn(server.url);
  await more.live();
  const foreign = JSON.stringify({ specversion: '1.0', id: 'e1-00000000001', source: '/streams/u7' });
  const raw = `event: u7_ContractStatusChanged\nid: e1-00000000777\ndata: ${foreign}\n\n`;
  // It reaches who is connected at that moment: on a busy machine the stream may just have been cut as silent.
  await vi.waitFor(
    async () => {
      server.control.sendRaw(userId, raw);
      const { text } = await harness.core.handle('app:diagnostics', undefined);
      expect(text).toMatch(/foreign event name "u7_ContractStatusChanged": \d+ times/);
    },
    { timeout: 30_000, interval: 200 },
  );
  server.control.advance(2, 'u7');
  server.control.advance(2, userId);
  await more.complete();
});

test('an honest foreign server with opaque ids: followed, and the receipt claims no more than it knows', async () => {
  const { harness, server, userId, ...more } = await begin({ server: { foreign: true, backlog: 0 } });
  await harness.signIn(server.url);
  await more.live();
  server.control.advance(6, userId);
  await until(() => more.stored().length === 6, 'six events');
  expect(more.stored()).toEqual(more.published());
  await until(() => harness.window.receipt()?.verdict === 'no_baseline', 'no gap seen, without a baseline');
  await harness.restart(async () => void server.control.advance(3, userId));
  await until(() => more.stored().length === 9, 'nine events');
  expect(more.stored()).toEqual(more.published());
  expect(harness.window.receipt()?.verdict).not.toBe('complete');
});

test('a foreign server that refuses the id we resume from: on without it, nothing doubled, a gap on record', async () => {
  const { harness, server, userId, ...more } = await begin({ server: { foreign: true, backlog: 0 } });
  await harness.signIn(server.url);
  await more.live();
  server.control.advance(4, userId);
  await until(() => more.stored().length === 4, 'four events');
  server.control.setFaults([{ kind: 'status', status: 410, times: 3 }]);
  server.control.dropConnections(userId);
  server.control.advance(3, userId);
  await until(() => more.stored().length === 7, 'seven events');
  expect(more.stored()).toEqual(more.published());
  const streams = server.control.requests().filter((request) => request.path === '/api/events');
  expect(streams.map((request) => request.status)).toEqual([200, 410, 410, 410, 200]);
  expect(streams.at(-1)?.lastEventId).toBeNull();
  await until(() => harness.window.receipt()?.verdict === 'gaps', 'the gap told');
});

test('NDJSON brings the same', async () => {
  const { harness, server, userId, ...more } = await begin({ deps: { transports: ['ndjson'] } });
  await harness.signIn(server.url);
  await more.live();
  server.control.advance(10, userId);
  server.control.dropConnections(userId);
  server.control.advance(10, userId);
  await more.complete();
  expect(harness.window.connection()?.transport).toBe('ndjson');
});

test('behind a proxy that buffers it falls back to long polling, on the same cursor', async () => {
  const { harness, server, userId, ...more } = await begin({
    deps: { transports: ['sse', 'long_poll'] },
  });
  await harness.signIn(server.url);
  await more.live();
  server.control.setFaults([{ kind: 'buffer', headers: true }]);
  server.control.dropConnections(userId);
  server.control.advance(5, userId);
  await more.complete();
  await until(() => harness.window.connection()?.transport === 'long_poll', 'the slower way told');
  server.control.advance(5, userId);
  await more.complete();
});

test('a server whose clock is hours off: the skew is known, times are not confused', async () => {
  const { harness, server, userId, ...more } = await begin();
  server.control.setClockSkew(5 * 3_600_000);
  await harness.signIn(server.url);
  await more.live();
  server.control.advance(3, userId);
  await more.complete();
  await until(() => harness.window.connection()?.clockSkewMs !== null, 'a skew');
  expect(Math.abs((harness.window.connection()?.clockSkewMs ?? 0) - 5 * 3_600_000)).toBeLessThan(5_000);
  expect(harness.window.receipt()?.changesToday).toBe(3);
});

test('a notice from the server reaches the window', async () => {
  const { harness, server, ...more } = await begin();
  await harness.signIn(server.url);
  await more.live();
  server.control.notice('Maintenance at 22:00');
  await until(() => harness.window.messages.some((one) => one.channel === 'server:notice'), 'the notice');
});

test('403 and 204 stop and say so, until the user acts', async () => {
  const { harness, server, userId, ...more } = await begin();
  await harness.signIn(server.url);
  await more.live();
  for (const status of [403, 204]) {
    server.control.setFaults([{ kind: 'status', status }]);
    server.control.dropConnections(userId);
    await until(() => harness.phase() === 'stopped', 'stopped');
    server.control.advance(3, userId);
    harness.core.wake('network');
    server.control.setFaults([]);
    await harness.core.handle('connection:retryNow', undefined);
    await more.live();
    await more.complete();
  }
});
