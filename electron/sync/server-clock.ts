import { parseInstant } from '../../protocol/instant.ts';
import type { Clock } from '../ports/clock.ts';
import { parseHttpDate } from '../stream/retry-after.ts';

/**
 * What is known of the server's clock, from requests and their answers only: the server named its time between the moment
 * the request left and the moment the answer came, so each pair bounds the offset from both sides. What a stream brings
 * says nothing of it, for a constant delay on the way would look like an offset.
 *
 * Durations are taken on the monotonic clock, so that this computer's clock may jump.
 */
export interface ServerClock {
  /** `Date` of an answer (RFC 9110 §6.6.1: whole seconds, and of whoever answered, so perhaps of a proxy). */
  header(date: string | undefined, sentAt: number, cameAt: number): void;
  /** The server's own `at` in an answer. */
  precise(at: string, sentAt: number, cameAt: number): void;
  /** For how long at least something was on its way that the server sent at `at`; null where its clock is not known. */
  age(at: string, cameAt: number): Age | null;
  /** Server clock minus client clock, ms; null where it is not known. */
  skewMs(): number | null;
  /** The monotonic clock may have stood still (sleep). */
  forget(): void;
}

export interface Age {
  readonly atLeastMs: number;
  /** By the server's own word; else by an answer's `Date`. */
  readonly precise: boolean;
}

/** Server time minus monotonic time lies between these. */
interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly since: number;
}

/** Clocks drift apart by some 50 millionths: after an hour 0.2 s. */
const MAX_AGE_MS = 3_600_000;
/** Wider bounds say too little for a figure. */
const MAX_WIDTH_MS = 10_000;

export function createServerClock(clock: Clock): ServerClock {
  let byHeader: Bounds | null = null;
  let byServer: Bounds | null = null;

  function narrowed(known: Bounds | null, low: number, high: number): Bounds {
    const since = clock.monotonic();
    const isUseless =
      known === null || since - known.since > MAX_AGE_MS || low > known.high || high < known.low;
    if (isUseless) return { low, high, since };
    return { low: Math.max(low, known.low), high: Math.min(high, known.high), since: known.since };
  }

  return {
    header(date, sentAt, cameAt) {
      const at = date === undefined ? null : parseHttpDate(date);
      if (at !== null) byHeader = narrowed(byHeader, at - cameAt, at + 1000 - sentAt);
    },
    precise(at, sentAt, cameAt) {
      const time = parseInstant(at);
      if (time !== null) byServer = narrowed(byServer, time - cameAt, time - sentAt);
    },
    age(at, cameAt) {
      const time = parseInstant(at);
      const bounds = byServer ?? byHeader;
      if (bounds === null || time === null) return null;
      return { atLeastMs: cameAt + bounds.low - time, precise: byServer !== null };
    },
    skewMs() {
      const bounds = byServer ?? byHeader;
      if (bounds === null || bounds.high - bounds.low > MAX_WIDTH_MS) return null;
      return Math.round((bounds.low + bounds.high) / 2 + clock.monotonic() - clock.now());
    },
    forget() {
      byHeader = byServer = null;
    },
  };
}
