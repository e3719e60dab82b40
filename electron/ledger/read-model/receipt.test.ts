import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, envelope, garbage, head, idOf, snapshotItem, stale, START } from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const receipt = async (dayStart = 0) => fixture.core().receipt(fixture.accountId, dayStart);
const baseline = () => fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);

test('nothing yet, then complete by the snapshot, then by the head that was named', async () => {
  expect(await receipt()).toMatchObject({ verdict: 'nothing_yet', missing: 0, absence: null });
  await baseline();
  expect(await receipt()).toMatchObject({
    verdict: 'complete',
    upToId: idOf(10),
    upToSequence: 10,
    upToTime: START,
  });
  await fixture.append(change(11, 'C-1', 4), change(12, 'C-1', 5));
  // 12 is here, but this server never said yet what its last one is.
  expect(await receipt()).toMatchObject({ verdict: 'no_gap_seen', upToSequence: null });
  const complete = { verdict: 'complete', upToSequence: 12, upToTime: START + 7000 };
  await fixture.append(head(idOf(12), START + 7000));
  expect(await receipt()).toMatchObject(complete);
  // 13 came after it: complete is said up to what was named.
  await fixture.append(change(13, 'C-1', 6));
  expect(await receipt()).toMatchObject(complete);
});

test('a head from behind sets the receipt back no more than a late heartbeat', async () => {
  await baseline();
  await fixture.append(change(11, 'C-1', 4), head(idOf(11), START + 2000), head(idOf(10), START + 1000));
  expect(await receipt()).toMatchObject({ upToSequence: 11, upToTime: START + 2000 });
});

test.each([
  ['omitted in the middle', () => [change(11, 'C-1', 4), change(13, 'C-1', 6), head(idOf(13))]],
  ['the LAST one omitted', () => [change(11, 'C-1', 4), head(idOf(12))]],
  ['unreadable', () => [garbage(idOf(11)), head(idOf(11))]],
  ['unreadable without an id', () => [garbage(null), head(idOf(10))]],
  ['a stale cursor', () => [stale(idOf(12), idOf(12)), change(12, 'C-1', 5), head(idOf(12))]],
  ['a new epoch', () => [change(1, 'C-2', 1, { epoch: 'e8' }), head(idOf(1, 'e8'))]],
])('never complete: %s', async (_, items) => {
  await baseline();
  await fixture.append(...items());
  expect(await receipt()).toMatchObject({
    verdict: 'gaps',
    upToId: null,
    upToSequence: null,
    upToTime: null,
  });
  expect((await receipt()).openGaps).toHaveLength(1);
});

test('that a server offers no more to check by is known once all it had has arrived, and not before', async () => {
  const facts = { wasCaughtUp: false, cannotFetch: false, hasNoList: false, nextRepairAt: null };
  const told = async (wasCaughtUp: boolean) =>
    (await fixture.core().receipt(fixture.accountId, 0, { ...facts, wasCaughtUp })).verdict;
  await baseline();
  await fixture.append(change(11, 'C-1', 4));
  expect([await told(false), await told(true)]).toEqual(['confirming', 'no_gap_seen']);
  await fixture.append(change(1, 'C-2', 1, { id: 'x1' }));
  expect([await told(false), await told(true)]).toEqual(['confirming', 'no_gap_seen']);
  await fixture.append(change(13, 'C-1', 6));
  expect([await told(false), await told(true)]).toEqual(['gaps', 'gaps']);
});

test('what went missing since the last attempt waits for the next one, as all that is missing', async () => {
  await baseline();
  await fixture.append(change(13, 'C-1', 5));
  await fixture.settle();
  await fixture.append(change(16, 'C-2', 1));
  for (const nextRepairAt of [START + 90_000, null]) {
    const facts = { wasCaughtUp: true, cannotFetch: false, hasNoList: false, nextRepairAt };
    const { openGaps } = await fixture.core().receipt(fixture.accountId, 0, facts);
    expect(openGaps.map((gap) => gap.nextAttemptAt)).toEqual([nextRepairAt, nextRepairAt]);
  }
});

