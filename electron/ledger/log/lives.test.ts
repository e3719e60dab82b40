import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StreamItem } from '../../stream/types.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
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
} from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const receipt = () => fixture.core().receipt(fixture.accountId, 0);
const contract = (id: string) => fixture.core().contract(fixture.accountId, id);
const cursor = async (): Promise<string | null> => (await fixture.core().account(KEY)).cursor;
const epochs = (): number =>
  fixture.query<{ n: number }>('SELECT count(*) AS n FROM epoch')[0]?.n ?? Number.NaN;
const restarts = (): number =>
  fixture.query<{ n: number }>('SELECT restarts AS n FROM account')[0]?.n ?? Number.NaN;
const timeline = async (id: string) =>
  (await contract(id))?.timeline.map((entry) => [entry.eventId, entry.version, entry.to]);

/** An event of a server with a counter in memory: ids 1, 2, 3 … */
const counted = (n: number, contractId: string, version: number, to = 'viewed'): StreamItem =>
  change(n, contractId, version, { id: String(n), to });

/** As a snapshot tells of a contract without its last event. */
const told = (id: string, contractId: string, version: number, to = 'viewed') => ({
  ...snapshotItem(envelope(1, contractId, version, { id, to })),
  lastEvent: null,
});

test('a counter in memory begins again: everything is stored, one new life, and the receipt says so', async () => {
  await fixture.core().markWithoutSnapshot(fixture.accountId);
  await fixture.append(...[1, 2, 3].map((n) => counted(n, `A-${n}`, 1)));
  expect((await receipt()).restartedAt).toBeNull();
  const again = await fixture.appendAt(START + 5000, ...[1, 2, 3, 4, 5].map((n) => counted(n, `B-${n}`, 1)));
  expect(again).toMatchObject({ stored: 5, duplicates: 0, quarantined: 0, cursor: '5' });
  expect(again.fresh).toHaveLength(5);
  expect(await receipt()).toMatchObject({
    verdict: 'no_baseline',
    restartedAt: START + 5000,
    changesToday: 8,
  });
  expect(restarts()).toBe(1);
});

test.each(['opaque', 'own'])(
  'a server whose events all have one id (%s): all are stored, and it is asked at once only when it has counted on for a while',
  async (form) => {
    await fixture.snapshot(null, []);
    const id = form === 'own' ? idOf(1) : 'x';
    const needs: string[] = [];
    for (const seconds of [0, 1, 2, 3, 300, 900, 1_600, 1_601]) {
      const item = change(1, `C-${seconds}`, 1, { id });
      const outcome = await fixture.appendAt(START + seconds * 1_000, item);
      expect(outcome).toMatchObject({ stored: 1, news: 1, quarantined: 0 });
      needs.push(outcome.repair);
    }
    expect(needs.slice(1)).toEqual(['now', 'later', 'later', 'later', 'now', 'now', 'later']);
    expect((await receipt()).verdict).toBe('gaps');
  },
);

test('versions that begin again with the ids: the later life is shown, unread, and not as acknowledged', async () => {
  await fixture.snapshot('3', [snapshotItem(envelope(3, 'C-1', 9, { id: '3', to: 'signed' }))]);
  await fixture.append(counted(4, 'C-1', 10, 'active'), counted(5, 'C-2', 1));
  const again = await fixture.append(
    counted(4, 'C-2', 1, 'sent'),
    change(5, 'C-1', 1, { id: '5', to: 'draft', actionRequired: true }),
    counted(6, 'C-1', 2, 'sent'),
  );
  expect(again).toMatchObject({ stored: 3, repair: 'now' });
  expect(again.fresh).toHaveLength(3);
  expect((await contract('C-1'))?.row).toMatchObject({ version: 2, to: 'sent', unread: 3 });
  expect(await timeline('C-1')).toEqual([
    ['6', 2, 'sent'],
    ['5', 1, 'draft'],
    ['4', 10, 'active'],
    ['3', 9, 'signed'],
  ]);
  // A jump within the new life is seen although the old one had that version.
  await fixture.append(counted(7, 'C-1', 5));
  expect(await receipt()).toMatchObject({ verdict: 'gaps', restartedAt: null });
});

test('versions that go on while the ids begin again: what did not come in between is a gap', async () => {
  await fixture.core().markWithoutSnapshot(fixture.accountId);
  await fixture.append(counted(1, 'C-1', 1), counted(2, 'C-1', 2));
  await fixture.append(counted(1, 'C-1', 4));
  expect((await receipt()).openGaps).toMatchObject([{ kind: 'version', contractId: 'C-1' }]);
  expect(await contract('C-1')).toMatchObject({ hasGap: true, row: { version: 4 } });
});

test.each(['opaque', 'own'])(
  'two servers behind one address take turns (%s ids): each event once, no more lives than servers',
  async (form) => {
    await fixture.core().markWithoutSnapshot(fixture.accountId);
    const id = (n: number): string => (form === 'own' ? idOf(n) : `x${n}`);
    const of = (server: string, count: number): StreamItem[] =>
      Array.from({ length: count }, (_, i) =>
        change(i + 1, `${server}-${i % 3}`, Math.floor(i / 3) + 1, { id: id(i + 1) }),
      );
    for (const server of ['A', 'B', 'A', 'B', 'A']) await fixture.append(...of(server, 9));
    expect((await receipt()).changesToday).toBe(18);
    expect(restarts()).toBe(1);
    if (form === 'own') return;
    // Also while both go on.
    for (const count of [11, 13, 15]) {
      for (const server of ['A', 'B']) await fixture.append(...of(server, count));
    }
    expect((await receipt()).changesToday).toBe(30);
    expect(restarts()).toBe(1);
    expect(epochs()).toBe(2);
  },
);

test('an own log that begins again in the same epoch: stored, in order after the old one, and a gap until proven', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
  await fixture.append(change(11, 'C-1', 4), change(12, 'C-2', 1), head(idOf(12)));
  expect((await receipt()).verdict).toBe('complete');
  const again = await fixture.append(
    change(11, 'C-3', 1, { to: 'draft' }),
    change(12, 'C-1', 4, { to: 'declined' }),
    head(idOf(12)),
  );
  expect(again).toMatchObject({ stored: 2, quarantined: 0, cursor: idOf(12), repair: 'now' });
  expect(await receipt()).toMatchObject({
    verdict: 'gaps',
    missing: null,
    openGaps: [{ kind: 'restart', epoch: 'e7' }],
  });
  expect((await contract('C-1'))?.row).toMatchObject({ to: 'declined', unread: 2 });
  const now = [
    snapshotItem(envelope(11, 'C-3', 1, { to: 'draft' })),
    snapshotItem(envelope(12, 'C-1', 4, { to: 'declined' })),
  ];
  expect((await fixture.snapshot(idOf(12), now)).needHistory).toEqual([]);
  expect(await fixture.settle()).toMatchObject({ healed: 1, open: 0 });
  expect(await receipt()).toMatchObject({ verdict: 'complete', upToId: idOf(12), missing: 0 });
});

/** Every stored event in the order of places, `ID of CONTRACT`; no place is held twice. */
function placed(): string[] {
  const rows = fixture.query<{ position: number; of: string }>(
    `SELECT e.position, event_id || ' of ' || contract_id AS of FROM event AS e JOIN contract USING (contract_rowid)
     ORDER BY e.position`,
  );
  expect(new Set(rows.map((row) => row.position)).size).toBe(rows.length);
  return rows.map((row) => row.of);
}

