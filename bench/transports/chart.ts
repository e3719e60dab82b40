import type { MeasuredCase, Report } from '../harness/types.ts';

/** Colours that keep their contrast on white and on a dark page (GitHub shows the picture on both). */
const INK = '#6b7280';
const OURS = '#2563eb';
const OTHERS = '#9ca3af';
const FONT = 'system-ui, -apple-system, Segoe UI, sans-serif';

const WIDTH = 720;
const LEFT = 150;
const RIGHT = 130;
const ROW = 26;
const HEAD = 52;

interface Bar {
  readonly name: string;
  readonly isOurs: boolean;
  readonly value: number;
}

function barsOf(one: MeasuredCase, key: string): readonly Bar[] {
  return one.contenders.map(({ name, role, summary }) => ({
    name,
    isOurs: role === 'ours',
    value: summary[key]?.median ?? 0,
  }));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function formatValue(value: number): string {
  return value.toLocaleString('en-GB', { maximumSignificantDigits: value < 1000 ? 2 : 4 });
}

/** Whole powers of ten that hold all values. */
function logScale(values: readonly number[]): (value: number) => number {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive))));
  const span = WIDTH - LEFT - RIGHT;
  return (value) => (value <= 0 ? 0 : (span * (Math.log10(value) - low)) / (high - low));
}

/** Horizontal bars, logarithmic. Each bar carries its value, so that no axis has to be read. */
function drawPanel(top: number, title: string, unit: string, bars: readonly Bar[]): readonly string[] {
  const lengthOf = logScale(bars.map(({ value }) => value));
  const lines = [
    `<text x="0" y="${top + 16}" font-size="14" font-weight="600" fill="${INK}">${escape(title)}</text>`,
    `<text x="0" y="${top + 34}" font-size="11" fill="${INK}">${escape(unit)}, on a logarithmic scale</text>`,
  ];
  bars.forEach(({ name, isOurs, value }, index) => {
    const y = top + HEAD + index * ROW;
    const length = Math.max(2, lengthOf(value)).toFixed(1);
    const weight = isOurs ? ' font-weight="600"' : '';
    lines.push(
      `<text x="${LEFT - 10}" y="${y + 13}" font-size="12" text-anchor="end" fill="${INK}"${weight}>${escape(name)}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${length}" height="18" rx="3" fill="${isOurs ? OURS : OTHERS}"/>`,
      `<text x="${LEFT + Number(length) + 8}" y="${y + 13}" font-size="12" fill="${INK}"${weight}>${formatValue(value)}</text>`,
    );
  });
  return lines;
}

/** Latency at the calm pace and what silence costs, as SVG. The report is a normal or full one. */
export function drawTransports(report: Report): string {
  const panels = [
    { case: 'calm', key: 'p50', title: 'From the server to the callback, median', unit: 'milliseconds' },
    { case: 'nothing', key: 'requests', title: 'Requests while nothing happens', unit: 'an hour' },
    { case: 'nothing', key: 'bytes', title: 'Bytes while nothing happens', unit: 'kilobytes an hour' },
  ].flatMap(({ case: start, key, title, unit }) => {
    const one = report.cases.find((candidate) => candidate.title.startsWith(start));
    return one === undefined ? [] : [{ title, unit, bars: barsOf(one, key) }];
  });
  const body: string[] = [];
  let top = 0;
  for (const { title, unit, bars } of panels) {
    body.push(...drawPanel(top, title, unit, bars));
    top += HEAD + bars.length * ROW + 22;
  }
  const footer = `${report.machine}; ${report.date}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + 8}" width="${WIDTH}" font-family="${FONT}" role="img" aria-label="Four transports compared: latency and requests">`,
    ...body,
    `<text x="0" y="${top}" font-size="10" fill="${INK}">${escape(footer)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}
