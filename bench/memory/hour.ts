import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readProportionalSet } from '../app/processes.ts';
import { ANNA } from '../app/protocol.ts';
import { withServer } from '../app/server.ts';
import { withSurroundings } from '../app/surroundings.ts';
import { describeMachine } from '../harness/machine.ts';
import { fitSlope } from './slope.ts';
import { collect } from './memory.ts';

/** `npm run bench:hour`: the app under 200 events a second for an hour; does its memory grow? */

const HELP = `npm run bench:hour [-- --minutes N] [--rate N]

--minutes N  how long (default 60; the first third does not count)
--rate N     events a second (default 200)`;
const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));
const MIB = 2 ** 20;
const MINUTE_MS = 60_000;
/** An hour's growth that is still none: what a million more events may cost in the ledger's caches, MiB. */
const SLOPE_MIB = 16;
/** Caches of a bounded size fill at first, SQLite's pages and the heaps' generations: for some twenty minutes. */
const WARM_UP = 1 / 3;
/** Below this the first minutes' growth is all there is to see. */
const JUDGED_MINUTES = 30;

interface Sample {
  /** Minutes since the start. */
  readonly at: number;
  readonly mib: number;
}

async function watch(minutes: number, rate: number): Promise<readonly Sample[]> {
  return withSurroundings(console.error, (surroundings) =>
    withServer(async (server) => {
      const url = await server.start({ contracts: 1_000, backlog: 1_000, pageOrigin: '', alone: true });
      const app = await surroundings.startApp({ profile: await surroundings.newFolder(), server: url });
      await app.ask({ kind: 'until', mark: 'live' });
      const startedAt = performance.now();
      const ended = server.run(ANNA.id, rate, minutes * MINUTE_MS);
      const everyMs = Math.min(MINUTE_MS, (minutes * MINUTE_MS) / 30);
      const samples: Sample[] = [];
      while (performance.now() - startedAt < minutes * MINUTE_MS) {
        await sleep(everyMs);
        await collect(app);
        const mib = (await readProportionalSet(app.pid)) / MIB;
        const at = (performance.now() - startedAt) / MINUTE_MS;
        samples.push({ at, mib });
        console.error(`${at.toFixed(1)} min: ${mib.toFixed(1)} MiB`);
      }
      const events = await ended;
      const head = await server.head(ANNA.id);
      await app.ask({ kind: 'untilComplete', head });
      console.error(`${events} events, all of them stored and told complete`);
      await app.quit();
      return samples;
    }),
  );
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '60' },
      rate: { type: 'string', default: '200' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const minutes = Number(values.minutes);
  const rate = Number(values.rate);
  if (!(minutes > 0) || !(rate > 0)) throw new Error('--minutes and --rate are numbers above 0.');
  const samples = await watch(minutes, rate);
  const counted = samples.filter(({ at }) => at >= minutes * WARM_UP);
  const { slope, error } = fitSlope(counted.map(({ at, mib }) => [at / 60, mib]));
  mkdirSync(RESULTS, { recursive: true });
  const date = new Date().toISOString();
  writeFileSync(
    `${RESULTS}hour.json`,
    `${JSON.stringify({ machine: describeMachine(), date, minutes, rate, slope, error, samples }, null, 2)}\n`,
  );
  const figures = `${slope.toFixed(1)} ± ${(2 * error).toFixed(1)} MiB an hour`;
  console.log(`${describeMachine()}; ${date}; ${minutes} min at ${rate} events/s`);
  if (minutes < JUDGED_MINUTES) {
    console.log(`too short to be judged (from ${JUDGED_MINUTES} minutes on): ${figures}`);
    return;
  }
  const isFlat = slope - 2 * error <= 0 || slope <= SLOPE_MIB;
  const target = `no slope (at most ${SLOPE_MIB} MiB an hour, or none to be told from 0)`;
  console.log(`${isFlat ? 'met' : 'missed'}: ${target}; is ${figures}`);
  if (!isFlat) process.exitCode = 1;
}

try {
  await run();
} catch (error) {
  console.error(`bench:hour: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
