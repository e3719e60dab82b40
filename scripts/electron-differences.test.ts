import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ELECTRON_DIFFERENCES } from './electron-differences.ts';

const ROOT = join(import.meta.dirname, '..');

test('each difference between the versions of Electron is handled where the list says', () => {
  const places = ELECTRON_DIFFERENCES.flatMap(({ place }) => (place === null ? [] : [place]));
  expect(places.length).toBeGreaterThan(10);
  const gone = places.filter(({ file, holds }) => !readFileSync(join(ROOT, file), 'utf8').includes(holds));
  expect(gone).toEqual([]);
});

test('the list goes from the oldest version to the pinned one', () => {
  const versions = ELECTRON_DIFFERENCES.map(({ since }) => since);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const pinned = Number(/^\^(\d+)\./.exec(devDependencies['electron'] ?? '')?.[1]);
  expect(versions.at(-1)).toBeLessThanOrEqual(pinned);
});
