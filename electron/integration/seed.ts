import * as fc from 'fast-check';

const ORDINARY = 20_261_123;
const isFresh = process.env['FRESH_SEEDS'] === '1';
const given = process.env['PROPERTY_SEED'];

/**
 * Where the properties' random cases begin. The ordinary run takes the same cases everywhere, so that a red one is red for
 * everybody; `FRESH_SEEDS=1` (the nightly run) takes new ones each time. `PROPERTY_SEED=N` takes those of a seed that was printed.
 */
export const PROPERTY_SEED =
  given === undefined ? (isFresh ? Date.now() & 0x7fff_ffff : ORDINARY) : Number(given);

/** `PROPERTY_PATH=13:0:2` goes straight to one case of that seed: the one that failed, or the shortest found from it. */
const PROPERTY_PATH = process.env['PROPERTY_PATH'];

/** Of the first case that fails, so many cases after the one that the run began with. */
function pathOf(played: number): string {
  const path = (PROPERTY_PATH ?? '0').split(':').map(Number);
  return [...path.slice(0, -1), (path.at(-1) ?? 0) + played].join(':');
}

/** Says each shorter failing case when it is found: a run that is killed, or hangs while it looks for the shortest, has told it by then. */
function tellFailures(name: string): fc.Plugin<unknown> {
  return () => {
    /** Cases played since the last failing one: what fast-check calls the next part of the path. */
    let played = 0;
    let path: string | null = null;
    const note = <T>(failure: T, value: unknown): T => {
      // A search that ran out of time says nothing of the case that came next.
      if (failure !== null && !fc.PreconditionFailure.isFailure(failure)) {
        path = path === null ? pathOf(played) : `${path}:${played}`;
        played = -1;
        const again = `PROPERTY_SEED=${PROPERTY_SEED} PROPERTY_PATH=${path}`;
        process.stderr.write(`FAILED: ${name}\n  again by ${again}\n  ${fc.stringify(value)}\n`);
      }
      played++;
      return failure;
    };
    return {
      decorateRun: (run) => (value) => {
        const result = run(value);
        return result instanceof Promise
          ? result.then((failure) => note(failure, value))
          : note(result, value);
      },
    };
  };
}

/** When a property of that many runs is given up, ms: many times what it takes, as a busy machine is no failure. */
export const propertyLimit = (numRuns: number): number => 90_000 + numRuns * 3_000;

/**
 * How a property is to be tried. `limitMs`, for asynchronous ones: when the search for a failing case or a shorter one ends,
 * which has to be before the test itself is given up, since that would leave no report.
 */
export function propertyRuns(name: string, numRuns: number, limitMs?: number): fc.Parameters<unknown> {
  if (isFresh) process.stderr.write(`${name}: PROPERTY_SEED=${PROPERTY_SEED}\n`);
  const bound = limitMs === undefined ? [] : [fc.interruptAfterTimeLimit(limitMs, { failOnInterrupt: true })];
  return {
    seed: PROPERTY_SEED,
    numRuns,
    ...(PROPERTY_PATH === undefined ? {} : { path: PROPERTY_PATH }),
    plugins: [tellFailures(name), ...bound],
  };
}
