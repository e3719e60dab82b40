import { expect, test } from 'vitest';
import type { AppendBatch } from '../ledger/ingest.ts';
import type { StreamItem } from '../stream/types.ts';
import { createManualClock } from '../stream/testing.ts';
import { createIntakeQueue, GATHER_MS, MAX_ITEMS, MAX_WEIGHT } from './queue.ts';

function item(n: number, size = 1): StreamItem {
  return { kind: 'event', id: `${n}`, name: 'x', data: 'd'.repeat(size) };
}

/** A ledger whose writes end when the test says so. */
function begin() {
  const batches: (readonly StreamItem[])[] = [];
  const dropped: (readonly StreamItem[])[] = [];
  const gathered = new Map<AppendBatch, StreamItem[]>();
  const ends: { resolve(): void; reject(error: Error): void }[] = [];
  const clock = createManualClock();
  const queue = createIntakeQueue({
    clock,
    batch() {
      const items: StreamItem[] = [];
      const batch: AppendBatch = {
        add: (more) => void items.push(...more),
        drop: () => void dropped.push(items),
      };
      gathered.set(batch, items);
      return batch;
    },
    write(batch) {
      batches.push(gathered.get(batch) ?? []);
      return new Promise((resolve, reject) => ends.push({ resolve, reject }));
    },
  });
  return { clock, queue, batches, dropped, ends };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const waiting = Symbol('waiting');
  await turn();
  return (await Promise.race([promise, Promise.resolve(waiting)])) !== waiting;
}

const ids = (batch: readonly StreamItem[] | undefined) => batch?.map((one) => one.id);

test('the first item is written at once; what comes meanwhile is the next batch, in order', async () => {
  const { clock, queue, batches, ends } = begin();
  await queue.take([item(1)]);
  expect(ids(batches[0])).toEqual(['1']);
  await queue.take([item(2)]);
  await queue.take([item(3), item(4)]);
  expect(batches).toHaveLength(1);
  clock.advance(GATHER_MS);
  ends[0]?.resolve();
  await turn();
  expect(ids(batches[1])).toEqual(['2', '3', '4']);
  const settled = queue.settled();
  expect(await isDone(settled)).toBe(false);
  ends[1]?.resolve();
  await settled;
});

test('tells since when it is writing, and not while nothing is written', async () => {
  const { clock, queue, ends } = begin();
  clock.advance(5);
  expect(queue.writingSince()).toBeNull();
  await queue.take([item(1)]);
  clock.advance(700);
  expect(queue.writingSince()).toBe(5);
  await queue.take([item(2)]);
  ends[0]?.resolve();
  await turn();
  expect(queue.writingSince()).toBe(705);
  ends[1]?.reject(new Error('disk full'));
  await turn();
  expect(queue.writingSince()).toBeNull();
});

test.each([
  ['items', Array.from({ length: MAX_ITEMS }, (_, n) => item(n))],
  ['weight', [item(1, MAX_WEIGHT)]],
])('a bound of %s holds the reader until the ledger has begun with it', async (_what, many) => {
  const { queue, batches, ends } = begin();
  await queue.take([item(0)]);
  const held = queue.take(many);
  expect(await isDone(held)).toBe(false);
  ends[0]?.resolve();
  await held;
  expect(batches[1]).toHaveLength(many.length);
  // What is read meanwhile is the next batch, and holds the reader as well.
  const next = queue.take(many);
  expect(await isDone(next)).toBe(false);
  ends[1]?.resolve();
  await next;
  expect(batches[2]).toHaveLength(many.length);
});

test('a failed write ends the connection at the next item, drops what waited, and is over with it', async () => {
  const { clock, queue, batches, dropped, ends } = begin();
  await queue.take([item(1)]);
  await queue.take([item(2)]);
  ends[0]?.reject(new Error('disk full'));
  await turn();
  expect(dropped.map(ids)).toEqual([['2']]);
  await expect(queue.take([item(3)])).rejects.toThrow('disk full');
  await expect(queue.take([item(4)])).rejects.toThrow('disk full');
  expect(batches).toHaveLength(1);
  await queue.settled();
  clock.advance(GATHER_MS);
  await queue.take([item(2)]);
  expect(ids(batches[1])).toEqual(['2']);
});

test('a failed write ends a reader that was held', async () => {
  const { queue, ends } = begin();
  await queue.take([item(0)]);
  const held = queue.take(Array.from({ length: MAX_ITEMS }, (_, n) => item(n)));
  const caught = expect(held).rejects.toThrow('disk full');
  ends[0]?.reject(new Error('disk full'));
  await caught;
});

test('a failure that no item came after is told once by whoever waits for the end of it', async () => {
  const { clock, queue, batches, ends } = begin();
  await queue.take([item(1)]);
  ends[0]?.reject(new Error('disk full'));
  await expect(queue.settled()).rejects.toThrow('disk full');
  await queue.settled();
  clock.advance(GATHER_MS);
  await queue.take([item(1)]);
  expect(ids(batches[1])).toEqual(['1']);
});

test('an item that comes just as the last write ends is written, not left until the next one', async () => {
  for (let ticks = 0; ticks < 8; ticks += 1) {
    const { clock, queue, batches, ends } = begin();
    await queue.take([item(1)]);
    clock.advance(GATHER_MS);
    ends[0]?.resolve();
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
    void queue.take([item(2)]);
    await turn();
    expect(ids(batches[1]), `after ${ticks} microtasks`).toEqual(['2']);
  }
});

test('items that come thick and fast gather; one that comes after a pause does not', async () => {
  const { clock, queue, batches, ends } = begin();
  await queue.take([item(1)]);
  ends[0]?.resolve();
  await turn();
  for (let n = 2; n <= 4; n += 1) {
    clock.advance(GATHER_MS / 4);
    await queue.take([item(n)]);
  }
  await turn();
  expect(batches).toHaveLength(1);
  clock.advance(GATHER_MS / 4);
  await turn();
  expect(ids(batches[1])).toEqual(['2', '3', '4']);
  ends[1]?.resolve();
  await turn();
  clock.advance(GATHER_MS);
  await queue.take([item(5)]);
  expect(ids(batches[2])).toEqual(['5']);
});

test('what gathers is written at once for whoever waits for the end of it', async () => {
  const { queue, batches, ends } = begin();
  await queue.take([item(1)]);
  ends[0]?.resolve();
  await turn();
  await queue.take([item(2)]);
  const settled = queue.settled();
  await turn();
  expect(ids(batches[1])).toEqual(['2']);
  ends[1]?.resolve();
  await settled;
});
