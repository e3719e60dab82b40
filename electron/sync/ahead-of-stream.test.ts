import { expect, test } from 'vitest';
import type { FreshEvent } from '../ledger/ingest.ts';
import { createFreshTeller } from './ahead-of-stream.ts';

const change = (n: number, to = 'sent'): FreshEvent => ({
  eventId: `e1-${n}`,
  contractId: 'C-1',
  title: 'Supply',
  counterparty: null,
  from: 'draft',
  to,
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
  const stream = { isLevel: false };
  const teller = createFreshTeller({
    isLevel: () => stream.isLevel,
    tell: (fresh, phase) =>
      told.push(`${phase}: ${fresh.map(({ eventId, to }) => `${eventId} ${to}`).join()}`),
  });
  return { told, stream, teller };
}

test('what the stream comes to is told then, and not once more when it is level', () => {
  const { told, teller } = begin();
  teller.fromHistory([change(3), ahead(5)]);
  teller.fromStream([change(4), change(5)]);
  teller.level();
  expect(told).toEqual(['catching_up: e1-3 sent', 'catching_up: e1-4 sent,e1-5 sent']);
});

test('what it has not come to is told once it is level, and not when it comes to it after all', () => {
  const { told, stream, teller } = begin();
  teller.fromHistory([ahead(5), ahead(6)]);
  expect(told).toEqual([]);
  stream.isLevel = true;
  teller.level();
  teller.level();
  teller.fromStream([change(5), change(7)]);
  // Another change, to which the server gave the same id.
  teller.fromStream([change(6, 'declined')]);
  expect(told).toEqual(['catching_up: e1-5 sent,e1-6 sent', 'live: e1-7 sent', 'live: e1-6 declined']);
});

test('what comes ahead of a level stream is told at once', () => {
  const { told, stream, teller } = begin();
  stream.isLevel = true;
  teller.fromHistory([ahead(5)]);
  teller.fromStream([change(5)]);
  expect(told).toEqual(['live: e1-5 sent']);
});

test('of more than it can remember it tells the newest', () => {
  const { told, teller } = begin();
  teller.fromHistory(Array.from({ length: 2_000 }, (_, n) => ahead(n)));
  teller.level();
  expect(told[0]?.split(',').length).toBeLessThan(1_000);
  expect(told[0]).toMatch(/e1-1999 sent$/);
});
