import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { press, rowOf, signIn } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

async function openSettings(window: Page) {
  await press(window, 'ControlOrMeta+,');
  const dialog = window.getByTestId('settings');
  await expect(dialog).toBeVisible();
  return dialog;
}

/** What a person sees of it, in numbers. */
const look = (window: Page) =>
  window.evaluate(() => {
    const row = document.querySelector('[data-testid="row"]');
    const title = row?.querySelector('.row-title');
    return {
      background: getComputedStyle(document.body).backgroundColor,
      text: getComputedStyle(document.body).color,
      letters: title ? Math.round(Number.parseFloat(getComputedStyle(title).fontSize) * 10) / 10 : 0,
      row: row?.getBoundingClientRect().height ?? 0,
      language: document.documentElement.lang,
    };
  });

test('language, theme, contrast, text and density change at once, and are there again after a restart', async ({
  app,
  launch,
  server,
}) => {
  const { window, profile, quit } = app;
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await expect(rowOf(window, 'C-done')).toBeVisible();
  await window.emulateMedia({ colorScheme: 'light' });
  const before = await look(window);
  expect(before).toMatchObject({ language: 'en', row: 56 });

  const dialog = await openSettings(window);
  await dialog.getByRole('radio', { name: 'Dark' }).check();
  await expect.poll(async () => (await look(window)).background).not.toBe(before.background);
  const dark = await look(window);
  await dialog.getByRole('group', { name: 'Contrast' }).getByRole('radio', { name: 'More' }).check();
  await expect.poll(async () => (await look(window)).text).not.toBe(dark.text);
  await dialog.getByRole('radio', { name: 'Compact' }).check();
  await expect.poll(async () => (await look(window)).row).toBe(36);
  for (let step = 0; step < 5; step += 1) await dialog.getByRole('button', { name: 'Larger' }).click();
  await expect.poll(async () => (await look(window)).letters / before.letters).toBeCloseTo(1.5, 1);
  await dialog.getByRole('radio', { name: 'Русский' }).check();
  await expect(dialog.getByRole('heading', { name: 'Настройки' })).toBeVisible();
  await press(window, 'Escape');
  await expect(rowOf(window, 'C-lease')).toContainText('Отказ');
  const after = await look(window);
  expect(after.language).toBe('ru');
  await quit();

  const again = await launch({ profile, env: { CONTRACT_PULSE_SERVER: server.url } });
  // Before anybody has signed in, too.
  await expect(again.window.getByRole('button', { name: /^Войти/ })).toBeVisible();
  await again.window.locator('input[name="username"]').fill('ben');
  await again.window.locator('input[name="password"]').fill(getBen(server).password);
  await press(again.window, 'Enter');
  await expect(rowOf(again.window, 'C-lease')).toContainText('Отказ');
  await again.window.mouse.move(1, 1);
  expect(await look(again.window)).toEqual(after);
});

test('with reduced motion nothing slides or fades, whoever asks for it', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  const moves = () =>
    window.evaluate(() =>
      [...document.querySelectorAll('*')]
        .flatMap((element) => {
          const { transitionDuration, animationDuration, animationName } = getComputedStyle(element);
          return [...transitionDuration.split(','), ...(animationName === 'none' ? [] : [animationDuration])];
        })
        .some((time) => Number.parseFloat(time) > 0.02),
    );
  await window.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moves()).toBe(true);
  await window.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moves).toBe(false);
  await window.emulateMedia({ reducedMotion: 'no-preference' });
  const dialog = await openSettings(window);
  await dialog.getByRole('radio', { name: 'Reduced' }).check();
  await press(window, 'Escape');
  await expect.poll(moves).toBe(false);
});

test('settings are found by what they do', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  const dialog = await openSettings(window);
  await dialog.getByLabel('Search the settings').fill('dark');
  await expect(dialog.getByRole('radio', { name: 'Dark' })).toBeVisible();
  await expect(dialog.getByText('Quiet hours')).toHaveCount(0);
  await dialog.getByLabel('Search the settings').fill('one summary');
  await expect(dialog.getByText('Quiet hours')).toBeVisible();
  await dialog.getByLabel('Search the settings').fill('zzz');
  await expect(dialog.getByRole('status')).toContainText('No setting is called “zzz”');
});

test('what is stored here is said in figures that are true', async ({ app, server }) => {
  const { window, profile } = app;
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await expect(rowOf(window, 'C-done')).toBeVisible();
  const dialog = await openSettings(window);
  const facts = dialog.getByTestId('storage-facts');
  await expect(facts).toContainText(profile);
  await expect(facts.locator('dt:text-is("Contracts") + dd')).toHaveText('6');
  await expect(facts.locator('dt:text-is("Changes") + dd')).toHaveText('6');
  await expect(facts).toContainText('held until the app quits');
});

test(
  'garbage in the settings’ file costs only what is garbage, and is said',
  { tag: '@nightly' },
  async ({ launch, newProfile, server }) => {
    const profile = await newProfile();
    const path = join(profile, 'settings.json');
    await writeFile(
      path,
      JSON.stringify({ theme: 'neon', textScale: '12', density: 'compact', ofTheFuture: { kept: true } }),
    );
    const { window } = await launch({ profile, env: { CONTRACT_PULSE_SERVER: server.url } });
    await signIn(window, server);
    publishPortfolio(server, getBen(server));
    await expect(rowOf(window, 'C-done')).toBeVisible();
    expect((await look(window)).row).toBe(36);
    const dialog = await openSettings(window);
    await expect(dialog.getByRole('note')).toContainText('Theme, Text size');
    await dialog.getByRole('radio', { name: 'Dark' }).check();
    await expect
      .poll(async () => JSON.parse(await readFile(path, 'utf8')))
      .toMatchObject({
        theme: 'dark',
        density: 'compact',
        ofTheFuture: { kept: true },
      });
  },
);

test(
  'a settings’ file that is no settings’ file is kept aside',
  { tag: '@nightly' },
  async ({ launch, newProfile, server }) => {
    const profile = await newProfile();
    await writeFile(join(profile, 'settings.json'), '\u0000\u0001 not json');
    const { window } = await launch({ profile, env: { CONTRACT_PULSE_SERVER: server.url } });
    await signIn(window, server);
    const dialog = await openSettings(window);
    await expect(dialog.getByRole('note')).toContainText('could not be read');
    const kept = (await readdir(profile)).filter(
      (name) => /^settings.*\.json/.test(name) && name !== 'settings.json',
    );
    expect(kept).toHaveLength(1);
    expect(await readFile(join(profile, kept[0] ?? ''), 'utf8')).toBe('\u0000\u0001 not json');
  },
);
