import { addTallies, formatTally, tallyCheck } from './tally.ts';
import type { Tally } from './tally.ts';

/** The tallies of the parts so far, and the end of it, which comes once whatever happens. */
export interface Result {
  /** Runs one part; one that throws instead of running counts as one failure. Never rejects. */
  take(name: string, run: () => Promise<Tally>): Promise<void>;
  /** Something failed that no part told of. */
  fail(name: string): void;
  /** Prints what failed and the closing line, the first time it is called; answers the exit code. */
  close(): number;
}

export function startResult(log: (line: string) => void): Result {
  const tallies: Tally[] = [];
  let code: number | null = null;
  const fail = (name: string): void => void tallies.push(tallyCheck(1, name));
  return {
    async take(name, run) {
      try {
        tallies.push(await run());
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        log(why);
        fail(`${name}: ${why.split('\n')[0]}`);
      }
    },
    fail,
    close() {
      if (code !== null) return code;
      const total = addTallies(tallies);
      log(`\n${formatTally(total).join('\n')}`);
      code = total.failed === 0 ? 0 : 1;
      return code;
    },
  };
}