/** A log's events on these contracts, one a minute from `minute` on; versions go on from log to log. */
function writeLog(contracts: string, minute: number, versions: Map<string, number>) {
  return [...contracts].map((id, i) => {
    const version = (versions.get(id) ?? 0) + 1;
    versions.set(id, version);
    return envelope(i + 1, id, version, { time: new Date(START + (minute + i) * 60_000).toISOString() });
  });
}

test.each([
  ['says so', 2],
  ['says that it is empty', 0],
  ['says nothing', null],
])(
  'a log that begins again and %s, histories that remember the old one: all of it lies below',
  async (_, asOf) => {
    await fixture.snapshot(null, []);
    const versions = new Map<string, number>();
    const old = writeLog('ABCCBAABCBCAACBBACABCBACABCACB', 0, versions);
    // Two were missed and are known to histories only.
    const came = old.filter((_event, i) => i !== 4 && i !== 27);
    await fixture.append(head(null), ...came.map((event) => statusItem(event)), head(idOf(30)));
    const now = writeLog('DEFDABCABDECDADEFBCA', 100, versions);
    const record = [...old, ...now];
    if (asOf !== null) await fixture.append(stale(asOf === 0 ? null : idOf(asOf)));
    const streamed = now.filter((_event, i) => i >= (asOf ?? 0) && i !== 6 && i < 12);
    for (const part of [streamed, now.slice(12)]) {
      await fixture.append(...part.map((event) => statusItem(event)));
      const last = new Map(now.map((event) => [event.data.contract.id, event]));
      const asked = await fixture.snapshot(
        idOf(20),
        [...last.values()].map((event) => snapshotItem(event)),
      );
      for (const id of [...asked.needHistory, 'A', 'B', 'C']) {
        await fixture.history(
          id,
          record.filter((event) => event.data.contract.id === id),
        );
      }
      await fixture.settle();
    }
    await fixture.append(head(idOf(20), START + 9000));
    expect(placed()).toEqual(record.map((event) => `${event.id} of ${event.data.contract.id}`));
    expect(await receipt()).toMatchObject({ verdict: 'complete', upToId: idOf(20), missing: 0 });
    expect(restarts()).toBe(asOf === 0 ? 0 : 1);
  },
);

test('a log that began again and ended with an event only its history has: it stands last', async () => {
  await fixture.snapshot(null, []);
  const versions = new Map<string, number>();
  const record = [...writeLog('AAA', 0, versions), ...writeLog('BBB', 100, versions)];
  await fixture.append(...[...record.slice(0, 2), ...record.slice(3, 5)].map((event) => statusItem(event)));
  for (const id of ['B', 'A'])
    await fixture.history(
      id,
      record.filter((event) => event.data.contract.id === id),
    );
  expect(placed()).toEqual(record.map((event) => `${event.id} of ${event.data.contract.id}`));
});

test.each(['another epoch begins', 'the log is emptied', 'the stream comes there'])(
  'a log that went back, whose end only histories have before %s: it stands in the new life',
  async (then) => {
    await fixture.snapshot(null, []);
    const at = (minute: number, epoch = 'e7') => ({
      epoch,
      time: new Date(START + minute * 60_000).toISOString(),
    });
    const old = [envelope(1, 'C-1', 1, at(1)), envelope(2, 'C-1', 2, at(2))];
    const now = [
      envelope(2, 'C-2', 1, at(3)),
      envelope(3, 'C-1', 2, at(4)),
      envelope(1, 'C-2', 2, at(5, 'e8')),
    ];
    if (then !== 'another epoch begins') now.pop();
    await fixture.append(head(null), ...old.map((event) => statusItem(event)), head(idOf(2)), stale(idOf(1)));
    const [, , last] = now;
    if (last) await fixture.append(statusItem(last));
    else if (then === 'the log is emptied') await fixture.append(stale(null));
    const asOf = then === 'the log is emptied' ? null : (last ?? now[1])?.id;
    const items = [now[1], last ?? now[0]].flatMap((event) => (event ? [snapshotItem(event)] : []));
    const { needHistory } = await fixture.snapshot(asOf ?? null, items);
    expect(needHistory.toSorted()).toEqual(['C-1', 'C-2']);
    const record = [...old.slice(0, 1), ...now];
    for (const id of needHistory.toSorted()) {
      await fixture.history(
        id,
        record.filter((event) => event.data.contract.id === id),
      );
    }
    expect(placed()).toEqual([...old, ...now].map((event) => `${event.id} of ${event.data.contract.id}`));
  },
);

test('a log that began again below the baseline, a history that remembers both uses of an id: the later lies above', async () => {
  const at = (minute: number) => ({ time: new Date(START + minute * 60_000).toISOString() });
  const old = [1, 2, 3].map((n) => envelope(n, 'C-1', n, at(n)));
  await fixture.snapshot(
    idOf(3),
    old.slice(2).map((event) => snapshotItem(event)),
    START + 180_000,
  );
  const now = [envelope(1, 'C-1', 1, { ...at(4), to: 'draft' }), envelope(2, 'C-2', 1, at(5))];
  await fixture.append(...now.map((event) => statusItem(event)), head(idOf(2)));
  await fixture.history('C-1', [...old, ...now.slice(0, 1)]);
  expect(placed()).toEqual([...old, ...now].map((event) => `${event.id} of ${event.data.contract.id}`));
  expect((await contract('C-1'))?.row).toMatchObject({ version: 1, to: 'draft' });
});

test('a log that began again with several known versions below the baseline: its history puts each above the old ones', async () => {
  const at = (minute: number, to = 'viewed') => ({
    to,
    time: new Date(START + minute * 60_000).toISOString(),
  });
  const old = [1, 2, 3].map((n) => envelope(n, 'C-1', n, at(n)));
  await fixture.snapshot(
    idOf(3),
    old.slice(2).map((event) => snapshotItem(event)),
    START + 180_000,
  );
  const now = [
    envelope(1, 'C-1', 1, at(4, 'draft')),
    envelope(2, 'C-1', 2, at(5, 'draft')),
    envelope(3, 'C-2', 1, at(6)),
  ];
  await fixture.append(...now.map((event) => statusItem(event)), head(idOf(3)));
  await fixture.snapshot(
    idOf(3),
    now.slice(1).map((event) => snapshotItem(event)),
  );
  await fixture.history('C-1', [...old, ...now.slice(0, 2)]);
  expect(placed()).toEqual([...old, ...now].map((event) => `${event.id} of ${event.data.contract.id}`));
  expect(await timeline('C-1')).toMatchObject(
    [now[1], now[0], ...old.toReversed()].map((event) => [
      event?.id,
      event?.data.contract.version,
      event?.data.change.to,
    ]),
  );
});

test('a log that began again twice, the first time below the baseline: what was there before begins no third life', async () => {
  const at = (minute: number, to = 'viewed') => ({
    to,
    time: new Date(START + minute * 60_000).toISOString(),
  });
  const old = [envelope(1, 'C-1', 1, at(1)), envelope(2, 'C-1', 2, at(2)), envelope(3, 'C-2', 1, at(3))];
  const [first, ...last] = old;
  await fixture.snapshot(
    idOf(3),
    last.map((event) => snapshotItem(event)),
    START + 180_000,
  );
  const second = [envelope(1, 'C-1', 1, at(4, 'draft')), envelope(2, 'C-2', 1, at(5, 'draft'))];
  const third = [envelope(1, 'C-2', 1, at(6, 'sent')), envelope(2, 'C-1', 1, at(7, 'sent'))];
  await fixture.append(...second.map((event) => statusItem(event)), head(idOf(2), START + 1000));
  await fixture.append(head(idOf(1), START + 2000), head(idOf(1), START + 3000));
  await fixture.append(...[...second.slice(1), ...third].map((event) => statusItem(event)));
  const before = restarts();
  await fixture.history('C-1', [first, old[1], second[0], third[1]]);
  expect(restarts()).toBe(before);
  const order = placed();
  expect(order.indexOf('e7-00000000001 of C-1')).toBeLessThan(order.indexOf('e7-00000000001 of C-2'));
  expect((await contract('C-1'))?.row).toMatchObject({ version: 1, to: 'sent' });
});

