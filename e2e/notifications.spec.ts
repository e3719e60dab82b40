import { expect } from 'playwright/test';
import { run } from '../scripts/processes.ts';
import type { RunningApp } from './fixtures/app.ts';
import { getBen, test } from './fixtures/app.ts';
import { isShown, openContract, rowOf, signIn } from './fixtures/window.ts';

/** Puts the window out of sight, as a person does who works on something else. */
async function minimize(app: RunningApp): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide());
  await expect.poll(() => isShown(app)).toBe(false);
}

/** How many toasts are on the screen. */
test.beforeEach(async ({ desktop }) => {
  await run('dunstctl', ['close-all'], { env: { ...process.env, ...desktop.env } });
});

test('a change that needs the user is told on the desktop, and a click opens its contract', async ({
  launch,
  server,
  desktop,
}) => {
  const app = await launch({ env: desktop.env });
  const ben = getBen(server);
  await signIn(app.window, server);
  // What lies above the window when it is left.
  await app.window.getByRole('button', { name: 'Ben' }).click();
  await expect(app.window.getByRole('menu')).toBeVisible();
  await minimize(app);
  const from = desktop.toasts.length;
  server.control.publish(ben.id, {
    contractId: 'C-toast',
    title: 'Lease of the warehouse',
    to: 'declined',
    severity: 'warning',
    actionRequired: true,
  });
  const told = () => desktop.toasts.slice(from).join('\n');
  await expect.poll(told).toContain('Lease of the warehouse');
  server.control.publish(ben.id, {
    contractId: 'C-quiet',
    title: 'No need to know',
    to: 'viewed',
    actionRequired: false,
  });

  await desktop.pressNewestToast();
  await expect.poll(() => isShown(app)).toBe(true);
  await expect(app.window.getByTestId('timeline')).toBeVisible();
  await expect(app.window.getByRole('menu')).toBeHidden();
  await expect(app.window.getByRole('heading', { name: 'Lease of the warehouse' })).toBeVisible();
  expect(told()).not.toContain('No need to know');
});

test('a toast shows names letter by letter, and goes when its contract is taken on', async ({
  launch,
  server,
  desktop,
}) => {
  const app = await launch({ env: desktop.env });
  await signIn(app.window, server);
  await minimize(app);
  const from = desktop.toasts.length;
  server.control.publish(getBen(server).id, {
    contractId: 'C-link',
    title: 'Lease',
    counterparty: '<a href="https://evil.example">ACME</a> & Sons',
    to: 'declined',
    reason: 'Too dear',
    actionRequired: true,
  });
  const told = () => desktop.toasts.slice(from).join('\n');
  await expect.poll(told).toContain('Too dear');
  // Escaped once on its way, and once more where dunst prints what it shows.
  expect(told()).toMatch(/(?:&lt;|<)a href=.*ACME(?:&lt;|<)\/a.* (?:&amp;|&) Sons/);
  expect(await desktop.countToasts()).toBe(1);
  await app.window.evaluate(() =>
    pulse.request('actions:perform', { contractIds: ['C-link'], action: { do: 'acknowledge' } }),
  );
  await expect.poll(() => desktop.countToasts()).toBe(0);
  const tested = await app.window.evaluate(() => pulse.request('notifications:test'));
  expect(tested).toEqual({ ok: true, value: 'shown' });
  await expect.poll(told).toContain('Notifications work');
});

test('where the system shows no notifications, a test says so, and what to do stays on the screen', async ({
  launch,
  server,
}) => {
  const app = await launch({ env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus' } });
  await signIn(app.window, server);
  await app.window.keyboard.press('Control+,');
  await app.window.getByRole('button', { name: 'Send a test' }).first().click();
  await expect(app.window.getByText('The system did not take it.')).toBeVisible();
  await app.window.keyboard.press('Escape');
  await expect(app.window.getByRole('alert')).toContainText('Start or install the notification service');
});

test('nothing is told while the window is in front', async ({ launch, server, desktop }) => {
  const app = await launch({ env: desktop.env });
  const ben = getBen(server);
  await signIn(app.window, server);
  await app.electron.evaluate(({ BrowserWindow }) => {
    // A bare X server has no window manager that would give focus.
    BrowserWindow.getAllWindows()[0]!.isFocused = () => true;
  });
  const from = desktop.toasts.length;
  server.control.publish(ben.id, {
    contractId: 'C-front',
    title: 'Seen anyway',
    to: 'declined',
    actionRequired: true,
  });
  await openContract(app.window, 'C-front');
  await minimize(app);
  server.control.publish(ben.id, {
    contractId: 'C-back',
    title: 'Told later',
    to: 'declined',
    actionRequired: true,
  });
  const told = () => desktop.toasts.slice(from).join('\n');
  await expect.poll(told).toContain('Told later');
  expect(told()).not.toContain('Seen anyway');
  // A toast of an app that is gone could not be clicked to any effect.
  await expect.poll(() => desktop.countToasts()).toBe(1);
  await app.quit();
  await expect.poll(() => desktop.countToasts()).toBe(0);
});

test('five hundred changes at once become one summary, whose click shows the feed', async ({
  launch,
  server,
  desktop,
}) => {
  const app = await launch({ env: desktop.env });
  const ben = getBen(server);
  await signIn(app.window, server);
  await minimize(app);
  const from = desktop.toasts.length;
  for (let at = 0; at < 500; at += 1) {
    server.control.publish(ben.id, {
      contractId: `C-${at}`,
      title: `Burst ${at}`,
      to: 'declined',
      actionRequired: true,
    });
  }
  const summaries = () =>
    desktop.toasts
      .slice(from)
      .filter((line) => line.includes('summary:'))
      .map((line) => line.trim());
  // A summary may be told anew while the last changes are stored; the last one tells of all.
  const needing = (): number[] =>
    summaries().map((line) => Number(/'(\d+) contracts need you'/.exec(line)?.[1] ?? 0));
  await expect.poll(() => Math.max(...needing())).toBeGreaterThanOrEqual(500);
  expect(summaries().length).toBeLessThanOrEqual(6);
  expect(await desktop.countToasts()).toBeLessThanOrEqual(3);
  await desktop.pressNewestToast();
  await expect.poll(() => isShown(app)).toBe(true);
  await expect(rowOf(app.window, 'C-499')).toBeVisible();
});
