import { expect, test } from 'vitest';
import type { Fault } from '../../server-mock/faults/types.ts';
import { startServer } from '../../server-mock/index.ts';
import type { MockServer, ServerOptions } from '../../server-mock/types.ts';
import { check, codesOf, faultsOf, findingOf, IN_VAIN_MS } from './testing.ts';
import type { CheckOptions } from './check-server.ts';

const ANNA = { kind: 'password', username: 'anna', password: 'anna-demo' } as const;

/** On a busy machine a beat comes late; where no fault may be found, that must be none. */
const CALM = { heartbeatMs: 1_000 };

async function checkMock(
  faults: readonly Fault[],
  more: Partial<CheckOptions> = {},
  options: Partial<ServerOptions> = {},
): ReturnType<typeof check> {
  const server = await startServer({ backlog: 24, faults, heartbeatMs: 400, retryMs: 500, ...options });
  try {
    return await check(server.url, { credentials: ANNA, ...more });
  } finally {
    await server.close();
  }
}

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
  expect(report.proposed).toBeNull();
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

/** With how long to listen where something never comes. */
const FAULTS: readonly (readonly [fault: Fault, code: string, ms: number | undefined])[] = [
  [{ kind: 'drop', probability: 1 }, 'stream_ends_at_once', 4_000],
  [{ kind: 'stall', afterEvents: 3 }, 'heartbeat_none', 2_500],
  [{ kind: 'buffer' }, 'held_back', 2_500],
  [{ kind: 'refuse' }, 'unreachable', undefined],
  [{ kind: 'status', status: 503, path: '/api/events' }, 'stream_status', undefined],
  [{ kind: 'status', status: 403, path: '/api/events' }, 'forbidden', undefined],
  [{ kind: 'status', status: 204, path: '/api/events' }, 'stream_no_content', undefined],
  [{ kind: 'status', status: 500, path: '/api/contracts' }, 'list_failed', undefined],
  [{ kind: 'status', status: 429, path: '/api/login' }, 'sign_in_failed', undefined],
  [{ kind: 'content_type', value: 'text/html' }, 'stream_page', undefined],
  [{ kind: 'redirect', to: 'https://elsewhere.example/api/events' }, 'stream_redirected', undefined],
  [{ kind: 'duplicate', probability: 1 }, 'ids_repeated', undefined],
  [{ kind: 'reorder', probability: 1 }, 'ids_disorder', undefined],
  [{ kind: 'omit', sequences: [4] }, 'ids_gap', undefined],
  [{ kind: 'omit', last: true }, 'head_ahead', undefined],
  [{ kind: 'garbage', probability: 1, variant: 'own' }, 'event_unreadable', undefined],
  [{ kind: 'giant', sequences: [4], bytes: 1_500_000 }, 'event_too_large', undefined],
  [{ kind: 'replay_early', events: 5 }, 'resume_early', undefined],
  [{ kind: 'clock_skew', ms: -600_000 }, 'clock_off', undefined],
];

// They wait, most of the time: side by side.
test.concurrent('finds that headers are held back', async () => {
  const limits = { headersMs: IN_VAIN_MS };
  expect(codesOf(await checkMock([{ kind: 'buffer', headers: true }], { limits }))).toContain('no_answer');
});

test.concurrent.each(FAULTS)('finds %j: %s', async (fault, code, ms) => {
  const report = await checkMock([fault], ms === undefined ? {} : { ms });
  expect(codesOf(report).join(' ')).toContain(code);
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
