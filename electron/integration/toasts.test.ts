import { afterEach, expect, test } from 'vitest';
import type { Toast } from '../app/core-types.ts';
import { notifyWords } from '../notifications/words.ts';
import { until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';
import { createSleep } from './sleep.ts';

let scenario: Scenario | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

async function begin(deps: ScenarioOptions['deps'] = {}): Promise<Scenario> {
  scenario = await createScenario({ server: { contracts: 0, backlog: 0 }, deps });
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  return scenario;
}

test('a change that needs the user is told once, in the account’s language, also across restarts', async () => {
  const { harness, server, userId, ...made } = await begin();
  server.control.publish(userId, {
    contractId: 'C-1',
    title: 'Поставка',
    from: 'sent',
    to: 'declined',
    counterparty: 'ООО Ромашка',
    reason: 'Слишком\u0007 дорого',
    actionRequired: true,
  });
  server.control.publish(userId, { contractId: 'C-2', to: 'viewed', actionRequired: false });
  await made.complete();
  await until(() => harness.window.toasts.length > 0, 'a toast');
  await harness.restart();
  await made.complete();
  server.control.dropConnections(userId);
  await made.live();
  expect(harness.window.toasts).toHaveLength(1);
  expect(harness.window.toasts[0]).toMatchObject({
    tag: 'contract:C-1',
    title: 'Поставка',
    body: 'На подписании → Отказ в подписи · ООО Ромашка\nСлишком дорого',
    contractId: 'C-1',
  });
});

test('nothing while the window is in front', async () => {
  const { harness, server, userId, ...made } = await begin();
  harness.window.inFront = true;
  server.control.publish(userId, { actionRequired: true });
  await made.complete();
  harness.window.inFront = false;
  server.control.publish(userId, { contractId: 'C-LATER', actionRequired: true });
  await until(() => harness.window.toasts.length > 0, 'the later toast');
  expect(harness.window.toasts.map((toast) => toast.contractId)).toEqual(['C-LATER']);
});

test('many needs after an absence are one summary with the badge’s number', async () => {
  const { harness, server, userId, ...made } = await begin();
  await harness.restart(async () => {
    for (let n = 1; n <= 12; n += 1) {
      server.control.publish(userId, { contractId: `C-${n}`, to: 'sent', actionRequired: true });
    }
  });
  await made.complete();
  await until(() => harness.window.toasts.length > 0, 'a toast');
  expect(harness.window.toasts).toEqual([
    expect.objectContaining({ tag: 'digest', title: '12 договоров ждут вас', contractId: null }),
  ]);
  expect(harness.window.badge).toBe(12);
});

test('five hundred in a second are at most three toasts, the last of which has the badge’s number', async () => {
  const shownAt: number[] = [];
  const toasts: Toast[] = [];
  const { harness, server, userId, ...made } = await begin({
    showToast(toast) {
      toasts.push(toast);
      shownAt.push(performance.now());
    },
  });
  const startedAt = performance.now();
  for (let n = 1; n <= 500; n += 1) {
    server.control.publish(userId, { contractId: `C-${n}`, to: 'declined', actionRequired: true });
    if (n <= 2) await until(() => toasts.length === n, 'what comes first to be told by itself');
  }
  await made.complete();
  await until(() => harness.window.badge === 500, 'all of them in the badge');
  const { title } = notifyWords('ru').digest(500);
  await until(
    () => toasts.at(-1)?.title === title,
    () => `the last summary, but ${JSON.stringify(toasts)}`,
  );
  // One that comes again with its tag takes the place of the one before.
  expect([...new Set(toasts.map(({ tag }) => tag))]).toEqual(['contract:C-1', 'contract:C-2', 'digest']);
  // On a machine that needs longer than a few seconds for them, the summary may come once more, with a new number.
  const late = Math.floor((shownAt.at(-1)! - startedAt) / 5_000);
  expect(toasts.length).toBeLessThanOrEqual(3 + late);
});

test('a need in the middle of a long absence is told like any other, and one that is over is not', async () => {
  const { harness, server, userId, ...made } = await begin();
  const quiet = (count: number): void => {
    for (let n = 0; n < count; n += 1)
      server.control.publish(userId, { contractId: `C-${n % 70}`, to: 'viewed', actionRequired: false });
  };
  await harness.restart(async () => {
    server.control.publish(userId, { contractId: 'C-NEED', to: 'declined', actionRequired: true });
    server.control.publish(userId, { contractId: 'C-OVER', to: 'declined', actionRequired: true });
    quiet(300);
    server.control.publish(userId, { contractId: 'C-OVER', to: 'signed', actionRequired: false });
    quiet(300);
  });
  await made.complete();
  await until(() => harness.window.toasts.length > 0, 'a toast');
  expect(harness.window.toasts.map((toast) => toast.contractId)).toEqual(['C-NEED']);
});

test('a saved view tells of every change in it, or of none, as soon as it says so', async () => {
  const { harness, server, userId, ...made } = await begin();
  const save = (text: string, notify: 'toast' | 'not') =>
    harness.core.handle('savedViews:save', {
      savedId: null,
      name: text,
      filter: { view: 'all', text },
      notify,
    });
  await save('boat', 'toast');
  server.control.publish(userId, { contractId: 'C-1', title: 'Boat', to: 'viewed', actionRequired: false });
  server.control.publish(userId, { contractId: 'C-2', title: 'Car', to: 'declined', actionRequired: true });
  await until(() => harness.window.toasts.length === 2, 'both toasts');
  await until(() => harness.window.badge === 1, 'the badge');
  await save('car', 'not');
  await until(() => harness.window.badge === 0, 'the badge without what is not told');
  expect(harness.window.untold).toBe(1);
  await harness.core.handle('actions:perform', {
    contractIds: ['C-2'],
    action: { do: 'mute', muted: true },
  });
  await until(() => harness.window.untold === 1 && harness.window.badge === 0, 'muted, and as untold');
  server.control.publish(userId, { contractId: 'C-3', title: 'Car', to: 'declined', actionRequired: true });
  await made.complete();
  server.control.publish(userId, { contractId: 'C-4', title: 'Boat', to: 'viewed', actionRequired: false });
  await until(() => harness.window.toasts.length > 2, 'the third within seconds: a summary');
  expect(harness.window.toasts.map(({ contractId, title }) => contractId ?? title)).toEqual([
    'C-1',
    'C-2',
    'Договоры изменились',
  ]);
  expect(harness.window.badge).toBe(0);
});

test('a due date is told on its days, once, through restarts and sleep, and after quiet hours', async () => {
  const noon = new Date().setHours(12, 0, 0, 0);
  const { clock, deps, sleep } = createSleep(noon - Date.now());
  const withdrawn: string[] = [];
  const { harness, server, userId, ...made } = await begin({
    ...deps,
    withdrawToasts: (tags) => withdrawn.push(...(tags === 'all' ? [] : tags)),
  });
  const reminders = () => harness.window.toasts.filter(({ tag }) => tag.startsWith('due:'));
  const tomorrow = new Date(clock.now());
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(17, 0, 0, 0);
  const dueAt = tomorrow.toISOString();
  server.control.publish(userId, { contractId: 'C-1', title: 'Lease', to: 'sent', dueAt });
  await made.complete();
  await harness.core.handle('savedViews:save', {
    savedId: null,
    name: 'All',
    filter: { view: 'all', text: '' },
    remindDays: 1,
  });
  await until(() => reminders().length > 0, 'the reminder of the day before');
  expect(reminders()[0]).toMatchObject({ title: 'Lease', contractId: 'C-1' });
  expect(reminders()[0]?.body).toMatch(/^Срок завтра, 17:00 · /);
  await harness.restart();
  await made.live();
  // Till the next day at noon, in its quiet hours.
  await harness.core.handle('settings:change', { quietHours: { from: '11:00', to: '13:00' } });
  sleep({ harness, server }, 86_400_000);
  await made.live();
  server.control.publish(userId, { contractId: 'C-2', to: 'viewed', actionRequired: false });
  await made.complete();
  expect(reminders()).toHaveLength(1);
  await harness.core.handle('settings:change', { quietHours: null });
  await until(() => reminders().length > 1, 'the reminder of the day');
  expect(reminders()[1]?.body).toMatch(/^Срок сегодня, 17:00 · /);
  server.control.publish(userId, { contractId: 'C-1', to: 'signed' });
  await until(() => withdrawn.includes('due:C-1'), 'its end');
  await harness.restart();
  await made.live();
  expect(reminders()).toHaveLength(2);
});

test.each([
  ['sends it all the same', 'told as it comes'],
  ['does not send it', 'told once nothing more is on its way'],
])(
  'a change that came by its contract’s history just before a restart, after which the stream %s: %s, and never again',
  async (how) => {
    scenario = await createScenario({ server: { contracts: 0, backlog: 0 } });
    const { harness, server, userId, ...made } = scenario;
    const of = { contractId: 'C-1', title: 'Supply' };
    server.control.publish(userId, { ...of, to: 'in_review' });
    server.control.publish(userId, { ...of, to: 'sent' });
    await harness.signIn(server.url);
    await made.live();
    server.control.setFaults([{ kind: 'status', status: 503 }]);
    server.control.dropConnections(userId);
    await until(() => harness.phase() !== 'live', 'no stream');
    const { id } = server.control.publish(userId, { ...of, to: 'declined', actionRequired: true });
    await harness.core.handle('contract:open', { contractId: 'C-1' });
    await until(() => made.stored().includes(id), 'what the history has');
    await harness.core.handle('contract:close', undefined);
    expect(harness.window.toasts).toEqual([]);
    const omitted = how === 'does not send it' ? [Number(id.split('-')[1])] : [];
    await harness.restart(async () => server.control.setFaults([{ kind: 'omit', sequences: omitted }]));
    await made.live();
    await until(() => harness.window.toasts.length > 0, 'a toast');
    await harness.restart(async () => server.control.setFaults([]));
    await made.live();
    const next = { contractId: 'C-2', to: 'declined', actionRequired: true } as const;
    server.control.publish(userId, next);
    await until(() => harness.window.toasts.some(({ contractId }) => contractId === 'C-2'), 'the next toast');
    expect(harness.window.toasts.map(({ contractId }) => contractId)).toEqual(['C-1', 'C-2']);
  },
);
