import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import {
  expectShown,
  goTo,
  leavePointer,
  openContract,
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

test('a contract is marked read and unread by a key, and each is taken back', async ({ app }) => {
  const { window } = app;
  await press(window, 'j', 'Home', 'u');
  await expect(rowOf(window, 'C-done')).toHaveAttribute('data-unread', 'false');
  await expect(viewOf(window, 'Unread')).toContainText('5');
  await press(window, 'z');
  await expect(rowOf(window, 'C-done')).toHaveAttribute('data-unread', 'true');
  await expect(viewOf(window, 'Unread')).toContainText('6');

  await press(window, 'u');
  await expect(rowOf(window, 'C-done')).toHaveAttribute('data-unread', 'false');
  await press(window, 'u');
  await expect(rowOf(window, 'C-done')).toHaveAttribute('data-unread', 'true');
  await press(window, 'z', 'z');
  await expect(rowOf(window, 'C-done')).toHaveAttribute('data-unread', 'true');
});

test('what is read in Unread stays in its place until the view is left', async ({ app }) => {
  const { window } = app;
  const all = ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel'];
  await goTo(window, 'Unread');
  await expectShown(window, all);
  await openContract(window, 'C-care');
  await expect(rowOf(window, 'C-care')).toHaveAttribute('data-unread', 'false');
  await expect(viewOf(window, 'Unread')).toContainText('5');
  await expectShown(window, all);

  await rowOf(window, 'C-lease').click();
  await expect(rowOf(window, 'C-lease')).toHaveAttribute('data-unread', 'false');
  await expectShown(window, all);

  await leavePointer(window);
  await goTo(window, 'All');
  await goTo(window, 'Unread');
  await expectShown(window, ['C-done', 'C-van', 'C-trees', 'C-steel']);
});

test('the first contract of Unread is read by a key: the cursor is on the next one, and it is taken back', async ({
  app,
}) => {
  const { window } = app;
  const list = window.getByTestId('feed');
  await goTo(window, 'Unread');
  await press(window, 'j', 'Home', 'u');
  await expectShown(window, ['C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel']);
  await expect(list).toBeFocused();
  await expect(rowOf(window, 'C-van')).toHaveClass(/\bactive\b/);
  await expect(window.getByTestId('toast').getByRole('button', { name: /^Undo/ })).toBeVisible();
  await press(window, 'z');
  await expectShown(window, ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel']);
  await expect(list).toBeFocused();
});

test('everything in a view is marked read at once, nothing else is, and it is taken back as a whole', async ({
  app,
}) => {
  const { window } = app;
  await goTo(window, 'Needs you');
  await expectShown(window, ['C-care', 'C-lease']);
  await press(window, 'Shift+U');
  await expect(viewOf(window, 'Unread')).toContainText('4');
  await expect(rowOf(window, 'C-care')).toHaveAttribute('data-unread', 'false');
  await goTo(window, 'All');
  for (const [contractId, unread] of [
    ['C-care', false],
    ['C-lease', false],
    ['C-steel', true],
    ['C-trees', true],
  ] as const)
    await expect(rowOf(window, contractId)).toHaveAttribute('data-unread', String(unread));
  await press(window, 'z');
  await expect(viewOf(window, 'Unread')).toContainText('6');
  await expect(rowOf(window, 'C-lease')).toHaveAttribute('data-unread', 'true');
});
