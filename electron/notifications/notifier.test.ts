import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../protocol/settings.ts';
import type { ContractRow } from '../../protocol/view.ts';
import type { Toast } from '../app/core-types.ts';
import type { FreshEvent } from '../ledger/ingest.ts';
import { systemClock } from '../ports/clock.ts';
import { createNotifier } from './notifier.ts';

const need: FreshEvent = {
  eventId: 'e1-1',
  contractId: 'C-1',
  title: 'Lease',
  counterparty: null,
  from: 'sent',
  to: 'declined',
  severity: 'warning',
  actionRequired: true,
  time: '2026-11-30T09:00:00Z',
  muted: false,
};

test.each([
  ['was read', { unread: 0, actionRequired: true }],
  ['is no need any more', { unread: 2, actionRequired: false }],
])('what waited for the end of a catch-up and %s meanwhile is not told; what follows is', async (_, past) => {
  const toasts: Toast[] = [];
  let row: Partial<ContractRow> = past;
  const rowOf = vi.fn(() => Promise.resolve(row as ContractRow));
  const notifier = createNotifier({
    clock: systemClock,
    language: () => 'en',
    settings: () => DEFAULT_SETTINGS,
    isInFront: () => false,
    needing: () => Promise.resolve(1),
    rowOf,
    showToast: (toast) => toasts.push(toast),
  });
  notifier.tell([need], 'catching_up');
  notifier.settled();
  await vi.waitFor(() => expect(rowOf).toHaveBeenCalledTimes(1));
  await Promise.resolve();
  expect(toasts).toEqual([]);
  row = { unread: 1, actionRequired: true };
  notifier.tell([{ ...need, eventId: 'e1-2', from: 'declined', to: 'sent' }], 'live');
  await vi.waitFor(() => expect(toasts).toHaveLength(1));
  expect(toasts[0]).toMatchObject({ contractId: 'C-1', body: 'Declined → Out for signature' });
  notifier.close();
});
