import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, envelope, head, idOf, KEY, snapshotItem, stale, START } from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
});
afterEach(() => fixture.dispose());

const gaps = async () => fixture.core().gaps(fixture.accountId, 'open');
const cursor = async (): Promise<string | null> => (await fixture.core().account(KEY)).cursor;
const verdict = async () => (await fixture.core().receipt(fixture.accountId, 0)).verdict;
const order = async (): Promise<string[]> => {
  const page = await fixture
    .core()
    .readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 50 });
  return page.rows.map((row) => row.contractId);
};

test('a stale cursor: what the server forgot is a gap, the cursor is its head, what still comes fills it', async () => {
  const outcome = await fixture.append(stale(idOf(15), idOf(13)));
  expect(outcome).toMatchObject({ cursor: idOf(15), repair: 'now' });
  expect(await gaps()).toMatchObject([{ kind: 'stale', fromSequence: 11, toSequence: 15 }]);
  const rest = [13, 14, 15].map((n) => change(n, 'C-2', n - 12));
  expect(await fixture.append(...rest)).toMatchObject({ stored: 3, cursor: idOf(15) });
  expect((await fixture.core().receipt(fixture.accountId, 0)).missing).toBe(2);
  await fixture.append(change(11, 'C-3', 1), change(12, 'C-3', 2));
  expect(await gaps()).toEqual([]);
});

test('a new epoch by StreamStale: everything in it up to its head is a gap', async () => {
  await fixture.append(change(11, 'C-1', 4), stale(idOf(4, 'e8'), idOf(1, 'e8')));
  expect(await gaps()).toMatchObject([{ kind: 'epoch', epoch: 'e8', fromSequence: 1, toSequence: 4 }]);
  expect(await cursor()).toBe(idOf(4, 'e8'));
  // All of the new epoch is no proof for the end of the old one.
  await fixture.append(...[1, 2, 3, 4].map((n) => change(n, 'C-2', n, { epoch: 'e8' })));
  expect(await fixture.settle()).toMatchObject({ healed: 0, open: 1 });
  expect(await verdict()).toBe('gaps');
});

test('an event or a head of a new epoch without StreamStale opens the gap too', async () => {
  await fixture.append(change(3, 'C-2', 3, { epoch: 'e8' }));
  expect(await gaps()).toMatchObject([{ kind: 'epoch', epoch: 'e8', fromSequence: 1, toSequence: 2 }]);
  await fixture.append(head(idOf(2, 'e9')));
  expect(await gaps()).toMatchObject([
    { epoch: 'e8' },
    { kind: 'epoch', epoch: 'e9', fromSequence: 1, toSequence: 2 },
  ]);
  expect(await cursor()).toBe(idOf(3, 'e8'));
});

test('the first event of a new epoch opens an epoch gap of unknown size', async () => {
  await fixture.append(change(1, 'C-2', 1, { epoch: 'e8' }));
  expect(await gaps()).toMatchObject([{ kind: 'epoch', fromSequence: null, toSequence: null }]);
  expect((await fixture.core().receipt(fixture.accountId, 0)).missing).toBeNull();
});

test('a late event of the old epoch goes to its old place and moves no cursor', async () => {
  await fixture.append(change(11, 'C-2', 1), change(1, 'C-3', 1, { epoch: 'e8' }), change(12, 'C-4', 1));
  expect(await cursor()).toBe(idOf(1, 'e8'));
  expect(await order()).toEqual(['C-3', 'C-4', 'C-2', 'C-1']);
});

