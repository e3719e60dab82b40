import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StreamItem } from '../stream/types.ts';
import { openFixture, type Fixture } from './testing/fixture.ts';
import {
  change,
  envelope,
  garbage,
  head,
  idOf,
  snapshotItem,
  stale,
  START,
  statusItem,
  type Envelope,
} from './testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const gaps = async () =>
  (await fixture.core().gaps(fixture.accountId, 'open')).map(({ kind, contractId }) => [kind, contractId]);
const missing = async () => (await fixture.core().receipt(fixture.accountId, 0)).missing;
const unreadable = (id: string, contractId: string) => garbage(id, `{"contract":{"id":"${contractId}",`);
/** Of a server whose ids have no order. */
const opaque = (n: number, contractId: string, version: number): StreamItem =>
  change(n, contractId, version, { id: `x${n}` });
const told = (n: number, contractId: string, version: unknown) => {
  const event = envelope(n, contractId, 1, { id: `x${n}` });
  return { ...event, data: { ...event.data, contract: { ...event.data.contract, version } } };
};

test('an event of a history that is far longer than any is set aside, within bounds, and the others are stored', async () => {
  await fixture.snapshot('x1', [snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' }))]);
  const long = { ...told(2, 'C-1', 2), filler: 'x'.repeat(5 * 1024 * 1024) };
  const { stored } = await fixture.history('C-1', [
    long,
    told(3, 'C-1', 3),
    { ...long, id: 'x4' },
    { ...long, id: 'x5' },
  ]);
  expect(stored).toBe(1);
  const [kept] = fixture.query<{ n: number; bytes: number }>(
    'SELECT count(*) AS n, sum(length(text)) AS bytes FROM quarantine',
  );
  expect(kept?.n).toBe(3);
  expect(kept?.bytes).toBeLessThanOrEqual(10 * 1024 * 1024);
  const [raw] = fixture.query<{ most: number }>('SELECT max(length(envelope)) AS most FROM raw_envelope');
  expect(raw?.most).toBeLessThan(100_000);
});

test('an unreadable event explains as many missing versions as there are such events, and of its contract only', async () => {
  await fixture.append(
    opaque(1, 'C-1', 1),
    opaque(2, 'C-2', 1),
    unreadable('x3', 'C-1'),
    opaque(4, 'C-1', 3),
  );
  expect(await gaps()).toEqual([['quarantine', 'C-1']]);
  expect(await missing()).toBe(1);
  await fixture.append(opaque(7, 'C-1', 6));
  await fixture.append(opaque(9, 'C-2', 3));
  expect(await gaps()).toEqual([
    ['quarantine', 'C-1'],
    ['version', 'C-1'],
    ['version', 'C-2'],
  ]);
  expect(await missing()).toBe(1 + 2 + 1);
  await fixture.append(unreadable('x10', 'C-1'), opaque(11, 'C-1', 8));
  expect(await missing()).toBe(2 + 2 + 1);
  // Each heals with its own.
  await fixture.append(opaque(8, 'C-2', 2));
  await fixture.history('C-1', [told(5, 'C-1', 4), told(6, 'C-1', 5)]);
  await fixture.settle();
  expect(await gaps()).toEqual([['quarantine', 'C-1']]);
});

test('where the history cannot be read in the place of what is missing, nothing better is to be had', async () => {
  await fixture.append(opaque(1, 'C-1', 1), opaque(3, 'C-1', 3));
  await fixture.append(opaque(4, 'C-1', 4), opaque(6, 'C-1', 7));
  const open = [
    ['version', 'C-1'],
    ['version', 'C-1'],
  ];
  expect(await gaps()).toEqual(open);
  // One cannot be read, of the second gap two are missing: it explains the first alone.
  const page = (second: unknown) =>
    [1, second, 3, 4, 'many', 7].map((version, index) => told(index + 1, 'C-1', version));
  await fixture.history('C-1', page('many').slice(2));
  expect(await gaps()).toEqual(open);
  await fixture.history('C-1', page('many'));
  expect(await gaps()).toEqual([['quarantine', 'C-1'], open[1]]);
  expect(await missing()).toBe(1 + 2);
  await fixture.append(opaque(7, 'C-1', 8));
  expect(await gaps()).toHaveLength(2);
  // A gap that was found otherwise names all from the first version to the last.
  await fixture.history('C-2', [told(11, 'C-2', 1), told(12, 'C-2', 'many'), told(13, 'C-2', 3)]);
  expect((await gaps()).slice(2)).toEqual([['version', 'C-2']]);
  await fixture.history('C-2', [told(11, 'C-2', 1), told(12, 'C-2', 'many'), told(13, 'C-2', 3)]);
  expect((await gaps()).slice(2)).toEqual([['quarantine', 'C-2']]);
  await fixture.history('C-2', [told(12, 'C-2', 2)]);
  // The server can tell it after all.
  await fixture.history('C-1', page(2));
  await fixture.settle();
  expect(await gaps()).toEqual([open[1]]);
});

test('the first change of a contract came unreadably, and only a list told of it: it stays missing as more comes', async () => {
  await fixture.snapshot(null, []);
  await fixture.append(unreadable(idOf(1), 'C-1'), head(idOf(1)));
  const list = (n: number) => fixture.snapshot(idOf(n), [snapshotItem(envelope(n, 'C-1', n))]);
  const repair = async (n: number) => {
    await list(n);
    await fixture.history(
      'C-1',
      [broken(1, 'C-1'), envelope(2, 'C-1', 2), envelope(3, 'C-1', 3)].slice(0, n),
    );
    await fixture.settle();
  };
  await repair(1);
  await fixture.append(unreadable(idOf(2), 'C-1'), change(3, 'C-1', 3), head(idOf(3)));
  await repair(3);
  await repair(3);
  expect(await ranges()).toEqual([['quarantine', 1, 1, 'C-1']]);
  expect(await missing()).toBe(1);
});

test('what a history without places tells of before the first change that came is missing from there on', async () => {
  await fixture.snapshot(null, []);
  await fixture.append(opaque(4, 'C-1', 4));
  const page = [1, 'many', 3, 4].map((version, index) => told(index + 1, 'C-1', version));
  await fixture.history('C-1', page);
  expect(await gaps()).toEqual([['version', 'C-1']]);
  await fixture.history('C-1', page);
  expect(await gaps()).toEqual([['quarantine', 'C-1']]);
  await fixture.history('C-1', [told(2, 'C-1', 2)]);
  await fixture.settle();
  expect(await gaps()).toEqual([]);
});

test.each([
  ['', []],
  [', though the life before had the same there', [change(12, 'C-2', 1)]],
])(
  'what history brings of an unreadable event goes to its place in the present life%s',
  async (_, before) => {
    await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 3))]);
    await fixture.append(change(11, 'C-1', 4), ...before, stale(idOf(10), idOf(10)));
    await fixture.append(change(11, 'C-1', 4, { to: 'declined' }), unreadable(idOf(12), 'C-2'));
    expect(await gaps()).toContainEqual(['quarantine', 'C-2']);
    // Its own time is from before the log went back: that says nothing of when it was told.
    const early = new Date(START - 3_600_000).toISOString();
    await fixture.history('C-2', [{ ...envelope(12, 'C-2', 1), time: early }]);
    await fixture.settle();
    expect(await gaps()).not.toContainEqual(['quarantine', 'C-2']);
  },
);

