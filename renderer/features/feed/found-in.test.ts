import { expect, it } from 'vitest';
import { rowsOf } from '../../testing/fixtures.ts';
import { foundIn } from './found-in.ts';

it('tells what the row does not show', () => {
  const [row] = rowsOf(0) as [ReturnType<typeof rowsOf>[number]];
  const bare = { ...row, title: 'Steel', counterparties: [], reasonText: 'Price too high', found: null };
  expect(foundIn(bare, ['steel'])).toBeNull();
  expect(foundIn(bare, ['price'])).toBe('Price too high');
  expect(foundIn(bare, ['2026'])).toBeNull();
  expect(foundIn({ ...bare, found: 'Dates differ' }, ['dates'])).toBe('Dates differ');
  expect(foundIn(bare, [])).toBeNull();
});
