import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { expectShown, goTo, press, rowOf, signIn, viewOf } from './fixtures/window.ts';

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
  await goTo(window, 'Action required');
  await press(window, 'j', 'Home', 'm');
  await expect(viewOf(window, 'Muted')).toContainText('1');
  await expect(viewOf(window, 'Unread')).toContainText('5');
  await expectShown(window, ['C-care', 'C-lease']);
  server.control.publish(getBen(server).id, { contractId: 'C-care', to: 'in_review', actionRequired: false });
  await expect(viewOf(window, 'Action required')).toContainText('1');
  await expect(viewOf(window, 'Unread')).toContainText('5');
  await goTo(window, 'Muted');
  await expectShown(window, ['C-care']);
  await press(window, 'z');
  await expect(viewOf(window, 'Unread')).toContainText('6');
});

test('a snoozed contract is away until a time, then comes back by itself', async ({ app }) => {
  const { window } = app;
  await goTo(window, 'Unread');
  const until = await window.evaluate(async () => {
    const at = Date.now() + 4_000;
    await pulse.request('contracts:do', { contractIds: ['C-trees'], deed: { do: 'snooze', until: at } });
    return at;
  });
  await expect(viewOf(window, 'Snoozed')).toContainText('1');
  await expectShown(window, ['C-done', 'C-van', 'C-care', 'C-lease', 'C-steel']);
  await expect(viewOf(window, 'Overdue')).toContainText('1');
  await expect(viewOf(window, 'Unread')).toContainText('6', { timeout: 20_000 });
  expect(Date.now()).toBeGreaterThanOrEqual(until);
  await expect(rowOf(window, 'C-trees')).toBeVisible();
  await expect(viewOf(window, 'Snoozed')).not.toContainText('1');
});
