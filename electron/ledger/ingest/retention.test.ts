import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RetentionPolicy } from '../types.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, envelope, head, idOf, snapshotItem, START } from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.snapshot(idOf(1), [snapshotItem(envelope(1, 'C-0', 1))]);
});
afterEach(() => fixture.dispose());

const DAY = 24 * 3_600_000;

async function maintain(policy: RetentionPolicy, now: number): Promise<number> {
  let removed = 0;
  for (let steps = 0; steps < 1000; steps++) {
    const step = await fixture.core().maintain(policy, now);
    removed += step.removed;
    if (step.done) return removed;
  }
  throw new Error('maintenance does not come to an end');
}

/** Events 2 … `count`+1 over ten contracts, one a minute. */
async function fill(count: number): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const size = Math.min(500, count - from);
    const items = Array.from({ length: size }, (_, i) => {
      const n = from + i;
      return change(n + 2, `C-${n % 10}`, Math.floor(n / 10) + (n % 10 === 0 ? 2 : 1));
    });
    await fixture.appendAt(START + from * 60_000, ...items);
  }
  await fixture.append(head(idOf(count + 1)));
}

test('by age: old events go, latest changes, keys and rows stay, and nothing opens or breaks', async () => {
  await fill(1000);
  const before = await fixture.core().receipt(fixture.accountId, 0);
  const removed = await maintain({ maxAgeMs: DAY, maxBytes: null }, START + 365 * DAY);
  expect(removed).toBe(991);
  const { events, contracts, openGaps } = await fixture.core().diagnostics();
  expect({ events, contracts, openGaps }).toEqual({ events: 10, contracts: 10, openGaps: 0 });
  const after = await fixture.core().receipt(fixture.accountId, 0);
  expect(after).toMatchObject({ verdict: 'complete', upToId: before.upToId });
  const detail = await fixture.core().contract(fixture.accountId, 'C-3');
  expect(detail).toMatchObject({ hasGap: false, earlierVersions: 99, row: { version: 100, unread: 1 } });
  // A replay of what was removed is a repetition, not news.
  expect(await fixture.append(change(5, 'C-3', 1), change(6, 'C-4', 1))).toMatchObject({
    stored: 0,
    duplicates: 2,
  });
  // A later gap is settled as if the removed events were there.
  await fixture.append(change(1003, 'C-1', 102));
  const history = Array.from({ length: 102 }, (_, i) =>
    envelope(i === 101 ? 1003 : i === 100 ? 1002 : i * 10 + 3, 'C-1', i + 1),
  );
  await fixture.history('C-1', history, START);
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
  expect(await maintain({ maxAgeMs: DAY, maxBytes: null }, START + 365 * DAY)).toBeGreaterThan(0);
});

test('a search finds the contracts whose events were removed, and counts them once', async () => {
  await fill(1000);
  const search = (text: string) =>
    fixture.core().readView(fixture.accountId, { view: 'all', text }, { offset: 0, limit: 50 });
  const before = await search('c-3');
  expect(before.rows.map((row) => row.contractId)).toEqual(['C-3']);
  await maintain({ maxAgeMs: DAY, maxBytes: null }, START + 365 * DAY);
  const after = await search('c-3');
  expect(after).toMatchObject({ total: 1, counts: { all: 10 } });
  expect(after.rows.map((row) => row.contractId)).toEqual(['C-3']);
});

test('only what is older than the age', async () => {
  await fill(1000);
  await maintain({ maxAgeMs: DAY, maxBytes: null }, START + 500 * 60_000 + DAY);
  const { events } = await fixture.core().diagnostics();
  expect(events).toBe(500);
});

test('by size: the oldest go until the file is small enough, in steps that stay short', async () => {
  await fill(4000);
  const { fileBytes } = await fixture.core().diagnostics();
  const maxBytes = Math.round(fileBytes / 2);
  // By processor time: other programs may run beside.
  const before = process.cpuUsage();
  await fixture.core().maintain({ maxAgeMs: null, maxBytes }, START);
  const { user, system } = process.cpuUsage(before);
  const firstStep = (user + system) / 1000;
  await maintain({ maxAgeMs: null, maxBytes }, START);
  const left = await fixture.core().diagnostics();
  expect(left.fileBytes).toBeLessThanOrEqual(maxBytes * 1.1);
  expect(left.events).toBeGreaterThan(100);
  expect(left.contracts).toBe(10);
  expect((await fixture.core().receipt(fixture.accountId, 0)).verdict).toBe('complete');
  expect(firstStep).toBeLessThan(1000);
  // What cannot be removed ends it all the same.
  await maintain({ maxAgeMs: null, maxBytes: 1 }, START);
  expect((await fixture.core().diagnostics()).events).toBe(10);
});

test('without a policy nothing is removed', async () => {
  await fill(50);
  expect(await maintain({ maxAgeMs: null, maxBytes: null }, START + 9999 * DAY)).toBe(0);
});

test('nothing goes by age while no time is sure; by size it does', async () => {
  await fill(1000);
  for (let step = 0; step < 3; step++)
    expect(await fixture.core().maintain({ maxAgeMs: DAY, maxBytes: null }, null)).toMatchObject({
      removed: 0,
    });
  const { fileBytes } = await fixture.core().diagnostics();
  expect(
    (await fixture.core().maintain({ maxAgeMs: null, maxBytes: fileBytes / 2 }, null)).removed,
  ).toBeGreaterThan(0);
});

test('what was received under a clock that was years slow is as old as it says itself', async () => {
  for (let n = 0; n < 50; n++) await fixture.appendAt(0, change(n + 2, 'C-1', n + 1));
  expect(await maintain({ maxAgeMs: DAY, maxBytes: null }, START + DAY / 2)).toBe(0);
  expect(await maintain({ maxAgeMs: DAY, maxBytes: null }, START + 2 * DAY)).toBe(49);
});

test('unread counts follow what is removed', async () => {
  await fill(200);
  await maintain({ maxAgeMs: 0, maxBytes: null }, START + 365 * DAY);
  const counters = fixture.query(
    `SELECT (SELECT sum(unread) FROM event) = (SELECT sum(unread) FROM contract) AS a,
       (SELECT sum(changes) FROM change_count) = (SELECT count(*) FROM event) AS b,
       (SELECT count(*) FROM raw_envelope) = (SELECT count(*) FROM event) AS c FROM account`,
  );
  expect(counters).toEqual([{ a: 1, b: 1, c: 1 }]);
});
