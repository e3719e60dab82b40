import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { catchUp } from './catch-up/catch-up.ts';
import { describeMachine } from './harness/machine.ts';
import { checkPlaces, quoteReport } from './harness/quote.ts';
import { formatReport } from './harness/report.ts';
import type { Benchmark, Report, Size } from './harness/types.ts';
import { behind } from './latency/behind.ts';
import { latency } from './latency/latency.ts';
import { memory } from './memory/memory.ts';
import { pipeline } from './pipeline/pipeline.ts';
import { queries } from './queries/queries.ts';
import { start } from './start/start.ts';
import { streamElectron } from './stream/stream-electron.ts';
import { stream } from './stream/stream.ts';
import { transports } from './transports/transports.ts';
import { window } from './window/window.ts';

const BENCHMARKS: readonly Benchmark[] = [
  stream,
  streamElectron,
  transports,
  pipeline,
  queries,
  catchUp,
  latency,
  behind,
  window,
  memory,
  start,
];
const NAMES = BENCHMARKS.map(({ name }) => name).join(', ');
const HELP = `npm run bench [-- [NAME …] [--quick | --full] [--profile] [--quote]]

NAME       ${NAMES}; without a name: all, in under 15 minutes
--quick    seconds instead of minutes; the exit code is 1 only when a ratio is far outside any spread
--full     more repetitions and the largest amounts; may take long
--profile  writes CPU profiles of our own side to bench/results/profiles; such a run's figures are worth nothing
--quote    puts the tables into bench/README.md and the figures into bench/quoted`;

const RESULTS = fileURLToPath(new URL('results', import.meta.url));
/** What is told of progress is no result: it does not go to stdout. */
const log = (line: string): void => console.error(line);

interface Command {
  readonly benchmarks: readonly Benchmark[];
  readonly size: Size;
  readonly profile: boolean;
  readonly quote: boolean;
}

/** Null: help is wanted. Throws an Error that says what is wrong with the command line. */
function readCommand(args: readonly string[]): Command | null {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: flag, full: flag, profile: flag, quote: flag, help: flag },
  });
  if (values.help) return null;
  if (values.quick && values.full) throw new Error('Either --quick or --full, not both.');
  if (values.quote && (values.quick || values.profile)) {
    throw new Error('Figures of a quick or profiled run are not to be quoted.');
  }
  const unknown = positionals.filter((name) => !BENCHMARKS.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no benchmark "${unknown.join(', ')}"; there are: ${NAMES}.`);
  return {
    benchmarks: BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    size: values.quick ? 'quick' : values.full ? 'full' : 'normal',
    profile: values.profile,
    quote: values.quote,
  };
}

async function runBenchmark(benchmark: Benchmark, { size, profile }: Command): Promise<Report> {
  const profileDir = profile ? join(RESULTS, 'profiles') : null;
  if (profileDir !== null) mkdirSync(profileDir, { recursive: true });
  const load = loadavg()[0] ?? 0;
  const startedAt = performance.now();
  const cases = await benchmark.run({
    size,
    profileDir,
    log: (line) => log(`${benchmark.name}: ${line}`),
  });
  return {
    benchmark: benchmark.name,
    what: benchmark.what,
    size,
    machine: describeMachine(),
    load,
    date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    seconds: (performance.now() - startedAt) / 1000,
    cases,
  };
}

/** Far below their target in every round. Throws what the benchmark or the quoting throws. */
async function runOne(benchmark: Benchmark, command: Command): Promise<readonly string[]> {
  const report = await runBenchmark(benchmark, command);
  const json = `${JSON.stringify(report, null, 2)}\n`;
  writeFileSync(join(RESULTS, `${benchmark.name}-${command.size}.json`), json);
  console.log(formatReport(report, 2));
  if (command.quote) await quoteReport(report, benchmark);
  return report.cases.flatMap(({ title, verdicts }) =>
    verdicts
      .filter(({ collapsed }) => collapsed)
      .map(({ target }) => `${benchmark.name}, ${title}: ${target}`),
  );
}

/** One that fails does not keep the others from being measured. */
async function run(command: Command): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  if (command.quote) checkPlaces(command.benchmarks);
  const startedAt = performance.now();
  const collapsed: string[] = [];
  const failed: string[] = [];
  for (const benchmark of command.benchmarks) {
    try {
      collapsed.push(...(await runOne(benchmark, command)));
    } catch (error) {
      failed.push(`${benchmark.name}: ${error instanceof Error ? error.message : String(error)}`);
      log(`failed: ${failed.at(-1)}`);
    }
  }
  log(`all of it took ${((performance.now() - startedAt) / 60_000).toFixed(1)} min`);
  if (failed.length > 0) throw new Error(`not measured:\n${failed.join('\n')}`);
  if (command.size !== 'quick' || collapsed.length === 0) return;
  console.error(`Far below the target in every round:\n${collapsed.join('\n')}`);
  process.exitCode = 1;
}

try {
  const command = readCommand(process.argv.slice(2));
  if (command === null) console.log(HELP);
  else await run(command);
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
