import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFixture, type Fixture } from './testing/fixture.ts';
import { change, envelope, head, idOf, KEY, snapshotItem, START } from './testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.core().markWithoutSnapshot(fixture.accountId);
});
afterEach(() => fixture.dispose());

const receipt = () => fixture.core().receipt(fixture.accountId, 0);
const rows = async () =>
  (await fixture.core().readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 50 }))
    .rows;
const row = async (contractId: string) => (await rows()).find((each) => each.contractId === contractId);
const merge = (contractId: string, ...events: readonly unknown[]) =>
  fixture.history(contractId, events, START);
const item = (sequence: number, contractId: string, version: number, actionRequired = false) =>
  snapshotItem(envelope(sequence, contractId, version, { actionRequired }));

describe('a snapshot that could not be had before the events came', () => {
  test('brings the contracts that are missing, as read, and makes the receipt complete', async () => {
    await fixture.append(change(57, 'C-1', 5), change(58, 'C-2', 2), head(idOf(58)));
    expect((await receipt()).verdict).toBe('no_baseline');
    const outcome = await fixture.snapshot(idOf(58), [
      item(57, 'C-1', 5),
      item(58, 'C-2', 2),
      item(31, 'C-3', 9),
    ]);
    expect(outcome).toMatchObject({ baseline: true, needHistory: [], cursor: idOf(58) });
    expect(await row('C-3')).toMatchObject({ version: 9, unread: 0 });
    expect(await fixture.core().contract(fixture.accountId, 'C-3')).toMatchObject({
      timeline: [{ eventId: idOf(31), unread: false }],
    });
    expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
    expect(await receipt()).toMatchObject({ verdict: 'complete', upToSequence: 58, missing: 0 });
    expect(await fixture.core().account(KEY)).toMatchObject({ baseline: 'snapshot' });
  });

  test('leaves alone what came: unread stays unread, read read, snoozed snoozed, acknowledged acknowledged', async () => {
    const { core, accountId } = fixture;
    const actionRequired = true;
    await fixture.append(
      change(57, 'C-unread', 5),
      change(58, 'C-read', 2),
      change(59, 'C-snoozed', 2),
      change(60, 'C-taken', 3, { actionRequired }),
      head(idOf(60)),
    );
    await core().perform(accountId, ['C-read'], { do: 'read', read: true }, START);
    await core().perform(accountId, ['C-snoozed'], { do: 'snooze', until: null }, START);
    await core().perform(accountId, ['C-taken'], { do: 'acknowledge', dueAt: START }, START);
    const before = await rows();
    expect(before.map((each) => each.unread)).toEqual(expect.arrayContaining([1, 0]));
    await fixture.snapshot(idOf(60), [
      item(57, 'C-unread', 5),
      item(58, 'C-read', 2),
      item(59, 'C-snoozed', 2),
      item(60, 'C-taken', 3, true),
      item(3, 'C-new', 1),
    ]);
    const after = await rows();
    expect(after.filter((each) => each.contractId !== 'C-new')).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
  });

  test('ahead of the stream: the cursor stands, and what the stream still brings is new, unread and told', async () => {
    await fixture.append(change(57, 'C-1', 5));
    const outcome = await fixture.snapshot(idOf(59), [
      item(57, 'C-1', 5),
      item(58, 'C-2', 1),
      item(59, 'C-3', 4),
    ]);
    expect(outcome.cursor).toBe(idOf(57));
    expect((await row('C-3'))?.unread).toBe(0);
    const { fresh, stored } = await fixture.append(
      change(58, 'C-2', 1),
      change(59, 'C-3', 4),
      head(idOf(59)),
    );
    expect({ stored, fresh: fresh.map((each) => each.eventId) }).toEqual({
      stored: 2,
      fresh: [idOf(58), idOf(59)],
    });
    expect([(await row('C-2'))?.unread, (await row('C-3'))?.unread]).toEqual([1, 1]);
    await fixture.settle();
    expect(await receipt()).toMatchObject({ verdict: 'complete', upToSequence: 59 });
  });

  test('from before the first event: what lies between them is a gap, and comes from the histories', async () => {
    await fixture.append(change(57, 'C-1', 5), head(idOf(57)));
    const { needHistory } = await fixture.snapshot(idOf(55), [item(55, 'C-1', 4), item(20, 'C-2', 1)]);
    expect(await receipt()).toMatchObject({ verdict: 'gaps' });
    expect(needHistory).toEqual(['C-1']);
    await fixture.snapshot(idOf(57), [item(57, 'C-1', 5), item(56, 'C-2', 2)]);
    await merge('C-1', envelope(55, 'C-1', 4), envelope(57, 'C-1', 5));
    await merge('C-2', envelope(20, 'C-2', 1), envelope(56, 'C-2', 2));
    await fixture.settle();
    expect(await receipt()).toMatchObject({ verdict: 'complete', upToSequence: 57 });
    // 56 came while we were following; 55 and 20 were before.
    expect([(await row('C-1'))?.unread, (await row('C-2'))?.unread]).toEqual([1, 1]);
  });

  test('while a gap is open, a contract that may have had all its changes in it needs its history', async () => {
    await fixture.append(change(57, 'C-1', 5), change(60, 'C-1', 6), head(idOf(60)));
    const { needHistory } = await fixture.snapshot(idOf(60), [
      item(60, 'C-1', 6),
      item(59, 'C-2', 2),
      item(40, 'C-3', 7),
    ]);
    expect(needHistory).toEqual(['C-2']);
    expect((await fixture.settle()).open).toBe(1);
    const merged = await merge('C-2', envelope(58, 'C-2', 1), envelope(59, 'C-2', 2));
    expect(merged).toMatchObject({ stored: 2 });
    expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
    expect(await receipt()).toMatchObject({ verdict: 'complete', upToSequence: 60 });
    expect([(await row('C-2'))?.unread, (await row('C-3'))?.unread]).toEqual([2, 0]);
  });

  test('with opaque ids: the cursor stands, and the receipt says no more than before', async () => {
    await fixture.append(change(1, 'C-1', 2, { id: 'x1' }));
    await fixture.snapshot('x9', [
      snapshotItem(envelope(1, 'C-1', 2, { id: 'x1' })),
      snapshotItem(envelope(9, 'C-2', 1, { id: 'x9' })),
    ]);
    expect(await fixture.core().account(KEY)).toMatchObject({ cursor: 'x1' });
    expect([(await row('C-1'))?.unread, (await row('C-2'))?.unread]).toEqual([1, 0]);
    expect((await fixture.append(change(9, 'C-2', 1, { id: 'x9' }))).stored).toBe(1);
    expect((await receipt()).verdict).toBe('no_gap_seen');
  });

  test('is work left to do until it comes', async () => {
    await fixture.append(change(1, 'C-1', 1), head(idOf(1)));
    expect(await fixture.settle()).toMatchObject({ healed: 0, open: 1 });
    await fixture.snapshot(idOf(1), [item(1, 'C-1', 1)]);
    expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
  });

  test('before any event came it is a first baseline like any other', async () => {
    await fixture.snapshot(idOf(8), [item(8, 'C-1', 3)]);
    expect(await fixture.core().account(KEY)).toMatchObject({ cursor: idOf(8), baseline: 'snapshot' });
    expect(await receipt()).toMatchObject({ verdict: 'complete', upToSequence: 8 });
  });
});