test('a server restored from a backup re-uses ids: ours make room, new content is stored, the row follows', async () => {
  await fixture.append(change(11, 'C-1', 4), change(12, 'C-1', 5, { to: 'signed' }), change(13, 'C-5', 1));
  await fixture.append(stale(idOf(11), idOf(1)));
  expect(await cursor()).toBe(idOf(11));
  expect(await gaps()).toMatchObject([{ kind: 'restart', fromSequence: null }]);
  const again = await fixture.append(change(12, 'C-1', 5, { to: 'declined' }), head(idOf(12)));
  expect(again).toMatchObject({ stored: 1, quarantined: 0, cursor: idOf(12), head: { reached: true } });
  expect((await fixture.core().contract(fixture.accountId, 'C-1'))?.row).toMatchObject({
    version: 5,
    to: 'declined',
  });
  // The snapshot of what is left settles it; C-5 exists on the server no more.
  const outcome = await fixture.snapshot(idOf(12), [
    snapshotItem(envelope(12, 'C-1', 5, { to: 'declined' })),
  ]);
  expect(outcome.needHistory).toEqual([]);
  expect(await fixture.settle()).toMatchObject({ healed: 1, open: 0 });
  expect(await verdict()).toBe('complete');
});

test('a head that names the point of return is reached at once', async () => {
  await fixture.append(change(11, 'C-1', 4), change(12, 'C-1', 5), stale(idOf(11), idOf(1)));
  const outcome = await fixture.append(head(idOf(11)));
  expect(outcome.head).toMatchObject({ reached: true, behind: 0 });
});

test('an emptied log: the cursor is cleared, and ids used for the second time are new events', async () => {
  await fixture.append(change(11, 'C-1', 4), stale(null));
  expect(await cursor()).toBeNull();
  expect(await gaps()).toMatchObject([{ kind: 'epoch', fromSequence: null }]);
  const again = await fixture.append(change(1, 'C-6', 1), change(2, 'C-6', 2), change(11, 'C-6', 3));
  expect(again).toMatchObject({ stored: 3, quarantined: 0, cursor: idOf(11) });
  expect(await gaps()).toMatchObject([
    { kind: 'epoch' },
    { kind: 'epoch' },
    { kind: 'sequence', fromSequence: 3, toSequence: 10 },
  ]);
});

test('a snapshot from before the log was emptied, applied after it, does not make the old log begin again', async () => {
  await fixture.append(change(11, 'C-1', 4));
  const core = fixture.core();
  await core.beginSnapshot(fixture.accountId, { asOf: idOf(12), at: new Date(START).toISOString() });
  await core.stageSnapshot(fixture.accountId, [snapshotItem(envelope(12, 'C-1', 5))]);
  await fixture.append(stale(null, null));
  const { needHistory } = await core.finishSnapshot(fixture.accountId, START);
  expect(needHistory).toEqual(['C-1']);
  const history = [10, 11, 12].map((n) => envelope(n, 'C-1', n - 7));
  expect(await fixture.history('C-1', history, START)).toMatchObject({ stored: 1 });
  await fixture.append(change(1, 'C-2', 1, { epoch: 'e8' }), head(idOf(1, 'e8')));
  // A gap of unknown size is proven away by a snapshot that was asked for after it was seen.
  await fixture.settle();
  await fixture.snapshot(idOf(1, 'e8'), [
    snapshotItem(envelope(12, 'C-1', 5)),
    snapshotItem(envelope(1, 'C-2', 1, { epoch: 'e8' })),
  ]);
  expect(await fixture.settle()).toMatchObject({ open: 0 });
});

test('a snapshot that is ahead of the stream: contracts only the old log told of are asked for, before any gap is known', async () => {
  const unseen = { ...snapshotItem(envelope(12, 'C-9', 2)), lastEventId: null, lastEvent: null };
  const known = snapshotItem(envelope(10, 'C-1', 3));
  expect((await fixture.snapshot(null, [known, unseen])).needHistory).toEqual(['C-9']);
  const history = [11, 12].map((n) => envelope(n, 'C-9', n - 10));
  expect(await fixture.history('C-9', history, START)).toMatchObject({
    stored: 2,
  });
  const nothing = { ...snapshotItem(envelope(13, 'C-8', 4)), lastEventId: null, lastEvent: null };
  expect((await fixture.snapshot(null, [known, unseen, nothing])).needHistory).toEqual(['C-8']);
  await fixture.history('C-8', [], START);
  expect((await fixture.snapshot(null, [known, unseen, nothing])).needHistory).toEqual([]);
});

