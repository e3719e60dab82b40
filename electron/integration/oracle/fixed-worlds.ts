import type { Step, WorldPlan } from './plans.ts';
import type { ServerTraits } from './server-traits.ts';

const OURS: ServerTraits = {
  ids: 'own',
  heads: true,
  heartbeatMs: 15_000,
  snapshot: true,
  history: true,
  replay: true,
  polls: true,
  acknowledges: true,
  preview: false,
};

const world = (traits: ServerTraits, before: number, steps: readonly Step[]): WorldPlan => ({
  traits,
  seed: 7,
  before,
  lagMs: 20,
  firstLook: null,
  steps,
});

/** Worlds in which a sentence is said that chance brings about too seldom. */
export const FIXED_WORLDS: readonly WorldPlan[] = [
  // connection.meanwhile.proven, withheld: the server has kept what was missed, then loses its memory, and is away again.
  world(OURS, 3, [
    { do: 'publish', events: 2, everyMs: 4_000, form: 'good' },
    { do: 'app_away', ms: 60_000, events: 3, form: 'good', how: 'quit' },
    { do: 'pass', ms: 60_000 },
    { do: 'server_away', ms: 40_000, life: { kind: 'new_log' } },
    { do: 'pass', ms: 60_000 },
    { do: 'server_away', ms: 40_000, life: { kind: 'same' } },
  ]),
  // fetching.ended: a gap of the open contract, and an account that may receive no more.
  world(OURS, 12, [
    { do: 'publish', events: 1, everyMs: 0, form: 'unreadable' },
    { do: 'forbid', ms: 120_000 },
  ]),
  // fetching.none: a version of the open contract is missing, and there is nothing to fetch it from.
  world({ ...OURS, heads: false, snapshot: false, history: false }, 12, [
    ...Array.from({ length: 10 }, (): Step => ({ do: 'withhold' })),
    { do: 'publish', events: 4, everyMs: 300, form: 'good' },
    { do: 'pass', ms: 120_000 },
    { do: 'publish', events: 1, everyMs: 300, form: 'good' },
    { do: 'pass', ms: 120_000 },
  ]),
  // empty.before.no_baseline: a head says that there is something, and nothing can be had of it.
  world({ ...OURS, snapshot: false, replay: false }, 3, []),
  // connection.meanwhile.none: heads show that nothing is told again.
  world({ ...OURS, replay: false }, 3, [
    { do: 'publish', events: 2, everyMs: 4_000, form: 'good' },
    { do: 'offline', ms: 30_000, acknowledge: false },
    { do: 'server_away', ms: 40_000, life: { kind: 'same' } },
  ]),
  // connection.live: the only head names what is not told again, and a history brings it.
  world({ ...OURS, heartbeatMs: null, replay: false, polls: false }, 3, [
    { do: 'publish', events: 2, everyMs: 4_000, form: 'good' },
    { do: 'app_away', ms: 60_000, events: 3, form: 'good', how: 'quit' },
    { do: 'pass', ms: 60_000 },
  ]),
  // receipt.gap.stale: what was missed is kept no more, and no list can be had for a while.
  world(OURS, 3, [{ do: 'publish', events: 2, everyMs: 4_000, form: 'good' }, { do: 'overtaken' }]),
  // connection.connected beside heads: their ids have no order, and what they name is not here.
  world({ ...OURS, ids: 'opaque', snapshot: false, replay: false, polls: false }, 3, [
    { do: 'pass', ms: 120_000 },
  ]),
  // receipt.absence beside such heads: what was missed is not told again, and then comes by a history or does not.
  ...[true, false].map((history) =>
    world({ ...OURS, ids: 'counter', replay: false, polls: false, history }, 12, [
      { do: 'publish', events: 2, everyMs: 4_000, form: 'good' },
      { do: 'app_away', ms: 600_000, events: 1, form: 'good', how: 'kill' },
      { do: 'pass', ms: 120_000 },
    ]),
  ),
  // receipt.gaps before anything has come: the log was named empty, and its first change is not told again.
  ...(['opaque', 'own'] as const).map((ids) =>
    world({ ...OURS, ids, snapshot: false, replay: false, polls: false }, 0, [
      { do: 'app_away', ms: 5_000, events: 1, form: 'good', how: 'quit' },
      { do: 'pass', ms: 120_000 },
    ]),
  ),
  // connection.connected beside late heads: nothing but the date of its answers tells the server's time, and it may be a proxy's.
  world({ ...OURS, ids: 'counter', snapshot: false, polls: false, acknowledges: false }, 12, [
    { do: 'proxy_buffers', bytes: 4_096, events: 40, everyMs: 3_000 },
  ]),
  // receipt.no_gap_seen: a server without a way to check is none that has not got so far.
  {
    ...world({ ...OURS, lookUpMs: 4_000 }, 3, [{ do: 'publish', events: 2, everyMs: 300, form: 'good' }]),
    firstLook: { do: 'proxy_answers', status: 502, form: 'page', kinds: ['stream', 'poll'], ms: 30_000 },
    missed: 2,
  },
];
