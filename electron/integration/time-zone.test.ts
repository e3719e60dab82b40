import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../ports/clock.ts';
import { until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const HOUR_MS = 3_600_000;
const zoneBefore = process.env['TZ'];
let scenario: Scenario | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
  moveComputer(zoneBefore);
});

/** What Chromium does when the computer's zone changes, and Node when its variable does: `Intl` of this thread follows. */
function moveComputer(zone: string | undefined): void {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
}

/** Zones of whole hours, from UTC−12 to UTC+14; in POSIX names the sign is turned round. */
const ZONES: readonly string[] = Array.from({ length: 27 }, (_, at) => {
  const offset = at - 12;
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
});
const hourIn = (zone: string, now: number): number =>
  Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: zone }).format(now));
/** `2026-10-14`. */
const dayIn = (zone: string, now: number): string =>
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(now);
/** A zone in which it is that hour now. */
function zoneWhereItIs(hour: number, now: number): string {
  const zone = ZONES.find((each) => hourIn(each, now) === hour);
  if (zone === undefined) throw new Error(`It is ${hour} o'clock nowhere.`);
  return zone;
}

test('today, the days of the overview and the names of files follow the computer into another zone', async () => {
  let ahead = 0;
  const names: string[] = [];
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  moveComputer(zoneWhereItIs(12, clock.now()));
  scenario = await createScenario({
    server: { contracts: 0, backlog: 0 },
    deps: {
      clock,
      async saveFile(name) {
        names.push(name);
        return null;
      },
    },
  });
  const { harness, server, userId } = scenario;
  await harness.signIn(server.url);
  await scenario.live();
  await harness.core.handle('view:open', {
    filter: { view: 'all', text: '' },
    range: { offset: 0, limit: 5 },
  });
  server.control.publish(userId, { contractId: 'C-1', to: 'sent', actionRequired: false });
  await scenario.complete();
  await until(() => harness.window.receipt()?.changesToday === 1, 'a change today');

  // Two hours later; and where the computer is by then, it is past midnight.
  ahead = 2 * HOUR_MS;
  const there = zoneWhereItIs(0, clock.now());
  moveComputer(there);
  await until(
    () => harness.window.messages.some(({ channel }) => channel === 'timeZone:changed'),
    'the new zone',
    20_000,
  );
  await until(
    () => harness.window.receipt()?.changesToday === 0,
    'no change today, by the new midnight',
    20_000,
  );

  const { days } = await harness.core.handle('overview:read', { days: 2 });
  const total = (changes: Readonly<Record<string, number>>): number =>
    Object.values(changes).reduce((sum, each) => sum + each, 0);
  expect(days.map(({ day, changes }) => [day, total(changes)])).toEqual([
    [dayIn(there, clock.now() - 24 * HOUR_MS), 1],
    [dayIn(there, clock.now()), 0],
  ]);
  // Lists that depend on the day are the ledger thread's own.
  const today = { view: 'all', text: '', conditions: { period: { lastDays: 1 } } } as const;
  const list = await harness.core.handle('view:open', { filter: today, range: { offset: 0, limit: 5 } });
  expect(list.total).toBe(0);
  await harness.core.handle('view:export', { filter: { view: 'all', text: '' }, format: 'csv' });
  expect(names).toEqual([expect.stringContaining(dayIn(there, clock.now()))]);
});

test('quiet hours end when the computer comes into a zone where they are over', async () => {
  const now = Date.now();
  moveComputer(zoneWhereItIs(3, now));
  scenario = await createScenario({ server: { contracts: 0, backlog: 0 } });
  const { harness, server, userId } = scenario;
  await harness.signIn(server.url);
  await scenario.live();
  await harness.core.handle('settings:change', { quietHours: { from: '00:00', to: '08:00' } });
  server.control.publish(userId, { contractId: 'C-1', to: 'declined', actionRequired: true });
  await scenario.complete();
  expect(harness.window.toasts).toEqual([]);
  moveComputer(zoneWhereItIs(12, now));
  await until(() => harness.window.toasts.length > 0, 'the summary', 20_000);
  expect(harness.window.toasts).toEqual([expect.objectContaining({ tag: 'digest' })]);
});
