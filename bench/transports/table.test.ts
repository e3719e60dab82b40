import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import type { Report } from '../harness/types.ts';
import { makeTransportsTable } from './table.ts';

test('the front page’s table has a line for each transport, with figures from the report', () => {
  const text = readFileSync(new URL('../quoted/transports.json', import.meta.url), 'utf8');
  const lines = makeTransportsTable(JSON.parse(text) as Report).split('\n');
  const columns = (line: string | undefined): number => line?.split('|').length ?? 0;
  expect(lines.slice(2, 6).map((line) => line.split('|')[1]?.trim())).toEqual([
    '**SSE**',
    'NDJSON stream',
    'long polling',
    'polling each second',
  ]);
  for (const line of lines.slice(1, 6)) expect(columns(line)).toBe(columns(lines[0]));
  expect(lines[2]).toMatch(/\d ms/);
  expect(lines.join('')).not.toContain('–');
});
