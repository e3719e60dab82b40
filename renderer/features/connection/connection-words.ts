import type { TFunction } from 'i18next';
import { TRANSPORTS, type ConnectionState, type ConnectionStatus } from '../../../protocol/connection.ts';
import type { Receipt } from '../../../protocol/receipt.ts';
import type { Formats } from '../../i18n/format.ts';
import { hostOf, secondsUntil } from '../../i18n/words.ts';
import { areCountsKnown } from '../../state/standing.ts';

export type ConnectionTone = 'good' | 'busy' | 'failure' | 'stopped';

const TONES: Readonly<Record<ConnectionState['phase'], ConnectionTone>> = {
  live: 'good',
  connected: 'good',
  connecting: 'busy',
  catching_up: 'busy',
  late: 'failure',
  waiting: 'failure',
  refused: 'failure',
  signed_out: 'stopped',
  sign_in_needed: 'stopped',
  stopped: 'stopped',
};

export function connectionTone({ state }: ConnectionStatus): ConnectionTone {
  return TONES[state.phase];
}

export interface ShortWords {
  readonly what: string;
  /** Left out where there is no room. */
  readonly more: string | null;
}

/** A few words for the title area. */
export function connectionShort(
  t: TFunction,
  formats: Formats,
  status: ConnectionStatus,
  now: number,
): ShortWords {
  const { state } = status;
  switch (state.phase) {
    case 'catching_up': {
      const done = formats.number(state.done);
      const what =
        state.total === null
          ? t('connection.catchingUpSome', { done })
          : t('connection.catchingUpOf', { done, total: formats.number(state.total) });
      return { what, more: null };
    }
    case 'waiting': {
      if (state.offline) return { what: t('connection.offline'), more: null };
      const count = secondsUntil(state.retryAt, now);
      const more = count === 0 ? t('connection.waitingNow') : t('connection.waiting', { count });
      return { what: t('connection.noConnection'), more };
    }
    case 'live':
      return {
        what: t('connection.live'),
        more: TRANSPORTS[status.transport].isPolled ? t('connection.slowerShort') : null,
      };
    case 'connected': {
      const { lastEventAt } = status;
      const more =
        lastEventAt === null ? null : t('connection.newest', { time: formats.moment(lastEventAt, now) });
      return { what: t('connection.connected'), more };
    }
    case 'late':
      return { what: t('connection.late', { span: formats.span(state.byMs) }), more: null };
    case 'connecting':
    case 'refused':
    case 'sign_in_needed':
    case 'signed_out':
    case 'stopped':
      return { what: t(`connection.${state.phase}`), more: null };
  }
}

function waitingText(
  t: TFunction,
  server: string,
  { failure: { code, status }, retryAt }: Extract<ConnectionState, { phase: 'waiting' }>,
  now: number,
): string {
  const failure = t(`connection.failure.${code}`, { status: status ?? '' }).trim();
  const count = secondsUntil(retryAt, now);
  return count === 0
    ? t('connection.text.waitingNow', { server, failure })
    : t('connection.text.waiting', { server, failure, count });
}

/** What happens, what is safe, what to do. */
export function connectionText(
  t: TFunction,
  formats: Formats,
  status: ConnectionStatus,
  now: number,
): string {
  const { state } = status;
  const server = hostOf(status.server);
  const meanwhile = t(`connection.meanwhile.${status.replay}`);
  switch (state.phase) {
    case 'waiting':
      return state.offline
        ? `${t('connection.text.offline')} ${meanwhile}`
        : `${waitingText(t, server, state, now)} ${meanwhile}`;
    case 'connecting':
      return `${t('connection.text.connecting', { server })} ${meanwhile}`;
    case 'sign_in_needed':
    case 'stopped':
      return t(`connection.text.${state.cause}`);
    case 'live':
      return t(TRANSPORTS[status.transport].isPolled ? 'connection.slower' : 'connection.text.live', {
        server,
      });
    case 'connected': {
      const text = t('connection.text.connected', { server });
      return TRANSPORTS[status.transport].isPolled ? `${text} ${t('connection.slower', { server })}` : text;
    }
    case 'late':
      return t('connection.text.late', { server, span: formats.span(state.byMs) });
    case 'catching_up':
    case 'refused':
    case 'signed_out':
      return t(`connection.text.${state.phase}`, { server });
  }
}

/** When the last change came. What a list brought at first were no changes: where it is here, none has come since. */
export function lastChangeText(
  t: TFunction,
  formats: Formats,
  lastEventAt: number | null,
  receipt: Receipt | null,
  now: number,
): string {
  if (lastEventAt !== null) return formats.moment(lastEventAt, now, true);
  return t(areCountsKnown(0, receipt) ? 'connection.lastEventNoneSince' : 'connection.lastEventNone');
}
