import { describe, expect, test } from 'vitest';
import type { AppendOutcome } from '../ledger/ingest.ts';
import { createManualClock, type ManualClock } from '../stream/testing.ts';
import { createCatchUpTracker, type CatchUpTracker } from './catch-up-tracker.ts';

type StreamHead = NonNullable<AppendOutcome['head']>;

function outcome(part: Partial<AppendOutcome>): AppendOutcome {
  return {
    cursor: null,
    stored: 0,
    duplicates: 0,
    quarantined: 0,
    foreign: 0,
    news: 0,
    fresh: [],
    contracts: [],
    head: null,
    repair: 'none',
    replay: 'unknown',
    acknowledged: [],
    notices: [],
    ...part,
  };
}

function head(behind: number | null, at = '2026-10-02T09:14:03Z'): AppendOutcome['head'] {
  return { head: 'e1-00000000009', at, reached: behind === 0, behind };
}

/** Of a server whose ids have no order. */
function opaque(id: string): AppendOutcome['head'] {
  return { head: id, at: '2026-10-02T09:14:03Z', reached: false, behind: null };
}

const PREVIEWED = '2026-10-02T09:14:00Z';

function begin({ headsSeen = false, heartbeatMs = null as number | null } = {}) {
  const clock = createManualClock();
  const told: string[] = [];
  const standing: string[] = [];
  const ledger = { writingSince: null as number | null };
  const way = { isHeldUp: false };
  const tracker = createCatchUpTracker({
    clock,
    quietMs: 1000,
    headsSeen,
    heartbeatMs,
    writingSince: () => ledger.writingSince,
    isHeldUp: () => way.isHeldUp,
    onCatchingUp: (done, total) => told.push(`${done}/${total}`),
    onCaughtUp: (proven) => told.push(proven ? 'caught_up' : 'caught_up, unproven'),
    onStanding: (id) => standing.push(id),
  });
  tracker.opened();
  return { clock, told, standing, tracker, ledger, way };
}

test('catching up until the head is reached', () => {
  const { told, tracker } = begin();
  tracker.onAppended(outcome({ stored: 5, head: head(3) }));
  tracker.onAppended(outcome({ stored: 3 }));
  expect(tracker.isCaughtUp()).toBe(false);
  tracker.onAppended(outcome({ head: head(0) }));
  expect(told).toEqual(['0/null', '5/8', '8/8', 'caught_up']);
  expect(tracker.isCaughtUp()).toBe(true);
});

test('a head that stands still without being reached is a gap, not a catch-up for ever', () => {
  const { tracker } = begin();
  tracker.onAppended(outcome({ stored: 5, head: head(1) }));
  tracker.onAppended(outcome({ head: head(1) }));
  expect(tracker.isCaughtUp()).toBe(false);
  tracker.onAppended(outcome({ head: head(1) }));
  expect(tracker.isCaughtUp()).toBe(true);
});

test('a server without heads has caught up after a quiet moment, and not before', () => {
  const { clock, tracker } = begin();
  clock.advance(900);
  tracker.onAppended(outcome({ stored: 1 }));
  clock.advance(900);
  expect(tracker.isCaughtUp()).toBe(false);
  clock.advance(100);
  expect(tracker.isCaughtUp()).toBe(true);
});

test.each([0, 3_000])('a ledger that writes for seconds is no quiet stream (after %i came)', (before) => {
  const { clock, tracker, ledger } = begin();
  tracker.onAppended(outcome({ stored: before }));
  for (let n = 0; n < 5; n += 1) {
    ledger.writingSince = clock.monotonic();
    clock.advance(7_000);
    expect(tracker.isCaughtUp()).toBe(false);
    ledger.writingSince = null;
    tracker.onAppended(outcome({ stored: 8_000 }));
  }
  clock.advance(900);
  expect(tracker.isCaughtUp()).toBe(false);
  clock.advance(100);
  expect(tracker.isCaughtUp()).toBe(true);
});

test('of a server that named heads before the app was started, quiet proves nothing either; but not for ever', () => {
  const { clock, told, tracker } = begin({ headsSeen: true });
  tracker.onAppended(outcome({ stored: 500 }));
  clock.advance(60_000);
  expect(tracker.isCaughtUp()).toBe(false);
  clock.advance(30_000);
  expect(told.at(-1)).toBe('caught_up, unproven');
});

