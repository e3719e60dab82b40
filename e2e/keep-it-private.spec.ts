import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { findOnDisk } from './fixtures/disk.ts';
import { startRecorder } from './fixtures/recorder.ts';
import { expectPhase, openContract, rowOf, signIn } from './fixtures/window.ts';

/** Everything the page's process holds: globals, closures, storage, DOM; each string of the heap is in the snapshot. */
async function takeHeapSnapshot(window: Page): Promise<string> {
  const devtools = await window.context().newCDPSession(window);
  const chunks: string[] = [];
  devtools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await devtools.detach();
  return chunks.join('');
}

test('the tokens are nowhere in the window, in the logs, in the output or on disk', async ({
  launch,
  server,
}) => {
  const recorder = await startRecorder(server.url);
  const { window, profile, lines, quit } = await launch();
  await signIn(window, { ...server, url: recorder.url });
  server.control.expireTokens();
  server.control.dropConnections();
  await expect.poll(() => recorder.tokens.size).toBeGreaterThanOrEqual(4);
  await expectPhase(window, 'live');
  await window.getByRole('button', { name: /^Account/ }).click();
  await window.getByRole('menuitem', { name: 'Copy support information' }).click();

  const marker = 'Ben Carter';
  const heap = await takeHeapSnapshot(window);
  expect(heap).toContain(marker);
  const stored = await window.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  const dom = await window.content();
  const main = await window.evaluate(async () => JSON.stringify(await pulse.request('app:bootstrap')));
  const support = await window.evaluate(async () => JSON.stringify(await pulse.request('app:diagnostics')));
  for (const token of recorder.tokens) {
    expect(token.length).toBeGreaterThan(20);
    for (const place of [heap, stored, dom, main, support, lines.join('\n')])
      expect(place).not.toContain(token);
  }
  await quit();
  expect(await findOnDisk(profile, recorder.tokens)).toEqual([]);
  expect(await readFile(join(profile, 'logs/main.log'), 'utf8')).not.toMatch(/Bearer|eyJ/);
  await recorder.close();
});

test("another user's changes never appear, not even when the server sends them", async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  const anna = server.users.find((user) => user.username === 'anna')!;
  await signIn(window, server);
  const hers = server.control.publish(anna.id, { contractId: 'C-hers', title: 'Her contract' });
  server.control.sendRaw(
    ben.id,
    `id: ${hers.id}\nevent: ${anna.id}_ContractStatusChanged\ndata: ${JSON.stringify(hers)}\n\n`,
  );
  const his = server.control.publish(ben.id, { contractId: 'C-his', title: 'His contract' });
  await expect(rowOf(window, his.data.contract.id)).toBeVisible();
  await expect(rowOf(window, 'C-hers')).toHaveCount(0);
  const support = await window.evaluate(async () => JSON.stringify(await pulse.request('app:diagnostics')));
  expect(support).toContain('foreign event name');
  expect(support).not.toContain('Her contract');
});

test('two users one after the other on one computer see only their own', async ({ app, server }) => {
  const { window } = app;
  const anna = server.users.find((user) => user.username === 'anna')!;
  await signIn(window, server);
  server.control.publish(getBen(server).id, { contractId: 'C-bens', title: 'Contract of Ben' });
  await expect(rowOf(window, 'C-bens')).toBeVisible();
  await window.evaluate(() => pulse.request('session:signOut'));
  await signIn(window, server, anna);
  server.control.publish(anna.id, { contractId: 'C-annas', title: 'Договор Анны' });
  await expect(rowOf(window, 'C-annas')).toBeVisible();
  await expect(rowOf(window, 'C-bens')).toHaveCount(0);
  await expect(window.getByText('Contract of Ben')).toHaveCount(0);
});

test('what contracts say is text, never markup or code', async ({ app, server }) => {
  const { window } = app;
  const nasty = '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script><b>bold</b>';
  await signIn(window, server);
  const event = server.control.publish(getBen(server).id, {
    contractId: 'C-nasty',
    title: nasty,
    counterparty: nasty,
    to: 'declined',
    reason: nasty,
  });
  await expect(rowOf(window, event.data.contract.id)).toContainText(nasty);
  await openContract(window, 'C-nasty');
  await expect(window.locator('[data-testid="timeline"] blockquote').first()).toHaveText(nasty);
  expect(await window.evaluate(() => 'hacked' in globalThis)).toBe(false);
  expect(await window.locator('#root img, #root script, #root b').count()).toBe(0);
});
