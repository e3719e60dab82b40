import { afterEach, beforeEach, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, envelope, head, idOf, KEY, snapshotItem, START } from '../testing/make.ts';

/* Whoever brings a change, and whatever ends in between: it is told once. */

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const own = (n: number): string => idOf(n);
const opaque = (n: number): string => `x${n}`;
const KINDS = [
  ['own ids', own],
  ['ids without an order', opaque],
] as const;

type Ids = (n: number) => string;
const told = (n: number, id: Ids) => envelope(n, 'C-1', n, { id: id(n) });
const begin = (id: Ids) => fixture.snapshot(id(10), [snapshotItem(told(10, id))]);
const open = (id: Ids, ...ns: readonly number[]) =>
  fixture.history(
    'C-1',
    ns.map((n) => told(n, id)),
    START,
    false,
  );
const repair = (id: Ids, ...ns: readonly number[]) =>
  fixture.history(
    'C-1',
    ns.map((n) => told(n, id)),
  );
const stream = async (id: Ids, ...ns: readonly number[]) => {
  const { fresh, news } = await fixture.append(...ns.map((n) => change(n, 'C-1', n, { id: id(n) })));
  expect(news).toBe(fresh.length);
  return fresh.map(({ eventId }) => eventId);
};
const take = async () => (await fixture.core().takeUntold(fixture.accountId)).map(({ eventId }) => eventId);
const marks = () => fixture.query<{ n: number }>('SELECT count(*) AS n FROM untold_event')[0]?.n;

test.each(KINDS)(
  '%s: what an opening brought is told as the stream brings it, after a restart too',
  async (_, id) => {
    await begin(id);
    expect((await open(id, 9, 10, 11)).fresh).toEqual([]);
    await fixture.reopen();
    expect(await stream(id, 11)).toEqual([id(11)]);
    await fixture.reopen();
    expect(await stream(id, 11)).toEqual([]);
    expect(await take()).toEqual([]);
  },
);

test.each(KINDS)(
  '%s: what an opening brought and the stream never does is told by being asked for',
  async (_, id) => {
    await begin(id);
    await open(id, 10, 11, 12);
    await fixture.reopen();
    // It passes over the first of them.
    expect(await stream(id, 12, 13)).toEqual([id(12), id(13)]);
    expect(await take()).toEqual([id(11)]);
    // Late, and after all.
    expect(await stream(id, 11)).toEqual([]);
  },
);

test('own ids: what an opening brought and a living stream left out is told once a head says that the log is beyond it', async () => {
  await begin(own);
  await open(own, 10, 11, 12);
  expect((await fixture.append(head(own(10)))).fresh).toEqual([]);
  const heard: string[] = [];
  for (const at of [1, 2, 3]) {
    const { fresh, news } = await fixture.append(head(own(11), START + at * 1000));
    expect(news).toBe(fresh.length);
    heard.push(...fresh.map(({ eventId }) => eventId));
  }
  expect(heard).toEqual([own(11)]);
  expect(await stream(own, 11, 12)).toEqual([own(12)]);
});

test('what a repair brought ahead of a stream that sends nothing again is told after a restart', async () => {
  await begin(own);
  await repair(own, 11, 12);
  await fixture.reopen();
  expect(await take()).toEqual([own(11), own(12)]);
  expect(await take()).toEqual([]);
});

test('what a repair brought ahead is told as the stream brings it, after a restart too, and only then', async () => {
  await begin(own);
  await repair(own, 11, 12);
  await fixture.reopen();
  expect(await stream(own, 11)).toEqual([own(11)]);
  await fixture.reopen();
  expect(await take()).toEqual([own(12)]);
  expect(await stream(own, 11, 12, 13)).toEqual([own(13)]);
});

test('what was told ahead of the stream is not told again by it, after a restart neither', async () => {
  await begin(own);
  await repair(own, 11);
  expect(await take()).toEqual([own(11)]);
  await fixture.reopen();
  expect(await stream(own, 11, 12)).toEqual([own(12)]);
});

test.each(KINDS)('%s: a repair finds what an opening had brought: it can be told now', async (_, id) => {
  await begin(id);
  await open(id, 11);
  const { fresh } = await repair(id, 11);
  expect(fresh).toMatchObject([{ eventId: id(11), isAhead: true }]);
  expect(await take()).toEqual([id(11)]);
  expect((await repair(id, 11)).fresh).toEqual([]);
});

