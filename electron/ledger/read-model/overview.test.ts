import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ViewFilter } from '../../../protocol/filter.ts';
import type { Overview } from '../../../protocol/overview.ts';
import { change, START, type EnvelopeOptions } from '../testing/make.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';

const DAY = 86_400_000;
const zone = process.env.TZ;
let fixture: Fixture;
beforeEach(async () => {
  process.env.TZ = 'UTC';
  fixture = await openFixture();
});
afterEach(() => {
  fixture.dispose();
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const overview = async (days = 3, now = START): Promise<Overview> =>
  fixture.core().overview(fixture.accountId, days, now);
const at = (ms: number): string => new Date(ms).toISOString();

let sequence = 0;
beforeEach(() => {
  sequence = 0;
});
/** One new contract for each. */
async function publish(...contracts: readonly EnvelopeOptions[]): Promise<void> {
  await fixture.append(
    ...contracts.map((options) => change(++sequence, `C-${sequence}`, 1, { from: null, ...options })),
  );
}

async function expectTotals(): Promise<void> {
  const { statuses, due } = await overview();
  const { counts } = await fixture
    .core()
    .readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 1 });
  const sum = (each: readonly { readonly count: number }[]): number =>
    each.reduce((total, { count }) => total + count, 0);
  expect(sum(statuses)).toBe(counts.all);
  expect(sum(due.overdue)).toBe(counts.overdue);
  expect(sum(due.soon)).toBe(counts.dueSoon);
  for (const { status, count } of statuses) {
    const filter: ViewFilter = { view: 'all', text: '', conditions: { statuses: [status] } };
    const page = await fixture.core().readView(fixture.accountId, filter, { offset: 0, limit: 1 });
    expect(page.total).toBe(count);
  }
}

test('an empty account has empty figures', async () => {
  const figures = await overview();
  expect(figures).toMatchObject({ statuses: [], amounts: [], at: START });
  expect(figures.days.map(({ day }) => day)).toEqual(['2026-09-30', '2026-10-01', '2026-10-02']);
  expect(figures.due.overdue).toEqual([0, 1, 7, 30].map((atLeastDays) => ({ atLeastDays, count: 0 })));
  await expectTotals();
});

test('an account that is not known is said to be so', () => {
  expect(() => fixture.core().overview(99, 3, START)).toThrow('No account 99');
});

describe('statuses', () => {
  test('in the order of the model, unknown codes last, always as many as the view has', async () => {
    await publish({ to: 'sent' }, { to: 'zz_new' }, { to: 'draft' }, { to: 'sent' });
    expect((await overview()).statuses).toEqual([
      { status: 'draft', count: 1 },
      { status: 'sent', count: 2 },
      { status: 'zz_new', count: 1 },
    ]);
    await fixture.append(change(++sequence, 'C-1', 2, { from: 'sent', to: 'signed' }));
    expect((await overview()).statuses).toEqual([
      { status: 'draft', count: 1 },
      { status: 'sent', count: 1 },
      { status: 'signed', count: 1 },
      { status: 'zz_new', count: 1 },
    ]);
    await expectTotals();
  });
});

describe('amounts', () => {
  const amounts = async () => (await overview()).amounts;

  test('exact decimals for each currency, of open contracts only', async () => {
    await publish(
      { amount: '0.10 EUR' },
      { amount: '0.20 EUR' },
      { amount: '999999999999999999999999999999.9999999999 EUR' },
      { amount: '1250000.00 RUB' },
      { amount: '-1250000.50 RUB' },
      { amount: '77 USD', to: 'cancelled' },
      {},
    );
    expect(await amounts()).toEqual([
      { currency: 'EUR', open: '1000000000000000000000000000000.2999999999', contracts: 3 },
      { currency: 'RUB', open: '-0.5', contracts: 2 },
    ]);
  });

  test('sums beyond what a float holds stay exact', async () => {
    await publish(...Array.from({ length: 40 }, () => ({ amount: '4503599627370495.0000000001 EUR' })));
    expect(await amounts()).toEqual([
      { currency: 'EUR', open: '180143985094819800.000000004', contracts: 40 },
    ]);
  });

  test('follow each change: another amount, another currency, none, over', async () => {
    await publish({ amount: '10 EUR' }, { amount: '20 EUR' });
    await amounts();
    const next = (contractId: string, version: number, options: EnvelopeOptions) =>
      fixture.append(change(++sequence, contractId, version, options));
    await next('C-1', 2, { amount: '11.5 EUR' });
    expect(await amounts()).toEqual([{ currency: 'EUR', open: '31.5', contracts: 2 }]);
    await next('C-1', 3, { amount: '3 USD' });
    expect(await amounts()).toEqual([
      { currency: 'EUR', open: '20', contracts: 1 },
      { currency: 'USD', open: '3', contracts: 1 },
    ]);
    await next('C-1', 4, {});
    // Somebody has yet to decide what becomes of it.
    await next('C-2', 2, { amount: '20 EUR', to: 'declined' });
    expect(await amounts()).toEqual([{ currency: 'EUR', open: '20', contracts: 1 }]);
    await next('C-2', 3, { amount: '20 EUR', to: 'cancelled' });
    expect(await amounts()).toEqual([]);
  });
});

