import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFixture, type Fixture } from './testing/fixture.ts';
import {
  change,
  envelope,
  garbage,
  head,
  idOf,
  KEY,
  snapshotItem,
  stale,
  START,
  statusItem,
} from './testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const gaps = async () => fixture.core().gaps(fixture.accountId, 'open');
const row = async (id: string) => (await fixture.core().contract(fixture.accountId, id))?.row;
const merge = (contractId: string, ...envelopes: readonly unknown[]) =>
  fixture.history(contractId, envelopes, START);

test('the first snapshot is the baseline: read rows with their latest change, the cursor at its head', async () => {
  const outcome = await fixture.snapshot(idOf(10), [
    snapshotItem(envelope(10, 'C-1', 3, { to: 'signed' })),
    snapshotItem(envelope(4, 'C-2', 7), { withEvent: false }),
    { ...snapshotItem(envelope(1, 'C-3', 1)), lastEventId: null, lastEvent: null },
  ]);
  expect(outcome).toEqual({ baseline: true, contracts: 3, needHistory: [], cursor: idOf(10) });
  expect(await fixture.core().account(KEY)).toMatchObject({ cursor: idOf(10), baseline: 'snapshot' });
  expect(await row('C-1')).toMatchObject({ to: 'signed', from: 'sent', actorName: 'Пётр', unread: 0 });
  expect(await row('C-2')).toMatchObject({ from: null, version: 7, unusual: false });
  const page = await fixture
    .core()
    .readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 9 });
  expect(page.rows.map((each) => each.contractId)).toEqual(['C-1', 'C-2', 'C-3']);
  expect(page.counts).toMatchObject({ all: 3, unread: 0, actionRequired: 0 });
  const detail = await fixture.core().contract(fixture.accountId, 'C-1');
  expect(detail).toMatchObject({ earlierVersions: 2, hasGap: false });
  expect(detail?.timeline).toHaveLength(1);
});

test('a list that names one contract twice, the second time less far, has it as far as it said', async () => {
  const [far, less] = [envelope(10, 'C-1', 9, { to: 'active' }), envelope(8, 'C-1', 4)];
  await fixture.snapshot(idOf(10), [snapshotItem(far), snapshotItem(less)]);
  expect(await row('C-1')).toMatchObject({ version: 9, to: 'active' });
  // Later too: what lies between is missing.
  await fixture.append(head(idOf(12)));
  const further = envelope(12, 'C-1', 11, { to: 'ended' });
  const outcome = await fixture.snapshot(idOf(12), [snapshotItem(further), snapshotItem(far)]);
  expect(outcome.needHistory).toEqual(['C-1']);
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 1 });
});

test('the event of a version that the snapshot told is added without being new twice', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3), { withEvent: false })]);
  const outcome = await fixture.append(change(10, 'C-1', 3), change(11, 'C-1', 4));
  expect(outcome.fresh.map((fresh) => fresh.eventId)).toEqual([idOf(11)]);
  expect(await row('C-1')).toMatchObject({ unread: 1, version: 4 });
});

test('since when a status holds is put right by a snapshot where the change between never came; by nothing that cannot be so', async () => {
  const since = async () => (await fixture.core().contract(fixture.accountId, 'C-1'))?.since;
  const told = envelope(12, 'C-1', 5, { to: 'sent' });
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3, { to: 'sent' }))]);
  const first = await since();
  await fixture.append(statusItem(told));
  expect(await since()).toBe(first);
  const later = new Date(START + 3_600_000).toISOString();
  await fixture.snapshot(idOf(12), [{ ...snapshotItem(told), since: later }]);
  expect(await since()).toBe(first);
  await fixture.snapshot(idOf(12), [{ ...snapshotItem(told), since: told.time }]);
  expect(await since()).toBe(told.time);
});

