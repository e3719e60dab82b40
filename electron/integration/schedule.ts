import * as fc from 'fast-check';
import type { Transport } from '../../protocol/connection.ts';
import type { Fault } from '../../server-mock/faults/types.ts';

/** What happens besides publishing. The last three are terminal: the user must act before it goes on. */
export type Action =
  | { readonly kind: 'none' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'server_restart'; readonly downMs: number }
  | { readonly kind: 'app_restart' }
  | { readonly kind: 'new_epoch' }
  | { readonly kind: 'truncate'; readonly keep: number }
  | { readonly kind: 'expire_tokens' }
  | { readonly kind: 'skew'; readonly hours: number }
  | { readonly kind: 'wake'; readonly why: 'resume' | 'network' }
  | { readonly kind: 'sign_out_and_in' }
  | { readonly kind: 'stop'; readonly status: 204 | 403 }
  | { readonly kind: 'revoke' };

export interface Step {
  readonly faults: readonly Fault[];
  readonly action: Action;
  /** Its part of all events, relative to the other steps. */
  readonly weight: number;
  /** Published in this many bursts with a breath between them. */
  readonly bursts: number;
  /** How long the faults may work before the next step, ms. */
  readonly pauseMs: number;
}

export interface Schedule {
  readonly serverSeed: number;
  readonly transports: readonly Transport[];
  readonly contracts: number;
  readonly heartbeatMs: number;
  readonly accessTokenTtlS: number;
  readonly steps: readonly Step[];
}

const chance = fc.constantFrom(0.01, 0.05, 0.2);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant('drop' as const),
    probability: chance,
    where: fc.constantFrom('between' as const, 'line' as const, 'character' as const),
  }),
  fc.record({ kind: fc.constant('stall' as const), afterEvents: fc.integer({ min: 0, max: 40 }) }),
  fc.constant({ kind: 'one_byte' as const }),
  fc.record({ kind: fc.constant('buffer' as const), headers: fc.boolean() }),
  fc.record({ kind: fc.constant('refuse' as const), probability: fc.constantFrom(0.2, 0.5) }),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom(401, 429, 500, 502, 503, 504),
    probability: fc.constantFrom(0.3, 1),
    times: fc.integer({ min: 1, max: 3 }),
    path: fc.constantFrom('/api/events', '/api/contracts', '/api/refresh', '*'),
  }),
  fc.record({
    kind: fc.constant('content_type' as const),
    value: fc.constantFrom('text/html', 'application/octet-stream'),
    times: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({
    kind: fc.constant('redirect' as const),
    to: fc.constantFrom('/api/nowhere', 'http://127.0.0.1:9/'),
    status: fc.constantFrom(302 as const, 307 as const),
    times: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ kind: fc.constant('duplicate' as const), probability: chance }),
  fc.record({ kind: fc.constant('reorder' as const), probability: chance }),
  fc.record({ kind: fc.constant('omit' as const), probability: chance }),
  fc.record({ kind: fc.constant('garbage' as const), probability: chance }),
  fc.record({
    kind: fc.constant('giant' as const),
    probability: fc.constantFrom(0.01, 0.03),
    bytes: fc.constantFrom(20_000, 100_000),
  }),
  fc.record({ kind: fc.constant('replay_early' as const), events: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant('delay' as const), ms: fc.integer({ min: 1, max: 20 }) }),
);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'none' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'drop' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('server_restart' as const),
      downMs: fc.integer({ min: 10, max: 150 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'app_restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'new_epoch' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('truncate' as const), keep: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'expire_tokens' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('skew' as const), hours: fc.integer({ min: -9, max: 9 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wake' as const),
      why: fc.constantFrom('resume' as const, 'network' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'sign_out_and_in' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stop' as const),
      status: fc.constantFrom(204 as const, 403 as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'revoke' as const }) },
);

const step: fc.Arbitrary<Step> = fc.record({
  faults: fc.array(fault, { maxLength: 3 }),
  action,
  weight: fc.integer({ min: 1, max: 10 }),
  bursts: fc.integer({ min: 1, max: 6 }),
  pauseMs: fc.integer({ min: 0, max: 120 }),
});

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  serverSeed: fc.integer({ min: 1, max: 1_000_000 }),
  transports: fc.constantFrom<readonly Transport[]>(
    ['sse'],
    ['sse'],
    ['sse', 'long_poll'],
    ['ndjson'],
    ['long_poll'],
  ),
  contracts: fc.integer({ min: 1, max: 12 }),
  heartbeatMs: fc.constantFrom(50, 100, 200),
  accessTokenTtlS: fc.constantFrom(3, 900),
  steps: fc.array(step, { minLength: 3, maxLength: 9 }),
});
