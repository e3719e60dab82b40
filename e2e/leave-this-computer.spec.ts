import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { findOnDisk } from './fixtures/disk.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { press, rowOf, signIn, signOut } from './fixtures/window.ts';

const TEXTS = ['Supply of steel profiles', 'Поставка ёлок', 'Norden Stahl', 'James Whitfield', 'C-steel'];

async function openAccount(window: Page): Promise<void> {
  await window.getByRole('button', { name: /^Account/ }).click();
}

test('signing out keeps the history for the next time', async ({ app, server }) => {
  const { window, profile, quit } = app;
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await expect(rowOf(window, 'C-done')).toBeVisible();
  await signOut(window);
  await quit();
  expect(await findOnDisk(profile, ['Supply of steel profiles'])).not.toEqual([]);
});

test('signing out and erasing asks once, and leaves nothing of the account on the disk', async ({
  launch,
  server,
  desktop,
}) => {
  const { window, profile, quit } = await launch({
    env: { ...desktop.env, CONTRACT_PULSE_SERVER: server.url },
  });
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await expect(rowOf(window, 'C-done')).toBeVisible();
  await window.evaluate(() =>
    pulse.request('savedViews:save', {
      savedId: null,
      name: 'Zebra view',
      filter: { view: 'all', text: 'giraffe' },
    }),
  );
  await openAccount(window);
  await window.getByRole('menuitem', { name: /^Sign out and erase/ }).click();
  const question = window.getByRole('alertdialog', { name: /^Erase everything of Ben Carter/ });
  await expect(question).toContainText('cannot be undone');
  await press(window, 'Escape');
  await expect(question).toHaveCount(0);
  await expect(rowOf(window, 'C-done')).toBeVisible();

  await openAccount(window);
  await window.getByRole('menuitem', { name: /^Sign out and erase/ }).click();
  await question.getByRole('button', { name: 'Sign out and erase' }).click();
  await expect(window.getByLabel('Password', { exact: true })).toBeVisible();
  await expect.poll(() => server.control.openStreams()).toBe(0);
  const remembered = await window.evaluate(() => JSON.stringify({ ...localStorage }));
  for (const text of [...TEXTS, 'giraffe']) expect(remembered).not.toContain(text);
  await quit();
  expect(await findOnDisk(profile, [...TEXTS, 'Zebra view', 'giraffe', 'Ben Carter'])).toEqual([]);
  expect(await readFile(join(profile, 'logs/main.log'), 'utf8').catch(() => '')).not.toContain('Ben Carter');
});
