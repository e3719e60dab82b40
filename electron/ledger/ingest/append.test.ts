import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventName } from '../../../protocol/control.ts';
import type { StreamItem } from '../../stream/types.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import {
  change,
  control,
  envelope,
  garbage,
  head,
  idOf,
  KEY,
  snapshotItem,
  START,
  statusItem,
  USER,
} from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const gaps = async () => fixture.core().gaps(fixture.accountId, 'open');
const cursor = async (): Promise<string | null> => (await fixture.core().account(KEY)).cursor;
const baseline = () => fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);

test('events are stored once, with row, unread count and cursor', async () => {
  const outcome = await fixture.append(
    change(1, 'C-1', 1),
    change(2, 'C-1', 2, { to: 'signed' }),
    change(2, 'C-1', 2, { to: 'signed' }),
  );
  expect(outcome).toMatchObject({
    stored: 2,
    duplicates: 1,
    cursor: idOf(2),
    contracts: ['C-1'],
    repair: 'none',
  });
  const detail = await fixture.core().contract(fixture.accountId, 'C-1');
  expect(detail?.row).toMatchObject({ version: 2, to: 'signed', unread: 2, actorName: 'Пётр' });
  expect(detail?.timeline.map((entry) => entry.version)).toEqual([2, 1]);
});

test('a copy in another spelling of JSON is a duplicate', async () => {
  const event = envelope(1, 'C-1', 1);
  await fixture.append(statusItem(event));
  const { data, ...rest } = event;
  const turned = {
    extra: 1,
    data: { ...data, unknown: true },
    ...rest,
    time: event.time.replace('.000Z', '+00:00'),
  };
  const copy: StreamItem = {
    kind: 'event',
    id: event.id,
    name: eventName(USER, 'ContractStatusChanged'),
    data: JSON.stringify(turned, null, 2),
  };
  expect(await fixture.append(copy)).toMatchObject({ stored: 0, duplicates: 1, quarantined: 0 });
  const { timeline } = (await fixture.core().contract(fixture.accountId, 'C-1')) ?? { timeline: [] };
  expect(timeline).toHaveLength(1);
});

test('the same id from another source is another event', async () => {
  const outcome = await fixture.append(
    change(1, 'C-1', 1, { id: 'a' }),
    change(1, 'C-2', 1, { id: 'a', source: '/other' }),
  );
  expect(outcome).toMatchObject({ stored: 2, duplicates: 0 });
});

test('a gap opens a gap at once; the late event heals it and leaves the newer row alone', async () => {
  await baseline();
  const gap = await fixture.append(change(11, 'C-1', 4), change(14, 'C-1', 6, { to: 'signed' }));
  expect(gap.repair).toBe('now');
  expect(await gaps()).toMatchObject([{ kind: 'sequence', epoch: 'e7', fromSequence: 12, toSequence: 13 }]);
  const late = await fixture.append(change(13, 'C-2', 1), change(12, 'C-1', 5, { to: 'viewed' }));
  expect(late).toMatchObject({ stored: 2, cursor: idOf(14) });
  expect(await gaps()).toEqual([]);
  const detail = await fixture.core().contract(fixture.accountId, 'C-1');
  expect(detail?.row).toMatchObject({ version: 6, to: 'signed', unread: 3 });
  expect(detail).toMatchObject({ hasGap: false });
});

test('versions that are passed over while a gap is open are told: their contract may have lost some of it', async () => {
  await baseline();
  const first = await fixture.append(change(11, 'C-1', 4), change(14, 'C-2', 1));
  expect(first).toMatchObject({ repair: 'now' });
  const jump = await fixture.append(change(15, 'C-1', 6));
  expect(jump).toMatchObject({ repair: 'jumped' });
  expect(await gaps()).toMatchObject([{ kind: 'sequence', fromSequence: 12, toSequence: 13 }]);
  // It goes on from there.
  expect(await fixture.append(change(16, 'C-1', 7), change(17, 'C-2', 2))).toMatchObject({ repair: 'none' });
});

test('a head beyond the last event means the last one was left out', async () => {
  await baseline();
  const outcome = await fixture.append(change(11, 'C-1', 4), head(idOf(13)));
  expect(outcome).toMatchObject({ repair: 'now', head: { reached: false, behind: 2 } });
  expect(await gaps()).toMatchObject([{ kind: 'sequence', fromSequence: 12, toSequence: 13 }]);
  expect((await fixture.append(head(idOf(13)))).repair).toBe('none');
  expect(await gaps()).toHaveLength(1);
});

