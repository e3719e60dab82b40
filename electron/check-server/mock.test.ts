import { expect, test } from 'vitest';
import type { Fault } from '../../server-mock/faults/types.ts';
import { startServer } from '../../server-mock/index.ts';
import type { MockServer } from '../../server-mock/types.ts';
import { ANNA, check, checkMock, codesOf, faultsOf, findingOf } from './testing.ts';

/** On a busy machine a beat comes late; where no fault may be found, that must be none. */
const CALM = { heartbeatMs: 1_000 };

test.concurrent('a server as it should be: no fault, nothing to change, and no profile needed', async () => {
  const report = await checkMock([], {}, CALM);
  expect(faultsOf(report)).toEqual([]);
  expect(report.verdict).toBe('complete');
  expect(codesOf(report)).toEqual(
    expect.arrayContaining([
      'signed_in',
      'list_ok',
      'heartbeat_announced',
      'events_ok',
      'ids_ok',
      'heads_ok',
      'resume_ok',
      'delay_none',
      'polling_ok',
      'history_ok',
      'acknowledge_untried',
      'profile_not_needed',
    ]),
  );
  expect(report.proposal).toBeNull();
});

test.concurrent('an acknowledgement is tried only where that is asked for', async () => {
  const report = await checkMock([], { tryAcknowledge: true }, CALM);
  expect(faultsOf(report)).toEqual([]);
  expect(codesOf(report)).toContain('acknowledge_ok');
});

test.concurrent('a wrong password is the person’s, told as the sign-in', async () => {
  const report = await checkMock([], { credentials: { ...ANNA, password: 'anna-domo' } });
  expect(findingOf(report, 'sign_in_failed')).toMatchObject({
    params: { problem: { code: 'wrong_password' } },
  });
  expect(JSON.stringify(report)).not.toContain('anna-domo');
});

test.concurrent('honest with less: ids of its own, no heads, no list: no fault', async () => {
  const report = await checkMock([], {}, { ...CALM, foreign: true });
  expect(faultsOf(report)).toEqual([]);
  expect(codesOf(report)).toEqual(expect.arrayContaining(['ids_opaque', 'heads_none', 'list_missing']));
});

/** Of the faults of the mock those that only a whole check can see; the nightly run has them all. */
const FAULTS: readonly (readonly [fault: Fault, code: string])[] = [
  [{ kind: 'status', status: 503, path: '/api/events' }, 'stream_status'],
  [{ kind: 'status', status: 500, path: '/api/contracts' }, 'list_failed'],
  [{ kind: 'omit', sequences: [4] }, 'ids_gap'],
  [{ kind: 'omit', last: true }, 'head_ahead'],
  [{ kind: 'clock_skew', ms: -600_000 }, 'clock_off'],
];

// They wait, most of the time: side by side.
test.concurrent.each(FAULTS)('finds %j: %s', async (fault, code) => {
  expect(codesOf(await checkMock([fault])).join(' ')).toContain(code);
});

/** What happens to the server once the stream has been listened to, before it is taken up again. */
const HAPPENINGS: readonly (readonly [string, (server: MockServer) => void, string])[] = [
  ['a new log', ({ control }) => control.newEpoch(), 'resume_stale'],
  ['old events thrown away', ({ control }) => control.truncate('u42', 1), 'resume_stale'],
  ['a counter that begins again', ({ control }) => restartCounting(control), 'ids_reused'],
  ['tokens that run out', ({ control }) => control.expireTokens(), 'resume_ok'],
  ['sessions that are ended', ({ control }) => control.revoke('u42'), 'resume_failed'],
  ['a failing stream', ({ control }) => control.setFaults([{ kind: 'refuse' }]), 'resume_failed'],
];

function restartCounting(control: MockServer['control']): void {
  control.restartLog('u42');
  control.advance(24, 'u42');
}

test.concurrent.each(HAPPENINGS)('after a cut, %s', async (_what, happen, code) => {
  const server = await startServer({ backlog: 24, heartbeatMs: 400, retryMs: 500 });
  try {
    const report = await check(server.url, {
      credentials: ANNA,
      onFinding: (finding) => {
        if (finding.code === 'stream_ok') happen(server);
      },
    });
    expect(codesOf(report).join(' ')).toContain(code);
  } finally {
    await server.close();
  }
});
