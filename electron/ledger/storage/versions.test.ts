import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../integration/seed.ts';
import { addVersion, countAbsent, dropAbove, readVersions, type VersionColumns } from './versions.ts';

const empty = (): VersionColumns => ({ haveLow: null, haveTop: null, haveParts: null });

test('ranges grow, meet and keep their gaps', () => {
  const set = empty();
  for (const version of [5, 6, 9, 8, 7, 1]) addVersion(set, version);
  expect(readVersions(set)).toEqual([
    [1, 1],
    [5, 9],
  ]);
  expect(countAbsent(set, 1, 10)).toBe(4);
  dropAbove(set, 6);
  expect(set).toEqual({ haveLow: 1, haveTop: 6, haveParts: '[[1,1],[5,6]]' });
});

test('any order of additions gives the same set as a plain one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 30 })),
      fc.integer({ min: 1, max: 30 }),
      (versions, from) => {
        const set = empty();
        for (const version of versions) addVersion(set, version);
        const plain = new Set(versions);
        const range = Array.from({ length: 31 - from }, (_, i) => from + i);
        expect(countAbsent(set, from, 30)).toBe(range.filter((version) => !plain.has(version)).length);
        expect(set.haveTop).toBe(versions.length === 0 ? null : Math.max(...versions));
      },
    ),
    propertyRuns('any order of additions', 100),
  );
});