test('the heartbeat that the last head announced is known after a restart', async () => {
  const heartbeat = async () => (await fixture.core().account(KEY)).heartbeatMs;
  expect(await heartbeat()).toBeNull();
  await fixture.append(head(null));
  expect(await heartbeat()).toBe(15_000);
  await fixture.reopen();
  expect(await heartbeat()).toBe(15_000);
  await fixture.append(control('StreamHead', { head: null, at: new Date(START).toISOString() }));
  expect(await heartbeat()).toBeNull();
});

test('replay from too early brings nothing unread from before the baseline', async () => {
  await baseline();
  const outcome = await fixture.append(
    change(8, 'C-1', 1),
    change(9, 'C-1', 2),
    change(10, 'C-1', 3),
    change(11, 'C-1', 4),
  );
  expect(outcome).toMatchObject({ stored: 3, duplicates: 1, cursor: idOf(11) });
  expect(outcome.fresh.map((fresh) => fresh.eventId)).toEqual([idOf(11)]);
  expect(outcome.news).toBe(1);
  expect(await gaps()).toEqual([]);
  expect((await fixture.core().contract(fixture.accountId, 'C-1'))?.row.unread).toBe(1);
});

test('an unreadable own event is set aside whole, opens a gap, and the stream goes on', async () => {
  await baseline();
  const text = `{"contract":{"id":"C-9","title":"\0${'я'.repeat(9000)}`;
  const outcome = await fixture.append(garbage(idOf(11), text), change(12, 'C-1', 4));
  expect(outcome).toMatchObject({ quarantined: 1, stored: 1, cursor: idOf(12), repair: 'later' });
  expect(await gaps()).toMatchObject([
    { kind: 'quarantine', fromSequence: 11, toSequence: 11, contractId: 'C-9' },
  ]);
  // Sent once more it is the same event, not a second gap; sent whole it heals.
  expect(await fixture.append(garbage(idOf(11), text))).toMatchObject({ quarantined: 0, duplicates: 1 });
  expect(await fixture.append(change(11, 'C-9', 1))).toMatchObject({ stored: 1 });
  expect(await gaps()).toEqual([]);
  const [row] = keptTexts();
  expect(row?.text).toBe(text);
  expect(row?.bytes).toBe(Buffer.byteLength(text));
});

const keptTexts = () =>
  fixture
    .query<{ text: Uint8Array; bytes: number }>('SELECT text, bytes FROM quarantine ORDER BY quarantine_id')
    .map((row) => ({ bytes: row.bytes, text: Buffer.from(row.text).toString('utf8') }));

