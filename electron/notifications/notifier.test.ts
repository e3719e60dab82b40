import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../protocol/settings.ts';
import type { Toast } from '../app/core-types.ts';
import type { FreshEvent } from '../ledger/ingest.ts';
import type { Standing } from '../ledger/types.ts';
import { systemClock } from '../ports/clock.ts';
import { createNotifier } from './notifier.ts';

const need: FreshEvent = {
  eventId: 'e1-1',
  contractId: 'C-1',
  title: 'Lease',
  counterparty: null,
  from: 'sent',
  to: 'declined',
  reason: null,
  severity: 'warning',
  actionRequired: true,
  time: '2026-11-30T09:00:00Z',
  muted: false,
  rule: 'usual',
};

test.each([
  ['was read', { unread: 0, actionRequired: true }],
  ['is no need any more', { unread: 2, actionRequired: false }],
])('what waited for the end of a catch-up and %s meanwhile is not told; what follows is', async (_, past) => {
  const toasts: Toast[] = [];
  let row: Partial<Standing> = { rule: 'usual', ...past };
  const rowOf = vi.fn(() => Promise.resolve(row as Standing));
  const notifier = createNotifier({
    clock: systemClock,
    language: () => 'en',
    settings: () => DEFAULT_SETTINGS,
    isInFront: () => false,
    needing: () => Promise.resolve(1),
    standing: rowOf,
    showToast: (toast) => toasts.push(toast),
    withdrawToasts: () => {},
  });
  notifier.tell([need], 'catching_up');
  notifier.settled();
  await vi.waitFor(() => expect(rowOf).toHaveBeenCalledTimes(1));
  await Promise.resolve();
  expect(toasts).toEqual([]);
  row = { rule: 'usual', unread: 1, actionRequired: true };
  notifier.tell([{ ...need, eventId: 'e1-2', from: 'declined', to: 'sent' }], 'live');
  await vi.waitFor(() => expect(toasts).toHaveLength(1));
  expect(toasts[0]).toMatchObject({ contractId: 'C-1', body: 'Declined → Out for signature' });
  notifier.close();
});

/** One toast of `need` on the screen; `row` is how the contract stands. */
async function beginTold(event: Partial<FreshEvent> = {}) {
  const toasts: Toast[] = [];
  const withdrawn: (readonly string[] | 'all')[] = [];
  const state: { row: Partial<Standing> } = {
    row: { unread: 1, actionRequired: true, acknowledgement: 'none', to: 'declined', severity: 'warning' },
  };
  const rowOf = vi.fn(() =>
    Promise.resolve({ muted: false, rule: 'usual', snoozed: null, ...state.row } as Standing),
  );
  const notifier = createNotifier({
    clock: systemClock,
    language: () => 'en',
    settings: () => DEFAULT_SETTINGS,
    isInFront: () => false,
    needing: () => Promise.resolve(1),
    standing: rowOf,
    showToast: (toast) => toasts.push(toast),
    withdrawToasts: (tags) => withdrawn.push(tags),
  });
  notifier.tell([{ ...need, ...event }], 'live');
  await vi.waitFor(() => expect(toasts).toHaveLength(1));
  return { notifier, toasts, withdrawn, state, rowOf };
}

test.each<[string, Partial<Standing>, boolean]>([
  ['was read', { unread: 0 }, true],
  ['was acknowledged', { acknowledgement: 'held' }, true],
  ['needs nobody any more', { actionRequired: false, to: 'signed' }, true],
  ['has had another change that is wanted', { to: 'changes_requested' }, false],
  ['stands as it was told', {}, false],
])('a toast whose contract %s', async (_, now, isWithdrawn) => {
  const { notifier, withdrawn, state, rowOf } = await beginTold();
  state.row = { ...state.row, ...now };
  notifier.changed(['C-other']);
  expect(rowOf).toHaveBeenCalledTimes(1);
  notifier.changed(['C-1']);
  await vi.waitFor(() => expect(rowOf).toHaveBeenCalledTimes(2));
  await new Promise(setImmediate);
  expect(withdrawn).toEqual(isWithdrawn ? [['contract:C-1']] : []);
  notifier.close();
  expect(withdrawn.at(-1)).toBe('all');
});

test('a toast says why, in lines that steer nothing and end', async () => {
  const { notifier, toasts } = await beginTold({
    title: `Lease\n\u202E${'x'.repeat(200)}`,
    counterparty: 'ACME\u0007 <b>Ltd</b>',
    reason: `Too dear.\r\n${'y'.repeat(1000)}`,
  });
  const [title = '', body = ''] = [toasts[0]?.title, toasts[0]?.body];
  expect(title).toMatch(/^Lease x{73}…$/);
  expect(body.split('\n')).toEqual([
    'Out for signature → Declined · ACME <b>Ltd</b>',
    expect.stringMatching(/^Too dear\. y{129}…$/),
  ]);
  notifier.close();
});

test('the summary of needs goes when nothing needs the user any more', async () => {
  const { notifier, withdrawn } = await beginTold();
  notifier.needingChanged(2);
  expect(withdrawn).toEqual([]);
  notifier.needingChanged(0);
  expect(withdrawn).toEqual([['digest']]);
  notifier.close();
});

test('what comes while notifications are paused is told in one summary when they come again', async () => {
  const toasts: Toast[] = [];
  let pausedUntil: number | null = systemClock.now() + 3_600_000;
  const notifier = createNotifier({
    clock: systemClock,
    language: () => 'en',
    settings: () => ({ ...DEFAULT_SETTINGS, pausedUntil }),
    isInFront: () => false,
    needing: () => Promise.resolve(1),
    standing: () => Promise.resolve(null),
    showToast: (toast) => toasts.push(toast),
    withdrawToasts: () => {},
  });
  notifier.tell([need], 'live');
  notifier.reevaluate();
  await new Promise(setImmediate);
  expect(toasts).toEqual([]);
  pausedUntil = null;
  notifier.reevaluate();
  await vi.waitFor(() => expect(toasts.map(({ title }) => title)).toEqual(['1 contract needs you']));
  notifier.close();
});
