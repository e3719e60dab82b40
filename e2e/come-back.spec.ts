import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { callPalette, press, rowOf, signIn } from './fixtures/window.ts';

const HOUR_MS = 3_600_000;

test('after an absence the net change of each contract is there, its way, and that none is missing', async ({
  launch,
  server,
}) => {
  const ben = getBen(server);
  const env = { CONTRACT_PULSE_SERVER: server.url };
  const first = await launch({ env });
  await signIn(first.window, server);
  server.control.publish(ben.id, { contractId: 'C-known', title: 'Known before', to: 'sent' });
  await expect(rowOf(first.window, 'C-known')).toBeVisible();
  await first.quit();

  server.control.setClockSkew(HOUR_MS);
  for (const to of ['viewed', 'partially_signed', 'signed'])
    server.control.publish(ben.id, { contractId: 'C-known', to });
  server.control.publish(ben.id, {
    contractId: 'C-new',
    title: 'Came meanwhile',
    to: 'changes_requested',
    actionRequired: true,
  });

  const second = await launch({ profile: first.profile, env });
  const { window } = second;
  await second.computer.moveClock(HOUR_MS);
  await signIn(window, server);
  const summary = window.getByTestId('away-panel');
  await expect(summary.getByRole('heading', { name: 'While you were away' })).toBeVisible();
  await expect(summary.getByTestId('away-receipt')).toHaveText('4 changes, none missing');
  await expect(summary).toContainText('2 contracts changed');
  const items = summary.getByTestId('away-item');
  // What needs the person comes first.
  await expect(items.first()).toContainText('Came meanwhile');
  await expect(items.first()).toContainText('New');
  const known = items.filter({ hasText: 'Known before' });
  await expect(known.locator('.away-net')).toHaveText(/Out for signature.*Signed/);
  await expect(known).not.toContainText('Partially signed');
  await known.getByRole('button', { name: '3 steps' }).click();
  for (const step of ['Viewed', 'Partially signed', 'Signed'])
    await expect(known.getByRole('listitem').filter({ hasText: new RegExp(`^${step}`) })).toBeVisible();

  await items.first().getByRole('button', { name: 'Came meanwhile' }).click();
  await expect(window.getByTestId('contract-pane')).toHaveAttribute('data-contract-id', 'C-new');
  await press(window, 'Escape');
  await summary.getByRole('button', { name: 'Got it' }).click();
  await expect(summary).toHaveCount(0);
  // Put away is not gone.
  await callPalette(window);
  await window.keyboard.type('while you were');
  await press(window, 'Enter');
  await expect(window.getByTestId('away-dialog').getByTestId('away-item')).toHaveCount(2);
});

test('who has not been away is told so', { tag: '@nightly' }, async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  expect(await window.evaluate(() => pulse.request('away:read'))).toEqual({ ok: true, value: null });
});