test('what is set aside takes 10 MB at most: the oldest are cut, and are known all the same', async () => {
  await baseline();
  const unreadable = (n: number) => garbage(idOf(10 + n), `{"n":${n},"x":"${'x'.repeat(500_000)}`);
  for (let n = 1; n <= 30; n++) await fixture.append(unreadable(n));
  expect(await fixture.append(unreadable(1), unreadable(30))).toMatchObject({
    quarantined: 0,
    duplicates: 2,
  });
  const kept = keptTexts();
  expect(kept).toHaveLength(30);
  expect(kept.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(10 * 1024 * 1024);
  expect(kept[0]?.text).toHaveLength(4096);
  for (const row of kept.slice(-15)) expect(row.text).toHaveLength(row.bytes);
});

test('what the file refuses is set aside with its reason and a gap; all around it is stored, at once and once', async () => {
  await baseline();
  fixture.query(`CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.actor_name LIKE 'bad%'
    BEGIN SELECT RAISE(ABORT, 'no such actor'); END`);
  const items = Array.from({ length: 100 }, (_, i) =>
    change(11 + i, `C-${i}`, 1, { actor: [7, 8, 60].includes(i) ? `bad ${i}` : 'good' }),
  );
  const outcome = await fixture.append(...items, head(idOf(110)));
  expect(outcome).toMatchObject({ stored: 97, quarantined: 3, cursor: idOf(110), repair: 'later' });
  expect(outcome.head?.reached).toBe(true);
  expect(await gaps()).toMatchObject([
    { kind: 'quarantine', fromSequence: 18, toSequence: 19 },
    { kind: 'quarantine', fromSequence: 71, toSequence: 71 },
  ]);
  const { quarantined } = await fixture.core().diagnostics();
  expect(quarantined[0]).toMatchObject({ eventId: idOf(71), reason: 'could not be stored: no such actor' });
  expect(keptTexts()[0]?.text).toContain('bad 7');
  expect(await fixture.append(change(111, 'C-1', 2))).toMatchObject({ stored: 1 });
});

test('a history and a snapshot lose one refused event to quarantine, and nothing else', async () => {
  fixture.query(`CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.actor_name = 'bad'
    BEGIN SELECT RAISE(ABORT, 'no such actor'); END`);
  const bad = { actor: 'bad' };
  const items = [1, 2, 3, 4].map((n) => snapshotItem(envelope(n, `C-${n}`, 5, n === 3 ? bad : {})));
  expect(await fixture.snapshot(idOf(4), items)).toMatchObject({ baseline: true, cursor: idOf(4) });
  const page = await fixture
    .core()
    .readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 10 });
  expect(page.rows.map((row) => row.contractId).toSorted()).toEqual(['C-1', 'C-2', 'C-4']);
  expect(await gaps()).toMatchObject([{ kind: 'quarantine', contractId: 'C-3' }]);
  expect((await fixture.core().receipt(fixture.accountId, START)).verdict).toBe('gaps');
  const history = [envelope(5, 'C-3', 1), envelope(6, 'C-3', 2, bad), envelope(7, 'C-3', 3)];
  expect(await fixture.history('C-3', history)).toMatchObject({ stored: 2, unreadable: 1 });
  // As long as the snapshot cannot be read whole, it proves nothing.
  await fixture.snapshot(idOf(4), items);
  expect((await fixture.settle()).open).toBe(1);
  await fixture.settle();
  fixture.query('DROP TRIGGER refuse');
  await fixture.snapshot(idOf(4), items);
  await fixture.history('C-3', [envelope(6, 'C-3', 2), envelope(8, 'C-3', 4), envelope(3, 'C-3', 5)]);
  expect(await fixture.settle()).toMatchObject({ healed: 1, open: 0 });
});

test('an oversize own event is set aside; unreadable neighbours are one gap', async () => {
  await baseline();
  const oversize: StreamItem = {
    kind: 'oversize',
    id: idOf(11),
    name: eventName(USER, 'ContractStatusChanged'),
    head: '{"specversion"',
    bytes: 5_000_000,
  };
  expect(await fixture.append(oversize, garbage(idOf(12)))).toMatchObject({
    quarantined: 2,
    cursor: idOf(12),
  });
  expect(await gaps()).toMatchObject([
    { kind: 'quarantine', fromSequence: 11, toSequence: 12, contractId: null },
  ]);
  expect((await fixture.core().receipt(fixture.accountId, 0)).missing).toBe(2);
});

test('an unreadable event without an id, repeated, is one gap of unknown place', async () => {
  await baseline();
  await fixture.append(garbage(null, 'one'), garbage(null, 'one'), garbage(null, 'two'));
  expect(await gaps()).toMatchObject([{ kind: 'quarantine', fromSequence: null }]);
  expect((await fixture.core().receipt(fixture.accountId, 0)).missing).toBe(2);
});

test('foreign names are counted, never stored, and move no cursor of our own form', async () => {
  const foreign = (name: string, id: string | null): StreamItem => ({ kind: 'event', id, name, data: '{}' });
  const outcome = await fixture.append(
    change(1, 'C-1', 1),
    foreign('u4_ContractStatusChanged', idOf(2)),
    foreign('u421_StreamHead', null),
    foreign('u42_Other', null),
    ...Array.from({ length: 150 }, (_, i) => foreign(`x${i}`, null)),
  );
  expect(outcome).toMatchObject({ stored: 1, foreign: 153, cursor: idOf(1) });
  const { foreignNames, events } = await fixture.core().diagnostics();
  expect(events).toBe(1);
  expect(foreignNames).toHaveLength(101);
  expect(foreignNames[0]).toEqual({ name: '(others)', count: 53 });
});

