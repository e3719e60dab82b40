import { describe, expect, it } from 'vitest';
import { addTallies, formatTally, tallyCheck, tallyPlaywright, tallyVitest } from './tally.ts';

const vitest = (fields: object): string =>
  JSON.stringify({ numPassedTests: 5, numFailedTests: 0, testResults: [], ...fields });
const playwright = (stats: object, more: object = {}): string =>
  JSON.stringify({ stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 0, ...stats }, ...more });

describe('vitest', () => {
  it('counts what passed and failed', () => {
    expect(tallyVitest(vitest({ numFailedTests: 2 }), 1)).toMatchObject({ passed: 5, failed: 2, skipped: 0 });
    expect(tallyVitest(vitest({ numPendingTests: 1, numTodoTests: 1 }), 0)).toMatchObject({
      passed: 5,
      failed: 0,
      skipped: 2,
    });
  });

  it('counts a file that could not be loaded once, beside tests that failed', () => {
    const testResults = [
      { name: '/repo/a/one.test.ts', status: 'failed', assertionResults: [] },
      {
        name: '/repo/a/two.test.ts',
        status: 'failed',
        assertionResults: [{ status: 'failed', fullName: 'a list is sorted' }, { status: 'passed' }],
      },
      { name: '/repo/b.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(tallyVitest(vitest({ numFailedTests: 1, testResults }), 1, '/repo')).toMatchObject({
      failed: 2,
      failures: ['a/one.test.ts: the file failed as a whole', 'a/two.test.ts › a list is sorted'],
    });
  });

  it('says what a file was doing when its process went away', () => {
    const assertionResults = [
      { status: 'passed', fullName: 'begins' },
      { status: 'pending', fullName: 'goes on' },
      { status: 'skipped', fullName: 'never came to it' },
    ];
    const message = 'Worker exited unexpectedly\n  at a place';
    const file = { name: '/repo/one.test.ts', status: 'failed', message, assertionResults };
    expect(tallyVitest(vitest({ testResults: [file] }), 1, '/repo').failures).toEqual([
      'one.test.ts: the file failed as a whole in the middle of "goes on": Worker exited unexpectedly',
    ]);
  });

  it.each([
    ['no report', undefined, 0, 'it ended with code 0'],
    ['half a report', '{"numPassedTests":', 1, 'it ended with code 1'],
    ['killed', undefined, null, 'it was killed'],
  ])('counts a crashed runner as one failure: %s', (_, report, code, why) => {
    const failures = [`unit tests: no report, ${why}`];
    expect(tallyVitest(report, code)).toEqual({ passed: 0, failed: 1, skipped: 0, failures });
  });

  it('does not believe a good report of a runner that ended badly, or one that ran nothing', () => {
    expect(tallyVitest(vitest({}), 1)).toEqual({
      passed: 5,
      failed: 1,
      skipped: 0,
      failures: ['unit tests: it ended with code 1, though no test of it failed'],
    });
    expect(tallyVitest(vitest({}), null)).toMatchObject({ passed: 5, failed: 1 });
    expect(tallyVitest(vitest({ numPassedTests: 0 }), 0).failed).toBe(1);
  });
});

describe('Playwright', () => {
  it('counts a flaky test as failed', () => {
    expect(tallyPlaywright(playwright({ unexpected: 1, flaky: 2, skipped: 3 }), 1)).toMatchObject({
      passed: 4,
      failed: 3,
      skipped: 3,
    });
  });

  it('names what failed by its place and titles, however deep', () => {
    const spec = (title: string, status: string): object => ({
      title,
      file: 'sign-in.spec.ts',
      line: 7,
      tests: [{ status }],
    });
    const suites = [
      {
        title: 'sign-in.spec.ts',
        specs: [spec('good', 'expected'), spec('bad', 'unexpected')],
        suites: [{ title: 'with a proxy', specs: [spec('at times', 'flaky')] }],
      },
    ];
    expect(tallyPlaywright(playwright({ unexpected: 1, flaky: 1 }, { suites }), 1).failures).toEqual([
      'e2e/sign-in.spec.ts:7 › bad',
      'e2e/sign-in.spec.ts:7 › with a proxy › at times',
    ]);
    const errors = [{ message: 'no such fixture\nat line 3' }];
    expect(tallyPlaywright(playwright({}, { errors }), 1).failures).toEqual([
      'end-to-end tests: no such fixture',
    ]);
  });

  it('counts errors outside tests, crashes and empty runs', () => {
    expect(tallyPlaywright(playwright({}, { errors: [{}, {}] }), 1).failed).toBe(2);
    expect(tallyPlaywright(playwright({}), 1).failed).toBe(1);
    expect(tallyPlaywright(undefined, 0).failed).toBe(1);
    expect(tallyPlaywright(playwright({ expected: 0 }), 0).failed).toBe(1);
  });
});

it('closes with one plain line', () => {
  const total = addTallies([
    tallyCheck(0, 'format'),
    tallyVitest(vitest({}), 0),
    tallyPlaywright(playwright({}), 0),
  ]);
  expect(formatTally(total)).toEqual(['10 passed, 0 failed']);
  expect(formatTally({ ...total, skipped: 2 })).toEqual(['10 passed, 0 failed, 2 skipped']);
});

it('names what failed just above that line, and not without end', () => {
  const total = addTallies([tallyCheck(0, 'format'), tallyCheck(null, 'lint'), tallyCheck(2, 'types')]);
  expect(formatTally(total)).toEqual(['Failed:', '  lint', '  types', '', '1 passed, 2 failed']);
  const many = addTallies(Array.from({ length: 60 }, (_, index) => tallyCheck(1, `check ${index}`)));
  expect(formatTally(many).slice(-4)).toEqual(['  check 49', '  and 10 more', '', '0 passed, 60 failed']);
});
