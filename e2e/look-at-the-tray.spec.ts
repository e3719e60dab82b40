import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { startTrayHost } from '../electron/ports/testing.ts';

import { getBen, test, type RunningApp } from './fixtures/app.ts';
import { ROOT } from './fixtures/machine.ts';
import { isShown, signIn } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

interface Told {
  tooltip: string;
  labels: readonly string[];
}

/** Notes from now on what the tray is told to say: Electron gives no way to read it. */
async function watchTray({ electron }: RunningApp): Promise<() => Promise<Told>> {
  await electron.evaluate(({ Tray }) => {
    const told: Told = { tooltip: '', labels: [] };
    Object.assign(globalThis, { told });
    const { setToolTip, setContextMenu } = Tray.prototype;
    Object.assign(Tray.prototype, {
      setToolTip(this: Electron.Tray, text: string) {
        told.tooltip = text;
        setToolTip.call(this, text);
      },
      setContextMenu(this: Electron.Tray, menu: Electron.Menu) {
        told.labels = menu.items.filter(({ type }) => type !== 'separator').map(({ label }) => label);
        Object.assign(globalThis, { press: (label: string) => pressIn(menu, label) });
        setContextMenu.call(this, menu);
      },
    });
    function pressIn(menu: Electron.Menu, label: string): void {
      menu.items.find((item) => item.label === label)!.click();
    }
  });
  return () => electron.evaluate(() => (globalThis as unknown as { told: Told }).told);
}

const press = ({ electron }: RunningApp, label: string): Promise<void> =>
  electron.evaluate(
    (_, wanted) => (globalThis as unknown as { press(label: string): void }).press(wanted),
    label,
  );

test('the tray says how many contracts need the user, in their language, and brings the window back', async ({
  launch,
  server,
  desktop,
}) => {
  const app = await launch({ env: desktop.env });
  const ben = getBen(server);
  const told = await watchTray(app);
  await signIn(app.window, server);
  server.control.publish(ben.id, { contractId: 'C-1', to: 'declined', actionRequired: true });
  await expect.poll(async () => (await told()).tooltip).toBe('Contract Pulse · Needs you: 1');
  await app.window.evaluate(() => pulse.request('settings:change', { language: 'ru' }));
  await expect.poll(async () => (await told()).tooltip).toBe('Contract Pulse · Ждут вас: 1');
  expect((await told()).labels).toEqual([
    'Открыть Contract Pulse',
    'Ждут вас: 1',
    'Без уведомлений на час',
    expect.stringMatching(/^Без уведомлений до завтра, 0?8:00$/),
    'Завершить Contract Pulse',
  ]);

  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide());
  await expect.poll(() => isShown(app)).toBe(false);
  await press(app, 'Открыть Contract Pulse');
  await expect.poll(() => isShown(app)).toBe(true);
});

test('where the desktop has no tray, the app ends with its window', async ({ launch, server, desktop }) => {
  const app = await launch({ env: desktop.env });
  await signIn(app.window, server);
  const child = app.electron.process();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  expect(await ended).toBe(0);
});

test('where it has one, closing the window leaves the app there, and a second start brings it back', async ({
  launch,
  machine,
  server,
  desktop,
  newProfile,
}) => {
  const host = await startTrayHost(desktop.env['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  const config = await newProfile();
  const env = { ...desktop.env, XDG_CONFIG_HOME: config };
  try {
    const app = await launch({ env });
    await signIn(app.window, server);
    await expect.poll(() => host.icons.length).toBeGreaterThan(0);
    const from = desktop.toasts.length;
    const close = () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
    const told = () => desktop.toasts.slice(from).join('\n');
    await close();
    await expect.poll(() => isShown(app)).toBe(false);
    await expect.poll(told).toContain('Contract Pulse goes on');
    // It still receives and tells.
    server.control.publish(getBen(server).id, {
      contractId: 'C-away',
      title: 'Came while it was closed',
      to: 'declined',
      actionRequired: true,
    });
    await expect.poll(told).toContain('Came while it was closed');

    // Its display was taken away meanwhile.
    const isReachable = () =>
      app.electron.evaluate(({ BrowserWindow, screen }) => {
        const { x, y } = BrowserWindow.getAllWindows()[0]!.getBounds();
        const { workArea } = screen.getPrimaryDisplay();
        return x < workArea.x + workArea.width && y < workArea.y + workArea.height;
      });
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.setPosition(5_000, 4_000),
    );
    expect(await isReachable()).toBe(false);

    const second = spawn(
      machine.runtime.executable,
      [...machine.sandboxArguments, `--user-data-dir=${app.profile}`, ROOT],
      { env: { ...machine.env, ...env }, stdio: 'ignore' },
    );
    expect(await once(second, 'exit')).toEqual([0, null]);
    await expect.poll(() => isShown(app)).toBe(true);
    await expect.poll(isReachable).toBe(true);

    const entry = join(config, 'autostart', 'contract-pulse.desktop');
    await app.window.evaluate(() => pulse.request('settings:change', { startAtLogin: true }));
    expect(await readFile(entry, 'utf8')).toMatch(/^Exec=.*"--hidden"$/m);
    await app.window.evaluate(() => pulse.request('settings:change', { startAtLogin: false }));
    expect(existsSync(entry)).toBe(false);

    // Told once; and quitting quits.
    const before = told();
    await close();
    await expect.poll(() => isShown(app)).toBe(false);
    expect(told()).toBe(before);
    await app.quit();
    expect(app.electron.process().exitCode).toBe(0);
  } finally {
    host.stop();
  }
});
