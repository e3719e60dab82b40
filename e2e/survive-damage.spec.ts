import { randomBytes } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { expectPhase, rowOf, signIn } from './fixtures/window.ts';

test('a damaged history is set aside, said, and begun anew from the server', async ({
  launch,
  server,
  newProfile,
}) => {
  const profile = await newProfile();
  const garbage = randomBytes(64 * 1024);
  await writeFile(join(profile, 'ledger.sqlite'), garbage);
  const { window } = await launch({ profile });
  await expect(window.getByText('The stored history is damaged')).toBeVisible();
  await signIn(window, server);
  server.control.publish(getBen(server).id, { contractId: 'C-after', title: 'After the damage', to: 'sent' });
  await expect(rowOf(window, 'C-after')).toBeVisible();

  const aside = (await readdir(profile)).filter(
    (name) => name.startsWith('ledger.sqlite.') && !/-(?:wal|shm)$/.test(name),
  );
  expect(aside).toHaveLength(1);
  expect((await readFile(join(profile, aside[0]!))).equals(garbage)).toBe(true);
});

test(
  'settings that are garbage cost nothing but themselves',
  { tag: '@nightly' },
  async ({ launch, server, newProfile }) => {
    const profile = await newProfile();
    await writeFile(join(profile, 'window.json'), '{"bounds":{"x":-99999,"y":1e300,"width":');
    const first = await launch({ profile });
    const bounds = await first.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.getBounds(),
    );
    expect(bounds).toMatchObject({ width: 1280, height: 800 });
    await first.window.evaluate(() => {
      for (let at = 0; at < localStorage.length; at += 1)
        localStorage.setItem(localStorage.key(at) ?? 'x', '{"broken":');
      localStorage.setItem('layout', '\u0000');
    });
    await first.quit();
    const second = await launch({ profile });
    await signIn(second.window, server);
  },
);

test('the window comes back where it was, or where it can be reached', async ({ launch, newProfile }) => {
  const profile = await newProfile();
  const place = { x: 60, y: 70, width: 900, height: 700 };
  const first = await launch({ profile });
  await first.electron.evaluate(
    ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds),
    place,
  );
  await first.quit();
  const second = await launch({ profile });
  const read = () =>
    second.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());
  expect(await read()).toEqual(place);
  await second.quit();
  await writeFile(join(profile, 'window.json'), JSON.stringify({ bounds: { ...place, x: 50_000 } }));
  const third = await launch({ profile });
  const moved = await third.electron.evaluate(({ BrowserWindow, screen }) => {
    const { x, width } = BrowserWindow.getAllWindows()[0]!.getBounds();
    return x + width <= screen.getPrimaryDisplay().workArea.width;
  });
  expect(moved).toBe(true);
});

test('a crashed page is loaded again and shows everything', async ({ app, server }) => {
  const { electron, window, lines } = app;
  await signIn(window, server);
  server.control.publish(getBen(server).id, { contractId: 'C-crash', title: 'Before the crash', to: 'sent' });
  await expect(rowOf(window, 'C-crash')).toBeVisible();
  await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer(),
  );
  await expect.poll(() => lines.join('\n')).toContain('process has ended');
  server.control.publish(getBen(server).id, { contractId: 'C-crash', to: 'signed' });
  // Asked of main: Playwright's page ended with its process.
  const look = () =>
    electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
        `document.querySelector('[data-contract-id="C-crash"]')?.textContent ?? ''`,
      ),
    );
  await expect.poll(look).toContain('Signed');
  await expect.poll(() => server.control.openStreams()).toBe(1);
});

test('a page that crashes again at once asks the person', { tag: '@nightly' }, async ({ app }) => {
  const { electron, window, lines } = app;
  await expect(window.getByLabel('User name')).toBeVisible();
  await electron.evaluate(({ dialog }) => {
    // A real one would wait for a click that Playwright cannot make.
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = ((_window: unknown, { message }: { message: string }) => {
      asked.push(message);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  });
  const asked = () => electron.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  const crash = () =>
    electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer(),
    );
  const hasForm = () =>
    electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
        'document.querySelector("form") !== null',
      ),
    );
  await crash();
  await expect.poll(() => lines.filter((line) => line.includes('process has ended')).length).toBe(1);
  await expect.poll(hasForm).toBe(true);
  expect(await asked()).toEqual([]);
  await crash();
  await expect.poll(asked).toEqual(['The window has stopped twice within a minute.']);
  await expect.poll(hasForm).toBe(true);
});

test('a reload shows the same, with no second stream', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  server.control.publish(getBen(server).id, { contractId: 'C-reload', title: 'Reloaded', to: 'sent' });
  await expect(rowOf(window, 'C-reload')).toBeVisible();
  await window.reload();
  await expectPhase(window, 'live');
  await expect(rowOf(window, 'C-reload')).toBeVisible();
  await expect.poll(() => server.control.openStreams()).toBe(1);
});
