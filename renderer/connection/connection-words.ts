import type { TFunction } from 'i18next';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { Formats } from '../i18n/format.ts';
import { hostOf } from '../i18n/words.ts';

export type ConnectionTone = 'good' | 'busy' | 'trouble' | 'stopped';

export function connectionTone({ state, transport }: ConnectionStatus): ConnectionTone {
  switch (state.phase) {
    case 'live':
      return transport === 'long_poll' ? 'busy' : 'good';
    case 'connecting':
    case 'catching_up':
      return 'busy';
    case 'waiting':
      return 'trouble';
    case 'signed_out':
    case 'sign_in_needed':
    case 'stopped':
      return 'stopped';
  }
}

/** Whole seconds until `retryAt`, never negative. Both epoch ms, client clock. */
export function secondsUntil(retryAt: number, now: number): number {
  return Math.max(0, Math.ceil((retryAt - now) / 1000));
}

/** A few words for the title area. */
export function connectionShort(
  t: TFunction,
  formats: Formats,
  status: ConnectionStatus,
  now: number,
): string {
  const { state } = status;
  switch (state.phase) {
    case 'catching_up':
      return state.total === null
        ? t('connection.catchingUpSome', { done: formats.number(state.done) })
        : t('connection.catchingUpOf', {
            done: formats.number(state.done),
            total: formats.number(state.total),
          });
    case 'waiting': {
      const what = t(state.offline ? 'connection.offline' : 'connection.noConnection');
      const count = secondsUntil(state.retryAt, now);
      if (state.offline) return what;
      return `${what} · ${count === 0 ? t('connection.waitingNow') : t('connection.waiting', { count })}`;
    }
    case 'live':
      return status.transport === 'long_poll'
        ? `${t('connection.live')} · ${t('connection.slowerShort')}`
        : t('connection.live');
    default:
      return t(`connection.${state.phase}`);
  }
}

/** What happens, what is safe, what to do. */
export function connectionText(t: TFunction, status: ConnectionStatus, now: number): string {
  const { state } = status;
  const server = hostOf(status.server);
  switch (state.phase) {
    case 'waiting':
      return state.offline
        ? t('connection.text.offline')
        : t('connection.text.waiting', {
            server,
            trouble: t(`connection.trouble.${state.trouble.code}`, {
              status: state.trouble.status ?? '',
            }).trim(),
            count: secondsUntil(state.retryAt, now),
          });
    case 'sign_in_needed':
    case 'stopped':
      return t(`connection.text.${state.cause}`);
    default:
      return t(`connection.text.${state.phase}`, { server });
  }
}
