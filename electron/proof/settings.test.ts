import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, expect, test } from 'vitest';
import { requestSchemas, type RequestChannel } from '../../protocol/ipc.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../protocol/settings.ts';
import type { ContractDetail } from '../../protocol/view.ts';
import { createRig, until } from './rig.ts';
import type { Rig } from './rig.ts';
import { createScene } from './scene.ts';
import type { Scene, SceneOptions } from './scene.ts';
import { createSleep } from './sleep.ts';

let scene: Scene | null = null;
let lone: Rig | null = null;

afterEach(async () => {
  await scene?.close();
  await lone?.close();
  scene = lone = null;
});

async function begin(options?: SceneOptions): Promise<Scene> {
  scene = await createScene(options);
  await scene.rig.signIn(scene.server.url);
  await scene.live();
  return scene;
}

const told = (rig: Rig) => rig.window.messages.filter((one) => one.channel === 'settings:changed');

test('settings are there before anybody signs in, are applied at once, and outlive a restart', async () => {
  const applied: Settings[] = [];
  lone = await createRig({ applySettings: (settings) => applied.push(settings) });
  const rig = lone;
  const before = await rig.core.handle('app:bootstrap', undefined);
  expect(before).toMatchObject({ settings: DEFAULT_SETTINGS, settingsProblem: null });
  expect(applied).toEqual([DEFAULT_SETTINGS]);
  const answer = await rig.core.handle('settings:change', { theme: 'dark', textScale: 150 });
  expect(answer).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', textScale: 150 });
  expect(told(rig).map((one) => one.message)).toEqual([{ settings: answer, problem: null }]);
  expect(applied.at(-1)).toEqual(answer);
  await rig.restart();
  expect((await rig.core.handle('app:bootstrap', undefined)).settings).toEqual(answer);
  expect(applied.at(-1)).toEqual(answer);
});

test('a damaged file is set aside, said at the start, and the app works on', async () => {
  lone = await createRig();
  const rig = lone;
  await rig.restart(() => writeFile(rig.world.settingsPath, 'garbage {'));
  const { settings, settingsProblem } = await rig.core.handle('app:bootstrap', undefined);
  expect(settings).toEqual(DEFAULT_SETTINGS);
  expect(settingsProblem).toMatchObject({ code: 'unreadable' });
  expect(await readFile(settingsProblem?.setAsideAt ?? '', 'utf8')).toBe('garbage {');
  await rig.core.handle('settings:change', { density: 'compact' });
  expect(told(rig).at(-1)?.message).toMatchObject({ settings: { density: 'compact' }, problem: null });
  expect((await readdir(rig.folder)).filter((name) => name.startsWith('settings.json'))).toHaveLength(2);
});

test('every request refuses what it was not made for, and nothing comes of it', async () => {
  lone = await createRig();
  const rig = lone;
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
      const answer = rig.core.handle(channel, argument);
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
    ['contracts:do', { contractIds: Array.from({ length: 5001 }, String), deed: { do: 'unsnooze' } }],
    ['contracts:do', { contractIds: ['C-1'], deed: { do: 'delete' } }],
    ['contract:openPortal', { contractId: 'x'.repeat(501) }],
  ];
  for (const [channel, argument] of refused)
    await expect(rig.core.handle(channel, argument)).rejects.toThrow(`${channel}: `);
  await expect(rig.core.handle('shell:run' as RequestChannel, undefined)).rejects.toThrow('no request');
  expect((await rig.core.handle('app:bootstrap', undefined)).settings).toEqual(DEFAULT_SETTINGS);
});

