import { expect, test } from 'vitest';
import type { FreshEvent } from '../ledger/ingest.ts';
import { createFreshTeller } from './ahead-of-stream.ts';

const change = (n: number): FreshEvent => ({
  eventId: `e1-${n}`,
  contractId: 'C-1',
  title: 'Supply',
  counterparty: null,
  from: 'draft',
  to: 'sent',
  reason: null,
  severity: 'info',
  actionRequired: true,
  time: '2026-10-02T09:14:03Z',
  muted: false,
  rule: 'usual',
});
const ahead = (n: number): FreshEvent => ({ ...change(n), isAhead: true });

function begin() {
  const told: string[] = [];
  const state = { isLevel: false, untold: [] as FreshEvent[], counted: 0, failed: 0 };
  const teller = createFreshTeller({
    isLevel: () => state.isLevel,
    takeUntold: async () => state.untold.splice(0),
    tell: (fresh, phase) => told.push(`${phase}: ${fresh.map(({ eventId }) => eventId).join()}`),
    onTaken: (count) => (state.counted += count),
    onError: () => (state.failed += 1),
  });
  return { told, state, teller };
}

test('what lies behind the stream is told at once, what is ahead of it once it is level', async () => {
  const { told, state, teller } = begin();
  state.untold.push(change(5));
  teller.fromHistory([change(3), ahead(5)]);
  teller.fromStream([change(4)]);
  expect(told).toEqual(['catching_up: e1-3', 'catching_up: e1-4']);
  await teller.level();
  await teller.level();
  expect(told.slice(2)).toEqual(['catching_up: e1-5']);
  expect(state.counted).toBe(1);
});

test('what comes ahead of a level stream is told at once', async () => {
  const { told, state, teller } = begin();
  state.isLevel = true;
  state.untold.push(change(5));
  teller.fromHistory([ahead(5)]);
  await teller.level();
  expect(told).toEqual(['live: e1-5']);
});

test('once closed it takes nothing more: what it would not tell waits for the next start', async () => {
  const { told, state, teller } = begin();
  state.isLevel = true;
  const closing = teller.close();
  state.untold.push(change(5));
  teller.fromHistory([ahead(5)]);
  await teller.level();
  await closing;
  expect(told).toEqual([]);
  expect(state.untold).toHaveLength(1);
});

test('a ledger that fails is told of, and asked again when the stream is next level', async () => {
  const told: string[] = [];
  const errors: unknown[] = [];
  let isBroken = true;
  const teller = createFreshTeller({
    isLevel: () => true,
    takeUntold: async () => {
      if (isBroken) throw new Error('disk full');
      return [change(5)];
    },
    tell: (fresh) => told.push(...fresh.map(({ eventId }) => eventId)),
    onTaken() {},
    onError: (error) => errors.push(error),
  });
  await teller.level();
  expect([told, errors.length]).toEqual([[], 1]);
  isBroken = false;
  await teller.level();
  expect(told).toEqual(['e1-5']);
});
