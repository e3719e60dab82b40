import { relative } from 'node:path';

/** What a part of the test run came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, each by its name: told once more at the end, for who reads only that. */
  readonly failures: readonly string[];
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };

/** Beyond so many, the names are no help any more. */
const MOST_NAMED = 50;

const failed = (name: string): Tally => ({ passed: 0, failed: 1, skipped: 0, failures: [name] });

/** A check (format, lint, types, build) counts as one. */
export function tallyCheck(code: number | null, name: string): Tally {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [] } : failed(name);
}

const toCount = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
const toRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const toText = (value: unknown): string => (typeof value === 'string' ? value : '');

function parse(report: string | undefined): Record<string, unknown> | undefined {
  try {
    return report === undefined ? undefined : toRecord(JSON.parse(report));
  } catch {
    return undefined;
  }
}

const ending = (code: number | null): string =>
  code === null ? 'it was killed' : `it ended with code ${code}`;

/** A runner that ended badly, or ran nothing, has failed even when no test of it says so. */
function settle(tally: Tally, code: number | null, runner: string): Tally {
  const ranNothing = tally.passed + tally.failed === 0;
  if (tally.failed > 0 || (code === 0 && !ranNothing)) return tally;
  const why = code === 0 ? 'it ran no test' : `${ending(code)}, though no test of it failed`;
  return { ...tally, failed: 1, failures: [...tally.failures, `${runner}: ${why}`] };
}

/** Of vitest's words for a test, those of one that has ended or was never to begin. */
const ENDED = new Set(['passed', 'failed', 'skipped', 'todo']);

/** Counts a run of vitest from its JSON report; a file that could not even be loaded counts as one failure. `root`: what is left out of names. */
export function tallyVitest(report: string | undefined, code: number | null, root = ''): Tally {
  const found = parse(report);
  if (found === undefined) return failed(`unit tests: no report, ${ending(code)}`);
  const files = toList(found['testResults']).map(toRecord);
  const failures: string[] = [];
  let broken = 0;
  for (const file of files) {
    const path = root === '' ? toText(file['name']) : relative(root, toText(file['name']));
    const tests = toList(file['assertionResults'])
      .map(toRecord)
      .filter((test) => test['status'] === 'failed');
    for (const test of tests) failures.push(`${path} › ${toText(test['fullName'])}`);
    if (file['status'] !== 'failed' || tests.length > 0) continue;
    broken += 1;
    // A test that never came to an end: the process that ran it is gone, or was given up.
    const cut = toList(file['assertionResults'])
      .map(toRecord)
      .find((test) => !ENDED.has(toText(test['status'])));
    const where = cut === undefined ? '' : ` in the middle of "${toText(cut['fullName'])}"`;
    const [why = ''] = toText(file['message']).split('\n');
    failures.push(`${path}: the file failed as a whole${where}${why === '' ? '' : `: ${why}`}`);
  }
  const skipped = toCount(found['numPendingTests']) + toCount(found['numTodoTests']);
  const count = toCount(found['numFailedTests']) + broken;
  const tally = { passed: toCount(found['numPassedTests']), failed: count, skipped, failures };
  return settle(tally, code, 'unit tests');
}

/** The failed ones of a suite and of those in it, by file, line and titles. */
function failedSpecs(suite: Record<string, unknown>, titles: readonly string[]): readonly string[] {
  const own = toList(suite['specs'])
    .map(toRecord)
    .filter((spec) =>
      toList(spec['tests'])
        .map(toRecord)
        .some((test) => test['status'] === 'unexpected' || test['status'] === 'flaky'),
    )
    .map((spec) => {
      const place = `${toText(spec['file'])}:${toCount(spec['line'])}`;
      return [`e2e/${place}`, ...titles, toText(spec['title'])].join(' › ');
    });
  const inner = toList(suite['suites'])
    .map(toRecord)
    .flatMap((each) => failedSpecs(each, [...titles, toText(each['title'])]));
  return [...own, ...inner];
}

/** Counts a run of Playwright from its JSON report; a flaky test, one that passed only when repeated, has failed. */
export function tallyPlaywright(report: string | undefined, code: number | null): Tally {
  const found = parse(report);
  if (found === undefined) return failed(`end-to-end tests: no report, ${ending(code)}`);
  const stats = toRecord(found['stats']);
  const count = toCount(stats['unexpected']) + toCount(stats['flaky']);
  // The outermost suite is the file, which the place names.
  const specs = toList(found['suites'])
    .map(toRecord)
    .flatMap((file) => failedSpecs(file, []));
  const errors = count === 0 ? toList(found['errors']).map(toRecord) : [];
  const told = errors.map(
    (error) => `end-to-end tests: ${toText(error['message']).split('\n')[0] || 'an error outside the tests'}`,
  );
  return settle(
    {
      passed: toCount(stats['expected']),
      failed: count + errors.length,
      skipped: toCount(stats['skipped']),
      failures: [...specs, ...told],
    },
    code,
    'end-to-end tests',
  );
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce<Tally>(
    (sum, next) => ({
      passed: sum.passed + next.passed,
      failed: sum.failed + next.failed,
      skipped: sum.skipped + next.skipped,
      failures: [...sum.failures, ...next.failures],
    }),
    NOTHING,
  );
}

/** What failed, by name, and the closing line; skipped tests are counted there only when there are some. */
export function formatTally({ passed, failed: count, skipped, failures }: Tally): readonly string[] {
  const line = `${passed} passed, ${count} failed`;
  const closing = skipped === 0 ? line : `${line}, ${skipped} skipped`;
  if (failures.length === 0) return [closing];
  const more = failures.length - MOST_NAMED;
  return [
    'Failed:',
    ...failures.slice(0, MOST_NAMED).map((name) => `  ${name}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    '',
    closing,
  ];
}
