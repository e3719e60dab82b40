import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import {
  expectBare,
  expectShown,
  goTo,
  leavePointer,
  press,
  rowOf,
  signIn,
  viewOf,
} from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

test.beforeEach(async ({ app, server }) => {
  await signIn(app.window, server);
  publishPortfolio(server, getBen(server));
  await expect(viewOf(app.window, 'Unread')).toContainText('6');
});

test('a muted contract leaves Unread, still shows what it needs, and comes back with undo', async ({
  app,
  server,
}) => {
  const { window } = app;
  await goTo(window, 'Needs you');
  await press(window, 'j', 'Home', 'm');
  await expect(viewOf(window, 'Muted')).toContainText('1');
  await expect(viewOf(window, 'Unread')).toContainText('5');
  await expectShown(window, ['C-care', 'C-lease']);
  server.control.publish(getBen(server).id, { contractId: 'C-care', to: 'in_review', actionRequired: false });
  await expect(viewOf(window, 'Needs you')).toContainText('1');
  await expect(viewOf(window, 'Unread')).toContainText('5');
  await goTo(window, 'Muted');
  await expectShown(window, ['C-care']);
  await press(window, 'z');
  await expect(viewOf(window, 'Unread')).toContainText('6');
});

test('a snoozed contract is away until a time, then comes back by itself', async ({ app, server }) => {
  const { window, computer } = app;
  await goTo(window, 'Unread');
  const until = await window.evaluate(async () => {
    const at = Date.now() + 3_600_000;
    await pulse.request('actions:perform', { contractIds: ['C-trees'], action: { do: 'snooze', until: at } });
    return at;
  });
  await expect(viewOf(window, 'Snoozed')).toContainText('1');
  await expectShown(window, ['C-done', 'C-van', 'C-care', 'C-lease', 'C-steel']);
  await expect(viewOf(window, 'Overdue')).toContainText('1');
  // The computer sleeps until it is almost over; it ends while it is awake. Time passes for the server, too.
  const slept = until - Date.now() - 5_000;
  await computer.moveClock(slept);
  server.control.setClockSkew(slept);
  server.control.dropConnections();
  await computer.resume();
  await expect(viewOf(window, 'Unread')).toContainText('6');
  expect(await computer.now()).toBeGreaterThanOrEqual(until);
  await expect(rowOf(window, 'C-trees')).toBeVisible();
  await expect(viewOf(window, 'Snoozed')).not.toContainText('1');
});

test('what is put off says what it needs quietly, and is not counted as needing the person', async ({
  app,
}) => {
  const { window } = app;
  const row = rowOf(window, 'C-lease');
  await expect(row.locator('.tag.needs')).toBeVisible();
  await expect(row).toHaveClass(/\bneeds-you\b/);
  await window.evaluate(() =>
    pulse.request('actions:perform', { contractIds: ['C-lease'], action: { do: 'snooze', until: null } }),
  );
  await expect(viewOf(window, 'Needs you')).toContainText('1');
  await expect(row.locator('.tag.needs-later')).toContainText('Needs you');
  await expect(row.locator('.tag.needs')).toHaveCount(0);
  await expect(row).not.toHaveClass(/\bneeds-you\b/);
});

test('what is snoozed while the list is held stays in its place until it is let go, and says what it is', async ({
  app,
}) => {
  const { window } = app;
  await goTo(window, 'Unread');
  await press(window, 'j', 'Home', 'x', 'h');
  await window.getByRole('menuitem', { name: /^Until it changes/ }).click();
  await expectBare(window);
  await leavePointer(window);
  await expect(viewOf(window, 'Snoozed')).toContainText('1');
  const row = rowOf(window, 'C-done');
  await expect(row).toHaveClass(/\bput-off\b/);
  await expect(row.getByTitle('Snoozed until it changes')).toBeVisible();
  await expect(row).toContainText('Snoozed until it changes');
  await press(window, 'Escape');
  await expectShown(window, ['C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel']);
});

test('a contract snoozed until it changes comes back with its next change, and undo brings it back before', async ({
  app,
  server,
}) => {
  const { window } = app;
  await goTo(window, 'Unread');
  await press(window, 'j', 'Home', 'h');
  await window.getByRole('menuitem', { name: /^Until it changes/ }).click();
  await expectBare(window);
  await leavePointer(window);
  await expect(window.getByText(/^“.+” snoozed until it changes$/)).toBeVisible();
  await expectShown(window, ['C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel']);
  await press(window, 'z');
  await expectShown(window, ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel']);

  await press(window, 'Home', 'h');
  await window.getByRole('menuitem', { name: /^Until it changes/ }).click();
  await expectBare(window);
  await leavePointer(window);
  await goTo(window, 'Snoozed');
  await expectShown(window, ['C-done']);
  await goTo(window, 'Unread');
  server.control.publish(getBen(server).id, { contractId: 'C-done', from: 'fulfilled', to: 'in_review' });
  await expectShown(window, ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel']);
  await expect(viewOf(window, 'Snoozed')).not.toContainText('1');
});

test('a time of one’s own is chosen, said, and lives through a restart', async ({ app, launch, server }) => {
  const { window, profile, quit } = app;
  await press(window, 'j', 'Home', 'h');
  await window.getByRole('menuitem', { name: /^Choose a time/ }).click();
  const dialog = window.getByRole('dialog', { name: /^Snooze “.+” until$/ });
  await dialog.getByLabel('Date').fill('2001-02-03');
  await dialog.getByRole('button', { name: 'Snooze' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Choose a time that lies ahead');
  await dialog.getByLabel('Date').fill('2099-02-03');
  await dialog.getByLabel('Time').fill('14:30');
  await dialog.getByRole('button', { name: 'Snooze' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(viewOf(window, 'Snoozed')).toContainText('1');
  await quit();

  const again = await launch({ profile, env: { CONTRACT_PULSE_SERVER: server.url } });
  await signIn(again.window, server);
  await goTo(again.window, 'Snoozed');
  await expectShown(again.window, ['C-done']);
  await expect(rowOf(again.window, 'C-done')).toContainText(/Feb 3, 2099|2099/);
});
