import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { createTravellingComputer } from './fixtures/time-zone.ts';
import { expectShown, openContract, openReceipt, press, rowOf, signIn } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0, backlog: 0 } });

/** 26 hours apart: at any moment they have different dates. */
const [WEST, EAST] = ['Etc/GMT+12', 'Pacific/Kiritimati'] as const;

const clockIn = (timeZone: string, at: string): string =>
  new Intl.DateTimeFormat('en-US', { timeStyle: 'short', timeZone }).format(new Date(at));
const dayIn = (timeZone: string, at: number): string =>
  new Intl.DateTimeFormat('en-US', { weekday: 'short', day: 'numeric', month: 'short', timeZone }).format(at);

test('window, counts and overview follow the computer into another time zone without a restart', async ({
  launch,
  machine,
  newProfile,
  server,
}) => {
  const computer = createTravellingComputer(await newProfile(), machine.runtime.executable);
  const app = await launch({
    env: { CONTRACT_PULSE_SERVER: server.url },
    ...(computer.executable !== undefined && { executable: computer.executable }),
  });
  const { window } = app;
  const mainIsAt = (hour: number): Promise<void> =>
    expect.poll(() => app.electron.evaluate(() => new Date(Date.UTC(2026, 0, 1)).getHours())).toBe(hour);
  await expect(window.getByLabel('User name')).toBeVisible();
  await computer.travel(app, WEST);
  await signIn(window, server);
  server.control.publish(getBen(server).id, { contractId: 'C-1', title: 'Supply', to: 'sent' });
  await expectShown(window, ['C-1']);
  await openContract(window, 'C-1');

  const times = window.getByTestId('timeline').locator('time');
  const at = (await times.first().getAttribute('datetime'))!;
  const expectEverywhere = async (zone: string): Promise<void> => {
    await expect(times.first()).toContainText(clockIn(zone, at));
    await press(window, 'Escape', 'g', 'v');
    const changes = window.getByTestId('figure-changes');
    await changes.getByRole('button', { name: 'Show as table' }).click();
    await expect(changes.locator('tbody tr').filter({ hasText: dayIn(zone, Date.now()) })).toContainText('1');
    await changes.getByRole('button', { name: 'Show as chart' }).click();
    await press(window, 'Escape');
    await openContract(window, 'C-1');
  };
  await expectEverywhere(WEST);
  // Main follows some seconds after the window, which may have begun in the first zone. Were the computer in the second one by then,
  // main would take that up before Chromium does, and Chromium would tell the window of no change: nobody travels so fast.
  await mainIsAt(12);
  await computer.travel(app, EAST);
  await expectEverywhere(EAST);

  // Main's own dates, too: what it says of today is of the day it is there.
  await mainIsAt(14);
  await expect(await openReceipt(window)).toContainText('1 change received today');
  await expect(rowOf(window, 'C-1')).toBeVisible();
});
