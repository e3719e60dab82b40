import type { Random } from '../ports/clock.ts';
import type { StreamLimits } from './types.ts';

/** Between tries where nothing here can help, but what refuses us may come to another mind, ms. */
const SELDOM_MS = [10_000, 30_000, 60_000, 120_000];
const MOST_SELDOM_MS = 300_000;

export type RefusalStatus = 401 | 403;
/** The API's own refusals that stand until something changes. Credentials may be unknown to one replica; what is said by others is said of a network. */
const STANDS: Readonly<Record<RefusalStatus, boolean>> = { 401: false, 403: true };

/** The waits between them: ever longer, with jitter above each. */
export interface Seldom {
  /** After an answer that refuses us; null: until something changes, for the API itself has said no. */
  afterRefusal(status: RefusalStatus, isOwn: boolean): number | null;
  /** The last wait was one of the longest. */
  isLongest(): boolean;
  reset(): void;
}

export function createSeldom(random: Random): Seldom {
  let tries = 0;
  function next(): number {
    const wait = SELDOM_MS[tries++] ?? MOST_SELDOM_MS;
    return wait * (1 + random() / 4);
  }
  return {
    afterRefusal: (status, isOwn) => (isOwn && STANDS[status] ? null : next()),
    isLongest: () => tries > SELDOM_MS.length,
    reset() {
      tries = 0;
    },
  };
}

/**
 * Exponential back-off with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)
 * above a floor, which is the base (`retry:` of the server): each delay is uniform between the base and
 * base × 2^(failures − 1), at most `maxRetryMs`. The interval is never narrower than half the base, so that no value
 * of `retry:` makes all clients come at once.
 */
export interface Backoff {
  /** Failed attempts since the last connection that lived. */
  readonly failures: number;
  /** Counts one more failure; the delay before the next attempt in ms. `retryAfterMs` is what the server asked for. */
  failed(retryAfterMs: number | null): number;
  /** The connection was accepted and lived: the growth begins anew. */
  reset(): void;
  /** `retry:` from the wire, ms; clamped, whatever it is. */
  setBase(ms: number): void;
  /** A delay of one to one and a half times the base, without counting a failure. */
  pace(): number;
}

export function createBackoff(limits: StreamLimits, random: Random): Backoff {
  const { minRetryMs, maxRetryMs } = limits;
  let base = clamp(limits.retryMs);
  let failures = 0;

  function clamp(ms: number): number {
    return Math.min(maxRetryMs, Math.max(minRetryMs, ms));
  }

  function between(ceiling: number): number {
    return base + random() * Math.max(ceiling - base, base / 2);
  }

  return {
    get failures() {
      return failures;
    },
    failed(retryAfterMs) {
      failures++;
      const delay = between(Math.min(maxRetryMs, base * 2 ** Math.min(failures - 1, 30)));
      // Jitter on top of what the server asked for: everyone was told the same moment.
      return retryAfterMs === null ? delay : Math.max(delay, retryAfterMs + random() * base);
    },
    reset() {
      failures = 0;
    },
    setBase(ms) {
      base = clamp(ms);
    },
    pace: () => between(base),
  };
}
