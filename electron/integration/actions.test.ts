import { afterEach, expect, test } from 'vitest';
import { SEEN_AFTER_MS, type ContractDetail } from '../../protocol/view.ts';
import { systemClock } from '../ports/clock.ts';
import { ALL, until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';
import { createSleep } from './sleep.ts';

let scenario: Scenario | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

const PAGE = { offset: 0, limit: 50 };
const HOUR = 3_600_000;

/** Signed in, with these contracts fresh and in need of an action. */
async function begin(contracts: readonly string[], options?: ScenarioOptions): Promise<Scenario> {
  scenario = await createScenario(options);
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  for (const contractId of contracts)
    scenario.server.control.publish(scenario.userId, { contractId, to: 'sent', actionRequired: true });
  await scenario.complete();
  return scenario;
}

async function counts({ harness }: Scenario) {
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  await harness.core.handle('view:close', { viewId: opened.viewId });
  return opened.counts;
}

async function idsIn({ harness }: Scenario, view: 'unread' | 'snoozed' | 'muted' | 'action_required') {
  const opened = await harness.core.handle('view:open', { filter: { view, text: '' }, range: PAGE });
  await harness.core.handle('view:close', { viewId: opened.viewId });
  return opened.rows.map((row) => row.contractId).sort();
}

const posts = (of: Scenario) =>
  of.server.control.requests().filter((request) => request.path.endsWith('/acknowledgements'));

test('many at a time, told to the open view, and taken back as a whole, once', async () => {
  const made = await begin(['C-A', 'C-B', 'C-C']);
  const { harness } = made;
  await harness.core.handle('view:open', { filter: { view: 'unread', text: '' }, range: PAGE });
  const outcome = await harness.core.handle('actions:perform', {
    contractIds: ['C-A', 'C-B', 'C-A', 'C-UNKNOWN'],
    action: { do: 'read', read: true },
  });
  expect(outcome.changed).toBe(2);
  await until(
    () =>
      harness.window
        .batches()
        .at(-1)
        ?.rows.map((row) => row.contractId)
        .join() === 'C-C',
    'the view told',
  );
  expect(await harness.core.handle('actions:undo', { undoId: outcome.undoId ?? 0 })).toBe(true);
  expect(await idsIn(made, 'unread')).toEqual(['C-A', 'C-B', 'C-C']);
  await until(() => harness.window.batches().at(-1)?.total === 3, 'the view told again');
  expect(await harness.core.handle('actions:undo', { undoId: outcome.undoId ?? 0 })).toBe(false);
  expect(await harness.core.handle('actions:undo', { undoId: 999 })).toBe(false);
  const nothing = await harness.core.handle('actions:perform', {
    contractIds: ['C-UNKNOWN'],
    action: { do: 'mute', muted: true },
  });
  expect(nothing).toEqual({ undoId: null, changed: 0 });
});

test('the whole view read, held or not, and taken back', async () => {
  const made = await begin(['C-A', 'C-B']);
  const { harness, server, userId } = made;
  const { viewId } = await harness.core.handle('view:open', {
    filter: { view: 'unread', text: '' },
    range: PAGE,
  });
  await harness.core.handle('view:hold', { viewId, held: true, range: PAGE });
  server.control.publish(userId, { contractId: 'C-LATER', to: 'sent' });
  await until(async () => (await idsIn(made, 'unread')).length === 3, 'the later one');
  const outcome = await harness.core.handle('view:markRead', { viewId });
  expect(outcome.changed).toBe(2);
  expect(await idsIn(made, 'unread')).toEqual(['C-LATER']);
  expect(await harness.core.handle('actions:undo', { undoId: outcome.undoId ?? 0 })).toBe(true);
  expect(await idsIn(made, 'unread')).toEqual(['C-A', 'C-B', 'C-LATER']);
});

test('taking on many: one undo for all, then each sent once; what needs nothing is passed over', async () => {
  const made = await begin(['C-A', 'C-B', 'C-C'], { deps: { undoMs: 60_000 } });
  const { harness, server, userId } = made;
  server.control.publish(userId, { contractId: 'C-CALM', to: 'viewed', actionRequired: false });
  await made.complete();
  const all = ['C-A', 'C-B', 'C-C', 'C-CALM', 'C-UNKNOWN'];
  const action = { do: 'acknowledge' } as const;
  const first = await harness.core.handle('actions:perform', { contractIds: all, action });
  expect(first.changed).toBe(3);
  expect(await idsIn(made, 'action_required')).not.toContain('C-A');
  expect(await harness.core.handle('actions:undo', { undoId: first.undoId ?? 0 })).toBe(true);
  expect(await idsIn(made, 'action_required')).toEqual(expect.arrayContaining(['C-A', 'C-B', 'C-C']));
  await harness.core.handle('actions:perform', { contractIds: ['C-B'], action });
  const second = await harness.core.handle('actions:perform', { contractIds: all, action });
  expect(second.changed).toBe(2);
  expect(posts(made)).toHaveLength(0);
});

test('too late to take back: it has been sent', async () => {
  const made = await begin(['C-A', 'C-B']);
  const { harness } = made;
  const { undoId } = await harness.core.handle('actions:perform', {
    contractIds: ['C-A', 'C-B'],
    action: { do: 'acknowledge' },
  });
  await until(() => posts(made).length === 2, 'both sent');
  expect(await harness.core.handle('actions:undo', { undoId: undoId ?? 0 })).toBe(false);
  await until(() => posts(made).every((request) => request.status === 201), 'both taken by the server');
});

test('a snooze ends on time, by itself, and is told to the window', async () => {
  const { clock, deps, sleep } = createSleep();
  const made = await begin(['C-A', 'C-B'], { deps });
  const { harness } = made;
  await harness.core.handle('view:open', { filter: { view: 'unread', text: '' }, range: PAGE });
  const end = clock.now() + HOUR;
  await harness.core.handle('actions:perform', {
    contractIds: ['C-A'],
    action: { do: 'snooze', until: end },
  });
  expect(await idsIn(made, 'snoozed')).toEqual(['C-A']);
  await until(() => harness.window.batches().at(-1)?.total === 1, 'out of the way');
  // The machine sleeps until it is almost over; it ends while it is awake.
  sleep(made, end - clock.now() - 300);
  await until(() => harness.window.batches().at(-1)?.total === 2, 'back again');
  expect(clock.now()).toBeGreaterThanOrEqual(end);
  expect((await counts(made)).snoozed).toBe(0);
});

test('the end of a snooze is told on the desktop, of what needs an action and is not muted', async () => {
  const { clock, deps, sleep } = createSleep();
  const made = await begin([], { deps });
  const { harness, server, userId } = made;
  // What is seen as it comes is not told, and so no toast of it is in the way.
  harness.window.inFront = true;
  server.control.publish(userId, {
    contractId: 'C-NEEDS',
    title: 'Needs me',
    to: 'sent',
    actionRequired: true,
  });
  server.control.publish(userId, { contractId: 'C-MUTED', to: 'sent', actionRequired: true });
  server.control.publish(userId, { contractId: 'C-CALM', to: 'sent', actionRequired: false });
  await made.complete();
  harness.window.inFront = false;
  const contractIds = ['C-NEEDS', 'C-MUTED', 'C-CALM'];
  await harness.core.handle('actions:perform', {
    contractIds: ['C-MUTED'],
    action: { do: 'mute', muted: true },
  });
  const end = clock.now() + HOUR;
  await harness.core.handle('actions:perform', { contractIds, action: { do: 'snooze', until: end } });
  expect(harness.window.toasts).toEqual([]);
  sleep(made, HOUR);
  await until(() => harness.window.toasts.length > 0, 'a toast');
  expect((await counts(made)).snoozed).toBe(0);
  expect(harness.window.toasts).toMatchObject([
    { contractId: 'C-NEEDS', title: 'Needs me', body: expect.stringContaining('вернулся') as string },
  ]);
});

test('a snooze that ends while the app is closed is over at its start; a change ends one without a time', async () => {
  let shift = 0;
  const clock = { ...systemClock, now: () => Date.now() + shift };
  const made = await begin(['C-A', 'C-B'], { deps: { clock } });
  const { harness, server, userId } = made;
  const snooze = (contractId: string, at: number | null) =>
    harness.core.handle('actions:perform', {
      contractIds: [contractId],
      action: { do: 'snooze', until: at },
    });
  await snooze('C-A', clock.now() + HOUR);
  await snooze('C-B', null);
  await harness.restart(async () => {
    shift += HOUR;
  });
  await made.live();
  await until(async () => (await idsIn(made, 'snoozed')).join() === 'C-B', 'C-A awake');
  server.control.publish(userId, { contractId: 'C-B', to: 'viewed' });
  await until(async () => (await counts(made)).snoozed === 0, 'C-B awake');
});

test('a muted contract is told no more, yet counts while it needs an action', async () => {
  const made = await begin(['C-A']);
  const { harness, server, userId } = made;
  await harness.core.handle('actions:perform', { contractIds: ['C-A'], action: { do: 'mute', muted: true } });
  harness.window.toasts.length = 0;
  const needing = (await counts(made)).actionRequired;
  server.control.publish(userId, { contractId: 'C-A', to: 'viewed', actionRequired: true });
  server.control.publish(userId, { contractId: 'C-OTHER', to: 'sent', actionRequired: true });
  await made.complete();
  await until(() => harness.window.toasts.length > 0, 'a toast');
  expect(harness.window.toasts.map((toast) => toast.contractId)).toEqual(['C-OTHER']);
  expect(await idsIn(made, 'muted')).toEqual(['C-A']);
  expect((await counts(made)).actionRequired).toBe(needing + 1);
});

test('one change of a timeline is marked by itself, and the open contract is told', async () => {
  const made = await begin(['C-A']);
  const { harness, server, userId } = made;
  server.control.publish(userId, { contractId: 'C-A', to: 'viewed' });
  await made.complete();
  const opened = await harness.core.handle('contract:open', { contractId: 'C-A' });
  const eventId = opened?.timeline[1]?.eventId ?? '';
  await harness.core.handle('contract:markEventRead', { contractId: 'C-A', eventId, read: true });
  const told = () =>
    harness.window.messages.findLast((one) => one.channel === 'contract:changed')?.message as
      ContractDetail | undefined;
  await until(() => told()?.row.unread === 1, 'the open contract told');
  expect(told()?.timeline.map((entry) => entry.unread)).toEqual([true, false]);
});

test('what was seen before is kept for comparison when one turns away, and told when it differs', async () => {
  let ahead = 0;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };
  const made = await begin(['C-A', 'C-B'], { deps: { clock } });
  const { harness, server, userId } = made;
  const open = (contractId: string) => harness.core.handle('contract:open', { contractId });
  /** As long as it takes until what is open counts as looked at. */
  const linger = (): number => (ahead += SEEN_AFTER_MS);
  expect((await open('C-A'))?.lastViewed).toBeNull();
  linger();
  await open('C-B');
  expect((await open('C-A'))?.lastViewed).toBeNull();
  linger();
  await harness.core.handle('contract:close', undefined);
  server.control.publish(userId, { contractId: 'C-A', to: 'viewed' });
  await made.complete();
  const changed = await open('C-A');
  expect(changed?.lastViewed).toMatchObject({ status: 'sent', version: (changed?.row.version ?? 0) - 1 });
  linger();
  harness.core.windowGone();
  await until(
    async () => (await open('C-A'))?.lastViewed === null,
    'the window gone, it counts as looked at',
  );
});
