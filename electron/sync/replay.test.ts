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
