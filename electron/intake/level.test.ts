import { expect, test } from 'vitest';
import type { AppendOutcome } from '../ledger/types.ts';
import { createManualClock } from '../stream/testing.ts';
import { createLevel } from './level.ts';

function outcome(part: Partial<AppendOutcome>): AppendOutcome {
  return {
    cursor: null,
    stored: 0,
    duplicates: 0,
    quarantined: 0,
    foreign: 0,
    fresh: [],
    contracts: [],
    head: null,
    repairDue: false,
    acknowledged: [],
    notices: [],
    ...part,
  };
}

function head(behind: number | null): AppendOutcome['head'] {
  return { head: 'e1-00000000009', at: '2026-10-02T09:14:03Z', reached: behind === 0, behind };
}

function begin() {
  const clock = createManualClock();
  const told: string[] = [];
  const level = createLevel({
    clock,
    quietMs: 1000,
    onCatchingUp: (done, total) => told.push(`${done}/${total}`),
    onLevel: () => told.push('level'),
  });
  level.opened();
  return { clock, told, level };
}

test('catching up until the head is reached', () => {
  const { told, level } = begin();
  level.took(outcome({ stored: 5, head: head(3) }));
  level.took(outcome({ stored: 3 }));
  expect(level.isLevel()).toBe(false);
  level.took(outcome({ head: head(0) }));
  expect(told).toEqual(['0/null', '5/8', '8/8', 'level']);
  expect(level.isLevel()).toBe(true);
});

test('a head that stands still without being reached is a hole, not a catch-up for ever', () => {
  const { level } = begin();
  level.took(outcome({ stored: 5, head: head(1) }));
  level.took(outcome({ head: head(1) }));
  expect(level.isLevel()).toBe(false);
  level.took(outcome({ head: head(1) }));
  expect(level.isLevel()).toBe(true);
});

test('a server without heads is level after a quiet moment, and not before', () => {
  const { clock, level } = begin();
  clock.advance(900);
  level.took(outcome({ stored: 1 }));
  clock.advance(900);
  expect(level.isLevel()).toBe(false);
  clock.advance(100);
  expect(level.isLevel()).toBe(true);
});

test('once heads were seen, quiet proves nothing; and a lost connection is not level', () => {
  const { clock, level } = begin();
  level.took(outcome({ stored: 1, head: head(4) }));
  clock.advance(60_000);
  expect(level.isLevel()).toBe(false);
  level.took(outcome({ stored: 4, head: head(0) }));
  level.away();
  expect(level.isLevel()).toBe(false);
  level.opened();
  clock.advance(60_000);
  expect(level.isLevel()).toBe(false);
});

test('the total can be found out otherwise, once, and never stands below what is done', () => {
  const { told, level } = begin();
  level.took(outcome({ stored: 7 }));
  level.expect(5);
  level.took(outcome({ stored: 6 }));
  level.expect(100);
  expect(told).toEqual(['0/null', '7/null', '7/12', '13/13']);
});
