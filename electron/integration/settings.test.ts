import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '../ledger/storage/sqlite.ts';
import { afterEach, expect, test } from 'vitest';
import { requestSchemas, type RequestChannel } from '../../protocol/ipc.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../protocol/settings.ts';
import type { ContractDetail } from '../../protocol/view.ts';
import { createHarness, until } from './harness.ts';
import type { Harness } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';
import { createSleep } from './sleep.ts';

let scenario: Scenario | null = null;
let lone: Harness | null = null;

afterEach(async () => {
  await scenario?.close();
  await lone?.close();
  scenario = lone = null;
});

async function begin(options?: ScenarioOptions): Promise<Scenario> {
  scenario = await createScenario(options);
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  return scenario;
}

const told = (harness: Harness) =>
  harness.window.messages.filter((one) => one.channel === 'settings:changed');

test('settings are there before anybody signs in, are applied at once, and outlive a restart', async () => {
  const applied: Settings[] = [];
  lone = await createHarness({ applySettings: (settings) => applied.push(settings) });
  const harness = lone;
  const before = await harness.core.handle('app:bootstrap', undefined);
  expect(before).toMatchObject({ settings: DEFAULT_SETTINGS, settingsProblem: null });
  expect(applied).toEqual([DEFAULT_SETTINGS]);
  const answer = await harness.core.handle('settings:change', { theme: 'dark', textScale: 150 });
  expect(answer).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', textScale: 150 });
  expect(told(harness).map((one) => one.message)).toEqual([{ settings: answer, problem: null }]);
  expect(applied.at(-1)).toEqual(answer);
  await harness.restart();
  expect((await harness.core.handle('app:bootstrap', undefined)).settings).toEqual(answer);
  expect(applied.at(-1)).toEqual(answer);
});

test('a damaged file is set aside, said at the start, and the app works on', async () => {
  lone = await createHarness();
  const harness = lone;
  await harness.restart(() => writeFile(harness.deps.settingsPath, 'garbage {'));
  const { settings, settingsProblem } = await harness.core.handle('app:bootstrap', undefined);
  expect(settings).toEqual(DEFAULT_SETTINGS);
  expect(settingsProblem).toMatchObject({ code: 'unreadable' });
  expect(await readFile(settingsProblem?.setAsideAt ?? '', 'utf8')).toBe('garbage {');
  await harness.core.handle('settings:change', { density: 'compact' });
  expect(told(harness).at(-1)?.message).toMatchObject({ settings: { density: 'compact' }, problem: null });
  expect((await readdir(harness.folder)).filter((name) => name.startsWith('settings.json'))).toHaveLength(2);
});

test('every request refuses what it was not made for, and nothing comes of it', async () => {
  lone = await createHarness();
  const harness = lone;
  const bad: readonly unknown[] = [
    null,
    0,
    'text',
    [1],
    { extra: true },
    { viewId: -1, contractId: '', contractIds: [], undoId: 0.5, savedId: 'x', days: 0, text: 1 },
    JSON.parse('{"__proto__": {"admin": true}, "theme": "pink", "format": "exe"}'),
  ];
  for (const channel of Object.keys(requestSchemas) as RequestChannel[]) {
    for (const argument of bad) {
      const answer = harness.core.handle(channel, argument);
      await expect(answer, `${channel} ${JSON.stringify(argument)}`).rejects.toThrow(`${channel}: `);
    }
  }
  const refused: readonly [RequestChannel, unknown][] = [
    ['settings:change', { theme: undefined }],
    ['settings:change', { textScale: 79 }],
    ['settings:change', { quietHours: { from: '24:00', to: '07:00' } }],
    ['settings:change', { portals: { 'https://a.example': 'http://p.example/{id}' } }],
    ['settings:change', { portals: { 'https://a.example': 'javascript:alert(1)//{id}' } }],
    ['view:export', { filter: { view: 'all', text: '' }, format: 'html' }],
    ['view:ids', { viewId: 1, offset: 0, count: 5001 }],
    ['actions:perform', { contractIds: Array.from({ length: 5001 }, String), action: { do: 'unsnooze' } }],
    ['actions:perform', { contractIds: ['C-1'], action: { do: 'delete' } }],
    ['contract:openPortal', { contractId: 'x'.repeat(501) }],
  ];
  for (const [channel, argument] of refused)
    await expect(harness.core.handle(channel, argument)).rejects.toThrow(`${channel}: `);
  await expect(harness.core.handle('shell:run' as RequestChannel, undefined)).rejects.toThrow('no request');
  expect((await harness.core.handle('app:bootstrap', undefined)).settings).toEqual(DEFAULT_SETTINGS);
});