test('since when a status holds follows changes that come late, from the stream and from a history', async () => {
  const since = async (id: string) => (await fixture.core().contract(fixture.accountId, id))?.since;
  const event = (n: number, id: string, version: number, to = 'viewed') => envelope(n, id, version, { to });
  await fixture.snapshot(idOf(1), [snapshotItem(event(1, 'C-1', 1, 'sent'))]);
  await fixture.append(statusItem(event(4, 'C-1', 4)), statusItem(event(3, 'C-1', 3)));
  expect(await since('C-1')).toBe(event(3, 'C-1', 3).time);
  await merge('C-1', event(2, 'C-1', 2));
  expect(await since('C-1')).toBe(event(2, 'C-1', 2).time);
  // A stay in another status in between: the present one began after it.
  await fixture.append(
    ...[
      [5, 1],
      [7, 3],
      [8, 4],
    ].map(([n, v]) => statusItem(event(n ?? 0, 'C-2', v ?? 0))),
  );
  expect(await since('C-2')).toBe(event(5, 'C-2', 1).time);
  await fixture.append(statusItem(event(6, 'C-2', 2, 'sent')));
  expect(await since('C-2')).toBe(event(7, 'C-2', 3).time);
});

test('a snapshot knows since when a status holds, also earlier than the changes that came', async () => {
  await fixture.snapshot(idOf(1), [snapshotItem(envelope(1, 'C-1', 1, { to: 'sent' }))]);
  const told = envelope(3, 'C-1', 3);
  await fixture.append(statusItem(told));
  const since = envelope(2, 'C-1', 2).time;
  await fixture.snapshot(idOf(3), [{ ...snapshotItem(told), since }]);
  expect((await fixture.core().contract(fixture.accountId, 'C-1'))?.since).toBe(since);
});

test('a snapshot after the first events: what lies between its head and them is a gap', async () => {
  await fixture.append(change(13, 'C-1', 6));
  const outcome = await fixture.snapshot(idOf(11), [snapshotItem(envelope(11, 'C-1', 4))]);
  expect(outcome.cursor).toBe(idOf(13));
  expect(await gaps()).toMatchObject([{ kind: 'sequence', fromSequence: 12, toSequence: 12 }]);
  expect(await row('C-1')).toMatchObject({ version: 6, unread: 1 });
});

test('a history that shows that something is missing says so once, when the gap opens', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 5))]);
  const [first, third] = [envelope(11, 'C-1', 6), envelope(13, 'C-1', 8)];
  expect(await merge('C-1', envelope(9, 'C-1', 4))).toMatchObject({ stored: 1, openedGap: false });
  expect(await merge('C-1', first, third)).toMatchObject({ stored: 2, openedGap: true });
  expect(await gaps()).toMatchObject([{ kind: 'version', contractId: 'C-1', attempts: 0 }]);
  expect(await merge('C-1', first, third)).toMatchObject({ stored: 0, openedGap: false });
});

test('a gap is healed by history; what it brings is unread and fresh', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
  const last = envelope(13, 'C-1', 5, { to: 'signed' });
  await fixture.append(head(idOf(13)));
  const snapshot = await fixture.snapshot(idOf(13), [
    snapshotItem(last),
    snapshotItem(envelope(12, 'C-2', 1)),
  ]);
  expect(snapshot.needHistory.toSorted()).toEqual(['C-1', 'C-2']);
  expect(snapshot.cursor).toBe(idOf(10));
  // The row already tells the newest status.
  expect(await row('C-1')).toMatchObject({ version: 5, to: 'signed', unread: 0 });
  const merged = await merge(
    'C-1',
    envelope(1, 'C-1', 1),
    envelope(5, 'C-1', 2),
    envelope(10, 'C-1', 3),
    envelope(11, 'C-1', 4),
    last,
  );
  expect(merged).toMatchObject({ stored: 4, unreadable: 0 });
  expect(merged.fresh.map((fresh) => fresh.eventId)).toEqual([idOf(11), idOf(13)]);
  expect(await row('C-1')).toMatchObject({ version: 5, unread: 2, actorName: 'Пётр' });
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 1 });
  await merge('C-2', envelope(12, 'C-2', 1));
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
  expect((await fixture.core().receipt(fixture.accountId, 0)).verdict).toBe('complete');
  // The stream may bring the same later; nothing is shown twice.
  expect(await fixture.append(statusItem(last))).toMatchObject({ stored: 0, duplicates: 1 });
});

test('without a history the gap stays open, with the attempt on record', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
  await fixture.append(head(idOf(12)));
  await fixture.snapshot(idOf(12), [snapshotItem(envelope(12, 'C-1', 5))]);
  expect(await fixture.settle(START + 5)).toMatchObject({ healed: 0, open: 1 });
  expect(await gaps()).toMatchObject([{ attempts: 1, nextAttemptAt: START + 60_005, note: 'tried' }]);
  // The row tells the truth all the same.
  expect(await row('C-1')).toMatchObject({ version: 5, unread: 0 });
  expect((await fixture.core().contract(fixture.accountId, 'C-1'))?.hasGap).toBe(true);
});

