import { describe, expect, it } from 'vitest';
import { addTallies, formatTally, tallyCheck, tallyPlaywright, tallyVitest } from './tally.ts';

const vitest = (fields: object): string =>
  JSON.stringify({ numPassedTests: 5, numFailedTests: 0, testResults: [], ...fields });
const playwright = (stats: object, errors: readonly object[] = []): string =>
  JSON.stringify({ stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 0, ...stats }, errors });

describe('vitest', () => {
  it('counts what passed and failed', () => {
    expect(tallyVitest(vitest({ numFailedTests: 2 }), 1)).toEqual({ passed: 5, failed: 2, skipped: 0 });
    expect(tallyVitest(vitest({ numPendingTests: 1, numTodoTests: 1 }), 0)).toEqual({
      passed: 5,
      failed: 0,
      skipped: 2,
    });
  });

  it('counts a file that could not be loaded once, beside tests that failed', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(tallyVitest(vitest({ numFailedTests: 1, testResults }), 1).failed).toBe(2);
  });

  it.each([
    ['no report', undefined, 0],
    ['half a report', '{"numPassedTests":', 1],
    ['killed', undefined, null],
  ])('counts a crashed runner as one failure: %s', (_, report, code) => {
    expect(tallyVitest(report, code)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('does not believe a good report of a runner that ended badly, or one that ran nothing', () => {
    expect(tallyVitest(vitest({}), 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
    expect(tallyVitest(vitest({}), null)).toEqual({ passed: 5, failed: 1, skipped: 0 });
    expect(tallyVitest(vitest({ numPassedTests: 0 }), 0).failed).toBe(1);
  });
});

describe('Playwright', () => {
  it('counts a flaky test as failed', () => {
    expect(tallyPlaywright(playwright({ unexpected: 1, flaky: 2, skipped: 3 }), 1)).toEqual({
      passed: 4,
      failed: 3,
      skipped: 3,
    });
  });

  it('counts errors outside tests, crashes and empty runs', () => {
    expect(tallyPlaywright(playwright({}, [{}, {}]), 1).failed).toBe(2);
    expect(tallyPlaywright(playwright({}), 1).failed).toBe(1);
    expect(tallyPlaywright(undefined, 0).failed).toBe(1);
    expect(tallyPlaywright(playwright({ expected: 0 }), 0).failed).toBe(1);
  });
});

it('closes with one plain line', () => {
  const total = addTallies([
    tallyCheck(0),
    tallyCheck(null),
    tallyVitest(vitest({}), 0),
    tallyPlaywright(playwright({}), 0),
  ]);
  expect(formatTally(total)).toBe('10 passed, 1 failed');
  expect(formatTally({ ...total, skipped: 2 })).toBe('10 passed, 1 failed, 2 skipped');
});