test.each([
  ['two heartbeats and a second', 15_000, 31_000],
  ['ten times the quiet, where heartbeats are short', 200, 10_000],
  ['not longer than without any', 120_000, 90_000],
])('where it has announced its heartbeat, for %s', (_, heartbeatMs, ms) => {
  const { clock, told, tracker } = begin({ headsSeen: true, heartbeatMs });
  tracker.onAppended(outcome({ stored: 500 }));
  for (let passed = 0; passed < ms - 1_000; passed += 1_000) clock.advance(1_000);
  expect(tracker.isCaughtUp()).toBe(false);
  clock.advance(2_000);
  expect(told.at(-1)).toBe('caught_up, unproven');
});

test('once heads were seen, quiet proves nothing; and a lost connection is not level', () => {
  const { clock, tracker } = begin();
  tracker.onAppended(outcome({ stored: 1, head: head(4) }));
  clock.advance(60_000);
  expect(tracker.isCaughtUp()).toBe(false);
  tracker.onAppended(outcome({ stored: 4, head: head(0) }));
  tracker.onDisconnect();
  expect(tracker.isCaughtUp()).toBe(false);
  tracker.opened();
  clock.advance(60_000);
  expect(tracker.isCaughtUp()).toBe(false);
  // But not for ever: it may have ceased to name them.
  clock.advance(30_000);
  expect(tracker.isCaughtUp()).toBe(true);
});

describe.each([1, 5, 50])('a server without heads that has %i changes a second', (perSecond) => {
  /** So many come evenly, one append each. */
  function flow(clock: ManualClock, tracker: CatchUpTracker, seconds: number): void {
    for (let n = 0; n < seconds * perSecond; n += 1) {
      clock.advance(1000 / perSecond);
      tracker.onAppended(outcome({ stored: 1 }));
    }
  }

  test.each([0, 1, 20_000])(
    'has caught up soon after a backlog of %i, unproven, and remains so',
    (backlog) => {
      const { clock, told, tracker } = begin();
      for (let left = backlog; left > 0; left -= 500) {
        clock.advance(100);
        tracker.onAppended(outcome({ stored: Math.min(500, left) }));
        expect(tracker.isCaughtUp()).toBe(false);
      }
      flow(clock, tracker, 4);
      expect(tracker.isCaughtUp()).toBe(true);
      expect(told.filter((one) => one.startsWith('caught_up'))).toEqual(['caught_up, unproven']);
      flow(clock, tracker, 120);
      expect(told.filter((one) => one.startsWith('caught_up'))).toEqual(['caught_up, unproven']);
      expect(told.at(-1)).toBe('caught_up, unproven');
    },
  );
});

test('a replay that goes on fast is none no longer after a minute; until then it is one', () => {
  const { clock, tracker } = begin();
  for (let n = 0; n < 599; n += 1) {
    clock.advance(100);
    tracker.onAppended(outcome({ stored: 50 }));
  }
  expect(tracker.isCaughtUp()).toBe(false);
  clock.advance(1_100);
  expect(tracker.isCaughtUp()).toBe(true);
});

test('heads that begin to come prove it; heads that cease prove it no longer, whatever else keeps the stream alive', () => {
  const { clock, told, tracker } = begin();
  clock.advance(1_000);
  expect(told.at(-1)).toBe('caught_up, unproven');
  tracker.onAppended(outcome({ head: { ...(head(0) as StreamHead), heartbeatMs: 15_000 } }));
  expect(told.at(-1)).toBe('caught_up');
  clock.advance(30_000);
  tracker.onAppended(outcome({ stored: 1 }));
  expect(told.at(-1)).toBe('caught_up');
  clock.advance(1_000);
  expect(told.at(-1)).toBe('caught_up, unproven');
  expect(tracker.isCaughtUp()).toBe(true);
  tracker.onAppended(outcome({ head: { ...(head(0) as StreamHead), heartbeatMs: 15_000 } }));
  expect(told.at(-1)).toBe('caught_up');
  tracker.onDisconnect();
  clock.advance(60_000);
  expect(told.at(-1)).toBe('caught_up');
});