test('going back to an older epoch retires the newer one', async () => {
  await fixture.append(change(1, 'C-2', 1, { epoch: 'e8' }), stale(idOf(10, 'e7')));
  expect(await cursor()).toBe(idOf(10));
  const again = await fixture.append(change(11, 'C-1', 4), change(1, 'C-9', 1, { epoch: 'e8' }));
  expect(again).toMatchObject({ stored: 2, quarantined: 0 });
  expect(await order()).toEqual(['C-9', 'C-1', 'C-2']);
});

test('opaque ids keep the order of arrival, also around our own form', async () => {
  await fixture.append(
    change(11, 'C-2', 1),
    change(1, 'C-3', 1, { id: 'zz' }),
    change(2, 'C-4', 1, { id: 'aa' }),
    change(1, 'C-5', 1, { epoch: 'e8' }),
  );
  expect(await order()).toEqual(['C-5', 'C-4', 'C-3', 'C-2', 'C-1']);
});

test('ever new epochs end in one that takes everything, and positions stay safe integers', async () => {
  const items = Array.from({ length: 8300 }, (_, i) =>
    change(i + 1, 'C-1', 4 + i, { id: idOf(1, `e${100 + i}`) }),
  );
  const outcome = await fixture.append(...items);
  expect(outcome.stored).toBe(8300);
  const [row] = fixture.query<{ top: number; n: number }>(
    'SELECT max(position) AS top, count(*) AS n FROM event',
  );
  expect(Number.isSafeInteger(row?.top)).toBe(true);
  expect(row?.n).toBe(8301);
  expect((await fixture.core().contract(fixture.accountId, 'C-1'))?.row.version).toBe(8303);
}, 60_000);

test('an absence is told once the head is reached again', async () => {
  const away = START + 3_600_000;
  await fixture.appendAt(START, change(11, 'C-1', 4), head(idOf(11)));
  await fixture.appendAt(away, change(12, 'C-1', 5), change(14, 'C-1', 7));
  expect((await fixture.core().receipt(fixture.accountId, 0)).absence).toBeNull();
  await fixture.appendAt(away + 1000, head(idOf(14)));
  expect((await fixture.core().receipt(fixture.accountId, 0)).absence).toEqual({
    since: START,
    until: away + 1000,
    changes: 2,
    missing: 1,
  });
  await fixture.appendAt(away + 2000, change(13, 'C-1', 6));
  expect((await fixture.core().receipt(fixture.accountId, 0)).absence).toMatchObject({
    changes: 3,
    missing: 0,
  });
});

test('a stale opaque cursor: a gap of unknown size, and what the server still has is stored', async () => {
  const opaque = (n: number) => change(n, 'C-7', n, { id: `x${n}` });
  await fixture.append(opaque(1), opaque(2));
  const outcome = await fixture.append(stale('x9', 'x8'), opaque(8), opaque(9));
  expect(outcome).toMatchObject({ stored: 2, cursor: 'x9', repair: 'now' });
  expect(await gaps()).toMatchObject([{ kind: 'stale', fromSequence: null, toSequence: null }]);
  expect((await fixture.core().receipt(fixture.accountId, 0)).missing).toBeNull();
});

test('without heads an absence ends with the first append ten seconds after its start', async () => {
  const away = START + 3_600_000;
  await fixture.appendAt(START, change(11, 'C-1', 4));
  await fixture.appendAt(away, change(12, 'C-1', 5));
  await fixture.appendAt(away + 9000, change(13, 'C-1', 6));
  expect((await fixture.core().receipt(fixture.accountId, 0)).absence).toBeNull();
  await fixture.appendAt(away + 10_000, change(14, 'C-1', 7));
  const { absence } = await fixture.core().receipt(fixture.accountId, 0);
  expect(absence).toEqual({ since: START, until: away + 10_000, changes: 2, missing: 0 });
});

