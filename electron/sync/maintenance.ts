import type { CoreDependencies } from '../app/core-types.ts';
import type { Ledger, RetentionPolicy } from '../ledger/types.ts';
import { createSleeper } from './delay.ts';

export interface MaintenanceOptions {
  readonly deps: Pick<CoreDependencies, 'clock' | 'log'>;
  readonly ledger: Ledger;
  /** A time that our clock and another source agree on; null while there is none. Epoch ms. */
  agreed(): number | null;
  /** What is to be kept, asked before each step. */
  policy(): RetentionPolicy;
  /** A flood is being taken in: what can wait then makes room for it. */
  isBusy(): boolean;
}

export interface Maintenance {
  /** The policy has changed: the next step is taken now. */
  soon(): void;
  close(): Promise<void>;
}

/** Between two steps, so that the ledger's thread mostly serves events and views. */
const STEP_MS = 200;
/** The same while a flood is taken in. */
const BUSY_STEP_MS = 2_000;
/** Between two rounds, when nothing was left to do. */
const ROUND_MS = 60_000;

/** Retention and other maintenance of the ledger in the background, in small steps, until closed. */
export function startMaintenance(options: MaintenanceOptions): Maintenance {
  const { deps, ledger } = options;
  const ending = new AbortController();
  const sleeper = createSleeper(deps.clock);
  /** Asked for while a step was under way: that step may have gone by the policy of before. */
  let asked = false;

  async function run(): Promise<void> {
    let wait = STEP_MS;
    while (!ending.signal.aborted) {
      if (!asked) await sleeper.sleep(wait, ending.signal);
      asked = false;
      try {
        const step = await ledger.maintain(options.policy(), options.agreed());
        wait = step.done ? ROUND_MS : options.isBusy() ? BUSY_STEP_MS : STEP_MS;
      } catch (error) {
        deps.log.warn(`upkeep: ${error instanceof Error ? error.message : 'unknown error'}`);
        wait = ROUND_MS;
      }
    }
  }

  const running = run().catch(() => {});
  return {
    soon() {
      asked = true;
      sleeper.wake();
    },
    async close() {
      ending.abort(new Error('maintenance ended'));
      await running;
    },
  };
}
