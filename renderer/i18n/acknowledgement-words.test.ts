import { expect, it } from 'vitest';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import { isConnected } from '../state/standing.ts';
import { fakeConnection } from '../testing/fake-states.ts';
import { acknowledgementLabel, pendingText } from './acknowledgement-words.ts';
import { createI18n } from './i18n.ts';

const now = new Date(2026, 10, 23, 14, 3, 30).getTime();
const { t } = createI18n('en');
/** As it is just after it was made: nothing has come back yet. */
const first = { at: now, problem: null } as const;
const status = (name: string): ConnectionStatus | null => fakeConnection(name, now);

it.each(['live', 'connected', 'late', 'catching'])('is being sent while the server answers (%s)', (name) => {
  const connected = isConnected(status(name));
  expect(pendingText(t, { ...first, state: 'sending' }, connected, now)).toMatch(/^Sending/);
  expect(pendingText(t, { ...first, state: 'held', at: now + 5_000 }, connected, now)).toMatch(
    /in 5 seconds/,
  );
  expect(pendingText(t, { ...first, state: 'held' }, connected, now)).toMatch(/in 1 second\./);
  expect(acknowledgementLabel(t, 'sending', connected)).toBe('Sending');
});

it.each(['connecting', 'waiting', 'offline', 'sign_in', 'stopped'])(
  'is to be sent, when there is no connection (%s)',
  (name) => {
    const connected = isConnected(status(name));
    for (const state of ['held', 'sending'] as const)
      expect(pendingText(t, { ...first, state }, connected, now)).toMatch(/will be sent when connected/);
    expect(acknowledgementLabel(t, 'sending', connected)).toBe('To be sent');
  },
);