test('a history page with garbage or of another contract is counted, not fatal', async () => {
  await fixture.snapshot(idOf(1), [snapshotItem(envelope(1, 'C-1', 1))]);
  const merged = await merge(
    'C-1',
    null,
    { specversion: '1.0' },
    envelope(2, 'C-2', 1),
    envelope(2, 'C-1', 2),
  );
  expect(merged).toMatchObject({ stored: 1, unreadable: 3 });
});

test('a contract first seen after a gap began is not taken to be whole', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
  // 11 was version 1 of C-2; it is missing.
  await fixture.append(change(12, 'C-2', 2));
  const { needHistory } = await fixture.snapshot(idOf(12), [
    snapshotItem(envelope(10, 'C-1', 3)),
    snapshotItem(envelope(12, 'C-2', 2)),
  ]);
  expect(needHistory).toEqual(['C-2']);
  expect(await fixture.settle()).toMatchObject({ open: 1 });
  await merge('C-2', envelope(11, 'C-2', 1), envelope(12, 'C-2', 2));
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
});

test('a contract that vanished from the snapshot proves nothing', async () => {
  await fixture.snapshot(idOf(10), [
    snapshotItem(envelope(10, 'C-1', 3)),
    snapshotItem(envelope(9, 'C-2', 1)),
  ]);
  await fixture.append(stale(idOf(12)));
  await fixture.snapshot(idOf(12), [snapshotItem(envelope(10, 'C-1', 3))]);
  expect(await fixture.settle()).toMatchObject({ open: 1 });
  await fixture.snapshot(idOf(12), [
    snapshotItem(envelope(10, 'C-1', 3)),
    snapshotItem(envelope(9, 'C-2', 1)),
  ]);
  expect(await fixture.settle()).toMatchObject({ healed: 1, open: 0 });
});

test('a snapshot older than the gap does not heal it', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
  await fixture.append(head(idOf(14)));
  await fixture.snapshot(idOf(12), [snapshotItem(envelope(10, 'C-1', 3))]);
  expect(await fixture.settle()).toMatchObject({ open: 1 });
});

test('an unreadable event is healed by its readable copy in the history', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
  await fixture.append(garbage(idOf(11)));
  await merge('C-1', envelope(11, 'C-1', 4));
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
  expect(await row('C-1')).toMatchObject({ version: 4, unread: 1 });
});

