/** What a part of the test run came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const FAILED: Tally = { passed: 0, failed: 1, skipped: 0 };

/** A check (format, lint, types, build) counts as one. */
export function tallyCheck(code: number | null): Tally {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : FAILED;
}

const toCount = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
const toRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function parse(report: string | undefined): Record<string, unknown> | undefined {
  try {
    return report === undefined ? undefined : toRecord(JSON.parse(report));
  } catch {
    return undefined;
  }
}

/** A runner that ended badly, or ran nothing, has failed even when no test of it says so. */
function settle(tally: Tally, code: number | null): Tally {
  const ranNothing = tally.passed + tally.failed === 0;
  return tally.failed === 0 && (code !== 0 || ranNothing) ? { ...tally, failed: 1 } : tally;
}

/** Counts a run of vitest from its JSON report; a file that could not even be loaded counts as one failure. */
export function tallyVitest(report: string | undefined, code: number | null): Tally {
  const found = parse(report);
  if (found === undefined) return FAILED;
  const broken = toList(found['testResults'])
    .map(toRecord)
    .filter((file) => file['status'] === 'failed')
    .filter(
      (file) => !toList(file['assertionResults']).some((test) => toRecord(test)['status'] === 'failed'),
    );
  const skipped = toCount(found['numPendingTests']) + toCount(found['numTodoTests']);
  const failed = toCount(found['numFailedTests']) + broken.length;
  return settle({ passed: toCount(found['numPassedTests']), failed, skipped }, code);
}

/** Counts a run of Playwright from its JSON report; a flaky test, one that passed only when repeated, has failed. */
export function tallyPlaywright(report: string | undefined, code: number | null): Tally {
  const found = parse(report);
  if (found === undefined) return FAILED;
  const stats = toRecord(found['stats']);
  const failed = toCount(stats['unexpected']) + toCount(stats['flaky']);
  const errors = failed === 0 ? toList(found['errors']).length : 0;
  return settle(
    { passed: toCount(stats['expected']), failed: failed + errors, skipped: toCount(stats['skipped']) },
    code,
  );
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, next) => ({
      passed: sum.passed + next.passed,
      failed: sum.failed + next.failed,
      skipped: sum.skipped + next.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The closing line. Skipped tests are named only when there are some. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
