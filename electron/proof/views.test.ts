import { afterEach, expect, test } from 'vitest';
import type { ViewBatch } from '../../protocol/view.ts';
import { systemClock } from '../ports/clock.ts';
import { ALL, until } from './rig.ts';
import { createScene } from './scene.ts';
import type { Scene, SceneOptions } from './scene.ts';

let scene: Scene | null = null;

afterEach(async () => {
  await scene?.close();
  scene = null;
});

const PAGE = { offset: 0, limit: 5 };

async function begin(options?: SceneOptions): Promise<Scene> {
  scene = await createScene(options);
  await scene.rig.signIn(scene.server.url);
  await scene.live();
  return scene;
}

test('a flood is at most one message a frame, in unbroken numbers, and ends with the truth', async () => {
  const { rig, server, userId, ...made } = await begin();
  const opened = await rig.core.handle('view:open', { filter: ALL, range: PAGE });
  const started = performance.now();
  for (let round = 0; round < 40; round += 1) {
    server.control.advance(50, userId);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await made.complete();
  const elapsed = performance.now() - started;
  await until(async () => {
    const now = await rig.core.handle('view:open', { filter: ALL, range: PAGE });
    await rig.core.handle('view:close', { viewId: now.viewId });
    return JSON.stringify(now.rows) === JSON.stringify(rig.window.batches().at(-1)?.rows);
  }, 'the last batch to be the truth');
  const batches = rig.window.batches().filter((batch) => batch.viewId === opened.viewId);
  expect(batches.length).toBeLessThanOrEqual(elapsed / 16 + 2);
  expect(batches.map((batch) => batch.seq)).toEqual(batches.map((_, index) => opened.seq + 1 + index));
});

test('however often the same contracts change, each change received is counted once', async () => {
  const { rig, server, userId, ...made } = await begin({ server: { contracts: 6, backlog: 20 } });
  const opened = await rig.core.handle('view:open', { filter: ALL, range: PAGE });
  for (let each = 0; each < 66; each += 1)
    server.control.publish(userId, { contractId: `C-${each % 3}`, to: each % 2 ? 'sent' : 'viewed' });
  await made.complete();
  const received = (): number => (rig.window.batches().at(-1)?.received ?? 0) - opened.received;
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
  const { rig, server, userId } = await begin({ server: { contracts: 6, backlog: 20 } });
  const opened = await rig.core.handle('view:open', { filter: ALL, range: PAGE });
  const held = await rig.core.handle('view:hold', { viewId: opened.viewId, held: true, range: PAGE });
  const order = held.rows.map((row) => row.contractId);
  expect(held.held).toBe(true);
  const last = order[4] ?? '';
  server.control.publish(userId, { contractId: last, to: 'declined' });
  await until(() => rig.window.batches().some((batch) => batch.waiting === 1), 'one waiting');
  const batch = rig.window.batches().at(-1) as ViewBatch;
  expect(batch.rows.map((row) => row.contractId)).toEqual(order);
  expect(batch.rows[4]?.to).toBe('declined');
  const freed = await rig.core.handle('view:hold', { viewId: opened.viewId, held: false, range: PAGE });
  expect(freed.rows[0]?.contractId).toBe(last);
  expect(freed.waiting).toBe(0);
});

test('marking read changes rows, counts and the open contract at once', async () => {
  const { rig, server, userId, ...made } = await begin();
  const { contract } = server.control.publish(userId, { actionRequired: true }).data;
  await made.complete();
  await rig.core.handle('view:open', { filter: { view: 'unread', text: '' }, range: PAGE });
  const detail = await rig.core.handle('contract:open', { contractId: contract.id });
  expect(detail?.timeline[0]?.unread).toBe(true);
  await rig.core.handle('contract:markRead', { contractId: contract.id, read: true });
  await until(() => rig.window.batches().at(-1)?.counts.unread === 0, 'nothing unread');
  expect(rig.window.batches().at(-1)?.rows).toEqual([]);
  await until(() => {
    const changed = rig.window.messages.findLast((one) => one.channel === 'contract:changed');
    return JSON.stringify(changed ?? {}).includes('"unread":false');
  }, 'the contract told anew');
});

test('a window that is gone gets no more of its views; a closed or unknown view is told as such', async () => {
  const { rig, server, userId, ...made } = await begin();
  const opened = await rig.core.handle('view:open', { filter: ALL, range: PAGE });
  rig.core.windowGone();
  rig.window.messages.length = 0;
  server.control.advance(5, userId);
  await made.complete();
  expect(rig.window.batches()).toEqual([]);
  await expect(rig.core.handle('view:read', { viewId: opened.viewId, range: PAGE })).rejects.toThrow(
    'not open',
  );
  await rig.core.handle('view:close', { viewId: opened.viewId });
});

test('the badge follows without any view open, and is cleared when nobody is signed in', async () => {
  const { rig, server, userId } = await begin();
  const before = rig.window.badge;
  server.control.publish(userId, { contractId: 'C-NEEDS-ME', actionRequired: true });
  await until(() => rig.window.badge === before + 1, 'the badge to rise');
  await rig.core.handle('session:signOut', undefined);
  expect(rig.window.badge).toBe(0);
});

test('saved views answer with counts, which follow at most once a second, and only while the window watches', async () => {
  const { rig, server, userId, ...made } = await begin({ server: { contracts: 0, backlog: 0 } });
  const told = () => rig.window.messages.filter((one) => one.channel === 'savedViews:changed');
  const view = {
    savedId: null,
    name: 'Declined',
    filter: { ...ALL, conditions: { statuses: ['declined'] } },
  };
  expect(await rig.core.handle('savedViews:read', undefined)).toEqual([]);
  const [saved] = await rig.core.handle('savedViews:save', view);
  expect(saved).toMatchObject({ name: 'Declined', filter: view.filter, count: 0 });
  const started = performance.now();
  for (let n = 0; n < 30; n += 1) server.control.publish(userId, { contractId: `C-${n}`, to: 'declined' });
  await made.complete();
  await until(
    () => (told().at(-1)?.message as { count: number }[] | undefined)?.[0]?.count === 30,
    'the count',
  );
  expect(told().length).toBeLessThanOrEqual((performance.now() - started) / 1_000 + 1);

  const [, second] = await rig.core.handle('savedViews:save', { savedId: null, name: 'All', filter: ALL });
  const ids = [second?.savedId ?? 0, saved?.savedId ?? 0];
  const ordered = await rig.core.handle('savedViews:order', { savedIds: ids });
  expect(ordered.map((one) => [one.name, one.count])).toEqual([
    ['All', 30],
    ['Declined', 30],
  ]);
  const left = await rig.core.handle('savedViews:remove', { savedId: ids[0] ?? 0 });
  expect(left.map((one) => one.name)).toEqual(['Declined']);
  await rig.restart();
  await until(() => rig.window.session()?.state === 'signed_in', 'the start');
  server.control.publish(userId, { contractId: 'C-0', to: 'changes_requested' });
  await made.complete();
  expect(told()).toEqual([]);
  expect((await rig.core.handle('savedViews:read', undefined)).map((one) => one.count)).toEqual([29]);
});

test('what is overdue follows the clock, also when the machine has slept through it', async () => {
  let shift = 0;
  const { rig, server, userId, ...made } = await begin({
    server: { contracts: 0, backlog: 0 },
    world: { clock: { ...systemClock, now: () => Date.now() + shift } },
  });
  const dueAt = new Date(Date.now() + 3_600_000).toISOString();
  server.control.publish(userId, { contractId: 'C-DUE', to: 'sent', dueAt });
  await made.complete();
  const { counts } = await rig.core.handle('view:open', {
    filter: { view: 'overdue', text: '' },
    range: PAGE,
  });
  expect([counts.overdue, counts.dueSoon]).toEqual([0, 1]);
  shift = 8 * 3_600_000;
  rig.core.wake('resume');
  await until(() => rig.window.batches().at(-1)?.total === 1, 'overdue');
  expect(rig.window.batches().at(-1)?.counts).toMatchObject({ overdue: 1, dueSoon: 0 });
});
