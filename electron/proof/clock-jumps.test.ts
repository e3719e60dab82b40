import { afterEach, expect, test } from 'vitest';
import { systemClock, type Clock } from '../ports/clock.ts';
import { until } from './rig.ts';
import { createScene, type Scene } from './scene.ts';

let scene: Scene | null = null;
afterEach(async () => {
  await scene?.close();
  scene = null;
});

const DAY = 86_400_000;

async function begin(ahead: () => number) {
  const clock: Clock = { ...systemClock, now: () => Date.now() + ahead() };
  scene = await createScene({ server: { contracts: 0, backlog: 0 }, world: { clock } });
  await scene.rig.signIn(scene.server.url);
  await scene.live();
  for (const to of ['sent', 'viewed', 'signed', 'active', 'on_hold']) {
    scene.server.control.publish(scene.userId, { contractId: 'C-1', to });
  }
  await scene.complete();
  const { rig } = scene;
  const timeline = async () =>
    (await rig.core.handle('contract:open', { contractId: 'C-1' }))?.timeline.length;
  return { ...scene, timeline };
}

test.each([365 * DAY, -365 * DAY])(
  'a clock that jumps by %i ms for a moment removes nothing and tells of no absence',
  async (by) => {
    let ahead = 0;
    let maintained = 0;
    const { rig, server, userId, complete, timeline } = await begin(() => ahead);
    const { openLedger } = await import('../ledger/open-ledger.ts');
    await rig.core.close();
    Object.assign(rig.world, {
      async openLedger(options: Parameters<typeof openLedger>[0]) {
        const ledger = await openLedger(options);
        return {
          ...ledger,
          async maintain(...args: Parameters<typeof ledger.maintain>) {
            const step = await ledger.maintain(...args);
            if (step.done) maintained += 1;
            return step;
          },
        };
      },
    });
    await rig.restart();
    await scene!.live();
    expect(await timeline()).toBe(5);
    ahead = by;
    const before = maintained;
    await rig.core.handle('settings:change', { keepDays: 30 });
    await until(() => maintained > before, 'a whole round of upkeep under the wrong clock');
    server.control.publish(userId, { contractId: 'C-1', to: 'active' });
    await until(async () => (await timeline()) === 6, 'the change under the wrong clock');
    ahead = 0;
    server.control.publish(userId, { contractId: 'C-1', to: 'on_hold' });
    await complete();
    const after = maintained;
    await rig.core.handle('settings:change', { keepDays: 90 });
    await until(() => maintained > after, 'a round under the right one');
    expect(await timeline()).toBe(7);
    expect(rig.window.receipt()?.absence).toBeNull();
  },
);

const HOUR = 3_600_000;

async function snoozed() {
  const rows = await scene!.rig.core.handle('view:open', {
    filter: { view: 'snoozed', text: '' },
    range: { offset: 0, limit: 9 },
  });
  await scene!.rig.core.handle('view:close', { viewId: rows.viewId });
  return rows.total;
}

test.each(['while it runs', 'at its start'])(
  'a clock that is a year ahead for a moment, %s, wakes no snooze',
  async (when) => {
    let ahead = 0;
    let looks = 0;
    const { rig, complete } = await begin(() => ahead);
    const { openLedger } = await import('../ledger/open-ledger.ts');
    Object.assign(rig.world, {
      async openLedger(options: Parameters<typeof openLedger>[0]) {
        const ledger = await openLedger(options);
        return {
          ...ledger,
          async wakeSnoozed(...args: Parameters<typeof ledger.wakeSnoozed>) {
            const woken = await ledger.wakeSnoozed(...args);
            looks += 1;
            return woken;
          },
        };
      },
    });
    const end = Date.now() + HOUR;
    await rig.core.handle('contracts:do', { contractIds: ['C-1'], deed: { do: 'snooze', until: end } });
    await rig.restart(async () => {
      if (when === 'at its start') ahead = 365 * DAY;
    });
    await scene!.live();
    ahead = 365 * DAY;
    const before = looks;
    rig.core.wake('resume');
    await until(() => looks > before, 'a look at what is snoozed under the wrong clock');
    expect(await snoozed()).toBe(1);
    ahead = 0;
    await complete();
    expect(await snoozed()).toBe(1);
  },
);

test('a clock that is hours ahead for a moment ends no quiet hours', async () => {
  let ahead = 0;
  const { rig, server, userId, complete } = await begin(() => ahead);
  const time = (at: number) => new Date(at).toTimeString().slice(0, 5);
  const quietHours = { from: time(Date.now() - HOUR), to: time(Date.now() + HOUR) };
  await rig.core.handle('settings:change', { quietHours, notifications: 'all' });
  rig.window.toasts.length = 0;
  server.control.publish(userId, { contractId: 'C-2', to: 'sent' });
  await complete();
  ahead = 6 * HOUR;
  rig.core.wake('resume');
  server.control.publish(userId, { contractId: 'C-3', to: 'sent' });
  await complete();
  expect(rig.window.toasts).toEqual([]);
  ahead = 0;
  await rig.core.handle('settings:change', { quietHours: null });
  await until(() => rig.window.toasts.length > 0, 'what was kept for the end of the quiet hours');
  expect(rig.window.toasts).toHaveLength(1);
});
