import type { Transport } from '../../protocol/connection.ts';
import type { Clock } from '../ports/clock.ts';
import { failed, type AttemptOutcome } from './attempt-outcomes.ts';
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
  /** How long the answer lasted, ms; null where there was none. */
  readonly openMs: number | null;
  /** How long nothing had been heard when it ended, ms. */
  readonly silentMs: number;
}

/**
 * Falls back to long polling, but only after that has answered, where something on the way
 * - holds the stream back: twice in a row it fell silent before it had proved healthy, or the caller says so;
 * - cuts it short: three times in a row it was ended at about the same age, or after about the same silence.
 * Returns to the stream later, if that gets through again.
 */
export interface TransportPlan {
  next(): Choice;
  /** Whether long polling could stand in for the stream. */
  readonly canFallBack: boolean;
  /** While polling: whether the stream should be tried now. */
  returnDue(): boolean;
  /** How long a long poll may wait at the server, whole seconds: less where answers are cut off on their way. */
  readonly pollWaitS: number;
  /** A long poll was cut off after this long, ms. Whether waiting less may help. */
  pollWasCut(afterMs: number): boolean;
  /** What comes by the stream comes late. Whether long polling shall be tried instead. */
  heldBack(): boolean;
  /** The network may be another one: try the stream soon. */
  networkChanged(): void;
  /** The attempt's first byte of an answer's body came, by this transport (the answer's type decides). */
  heard(choice: Choice, transport: Transport): void;
  /** What to do about the ending; null: nothing, go on at once with the next choice. */
  ended(choice: Choice, outcome: AttemptOutcome, progress: Progress): AttemptOutcome | null;
}

const MAX_RETURN_MS = 3_600_000;
const CUTS = 3;

interface Cut {
  readonly openMs: number;
  readonly silentMs: number;
}

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
  let late = false;
  let cuts: readonly Cut[] = [];
  let { pollWaitS } = limits;
  /** Doubles with each fallback and each failed trial, until a stream proves healthy. */
  let returnMs = limits.returnMs;
  let returnAt = Infinity;
  let told: Transport = 'sse';

  function returnDue(): boolean {
    return polling && preferred !== 'long_poll' && clock.monotonic() >= returnAt;
  }

  /** Longer than this a poll must not wait, ms; null where nothing shows that the way here has such a bound. */
  function boundOf(outcome: AttemptOutcome, { openMs, silentMs }: Progress): number | null {
    const isCut = outcome.kind === 'failure' && outcome.failure.code === 'closed';
    cuts = isCut && openMs !== null && openMs >= limits.livedMs ? [...cuts, { openMs, silentMs }] : [];
    if (cuts.length < CUTS) return null;
    cuts = cuts.slice(-CUTS);
    const bounds = [cuts.map((cut) => cut.openMs), cuts.map((cut) => cut.silentMs)].filter(
      (all) => Math.min(...all) >= limits.livedMs && Math.max(...all) < limits.shortMs && areAlike(all),
    );
    return bounds.length === 0 ? null : Math.min(...bounds.flat());
  }

  function endedStream(outcome: AttemptOutcome, progress: Progress): AttemptOutcome | null {
    const silent = outcome.kind === 'failure' && ['silent', 'timeout'].includes(outcome.failure.code);
    const boundMs = boundOf(outcome, progress);
    if (progress.healthy && boundMs === null && !late) returnMs = limits.returnMs;
    barren = silent && !progress.healthy ? barren + 1 : 0;
    probeDue = (barren >= 2 || boundMs !== null || late) && canPoll;
    late = false;
    if (!probeDue) return outcome;
    if (boundMs !== null) pollWaitS = Math.min(pollWaitS, waitWithin(boundMs));
    return null;
  }

  function endedProbe(outcome: AttemptOutcome, heard: boolean): AttemptOutcome {
    probeDue = false;
    if (heard || outcome.kind === 'again' || outcome.kind === 'refused') return outcome;
    // An answer, but none of ours: this server has no long polling, and silence means nothing there.
    if (outcome.kind === 'stopped') {
      canPoll = false;
      return failed('silent', 'no byte came, and long polling is not served either');
    }
    if (outcome.kind === 'failure' && isNoPollServer(outcome)) canPoll = false;
    return outcome;
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
    get pollWaitS() {
      return pollWaitS;
    },
    pollWasCut(afterMs) {
      const shorter = waitWithin(afterMs);
      if (afterMs < limits.livedMs || afterMs >= pollWaitS * 1000 || shorter >= pollWaitS) return false;
      pollWaitS = shorter;
      return true;
    },
    heldBack() {
      late = canPoll && !polling && !probeDue;
      return late;
    },
    networkChanged() {
      cuts = [];
      pollWaitS = limits.pollWaitS;
      returnMs = limits.returnMs;
      if (polling && preferred !== 'long_poll') returnAt = clock.monotonic();
    },
    heard(choice, transport) {
      if (choice.why === 'probe') {
        polling = true;
        probeDue = false;
        cuts = [];
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
    ended(choice, outcome, progress) {
      const { heard } = progress;
      if (choice.why === 'probe') return endedProbe(outcome, heard);
      if (choice.why === 'trial' && !heard) {
        if (outcome.kind !== 'failure') return outcome;
        returnAt = clock.monotonic() + returnMs;
        returnMs = Math.min(MAX_RETURN_MS, returnMs * 2);
        return null;
      }
      return choice.transport === 'long_poll' ? outcome : endedStream(outcome, progress);
    },
  };
}

function isNoPollServer(outcome: Extract<AttemptOutcome, { kind: 'failure' }>): boolean {
  const { code, status } = outcome.failure;
  return code === 'content_type' || (code === 'http' && status !== null && status >= 400 && status < 500);
}

/** Whole seconds that end well before an answer is cut off; at least one. */
function waitWithin(ms: number): number {
  return Math.max(1, Math.floor((ms - 500) / 1000));
}

/** A bound set by a clock differs by the network's delay only. */
function areAlike(durations: readonly number[]): boolean {
  const least = Math.min(...durations);
  return Math.max(...durations) - least <= Math.max(500, least * 0.15);
}