describe('days', () => {
  const changes = async (days: number, now: number) =>
    (await overview(days, now)).days.map(({ day, changes: each }) => [
      day,
      each.info,
      each.success,
      each.warning,
      each.error,
    ]);

  test("by the server's time, with severities, days without a change too", async () => {
    await publish(
      { time: '2026-09-30T23:59:59Z', severity: 'error' },
      { time: '2026-10-02T00:00:00Z', severity: 'warning' },
      { time: '2026-10-02T05:00:00+03:00' },
      { time: '2026-10-03T00:00:00Z' },
      { time: '2026-09-29T23:59:59Z' },
    );
    expect(await changes(3, START)).toEqual([
      ['2026-09-30', 0, 0, 0, 1],
      ['2026-10-01', 0, 0, 0, 0],
      ['2026-10-02', 1, 0, 1, 0],
    ]);
    await expectTotals();
  });

  test('in the local zone, on a day of 25 hours and where zones are quarters of an hour apart', async () => {
    await publish(
      { time: '2026-10-24T21:59:59Z' },
      { time: '2026-10-24T22:00:00Z' },
      { time: '2026-10-25T22:59:59Z' },
      { time: '2026-10-25T23:00:00Z' },
    );
    process.env.TZ = 'Europe/Berlin';
    expect(await changes(3, Date.parse('2026-10-26T12:00:00Z'))).toEqual([
      ['2026-10-24', 1, 0, 0, 0],
      ['2026-10-25', 2, 0, 0, 0],
      ['2026-10-26', 1, 0, 0, 0],
    ]);
    process.env.TZ = 'Asia/Kathmandu';
    await publish({ time: '2026-11-01T18:14:59Z' }, { time: '2026-11-01T18:15:00Z' });
    expect(await changes(2, Date.parse('2026-11-02T12:00:00Z'))).toEqual([
      ['2026-11-01', 1, 0, 0, 0],
      ['2026-11-02', 1, 0, 0, 0],
    ]);
  });

  test('a change that retention removed is not counted any more, nor one of an erased account', async () => {
    await publish({ time: at(START) });
    await fixture.append(change(++sequence, 'C-1', 2, { time: at(START) }));
    expect((await changes(1, START))[0]?.[1]).toBe(2);
    await fixture.core().maintain({ maxAgeMs: 1000, maxBytes: null }, START + 10_000);
    expect((await changes(1, START))[0]?.[1]).toBe(1);
    expect(await fixture.core().facts(fixture.accountId)).toMatchObject({
      contracts: 1,
      events: 1,
      oldest: at(START),
    });
  });

  test('duplicates count once, also over a restart', async () => {
    await publish({ time: at(START) });
    await fixture.reopen();
    await fixture.append(change(1, 'C-1', 1, { from: null, time: at(START) }));
    expect((await changes(1, START))[0]?.[1]).toBe(1);
  });
});

describe('what is due', () => {
  test('buckets by full days late, and by local days ahead', async () => {
    await publish(
      { dueAt: at(START - 1) },
      { dueAt: at(START - DAY + 1) },
      { dueAt: at(START - DAY) },
      { dueAt: at(START - 7 * DAY) },
      { dueAt: at(START - 30 * DAY) },
      { dueAt: at(START - 400 * DAY) },
      { dueAt: at(START) },
      { dueAt: '2026-10-02T23:59:59.999Z' },
      { dueAt: '2026-10-03T00:00:00Z' },
      { dueAt: at(START + 7 * DAY - 1) },
      { dueAt: at(START + 7 * DAY) },
      { dueAt: at(START - 1), to: 'fulfilled' },
      {},
    );
    const { due } = await overview();
    expect(due.overdue.map(({ count }) => count)).toEqual([2, 1, 1, 2]);
    expect(due.soon.map(({ day, count }) => [day, count])).toEqual([
      ['2026-10-02', 2],
      ['2026-10-03', 1],
      ['2026-10-04', 0],
      ['2026-10-05', 0],
      ['2026-10-06', 0],
      ['2026-10-07', 0],
      ['2026-10-08', 0],
      ['2026-10-09', 1],
    ]);
    await expectTotals();
  });

  test('what is snoozed is not told of; what is muted is', async () => {
    await publish({ dueAt: at(START - 1) }, { dueAt: at(START - 1) }, { dueAt: at(START + 1) });
    const perform = fixture.core().perform;
    await perform(fixture.accountId, ['C-1', 'C-3'], { do: 'snooze', until: null }, START);
    await perform(fixture.accountId, ['C-2'], { do: 'mute', muted: true }, START);
    const { due } = await overview();
    expect(due.overdue[0]?.count).toBe(1);
    expect(due.soon[0]?.count).toBe(0);
    await expectTotals();
  });
});
