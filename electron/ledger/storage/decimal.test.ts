import { expect, test } from 'vitest';
import { fromScaled, isInexact, toScaled } from './decimal.ts';

test('decimals and floats that stand for one exactly are scaled by ten to the tenth', () => {
  expect(toScaled('1250000.10')).toBe(12_500_001_000_000_000n);
  expect(toScaled('-0.5')).toBe(-5_000_000_000n);
  expect(toScaled(String(1e-10))).toBe(1n);
  expect(toScaled('123456789012345678901234567890.0000000001')).toBe(
    1_234_567_890_123_456_789_012_345_678_900_000_000_001n,
  );
  expect(() => toScaled('1,5')).toThrow('no decimal');
});

test('there and back', () => {
  for (const text of ['0', '-1', '0.0000000001', '-12.5', '123456789012345678901234567890.0000000001']) {
    expect(fromScaled(toScaled(text))).toBe(text);
  }
});

test('more than fifteen digits may share a float with another decimal', () => {
  expect(isInexact('9007199254740993')).toBe(true);
  expect(isInexact('-00000000000000012.50')).toBe(false);
  expect(isInexact('99999999999.9999')).toBe(false);
});
