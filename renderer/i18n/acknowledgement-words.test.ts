import { expect, it } from 'vitest';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import { isConnected } from '../state/standing.ts';
import { fakeConnection } from '../testing/fake-states.ts';
import { acknowledgementLabel, pendingText } from './acknowledgement-words.ts';
import { createI18n } from './i18n.ts';

const now = new Date(2026, 10, 23, 14, 3, 30).getTime();
const { t } = createI18n('en');
const status = (name: string): ConnectionStatus | null => fakeConnection(name, now);

it.each(['live', 'connected', 'late', 'catching'])('is being sent while the server answers (%s)', (name) => {
  const connected = isConnected(status(name));
  const text = (at: number) => pendingText(t, 'held', at, connected, now);
  expect(pendingText(t, 'sending', now, connected, now)).toMatch(/^Sending/);
  expect(text(now + 5_000)).toMatch(/in 5 seconds/);
  expect(text(now)).toMatch(/in 1 second\./);
  expect(acknowledgementLabel(t, 'sending', connected)).toBe('Sending');
});

it.each(['en', 'ru'] as const)('a row says of it what the pane says (%s)', (language) => {
  const { t: say } = createI18n(language);
  const [sending, waiting, unconfirmed] = [
    /^(Sending|Отправляется|Отметка .* отправляется)/,
    /to be sent|will be sent|Ждёт|как только появится/i,
    /not confirmed|не подтвержд|не подтвердил/i,
  ];
  const said = (state: 'sending' | 'unconfirmed' | 'held', connected: boolean) => [
    pendingText(say, state, now + 5_000, connected, now),
    acknowledgementLabel(say, state, connected),
  ];
  for (const each of said('sending', true)) expect(each).toMatch(sending);
  for (const each of said('unconfirmed', true)) expect(each).toMatch(unconfirmed);
  for (const state of ['held', 'sending', 'unconfirmed'] as const)
    for (const each of said(state, false)) expect(each).toMatch(waiting);
});

it.each(['connecting', 'waiting', 'offline', 'sign_in', 'stopped'])(
  'is to be sent, when there is no connection (%s)',
  (name) => {
    const connected = isConnected(status(name));
    for (const state of ['held', 'sending', 'unconfirmed'] as const) {
      expect(pendingText(t, state, now, connected, now)).toMatch(/will be sent when connected/);
      expect(acknowledgementLabel(t, state, connected)).toBe('To be sent');
    }
  },
);