test('a log that began again twice: what a history tells before the second life lies in the first', async () => {
  await fixture.snapshot(null, []);
  const first = [1, 2, 3].map((n) => envelope(n, 'C-1', n));
  const again = envelope(2, 'C-1', 1, { to: 'draft' });
  const others = [envelope(1, 'C-3', 1), envelope(2, 'C-3', 2), envelope(3, 'C-3', 3)];
  const came = [
    ...first.slice(0, 2),
    envelope(4, 'C-2', 1),
    ...others.slice(0, 1),
    again,
    ...others.slice(1),
  ];
  await fixture.append(head(null), ...came.map((event) => statusItem(event)), head(idOf(3)));
  await fixture.snapshot(
    idOf(3),
    others.slice(2).map((event) => snapshotItem(event)),
  );
  await fixture.history('C-1', [...first, again]);
  const order = [...first, ...came.slice(2)];
  expect(placed()).toEqual(order.map((event) => `${event.id} of ${event.data.contract.id}`));
});

test('a log that began again and went back: what a history tells before a change of the first life lies in the first', async () => {
  await fixture.snapshot(null, []);
  const old = [1, 2, 3, 4].map((n) => envelope(n, 'C-1', n));
  const now = [envelope(1, 'C-2', 1), envelope(2, 'C-2', 2)];
  const came = [...old.slice(0, 2), ...old.slice(3), ...now];
  await fixture.append(head(null), ...came.map((event) => statusItem(event)), stale(idOf(1)));
  await fixture.snapshot(
    idOf(1),
    now.slice(0, 1).map((event) => snapshotItem(event)),
  );
  await fixture.history('C-1', old);
  expect(placed()).toEqual([...old, ...now].map((event) => `${event.id} of ${event.data.contract.id}`));
});

test('what a history told ahead of the stream goes where the stream leaves it out: nothing is missing for ever', async () => {
  await fixture.core().markWithoutSnapshot(fixture.accountId);
  await fixture.append(change(1, 'C-2', 1), change(2, 'C-3', 1), change(3, 'C-5', 1, { to: 'sent' }));
  const at = new Date(START + 60_000).toISOString();
  // The time of an event is business time: it may be that of any day.
  const told = envelope(5, 'C-1', 2, { time: new Date(START - 3_600_000).toISOString() });
  // Of another life of the log.
  await fixture.append(change(3, 'C-6', 1, { time: at }), change(4, 'C-6', 2, { time: at }));
  await fixture.history('C-1', [told]);
  await fixture.append(change(6, 'C-1', 3, { time: at }));
  await fixture.history('C-1', [told, envelope(6, 'C-1', 3, { time: at })]);
  await fixture.settle();
  const open = await fixture.core().gaps(fixture.accountId, 'open');
  expect(open.filter(({ kind }) => kind === 'sequence')).toEqual([]);
  expect(await timeline('C-1')).toEqual([
    [idOf(6), 3, 'viewed'],
    [idOf(5), 2, 'viewed'],
  ]);
});

test('histories that are ahead of the stream: what they have lies in the life that the log is in', async () => {
  const at = (minute: number) => ({ to: 'draft', time: new Date(START + minute * 60_000).toISOString() });
  const old = envelope(1, 'C-1', 1);
  await fixture.snapshot(idOf(1), [snapshotItem(old)]);
  const now = [
    envelope(1, 'C-1', 1, at(1)),
    envelope(2, 'C-1', 2, at(2)),
    envelope(3, 'C-2', 1, at(3)),
    envelope(4, 'C-2', 2, at(4)),
    envelope(5, 'C-1', 3, at(5)),
  ];
  await fixture.append(...now.slice(0, 1).map((event) => statusItem(event)), head(idOf(1)));
  await fixture.snapshot(
    idOf(3),
    now.slice(1, 3).map((event) => snapshotItem(event)),
  );
  for (const id of ['C-1', 'C-2']) {
    await fixture.history(
      id,
      now.filter((event) => event.data.contract.id === id),
    );
  }
  expect(placed()).toEqual([old, ...now].map((event) => `${event.id} of ${event.data.contract.id}`));
  expect(restarts()).toBe(1);
});

test('a log that began again, of which histories remember nothing: what was unreadable before is missing as long as its contract stands', async () => {
  await fixture.snapshot(null, []);
  const before = envelope(1, 'C-9', 1);
  const first = envelope(2, 'C-1', 1);
  const last = envelope(4, 'C-1', 3, { to: 'signed' });
  const other = envelope(5, 'C-2', 1);
  const unreadable = garbage(idOf(3), '{"contract":{"id":"C-1","title":');
  const came = [before, first].map((event) => statusItem(event));
  await fixture.append(head(null), ...came, unreadable, statusItem(last), statusItem(other), head(idOf(5)));
  const now = envelope(1, 'C-3', 1);
  await fixture.append(stale(idOf(1)), head(idOf(1), START + 1000));
  for (let times = 0; times < 3; times += 1) {
    const items = [before, last, other, now].map((event) => ({
      ...snapshotItem(event),
      lastEvent: null,
    }));
    const { needHistory } = await fixture.snapshot(idOf(1), items);
    for (const id of needHistory) await fixture.history(id, id === 'C-3' ? [now] : []);
    await fixture.settle();
  }
  const { verdict, openGaps } = await receipt();
  expect(verdict).toBe('gaps');
  expect(openGaps.map(({ kind }) => kind)).toContain('quarantine');
  expect(await contract('C-1')).toMatchObject({ hasGap: true, row: { version: 3, to: 'signed' } });
});

test.each([
  ['goes on', 5, 'gaps'],
  ['was undone', 2, 'complete'],
] as const)(
  'a log that began again: what was unreadable before is missing where its contract %s',
  async (_, version, verdict) => {
    await fixture.snapshot(idOf(12), [snapshotItem(envelope(12, 'C-1', 2))]);
    const unreadable = garbage(idOf(13), '{"contract":{"id":"C-1","title":');
    await fixture.append(unreadable, change(14, 'C-1', 4), head(idOf(14)));
    const now = [
      version === 5 ? envelope(1, 'C-1', 5, { to: 'sent' }) : envelope(1, 'C-3', 1),
      envelope(2, 'C-2', 1),
    ];
    await fixture.append(stale(idOf(2)), head(idOf(2), START + 1000));
    const all = version === 5 ? now : [envelope(12, 'C-1', 2), ...now];
    for (let times = 0; times < 3; times += 1) {
      const items = all.map((event) => ({ ...snapshotItem(event), lastEvent: null }));
      const { needHistory } = await fixture.snapshot(idOf(2), items);
      for (const id of needHistory)
        await fixture.history(
          id,
          now.filter((event) => event.data.contract.id === id),
        );
      await fixture.settle();
    }
    expect((await receipt()).verdict).toBe(verdict);
  },
);