test('a server with opaque ids is never complete', async () => {
  await fixture.snapshot('x1', [snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' }))]);
  expect((await receipt()).verdict).toBe('no_gap_seen');
  await fixture.append(change(2, 'C-1', 2, { id: 'x2' }), head('x2'));
  expect((await receipt()).verdict).toBe('no_gap_seen');
});

test('never complete without a baseline: neither from the middle of the log, nor from its first event, nor by opaque ids', async () => {
  await fixture.core().markWithoutSnapshot(fixture.accountId);
  expect((await receipt()).verdict).toBe('nothing_yet');
  await fixture.append(change(1, 'C-1', 1), change(2, 'C-1', 2), head(idOf(2)));
  expect(await receipt()).toMatchObject({ verdict: 'no_baseline', upToSequence: null });
  for (const items of [
    [change(5, 'C-1', 1), head(idOf(5))],
    [change(5, 'C-1', 1, { id: 'x5' }), head('x5')],
  ]) {
    fixture.dispose();
    fixture = await openFixture();
    await fixture.core().markWithoutSnapshot(fixture.accountId);
    await fixture.append(...items);
    expect((await receipt()).verdict).toBe('no_baseline');
  }
});

test('without a baseline, what came first after a head that named an empty log has to be its first', async () => {
  await fixture.core().markWithoutSnapshot(fixture.accountId);
  await fixture.append(head(null));
  expect((await receipt()).verdict).toBe('nothing_yet');
  await fixture.append(change(3, 'C-1', 1), head(idOf(3)));
  expect(await receipt()).toMatchObject({ verdict: 'gaps', missing: 2 });
  await fixture.append(change(1, 'C-2', 1), change(2, 'C-3', 1));
  expect(await receipt()).toMatchObject({ verdict: 'no_baseline', missing: 0 });
});

test('an empty log is complete; its first epoch is confirmed by a snapshot', async () => {
  await fixture.snapshot(null, []);
  expect(await receipt()).toMatchObject({ verdict: 'complete', upToId: null, upToSequence: 0 });
  const first = await fixture.append(change(1, 'C-1', 1), head(idOf(1)));
  expect(first.repair).toBe('now');
  expect((await receipt()).verdict).toBe('confirming');
  // No snapshot could be had: the attempt is not over, and the next head asks again.
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 1 });
  expect((await fixture.append(head(idOf(1)))).repair).toBe('none');
  expect((await fixture.append(change(2, 'C-1', 2), head(idOf(2)))).repair).toBe('now');
  await fixture.snapshot(idOf(1), [snapshotItem(envelope(1, 'C-1', 1))]);
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
  expect(await receipt()).toMatchObject({ verdict: 'complete', upToSequence: 2 });
});

test('the first epoch is confirmed once its head was named, not while its events still come', async () => {
  await fixture.snapshot(null, []);
  // Nobody knows yet whether this server names heads.
  expect((await fixture.append(change(1, 'C-1', 1))).repair).toBe('now');
  fixture.dispose();
  fixture = await openFixture();
  await fixture.snapshot(null, []);
  await fixture.append(head(null));
  expect((await fixture.append(change(1, 'C-1', 1), change(2, 'C-2', 1))).repair).toBe('none');
  expect((await receipt()).verdict).toBe('confirming');
  expect((await fixture.append(change(3, 'C-1', 2), head(idOf(3)))).repair).toBe('now');
  const items = [snapshotItem(envelope(3, 'C-1', 2)), snapshotItem(envelope(2, 'C-2', 1))];
  expect((await fixture.snapshot(idOf(3), items)).needHistory).toEqual([]);
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
  expect(await receipt()).toMatchObject({ verdict: 'complete', upToSequence: 3 });
});

test('after a healed new epoch it is confirming until a head of that epoch is named', async () => {
  await baseline();
  await fixture.append(head(idOf(10)), change(1, 'C-1', 4, { epoch: 'e8' }));
  await fixture.snapshot('revision-9', [snapshotItem(envelope(1, 'C-1', 4, { epoch: 'e8' }))]);
  await fixture.settle();
  await fixture.snapshot('revision-9', [snapshotItem(envelope(1, 'C-1', 4, { epoch: 'e8' }))]);
  await fixture.settle();
  expect(await receipt()).toMatchObject({
    verdict: 'confirming',
    upToId: null,
    lastHealed: { kind: 'epoch' },
  });
  await fixture.append(head(idOf(1, 'e8')));
  expect(await receipt()).toMatchObject({ verdict: 'complete', upToId: idOf(1, 'e8') });
});

test("changes of today are those received since midnight, without the baseline's", async () => {
  await baseline();
  await fixture.appendAt(START, change(11, 'C-1', 4));
  await fixture.appendAt(START + 1000, change(12, 'C-1', 5), change(9, 'C-1', 2));
  expect((await receipt(START)).changesToday).toBe(2);
  expect((await receipt(START + 1)).changesToday).toBe(1);
});

test('what comes between two receipts is added; what is removed, or another day, is counted anew', async () => {
  const today = async (from = START): Promise<number> => (await receipt(from)).changesToday;
  await baseline();
  expect(await today()).toBe(0);
  await fixture.appendAt(START, change(11, 'C-1', 4));
  expect(await today()).toBe(1);
  await fixture.appendAt(START + 1000, change(12, 'C-1', 5), change(9, 'C-1', 2));
  expect(await today()).toBe(2);
  expect(await today(START + 1)).toBe(1);
  expect(await today()).toBe(2);
  await fixture.core().maintain({ maxAgeMs: 1500, maxBytes: null }, START + 2000);
  expect(await today()).toBe(1);
  await fixture.appendAt(START + 3000, change(13, 'C-1', 6));
  expect(await today()).toBe(2);
});
