import { expect, test } from 'vitest';
import type { Fault } from '../../server-mock/faults/types.ts';
import { checkMock, codesOf, IN_VAIN_MS } from './testing.ts';

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
