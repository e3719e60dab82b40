import type { MeasuredCase, MeasuredContender, Metric, Report, Summary } from './types.ts';

/** Three significant figures, thousands apart. */
export function formatFigure(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** `1.83 (1.71–1.95)`; fewer decimals where they say nothing. */
export function formatRatio({ median, min, max }: Summary): string {
  const digits = median >= 100 ? 0 : median >= 10 ? 1 : 2;
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function formatSummary({ median, min, max }: Summary): string {
  if (min === max) return formatFigure(median);
  return `${formatFigure(median)} (${formatFigure(min)}–${formatFigure(max)})`;
}

/** Rows of cells as GitHub's Markdown, aligned so that it is a table in a terminal too. */
function formatTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, at) =>
      at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = `| ${widths.map((width, at) => (at < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), rule, ...body.map(line)];
}

function formatRow(
  one: MeasuredContender,
  metrics: readonly Metric[],
  withRatio: boolean,
): readonly string[] {
  const cells = metrics.flatMap(({ key, compared }) => {
    const summary = one.summary[key];
    const ratio = one.ratio?.[key];
    const figure = summary === undefined ? '' : formatSummary(summary);
    return withRatio && compared !== false
      ? [figure, ratio === undefined ? '' : formatRatio(ratio)]
      : [figure];
  });
  return [one.name, one.role, ...cells];
}

export function formatCase(one: MeasuredCase): readonly string[] {
  const withRatio = one.contenders.some(({ ratio }) => ratio !== null);
  const head = one.metrics.flatMap(({ label, compared }) =>
    withRatio && compared !== false ? [label, 'ours is … × as good'] : [label],
  );
  const table = formatTable([
    ['contender', 'role', ...head],
    ...one.contenders.map((contender) => formatRow(contender, one.metrics, withRatio)),
  ]);
  const verdicts = one.verdicts.map(
    ({ target, ratio, met }) => `- ${met ? 'met' : '**missed**'}: ${target}; is ${formatRatio(ratio)}`,
  );
  return [
    ...table,
    ...(verdicts.length > 0 ? ['', ...verdicts] : []),
    ...(one.notes.length > 0 ? ['', ...one.notes] : []),
  ];
}

/** Markdown: median (min–max) of the rounds. `level`: of the first heading. */
export function formatReport(report: Report, level: number): string {
  const heading = '#'.repeat(level);
  const rounds = [...new Set(report.cases.map((one) => one.rounds))].join(' or ');
  return [
    `${heading} ${report.benchmark}`,
    '',
    report.what,
    '',
    `${report.machine}; load average ${report.load.toFixed(1)} at its start; ${report.date}; ${report.size} run, ${Math.round(report.seconds)} s; medians of ${rounds} rounds in turn, (min–max).`,
    ...report.cases.flatMap((one) => ['', `${heading}# ${one.title}`, '', ...formatCase(one)]),
    '',
  ].join('\n');
}