const ranges = async () =>
  (await fixture.core().gaps(fixture.accountId, 'open')).map((gap) => [
    gap.kind,
    gap.fromSequence,
    gap.toSequence,
    gap.contractId,
  ]);
/** As a history tells it: its id can be read, its contract's version cannot. */
const broken = (n: number, contractId: string) => {
  const event = envelope(n, contractId, 1);
  return { ...event, data: { ...event.data, contract: { ...event.data.contract, version: 'many' } } };
};
const BROUGHT: readonly [string, () => Promise<unknown>][] = [
  [
    'a history',
    () => fixture.history('C-1', [envelope(1, 'C-1', 1), broken(5, 'C-1'), envelope(9, 'C-1', 3)]),
  ],
  ['the stream, late', () => fixture.append(unreadable(idOf(5), 'C-1'))],
];

test.each(BROUGHT)(
  'what %s brings unreadably of a gap is told apart from what is missing',
  async (_, bring) => {
    await fixture.append(change(1, 'C-1', 1), change(9, 'C-1', 3));
    await fixture.settle();
    await bring();
    await bring();
    const open = [
      ['quarantine', 5, 5, 'C-1'],
      ['sequence', 2, 4, null],
      ['sequence', 6, 8, null],
    ];
    expect(await ranges()).toEqual(open);
    expect(await missing()).toBe(7);
    await fixture.history(
      'C-2',
      [2, 3, 4].map((n) => envelope(n, 'C-2', n - 1)),
    );
    await fixture.settle();
    expect(await ranges()).toEqual([open[0], open[2]]);
    await fixture.history(
      'C-3',
      [6, 7, 8].map((n) => envelope(n, 'C-3', n - 5)),
    );
    await fixture.settle();
    expect(await ranges()).toEqual([open[0]]);
    expect(await missing()).toBe(1);
    // The server can tell it after all.
    await fixture.history('C-1', [envelope(5, 'C-1', 2)]);
    await fixture.settle();
    expect(await ranges()).toEqual([]);
  },
);

