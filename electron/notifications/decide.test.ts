import { expect, test } from 'vitest';
import type { FreshEvent } from '../ledger/ingest.ts';
import { decideNotification, emptyMemory } from './decide.ts';
import type { NotifyDecision, NotifyInput } from './decide.ts';
import { notifyWords } from './words.ts';

function event(contractId: string, actionRequired = true): FreshEvent {
  return {
    eventId: `e1-${contractId}`,
    contractId,
    title: `Contract ${contractId}`,
    counterparty: null,
    from: 'sent',
    to: 'declined',
    reason: null,
    severity: 'error',
    actionRequired,
    time: '2026-10-02T09:14:03Z',
    muted: false,
    rule: 'usual',
  };
}

/** Feeds one input after the other; the decisions in order. */
function decide(inputs: readonly Partial<NotifyInput>[]): readonly NotifyDecision[] {
  let memory = emptyMemory;
  return inputs.map((input) => {
    const decision = decideNotification(memory, {
      now: 0,
      fresh: [],
      phase: 'live',
      inFront: false,
      wants: 'action',
      quietMs: null,
      ...input,
    });
    memory = decision.memory;
    return decision;
  });
}

const ids = (decision: NotifyDecision | undefined) => decision?.toasts.map((toast) => toast.contractId);

test('a change that needs the user is told, another is not', () => {
  const [decision] = decide([{ fresh: [event('a'), event('b', false)] }]);
  expect(ids(decision)).toEqual(['a']);
});

test('nothing is told while the window is in front, nor later', () => {
  const [front, later] = decide([{ fresh: [event('a')], inFront: true }, { now: 5_000 }]);
  expect(ids(front)).toEqual([]);
  expect(ids(later)).toEqual([]);
});

test('one contract is told once a minute', () => {
  const decisions = decide([
    { fresh: [event('a')] },
    { now: 30_000, fresh: [event('a')] },
    { now: 61_000, fresh: [event('a')] },
  ]);
  expect(decisions.map(ids)).toEqual([['a'], [], ['a']]);
});

test('a catch-up with few needs tells them singly at its end', () => {
  const [during, end] = decide([
    { fresh: [event('a'), event('b')], phase: 'catching_up' },
    { now: 100, phase: 'live' },
  ]);
  expect(ids(during)).toEqual([]);
  expect(ids(end)).toEqual(['a', 'b']);
});

test('a need that is over by the end of the catch-up is not told', () => {
  const decisions = decide([
    { fresh: [event('a')], phase: 'catching_up' },
    { fresh: [event('a', false)], phase: 'catching_up' },
    { phase: 'live' },
  ]);
  expect(ids(decisions[2])).toEqual([]);
  expect(decisions[2]?.digest).toBe(false);
});

test('a catch-up with many needs becomes one summary', () => {
  const many = Array.from({ length: 12 }, (_, n) => event(`c${n}`));
  const [, end] = decide([{ fresh: many, phase: 'catching_up' }, { phase: 'live' }]);
  expect(ids(end)).toEqual([]);
  expect(end?.digest).toBe('needs');
});

test('more than two in ten seconds turn into a summary, at most one in five seconds', () => {
  const decisions = decide([
    { now: 0, fresh: [event('a')] },
    { now: 1_000, fresh: [event('b')] },
    { now: 2_000, fresh: [event('c')] },
    { now: 3_000, fresh: [event('d')] },
    { now: 4_000, fresh: [event('e')] },
    { now: 8_000 },
    { now: 15_000, fresh: [event('f')] },
  ]);
  expect(decisions.map(ids)).toEqual([['a'], ['b'], [], [], [], [], ['f']]);
  expect(decisions.map((one) => one.digest)).toEqual([false, false, false, 'needs', false, 'needs', false]);
  expect(decisions[2]?.again).toBe(3_000);
  expect(decisions[4]?.again).toBe(8_000);
});

test.each([1, 7, 50, 500])('five hundred in a second, in steps of %i, are at most three toasts', (size) => {
  let memory = emptyMemory;
  let shown = 0;
  let again: number | null = null;
  const decideAt = (now: number, fresh: readonly FreshEvent[]): void => {
    const input = { now, fresh, phase: 'live', inFront: false, wants: 'action', quietMs: null } as const;
    const decision = decideNotification(memory, input);
    ({ memory, again } = decision);
    shown += decision.toasts.length + (decision.digest === false ? 0 : 1);
  };
  for (let at = 0; at < 500; at += size) {
    const now = at * 2;
    if (again !== null && again <= now) decideAt(again, []);
    decideAt(
      now,
      Array.from({ length: Math.min(size, 500 - at) }, (_, n) => event(`c${at + n}`)),
    );
  }
  for (let turns = 0; turns < 10; turns += 1) if (again !== null) decideAt(again, []);
  expect(shown).toBeGreaterThan(0);
  expect(shown).toBeLessThanOrEqual(3);
});

test('memory stays bounded however many changes come in a catch-up', () => {
  const inputs = Array.from({ length: 100 }, (_, n) => ({
    phase: 'catching_up' as const,
    fresh: Array.from({ length: 50 }, (_, m) => event(`c${n}-${m}`)),
  }));
  const decisions = decide([...inputs, { phase: 'live' }]);
  expect(decisions[99]?.memory.gathered.length).toBeLessThanOrEqual(200);
  expect(decisions[100]?.digest).toBe('needs');
});