test('a log that went back below the baseline: a version of then that came again later is another event', async () => {
  const before = [envelope(11, 'C-1', 1), envelope(12, 'C-2', 3)];
  await fixture.snapshot(
    idOf(12),
    before.map((event) => ({ ...snapshotItem(event), lastEvent: null })),
  );
  await fixture.append(change(13, 'C-1', 2), change(14, 'C-3', 1), change(15, 'C-2', 4), head(idOf(15)));
  // It went back to 11: `C-2` has its third version anew.
  const now = [envelope(12, 'C-1', 2, { to: 'sent' }), envelope(13, 'C-4', 1), envelope(14, 'C-2', 3)];
  await fixture.append(stale(idOf(14)), head(idOf(14), START + 1000));
  const asked: string[] = [];
  for (let times = 0; times < 2; times += 1) {
    const items = now.map((event) => ({ ...snapshotItem(event), lastEvent: null }));
    asked.push(...(await fixture.snapshot(idOf(14), items)).needHistory);
    await fixture.settle();
  }
  expect(asked).toContain('C-2');
  expect((await receipt()).verdict).toBe('gaps');
});

test('a log that went back further than its head shows: what is not as it was kept is asked for', async () => {
  await fixture.snapshot(null, []);
  const old = [envelope(1, 'C-2', 1), envelope(2, 'C-1', 1), envelope(3, 'C-1', 2), envelope(4, 'C-1', 3)];
  await fixture.append(head(null), ...old.map((event) => statusItem(event)), head(idOf(4)));
  // It went back to before everything, and has come to three by now: `C-1` is less far than what seems to be left of it.
  const now = [
    envelope(1, 'C-1', 1, { to: 'draft' }),
    envelope(2, 'C-3', 1),
    envelope(3, 'C-2', 1, { to: 'draft' }),
  ];
  await fixture.append(stale(idOf(3)), head(idOf(3), START + 1000));
  const items = now.map((event) => ({ ...snapshotItem(event), lastEvent: null }));
  const { needHistory } = await fixture.snapshot(idOf(3), items);
  await fixture.settle();
  expect(needHistory).toContain('C-1');
  expect((await receipt()).verdict).toBe('gaps');
});

test('what came unreadably before it was known that the log had begun again is no longer missing once a history has it', async () => {
  await fixture.snapshot(null, []);
  await fixture.append(head(null), change(1, 'C-6', 1), head(idOf(1)));
  // The log began anew and had just come to where the app stood.
  const first = envelope(1, 'C-5', 1, { to: 'draft' });
  const cut = envelope(3, 'C-6', 2, { to: 'sent' });
  const next = envelope(2, 'C-5', 2);
  await fixture.append(
    statusItem(next),
    garbage(cut.id, JSON.stringify(cut).slice(0, -20)),
    head(idOf(3), START + 1000),
  );
  await fixture.history('C-5', [first, next]);
  expect((await receipt()).openGaps.map(({ kind }) => kind)).toContain('quarantine');
  await fixture.history('C-6', [cut]);
  expect((await receipt()).openGaps.map(({ kind }) => kind)).not.toContain('quarantine');
});

test('a history is told oldest first: what follows a change of the new life is no change of the old one, however old it says it is', async () => {
  const old = [1, 2, 3].map((n) => envelope(n, 'C-9', n));
  await fixture.snapshot(null, []);
  await fixture.append(head(null), ...old.map((event) => statusItem(event)), head(idOf(3)));
  const now = [1, 2, 3, 4, 5].map((n) =>
    envelope(n, n % 2 === 1 ? 'C-1' : 'C-2', Math.ceil(n / 2), { to: 'draft' }),
  );
  // Of the new life the change before the last was left out, and it happened long before it was to be told.
  const late = envelope(6, 'C-1', 4, { to: 'sent', time: new Date(START - 3_600_000).toISOString() });
  const came = [...now, envelope(7, 'C-2', 3)];
  await fixture.append(...came.map((event) => statusItem(event)), head(idOf(7), START + 9_000));
  // Something else hinders a snapshot from proving anything.
  await fixture.append(garbage(idOf(8), '{"contract":{"id":"C-3","title":'));
  await fixture.history(
    'C-1',
    [...now.filter((event) => event.data.contract.id === 'C-1'), late],
    START + 10_000,
  );
  expect((await receipt()).openGaps.map(({ kind }) => kind).toSorted()).toEqual(['quarantine', 'restart']);
  expect(placed().at(-2)).toBe(`${idOf(6)} of C-1`);
});

test.each([
  ['C-2', 'C-1'],
  ['C-1', 'C-2'],
])(
  'a log that went back and whose stream then skips a stretch: what histories have of it (%s, %s) lies in the new life',
  async (...asked) => {
    await fixture.snapshot(null, []);
    const minute = (n: number): number => START + n * 60_000;
    const at = (n: number) => ({ time: new Date(minute(n)).toISOString() });
    const old = ['C-1', 'C-2', 'C-3'].map((id, i) => envelope(i + 1, id, 1, at(i)));
    await fixture.append(
      head(null),
      ...old.map((event) => statusItem(event)),
      ...[3, 2, 2].map((sequence, i) => head(idOf(sequence), minute(3 + i))),
    );
    const now = [
      envelope(3, 'C-1', 2, at(6)),
      envelope(4, 'C-2', 2, at(7)),
      envelope(5, 'C-1', 3, at(8)),
      envelope(6, 'C-2', 3, at(9)),
    ];
    const [first, second, third, last] = now.map((event) => snapshotItem(event));
    if (!first || !second || !third || !last) throw new Error('four changes');
    const histories = async (...ids: readonly string[]): Promise<void> => {
      for (const id of ids) {
        await fixture.history(
          id,
          [...old.slice(0, 2), ...now].filter((event) => event.data.contract.id === id),
        );
      }
    };
    // Older than the histories, which have what the stream has not come to.
    await fixture.snapshot(idOf(3), [first, ...old.slice(1, 2).map((event) => snapshotItem(event))]);
    await histories(...asked);
    expect(placed()).toEqual([...old, ...now].map((event) => `${event.id} of ${event.data.contract.id}`));
    await fixture.append(stale(idOf(5)), ...now.slice(3).map((event) => statusItem(event)));
    await histories(...(await fixture.snapshot(idOf(6), [third, last])).needHistory);
    await fixture.settle();
    await fixture.append(head(idOf(6), minute(10)));
    expect(placed()).toEqual([...old, ...now].map((event) => `${event.id} of ${event.data.contract.id}`));
    expect(await receipt()).toMatchObject({ verdict: 'complete', upToId: idOf(6), missing: 0 });
    expect(restarts()).toBe(1);
  },
);

test('a log whose epoch is over: what a history has under an id used again ends no later epoch', async () => {
  await fixture.snapshot(null, []);
  await fixture.append(head(null), change(1, 'C-1', 1), change(2, 'C-1', 2), head(idOf(2)));
  await fixture.append(change(1, 'C-2', 1, { epoch: 'e8' }), head(idOf(1, 'e8'), START + 1000));
  await fixture.history('C-3', [envelope(2, 'C-3', 1)]);
  expect(await cursor()).toBe(idOf(1, 'e8'));
  expect(await fixture.append(change(2, 'C-2', 2, { epoch: 'e8' }))).toMatchObject({ stored: 1 });
  expect(placed()).toHaveLength(5);
  expect(restarts()).toBe(0);
});

test.each([
  ['a version that stands elsewhere', envelope(1, 'C-1', 2, { to: 'draft' })],
  ['a version that came before it', envelope(3, 'C-1', 1, { to: 'draft' })],
  ['a version that comes after it', envelope(1, 'C-2', 2, { to: 'draft' })],
])(
  'a log that begins again where an event is missing, with %s: it lies above the old one',
  async (_, now) => {
    await fixture.snapshot(null, []);
    const log = [1, 2, 3, 4].map((n) => envelope(n, 'C-1', n));
    const old = [...log.filter((event) => event.id !== now.id), envelope(5, 'C-2', 1)];
    await fixture.append(garbage(now.id), ...old.map((event) => statusItem(event)), head(idOf(5)));
    const outcome = await fixture.append(statusItem(now), head(now.id, START + 1000));
    expect(outcome).toMatchObject({ stored: 1, cursor: now.id, repair: 'now' });
    expect(restarts()).toBe(1);
    expect(placed()).toEqual([...old, now].map((event) => `${event.id} of ${event.data.contract.id}`));
    expect((await contract(now.data.contract.id))?.row).toMatchObject({ to: 'draft' });
  },
);