test('what needs somebody signed in says so', async () => {
  lone = await createRig();
  const requests: readonly [RequestChannel, unknown][] = [
    ['contracts:do', { contractIds: ['C-1'], deed: { do: 'unsnooze' } }],
    ['savedViews:read', undefined],
    ['overview:read', { days: 7 }],
    ['away:read', undefined],
    ['storage:facts', undefined],
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
  const { rig, server, userId, ...made } = await begin({
    world: {
      openExternal: async (url) => void opened.push(url),
      copyText: (text) => copied.push(text),
    },
  });
  const contractId = 'Д/1 &x';
  server.control.publish(userId, { contractId, title: 'Договор аренды', to: 'sent' });
  await made.complete();
  expect((await rig.core.handle('contract:open', { contractId }))?.portalUrl).toBeNull();
  expect(await rig.core.handle('contract:openPortal', { contractId })).toEqual({
    ok: false,
    problem: 'no_template',
  });
  await rig.core.handle('contract:copyReference', { contractId });
  const portals = { [new URL(server.url).origin]: 'https://portal.example/c/{id}' };
  await rig.core.handle('settings:change', { portals });
  const url = 'https://portal.example/c/%D0%94%2F1%20%26x';
  await until(
    () =>
      (
        rig.window.messages.findLast((one) => one.channel === 'contract:changed')?.message as
          ContractDetail | undefined
      )?.portalUrl === url,
    'the open contract told of its page',
  );
  expect(await rig.core.handle('contract:openPortal', { contractId })).toEqual({ ok: true });
  expect(await rig.core.handle('contract:openPortal', { contractId: 'C-NO' })).toEqual({
    ok: false,
    problem: 'refused',
  });
  expect(opened).toEqual([url]);
  await rig.core.handle('contract:copyReference', { contractId });
  expect(copied).toEqual([`${contractId} — Договор аренды`, `${contractId} — Договор аренды\n${url}`]);
  await expect(rig.core.handle('contract:copyReference', { contractId: 'C-NO' })).rejects.toMatchObject({
    failure: { code: 'notKnown' },
  });
});

test('quiet hours keep silent, and end in one summary in the language that is set', async () => {
  const end = new Date();
  end.setHours(7, 0, 0, 0);
  const untilEnd = end.getTime() - Date.now();
  const { clock, world, sleep } = createSleep(untilEnd - 3_600_000);
  const { rig, server, userId, ...made } = await begin({ world });
  await rig.core.handle('settings:change', { language: 'ru', quietHours: { from: '22:00', to: '07:00' } });
  server.control.publish(userId, { contractId: 'C-NIGHT', to: 'declined', actionRequired: true });
  await made.complete();
  expect(rig.window.toasts).toEqual([]);
  // The machine sleeps until they are almost over; they end while it is awake.
  sleep({ rig, server }, end.getTime() - clock.now() - 500);
  await until(() => rig.window.toasts.length > 0, 'the summary');
  expect(rig.window.toasts).toHaveLength(1);
  expect(rig.window.toasts[0]).toMatchObject({ tag: 'digest', contractId: null });
  expect(rig.window.toasts[0]?.title).toMatch(/ждёт|ждут/);
});

test('who wants no notifications gets none', async () => {
  const { rig, server, userId, ...made } = await begin();
  await rig.core.handle('settings:change', { notifications: 'none' });
  server.control.publish(userId, { contractId: 'C-1', to: 'declined', actionRequired: true });
  await made.complete();
  await rig.core.handle('settings:change', { notifications: 'all' });
  server.control.publish(userId, { contractId: 'C-2', to: 'viewed', actionRequired: false });
  await until(() => rig.window.toasts.length > 0, 'a toast');
  expect(rig.window.toasts.map((toast) => toast.contractId)).toEqual(['C-2']);
});

test('settings lie in a file of their own that holds no secret', async () => {
  const { rig } = await begin();
  await rig.core.handle('settings:change', { keepDays: 90 });
  const text = await readFile(join(rig.folder, 'settings.json'), 'utf8');
  expect(JSON.parse(text)).toEqual({ ...DEFAULT_SETTINGS, keepDays: 90 });
});

test('how long changes are kept holds at once; contracts keep their latest one', async () => {
  const { rig, server, userId, ...made } = await begin({ server: { contracts: 0, backlog: 0 } });
  for (const to of ['draft', 'in_review', 'approved', 'sent'])
    server.control.publish(userId, { contractId: 'C-OLD', to });
  await made.complete();
  const kept = async () => {
    const { contracts, events } = await rig.core.handle('storage:facts', undefined);
    return [contracts, events];
  };
  expect(await kept()).toEqual([1, 4]);
  await rig.restart(async () => {
    const db = new DatabaseSync(rig.world.ledgerPath);
    db.exec('UPDATE event SET received_at = received_at - 40 * 86400000');
    db.exec('UPDATE change_count SET quarter = quarter - 40 * 96');
    db.exec("UPDATE event SET time = strftime('%Y-%m-%dT%H:%M:%SZ', time, '-40 days')");
    db.close();
  });
  await made.live();
  await rig.core.handle('settings:change', { keepDays: 60 });
  await rig.core.handle('settings:change', { keepDays: 30 });
  await until(async () => ((await kept())[1] ?? 9) < 4, 'the old ones gone');
  const detail = await rig.core.handle('contract:open', { contractId: 'C-OLD' });
  expect(detail?.row).toMatchObject({ to: 'sent', version: 4 });
  expect((await kept())[0]).toBe(1);
});
