import { expect, test } from 'vitest';
import { FAILURES, failureText, readFailure, type Failure } from './failures.ts';

const NAMES = Object.keys(FAILURES) as Failure[];

test.each(NAMES)('%s is known again by its words', (failure) => {
  for (const detail of ['30', 'disk I/O error', '$& a (b); c. Nothing was changed']) {
    const text = failureText(failure, detail);
    expect(text).not.toContain('{');
    const has = FAILURES[failure].includes('{detail}');
    expect(readFailure(text)).toEqual({ failure, detail: has ? detail : '' });
  }
});

test('other words are not', () => {
  for (const text of ['', 'View 3 is not open. Open it again.', 'You are signed out, but not everything'])
    expect(readFailure(text)).toBeNull();
});