test('an event that comes late where one is missing, and whose version fits: it takes that place', async () => {
  await fixture.snapshot(null, []);
  await fixture.append(change(1, 'C-1', 1), change(3, 'C-1', 3), change(4, 'C-2', 1), head(idOf(4)));
  await fixture.append(change(2, 'C-1', 2, { to: 'draft' }), head(idOf(4), START + 1000));
  expect(placed()).toEqual([1, 2, 3, 4].map((n) => `${idOf(n)} of C-${n === 4 ? 2 : 1}`));
  expect(restarts()).toBe(0);
  expect(await receipt()).toMatchObject({ missing: 0 });
});

test('an event that comes late where one is missing, and contradicts what a history told ahead of the stream: another life', async () => {
  await fixture.snapshot(null, []);
  await fixture.append(change(1, 'C-1', 1), change(3, 'C-2', 1), head(idOf(3)));
  await fixture.history('C-1', [envelope(1, 'C-1', 1), envelope(5, 'C-1', 2), envelope(7, 'C-1', 3)]);
  expect(await receipt()).toMatchObject({ missing: 1 });
  // Versions grow with the places: in the log that has the second in the fifth place, this one cannot be in the second.
  await fixture.append(change(2, 'C-1', 4, { to: 'draft' }));
  expect(restarts()).toBe(1);
  expect(await receipt()).toMatchObject({ verdict: 'gaps', openGaps: [{}, { kind: 'restart' }] });
});

test('an event that comes late and fits what a history told ahead of the stream: it takes that place', async () => {
  await fixture.snapshot(null, []);
  await fixture.append(change(1, 'C-1', 1), change(3, 'C-2', 1), head(idOf(3)));
  await fixture.history('C-1', [envelope(1, 'C-1', 1), envelope(5, 'C-1', 3), envelope(7, 'C-1', 4)]);
  await fixture.append(change(2, 'C-1', 2, { to: 'draft' }));
  expect(restarts()).toBe(0);
  expect(await receipt()).toMatchObject({ missing: 0, openGaps: [] });
});

test('ids that the baseline had passed come again for changes that it did not know: unread, and a gap', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
  // Too early a replay: read, and no new life.
  await fixture.append(change(8, 'C-1', 1), change(9, 'C-1', 2));
  expect(await receipt()).toMatchObject({ verdict: 'complete' });
  const again = await fixture.append(change(4, 'C-1', 4), change(5, 'C-2', 1));
  expect(again).toMatchObject({ stored: 2, cursor: idOf(5) });
  expect(again.fresh).toHaveLength(2);
  expect(await receipt()).toMatchObject({ verdict: 'gaps', openGaps: [{ kind: 'restart' }] });
});

test('a revised copy: the text and details of the latest are kept, nothing is unread or told again', async () => {
  const first = envelope(1, 'C-1', 1, { title: 'Suply' });
  await fixture.append(statusItem(first), change(2, 'C-2', 1));
  await fixture.core().perform(fixture.accountId, ['C-1'], { do: 'read', read: true }, START);
  const revised = envelope(1, 'C-1', 1, {
    title: 'Supply',
    actor: 'Anna',
    severity: 'error',
    time: '2026-10-02T11:00:00Z',
  });
  const outcome = await fixture.append(statusItem(revised), statusItem(revised));
  expect(outcome).toMatchObject({ stored: 0, duplicates: 2, quarantined: 0, fresh: [], cursor: idOf(2) });
  expect((await contract('C-1'))?.row).toMatchObject({ title: 'Supply', actorName: 'Anna', unread: 0 });
  expect((await contract('C-1'))?.timeline).toMatchObject([{ actorName: 'Anna', severity: 'error' }]);
  expect(restarts()).toBe(0);
  const rows = fixture.query<{ envelope: string }>('SELECT envelope FROM raw_envelope ORDER BY event_rowid');
  expect(rows.map((row) => row.envelope)).toEqual([
    JSON.stringify(revised),
    JSON.stringify(envelope(2, 'C-2', 1)),
  ]);
  expect(
    fixture.query('SELECT severity, sum(changes) AS n FROM change_count GROUP BY severity ORDER BY severity'),
  ).toEqual([
    { severity: 'error', n: 1 },
    { severity: 'info', n: 1 },
  ]);
});

test('keys outlive retention: neither a copy nor a revised copy of a removed event comes back', async () => {
  await fixture.append(...[1, 2, 3].map((n) => counted(n, 'C-1', n)));
  await fixture.core().maintain({ maxAgeMs: 1, maxBytes: null }, START + 1000);
  const again = await fixture.append(
    counted(1, 'C-1', 1),
    change(2, 'C-1', 2, { id: '2', title: 'Other' }),
    counted(1, 'C-1', 4),
  );
  expect(again).toMatchObject({ stored: 1, duplicates: 2 });
  expect(restarts()).toBe(1);
});

test('an id that comes again in a history or as a snapshot’s last event is another event too', async () => {
  await fixture.snapshot('1', [snapshotItem(envelope(1, 'C-1', 1, { id: '1' }))]);
  await fixture.append(counted(2, 'C-1', 2));
  const core = fixture.core();
  const events = [1, 2].map((n) => JSON.stringify(envelope(n, 'C-2', n, { id: String(n) })));
  expect(await core.mergeHistory(fixture.accountId, 'C-2', events, START, true)).toMatchObject({ stored: 2 });
  expect(await core.mergeHistory(fixture.accountId, 'C-2', events, START, true)).toMatchObject({ stored: 0 });
  expect(restarts()).toBe(1);
  await fixture.snapshot('2', [snapshotItem(envelope(2, 'C-1', 1, { id: '2', to: 'draft' }))]);
  expect((await contract('C-1'))?.row).toMatchObject({ version: 1, to: 'draft' });
});

test('an own id that comes again in a history: the log went back', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
  await fixture.append(change(11, 'C-1', 4), head(idOf(11)));
  const events = [11, 12].map((n) => JSON.stringify(envelope(n, 'C-2', n - 10)));
  expect(await fixture.core().mergeHistory(fixture.accountId, 'C-2', events, START, true)).toMatchObject({
    stored: 2,
  });
  expect(await receipt()).toMatchObject({ verdict: 'gaps', openGaps: [{ kind: 'restart' }] });
});

test('an unreadable event under an id of an earlier life is set aside, not taken for a copy', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
  await fixture.append(change(11, 'C-1', 4), change(12, 'C-1', 5), stale(idOf(11), idOf(11)));
  expect(await fixture.append(garbage(idOf(12)))).toMatchObject({ quarantined: 1 });
  fixture.dispose();
  fixture = await openFixture();
  await fixture.append(counted(1, 'C-1', 1), counted(2, 'C-1', 2), counted(1, 'C-2', 1), garbage('2'));
  expect((await receipt()).openGaps).toMatchObject([{ kind: 'quarantine' }]);
});

