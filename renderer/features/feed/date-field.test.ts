import { expect, it } from 'vitest';
import { dateField, instantOf } from './date-field.ts';

it('date fields hold local time', () => {
  expect(instantOf('2026-11-23', '08:30')).toBe(new Date(2026, 10, 23, 8, 30).getTime());
  expect(instantOf('2026-11-23', '')).toBe(new Date(2026, 10, 23, 9).getTime());
  expect(instantOf('', '08:30')).toBeNull();
  expect(dateField(new Date(2026, 10, 3, 23, 59).getTime())).toBe('2026-11-03');
});