test('without heads an absence ends once the stream is level, though nothing has come by it', async () => {
  const away = START + 3_600_000;
  await fixture.appendAt(START, change(11, 'C-1', 4));
  await fixture.core().noteLife(fixture.accountId, away, false);
  expect((await fixture.core().receipt(fixture.accountId, 0)).absence).toBeNull();
  await fixture.core().noteLife(fixture.accountId, away + 1000, true);
  const { absence } = await fixture.core().receipt(fixture.accountId, 0);
  expect(absence).toEqual({ since: START, until: away + 1000, changes: 0, missing: 0 });
});

test('an hour in which the stream lives and brings nothing is no absence', async () => {
  await fixture.appendAt(START, change(11, 'C-1', 4));
  for (let minute = 1; minute <= 60; minute++)
    await fixture.core().noteLife(fixture.accountId, START + minute * 60_000, false);
  await fixture.appendAt(START + 3_610_000, change(12, 'C-1', 5));
  await fixture.core().noteLife(fixture.accountId, START + 3_630_000, true);
  expect((await fixture.core().receipt(fixture.accountId, 0)).absence).toBeNull();
});

test('where heads are named, only they end an absence', async () => {
  const away = START + 3_600_000;
  await fixture.appendAt(START, change(11, 'C-1', 4), head(idOf(11)));
  await fixture.core().noteLife(fixture.accountId, away, true);
  expect((await fixture.core().receipt(fixture.accountId, 0)).absence).toBeNull();
});

test('a stray head of another epoch: the old one goes on, its gaps are seen, and the receipt follows it again', async () => {
  const receipt = async () => fixture.core().receipt(fixture.accountId, 0);
  await fixture.append(change(11, 'C-1', 4), head(idOf(5, 'e99')));
  const repair = async (sequence: number, ...items: Parameters<typeof snapshotItem>[0][]) => {
    for (let attempt = 0; attempt < 2; attempt++) {
      await fixture.snapshot(
        idOf(sequence),
        items.map((item) => snapshotItem(item)),
      );
      await fixture.settle();
    }
  };
  await repair(11, envelope(11, 'C-1', 4));
  // 12 was left out; nobody looked for gaps in e7 any more until its head was named.
  const outcome = await fixture.append(change(13, 'C-2', 2), head(idOf(13)));
  expect(outcome).toMatchObject({ repair: 'now', cursor: idOf(13), head: { reached: true } });
  expect(await receipt()).toMatchObject({ verdict: 'gaps', openGaps: [{ kind: 'epoch', epoch: 'e7' }] });
  await fixture.history('C-2', [envelope(12, 'C-2', 1)], START);
  await repair(13, envelope(11, 'C-1', 4), envelope(13, 'C-2', 2));
  expect(await receipt()).toMatchObject({ verdict: 'complete', upToId: idOf(13) });
  await fixture.append(change(15, 'C-2', 4), head(idOf(15)));
  expect(await receipt()).toMatchObject({ verdict: 'gaps', openGaps: [{ fromSequence: 14 }] });
  await fixture.append(change(14, 'C-2', 3));
  expect(await receipt()).toMatchObject({ verdict: 'complete', upToId: idOf(15) });
});

test('an empty baseline, then the whole first epoch missed: its history stands in the order it was published', async () => {
  fixture.dispose();
  fixture = await openFixture();
  await fixture.snapshot(null, []);
  await fixture.append(stale(idOf(1, 'e2')), head(idOf(1, 'e2')));
  const event = (sequence: number, contractId: string, version: number, epoch = 'e1') =>
    envelope(sequence, contractId, version, { epoch });
  // By contract, as histories come.
  const histories = {
    'C-1': [event(1, 'C-1', 1), event(4, 'C-1', 2)],
    'C-2': [event(2, 'C-2', 1), event(3, 'C-2', 2), event(1, 'C-2', 3, 'e2')],
  };
  for (const [contractId, envelopes] of Object.entries(histories)) {
    await fixture.history(contractId, envelopes, START);
  }
  const stored = fixture.query<{ id: string }>('SELECT event_id AS id FROM event ORDER BY position');
  expect(stored.map((row) => row.id)).toEqual([
    ...[1, 2, 3, 4].map((sequence) => idOf(sequence, 'e1')),
    idOf(1, 'e2'),
  ]);
});