test.each([
  ['the stream tells the next one', true],
  ['a snapshot alone shows it', false],
])(
  'what a new life told unreadably is not covered by the version that the life before had, where %s',
  async (_, next) => {
    await fixture.snapshot(null, []);
    await fixture.append(counted(1, 'C-1', 1), counted(2, 'C-2', 1), counted(3, 'C-3', 1));
    // Back to before 2: `C-2` and `C-3` have not happened, and `C-3` happens anew.
    await fixture.append(counted(2, 'C-4', 1));
    await fixture.append(garbage('4', '{"contract":{"id":"C-3","title":'));
    if (next) await fixture.append(counted(5, 'C-3', 2, 'sent'));
    const [id, version, to] = next ? ['5', 2, 'sent'] : ['4', 1, 'viewed'];
    for (let times = 0; times < 3; times += 1) {
      await fixture.snapshot(id, [
        ...[
          ['1', 'C-1'],
          ['2', 'C-4'],
        ].map(([last, contractId]) => told(last!, contractId!, 1)),
        told(id as string, 'C-3', version as number, to as string),
      ]);
      await fixture.settle();
    }
    const { verdict, openGaps } = await receipt();
    expect(verdict).toBe('gaps');
    expect(openGaps.map(({ kind }) => kind)).toContain('quarantine');
    // Once its history tells it readably, all is there.
    await fixture.history('C-3', [envelope(4, 'C-3', 1, { id: '4' })]);
    await fixture.settle();
    await fixture.snapshot(id, [
      told('1', 'C-1', 1),
      told('2', 'C-4', 1),
      told(id as string, 'C-3', version as number, to as string),
    ]);
    await fixture.settle();
    expect((await receipt()).verdict).toBe('no_gap_seen');
  },
);

test('a server whose ids mean nothing: every event is stored, and lives are bounded', async () => {
  const items = Array.from({ length: 1000 }, (_, i) =>
    change(i, `C-${i % 7}`, 1 + Math.floor(i / 7), { id: '0' }),
  );
  expect(await fixture.append(...items)).toMatchObject({ stored: 1000, quarantined: 0 });
  expect(await fixture.append(...items)).toMatchObject({ stored: 0, duplicates: 1000 });
  expect((await contract('C-0'))?.row.version).toBe(143);
  expect((await contract('C-0'))?.hasGap).toBe(false);
});

const three = [snapshotItem(envelope(10, 'C-1', 3))];
const until = (last: number): StreamItem[] =>
  Array.from({ length: last - 10 }, (_, i) => change(11 + i, 'C-1', 4 + i));

test('a lost tail in the same epoch: two heads below what came, and nothing is called complete', async () => {
  await fixture.snapshot(idOf(10), three);
  await fixture.append(...until(13), head(idOf(13), START + 1000));
  expect((await receipt()).verdict).toBe('complete');
  await fixture.append(head(idOf(11), START + 2000));
  const outcome = await fixture.append(head(idOf(11), START + 3000));
  expect(outcome).toMatchObject({ cursor: idOf(11), repair: 'now' });
  expect(await receipt()).toMatchObject({ verdict: 'gaps', openGaps: [{ kind: 'restart' }] });
  // The log goes on from there.
  const on = await fixture.append(change(12, 'C-1', 5, { to: 'declined' }), head(idOf(12), START + 4000));
  expect(on).toMatchObject({ stored: 1, head: { reached: true, behind: 0 } });
  await fixture.snapshot(idOf(12), [snapshotItem(envelope(12, 'C-1', 5, { to: 'declined' }))]);
  await fixture.settle();
  expect(await receipt()).toMatchObject({ verdict: 'complete', upToId: idOf(12) });
  expect(await contract('C-1')).toMatchObject({ hasGap: false, row: { version: 5, to: 'declined' } });
});

test.each([
  [
    'one late head',
    [head(idOf(12), START + 2000), head(idOf(13), START + 3000), head(idOf(12), START + 4000)],
  ],
  ['heads told twice', [head(idOf(12), START + 2000), head(idOf(12), START + 2000)]],
  ['heads that were made before', [head(idOf(12), START + 2000), head(idOf(11), START + 1000)]],
  [
    'heads that are always a little late',
    [head(idOf(12), START + 2000), change(14, 'C-1', 7), change(15, 'C-1', 8), head(idOf(14), START + 3000)],
  ],
])('no lost tail: %s', async (_, items) => {
  await fixture.snapshot(idOf(10), three);
  await fixture.append(...until(13), head(idOf(13), START + 1000), ...items);
  expect((await receipt()).verdict).toBe('complete');
  expect(restarts()).toBe(0);
});

test.each([
  ['under another id', envelope(12, 'C-1', 2, { to: 'declined' })],
  ['under the same id with another status', envelope(11, 'C-1', 2, { to: 'signed' })],
])(
  'a lost tail that has grown again past our head: a version that came again %s is asked for',
  async (_, again) => {
    const other = envelope(again.id === idOf(11) ? 12 : 11, 'C-2', 1);
    await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 1))]);
    await fixture.append(change(11, 'C-1', 2, { to: 'viewed' }), change(12, 'C-3', 1), change(13, 'C-4', 1));
    // The server went back to 10, and is at 12 again.
    await fixture.append(stale(idOf(12)));
    const { needHistory } = await fixture.snapshot(idOf(12), [snapshotItem(again), snapshotItem(other)]);
    expect(needHistory.toSorted()).toEqual(['C-1', 'C-2']);
    await fixture.settle();
    expect((await receipt()).verdict).toBe('gaps');
    for (const event of [again, other]) await fixture.history(event.data.contract.id, [event]);
    expect((await contract('C-1'))?.row).toMatchObject({ version: 2, to: again.data.change.to });
    expect((await timeline('C-1'))?.map((entry) => entry[2])).toEqual([
      again.data.change.to,
      'viewed',
      'viewed',
    ]);
  },
);

test('a lost tail where the time in heads stands still: found after a minute, and nothing is called complete', async () => {
  await fixture.snapshot(idOf(10), three);
  await fixture.append(...until(13), head(idOf(13), START));
  await fixture.appendAt(START + 1_000, head(idOf(11), START));
  await fixture.appendAt(START + 50_000, head(idOf(11), START));
  expect((await receipt()).verdict).toBe('complete');
  await fixture.appendAt(START + 61_000, head(idOf(11), START));
  expect((await receipt()).verdict).toBe('gaps');
});

test('a lost tail below where the life before began: the log went back there, and no other log goes on', async () => {
  await fixture.snapshot(idOf(10), three);
  await fixture.append(...until(13), head(idOf(13), START + 1000));
  await fixture.append(head(idOf(11), START + 2000), head(idOf(11), START + 3000));
  const second = [12, 13].map((n) => change(n, 'C-1', n - 7, { to: 'declined' }));
  await fixture.append(...second, head(idOf(13), START + 4000));
  await fixture.append(change(13, 'C-1', 6, { to: 'expired' }), head(idOf(13), START + 5000));
  await fixture.append(head(idOf(11), START + 6000));
  const outcome = await fixture.append(head(idOf(11), START + 7000));
  expect(outcome).toMatchObject({ cursor: idOf(11), repair: 'later' });
  await fixture.snapshot(idOf(11), [snapshotItem(envelope(11, 'C-1', 4))]);
  await fixture.settle();
  expect(await receipt()).toMatchObject({ verdict: 'complete', upToId: idOf(11) });
  expect((await contract('C-1'))?.row).toMatchObject({ version: 4 });
});

test('a replica that lagged: what it did not know comes again and is taken back, once, as read as it was', async () => {
  await fixture.snapshot(idOf(10), three);
  await fixture.append(...until(13), head(idOf(13), START + 1000));
  await fixture.core().perform(fixture.accountId, ['C-1'], { do: 'read', read: true }, START);
  await fixture.append(head(idOf(11), START + 2000), head(idOf(11), START + 3000));
  const again = await fixture.append(...until(14).slice(1), head(idOf(14), START + 4000));
  expect(again).toMatchObject({ stored: 1, duplicates: 2, cursor: idOf(14) });
  expect((await contract('C-1'))?.row).toMatchObject({ version: 7, unread: 1 });
  await fixture.snapshot(idOf(14), [snapshotItem(envelope(14, 'C-1', 7))]);
  await fixture.settle();
  expect(await receipt()).toMatchObject({ verdict: 'complete', missing: 0, changesToday: 4 });
  expect((await contract('C-1'))?.timeline.map((entry) => entry.version)).toEqual([7, 6, 5, 4, 3]);
});

