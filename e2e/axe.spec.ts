import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { findFlaws } from './fixtures/axe.ts';
import { openContract, openReceipt, rowOf, signIn } from './fixtures/window.ts';

/** Nothing may be hard or impossible to use for anybody, in either theme; what axe calls moderate or minor is printed. */
async function expectAccessible(window: Page, screen: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
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
  await window.keyboard.press('Escape');
  await window.getByRole('button', { name: /^Account/ }).click();
  await expect(window.getByRole('menuitem', { name: 'Sign out', exact: true })).toBeVisible();
  await expectAccessible(window, 'account menu');
});
