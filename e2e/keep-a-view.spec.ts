import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { expectBare, expectShown, press, signIn, viewOf } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

async function saveView(window: Page, words: string, name: string): Promise<void> {
  await press(window, 'g', 'a', '/');
  await window.keyboard.type(words);
  await press(window, 'Enter', 'Shift+S');
  await window.getByRole('textbox', { name: 'Name' }).fill(name);
  await press(window, 'Enter');
  await expect(window.getByRole('dialog', { name: 'Save this view' })).toHaveCount(0);
}

test('searches are kept as views with their counts, opened by number, put in order, and live on', async ({
  app,
  launch,
  server,
}) => {
  const { window, profile, quit } = app;
  const ben = getBen(server);
  await signIn(window, server);
  publishPortfolio(server, ben);
  await expect(viewOf(window, 'All')).toContainText('6');
  await saveView(window, 'norden', 'Steel maker');
  await saveView(window, 'acme', 'Landlord');
  const saved = window.getByRole('region', { name: 'Saved views' });
  await expect(saved.getByRole('button', { name: /^Steel maker/ })).toContainText('2');
  await expect(saved.getByRole('button', { name: /^Landlord/ })).toContainText('2');

  await press(window, 'g', 'a');
  await expectShown(window, ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel']);
  await press(window, '1');
  await expectShown(window, ['C-care', 'C-steel']);
  await press(window, '2');
  await expectShown(window, ['C-done', 'C-lease']);
  server.control.publish(ben.id, { contractId: 'C-fresh', counterparty: 'Norden Stahl AG', to: 'sent' });
  await expect(saved.getByRole('button', { name: /^Steel maker/ })).toContainText('3');

  await saved.getByRole('button', { name: 'Options of the view Landlord' }).click();
  await window.getByRole('menuitem', { name: 'Move up' }).click();
  await expectBare(window);
  await press(window, '1');
  await expectShown(window, ['C-done', 'C-lease']);
  await quit();

  const again = await launch({ profile, env: { CONTRACT_PULSE_SERVER: server.url } });
  await signIn(again.window, server);
  // The view of the last time is there again, and so is the order of the saved ones.
  await expectShown(again.window, ['C-done', 'C-lease']);
  await press(again.window, '2');
  await expectShown(again.window, ['C-fresh', 'C-care', 'C-steel']);
});