test('heads of an emptied log: a gap, and its ids may come again', async () => {
  await fixture.snapshot(idOf(10), three);
  await fixture.append(...until(12), head(idOf(12), START + 1000));
  await fixture.append(head(null, START + 2000), head(null, START + 3000));
  expect((await receipt()).verdict).toBe('gaps');
  expect(await cursor()).toBeNull();
  expect(await fixture.append(change(1, 'C-1', 4, { to: 'draft' }))).toMatchObject({ stored: 1 });
});

test('receipt and pane agree: no gap is told of a contract while the receipt knows of none', async () => {
  await fixture.snapshot(idOf(10), three);
  await fixture.append(...until(12), head(idOf(12), START + 1000));
  // Ahead of the stream, and no gap: what it tells of is on its way.
  await fixture.snapshot(idOf(14), [snapshotItem(envelope(14, 'C-1', 7))]);
  expect(await contract('C-1')).toMatchObject({ hasGap: false, row: { version: 7 } });
  expect((await receipt()).verdict).toBe('complete');
  // A history with a piece missing: both say so.
  const time = '2026-10-01T09:00:00Z';
  const pieces = [7, 8, 9].map((n) => JSON.stringify(envelope(n, 'C-2', n === 9 ? 5 : n - 6, { time })));
  await fixture.core().mergeHistory(fixture.accountId, 'C-2', pieces, START, true);
  expect(await contract('C-2')).toMatchObject({ hasGap: true });
  expect((await receipt()).openGaps).toMatchObject([{ kind: 'version', contractId: 'C-2' }]);
});

test('jumps to the largest versions are answered: how many are missing is not known', async () => {
  const largest = [1, 2, 3].flatMap((n) => [
    change(2 * n, `C-${n}`, 1, { id: `a${n}` }),
    change(2 * n + 1, `C-${n}`, Number.MAX_SAFE_INTEGER, { id: `b${n}` }),
  ]);
  expect(await fixture.append(...largest)).toMatchObject({ stored: 6 });
  expect(await receipt()).toMatchObject({ verdict: 'gaps', missing: null });
  await fixture.append(change(8, 'C-1', Number.MAX_SAFE_INTEGER - 1, { id: 'c' }));
  expect(await receipt()).toMatchObject({ missing: null });
  expect(await fixture.settle()).toMatchObject({ open: 3 });
});

test.each([
  ['comes', change(12, 'C-2', 1), [envelope(12, 'C-2', 1)]],
  ['comes unreadably', garbage(idOf(12), '{"contract":{"id":"C-2","title":'), []],
])(
  'a history ahead of the stream has told what the log then lost: what %s in that place is another life’s',
  async (_, item, stored) => {
    const old = [envelope(10, 'C-1', 3), envelope(11, 'C-1', 4), envelope(12, 'C-1', 5)];
    await fixture.snapshot(idOf(10), [snapshotItem(old[0]!)]);
    await fixture.history('C-1', old);
    // The server goes back to 11, and tells nothing of what was before.
    const outcome = await fixture.append(item);
    expect(outcome).toMatchObject({ repair: 'now', cursor: idOf(12) });
    expect(placed()).toEqual([...old, ...stored].map((event) => `${event.id} of ${event.data.contract.id}`));
    expect(restarts()).toBe(1);
    expect((await receipt()).openGaps).toMatchObject([{ kind: 'restart' }, {}].slice(0, 2 - stored.length));
    await fixture.history('C-2', [envelope(12, 'C-2', 1)]);
    await fixture.snapshot(
      idOf(12),
      [old[1]!, envelope(12, 'C-2', 1)].map((event) => snapshotItem(event)),
    );
    await fixture.settle();
    expect(await receipt()).toMatchObject({ openGaps: [], missing: 0 });
  },
);

test('a history ahead of the stream has told what then comes: nothing is told of a new life', async () => {
  const all = [10, 11, 12].map((n) => envelope(n, 'C-1', n - 7));
  await fixture.snapshot(idOf(10), [snapshotItem(all[0]!)]);
  await fixture.history('C-1', all);
  const cut = garbage(idOf(11), JSON.stringify(all[1]).slice(0, -20));
  expect(await fixture.append(cut, statusItem(all[2]!))).toMatchObject({ duplicates: 2, quarantined: 0 });
  expect(await receipt()).toMatchObject({ openGaps: [] });
  expect(restarts()).toBe(0);
});

test('a log that went back twice: a contract whose versions jump from life to life is incomplete as long as that is not proven', async () => {
  await fixture.snapshot(idOf(3), [
    snapshotItem(envelope(1, 'C-2', 1), { withEvent: false }),
    snapshotItem(envelope(3, 'C-1', 2), { withEvent: false }),
  ]);
  await fixture.append(stale(idOf(2)), change(3, 'C-3', 1), change(4, 'C-1', 2));
  expect((await contract('C-1'))?.hasGap).toBe(false);
  const now = [1, 2, 3].map((n) => envelope(n, 'C-1', n, { to: 'draft' }));
  await fixture.append(stale(idOf(3)), change(4, 'C-1', 4));
  expect(await contract('C-1')).toMatchObject({ hasGap: true });
  expect((await receipt()).openGaps.map(({ kind }) => kind)).toContain('restart');
  await fixture.history('C-1', [...now, envelope(4, 'C-1', 4)]);
  await fixture.snapshot(idOf(4), [snapshotItem(envelope(4, 'C-1', 4))]);
  expect(await contract('C-1')).toMatchObject({ hasGap: false });
});

test('versions that go on while the ids begin again: one that came unreadably is no longer missing once a history has it', async () => {
  const before = envelope(1, 'C-1', 13, { id: '1' });
  const other = envelope(3, 'C-2', 2, { id: '1' });
  const unread = envelope(4, 'C-1', 14, { id: '3' });
  await fixture.snapshot('2', [snapshotItem(before), snapshotItem(envelope(2, 'C-2', 1, { id: '2' }))]);
  await fixture.append(statusItem(other));
  expect(restarts()).toBe(1);
  await fixture.append(garbage('3', '{"contract":{"id":"C-1","title":'));
  expect((await receipt()).openGaps.map(({ kind }) => kind)).toContain('quarantine');
  for (let times = 0; times < 3; times += 1) {
    await fixture.snapshot('3', [snapshotItem(unread), snapshotItem(other)]);
    await fixture.history('C-1', [unread]);
    await fixture.settle();
  }
  expect((await receipt()).openGaps).toEqual([]);
});

