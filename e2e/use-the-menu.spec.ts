import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { test, type RunningApp } from './fixtures/app.ts';
import { expectBare, signIn } from './fixtures/window.ts';

/** Chooses an entry of the application menu, as a person does. */
async function choose({ electron }: RunningApp, label: string): Promise<void> {
  await electron.evaluate(({ Menu }, wanted) => {
    const entries = Menu.getApplicationMenu()!.items.flatMap((menu) => menu.submenu!.items);
    entries.find((entry) => entry.label === wanted)!.click();
  }, label);
}

/** A key as the system hands it to the window; Playwright's own go past the menu. */
async function pressKey({ electron }: RunningApp, keyCode: string): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, code) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    for (const type of ['keyDown', 'keyUp'] as const)
      webContents.sendInputEvent({ type, keyCode: code, modifiers: ['control'] });
  }, keyCode);
}

const labels = ({ electron }: RunningApp): Promise<readonly string[]> =>
  electron.evaluate(({ Menu }) => Menu.getApplicationMenu()!.items.map((menu) => menu.label));

const textScale = async ({ profile }: RunningApp): Promise<unknown> => {
  const text = await readFile(join(profile, 'settings.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { readonly textScale?: number }).textScale;
};

test('the menu opens settings, palette and the sheet of shortcuts', async ({ app, server }) => {
  await signIn(app.window, server);
  const { window } = app;
  await choose(app, 'Settings…');
  await expect(window.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await window.keyboard.press('Escape');
  await expectBare(window);
  await choose(app, 'Keyboard Shortcuts');
  await expect(window.getByRole('dialog')).toBeVisible();
  await window.keyboard.press('Escape');
  await expectBare(window);
  await choose(app, 'Command Palette…');
  await expect(window.getByRole('dialog')).toBeVisible();
});

test('the size of the text follows the menu’s keys, within bounds, and is a setting', async ({
  app,
  server,
}) => {
  await signIn(app.window, server);
  await pressKey(app, '=');
  await expect.poll(() => textScale(app)).toBe(110);
  await pressKey(app, '-');
  await expect.poll(() => textScale(app)).toBe(100);
  for (const scale of [90, 80]) {
    await pressKey(app, '-');
    await expect.poll(() => textScale(app)).toBe(scale);
  }
  await pressKey(app, '-');
  await pressKey(app, '0');
  await expect.poll(() => textScale(app)).toBe(100);
});

test('menu, colours before the first paint, and their change follow the settings', async ({
  launch,
  newProfile,
}) => {
  const profile = await newProfile();
  await writeFile(join(profile, 'settings.json'), JSON.stringify({ theme: 'dark', language: 'ru' }));
  const app = await launch({ profile });
  expect(
    await app.electron.evaluate(({ BrowserWindow, nativeTheme }) => [
      nativeTheme.themeSource,
      BrowserWindow.getAllWindows()[0]!.getBackgroundColor(),
    ]),
  ).toEqual(['dark', '#17181B']);
  expect(await labels(app)).toEqual(['Файл', 'Правка', 'Вид', 'Справка']);
  await app.window.evaluate(() => pulse.request('settings:change', { theme: 'light', language: 'en' }));
  await expect.poll(() => labels(app)).toEqual(['File', 'Edit', 'View', 'Help']);
  expect(await app.electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('light');
});
