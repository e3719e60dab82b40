import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import {
  closeReceipt,
  connectionOf,
  expectPhase,
  openContract,
  openReceipt,
  rowOf,
  signIn,
  timelineIds,
} from './fixtures/window.ts';

async function expectReceipt(window: Page, text: RegExp | string): Promise<void> {
  await expect(await openReceipt(window)).toContainText(text);
  await closeReceipt(window);
}

test('complete, then a gap that is named, then healed and complete again', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  const ids = [server.control.publish(ben.id, { contractId: 'C-gap', title: 'With a gap', to: 'sent' }).id];
  await expect(rowOf(window, 'C-gap')).toBeVisible();
  await expectReceipt(window, /Complete up to .+, event 1\./);

  // The next change is left out of the stream, and the history that would heal it is out of order.
  server.control.setFaults([
    { kind: 'omit', sequences: [2] },
    { kind: 'status', status: 500, path: '/api/contracts' },
    { kind: 'status', status: 500, path: '/api/contracts/C-gap/history' },
  ]);
  ids.push(server.control.publish(ben.id, { contractId: 'C-gap', to: 'viewed' }).id);
  ids.push(server.control.publish(ben.id, { contractId: 'C-gap', to: 'signed' }).id);
  await expect(rowOf(window, 'C-gap')).toContainText('Signed');
  await expect(connectionOf(window)).toContainText('gap');
  // In the narrowest window, too: what is missing takes the place of “Live”.
  await app.computer.resize(480, 800);
  await expect(connectionOf(window).getByText('gap')).toBeVisible();
  await expect(connectionOf(window).getByText('Live')).toBeHidden();
  await app.computer.resize(1280, 800);
  await expectReceipt(window, 'gap');
  await expect(connectionOf(window)).not.toContainText('Complete');
  await openContract(window, 'C-gap');
  await expect(window.getByRole('note')).toContainText('Not every change of this contract is here');

  server.control.setFaults([]);
  await window.evaluate(() => pulse.request('connection:retryNow'));
  await expectReceipt(window, /Complete up to .+, event 3\./);
  await expectReceipt(window, /Last gap .+, healed/);
  await expect.poll(() => timelineIds(window)).toEqual(ids.toReversed());
  await expect(window.getByRole('note')).toHaveCount(0);
});

test('a newest change that is left out is not called complete', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  server.control.publish(ben.id, { contractId: 'C-last', to: 'sent' });
  await expectReceipt(window, /Complete up to .+, event 1\./);
  server.control.setFaults([
    { kind: 'omit', sequences: [2] },
    { kind: 'status', status: 500, path: '/api/contracts' },
    { kind: 'status', status: 500, path: '/api/contracts/C-last/history' },
  ]);
  server.control.publish(ben.id, { contractId: 'C-last', to: 'viewed' });
  await expect(connectionOf(window)).toContainText('gap');
  await expect(connectionOf(window)).not.toContainText('Complete');
});

test('a log that begins anew is taken from a snapshot, and said', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  server.control.publish(ben.id, { contractId: 'C-epoch', title: 'Over two logs', to: 'sent' });
  await expect(rowOf(window, 'C-epoch')).toContainText('Out for signature');
  server.control.newEpoch();
  server.control.publish(ben.id, { contractId: 'C-epoch', to: 'viewed' });
  server.control.dropConnections();
  await expect(rowOf(window, 'C-epoch')).toContainText('Viewed');
  await expectPhase(window, 'live');
  server.control.publish(ben.id, { contractId: 'C-epoch', to: 'signed' });
  await expect(rowOf(window, 'C-epoch')).toContainText('Signed');
  await expectReceipt(window, /Complete up to/);
});

test.describe('with a server that numbers nothing', () => {
  test.use({ serverOptions: { foreign: true } });

  test('no more is promised than that no gap was seen', { tag: '@nightly' }, async ({ app, server }) => {
    const { window } = app;
    const ben = getBen(server);
    await signIn(window, server, ben, { phase: 'connected' });
    server.control.publish(ben.id, { contractId: 'C-foreign', to: 'sent' });
    await expect(rowOf(window, 'C-foreign')).toBeVisible();
    await expectReceipt(window, 'No gap seen');
    await expect(connectionOf(window)).not.toContainText('Complete');
  });
});

test('after an absence it says how many changes there were and that none is missing', async ({
  launch,
  server,
  desktop,
}) => {
  const ben = getBen(server);
  const first = await launch({ env: desktop.env });
  await signIn(first.window, server);
  server.control.publish(ben.id, { contractId: 'C-away', to: 'sent' });
  await expect(rowOf(first.window, 'C-away')).toBeVisible();
  await first.quit();
  for (const to of ['viewed', 'signed', 'active'])
    server.control.publish(ben.id, { contractId: 'C-away', to });
  const second = await launch({ profile: first.profile, env: desktop.env });
  await expectPhase(second.window, 'live');
  await expectReceipt(second.window, /Complete up to .+, event 4\./);
  await expectReceipt(second.window, /4 changes received today; none missing up to/);
});
