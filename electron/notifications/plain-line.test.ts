import { expect, test } from 'vitest';
import { plainLine } from './plain-line.ts';

test('nothing in it steers the desktop: one line, no control characters, no turned direction', () => {
  expect(plainLine('Lease\r\n\t of\u2028the\u0007 house\u0000', 80)).toBe('Lease of the house');
  expect(plainLine('ACME\u202Egpj.exe\u2066 Ltd\u200F', 80)).toBe('ACMEgpj.exe Ltd');
  expect(plainLine('  Поставка ёлок 👩‍👩‍👧  ', 80)).toBe('Поставка ёлок 👩‍👩‍👧');
});

test('it is cut between letters as people see them', () => {
  expect(plainLine('Договор поставки', 8)).toBe('Договор…');
  expect(plainLine('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2)).toBe('👩‍👩‍👧…');
  expect(plainLine('x'.repeat(10_000_000), 5)).toBe('xxxx…');
});