test('what needs somebody signed in says so', async () => {
  lone = await createHarness();
  const requests: readonly [RequestChannel, unknown][] = [
    ['actions:perform', { contractIds: ['C-1'], action: { do: 'unsnooze' } }],
    ['savedViews:read', undefined],
    ['overview:read', { days: 7 }],
    ['away:read', undefined],
    ['storage:stats', undefined],
    ['contract:openPortal', { contractId: 'C-1' }],
  ];
  for (const [channel, argument] of requests)
    await expect(lone.core.handle(channel, argument)).rejects.toMatchObject({
      failure: { code: 'notSignedIn' },
    });
  await expect(lone.core.handle('session:signOutAndErase', undefined)).rejects.toMatchObject({
    failure: { code: 'eraseWhose' },
  });
});

test('the portal: no template, then the page of this very contract, in detail and browser; the reference copied', async () => {
  const opened: string[] = [];
  const copied: string[] = [];
  let isTaken = false;
  const { harness, server, userId, ...made } = await begin({
    deps: {
      openExternal: async (url) => void opened.push(url),
      async copyText(text) {
        if (isTaken) throw new Error('another program holds the clipboard');
        copied.push(text);
      },
    },
  });
  const contractId = 'Д/1 &x';
  server.control.publish(userId, { contractId, title: 'Договор аренды', to: 'sent' });
  await made.complete();
  expect((await harness.core.handle('contract:open', { contractId }))?.portalUrl).toBeNull();
  expect(await harness.core.handle('contract:openPortal', { contractId })).toEqual({
    ok: false,
    problem: 'no_template',
  });
  await harness.core.handle('contract:copyReference', { contractId });
  const portals = { [new URL(server.url).origin]: 'https://portal.example/c/{id}' };
  await harness.core.handle('settings:change', { portals });
  const url = 'https://portal.example/c/%D0%94%2F1%20%26x';
  await until(
    () =>
      (
        harness.window.messages.findLast((one) => one.channel === 'contract:changed')?.message as
          ContractDetail | undefined
      )?.portalUrl === url,
    'the open contract told of its page',
  );
  expect(await harness.core.handle('contract:openPortal', { contractId })).toEqual({ ok: true });
  expect(await harness.core.handle('contract:openPortal', { contractId: 'C-NO' })).toEqual({
    ok: false,
    problem: 'refused',
  });
  expect(opened).toEqual([url]);
  await harness.core.handle('contract:copyReference', { contractId });
  expect(copied).toEqual([`${contractId} — Договор аренды`, `${contractId} — Договор аренды\n${url}`]);
  await expect(harness.core.handle('contract:copyReference', { contractId: 'C-NO' })).rejects.toMatchObject({
    failure: { code: 'notKnown' },
  });
  isTaken = true;
  for (const [channel, argument] of [
    ['contract:copyReference', { contractId }],
    ['app:copyDiagnostics', undefined],
  ] as const)
    await expect(harness.core.handle(channel, argument)).rejects.toMatchObject({
      failure: { code: 'copyFailed' },
    });
});

