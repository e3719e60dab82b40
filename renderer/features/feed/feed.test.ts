import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../testing/fixtures.ts';
import { locate, moveBy } from '../../state/active-row.ts';
import { ANNOUNCE_EVERY_MS, createAnnouncer } from './announce.ts';
import { wantsHold, type HoldFacts } from './hold.ts';

describe('wantsHold', () => {
  const idle: HoldFacts = {
    atTop: true,
    pointerOver: false,
    focusedIndex: null,
    view: 'all',
    contractOpen: false,
    selecting: false,
  };

  it('lets changes in at the top of a list that nobody touches', () => {
    expect(wantsHold(idle)).toBe(false);
    expect(wantsHold({ ...idle, focusedIndex: 0 })).toBe(false);
    expect(wantsHold({ ...idle, contractOpen: true })).toBe(false);
  });

  it('holds what is scrolled, under the pointer, or has the keyboard below the top', () => {
    expect(wantsHold({ ...idle, atTop: false })).toBe(true);
    expect(wantsHold({ ...idle, pointerOver: true })).toBe(true);
    expect(wantsHold({ ...idle, focusedIndex: 1 })).toBe(true);
    expect(wantsHold({ ...idle, selecting: true })).toBe(true);
  });

  it('does not let the contract one reads drop out of a view that reading changes', () => {
    expect(wantsHold({ ...idle, view: 'unread', contractOpen: true })).toBe(true);
    expect(wantsHold({ ...idle, view: 'action_required', contractOpen: true })).toBe(true);
  });
});

describe('the active row', () => {
  const rows = new Map(rowsOf(4, 5, 6).map((row, index) => [index, row]));

  it('follows its contract when rows move', () => {
    expect(locate({ index: 0, key: '1/C-6' }, rows, 3)).toBe(2);
  });

  it('stays at its place when its contract is not here, and never beyond the end', () => {
    expect(locate({ index: 1, key: '1/C-77' }, rows, 3)).toBe(1);
    expect(locate({ index: 9, key: null }, rows, 3)).toBe(2);
    expect(locate({ index: 0, key: null }, new Map(), 0)).toBe(-1);
  });

  it('moves by the keys and stops at both ends', () => {
    expect(moveBy('j', 0, 100, 10)).toBe(1);
    expect(moveBy('k', 0, 100, 10)).toBe(0);
    expect(moveBy('ArrowDown', 99, 100, 10)).toBe(99);
    expect(moveBy('PageDown', 5, 100, 10)).toBe(15);
    expect(moveBy('PageUp', 5, 100, 10)).toBe(0);
    expect(moveBy('End', 5, 100_000, 10)).toBe(99_999);
    expect(moveBy('Home', 5, 100, 10)).toBe(0);
    expect(moveBy('x', 5, 100, 10)).toBeNull();
  });
});

describe('announcements', () => {
  it('come at once, then at most one in five seconds with everything that came meanwhile', () => {
    let now = 0;
    let due: { at: number; run: () => void } | null = null;
    const said: (readonly [number, boolean])[] = [];
    const clock = {
      now: () => now,
      after(ms: number, run: () => void) {
        due = { at: now + ms, run };
        return () => {
          due = null;
        };
      },
    };
    const announcer = createAnnouncer(clock, (count, sure) => said.push([count, sure]));
    announcer.add(0, true);
    announcer.add(1, true);
    expect(said).toEqual([[1, true]]);
    for (now = 100; now < 1000; now += 100) announcer.add(2, now !== 500);
    expect(said).toEqual([[1, true]]);
    const waiting = due as { at: number; run: () => void } | null;
    expect(waiting?.at).toBe(ANNOUNCE_EVERY_MS);
    now = ANNOUNCE_EVERY_MS;
    waiting?.run();
    expect(said).toEqual([
      [1, true],
      [18, false],
    ]);
    announcer.add(1, true);
    announcer.stop();
    expect(due).toBeNull();
  });
});
