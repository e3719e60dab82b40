import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { findFlaws } from './fixtures/axe.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import {
  expectBare,
  callPalette,
  closeReceipt,
  openContract,
  openReceipt,
  press,
  rowOf,
  signIn,
} from './fixtures/window.ts';

const THEMES = ['light', 'dark'] as const;

/**
 * Nothing may be hard or impossible to use for anybody, in either theme; what axe calls moderate or minor is printed. One look
 * takes axe a second: the ordinary run has half of the screens in either theme, the nightly run all in both.
 */
async function expectAccessible(window: Page, screen: string): Promise<void> {
  const one = THEMES.filter((_, at) => at === screen.length % THEMES.length);
  for (const colorScheme of process.env['NIGHTLY'] === '1' ? THEMES : one) {
    await window.emulateMedia({ colorScheme });
    const flaws = await findFlaws(window);
    const grave = flaws.filter(({ impact }) => impact !== 'minor' && impact !== 'moderate');
    expect.soft(grave, `${screen}, ${colorScheme}`).toEqual([]);
    for (const { rule, where } of flaws.filter((flaw) => !grave.includes(flaw)))
      console.log(`${screen}, ${colorScheme}: ${rule} at ${where}`);
  }
}

test('signing in', async ({ app, server }) => {
  const { window } = app;
  await expect(window.getByLabel('User name')).toBeVisible();
  await expectAccessible(window, 'sign-in');
  await window.getByRole('button', { name: /^Sign in/ }).click();
  await expectAccessible(window, 'sign-in with fields missing');
  await window.getByLabel('Server address').fill(server.url);
  await window.getByLabel('User name').fill('ben');
  await window.getByLabel('Password', { exact: true }).fill('guess');
  await window.getByRole('button', { name: /^Sign in/ }).click();
  await expect(window.getByRole('alert')).toBeVisible();
  await expectAccessible(window, 'sign-in refused');
});

test('the list, a contract, the receipt and the menus', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  server.control.advance(12, ben.id);
  server.control.publish(ben.id, {
    contractId: 'C-act',
    title: 'Needs a decision',
    to: 'declined',
    reason: 'The price is too high.',
    actionRequired: true,
  });
  await expect(rowOf(window, 'C-act')).toBeVisible();
  await expectAccessible(window, 'list');
  await openContract(window, 'C-act');
  await expectAccessible(window, 'contract');
  await openReceipt(window);
  await expectAccessible(window, 'receipt');
  await closeReceipt(window);
  await window.getByRole('button', { name: /^Account/ }).click();
  await expect(window.getByRole('menuitem', { name: 'Sign out', exact: true })).toBeVisible();
  await expectAccessible(window, 'account menu');
});

test('choosing many, filtering, finding and saving', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await expect(rowOf(window, 'C-done')).toBeVisible();
  await press(window, 'j', 'Home', 'Shift+ArrowDown');
  await expect(window.getByRole('toolbar', { name: 'Selected contracts' })).toBeVisible();
  await expectAccessible(window, 'selection');
  await press(window, 'h');
  await expect(window.getByRole('menuitem', { name: /^Until it changes/ })).toBeVisible();
  await expectAccessible(window, 'menu of times');
  await window.getByRole('menuitem', { name: /^Choose a time/ }).click();
  await expect(window.getByRole('dialog', { name: 'Snooze until' })).toBeVisible();
  await expectAccessible(window, 'a time of one’s own');
  await press(window, 'Escape');
  await expect(window.getByTestId('feed')).toBeFocused();
  await press(window, 'm');
  await expect(window.getByText('2 contracts muted')).toBeVisible();
  await expectAccessible(window, 'a message with undo');
  await press(window, 'Escape');
  await expect(window.getByTestId('feed')).toBeFocused();
  await press(window, 'Shift+F10');
  await expect(
    window.getByRole('menuitem', { name: /^Acknowledge|^Open the contract/ }).first(),
  ).toBeVisible();
  await expectAccessible(window, 'context menu');

  await press(window, 'Escape');
  await expect(window.getByRole('menu')).toHaveCount(0);
  await press(window, 'f');
  await expect(window.getByTestId('filter-menu')).toBeVisible();
  await expectAccessible(window, 'filters');
  for (const [at, name] of ['Status', 'Amount', 'Due'].entries()) {
    if (at > 0) await press(window, 'f');
    await window.getByTestId('filter-menu').getByRole('menuitem', { name, exact: true }).click();
    await expect(window.getByTestId('filter-editor')).toBeVisible();
    await expectAccessible(window, `filter by ${name}`);
    await press(window, 'Escape');
    await expectBare(window);
  }
  await press(window, '/');
  await window.keyboard.type('norden');
  await expect(window.locator('mark').first()).toBeVisible();
  await expectAccessible(window, 'search with hits');
  await press(window, 'Enter', 'Shift+S');
  await expect(window.getByRole('dialog', { name: 'Save this view' })).toBeVisible();
  await expectAccessible(window, 'saving a view');
  await press(window, 'Escape');
  await expect(window.getByRole('dialog', { name: 'Save this view' })).toHaveCount(0);
  await window.getByTestId('sort').click();
  await expect(window.getByRole('menuitemradio').first()).toBeVisible();
  await expectAccessible(window, 'order');
  await press(window, 'Escape');
  await expect(window.getByRole('menuitemradio')).toHaveCount(0);
  await window.getByRole('textbox', { name: 'Search contracts' }).fill('zeppelin');
  await expect(window.getByTestId('row')).toHaveCount(0);
  await expectAccessible(window, 'nothing found');
});

