import { formatFigure } from '../harness/report.ts';
import type { MeasuredCase, Report } from '../harness/types.ts';

const NAMES: Readonly<Record<string, string>> = {
  SSE: '**SSE**',
  NDJSON: 'NDJSON stream',
  'long polling': 'long polling',
  'polling each second': 'polling each second',
};

function figure(one: MeasuredCase | undefined, contender: string, metric: string): string {
  const summary = one?.contenders.find(({ name }) => name === contender)?.summary[metric];
  return summary === undefined ? '–' : formatFigure(summary.median);
}

/** The medians of all three paces as one table of Markdown, short enough for the front page. */
export function makeTransportsTable(report: Report): string {
  const of = (start: string): MeasuredCase | undefined =>
    report.cases.find(({ title }) => title.startsWith(start));
  const calm = of('calm');
  const busy = of('busy');
  const nothing = of('nothing');
  const pace = (one: MeasuredCase | undefined): string => /(\d+) events/.exec(one?.title ?? '')?.[1] ?? '?';
  const head = [
    '',
    `latency at ${pace(calm)} events/s: p50, p99`,
    `at ${pace(busy)} events/s`,
    'bytes an event, calm and busy',
    'requests an event',
    'CPU an event, calm: client, server',
    'busy',
    'requests an hour while nothing happens',
  ];
  const rows = Object.entries(NAMES).map(([name, shown]) => {
    const pair = (one: MeasuredCase | undefined, a: string, b: string, unit: string): string =>
      `${figure(one, name, a)}, ${figure(one, name, b)} ${unit}`;
    return [
      shown,
      pair(calm, 'p50', 'p99', 'ms'),
      pair(busy, 'p50', 'p99', 'ms'),
      `${figure(calm, name, 'bytes')}, ${figure(busy, name, 'bytes')}`,
      `${figure(calm, name, 'requests')}, ${figure(busy, name, 'requests')}`,
      pair(calm, 'clientCpu', 'serverCpu', 'µs'),
      pair(busy, 'clientCpu', 'serverCpu', 'µs'),
      figure(nothing, name, 'requests'),
    ];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, at) => (at === 0 ? '---' : '---:'))),
    ...rows.map(line),
    '',
    `Medians; ${report.machine}; ${report.date}.`,
    '',
  ].join('\n');
}