test('of a gap whose rest is here, nothing but what cannot be read is left', async () => {
  await fixture.append(change(1, 'C-1', 1), change(4, 'C-1', 4));
  await fixture.history('C-1', [envelope(2, 'C-1', 2), broken(3, 'C-1'), envelope(4, 'C-1', 4)]);
  expect(await ranges()).toEqual([['quarantine', 3, 3, 'C-1']]);
});

test('what was told unreadably in an earlier life of the log says nothing of what is missing now', async () => {
  await fixture.append(change(1, 'C-1', 1), change(4, 'C-1', 4));
  const open = [['sequence', 2, 3, null]];
  expect(await ranges()).toEqual(open);
  await fixture.history('C-1', [broken(3, 'C-1'), envelope(2, 'C-1', 2)]);
  expect(await ranges()).toEqual(open);
});

const restarted = async () => (await fixture.core().receipt(fixture.accountId, 0)).restartedAt !== null;
const cut = (item: StreamItem) => garbage(item.id, item.kind === 'event' ? item.data.slice(0, -20) : '');
const otherwise = (event: Envelope, version: unknown = 'many') =>
  statusItem({
    ...event,
    data: { ...event.data, contract: { ...event.data.contract, version } },
  } as Envelope);
/** Of servers with their own ids, and with ids without an order. */
const NAMED: readonly [string, (n: number) => string][] = [
  ['in a place of the log', (n) => idOf(n)],
  ['without a place', (n) => `x${n}`],
];

test.each(NAMED)('an id that is stored comes unreadably %s: a copy says nothing new', async (_, id) => {
  const known = [4, 5, 6].map((n) => change(n, 'C-1', n, { id: id(n) }));
  await fixture.append(...known);
  expect(await fixture.append(...known.map(cut))).toMatchObject({ quarantined: 0, duplicates: 3 });
  expect(await gaps()).toEqual([]);
  expect(await restarted()).toBe(false);
});

test.each(NAMED)(
  'an id that is stored comes unreadably %s for another contract: the log began anew',
  async (_, id) => {
    await fixture.append(...[4, 5, 6].map((n) => change(n, 'C-1', n, { id: id(n) })));
    const other = otherwise(envelope(4, 'C-2', 2, { id: id(4) }));
    expect(await fixture.append(other)).toMatchObject({ quarantined: 1, cursor: id(4) });
    expect(await fixture.append(other)).toMatchObject({ quarantined: 0, duplicates: 1 });
    expect(await gaps()).toEqual([['quarantine', 'C-2']]);
    expect(await missing()).toBe(1);
    expect(await restarted()).toBe(true);
    expect(await fixture.append(change(5, 'C-2', 3, { id: id(5) }))).toMatchObject({ stored: 1 });
    expect(await missing()).toBe(1);
  },
);

test.each(NAMED)(
  'an id that is stored comes unreadably %s for the same contract: set aside, and nothing is said of a new log',
  async (_, id) => {
    await fixture.append(...[4, 5, 6].map((n) => change(n, 'C-1', n, { id: id(n) })));
    const again = otherwise(envelope(4, 'C-1', 4, { id: id(4), to: 'draft' }));
    expect(await fixture.append(again)).toMatchObject({ quarantined: 1 });
    expect(await gaps()).toEqual([['quarantine', 'C-1']]);
    expect(await restarted()).toBe(false);
  },
);

test.each([
  ['a history', 'viewed', false, (told: Envelope) => fixture.history('C-1', [told])],
  ['a history', 'draft', true, (told: Envelope) => fixture.history('C-1', [told])],
  ['the stream', 'draft', true, (told: Envelope) => fixture.append(statusItem(told))],
])(
  '%s tells what came again unreadably for the same contract, to %s: a new log is %s',
  async (_, to, isNew, tell) => {
    await fixture.append(...[4, 5, 6].map((n) => change(n, 'C-1', n)));
    const told = envelope(4, 'C-1', 4, { to });
    await fixture.append(otherwise(told));
    expect(await ranges()).toEqual([['quarantine', 4, 4, 'C-1']]);
    await tell(told);
    await fixture.settle();
    expect(await ranges()).toEqual([]);
    expect(await restarted()).toBe(isNew);
  },
);