test('as long as nothing was for this user: what comes is kept whole, the cursor stands, and the receipt says so', async () => {
  await fixture.snapshot('s', []);
  const receipt = () => fixture.core().receipt(fixture.accountId, 0);
  expect((await receipt()).notForUser).toBeNull();
  const other = (name: string, n: number, data = '{}'): StreamItem => ({
    kind: 'event',
    id: `x${n}`,
    name,
    data,
  });
  const long = `{"specversion":"1.0","text":"${'я'.repeat(9000)}`;
  const items = [
    other('u7_ContractStatusChanged', 1, long),
    other('u7_ContractStatusChanged', 2),
    other('message', 3),
  ];
  const notice = other('message', 4, '{"kind":"notice","text":"Hello"}');
  expect(await fixture.append(...items, notice, { kind: 'id', id: 'x5' })).toMatchObject({
    stored: 0,
    foreign: 3,
    cursor: 's',
    notices: ['Hello'],
    repair: 'none',
  });
  expect(await receipt()).toMatchObject({
    verdict: 'no_gap_seen',
    notForUser: { count: 3, names: ['u7_ContractStatusChanged', ''] },
  });
  expect(keptTexts().map(({ text }) => text)).toEqual([long, '{}', '{}']);
  // The server sends them again from the cursor: nothing is kept twice.
  await fixture.append(...items);
  expect(keptTexts()).toHaveLength(3);
  await fixture.reopen();
  expect((await receipt()).notForUser?.count).toBe(6);
  // The first own change: the cursor moves on, and what is foreign is only counted again.
  expect(await fixture.append(change(1, 'C-1', 1, { id: 'x6' }))).toMatchObject({ stored: 1, cursor: 'x6' });
  expect((await receipt()).notForUser).toBeNull();
  expect(await fixture.append(other('u7_ContractStatusChanged', 7))).toMatchObject({ cursor: 'x7' });
  expect(keptTexts()).toHaveLength(3);
});

test('a server that sends to all, and whose own head says that there is nothing for this user, is complete', async () => {
  await fixture.snapshot(null, []);
  const foreign: StreamItem = { kind: 'event', id: 'x1', name: 'u7_ContractStatusChanged', data: '{}' };
  await fixture.append(foreign, head(null));
  expect(await fixture.core().receipt(fixture.accountId, 0)).toMatchObject({
    verdict: 'complete',
    notForUser: null,
  });
});

test('an empty snapshot from before is no proof that what is addressed to others is not meant for this user', async () => {
  await fixture.snapshot(null, []);
  const receipt = () => fixture.core().receipt(fixture.accountId, 0);
  expect(await receipt()).toMatchObject({ verdict: 'complete', notForUser: null });
  await fixture.append({ kind: 'event', id: null, name: 'message', data: '{}' });
  expect(await receipt()).toMatchObject({ verdict: 'no_gap_seen', notForUser: { count: 1, names: [''] } });
});

test('an id alone moves only the cursor; an empty id clears it', async () => {
  await fixture.append(change(1, 'C-1', 1, { id: 'a' }), { kind: 'id', id: 'b:7' });
  expect(await cursor()).toBe('b:7');
  await fixture.append({ kind: 'id', id: '' });
  expect(await cursor()).toBeNull();
});

test('the key is the id of the envelope, the cursor that of the stream', async () => {
  const event = envelope(1, 'C-1', 1, { id: 'k1' });
  expect(await fixture.append(statusItem(event, '1712:3'))).toMatchObject({ stored: 1, cursor: '1712:3' });
  expect(await fixture.append(statusItem(event, '1712:4'))).toMatchObject({
    duplicates: 1,
    cursor: '1712:4',
  });
});

test('an event without a stream id is stored and leaves the cursor', async () => {
  const outcome = await fixture.append(change(1, 'C-1', 1), statusItem(envelope(2, 'C-1', 2), null));
  expect(outcome).toMatchObject({ stored: 2, cursor: idOf(1) });
});

test('an inclusive replay of opaque ids does not set the cursor back', async () => {
  const [a, b] = [change(1, 'C-1', 1, { id: 'a' }), change(2, 'C-1', 2, { id: 'b' })];
  await fixture.append(a, b);
  expect(await fixture.append(a)).toMatchObject({ duplicates: 1, cursor: 'b' });
});