test('palette, cheat sheet, overview, settings and the question before erasing', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await expect(rowOf(window, 'C-done')).toBeVisible();
  await callPalette(window);
  await window.keyboard.type('st');
  await expect(window.getByRole('option').first()).toBeVisible();
  await expectAccessible(window, 'palette');
  await press(window, 'Escape', 'Escape');
  await expect(window.getByTestId('feed')).toBeFocused();
  await press(window, '?');
  await expect(window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectAccessible(window, 'cheat sheet');
  await press(window, 'Escape');
  await expect(window.getByTestId('feed')).toBeFocused();
  await press(window, 'g', 'v');
  await expect(window.getByTestId('figure-stages')).toBeVisible();
  await expectAccessible(window, 'overview');
  for (const figure of ['stages', 'changes', 'due'])
    await window.getByTestId(`figure-${figure}`).getByRole('button', { name: 'Show as table' }).click();
  await expectAccessible(window, 'overview as tables');
  await press(window, 'ControlOrMeta+,');
  await expect(window.getByTestId('storage-facts')).toContainText('ledger');
  await expectAccessible(window, 'settings');
  await window
    .getByTestId('settings')
    .getByRole('button', { name: /^Sign out and erase/ })
    .click();
  await expect(window.getByTestId('leave-dialog')).toBeVisible();
  await expectAccessible(window, 'before erasing');
});

test('large text, high contrast and compact rows', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await expect(rowOf(window, 'C-done')).toBeVisible();
  await window.evaluate(() => pulse.request('settings:change', { contrast: 'more', density: 'compact' }));
  await expect(window.locator(':root[data-density="compact"][data-contrast="more"]')).toHaveCount(1);
  await openContract(window, 'C-lease');
  await expectAccessible(window, 'high contrast, compact');
  await window.evaluate(() => pulse.request('settings:change', { textScale: 200, contrast: 'system' }));
  await expect(window.locator(':root[data-width="narrow"]')).toHaveCount(1);
  await expectAccessible(window, 'text of 200 %');
  await app.computer.resize(480, 720);
  await press(window, 'Escape', 'j', 'Home', 'x');
  await expect(window.locator('.feed-list.stacked')).toBeVisible();
  await window.getByTestId('bulk-bar').getByRole('button', { name: 'More' }).click();
  await expect(window.getByRole('menuitem', { name: 'Snooze' })).toBeVisible();
  await expectAccessible(window, 'text of 200 % in a narrow window, what can be done with many');
});

test('coming back after an absence', async ({ launch, server }) => {
  const env = { CONTRACT_PULSE_SERVER: server.url };
  const first = await launch({ env });
  await signIn(first.window, server);
  await first.quit();
  publishPortfolio(server, getBen(server));
  const { window, computer } = await launch({ profile: first.profile, env });
  await computer.moveClock(3_600_000);
  await signIn(window, server);
  await expect(window.getByTestId('away-panel').getByTestId('away-item').first()).toBeVisible();
  await expectAccessible(window, 'while you were away');
});
