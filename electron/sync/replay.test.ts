import { expect, test } from 'vitest';
import { createReplayWatch } from './replay.ts';

function begin(cursor: string | null) {
  const told: string[] = [];
  const watch = createReplayWatch((replay) => told.push(replay));
  watch.opened(cursor);
  return { told, watch };
}

const id = (sequence: number, epoch = 'e7'): string => `${epoch}-${String(sequence).padStart(11, '0')}`;

test('what follows the cursor, before the first head: the server has kept it', () => {
  const { told, watch } = begin(id(41));
  watch.event(id(41));
  watch.event(id(42));
  watch.event(id(43));
  expect(told).toEqual([]);
  watch.head(id(43));
  expect(told).toEqual(['proven']);
  expect(watch.isOpen).toBe(false);
});

test('a head ahead of the cursor without it: the server has not', () => {
  const { told, watch } = begin(id(41));
  watch.event(id(45));
  watch.head(id(45));
  expect(told).toEqual(['none']);
});

test('only some of what follows the cursor: what was believed of the server is not to be', () => {
  const { told, watch } = begin(id(41));
  for (const sequence of [42, 43, 45, 46]) watch.event(id(sequence));
  watch.head(id(46));
  expect(told).toEqual(['unknown']);
});

test('the head is ahead of what followed the cursor: neither', () => {
  const { told, watch } = begin(id(41));
  watch.event(id(42));
  watch.head(id(44));
  expect(told).toEqual(['unknown']);
});

test('what is known already comes again before it: the server has kept it all the same', () => {
  const { told, watch } = begin(id(41));
  for (const sequence of [30, 41, 42, 42, 43, 31]) watch.event(id(sequence));
  watch.head(id(43));
  expect(told).toEqual(['proven']);
});

test.each<[string, string | null, (watch: ReturnType<typeof createReplayWatch>) => void]>([
  ['nothing happened meanwhile', id(41), (watch) => watch.head(id(41))],
  [
    'it comes after the head: it may have happened just now',
    id(41),
    (watch) => (watch.head(id(41)), watch.event(id(42)), watch.head(id(42))),
  ],
  ['no head comes at all', id(41), (watch) => watch.event(id(42))],
  ['the first start, without a cursor', null, (watch) => (watch.event(id(1)), watch.head(id(1)))],
  ['opaque ids', 'abc', (watch) => (watch.event('abd'), watch.head('abd'))],
  ['another life of the log', id(41), (watch) => (watch.event(id(42, 'e8')), watch.head(id(42, 'e8')))],
  [
    'the server says that it no longer has it',
    id(41),
    (watch) => (watch.stale(), watch.event(id(60)), watch.head(id(60))),
  ],
  ['an empty log', id(41), (watch) => watch.head(null)],
])('%s: nothing is known', (_, cursor, run) => {
  const { told, watch } = begin(cursor);
  run(watch);
  expect(told).toEqual([]);
});
