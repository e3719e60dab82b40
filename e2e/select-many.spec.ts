import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { expectShown, leavePointer, press, rowOf, signIn, viewOf } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

const ALL = ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel'];

test.beforeEach(async ({ app, server }) => {
  await signIn(app.window, server);
  publishPortfolio(server, getBen(server));
  await expectShown(app.window, ALL);
});

async function expectSelected(window: Page, contractIds: readonly string[]): Promise<void> {
  const chosen = window.locator('[data-testid="row"][aria-selected="true"]');
  await expect(chosen).toHaveCount(contractIds.length);
  for (const contractId of contractIds)
    await expect(rowOf(window, contractId)).toHaveAttribute('aria-selected', 'true');
}

const bulk = (window: Page) => window.getByRole('toolbar', { name: 'Selected contracts' });

test('a range is chosen with Shift and the pointer, and all of it is marked read', async ({ app }) => {
  const { window } = app;
  await rowOf(window, 'C-van').click({ modifiers: ['ControlOrMeta'] });
  await rowOf(window, 'C-trees').click({ modifiers: ['Shift'] });
  await leavePointer(window);
  await expectSelected(window, ['C-van', 'C-care', 'C-lease', 'C-trees']);
  await expect(bulk(window)).toContainText('4 selected');
  await bulk(window).getByRole('button', { name: /^Read/ }).click();
  await leavePointer(window);
  await expect(viewOf(window, 'Unread')).toContainText('2');
  for (const contractId of ['C-van', 'C-care', 'C-lease', 'C-trees'])
    await expect(rowOf(window, contractId)).toHaveAttribute('data-unread', 'false');
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'true');
  await expect(window.getByText('4 contracts marked read')).toBeVisible();
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(viewOf(window, 'Unread')).toContainText('6');
});

test('a range grows and shrinks with Shift and the arrows, single rows with x, and Escape lets go', async ({
  app,
}) => {
  const { window } = app;
  await press(window, 'j', 'Home', 'Shift+ArrowDown', 'Shift+ArrowDown');
  await expectSelected(window, ['C-done', 'C-van', 'C-care']);
  await press(window, 'Shift+ArrowUp');
  await expectSelected(window, ['C-done', 'C-van']);
  await press(window, 'End', 'x');
  await expectSelected(window, ['C-done', 'C-van', 'C-steel']);
  await press(window, 'x');
  await expectSelected(window, ['C-done', 'C-van']);
  await press(window, 'm');
  await expect(viewOf(window, 'Muted')).toContainText('2');
  await press(window, 'z');
  await expect(viewOf(window, 'Muted')).not.toContainText('2');
  await press(window, 'Escape');
  await expectSelected(window, []);
  await expect(bulk(window)).toHaveCount(0);
});

test('the right button offers what can be done with the row under it', async ({ app }) => {
  const { window } = app;
  await rowOf(window, 'C-lease').click({ button: 'right' });
  const menu = window.getByRole('menu');
  await expect(menu.getByRole('menuitem', { name: /^Mark read/ })).toBeVisible();
  await expect(menu.getByRole('menuitem', { name: /^Acknowledge/ })).toBeVisible();
  await menu.getByRole('menuitem', { name: /^Mute/ }).click();
  await leavePointer(window);
  await expect(viewOf(window, 'Muted')).toContainText('1');
  await expect(window.getByText('“Office lease, 4th floor” muted')).toBeVisible();
  // Nothing was opened: the right button asks, it does not choose.
  await expect(window.getByTestId('contract-pane')).not.toHaveAttribute('data-contract-id', 'C-lease');
});

test('what can be done stands in one line in Russian too: what finds no room is behind “Ещё”', async ({
  app,
}) => {
  const { window, computer } = app;
  await window.evaluate(() => pulse.request('settings:change', { language: 'ru' }));
  const bar = window.getByRole('toolbar', { name: 'Выделенные договоры' });
  await press(window, 'j', 'Home', 'Shift+ArrowDown', 'Shift+ArrowDown');
  await expect(bar).toContainText('Выделено 3');
  const more = bar.getByRole('button', { name: 'Ещё' });
  const names = ['Прочитано', 'Взять в работу', 'Отложить', 'Без уведомлений'];
  for (const width of [480, 760, 1280]) {
    await computer.resize(width, 760);
    await window.waitForFunction((wide) => globalThis.innerWidth === wide, width);
    await expect(more).toBeVisible();
    // What finds no room is put away when the bar has been measured.
    await expect.poll(async () => (await bar.boundingBox())?.height ?? Infinity).toBeLessThan(44);
    await more.click();
    const items = window.getByRole('menu', { name: 'Выделенные договоры' }).getByRole('menuitem');
    await expect(items.last()).toBeVisible();
    // Each of them once, in the bar or in the menu.
    const shown = [
      ...(await bar.getByRole('button').allInnerTexts()),
      ...(await items.allInnerTexts()),
    ].join();
    for (const name of names) expect(shown.split(name)).toHaveLength(2);
    // As when it is pressed before the focus has gone from the button into the menu: it is the menu's.
    await more.dispatchEvent('keydown', { key: 'Escape', code: 'Escape' });
    await expect(items).toHaveCount(0);
    await expect(bar).toContainText('Выделено 3');
  }
  await more.click();
  await window.getByRole('menuitem', { name: 'Без уведомлений' }).click();
  await expect(window.locator('[data-view="muted"]')).toContainText('3');
});

test(
  'beside the list stands what is selected, not that nothing is open',
  { tag: '@nightly' },
  async ({ app }) => {
    const { window } = app;
    const pane = window.getByTestId('contract-pane');
    await expect(pane.getByRole('heading', { name: 'No contract open' })).toBeVisible();
    await press(window, 'j', 'Home', 'Shift+ArrowDown');
    await expect(pane.getByRole('heading', { name: '2 contracts selected' })).toBeVisible();
    await pane.getByRole('button', { name: 'Clear the selection' }).click();
    await leavePointer(window);
    await expectSelected(window, []);
    await expect(window.getByTestId('feed')).toBeFocused();
  },
);

test('beside an empty list stands nothing that cannot be done', { tag: '@nightly' }, async ({ app }) => {
  const { window } = app;
  await press(window, 'g', 's');
  await expect(window.getByText('Nothing is snoozed')).toBeVisible();
  await expect(window.getByTestId('contract-pane').getByRole('heading')).toHaveCount(0);
});