test('words in both languages, with Russian plural forms', () => {
  const russian = notifyWords('ru-RU');
  expect([1, 2, 5, 21, 1200].map((n) => russian.digest(n).title)).toEqual([
    '1 договор ждёт вас',
    '2 договора ждут вас',
    '5 договоров ждут вас',
    '21 договор ждёт вас',
    '1\u00a0200 договоров ждут вас',
  ]);
  expect(notifyWords('de').digest(1).title).toBe('1 contract needs you');
  expect(notifyWords('en').change('sent', 'from_the_future', 'ACME')).toBe(
    'Out for signature → from_the_future · ACME',
  );
});

test('muted contracts are never told, whatever they need', () => {
  const muted = { ...event('a'), muted: true };
  const [decision] = decide([{ fresh: [muted, event('b')], wants: 'all' }]);
  expect(ids(decision)).toEqual(['b']);
});

test('none, action, important, all: each tells more than the one before', () => {
  const calm = { ...event('calm', false), severity: 'info' as const };
  const fresh = [event('needs'), event('failure', false), calm];
  const told = (['none', 'action', 'important', 'all'] as const).map((wants) =>
    fresh.flatMap((each) => ids(decide([{ fresh: [each], wants }])[0]) ?? []),
  );
  expect(told).toEqual([[], ['needs'], ['needs', 'failure'], ['needs', 'failure', 'calm']]);
});

test('what comes in quiet hours is told in one summary at their end, however little it is', () => {
  const decisions = decide([
    { now: 0, fresh: [event('a')], quietMs: 600_000 },
    { now: 60_000, quietMs: 540_000 },
    { now: 570_000, quietMs: 30_000 },
    { now: 600_000 },
    { now: 601_000, fresh: [event('b')] },
  ]);
  expect(decisions.map(ids)).toEqual([[], [], [], [], ['b']]);
  expect(decisions.map((one) => one.digest)).toEqual([false, false, false, 'needs', false]);
  expect(decisions.map((one) => one.again)).toEqual([60_000, 120_000, 600_000, null, null]);
});

test('quiet hours in which nothing wanted came end in silence, and so do needs that are over by then', () => {
  const decisions = decide([
    { fresh: [event('a', false)], quietMs: 1_000 },
    { fresh: [event('b')], quietMs: 800 },
    { fresh: [event('b', false)], quietMs: 500 },
    { now: 1_000 },
  ]);
  expect(decisions[0]?.again).toBeNull();
  expect(decisions[3]).toMatchObject({ toasts: [], digest: false, again: null });
});

test('a catch-up that begins in quiet hours and ends after them is told in one summary', () => {
  const decisions = decide([
    { fresh: [event('a')], phase: 'catching_up', quietMs: 1_000 },
    { now: 1_000, phase: 'catching_up' },
    { now: 1_500 },
  ]);
  expect(decisions.map((one) => one.digest)).toEqual([false, false, 'needs']);
});

test('looking at the window in quiet hours is being told', () => {
  const decisions = decide([
    { fresh: [event('a')], quietMs: 1_000 },
    { fresh: [], quietMs: 500, inFront: true },
    { now: 1_000 },
  ]);
  expect(decisions[2]).toMatchObject({ toasts: [], digest: false });
});

test('a view’s own rule goes before the level, where it tells more and where it tells less', () => {
  const fresh = (['usual', 'toast', 'quietly', 'not'] as const).flatMap((rule) => [
    { ...event(`need ${rule}`), rule },
    { ...event(`calm ${rule}`, false), severity: 'info' as const, rule },
  ]);
  const told = (['none', 'action', 'all'] as const).map((wants) =>
    fresh.flatMap((each) => ids(decide([{ fresh: [each], wants }])[0]) ?? []),
  );
  const toast = ['need toast', 'calm toast'];
  expect(told).toEqual([toast, ['need usual', ...toast], ['need usual', 'calm usual', ...toast]]);
  // Whatever a view says: a muted contract is never told.
  expect(ids(decide([{ fresh: [{ ...event('a'), muted: true, rule: 'toast' }] }])[0])).toEqual([]);
});

test('a summary of changes that are no needs is told as one, though only needs are wanted', () => {
  const calm = (id: string) => ({ ...event(id, false), rule: 'toast' as const });
  const decisions = decide([
    { fresh: [calm('a')], quietMs: 1_000 },
    { now: 1_000 },
    { now: 20_000, fresh: [event('b'), event('c'), event('d')] },
  ]);
  expect(decisions.map((one) => one.digest)).toEqual([false, 'changes', 'needs']);
});

test('with the level for nothing, what was gathered before is not told, and a view’s own rule is', () => {
  const decisions = decide([
    { fresh: [event('a'), { ...event('b'), rule: 'toast' }], quietMs: 1_000 },
    { now: 1_000, wants: 'none' },
    { now: 2_000, fresh: [event('c')], quietMs: 1_000 },
    { now: 4_000, wants: 'none' },
  ]);
  expect(decisions.map((one) => one.digest)).toEqual([false, 'needs', false, false]);
});
