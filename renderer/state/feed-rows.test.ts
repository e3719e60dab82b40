import { describe, expect, it } from 'vitest';
import { batchOf, rowsOf } from '../testing/fixtures.ts';
import { anchorShift, arrivals, mergeBatch, rangeAround, type Rows } from './feed-rows.ts';

function rowsAt(offset: number, ...indices: number[]): Rows {
  return new Map(rowsOf(...indices).map((row, i) => [offset + i, row]));
}

describe('rangeAround', () => {
  it('has a margin on both sides and moves in steps', () => {
    expect(rangeAround(0, 12)).toEqual({ offset: 0, limit: 50 });
    expect(rangeAround(26, 38)).toEqual({ offset: 0, limit: 75 });
    expect(rangeAround(30, 42)).toEqual({ offset: 0, limit: 75 });
    expect(rangeAround(99_990, 99_999)).toEqual({ offset: 99_950, limit: 75 });
  });

  it('never asks for more than 500 rows, whatever the window measures', () => {
    expect(rangeAround(0, 10_000).limit).toBe(500);
  });
});

describe('mergeBatch', () => {
  it('keeps the identity of rows that did not change', () => {
    const before = rowsAt(0, 0, 1);
    const [, changed] = rowsOf(0, 1);
    const { rows, moved } = mergeBatch(before, 2, batchOf([...rowsOf(0), { ...changed!, unread: 5 }]));
    expect(moved).toBe(false);
    expect(rows.get(0)).toBe(before.get(0));
    expect(rows.get(1)).not.toBe(before.get(1));
    expect(rows.get(1)?.unread).toBe(5);
  });

  it('forgets what lies outside the batch when the order or the total changed, or messages were missed', () => {
    const before = rowsAt(0, 0, 1, 2, 3);
    expect(mergeBatch(before, 4, batchOf(rowsOf(3, 0), { total: 4 })).rows.size).toBe(2);
    expect(mergeBatch(before, 4, batchOf(rowsOf(0, 1), { total: 3 })).rows.size).toBe(2);
    expect(mergeBatch(before, 4, batchOf(rowsOf(0, 1), { total: 4 }), false).rows.size).toBe(2);
    expect(mergeBatch(before, 4, batchOf(rowsOf(0, 1), { total: 4 })).rows.size).toBe(4);
  });

  it('holds only the neighbourhood of the latest range', () => {
    const before = rowsAt(0, ...Array.from({ length: 75 }, (_, index) => index));
    const { rows } = mergeBatch(before, 100_000, batchOf(rowsOf(900), { total: 100_000, offset: 50_000 }));
    expect([...rows.keys()]).toEqual([50_000]);
  });
});

describe('anchorShift', () => {
  it('tells how far the contract on screen was carried', () => {
    expect(anchorShift(rowsAt(10, 1, 2, 3), rowsAt(10, 7, 8, 1, 2, 3), 11)).toBe(2);
    expect(anchorShift(rowsAt(10, 1, 2, 3), rowsAt(10, 2, 3), 11)).toBe(-1);
  });

  it('is nothing when it stayed or cannot be found', () => {
    expect(anchorShift(rowsAt(10, 1, 2), rowsAt(10, 1, 2), 11)).toBe(0);
    expect(anchorShift(rowsAt(10, 1, 2), rowsAt(10, 8, 9), 11)).toBe(0);
    expect(anchorShift(new Map(), rowsAt(10, 8, 9), 11)).toBe(0);
  });
});

describe('arrivals', () => {
  it('names what stands above everything known', () => {
    expect([...arrivals(rowsAt(0, 1, 2), rowsAt(0, 5, 6, 1, 2))]).toEqual(['1/C-5', '1/C-6']);
  });

  it('counts a known contract with a newer version, and stops at the first that is as it was', () => {
    const [again] = rowsOf(2);
    const after = new Map(
      [...rowsAt(0, 2, 1, 9)].map(([i, row]) => [i, i === 0 ? { ...again!, version: 99 } : row]),
    );
    expect([...arrivals(rowsAt(0, 1, 2), after)]).toEqual(['1/C-2']);
  });
});
