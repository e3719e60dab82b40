import { describe, expect, it } from 'vitest';
import { pairRatios, percentile, summarize } from './statistics.ts';

describe('summarize', () => {
  it('takes the middle by size, not by text', () => {
    expect(summarize([100, 9, 20])).toEqual({ median: 20, min: 9, max: 100 });
  });

  it('takes the mean of two in the middle', () => {
    expect(summarize([4, 1, 3, 2]).median).toBe(2.5);
  });

  it('does not reorder what it was given, and refuses nothing at all', () => {
    const samples = [3, 1, 2];
    summarize(samples);
    expect(samples).toEqual([3, 1, 2]);
    expect(() => summarize([])).toThrow(RangeError);
  });
});

describe('percentile', () => {
  it('is the nearest rank', () => {
    const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentile(samples, 0.5)).toBe(100);
    expect(percentile(samples, 0.95)).toBe(190);
    expect(percentile(samples, 0.99)).toBe(198);
    expect(percentile(samples, 1)).toBe(200);
    expect(percentile([7], 0.01)).toBe(7);
  });
});

describe('pairRatios', () => {
  it('says how many times as good ours is, whichever way is better', () => {
    expect(pairRatios([10, 20], [5, 5], 'more')).toEqual([2, 4]);
    expect(pairRatios([10, 20], [5, 5], 'less')).toEqual([0.5, 0.25]);
  });

  it('never pairs different rounds', () => {
    expect(() => pairRatios([1], [1, 2], 'more')).toThrow(RangeError);
  });
});
