import { setTimeout as wait } from 'node:timers/promises';

/** Before the second and the third try, ms: a passing fault of the network is over by then. */
const PAUSES_MS = [5_000, 20_000];

export interface TriesOptions {
  readonly log: (line: string) => void;
  /** How to wait; default by the clock. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/**
 * Does what needs a network, three times if it must, and says each time why once more.
 * @throws what the last try threw
 */
export async function tryAgain<T>(what: string, run: () => Promise<T>, options: TriesOptions): Promise<T> {
  const { log, pause = wait } = options;
  for (const [done, ms] of PAUSES_MS.entries()) {
    try {
      return await run();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const left = `try ${done + 2} of ${PAUSES_MS.length + 1} in ${ms / 1000} s`;
      log(`${what} failed: ${why.trim()} It may pass: ${left}.`);
      await pause(ms);
    }
  }
  return run();
}
