import { afterEach, expect, test } from 'vitest';
import type { ViewBatch } from '../../protocol/view.ts';
import { startServer } from '../../server-mock/index.ts';
import { systemClock } from '../ports/clock.ts';
import { ALL, until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

let scenario: Scenario | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

const PAGE = { offset: 0, limit: 5 };

async function begin(options?: ScenarioOptions): Promise<Scenario> {
  scenario = await createScenario(options);
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  return scenario;
}

test('a flood is at most one message a frame, in unbroken numbers, and ends with the truth', async () => {
  const { harness, server, userId, ...made } = await begin();
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  const started = performance.now();
  for (let round = 0; round < 40; round += 1) {
    server.control.advance(50, userId);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await made.complete();
  const elapsed = performance.now() - started;
  await until(async () => {
    const now = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
    await harness.core.handle('view:close', { viewId: now.viewId });
    return JSON.stringify(now.rows) === JSON.stringify(harness.window.batches().at(-1)?.rows);
  }, 'the last batch to be the truth');
  const batches = harness.window.batches().filter((batch) => batch.viewId === opened.viewId);
  expect(batches.length).toBeLessThanOrEqual(elapsed / 16 + 2);
  expect(batches.map((batch) => batch.seq)).toEqual(batches.map((_, index) => opened.seq + 1 + index));
});

test('however often the same contracts change, each change received is counted once', async () => {
  const { harness, server, userId, ...made } = await begin({ server: { contracts: 6, backlog: 20 } });
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  for (let each = 0; each < 66; each += 1)
    server.control.publish(userId, { contractId: `C-${each % 3}`, to: each % 2 ? 'sent' : 'viewed' });
  await made.complete();
  const received = (): number => (harness.window.batches().at(-1)?.received ?? 0) - opened.received;
  await until(
    () => received() === 66,
    () => `66 changes received, not ${received()}`,
  );
  // What comes twice is the same change.
  server.control.dropConnections();
  server.control.publish(userId, { contractId: 'C-0', to: 'declined' });
  await until(
    () => received() === 67,
    () => `67 changes received, not ${received()}`,
  );
});

test('while held, order and membership stand still, rows change in place, and what waits is counted', async () => {
  const { harness, server, userId } = await begin({ server: { contracts: 6, backlog: 20 } });
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  const held = await harness.core.handle('view:hold', { viewId: opened.viewId, held: true, range: PAGE });
  const order = held.rows.map((row) => row.contractId);
  expect(held.held).toBe(true);
  const last = order[4] ?? '';
  server.control.publish(userId, { contractId: last, to: 'declined' });
  await until(() => harness.window.batches().some((batch) => batch.waiting === 1), 'one waiting');
  const batch = harness.window.batches().at(-1) as ViewBatch;
  expect(batch.rows.map((row) => row.contractId)).toEqual(order);
  expect(batch.rows[4]?.to).toBe('declined');
  const freed = await harness.core.handle('view:hold', { viewId: opened.viewId, held: false, range: PAGE });
  expect(freed.rows[0]?.contractId).toBe(last);
  expect(freed.waiting).toBe(0);
});

test('marking read changes rows, counts and the open contract at once', async () => {
  const { harness, server, userId, ...made } = await begin();
  const { contract } = server.control.publish(userId, { actionRequired: true }).data;
  await made.complete();
  await harness.core.handle('view:open', { filter: { view: 'unread', text: '' }, range: PAGE });
  const detail = await harness.core.handle('contract:open', { contractId: contract.id });
  expect(detail?.timeline[0]?.unread).toBe(true);
  await harness.core.handle('actions:perform', {
    contractIds: [contract.id],
    action: { do: 'read', read: true, byShowing: true },
  });
  await until(() => harness.window.batches().at(-1)?.counts.unread === 0, 'nothing unread');
  expect(harness.window.batches().at(-1)?.rows).toEqual([]);
  await until(() => {
    const changed = harness.window.messages.findLast((one) => one.channel === 'contract:changed');
    return JSON.stringify(changed ?? {}).includes('"unread":false');
  }, 'the contract told anew');
});

test('a window that is gone gets no more of its views; a closed or unknown view is told as such', async () => {
  const { harness, server, userId, ...made } = await begin();
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  harness.core.windowGone();
  harness.window.messages.length = 0;
  server.control.advance(5, userId);
  await made.complete();
  expect(harness.window.batches()).toEqual([]);
  await expect(harness.core.handle('view:read', { viewId: opened.viewId, range: PAGE })).rejects.toThrow(
    'not open',
  );
  await harness.core.handle('view:close', { viewId: opened.viewId });
});

test('a list that was held by who has signed out holds nothing of the next sign-in', async () => {
  const { harness, server, userId, live } = await begin();
  const unread = { view: 'unread', text: '' } as const;
  const range = { offset: 0, limit: 50 };
  const before = await harness.core.handle('view:open', { filter: unread, range });
  await harness.core.handle('view:hold', { viewId: before.viewId, held: true, range });
  await harness.core.handle('session:signOut', undefined);
  await harness.signIn(server.url);
  await live();
  const event = server.control.publish(userId, { contractId: 'C-new', to: 'sent' });
  await until(
    async () => (await harness.core.handle('contract:open', { contractId: 'C-new' })) !== null,
    () => `${event.id} to be stored`,
  );
  const { viewId, rows } = await harness.core.handle('view:open', { filter: ALL, range });
  const ids = await harness.core.handle('view:ids', { viewId, offset: 0, count: 50 });
  expect(ids.contractIds).toEqual(rows.map(({ contractId }) => contractId));
  await harness.core.handle('view:markRead', { viewId });
  const after = await harness.core.handle('view:open', { filter: ALL, range });
  expect(after.counts.unread).toBe(0);
});

test('the badge follows without any view open, and is cleared when nobody is signed in', async () => {
  const { harness, server, userId } = await begin();
  const before = harness.window.badge;
  server.control.publish(userId, { contractId: 'C-NEEDS-ME', actionRequired: true });
  await until(() => harness.window.badge === before + 1, 'the badge to rise');
  await harness.core.handle('session:signOut', undefined);
  expect(harness.window.badge).toBe(0);
});

test('saved views answer with counts, which follow at most once a second, and only while the window watches', async () => {
  const { harness, server, userId, ...made } = await begin({ server: { contracts: 0, backlog: 0 } });
  const told = () => harness.window.messages.filter((one) => one.channel === 'savedViews:changed');
  const view = {
    savedId: null,
    name: 'Declined',
    filter: { ...ALL, conditions: { statuses: ['declined'] } },
  };
  expect(await harness.core.handle('savedViews:read', undefined)).toEqual([]);
  const [saved] = await harness.core.handle('savedViews:save', view);
  expect(saved).toMatchObject({ name: 'Declined', filter: view.filter, count: 0 });
  const started = performance.now();
  for (let n = 0; n < 30; n += 1) server.control.publish(userId, { contractId: `C-${n}`, to: 'declined' });
  await made.complete();
  await until(
    () => (told().at(-1)?.message as { count: number }[] | undefined)?.[0]?.count === 30,
    'the count',
  );
  expect(told().length).toBeLessThanOrEqual((performance.now() - started) / 1_000 + 1);

  const [, second] = await harness.core.handle('savedViews:save', {
    savedId: null,
    name: 'All',
    filter: ALL,
  });
  const ids = [second?.savedId ?? 0, saved?.savedId ?? 0];
  const ordered = await harness.core.handle('savedViews:order', { savedIds: ids });
  expect(ordered.map((one) => [one.name, one.count])).toEqual([
    ['All', 30],
    ['Declined', 30],
  ]);
  const left = await harness.core.handle('savedViews:remove', { savedId: ids[0] ?? 0 });
  expect(left.map((one) => one.name)).toEqual(['Declined']);
  await harness.restart();
  await until(() => harness.window.session()?.state === 'signed_in', 'the start');
  server.control.publish(userId, { contractId: 'C-0', to: 'changes_requested' });
  await made.complete();
  expect(told()).toEqual([]);
  expect((await harness.core.handle('savedViews:read', undefined)).map((one) => one.count)).toEqual([29]);
});

test('what is overdue follows the clock, also when the machine has slept through it', async () => {
  let shift = 0;
  const { harness, server, userId, ...made } = await begin({
    server: { contracts: 0, backlog: 0 },
    deps: { clock: { ...systemClock, now: () => Date.now() + shift } },
  });
  const dueAt = new Date(Date.now() + 3_600_000).toISOString();
  server.control.publish(userId, { contractId: 'C-DUE', to: 'sent', dueAt });
  await made.complete();
  const { counts } = await harness.core.handle('view:open', {
    filter: { view: 'overdue', text: '' },
    range: PAGE,
  });
  expect([counts.overdue, counts.dueSoon]).toEqual([0, 1]);
  shift = 8 * 3_600_000;
  harness.core.wake('resume');
  await until(() => harness.window.batches().at(-1)?.total === 1, 'overdue');
  expect(harness.window.batches().at(-1)?.counts).toMatchObject({ overdue: 1, dueSoon: 0 });
});

test('what a log that has begun anew tells again of before the first look is not counted as received', async () => {
  const options = { seed: 7, contracts: 8, backlog: 60, heartbeatMs: 100, retryMs: 20 };
  const { harness, server, userId, ...made } = await begin({ server: options });
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  server.control.advance(5, userId);
  await made.complete();
  await until(() => harness.window.batches().at(-1)?.counts.unread === 5, 'five unread');
  expect(harness.window.batches().at(-1)).toMatchObject({ viewId: opened.viewId, received: 5 });

  // The same history with the same ids, without what came after it; its tokens are gone, too.
  await server.close();
  const again = await startServer({ ...options, port: Number(new URL(server.url).port) });
  try {
    await until(() => harness.window.session()?.state === 'signed_out', 'the session to end');
    await harness.signIn(again.url);
    const view = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
    const head = again.control.head(userId);
    await until(() => harness.window.receipt()?.upToId === head && harness.phase() === 'live', 'complete');
    again.control.publish(userId, { contractId: 'C-new', to: 'declined' });
    await until(() => harness.window.batches().at(-1)?.rows[0]?.contractId === 'C-new', 'one more', 20_000);
    expect(harness.window.batches().at(-1)).toMatchObject({ viewId: view.viewId, received: 1 });
  } finally {
    await again.close();
  }
});
