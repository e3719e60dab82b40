import { afterEach, expect, test } from 'vitest';
import { systemClock, type Clock } from '../ports/clock.ts';
import { until } from './harness.ts';
import { createScenario, type Scenario } from './scenario.ts';

let scenario: Scenario | null = null;
afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

const DAY = 86_400_000;

async function begin(ahead: () => number) {
  const clock: Clock = { ...systemClock, now: () => Date.now() + ahead() };
  scenario = await createScenario({ server: { contracts: 0, backlog: 0 }, deps: { clock } });
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  for (const to of ['sent', 'viewed', 'signed', 'active', 'on_hold']) {
    scenario.server.control.publish(scenario.userId, { contractId: 'C-1', to });
  }
  await scenario.complete();
  const { harness } = scenario;
  const timeline = async () =>
    (await harness.core.handle('contract:open', { contractId: 'C-1' }))?.timeline.length;
  return { ...scenario, timeline };
}

test.each([365 * DAY, -365 * DAY])(
  'a clock that jumps by %i ms for a moment removes nothing and tells of no absence',
  async (by) => {
    let ahead = 0;
    let maintained = 0;
    const { harness, server, userId, complete, timeline } = await begin(() => ahead);
    const { openLedger } = await import('../ledger/worker/open-ledger.ts');
    await harness.core.close();
    Object.assign(harness.deps, {
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
    await harness.restart();
    await scenario!.live();
    expect(await timeline()).toBe(5);
    ahead = by;
    const before = maintained;
    await harness.core.handle('settings:change', { keepDays: 30 });
    await until(() => maintained > before, 'a whole round of upkeep under the wrong clock');
    server.control.publish(userId, { contractId: 'C-1', to: 'active' });
    await until(async () => (await timeline()) === 6, 'the change under the wrong clock');
    ahead = 0;
    server.control.publish(userId, { contractId: 'C-1', to: 'on_hold' });
    await complete();
    const after = maintained;
    await harness.core.handle('settings:change', { keepDays: 90 });
    await until(() => maintained > after, 'a round under the right one');
    expect(await timeline()).toBe(7);
    expect(harness.window.receipt()?.absence).toBeNull();
  },
);

test('a server whose clock is years ahead, and has been from the start, removes nothing', async () => {
  const { harness, server, complete, timeline } = await begin(() => 0);
  server.control.setClockSkew(73 * 365 * DAY);
  const { openLedger } = await import('../ledger/worker/open-ledger.ts');
  let maintained = 0;
  Object.assign(harness.deps, {
    async openLedger(options: Parameters<typeof openLedger>[0]) {
      const ledger = await openLedger(options);
      return {
        ...ledger,
        async maintain(...args: Parameters<typeof ledger.maintain>) {
          const step = await ledger.maintain(...args);
          if (step.done && args[1] !== null) maintained += 1;
          return step;
        },
      };
    },
  });
  await harness.restart();
  await scenario!.live();
  const before = maintained;
  await harness.core.handle('settings:change', { keepDays: 30 });
  await until(() => maintained > before, 'a whole round of upkeep');
  await complete();
  expect(await timeline()).toBe(5);
});

const HOUR = 3_600_000;

async function snoozed() {
  const rows = await scenario!.harness.core.handle('view:open', {
    filter: { view: 'snoozed', text: '' },
    range: { offset: 0, limit: 9 },
  });
  await scenario!.harness.core.handle('view:close', { viewId: rows.viewId });
  return rows.total;
}

test.each(['while it runs', 'at its start'])(
  'a clock that is a year ahead for a moment, %s, wakes no snooze',
  async (when) => {
    let ahead = 0;
    let looks = 0;
    const { harness, complete } = await begin(() => ahead);
    const { openLedger } = await import('../ledger/worker/open-ledger.ts');
    Object.assign(harness.deps, {
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
    await harness.core.handle('actions:perform', {
      contractIds: ['C-1'],
      action: { do: 'snooze', until: end },
    });
    await harness.restart(async () => {
      if (when === 'at its start') ahead = 365 * DAY;
    });
    await scenario!.live();
    ahead = 365 * DAY;
    const before = looks;
    harness.core.wake('resume');
    await until(() => looks > before, 'a look at what is snoozed under the wrong clock');
    expect(await snoozed()).toBe(1);
    ahead = 0;
    await complete();
    expect(await snoozed()).toBe(1);
  },
);

test('a clock that is hours ahead for a moment ends no quiet hours', async () => {
  let ahead = 0;
  const { harness, server, userId, complete } = await begin(() => ahead);
  const time = (at: number) => new Date(at).toTimeString().slice(0, 5);
  const quietHours = { from: time(Date.now() - HOUR), to: time(Date.now() + HOUR) };
  await harness.core.handle('settings:change', { quietHours, notifications: 'all' });
  harness.window.toasts.length = 0;
  server.control.publish(userId, { contractId: 'C-2', to: 'sent' });
  await complete();
  ahead = 6 * HOUR;
  harness.core.wake('resume');
  server.control.publish(userId, { contractId: 'C-3', to: 'sent' });
  await complete();
  expect(harness.window.toasts).toEqual([]);
  ahead = 0;
  await harness.core.handle('settings:change', { quietHours: null });
  await until(() => harness.window.toasts.length > 0, 'what was kept for the end of the quiet hours');
  expect(harness.window.toasts).toHaveLength(1);
});
