import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { expectFocusSeen, tabTo } from './fixtures/keyboard.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import {
  expectBare,
  callPalette,
  expectPhase,
  expectShown,
  press,
  rowOf,
  viewOf,
} from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

const ALL = ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel'];

test('a whole day by keyboard alone: the focus is always seen and never lost', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);

  // Sign in.
  await expectFocusSeen(window, 'at the start');
  await tabTo(window, window.getByLabel('User name'));
  await window.keyboard.type(ben.username);
  await tabTo(window, window.getByLabel('Password', { exact: true }));
  await window.keyboard.type(ben.password);
  await press(window, 'Enter');
  await expectPhase(window, 'live');
  publishPortfolio(server, ben);
  await expectShown(window, ALL);

  // Read the first contracts.
  await press(window, 'j');
  await expectFocusSeen(window, 'after j');
  await press(window, 'Home', 'j', 'j', 'Enter');
  await expect(window.getByTestId('contract-pane')).toHaveAttribute('data-contract-id', 'C-care');
  await expectFocusSeen(window, 'with a contract open');
  await expect(rowOf(window, 'C-care')).toHaveAttribute('data-unread', 'false');
  await press(window, 'Escape');
  await expectFocusSeen(window, 'after the contract was closed');
  await press(window, 'u');
  await expect(rowOf(window, 'C-care')).toHaveAttribute('data-unread', 'true');

  // Find, and keep what was found.
  await press(window, '/');
  await expectFocusSeen(window, 'in the search');
  await window.keyboard.type('norden');
  await expectShown(window, ['C-care', 'C-steel']);
  await press(window, 'Enter');
  await expectFocusSeen(window, 'in what was found');
  await press(window, 'Shift+S');
  await expect(window.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await expectFocusSeen(window, 'where the view gets its name');
  await window.keyboard.type('Steel maker');
  await press(window, 'Enter');
  await expect(window.getByRole('dialog', { name: 'Save this view' })).toHaveCount(0);
  await expectFocusSeen(window, 'after the view was saved');
  await press(window, 'g', 'a');
  await expectShown(window, ALL);
  await press(window, '1');
  await expectShown(window, ['C-care', 'C-steel']);
  await expectFocusSeen(window, 'in the saved view');

  // Filter.
  await press(window, 'g', 'a', 'f');
  await expect(window.getByTestId('filter-menu').locator(':focus')).toHaveCount(1);
  await expectFocusSeen(window, 'in the filter');
  await window.keyboard.type('sev');
  await press(window, 'Enter');
  await expectFocusSeen(window, 'in the filter by severity');
  await press(window, 'Escape', 'Escape');
  await expectBare(window);
  await expectFocusSeen(window, 'after the filter was closed');

  // Act on many, and take it back.
  await press(window, 'g', 'r');
  await expectShown(window, ['C-care', 'C-lease']);
  const letClockGo = await app.computer.holdClock();
  await press(window, 'ControlOrMeta+A', 'a');
  await expect(viewOf(window, 'Needs you')).not.toContainText('2');
  await expectFocusSeen(window, 'after an action');
  await press(window, 'z');
  await expect(viewOf(window, 'Needs you')).toContainText('2');
  await letClockGo();
  await press(window, 'Escape', 'h');
  await expect(window.getByRole('menuitem').first()).toBeFocused();
  await expectFocusSeen(window, 'in the menu of times');
  await press(window, 'End', 'ArrowUp', 'Enter');
  await expect(viewOf(window, 'Snoozed')).toContainText('1');
  await expectBare(window);
  await expectFocusSeen(window, 'after snoozing');
  await press(window, 'z');
  await expect(viewOf(window, 'Snoozed')).not.toContainText('1');

  // Look at the figures and go on to the contracts behind one.
  await callPalette(window);
  await expectFocusSeen(window, 'in the palette');
  await window.keyboard.type('overview');
  await press(window, 'Enter');
  await expect(window.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await expectFocusSeen(window, 'in the overview');
  await tabTo(window, window.getByRole('button', { name: /^Viewed: 1 contract/ }));
  await press(window, 'Enter');
  await expectShown(window, ['C-trees']);
  await expectFocusSeen(window, 'in the contracts behind a bar');

  // Set the app up, look at the keys, and leave.
  await press(window, 'ControlOrMeta+,');
  await expect(window.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await expectFocusSeen(window, 'in the settings');
  await press(window, 'Escape');
  await expectBare(window);
  await expectFocusSeen(window, 'after the settings');
  await press(window, '?');
  await expect(window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectFocusSeen(window, 'on the cheat sheet');
  await press(window, 'Escape');
  await expectBare(window);
  await expectFocusSeen(window, 'after the cheat sheet');
  await tabTo(window, window.getByRole('button', { name: /^Account/ }), 'Shift+Tab');
  await press(window, 'Enter');
  await expectFocusSeen(window, 'in the menu of the account');
  const signOut = window.getByRole('menuitem', { name: 'Sign out', exact: true });
  for (let item = 0; item < 8; item += 1) {
    if (await signOut.evaluate((element) => element === document.activeElement)) break;
    await press(window, 'ArrowDown');
  }
  await expect(signOut).toBeFocused();
  await press(window, 'Enter');
  await expect(window.getByText('You are signed out.')).toBeVisible();
  await expectFocusSeen(window, 'after signing out');
});