test('where more is known to come, a quiet second does not make a slow stream level', () => {
  const { clock, tracker } = begin();
  tracker.onAppended(outcome({ stored: 1 }));
  tracker.expect(40, PREVIEWED);
  clock.advance(9_000);
  expect(tracker.isCaughtUp()).toBe(false);
  tracker.onAppended(outcome({ stored: 40 }));
  clock.advance(1_000);
  expect(tracker.isCaughtUp()).toBe(true);
});

test('the total can be found out otherwise, grows, and never stands below what is done', () => {
  const { told, tracker } = begin();
  tracker.onAppended(outcome({ stored: 7 }));
  tracker.expect(5, PREVIEWED);
  tracker.onAppended(outcome({ stored: 6 }));
  tracker.expect(100, PREVIEWED);
  expect(told).toEqual(['0/null', '7/null', '7/12', '13/13', '13/113']);
});

test('a head without a place that stands unreached is told once for each id, and is no proof of being level', () => {
  const { told, standing, tracker } = begin();
  tracker.onAppended(outcome({ stored: 5, head: head(0) }));
  tracker.onAppended(outcome({ head: opaque('op10') }));
  expect(standing).toEqual([]);
  expect(told.at(-1)).toBe('caught_up');
  tracker.onAppended(outcome({ head: opaque('op10') }));
  tracker.onAppended(outcome({ head: opaque('op10') }));
  expect(standing).toEqual(['op10']);
  expect(told.at(-1)).toBe('caught_up, unproven');
  tracker.onAppended(outcome({ head: opaque('op11') }));
  tracker.onAppended(outcome({ head: opaque('op11') }));
  expect(standing).toEqual(['op10', 'op11']);
  tracker.onAppended(outcome({ head: head(0) }));
  expect(told.at(-1)).toBe('caught_up');
});

test('while anything comes, or on another opening, a head without a place does not stand', () => {
  const { standing, tracker } = begin();
  tracker.onAppended(outcome({ head: opaque('op10') }));
  tracker.onAppended(outcome({ stored: 1, head: opaque('op10') }));
  tracker.onAppended(outcome({ foreign: 1 }));
  tracker.onAppended(outcome({ head: opaque('op10') }));
  tracker.onAppended(outcome({ duplicates: 1 }));
  tracker.onAppended(outcome({ head: opaque('op10') }));
  tracker.onDisconnect();
  tracker.opened();
  tracker.onAppended(outcome({ head: opaque('op10') }));
  tracker.onAppended(outcome({ head: opaque('op11') }));
  expect(standing).toEqual([]);
});

test('a stream that opens on a head that stands has caught up, unproven', () => {
  const { told, standing, tracker } = begin();
  tracker.onAppended(outcome({ head: opaque('op10') }));
  expect(tracker.isCaughtUp()).toBe(false);
  tracker.onAppended(outcome({ head: opaque('op10') }));
  expect(standing).toEqual(['op10']);
  expect(told.filter((one) => one.startsWith('caught_up'))).toEqual(['caught_up, unproven']);
});

test.each([
  ['without a place', opaque('op10'), '0/null'],
  ['of a log that has more', head(3), '0/3'],
])('a head %s that stays unreached and alone ends it after a heartbeat, unproven', (_, named, catchingUp) => {
  const { clock, told, standing, tracker } = begin({ headsSeen: true, heartbeatMs: 15_000 });
  tracker.onAppended(outcome({ head: named }));
  clock.advance(15_000);
  expect(tracker.isCaughtUp()).toBe(false);
  clock.advance(2_000);
  expect(told).toEqual(['0/null', catchingUp, 'caught_up, unproven']);
  // Told once it may only have been on its way.
  expect(standing).toEqual([]);
});

