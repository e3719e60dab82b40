import * as fc from 'fast-check';
import type { NewLife, ServerTraits } from './server-traits.ts';
import type { ExchangeKind } from './exchange-kind.ts';
import type { AnswerForm } from './weather.ts';

/** What happens next in a world. All times are ms. */
export type Step =
  | { readonly do: 'pass'; readonly ms: number }
  | {
      readonly do: 'publish';
      readonly events: number;
      readonly everyMs: number;
      readonly form: 'good' | 'garbled' | 'unreadable';
    }
  /** More than one a second for three quarters of a minute, with a connection that begins in the middle of it. */
  | { readonly do: 'steady' }
  /** One change that the server does not send to whoever is connected. */
  | { readonly do: 'withhold' }
  | { readonly do: 'foreign'; readonly events: number; readonly name: string }
  | { readonly do: 'cut' }
  | { readonly do: 'freeze'; readonly ms: number }
  | { readonly do: 'offline'; readonly ms: number; readonly acknowledge: boolean }
  | { readonly do: 'server_away'; readonly ms: number; readonly life: NewLife }
  | {
      readonly do: 'proxy_answers';
      readonly status: number;
      readonly form: AnswerForm;
      readonly kinds: readonly ExchangeKind[];
      readonly ms: number;
    }
  | {
      readonly do: 'proxy_buffers';
      readonly bytes: number;
      readonly events: number;
      readonly everyMs: number;
    }
  | { readonly do: 'proxy_lags'; readonly bytes: number; readonly events: number; readonly everyMs: number }
  | { readonly do: 'proxy_cuts'; readonly afterMs: number; readonly idle: boolean; readonly times: number }
  | { readonly do: 'clock_jumps'; readonly by: number; readonly ms: number }
  | {
      readonly do: 'app_away';
      readonly ms: number;
      readonly events: number;
      readonly form: 'good' | 'garbled' | 'unreadable';
      readonly how: 'quit' | 'kill';
    }
  | { readonly do: 'acknowledge' }
  | { readonly do: 'truncate'; readonly keep: number }
  /** So much happens in a pause that the server keeps only the last of it; and a proxy answers for its lists. */
  | { readonly do: 'overtaken' }
  | { readonly do: 'revoke' }
  | { readonly do: 'expire' }
  /** The servers of the API know no token for a while, though the token endpoint gives new ones: a replica that lags. */
  | { readonly do: 'refuse'; readonly ms: number }
  | { readonly do: 'forbid'; readonly ms: number }
  | { readonly do: 'wake'; readonly why: 'resume' | 'network' };

export interface WorldPlan {
  readonly traits: ServerTraits;
  /** Seeds what the plan leaves open: which contracts change, jitter. */
  readonly seed: number;
  /** Changes that happened before the app first came. */
  readonly before: number;
  /** One way between computer and server. */
  readonly lagMs: number;
  /** The proxy answers the first looks, before anything else happens. */
  readonly firstLook: Extract<Step, { do: 'proxy_answers' }> | null;
  /** Changes that happen a second after that, before anything else. Left out: none. */
  readonly missed?: number;
  readonly steps: readonly Step[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Kinds of servers that are met, rather than every combination: ours half of the time. */
export const traits: fc.Arbitrary<ServerTraits> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      ids: fc.constant('own' as const),
      heads: fc.constant(true),
      heartbeatMs: fc.constantFrom(5 * SECOND, 15 * SECOND),
      snapshot: fc.constant(true),
      history: fc.constantFrom(true, true, true, false),
      replay: fc.constant(true),
      polls: fc.constantFrom(true, true, false),
      acknowledges: fc.constantFrom(true, true, true, false),
      preview: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ids: fc.constantFrom('counter' as const, 'opaque' as const, 'own' as const),
      heads: fc.constant(false),
      heartbeatMs: fc.constantFrom(15 * SECOND, null),
      snapshot: fc.boolean(),
      history: fc.boolean(),
      replay: fc.boolean(),
      polls: fc.constant(false),
      acknowledges: fc.boolean(),
      preview: fc.constant(false),
    }),
  },
);

const lives: fc.Arbitrary<NewLife> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'same' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'new_log' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'reused' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('lost_tail' as const), lost: fc.integer({ min: 1, max: 4 }) }),
  },
);

