import { expect, it } from 'vitest';
import { concludeCase } from '../harness/measure.ts';
import type { Report } from '../harness/types.ts';
import { drawTransports } from './chart.ts';

function reportOf(figures: Readonly<Record<string, number>>): Report {
  const metric = { key: 'p50', label: 'ms', better: 'less' } as const;
  const contenders = Object.keys(figures).map((name) => ({
    name,
    role: name === 'SSE' ? ('ours' as const) : ('peer' as const),
  }));
  const one = concludeCase(
    { title: 'calm: 5 events a second', metrics: [metric], targets: [], rounds: 1, contenders },
    Object.values(figures).map((value) => ({ p50: [value] })),
  );
  return {
    benchmark: 'transports',
    what: '',
    size: 'normal',
    machine: 'A <fast> machine',
    load: 0,
    date: '2026-01-01',
    seconds: 1,
    cases: [one],
  };
}

it('draws longer bars for larger figures, and writes each figure beside its bar', () => {
  const svg = drawTransports(reportOf({ SSE: 0.6, 'polling & waiting': 513 }));
  const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map((match) => Number(match[1]));
  expect(widths[0]).toBeLessThan((widths[1] ?? 0) / 3);
  expect(svg).toContain('>0.6<');
  expect(svg).toContain('>510<');
});

it('is well-formed whatever names it is given', () => {
  const svg = drawTransports(reportOf({ SSE: 1, 'polling & waiting': 0 }));
  expect(svg).toContain('polling &amp; waiting');
  expect(svg).toContain('A &lt;fast> machine');
  expect(svg).not.toContain('NaN');
});
