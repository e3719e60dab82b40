import { expect, test } from 'vitest';
import { nextTextScale } from './text-scale.ts';

test('up and down in steps, from wherever one is, and never beyond 80 and 200 %', () => {
  expect([80, 95, 100, 110, 199, 200].map((scale) => nextTextScale(scale, 'larger'))).toEqual([
    90, 100, 110, 125, 200, 200,
  ]);
  expect([200, 130, 100, 81, 80].map((scale) => nextTextScale(scale, 'smaller'))).toEqual([
    175, 125, 90, 80, 80,
  ]);
});