test('where a stored one stands in a gap, another under its id opens a gap of its own', async () => {
  await fixture.append(change(1, 'C-1', 1), change(9, 'C-1', 3));
  await fixture.history('C-2', [envelope(5, 'C-2', 1)]);
  expect(await ranges()).toEqual([['sequence', 2, 8, null]]);
  await fixture.append(otherwise(envelope(5, 'C-2', 1, { to: 'draft' })));
  expect(await ranges()).toContainEqual(['quarantine', 5, 5, 'C-2']);
  expect(await missing()).toBe(6 + 1);
  await fixture.history('C-2', [envelope(5, 'C-2', 1)]);
  await fixture.settle();
  expect(await ranges()).toEqual([['sequence', 2, 8, null]]);
  expect(await missing()).toBe(6);
});

test('what comes unreadably below the first that is stored is set aside as well', async () => {
  await fixture.append(change(4, 'C-1', 4), change(5, 'C-1', 5));
  expect(await fixture.append(unreadable(idOf(2), 'C-3'))).toMatchObject({ quarantined: 1 });
  expect(await gaps()).toEqual([['quarantine', 'C-3']]);
});

const many = (event: Envelope) =>
  ({ ...event, data: { ...event.data, contract: { ...event.data.contract, version: 'many' } } }) as unknown;

test.each(NAMED)(
  'without a baseline a history tells one unreadably %s that is older than all that is here: it is said, once',
  async (_, id) => {
    await fixture.core().markWithoutSnapshot(fixture.accountId);
    const [old, first, last] = [2, 9, 10].map((n) => envelope(n, 'C-3', n, { id: id(n) })) as [
      Envelope,
      Envelope,
      Envelope,
    ];
    await fixture.append(statusItem(first), statusItem(last));
    for (let n = 0; n < 2; n++) await fixture.history('C-3', [many(old), first, last]);
    expect(await gaps()).toEqual([['quarantine', 'C-3']]);
    expect(await missing()).toBe(1);
  },
);

test('before a baseline a history may tell what it likes unreadably: the snapshot stands for it', async () => {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-3', 10))]);
  await fixture.history('C-3', [many(envelope(2, 'C-3', 2)), envelope(10, 'C-3', 10)]);
  expect(await gaps()).toEqual([]);
});

test('a contract that came after the baseline: what its history tells unreadably stays missing, whatever snapshots show of the rest', async () => {
  const event = (n: number, version: number) => envelope(n, 'C-3', version, { id: `x${n}` });
  await fixture.snapshot('x1', [snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' }))]);
  await fixture.append(statusItem(event(3, 2)));
  await fixture.history('C-3', [many(event(2, 1)), event(3, 2)]);
  for (let times = 0; times < 3; times += 1) {
    expect(await gaps()).toEqual([['quarantine', 'C-3']]);
    await fixture.snapshot('x3', [
      snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' })),
      snapshotItem(event(3, 2)),
    ]);
    await fixture.settle();
  }
  await fixture.history('C-3', [event(2, 1), event(3, 2)]);
  await fixture.snapshot('x3', [
    snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' })),
    snapshotItem(event(3, 2)),
  ]);
  await fixture.settle();
  expect(await gaps()).toEqual([]);
});

test('what a history tells unreadably after all that is here is missing, once, also when the stream brings it then', async () => {
  const event = (n: number, version: number) => envelope(n, 'C-3', version, { id: `x${n}` });
  const first = { ...snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' })), lastEvent: null };
  await fixture.snapshot('x1', [first]);
  await fixture.append(statusItem(event(2, 1)));
  await fixture.snapshot('x3', [first, { ...snapshotItem(event(3, 2)), lastEvent: null }]);
  await fixture.history('C-3', [event(2, 1), many(event(3, 2))]);
  expect(await gaps()).toEqual([['quarantine', 'C-3']]);
  await fixture.append({ ...statusItem(event(3, 2)), data: JSON.stringify(many(event(3, 2))) } as never);
  expect(await missing()).toBe(1);
  // Nor is it of a contract of which only what was before the baseline can be read.
  await fixture.history('C-1', [
    envelope(0, 'C-1', 0, { id: 'x0' }),
    many(envelope(1, 'C-1', 1, { id: 'x1' })),
  ]);
  expect(await missing()).toBe(1);
});
