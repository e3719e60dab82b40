import type { Transport } from '../../protocol/connection.ts';
import type { Clock } from '../ports/clock.ts';
import { troubled, type Ending } from './endings.ts';
import type { StreamLimits, StreamOptions } from './types.ts';

/**
 * What the next attempt is for. `probe`: does long polling answer where the stream does not? `trial`: does the
 * stream get through again, while long polling works?
 */
export interface Choice {
  readonly transport: Transport;
  readonly why: 'normal' | 'probe' | 'trial';
}

/** How far an attempt came: bytes were heard; they kept coming long enough to prove the connection healthy. */
export interface Progress {
  readonly heard: boolean;
  readonly healthy: boolean;
}

/**
 * Falls back to long polling when the stream twice in a row fell silent before it had proved healthy (a proxy that
 * buffers: everything, or everything but the beginning), but only after long polling has answered; and returns
 * to the stream when it gets through again.
 */
export interface TransportPlan {
  next(): Choice;
  /** Whether long polling could stand in for the stream. */
  readonly canFallBack: boolean;
  /** While polling: whether the stream should be tried now. */
  returnDue(): boolean;
  /** The network may be another one: try the stream soon. */
  networkChanged(): void;
  /** The attempt's first byte of an answer's body came, by this transport (the answer's type decides). */
  heard(choice: Choice, transport: Transport): void;
  /** What to do about the ending; null: nothing, go on at once with the next choice. */
  ended(choice: Choice, ending: Ending, progress: Progress): Ending | null;
}

const MAX_RETURN_MS = 3_600_000;

export function createTransportPlan(
  options: Pick<StreamOptions, 'transports' | 'codec' | 'onTransport'>,
  limits: StreamLimits,
  clock: Clock,
): TransportPlan {
  const order = (options.transports ?? ['sse']).filter((one) => one === 'sse' || options.codec !== undefined);
  const preferred = order[0] ?? 'sse';
  let canPoll = preferred !== 'long_poll' && order.includes('long_poll');
  let polling = preferred === 'long_poll';
  let probeDue = false;
  let barren = 0;
  /** Doubles with each fallback and each failed trial, until a stream proves healthy. */
  let returnMs = limits.returnMs;
  let returnAt = Infinity;
  let told: Transport = 'sse';

  function returnDue(): boolean {
    return polling && preferred !== 'long_poll' && clock.monotonic() >= returnAt;
  }

  function endedStream(ending: Ending, healthy: boolean): Ending | null {
    const silent = ending.kind === 'trouble' && ['silent', 'timeout'].includes(ending.trouble.code);
    if (healthy) returnMs = limits.returnMs;
    barren = silent && !healthy ? barren + 1 : 0;
    probeDue = barren >= 2 && canPoll;
    return probeDue ? null : ending;
  }

  function endedProbe(ending: Ending, heard: boolean): Ending {
    probeDue = false;
    if (heard || ending.kind === 'again' || ending.kind === 'refused') return ending;
    // An answer, but none of ours: this server has no long polling, and silence means nothing there.
    if (ending.kind === 'stopped') {
      canPoll = false;
      return troubled('silent', 'no byte came, and long polling is not served either');
    }
    if (ending.kind === 'trouble' && isNoPollServer(ending)) canPoll = false;
    return ending;
  }

  return {
    next() {
      if (polling) {
        return returnDue()
          ? { transport: preferred, why: 'trial' }
          : { transport: 'long_poll', why: 'normal' };
      }
      return probeDue ? { transport: 'long_poll', why: 'probe' } : { transport: preferred, why: 'normal' };
    },
    get canFallBack() {
      return canPoll && !polling;
    },
    returnDue,
    networkChanged() {
      returnMs = limits.returnMs;
      if (polling && preferred !== 'long_poll') returnAt = clock.monotonic();
    },
    heard(choice, transport) {
      if (choice.why === 'probe') {
        polling = true;
        probeDue = false;
        returnAt = clock.monotonic() + returnMs;
        returnMs = Math.min(MAX_RETURN_MS, returnMs * 2);
      } else if (choice.why === 'trial') {
        polling = false;
        barren = 0;
      }
      if (transport === told) return;
      told = transport;
      options.onTransport?.(transport);
    },
    ended(choice, ending, { heard, healthy }) {
      if (choice.why === 'probe') return endedProbe(ending, heard);
      if (choice.why === 'trial' && !heard) {
        if (ending.kind !== 'trouble') return ending;
        returnAt = clock.monotonic() + returnMs;
        returnMs = Math.min(MAX_RETURN_MS, returnMs * 2);
        return null;
      }
      return choice.transport === 'long_poll' ? ending : endedStream(ending, healthy);
    },
  };
}

function isNoPollServer(ending: Extract<Ending, { kind: 'trouble' }>): boolean {
  const { code, status } = ending.trouble;
  return code === 'content_type' || (code === 'http' && status !== null && status >= 400 && status < 500);
}