test('a head that was held up on its way proves nothing, until one is prompt, or it is known that all come late', () => {
  const { clock, told, tracker, way } = begin({ headsSeen: true });
  way.isHeldUp = true;
  for (let n = 0; n < 3; n += 1) {
    clock.advance(15_000);
    tracker.onAppended(outcome({ stored: 3, head: head(0) }));
    expect(tracker.isCaughtUp()).toBe(false);
    expect(tracker.hasReachedHead()).toBe(true);
  }
  way.isHeldUp = false;
  tracker.onAppended(outcome({ head: head(0) }));
  expect(told.at(-1)).toBe('caught_up');
  // One that is late alone takes nothing back.
  way.isHeldUp = true;
  tracker.onAppended(outcome({ head: head(0) }));
  expect(told.at(-1)).toBe('caught_up');
  tracker.onDisconnect();
  expect(tracker.hasReachedHead()).toBe(false);
});

describe('a head that was named before a preview told what is still to come', () => {
  const OLD = '2026-10-02T09:12:34Z';

  test('is held up on its way and no proof, as long as more keeps coming', () => {
    const { clock, tracker, told } = begin();
    tracker.expect(28, PREVIEWED);
    for (let n = 0; n < 20; n += 1) {
      clock.advance(3_000);
      tracker.onAppended(outcome({ stored: 1, head: head(0, OLD) }));
      tracker.onAppended(outcome({ head: head(0, OLD) }));
      expect(tracker.isCaughtUp()).toBe(false);
    }
    expect(told.at(-1)).toBe('20/28');
    tracker.onAppended(outcome({ stored: 8, head: head(0, OLD) }));
    expect(tracker.isCaughtUp()).toBe(true);
  });

  test('counts once nothing comes any more, and a later one counts at once', () => {
    const { clock, tracker } = begin();
    tracker.expect(28, PREVIEWED);
    tracker.onAppended(outcome({ stored: 1, head: head(0, OLD) }));
    clock.advance(10_000);
    tracker.onAppended(outcome({ head: head(0, OLD) }));
    expect(tracker.isCaughtUp()).toBe(true);
    tracker.opened();
    tracker.expect(28, PREVIEWED);
    tracker.onAppended(outcome({ stored: 1, head: head(0) }));
    expect(tracker.isCaughtUp()).toBe(true);
  });
});

describe('what a repair brings in place of the stream', () => {
  const announced = (behind: number | null) => ({ ...head(behind)!, heartbeatMs: 15_000 });

  test('reaches the head that named it, though no other comes; that proves no more than the head did', () => {
    const { clock, told, tracker } = begin({ headsSeen: true, heartbeatMs: 15_000 });
    tracker.onAppended(outcome({ head: announced(3) }));
    expect(tracker.isCaughtUp()).toBe(false);
    tracker.onHeadHere();
    tracker.onHeadHere();
    expect(told.slice(-2)).toEqual(['0/3', 'caught_up']);
    expect(tracker.hasReachedHead()).toBe(true);
    clock.advance(31_000);
    expect(told.at(-1)).toBe('caught_up, unproven');
  });

  test('proves it late, where the stream was taken for one that names no more heads', () => {
    const { clock, told, tracker } = begin({ headsSeen: true, heartbeatMs: 15_000 });
    tracker.onAppended(outcome({ head: announced(3) }));
    for (let passed = 0; passed < 17_000; passed += 1_000) clock.advance(1_000);
    expect(told.at(-1)).toBe('caught_up, unproven');
    tracker.onHeadHere();
    expect(told.at(-1)).toBe('caught_up');
  });

  test('proves nothing once the next head is overdue', () => {
    const { clock, told, tracker } = begin({ headsSeen: true, heartbeatMs: 15_000 });
    tracker.onAppended(outcome({ head: announced(3) }));
    for (let passed = 0; passed < 31_000; passed += 1_000) clock.advance(1_000);
    tracker.onHeadHere();
    expect(told).not.toContain('caught_up');
  });

  test.each([
    ['was held up on its way', true, head(3)],
    ['has no place', false, opaque('x')],
    ['was another stream’s', false, null],
  ])('proves nothing where the head %s', (_, isHeldUp, named) => {
    const { told, tracker, way } = begin({ headsSeen: true });
    tracker.onAppended(outcome({ head: head(3) }));
    tracker.onDisconnect();
    tracker.onHeadHere();
    tracker.opened();
    way.isHeldUp = isHeldUp;
    tracker.onAppended(outcome({ head: named }));
    tracker.onHeadHere();
    expect(told.filter((one) => one.startsWith('caught_up'))).toEqual([]);
  });
});