test.each([
  ['a history tells it', true, false],
  ['the stream brings it again', false, false],
  ['a history of a log that had begun anew before tells it', true, true],
])(
  'what was cut on its way under an id without an order is no longer missing once %s whole, whatever else is unreadable',
  async (_, byHistory, hasRestarted) => {
    const [known, unread, later] = [1, 2, 3].map((n) => envelope(n, 'C-1', n, { id: `a${n}` }));
    const whole = envelope(9, 'C-2', 1, { id: 'b' });
    await fixture.snapshot('a1', [snapshotItem(known!), snapshotItem(envelope(8, 'C-3', 1, { id: 'c' }))]);
    await fixture.append(statusItem(later!));
    // Nobody can read it, ever: no snapshot proves anything from now on.
    const nowhere = JSON.stringify(unread).replace('"version":2', '"version":"two"');
    const told = [JSON.stringify(known), nowhere, JSON.stringify(later)];
    await fixture.core().mergeHistory(fixture.accountId, 'C-1', told, START, true);
    if (hasRestarted) await fixture.append(change(20, 'C-4', 1, { id: 'a3' }));
    expect(restarts()).toBe(hasRestarted ? 1 : 0);
    const before = (await receipt()).openGaps;
    const text = JSON.stringify(whole);
    await fixture.append(garbage('b', text.slice(0, -20)));
    expect((await receipt()).openGaps.map(({ contractId }) => contractId)).toContain('C-2');
    if (byHistory) await fixture.history('C-2', [whole]);
    else await fixture.append(statusItem(whole));
    expect((await receipt()).openGaps).toEqual(before);
  },
);

test.each([
  ['the stream', false],
  ['a snapshot', true],
])(
  'a log that begins again, of which %s tells a later version first: the contract is incomplete',
  async (_, bySnapshot) => {
    await fixture.snapshot(idOf(12), [snapshotItem(envelope(12, 'C-1', 2), { withEvent: false })]);
    // Version 3 was missed, and nothing remembers it.
    const now = [change(1, 'C-1', 4), change(2, 'C-1', 5), change(3, 'C-2', 1)];
    const list = [snapshotItem(envelope(2, 'C-1', 5)), snapshotItem(envelope(3, 'C-2', 1))];
    if (bySnapshot) {
      await fixture.append(stale(idOf(2)));
      await fixture.snapshot(idOf(2), list.slice(0, 1));
    }
    await fixture.append(...now.slice(bySnapshot ? 2 : 0));
    for (let times = 0; times < 3; times += 1) {
      await fixture.snapshot(idOf(3), list);
      await fixture.history('C-1', [envelope(1, 'C-1', 4), envelope(2, 'C-1', 5)]);
      await fixture.settle();
    }
    expect((await receipt()).openGaps).toMatchObject([{ kind: 'restart' }]);
    expect(await contract('C-1')).toMatchObject({ hasGap: true, row: { version: 5 } });
    await fixture.history('C-1', [envelope(13, 'C-1', 3)]);
    expect(await contract('C-1')).toMatchObject({ hasGap: false });
  },
);

test.each([
  ['a counter', (n: number) => String(n)],
  ['own ids', (n: number) => idOf(n)],
])(
  'what could not be read shows its contract, and its id comes again for another one (%s): the log began anew',
  async (_, name) => {
    const at = (n: number, contractId: string, version: number) =>
      change(n, contractId, version, { id: name(n), to: 'draft' });
    const aside = garbage(name(3), '{"contract":{"id":"C-3","title":');
    await fixture.snapshot(name(1), [snapshotItem(envelope(1, 'C-1', 1, { id: name(1) }))]);
    await fixture.appendAt(START + 1_000, at(2, 'C-2', 1), aside);
    await fixture.appendAt(START + 2_000, at(3, 'C-4', 1));
    expect(restarts()).toBe(1);
    expect((await receipt()).openGaps.map(({ kind }) => kind).toSorted()).toEqual(['quarantine', 'restart']);
    // It is told no second time, and what comes whole under its own id is no other event.
    const cut = envelope(4, 'C-2', 2, { id: name(4) });
    await fixture.appendAt(START + 3_000, garbage(name(4), JSON.stringify(cut).slice(0, -20)));
    await fixture.appendAt(START + 4_000, at(3, 'C-4', 1), statusItem(cut));
    expect(restarts()).toBe(1);
  },
);

test('what an earlier life of the log lacks of a contract stays missing as long as the receipt says so', async () => {
  await fixture.snapshot(null, []);
  await fixture.append(change(1, 'C-1', 1), change(4, 'C-1', 4), change(5, 'C-1', 5), change(6, 'C-1', 6));
  expect(await contract('C-1')).toMatchObject({ hasGap: true });
  // The ids stand for other events: the log began anew.
  await fixture.append(change(1, 'C-2', 1), change(2, 'C-1', 7));
  expect((await receipt()).verdict).toBe('gaps');
  expect(await contract('C-1')).toMatchObject({ hasGap: true, row: { version: 7 } });
});

test.each([
  ['further', 3],
  ['as it was', 2],
])(
  'where a list of the next life of the log has a contract %s first, what came since is missing',
  async (_, first) => {
    const [was, other] = [told(idOf(8), 'C-1', 2), told(idOf(9), 'C-2', 1)];
    await fixture.snapshot(idOf(9), [was, other]);
    await fixture.append(change(1, 'C-2', 2));
    expect(restarts()).toBe(1);
    const now = snapshotItem(envelope(1, 'C-2', 2));
    await fixture.snapshot(idOf(2), [now, first === 2 ? was : told(idOf(2), 'C-1', first)]);
    await fixture.snapshot(idOf(8), [now, told(idOf(8), 'C-1', 5)]);
    await fixture.append(change(9, 'C-1', 6));
    expect((await receipt()).verdict).toBe('gaps');
    expect(await contract('C-1')).toMatchObject({ hasGap: true, row: { version: 6 } });
  },
);

test('between what a list tells of a contract and the first change that comes of it, changes are missing', async () => {
  await fixture.snapshot(null, []);
  await fixture.append(counted(1, 'C-2', 1));
  await fixture.snapshot(null, [told('1', 'C-2', 1), told('2', 'C-1', 1)]);
  await fixture.append(counted(5, 'C-1', 4));
  expect(await contract('C-1')).toMatchObject({ hasGap: true, row: { version: 4 } });
  expect(await receipt()).toMatchObject({ verdict: 'gaps', missing: 2 });
  await fixture.history(
    'C-1',
    [3, 4].map((n) => envelope(n, 'C-1', n - 1, { id: String(n) })),
  );
  expect(await contract('C-1')).toMatchObject({ hasGap: false });
  expect((await receipt()).verdict).toBe('no_gap_seen');
});

test.each([
  ['another status', 'declined', false],
  ['its event', 'viewed', false],
  ['a later time', 'viewed', true],
])(
  'a list has another change for the version that is shown, by %s: the log went back and has grown again',
  async (_, to, isBare) => {
    const page = [11, 12, 13].map((n, index) => envelope(n, 'C-1', index + 1, { to }));
    const other = page.at(-1) as (typeof page)[number];
    await fixture.snapshot(idOf(12), [told(idOf(11), 'C-1', 3, 'viewed'), told(idOf(12), 'C-2', 1)]);
    await fixture.append(head(idOf(13)));
    const item = isBare ? { ...snapshotItem(other), lastEvent: null } : snapshotItem(other);
    const list = () => fixture.snapshot(idOf(13), [item, told(idOf(12), 'C-2', 1)]);
    expect((await list()).needHistory).toEqual(['C-1']);
    expect(await contract('C-1')).toMatchObject({ row: { version: 3, to } });
    await fixture.settle();
    expect((await receipt()).verdict).toBe('gaps');
    await fixture.history('C-1', page);
    await list();
    await fixture.settle();
    expect((await receipt()).verdict).toBe('complete');
    expect(restarts()).toBe(1);
  },
);

test('a list names something else than a change of the status under the same version: nothing has begun anew', async () => {
  await fixture.snapshot(idOf(12), [told(idOf(11), 'C-1', 3)]);
  await fixture.append(change(14, 'C-2', 1), head(idOf(14)));
  await fixture.snapshot(idOf(14), [told(idOf(13), 'C-1', 3), snapshotItem(envelope(14, 'C-2', 1))]);
  expect(restarts()).toBe(0);
});