const forms = fc.constantFrom<'good' | 'garbled' | 'unreadable'>(
  'good',
  'good',
  'good',
  'good',
  'good',
  'garbled',
  'unreadable',
);
const pathsOfProxy = fc.constantFrom<readonly ExchangeKind[]>(
  ['stream', 'poll'],
  ['snapshot', 'preview'],
  ['snapshot', 'preview', 'history'],
  ['acknowledge'],
  ['refresh'],
  ['stream', 'poll', 'snapshot', 'preview', 'history', 'acknowledge', 'refresh'],
);

/** A 401 or 403 without any form may be the server's own: here it is a proxy's, and shows it. */
export const proxyAnswers = fc
  .record({
    do: fc.constant('proxy_answers' as const),
    status: fc.constantFrom(401, 403, 404, 405, 502, 503),
    form: fc.constantFrom<AnswerForm>('page', 'page', 'basic', 'empty'),
    kinds: pathsOfProxy,
    ms: fc.constantFrom(30 * SECOND, 2 * MINUTE),
  })
  .map((step) => (step.form === 'empty' && step.status < 404 ? { ...step, form: 'basic' as const } : step));

const publish = fc.record({
  do: fc.constant('publish' as const),
  events: fc.integer({ min: 1, max: 6 }),
  everyMs: fc.constantFrom(0, 300, 4 * SECOND),
  form: forms,
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: publish },
  { weight: 1, arbitrary: fc.constant({ do: 'steady' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(20 * SECOND, 2 * MINUTE, 10 * MINUTE),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'withhold' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('foreign' as const),
      events: fc.integer({ min: 1, max: 3 }),
      name: fc.constantFrom('u7_ContractStatusChanged', '', 'ContractStatusChanged'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'cut' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('freeze' as const),
      ms: fc.constantFrom(20 * SECOND, 3 * MINUTE),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('offline' as const),
      ms: fc.constantFrom(30 * SECOND, 4 * MINUTE, 20 * MINUTE),
      acknowledge: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('server_away' as const),
      ms: fc.constantFrom(2 * SECOND, 40 * SECOND),
      life: lives,
    }),
  },
  { weight: 2, arbitrary: proxyAnswers },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('proxy_buffers' as const),
      bytes: fc.constantFrom(4_096, 16_384, 1_000_000),
      events: fc.constantFrom(5, 40),
      everyMs: fc.constantFrom(3 * SECOND, 8 * SECOND),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('proxy_lags' as const),
      bytes: fc.constantFrom(8_192, 16_384),
      events: fc.constant(60),
      everyMs: fc.constantFrom(1 * SECOND, 3 * SECOND),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('proxy_cuts' as const),
      afterMs: fc.constantFrom(5 * SECOND, MINUTE),
      idle: fc.boolean(),
      times: fc.constantFrom(4, 8),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('clock_jumps' as const),
      by: fc.constantFrom(-3_600 * SECOND, 90 * SECOND, 24 * 3_600 * SECOND, 365 * 24 * 3_600 * SECOND),
      ms: fc.constantFrom(SECOND, 2 * MINUTE),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('app_away' as const),
      ms: fc.constantFrom(5 * SECOND, 10 * MINUTE),
      events: fc.integer({ min: 0, max: 5 }),
      form: forms,
      how: fc.constantFrom('quit' as const, 'kill' as const),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'acknowledge' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('truncate' as const), keep: fc.integer({ min: 0, max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { do: 'revoke' as const },
      { do: 'expire' as const },
      { do: 'refuse' as const, ms: 5 * SECOND },
      { do: 'refuse' as const, ms: 3 * MINUTE },
      { do: 'forbid' as const, ms: 2 * MINUTE },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wake' as const),
      why: fc.constantFrom('resume' as const, 'network' as const),
    }),
  },
);

export const plans: fc.Arbitrary<WorldPlan> = fc.record({
  traits,
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  before: fc.constantFrom(0, 3, 12),
  lagMs: fc.constantFrom(1, 20, 150),
  firstLook: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: proxyAnswers }),
  steps: fc.array(step, { minLength: 3, maxLength: 7 }),
});

/** The world of this number: the same one everywhere and always. */
export function planOf(number: number): WorldPlan {
  return fc.sample(plans, { seed: number, numRuns: 1 })[0] as WorldPlan;
}
