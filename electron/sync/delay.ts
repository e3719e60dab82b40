import type { Clock, Random } from '../ports/clock.ts';

/** Resolves after `ms`; rejects with the signal's reason when aborted. Ends early when `wake` is called. */
export interface Sleeper {
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Ends every sleep at once. */
  wake(): void;
}

export function createSleeper(clock: Clock): Sleeper {
  const wakers = new Set<() => void>();
  return {
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const leave = (): void => {
          cancel();
          wakers.delete(wake);
          signal.removeEventListener('abort', abort);
        };
        const wake = (): void => {
          leave();
          resolve();
        };
        const abort = (): void => {
          leave();
          reject(signal.reason as Error);
        };
        const cancel = clock.after(ms, wake);
        wakers.add(wake);
        signal.addEventListener('abort', abort, { once: true });
      });
    },
    wake() {
      for (const waker of wakers) waker();
    },
  };
}

export interface DelayBounds {
  /** Ms before the second attempt, at most. */
  readonly first: number;
  /** Upper bound of all delays, ms. */
  readonly most: number;
}

/**
 * Exponential back-off with equal jitter: half of the step fixed, half drawn, so that a repair is neither at once nor
 * in step with other clients. `attempt` counts from 1.
 */
export function delayBefore(attempt: number, bounds: DelayBounds, random: Random): number {
  const step = Math.min(bounds.most, bounds.first * 2 ** Math.min(attempt - 1, 30));
  return Math.round(step / 2 + (step / 2) * random());
}
