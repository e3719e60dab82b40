import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { callPalette, expectShown, press, signIn, viewOf } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

test.beforeEach(async ({ app, server }) => {
  await signIn(app.window, server);
  publishPortfolio(server, getBen(server));
  await expect(viewOf(app.window, 'All')).toContainText('6');
});

test('the palette finds commands, views and contracts, and closes with the key that opened it', async ({
  app,
}) => {
  const { window } = app;
  const palette = window.getByRole('dialog', { name: 'Find a command or a contract' });
  await press(window, 'ControlOrMeta+K');
  await expect(palette).toBeVisible();
  await press(window, 'ControlOrMeta+K');
  await expect(palette).toHaveCount(0);

  await callPalette(window);
  await window.keyboard.type('overdue');
  await press(window, 'Enter');
  await expectShown(window, ['C-van', 'C-trees']);

  await callPalette(window);
  await window.keyboard.type('гирлянд');
  await expect(palette.getByRole('option', { name: /Поставка ёлок/ })).toBeVisible();
  await press(window, 'Enter');
  await expect(window.getByTestId('contract-pane')).toHaveAttribute('data-contract-id', 'C-trees');

  await callPalette(window);
  await window.keyboard.type('mute');
  await expect(palette.locator('[data-command="mute"]')).toContainText('Поставка ёлок');
  await press(window, 'Escape', 'Escape');

  await callPalette(window);
  await window.keyboard.type('zzzz');
  await expect(palette).toContainText('Nothing found for “zzzz”');
  await press(window, 'Escape', 'Escape');
  await expect(palette).toHaveCount(0);
});

test('the cheat sheet shows each key, and what it says holds', async ({ app }) => {
  const { window } = app;
  await press(window, '?');
  const sheet = window.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const words of ['Acknowledge', 'Snooze', 'Go to Overdue', 'Select all', 'Undo', 'Search'])
    await expect(sheet.getByText(words).first()).toBeVisible();
  await press(window, 'Escape');
  await expect(sheet).toHaveCount(0);
  for (const [keys, name] of [
    ['gu', 'Unread'],
    ['gr', 'Needs you'],
    ['gw', 'Waiting for others'],
    ['go', 'Overdue'],
    ['gd', 'Due soon'],
    ['gs', 'Snoozed'],
    ['gm', 'Muted'],
    ['ga', 'All'],
  ] as const) {
    await press(window, ...keys);
    await expect(viewOf(window, name)).toHaveAttribute('aria-current', 'page');
  }
});

test('keys work with a Russian keyboard layout as well', async ({ app }) => {
  const { window } = app;
  const typeOn = async (code: string, key: string): Promise<void> => {
    const devtools = await window.context().newCDPSession(window);
    for (const type of ['keyDown', 'keyUp'] as const)
      await devtools.send('Input.dispatchKeyEvent', {
        type,
        code,
        key,
        ...(type === 'keyDown' && { text: key }),
      });
    await devtools.detach();
  };
  await typeOn('KeyG', 'п');
  await typeOn('KeyR', 'к');
  await expect(viewOf(window, 'Needs you')).toHaveAttribute('aria-current', 'page');
});
