import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RemindDays, ViewFilter } from '../../../protocol/filter.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change } from '../testing/make.ts';
import { morningBefore, reminderAt } from './due-reminders.ts';

const local = (month: number, day: number, hour = 0, minute = 0) =>
  new Date(2026, month - 1, day, hour, minute).getTime();
const NONE = { count: 0, contracts: [] };

describe('the morning of a reminder', () => {
  test('is the last one before it is due, or so many days earlier', () => {
    expect(morningBefore(local(10, 6, 17), 0)).toBe(local(10, 6, 8));
    expect(morningBefore(local(10, 6, 17), 3)).toBe(local(10, 3, 8));
    expect(morningBefore(local(10, 1, 17), 1)).toBe(local(9, 30, 8));
    // At midnight, at night, and as the day begins it would be too late.
    for (const due of [local(10, 6), local(10, 6, 7, 59), local(10, 6, 8)])
      expect(morningBefore(due, 0)).toBe(local(10, 5, 8));
  });

  test('that is told is the one for the fewest days, on the day always, and for three days after', () => {
    const due = local(10, 6, 17);
    const at = (month: number, day: number, hour: number) => reminderAt(due, [7, 1], local(month, day, hour));
    expect(at(9, 29, 7)).toBeNull();
    expect(at(9, 29, 8)).toBe(7);
    expect(at(10, 5, 7)).toBe(7);
    expect(at(10, 5, 8)).toBe(1);
    expect(at(10, 6, 7)).toBe(1);
    expect(at(10, 6, 8)).toBe(0);
    expect(at(10, 9, 7)).toBe(0);
    expect(at(10, 9, 8)).toBeNull();
  });

  test.each([
    // The clocks go forward and back between the reminder and the day; in Lord Howe by half an hour.
    ['Europe/Berlin', '2026-03-30T15:00:00Z', '2026-03-28T07:00:00Z', '2026-03-30T06:00:00Z'],
    ['Europe/Berlin', '2026-10-26T15:00:00Z', '2026-10-24T06:00:00Z', '2026-10-26T07:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-05T03:00:00Z', '2026-10-02T21:30:00Z', '2026-10-04T21:00:00Z'],
    // One instant, due on another day here.
    ['Asia/Tokyo', '2026-10-05T21:00:00Z', '2026-10-02T23:00:00Z', '2026-10-04T23:00:00Z'],
  ])('is eight by the clock of %s, for what is due at %s', (zone, due, early, day) => {
    const before = process.env['TZ'];
    process.env['TZ'] = zone;
    try {
      expect(new Date(morningBefore(Date.parse(due), 2)).toISOString()).toBe(new Date(early).toISOString());
      expect(new Date(morningBefore(Date.parse(due), 0)).toISOString()).toBe(new Date(day).toISOString());
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });
});

describe('reminders of due dates', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await openFixture();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    return fixture.dispose();
  });

  const all: ViewFilter = { view: 'all', text: '' };
  const party = (name: string): ViewFilter => ({ ...all, conditions: { parties: [name] } });
  const dueAt = (month: number, day: number, hour: number) => new Date(local(month, day, hour)).toISOString();
  const take = (month: number, day: number, hour: number) =>
    fixture.core().takeDueReminders(fixture.accountId, local(month, day, hour));
  async function save(filter: ViewFilter, remindDays: RemindDays | null): Promise<void> {
    await fixture.core().saveView(fixture.accountId, { savedId: null, name: 'View', filter, remindDays });
  }

  test('are given out once for each of their days, also after restarts', async () => {
    await save(all, 3);
    await fixture.append(change(1, 'C-1', 1, { dueAt: dueAt(10, 6, 17) }));
    expect(await take(10, 3, 7)).toEqual(NONE);
    expect(await take(10, 3, 8)).toEqual({ count: 1, contracts: ['C-1'] });
    expect(await take(10, 3, 9)).toEqual(NONE);
    await fixture.reopen();
    expect(await take(10, 5, 8)).toEqual(NONE);
    expect(await take(10, 6, 12)).toEqual({ count: 1, contracts: ['C-1'] });
    await fixture.reopen();
    expect(await take(10, 6, 13)).toEqual(NONE);
    expect(await take(10, 7, 13)).toEqual(NONE);
  });

  test('on a journey through time zones are given out once for each day, by the clock of where it is then', async () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    await save(all, 1);
    await fixture.append(change(1, 'C-1', 1, { dueAt: '2026-10-06T15:00:00Z' }));
    const takeAt = async (zone: string, now: string) => {
      vi.stubEnv('TZ', zone);
      return (await fixture.core().takeDueReminders(fixture.accountId, Date.parse(now))).count;
    };
    expect(await takeAt('Europe/Berlin', '2026-10-05T06:00:00Z')).toBe(1);
    // The same morning comes again six hours later; the day's own not before it is morning there.
    expect(await takeAt('America/New_York', '2026-10-05T12:00:00Z')).toBe(0);
    expect(await takeAt('America/New_York', '2026-10-06T11:59:00Z')).toBe(0);
    expect(await takeAt('America/New_York', '2026-10-06T12:00:00Z')).toBe(1);
    expect(await takeAt('Europe/Berlin', '2026-10-06T14:00:00Z')).toBe(0);
  });

  test('after a long sleep there is one, for the day that it is', async () => {
    await save(all, 14);
    await fixture.append(
      change(1, 'C-1', 1, { dueAt: dueAt(10, 6, 17) }),
      change(2, 'C-2', 1, { dueAt: dueAt(10, 2, 17) }),
    );
    expect(await take(10, 6, 12)).toEqual({ count: 1, contracts: ['C-1'] });
    expect(await take(10, 7, 12)).toEqual(NONE);
  });

  test('another due date is another reminder, and the one of before is not told again', async () => {
    await save(all, 0);
    await fixture.append(change(1, 'C-1', 1, { dueAt: dueAt(10, 6, 17) }));
    expect((await take(10, 6, 9)).count).toBe(1);
    await fixture.append(change(2, 'C-1', 2, { dueAt: dueAt(10, 6, 19) }));
    expect((await take(10, 6, 10)).count).toBe(1);
    await fixture.append(change(3, 'C-1', 3, { dueAt: dueAt(10, 6, 17) }));
    expect(await take(10, 6, 11)).toEqual(NONE);
  });

  test('each view has its days, and views without are not asked', async () => {
    await save(party('Acme'), 7);
    await save(party('Zenith'), null);
    await save({ ...all, text: 'boat' }, 1);
    await fixture.append(
      change(1, 'C-1', 1, { party: 'Acme', dueAt: dueAt(10, 6, 17) }),
      change(2, 'C-2', 1, { party: 'Zenith', dueAt: dueAt(10, 6, 17) }),
      change(3, 'C-3', 1, { party: 'Acme', title: 'Boat', dueAt: dueAt(10, 6, 16) }),
      change(4, 'C-4', 1, { party: 'Acme', dueAt: null }),
    );
    expect((await take(9, 29, 9)).contracts).toEqual(['C-3', 'C-1']);
    expect((await take(10, 5, 9)).contracts).toEqual(['C-3']);
    expect((await take(10, 6, 9)).contracts).toEqual(['C-3', 'C-1']);
  });

  test('what is muted, snoozed or settled is not told; what is back is, if it is not too late', async () => {
    await save(all, 0);
    const due = { dueAt: dueAt(10, 6, 17) };
    await fixture.append(
      change(1, 'C-1', 1, due),
      change(2, 'C-2', 1, due),
      change(3, 'C-3', 1, { ...due, to: 'signed' }),
      change(4, 'C-4', 1, { ...due, to: 'cancelled' }),
      change(5, 'C-5', 1, { ...due, to: 'declined' }),
    );
    const core = fixture.core();
    await core.perform(fixture.accountId, ['C-1'], { do: 'mute', muted: true }, local(10, 5));
    await core.perform(fixture.accountId, ['C-2'], { do: 'snooze', until: null }, local(10, 5));
    expect((await take(10, 6, 9)).contracts).toEqual(['C-5']);
    await core.perform(fixture.accountId, ['C-1'], { do: 'mute', muted: false }, local(10, 6));
    await core.perform(fixture.accountId, ['C-2'], { do: 'unsnooze' }, local(10, 6));
    expect((await take(10, 7, 9)).contracts).toEqual(['C-1', 'C-2']);
  });

  test('of very many the first due ones are named, and an erased account leaves none', async () => {
    await save(all, 30);
    const many = Array.from({ length: 120 }, (_, n) =>
      change(n + 1, `C-${n}`, 1, { dueAt: new Date(local(10, 6, 17) + n * 60_000).toISOString() }),
    );
    await fixture.append(...many);
    const { count, contracts } = await take(10, 6, 9);
    expect([count, contracts.length, contracts[0], contracts.at(-1)]).toEqual([120, 50, 'C-0', 'C-49']);
    await fixture.core().eraseAccount(fixture.accountId);
    expect(fixture.query('SELECT * FROM due_reminder')).toEqual([]);
  });

  test('what was told long ago is forgotten, what may still be asked for is not', async () => {
    await save(all, 0);
    await fixture.append(change(1, 'C-1', 1, { dueAt: dueAt(3, 6, 17) }));
    expect((await take(3, 6, 9)).count).toBe(1);
    await fixture.append(change(2, 'C-2', 1, { dueAt: dueAt(10, 6, 17) }));
    expect((await take(10, 6, 9)).count).toBe(1);
    expect(fixture.query('SELECT contract_id AS id FROM due_reminder')).toEqual([{ id: 'C-2' }]);
  });
});
