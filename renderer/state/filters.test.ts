import { describe, expect, it } from 'vitest';
import type { ViewFilter } from '../../protocol/filter.ts';
import { compareDecimals, isPlain, parseDecimal, sortOf, withCondition, withSort } from './filters.ts';
import { sameFilter } from './saved-store.ts';

const ALL: ViewFilter = { view: 'all', text: '' };

describe('filters', () => {
  it('gain and lose conditions, and become plain again without any', () => {
    const one = withCondition(ALL, 'statuses', ['sent']);
    expect(one).toEqual({ ...ALL, conditions: { statuses: ['sent'] } });
    const two = withCondition(one, 'due', 'none');
    expect(isPlain(two)).toBe(false);
    expect(withCondition(two, 'statuses', undefined)).toEqual({ ...ALL, conditions: { due: 'none' } });
    expect(withCondition(one, 'statuses', undefined)).toEqual(ALL);
  });

  it('keep their order through changes of conditions, and leave the usual one out', () => {
    const sorted = withSort(ALL, { by: 'due', descending: false });
    expect(sortOf(withCondition(sorted, 'due', 'none'))).toEqual({ by: 'due', descending: false });
    expect(withSort(sorted, { by: 'recent', descending: true })).toEqual(ALL);
    expect(withSort(ALL, { by: 'recent', descending: false })).not.toEqual(ALL);
  });

  it('are the same when they ask the same', () => {
    const a: ViewFilter = { ...ALL, conditions: { statuses: ['sent', 'viewed'], due: 'none' } };
    const b: ViewFilter = { ...ALL, conditions: { due: 'none', statuses: ['viewed', 'sent'] } };
    expect(sameFilter(a, b)).toBe(true);
    expect(sameFilter(ALL, { ...ALL, sort: { by: 'recent', descending: true } })).toBe(true);
    expect(sameFilter(ALL, { ...ALL, text: ' ' })).toBe(true);
    expect(sameFilter(ALL, { ...ALL, view: 'muted' })).toBe(false);
    expect(sameFilter(ALL, { ...ALL, sort: { by: 'due', descending: true } })).toBe(false);
  });
});

describe('a number as people write it', () => {
  it.each([
    ['1250000', '1250000'],
    ['1 250 000,50', '1250000.50'],
    ['1\u00a0250\u202f000,5', '1250000.5'],
    ['1,250,000.50', '1250000.50'],
    ['1.250.000,50', '1250000.50'],
    ['1,250,000', '1250000'],
    ['12,5', '12.5'],
    ['-3.25', '-3.25'],
    ['1’250’000', '1250000'],
  ])('%s', (text, decimal) => {
    expect(parseDecimal(text)).toBe(decimal);
  });

  it.each(['', 'abc', '1..2', '1,2,3', '--1', '1e5', '9'.repeat(31), '1.12345678901'])(
    'is none: %s',
    (text) => {
      expect(parseDecimal(text)).toBeNull();
    },
  );

  it('is compared digit by digit', () => {
    expect(compareDecimals('9007199254740993', '9007199254740992')).toBe(1);
    expect(compareDecimals('1.10', '1.1')).toBe(0);
    expect(compareDecimals('-2', '-1.5')).toBe(-1);
    expect(compareDecimals('0.0000000001', '0')).toBe(1);
  });
});