test('quiet hours keep silent, and end in one summary in the language that is set', async () => {
  const end = new Date();
  end.setHours(7, 0, 0, 0);
  const untilEnd = end.getTime() - Date.now();
  const { clock, deps, sleep } = createSleep(untilEnd - 3_600_000);
  const { harness, server, userId, ...made } = await begin({ deps });
  await harness.core.handle('settings:change', {
    language: 'ru',
    quietHours: { from: '22:00', to: '07:00' },
  });
  server.control.publish(userId, { contractId: 'C-NIGHT', to: 'declined', actionRequired: true });
  await made.complete();
  expect(harness.window.toasts).toEqual([]);
  // The machine sleeps until they are almost over; they end while it is awake.
  sleep({ harness, server }, end.getTime() - clock.now() - 500);
  await until(() => harness.window.toasts.length > 0, 'the summary');
  expect(harness.window.toasts).toHaveLength(1);
  expect(harness.window.toasts[0]).toMatchObject({ tag: 'digest', contractId: null });
  expect(harness.window.toasts[0]?.title).toMatch(/ждёт|ждут/);
});

test('a pause that ended while the machine slept is over as it wakes, not a minute later', async () => {
  const { clock, deps, sleep } = createSleep();
  const { harness, server } = await begin({ deps });
  await harness.core.handle('settings:change', { pausedUntil: clock.now() + 3_600_000 });
  const pausedUntil = () => {
    const message = told(harness).at(-1)?.message as { settings: Settings } | undefined;
    return message?.settings.pausedUntil;
  };
  sleep({ harness, server }, 1_800_000);
  expect(pausedUntil()).toBeGreaterThan(clock.now());
  sleep({ harness, server }, 1_900_000);
  await until(() => pausedUntil() === null, 'no pause', 10_000);
});

test('who wants no notifications gets none', async () => {
  const { harness, server, userId, ...made } = await begin();
  await harness.core.handle('settings:change', { notifications: 'none' });
  server.control.publish(userId, { contractId: 'C-1', to: 'declined', actionRequired: true });
  await made.complete();
  await harness.core.handle('settings:change', { notifications: 'all' });
  server.control.publish(userId, { contractId: 'C-2', to: 'viewed', actionRequired: false });
  await until(() => harness.window.toasts.length > 0, 'a toast');
  expect(harness.window.toasts.map((toast) => toast.contractId)).toEqual(['C-2']);
});

test('settings lie in a file of their own that holds no secret', async () => {
  const { harness } = await begin();
  await harness.core.handle('settings:change', { keepDays: 90 });
  const text = await readFile(join(harness.folder, 'settings.json'), 'utf8');
  expect(JSON.parse(text)).toEqual({ ...DEFAULT_SETTINGS, keepDays: 90 });
});

test('how long changes are kept holds at once; contracts keep their latest one', async () => {
  const { harness, server, userId, ...made } = await begin({ server: { contracts: 0, backlog: 0 } });
  for (const to of ['draft', 'in_review', 'approved', 'sent'])
    server.control.publish(userId, { contractId: 'C-OLD', to });
  await made.complete();
  const kept = async () => {
    const { contracts, events } = await harness.core.handle('storage:stats', undefined);
    return [contracts, events];
  };
  expect(await kept()).toEqual([1, 4]);
  await harness.restart(async () => {
    const db = new DatabaseSync(harness.deps.ledgerPath);
    db.exec('UPDATE event SET received_at = received_at - 40 * 86400000');
    db.exec('UPDATE change_count SET quarter = quarter - 40 * 96');
    db.exec("UPDATE event SET time = strftime('%Y-%m-%dT%H:%M:%SZ', time, '-40 days')");
    db.close();
  });
  await made.live();
  await harness.core.handle('settings:change', { keepDays: 60 });
  await harness.core.handle('settings:change', { keepDays: 30 });
  await until(async () => ((await kept())[1] ?? 9) < 4, 'the old ones gone');
  const detail = await harness.core.handle('contract:open', { contractId: 'C-OLD' });
  expect(detail?.row).toMatchObject({ to: 'sent', version: 4 });
  expect((await kept())[0]).toBe(1);
});