test('control events move nothing; unreadable ones are noted without a gap', async () => {
  await fixture.append(change(1, 'C-1', 1));
  const notice: StreamItem = {
    kind: 'event',
    id: null,
    name: 'message',
    data: '{"kind":"notice","text":"Hello"}',
  };
  const outcome = await fixture.append(notice, control('StreamHead', { head: 7 }), head(idOf(1)));
  expect(outcome).toMatchObject({
    notices: ['Hello'],
    quarantined: 1,
    cursor: idOf(1),
    head: { reached: true },
  });
  expect(await gaps()).toEqual([]);
});

test.each([0, -1, 5, 3_600_000, null, '15000'])(
  'a head stands, whatever its heartbeat (%s) is worth',
  async (heartbeatMs) => {
    const at = new Date(START).toISOString();
    const { head, quarantined } = await fixture.append(
      change(1, 'C-1', 1),
      control('StreamHead', { head: idOf(1), at, heartbeatMs }),
    );
    expect({ head, quarantined }).toMatchObject({ head: { reached: true }, quarantined: 0 });
    expect(head?.heartbeatMs).toBeUndefined();
  },
);

test('a jump of versions is a gap of its own only when nothing else explains it', async () => {
  await fixture.snapshot('x1', [snapshotItem(envelope(1, 'C-1', 3, { id: 'x1' }))]);
  await fixture.append(change(2, 'C-1', 6, { id: 'x2' }));
  expect(await gaps()).toMatchObject([{ kind: 'version', contractId: 'C-1' }]);
  expect((await fixture.core().contract(fixture.accountId, 'C-1'))?.hasGap).toBe(true);
  expect((await fixture.core().receipt(fixture.accountId, 0)).missing).toBe(2);
  await fixture.append(change(3, 'C-1', 4, { id: 'x3' }), change(4, 'C-1', 5, { id: 'x4' }));
  expect(await gaps()).toEqual([]);
});

test('versions missing behind a healed sequence gap become a gap of their own', async () => {
  await baseline();
  // 12 is missing, so the jump from 3 to 6 may lie there; 12 turns out to be another contract's.
  await fixture.append(change(11, 'C-2', 1), change(13, 'C-1', 6));
  expect(await gaps()).toMatchObject([{ kind: 'sequence' }]);
  await fixture.append(change(12, 'C-2', 2));
  expect(await gaps()).toMatchObject([{ kind: 'version', contractId: 'C-1' }]);
});

test('the newest 50 are told as fresh, oldest first; contracts only up to 500', async () => {
  const many = Array.from({ length: 600 }, (_, i) => change(i + 1, `C-${i}`, 1));
  const outcome = await fixture.append(...many);
  expect(outcome.contracts).toBeNull();
  expect(outcome.fresh.map((fresh) => fresh.contractId)).toEqual(
    Array.from({ length: 50 }, (_, i) => `C-${550 + i}`),
  );
});

test('a need that nothing followed is told as fresh, too, however much came after it', async () => {
  const quiet = Array.from({ length: 600 }, (_, i) => change(i + 2, `C-${i}`, 1, { actionRequired: false }));
  const { fresh } = await fixture.append(change(1, 'C-need', 1, { actionRequired: true }), ...quiet);
  expect(fresh.map(({ contractId }) => contractId)).toEqual([
    'C-need',
    ...Array.from({ length: 50 }, (_, i) => `C-${550 + i}`),
  ]);
});

test('a head of ids without an order that nothing here reaches: the names seen are told, not that all is complete', async () => {
  await fixture.snapshot(null, []);
  const receipt = () => fixture.core().receipt(fixture.accountId, 0);
  const foreign: StreamItem = { kind: 'event', id: 'x1', name: 'U42_ContractStatusChanged', data: '{}' };
  await fixture.append(foreign, head('x1'));
  const names = ['U42_ContractStatusChanged'];
  expect(await receipt()).toMatchObject({ verdict: 'confirming', notForUser: { count: 1, names } });
  await fixture.reopen();
  expect(await receipt()).toMatchObject({ verdict: 'confirming', notForUser: { count: 1, names } });
  // The server says that there is nothing after all: its list has to say so, too.
  expect(await fixture.append(head(null))).toMatchObject({ repair: 'now' });
  expect(await receipt()).toMatchObject({ verdict: 'gaps' });
  await fixture.settle();
  await fixture.snapshot(null, []);
  await fixture.settle();
  expect(await receipt()).toMatchObject({ verdict: 'complete', notForUser: null });
});