test('what the log lost after a repair had told it is not told again where the server has it after all', async () => {
  await begin(own);
  await repair(own, 12);
  expect(await take()).toEqual([own(12)]);
  await stream(own, 11);
  // Another change in that place: the log went back.
  await fixture.append(change(12, 'C-2', 1));
  await fixture.reopen();
  expect(await stream(own, 13)).toEqual([own(13)]);
  await fixture.append(change(14, 'C-2', 2));
  await fixture.history('C-1', [told(12, own)]);
  expect(await take()).toEqual([]);
});

test('with ids used again, another change under an id that waits to be told is told for itself', async () => {
  await begin(opaque);
  await open(opaque, 11);
  const { fresh } = await fixture.append(change(1, 'C-2', 1, { id: opaque(11) }));
  expect(fresh).toMatchObject([{ eventId: opaque(11), contractId: 'C-2' }]);
  expect(await take()).toEqual([opaque(11)]);
});

test('it is told with its own words, and as muted where its contract is', async () => {
  await fixture.snapshot(own(10), [snapshotItem(told(10, own))]);
  await fixture.history('C-1', [
    envelope(11, 'C-1', 11, { from: 'sent', to: 'declined', reason: 'Too late', actionRequired: true }),
    envelope(12, 'C-1', 12, { from: 'declined', to: 'sent' }),
  ]);
  await fixture.core().perform(fixture.accountId, ['C-1'], { do: 'mute', muted: true }, START);
  expect(await fixture.core().takeUntold(fixture.accountId)).toMatchObject([
    { eventId: own(11), from: 'sent', to: 'declined', reason: 'Too late', actionRequired: true, muted: true },
    { eventId: own(12), from: 'declined', to: 'sent', reason: null, actionRequired: false, muted: true },
  ]);
});

test('what was read meanwhile is not told, neither ahead nor by the stream', async () => {
  await begin(own);
  await repair(own, 11, 12);
  await fixture.core().perform(fixture.accountId, ['C-1'], { do: 'read', read: true }, START);
  expect(await stream(own, 11)).toEqual([]);
  expect(await take()).toEqual([]);
});

test('of very many the newest are told, and none waits for ever', async () => {
  await begin(own);
  const ns = Array.from({ length: 600 }, (_, i) => 11 + i);
  await repair(own, ...ns);
  expect(await take()).toEqual(ns.slice(-500).map(own));
  expect(marks()).toBe(0);
});

test('retention and an erased account leave no mark', async () => {
  await begin(own);
  await repair(own, 11, 12);
  expect(marks()).toBe(2);
  let done = false;
  while (!done) ({ done } = await fixture.core().maintain({ maxAgeMs: 1, maxBytes: null }, START + 10_000));
  expect(marks()).toBe(1);
  await fixture.core().eraseAccount(fixture.accountId);
  expect(marks()).toBe(0);
});

/** Some of 11 … 18 by each way, in any order, with restarts between; then all of them by the stream. */
const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constantFrom('open', 'repair'),
      from: fc.integer({ min: 11, max: 18 }),
      to: fc.integer({ min: 11, max: 18 }),
    }),
    fc.record({ do: fc.constant('stream'), count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constantFrom('take', 'restart') }),
  ),
  { maxLength: 12 },
);

test.each(KINDS)(
  '%s: in any order of stream, openings, repairs and restarts each change is told once',
  async (_, id) => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        fixture.dispose();
        fixture = await openFixture();
        await fixture.core().account(KEY);
        await begin(id);
        const heard: string[] = [];
        let reached = 10;
        const advance = async (count: number) => {
          const ns = Array.from({ length: count }, (_, i) => reached + 1 + i).filter((n) => n <= 18);
          reached = Math.max(reached, ...ns);
          heard.push(...(await stream(id, ...ns)));
        };
        for (const step of plan) {
          if (step.do === 'stream') await advance((step as { count: number }).count);
          else if (step.do === 'take') heard.push(...(await take()));
          else if (step.do === 'restart') await fixture.reopen();
          else {
            const { from, to } = step as { from: number; to: number };
            // A history is told from its beginning.
            const ns = Array.from({ length: Math.max(from, to) - 10 }, (_, i) => 11 + i);
            const merged = step.do === 'open' ? await open(id, ...ns) : await repair(id, ...ns);
            heard.push(
              ...merged.fresh.filter(({ isAhead }) => isAhead !== true).map(({ eventId }) => eventId),
            );
          }
        }
        await advance(8);
        heard.push(...(await take()));
        expect(heard.toSorted()).toEqual(Array.from({ length: 8 }, (_, i) => id(11 + i)).toSorted());
      }),
      { numRuns: 40 },
    );
  },
);
