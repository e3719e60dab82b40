import type { Random } from '../ports/clock.ts';
import type { StreamLimits } from './types.ts';

/**
 * Exponential back-off with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)
 * above a floor: each delay is uniform between `minRetryMs` and base × 2^(failures − 1), at most `maxRetryMs`.
 * The interval is never narrower than the floor itself, so that no value of `retry:` makes all clients come at once.
 */
export interface Backoff {
  /** Failed attempts since the last healthy connection. */
  readonly failures: number;
  /** Counts one more failure; the delay before the next attempt in ms. `retryAfterMs` is what the server asked for. */
  failed(retryAfterMs: number | null): number;
  /** The connection proved healthy. */
  reset(): void;
  /** `retry:` from the wire, ms; clamped, whatever it is. */
  setBase(ms: number): void;
  /** A delay of about the base, without counting a failure. */
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
    return minRetryMs + random() * Math.max(ceiling - minRetryMs, minRetryMs);
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
