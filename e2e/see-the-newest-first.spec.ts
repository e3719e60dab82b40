import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { run } from '../scripts/processes.ts';
import { getBen, test } from './fixtures/app.ts';
import {
  closeReceipt,
  expectPhase,
  leavePointer,
  openContract,
  openReceipt,
  rowOf,
  signIn,
} from './fixtures/window.ts';

/** At one byte a write this takes the server much longer than an acknowledgement waits for undo. */
const MISSED = 3_000;
const CONTRACTS = 40;

/** The ids of all changes in the timelines of these contracts. */
const readTimelines = (window: Page, contractIds: readonly string[]): Promise<string[]> =>
  window.evaluate(async (ids) => {
    const found: string[] = [];
    for (const contractId of ids) {
      const answer = await pulse.request('contract:open', { contractId });
      found.push(...((answer.ok && answer.value?.timeline) || []).map(({ eventId }) => eventId));
    }
    await pulse.request('contract:close');
    return found;
  }, contractIds);

test('behind a backlog the newest states come first, can be acted on, and each change still comes once', async ({
  launch,
  server,
  desktop,
}) => {
  const { control } = server;
  const ben = getBen(server);
  await run('dunstctl', ['close-all'], { env: { ...process.env, ...desktop.env } });
  const env = { ...desktop.env, CONTRACT_PULSE_SERVER: server.url };
  const first = await launch({ env });
  await signIn(first.window, server);
  control.publish(ben.id, { contractId: 'C-newest', title: 'Lease of the roof', to: 'sent' });
  await expect(rowOf(first.window, 'C-newest')).toBeVisible();
  await expect(await openReceipt(first.window)).toContainText(/Complete up to .+, event 1\./);
  await first.quit();

  for (let at = 0; at < MISSED; at += 1) {
    control.publish(ben.id, {
      contractId: `C-${at % CONTRACTS}`,
      to: 'viewed',
      severity: 'info',
      actionRequired: false,
    });
  }
  control.publish(ben.id, { contractId: 'C-newest', to: 'viewed' });
  control.setFaults([{ kind: 'one_byte' }]);
  const from = desktop.toasts.length;
  const second = await launch({ profile: first.profile, env });
  const { window } = second;
  await second.electron.evaluate(({ BrowserWindow }) => {
    // Who looks elsewhere is told on the desktop.
    BrowserWindow.getAllWindows()[0]!.isFocused = () => false;
  });
  await expectPhase(window, 'catching_up');
  await leavePointer(window);
  const { version } = control.publish(ben.id, {
    contractId: 'C-newest',
    to: 'declined',
    severity: 'warning',
    actionRequired: true,
  }).data.contract;
  control.publish(ben.id, {
    contractId: 'C-other',
    title: 'Lease of the cellar',
    to: 'declined',
    actionRequired: true,
  });
  const row = rowOf(window, 'C-newest');
  await expect(row).toContainText('Declined');
  const receipt = await openReceipt(window);
  await expect(receipt).toContainText(/Complete up to .+, event 1\./);
  await expect(receipt).toContainText(/Newest states as of .+; [\d,]+ changes still coming\./);
  await closeReceipt(window);

  await openContract(window, 'C-newest');
  const action = window.getByRole('region', { name: 'Needs you' });
  await action.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(action).toHaveAttribute('data-state', 'sent');
  await expectPhase(window, 'catching_up');
  const sent = control.requests().filter(({ path }) => path.endsWith('/acknowledgements'));
  expect(sent.map(({ path, status }) => [path, status])).toEqual([
    ['/api/contracts/C-newest/acknowledgements', 201],
  ]);

  control.setFaults([]);
  await expectPhase(window, 'live');
  const published = control.published(ben.id);
  const complete = await openReceipt(window);
  const count = published.length.toLocaleString('en-GB');
  await expect(complete).toContainText(new RegExp(`Complete up to .+, event ${count}\\.`));
  await expect(complete).not.toContainText('still coming');
  await closeReceipt(window);
  await expect(row).toContainText('Acknowledged');
  const contractIds = [...new Set(published.map(({ data }) => data.contract.id))];
  const stored = await readTimelines(window, contractIds);
  expect(stored.toSorted()).toEqual(published.map(({ id }) => id).toSorted());
  const detail = await window.evaluate(() => pulse.request('contract:open', { contractId: 'C-newest' }));
  expect(detail).toMatchObject({
    value: { row: { version }, hasGap: false, timeline: [{ version }, {}, {}] },
  });

  // Of all that came only the cellar asks for something unseen, and it is told of once, however often it was shown ahead.
  const told = () => desktop.toasts.slice(from).filter((line) => line.includes('summary:'));
  await expect.poll(told).toHaveLength(1);
  expect(told()[0]).toContain('Lease of the cellar');
});
