import { expect, test } from 'vitest';
import { fitSlope } from './slope.ts';

test('a straight line has its slope and no error', () => {
  const { slope, error } = fitSlope([
    [0, 5],
    [1, 7],
    [2, 9],
    [4, 13],
  ]);
  expect(slope).toBeCloseTo(2);
  expect(error).toBeCloseTo(0);
});

test('noise without a trend gives an error larger than the slope', () => {
  const points = Array.from({ length: 40 }, (_, at) => [at, at % 2 === 0 ? 10 : 12] as const);
  const { slope, error } = fitSlope(points);
  expect(Math.abs(slope)).toBeLessThan(2 * error);
});

test('two points are not enough', () => {
  expect(() =>
    fitSlope([
      [0, 1],
      [1, 2],
    ]),
  ).toThrow(RangeError);
});