test('a gap without a place heals only by a snapshot asked for after it was known', async () => {
  await fixture.snapshot('x1', [snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' }))]);
  await fixture.append(garbage('x2'));
  const items = [snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' }))];
  // This one may have been answered before the event came.
  await fixture.snapshot('x1', items);
  expect(await fixture.settle()).toMatchObject({ open: 1 });
  await fixture.snapshot('x2', items);
  expect(await fixture.settle()).toMatchObject({ healed: 1, open: 0 });
});

test('version gaps heal by the versions themselves', async () => {
  await fixture.snapshot('x1', [snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' }))]);
  await fixture.append(change(4, 'C-1', 4, { id: 'x4' }));
  expect(await gaps()).toMatchObject([{ kind: 'version', contractId: 'C-1' }]);
  await merge('C-1', envelope(2, 'C-1', 2, { id: 'x2' }));
  expect(await fixture.settle()).toMatchObject({ open: 1 });
  await merge('C-1', envelope(3, 'C-1', 3, { id: 'x3' }));
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
});

test('a snapshot is applied only when it is whole, and a new begin drops the old pages', async () => {
  const core = fixture.core();
  await core.beginSnapshot(fixture.accountId, { asOf: idOf(5), at: new Date(START).toISOString() });
  await core.stageSnapshot(fixture.accountId, [snapshotItem(envelope(5, 'C-9', 1))]);
  await fixture.reopen();
  expect(await row('C-9')).toBeUndefined();
  await fixture.snapshot(idOf(6), [snapshotItem(envelope(6, 'C-1', 1))]);
  expect(await row('C-9')).toBeUndefined();
  await expect(async () => fixture.core().finishSnapshot(fixture.accountId, START)).rejects.toMatchObject({
    code: 'unknown',
  });
});

test('two accounts with the same ids never mix', async () => {
  const core = fixture.core();
  const other = await core.account({ ...KEY, server: 'https://two.example' });
  expect(other.accountId).not.toBe(fixture.accountId);
  await fixture.append(change(1, 'C-1', 1, { to: 'signed' }), change(3, 'C-1', 3, { to: 'signed' }));
  const outcome = await core.append(other.accountId, [change(1, 'C-1', 1, { to: 'declined' })], START);
  expect(outcome).toMatchObject({ stored: 1, quarantined: 0, duplicates: 0 });
  expect((await core.contract(other.accountId, 'C-1'))?.row).toMatchObject({ to: 'declined', unread: 1 });
  expect(await core.gaps(other.accountId, 'all')).toEqual([]);
  expect(await gaps()).toHaveLength(1);
  await core.perform(other.accountId, ['C-1'], { do: 'read', read: true }, START);
  expect(await row('C-1')).toMatchObject({ to: 'signed', unread: 2 });
  await core.eraseAccount(other.accountId);
  expect(await row('C-1')).toMatchObject({ to: 'signed', unread: 2 });
  expect(await core.account({ ...KEY, server: 'https://two.example' })).toMatchObject({
    cursor: null,
    baseline: 'none',
  });
  const left = fixture.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM raw_envelope) + (SELECT count(*) FROM event_key) AS n`,
  );
  expect(left).toEqual([{ n: 6 }]);
});

test('a snapshot from before a gap never heals it, however often it is served', async () => {
  await fixture.snapshot(null, []);
  const unreadable = garbage(idOf(3), '{"contract":');
  await fixture.append(change(1, 'C-1', 1), change(2, 'C-2', 1), unreadable);
  for (const attempt of [1, 2, 3]) {
    const first = snapshotItem(envelope(1, 'C-1', 1));
    const second = snapshotItem(envelope(2, 'C-2', 1));
    for (const [asOf, items] of [
      [idOf(2), [first, second]],
      [null, []],
    ] as const) {
      await fixture.snapshot(asOf, items);
      expect(await fixture.settle(START + attempt), `${asOf} ${attempt}`).toMatchObject({
        healed: 0,
        open: 1,
      });
    }
  }
  expect(await gaps()).toMatchObject([{ kind: 'quarantine', fromSequence: 3 }]);
  const outcome = await fixture.append(change(3, 'C-2', 2));
  expect(outcome.fresh.map((fresh) => fresh.eventId)).toEqual([idOf(3)]);
  expect(await gaps()).toEqual([]);
});

test('a snapshot that knows nothing of a new epoch heals none of what that epoch lacks', async () => {
  await fixture.snapshot(idOf(1), [snapshotItem(envelope(1, 'C-1', 1))]);
  await fixture.append(stale(null));
  await fixture.snapshot(idOf(1, 'e8'), [snapshotItem(envelope(1, 'C-1', 2, { epoch: 'e8' }))]);
  await fixture.settle(START + 1);
  await fixture.snapshot(null, [snapshotItem(envelope(1, 'C-1', 1))]);
  await fixture.settle(START + 2);
  expect(await gaps()).toMatchObject([{ kind: 'epoch', epoch: 'e8', fromSequence: 1, toSequence: 1 }]);
});

test('a history that tells a change twice: it is shown and counted once', async () => {
  await fixture.snapshot(null, []);
  const told = [envelope(1, 'C-1', 1), envelope(2, 'C-1', 2), envelope(2, 'C-1', 2)];
  expect(await merge('C-1', ...told)).toMatchObject({ stored: 2, unreadable: 0 });
  expect(await row('C-1')).toMatchObject({ version: 2, unread: 2 });
});

test.each([
  ['own ids', (n: number) => idOf(n)],
  ['ids without an order', (n: number) => `x${n}`],
])(
  '%s: what the opening of a contract brought ahead of the stream is news once that brings it',
  async (_, id) => {
    const event = (n: number, version: number) => envelope(n, 'C-1', version, { id: id(n) });
    await fixture.snapshot(id(10), [snapshotItem(event(10, 3))]);
    const opened = await fixture.history('C-1', [event(9, 2), event(10, 3), event(11, 4)], START, false);
    expect(opened).toMatchObject({ stored: 2, fresh: [] });
    const came = await fixture.append(change(11, 'C-1', 4, { id: id(11) }));
    expect(came).toMatchObject({ stored: 0, duplicates: 1, news: 1 });
    expect(came.fresh.map((each) => each.eventId)).toEqual([id(11)]);
    // Once, and not what was there before.
    const again = await fixture.append(...[9, 10, 11].map((n) => change(n, 'C-1', n - 7, { id: id(n) })));
    expect(again).toMatchObject({ stored: 0, fresh: [] });
  },
);

test.each([
  ['own ids', (n: number) => idOf(n)],
  ['ids without an order', (n: number) => `x${n}`],
])(
  '%s: what the stream brought unreadably is news when the opening of its contract brings it',
  async (_, id) => {
    const event = (n: number, version: number) => envelope(n, 'C-1', version, { id: id(n) });
    await fixture.snapshot(id(10), [snapshotItem(event(10, 3))]);
    const cut = JSON.stringify(event(11, 4)).slice(0, -20);
    await fixture.append({ ...statusItem(event(11, 4)), data: cut } as never);
    const opened = await fixture.history('C-1', [event(9, 2), event(10, 3), event(11, 4)], START, false);
    expect(opened.fresh.map((each) => each.eventId)).toEqual([id(11)]);
  },
);

test('what a repair has told, the stream does not tell again; nor what a history brought of before a contract’s first change', async () => {
  const event = (n: number, version: number) => envelope(n, 'C-1', version, { id: `x${n}` });
  const stream = async (...ns: readonly number[]) =>
    (await fixture.append(...ns.map((n) => change(n, 'C-1', n, { id: `x${n}` })))).fresh.map(
      (each) => each.eventId,
    );
  await fixture.core().markWithoutSnapshot(fixture.accountId);
  expect(await stream(3)).toEqual(['x3']);
  const repaired = await fixture.history('C-1', [event(4, 4)], START);
  expect(repaired.fresh.map((each) => each.eventId)).toEqual(['x4']);
  await fixture.history('C-1', [event(1, 1), event(2, 2)], START, false);
  expect(await stream(1, 2, 3, 4)).toEqual([]);
});

test('what a history brings heals what it fills at once: whoever opens a contract asks without an attempt at repair', async () => {
  await fixture.snapshot(idOf(10), [
    snapshotItem(envelope(10, 'C-1', 3)),
    snapshotItem(envelope(9, 'C-2', 1)),
  ]);
  await fixture.append(garbage(idOf(11), '{"contract":{"id":"C-1","title":'), change(13, 'C-2', 3));
  expect((await gaps()).map(({ kind }) => kind).toSorted()).toEqual(['quarantine', 'sequence']);
  await fixture.history('C-1', [envelope(11, 'C-1', 4)], START, false);
  expect((await gaps()).map(({ kind }) => kind)).toEqual(['sequence']);
  await fixture.history('C-2', [envelope(12, 'C-2', 2)], START, false);
  expect(await gaps()).toEqual([]);
});

test('what the last head named is here once a history or a list has brought it, and not before', async () => {
  await fixture.snapshot(idOf(1), [snapshotItem(envelope(1, 'C-1', 1))]);
  expect(await fixture.settle()).toMatchObject({ isHeadHere: true });
  await fixture.append(head(idOf(3)));
  expect(await fixture.settle()).toMatchObject({ isHeadHere: false });
  await merge('C-1', envelope(1, 'C-1', 1), envelope(2, 'C-1', 2));
  expect(await fixture.settle()).toMatchObject({ isHeadHere: false });
  await merge('C-1', envelope(3, 'C-1', 3));
  expect(await fixture.settle()).toMatchObject({ isHeadHere: true, open: 0 });
  await fixture.append(head(idOf(5)));
  expect(await fixture.settle()).toMatchObject({ isHeadHere: false });
  await fixture.snapshot(idOf(5), [snapshotItem(envelope(3, 'C-1', 3))]);
  expect(await fixture.settle()).toMatchObject({ isHeadHere: true });
});

test('what a repair brought ahead of the stream is told as that; what lies behind it as news', async () => {
  await fixture.snapshot(idOf(1), [snapshotItem(envelope(1, 'C-1', 1))]);
  await fixture.append(change(4, 'C-2', 1));
  const merged = await merge('C-1', ...[2, 3, 5].map((n) => envelope(n, 'C-1', n === 5 ? 4 : n)));
  expect(merged.fresh.map(({ eventId, isAhead }) => [eventId, isAhead === true])).toEqual([
    [idOf(2), false],
    [idOf(3), false],
    [idOf(5), true],
  ]);
});