describe('a list that lacks contracts by its own word', () => {
  const part = [item(3, 'C-1', 1), item(4, 'C-2', 1)];
  const whole = [...part, item(5, 'C-3', 1)];

  test('at first: it is shown, and nothing is complete until a whole one has come', async () => {
    const other = await fixture.core().account({ ...KEY, userId: 'u-other' });
    const of = other.accountId;
    const ask = async () => (await fixture.core().receipt(of, 0)).verdict;
    const take = async (items: typeof part, isWhole: boolean) => {
      await fixture.core().beginSnapshot(of, { asOf: idOf(5), at: new Date(START).toISOString() });
      await fixture.core().stageSnapshot(of, items);
      return fixture.core().finishSnapshot(of, START, isWhole);
    };
    expect(await take(part, false)).toMatchObject({ baseline: false, contracts: 2, cursor: idOf(5) });
    await fixture.core().append(of, [change(6, 'C-1', 2), head(idOf(6))], START);
    expect(await ask()).toBe('no_baseline');
    const { open } = await fixture.core().reconcileGaps(of, { now: START, nextAttemptAt: null, note: '' });
    expect(open).toBe(1);
    expect(await take([item(6, 'C-1', 2), item(4, 'C-2', 1), item(5, 'C-3', 1)], true)).toMatchObject({
      baseline: true,
    });
    expect(await ask()).toBe('complete');
  });

  test('later: no baseline, as before', async () => {
    await fixture.append(change(6, 'C-1', 2), head(idOf(6)));
    expect(await fixture.snapshot(idOf(6), part, START, false)).toMatchObject({ baseline: false });
    expect((await receipt()).verdict).toBe('no_baseline');
    await fixture.snapshot(idOf(6), whole, START, true);
    expect((await receipt()).verdict).toBe('complete');
  });

  test('for repair: it closes no gap', async () => {
    await fixture.snapshot(idOf(5), whole);
    await fixture.append(change(8, 'C-1', 2), head(idOf(8)));
    expect((await receipt()).verdict).toBe('gaps');
    const now = [item(8, 'C-1', 2), item(4, 'C-2', 1), item(5, 'C-3', 1)];
    await fixture.snapshot(idOf(8), now, START, false);
    expect((await fixture.settle()).healed).toBe(0);
    expect((await receipt()).verdict).toBe('gaps');
    await fixture.snapshot(idOf(8), now, START, true);
    expect((await fixture.settle()).healed).toBe(1);
    expect((await receipt()).verdict).toBe('complete');
  });
});
