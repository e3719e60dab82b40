import { expect, it } from 'vitest';
import { concludeCase } from './measure.ts';
import { formatCase, formatFigure, formatRatio } from './report.ts';

it('shows three significant figures, never rounding away what is large', () => {
  expect([0.12345, 1.2345, 12.345, 123.45, 1_234.5, 1_234_567].map(formatFigure)).toEqual([
    '0.123',
    '1.23',
    '12.3',
    '123',
    '1,235',
    '1,234,567',
  ]);
  expect(formatFigure(0)).toBe('0');
  expect(formatRatio({ median: 1.234, min: 1, max: 2 })).toBe('1.23 (1.00–2.00)');
  expect(formatRatio({ median: 748.2, min: 702, max: 903 })).toBe('748 (702–903)');
});

it('shows each contender with its spread, compares with ours, and says what was missed', () => {
  const lines = formatCase(
    concludeCase(
      {
        title: 'a case',
        metrics: [
          { key: 'rate', label: 'events/s', better: 'more' },
          { key: 'requests', label: 'requests', better: 'less' },
        ],
        targets: [{ metric: 'rate', against: 'floor', atLeast: 0.65, gate: null }],
        rounds: 2,
        contenders: [
          { name: 'mine', role: 'ours' },
          { name: 'floor', role: 'floor' },
        ],
      },
      [
        { rate: [10, 20], requests: [0, 0] },
        { rate: [40, 40], requests: [1, 1] },
      ],
    ),
  );
  expect(lines[2]).toMatch(/^\| mine +\| ours +\| +15\.0 \(10\.0–20\.0\) +\|/);
  expect(lines[3]).toMatch(/ 0\.38 \(0\.25–0\.50\) \|/);
  // Nothing is a number of times as good as something over nothing.
  expect(lines.join('\n')).not.toMatch(/NaN|Infinity/);
  expect(lines).toContain('- **missed**: events/s: at least 0.65 × floor; is 0.38 (0.25–0.50)');
});
