import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, binPath } from './build.ts';
import { withDisplay } from './display.ts';
import { findElectron } from './electron-runtime.ts';
import { runCommand } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { run, spawnLeashed, waitForEnd } from './processes.ts';
import { startResult } from './result.ts';
import type { Result } from './result.ts';
import { smokeStart } from './smoke.ts';
import { ensureChromium, ensureRuntimePackages, ensureServerPackages, ensureTestPackages } from './system.ts';
import { NOTHING, tallyCheck, tallyPlaywright, tallyVitest } from './tally.ts';
import type { Tally } from './tally.ts';
import { tryAgain } from './tries.ts';

const HELP =
  'npm test -- [quick|checks|unit|e2e|engine|bench|nightly]      without a name: checks, unit, e2e, bench';
/**
 * Sizes of the proofs in electron/integration and electron/ledger. Two cores are done with them, the benchmarks and the soak in
 * about an hour and a half: a proof that nobody runs to its end proves nothing. What the environment says wins.
 */
const NIGHTLY = {
  INTEGRATION_SEEDS: '200',
  INTEGRATION_EVENTS: '3000',
  INTEGRATION_KILLS: '40',
  FRESH_SEEDS: '1',
  NIGHTLY: '1',
  LEDGER_RUNS: '500',
  ORACLE_WORLDS: '2000',
  BADGE_WORLDS: '40',
};
/** Whoever asks for larger sizes has a night. */
const NIGHTLY_LIMIT = { limitMin: 12 * 60 };
const PARTS = ['checks', 'unit', 'e2e', 'engine', 'bench', 'nightly'] as const;
/** `quick`: what answers a developer within a minute. All of it is in `checks` and `unit` too. */
type Part = (typeof PARTS)[number] | 'quick';

/** A check by its name and the JavaScript below node_modules that makes it. */
type Check = readonly [string, string, ...string[]];
const BUILD: Check = ['build', 'vite/bin/vite.js', 'build', '--app'];
const CHECKS: readonly Check[] = [
  ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  ['lint', 'oxlint/bin/oxlint', '--type-aware'],
  ['types', 'typescript/bin/tsc', '-b'],
];

/** Which parts the command line asks for, or undefined when it names one that does not exist. */
export function readParts(args: readonly string[]): readonly Part[] | undefined {
  if (args.length === 0) return ['checks', 'unit', 'e2e', 'bench'];
  const parts = args.flatMap((arg) => [...PARTS, 'quick' as const].filter((part) => part === arg));
  if (parts.length !== args.length) return undefined;
  return parts.includes('nightly') ? PARTS : parts;
}

const log = (line: string): void => console.log(line);

/** A part that hangs is ended after so long, several times what it takes on a slow machine, and the others are run. Minutes. */
const PART_LIMIT_MIN = 25;

interface StreamOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Others run beside it: what it says is shown at its end, whole, below this. */
  readonly title?: string;
  /** The program that runs the program. */
  readonly wrap?: readonly string[];
  /** Default PART_LIMIT_MIN. */
  readonly limitMin?: number;
}

/** Runs a program of a dependency and shows its output; answers its exit code, null when it was ended. */
async function stream(args: readonly string[], options: StreamOptions = {}): Promise<number | null> {
  const { env = process.env, title, wrap = [], limitMin = PART_LIMIT_MIN } = options;
  const [command = process.execPath, ...rest] = [...wrap, process.execPath, ...args];
  const { child, stop } = spawnLeashed(command, rest, {
    cwd: ROOT,
    env,
    stdio: title === undefined ? ['inherit', 'inherit'] : ['pipe', 'pipe'],
    reach: 'group',
  });
  const said: Buffer[] = [];
  for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk: Buffer) => said.push(chunk));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const limit = setTimeout(() => {
    log(`Ended after ${limitMin} minutes: ${args.join(' ')}`);
    void stop();
  }, limitMin * 60_000);
  const { code } = await waitForEnd(child);
  clearTimeout(limit);
  if (title !== undefined) {
    await closed;
    log(`\n== ${title}\n${Buffer.concat(said).toString()}`.trimEnd());
  }
  return code;
}

async function runCheck(name: string, args: readonly string[]): Promise<Tally> {
  const code = await stream(args, { title: name });
  if (code === 0) log(`${name}: good`);
  else log(`${name}: failed with code ${code}`);
  return tallyCheck(code, name);
}

const readReport = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch(() => undefined);

/**
 * Tests that take long, or need more of the machine than Node: `quick` leaves them out, and of the other files what is tagged
 * as long (vitest.config.ts).
 */
const SLOW = [
  'electron/integration/**',
  'bench/**',
  'scripts/**',
  'e2e/**',
  '**/*property.test.ts',
  '**/*kill.test.ts',
  '**/cli.test.ts',
  '**/transports.test.ts',
  '**/earlier-*.test.ts',
  '**/backup.test.ts',
];

/** The proofs behind real proxies. */
const THIRD_PARTY = 'electron/integration/third-party/**';

/** Those that come from npm have a package of their own: none of them is a dependency of the product. */
async function installServers(): Promise<void> {
  const folder = join(ROOT, 'electron/integration/third-party/servers');
  const done = await run('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']);
  if (done.code !== 0) throw new Error(`npm ci: ${done.stderr.trim().slice(-300)}`);
}

async function runUnit(
  folder: string,
  without: readonly string[],
  options: StreamOptions & { readonly tagsFilter?: string } = {},
): Promise<Tally> {
  log('\n== unit tests');
  const report = join(folder, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { tagsFilter, env = process.env, limitMin = PART_LIMIT_MIN } = options;
  const filter = tagsFilter === undefined ? [] : ['--tags-filter', tagsFilter];
  const code = await stream([binPath('vitest/vitest.mjs'), 'run', ...reporters, ...filter], {
    env: { ...env, TESTS_WITHOUT: without.join(',') },
    limitMin,
  });
  return tallyVitest(await readReport(report), code, ROOT);
}

/** The ledger on the SQLite that it takes where the runtime has none of its own, as Electron 33: the unit tests are on Node's. */
async function runOnPackage(folder: string): Promise<Tally> {
  log("\n== the ledger's tests on the package's SQLite");
  const report = join(folder, 'vitest-package.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await stream([binPath('vitest/vitest.mjs'), 'run', 'electron/ledger', ...reporters], {
    env: { ...process.env, LEDGER_SQLITE: 'package' },
  });
  return tallyVitest(await readReport(report), code, ROOT);
}

/** Playwright against the built app: on Linux under a display and a D-Bus session of its own. */
async function runEndToEnd(folder: string, isNightly: boolean): Promise<Tally> {
  const isWhole = isNightly || process.env['NIGHTLY'] === '1';
  log(`\n== end-to-end tests${isWhole ? '' : ', without those tagged @nightly'}`);
  const runtime = await findElectron({ log });
  await ensureRuntimePackages({ log, executable: runtime.executable, virtualDisplay: true });
  await ensureTestPackages({ log });
  const report = join(folder, 'playwright.json');
  return withDisplay({ log, always: true }, async (display) => {
    const env = {
      ...process.env,
      ...display,
      ...(isWhole ? { NIGHTLY: '1' } : {}),
      ELECTRON_OVERRIDE_DIST_PATH: runtime.distPath,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    };
    const args = [binPath('playwright/cli.js'), 'test', '--config', 'e2e', '--reporter', 'list,json'];
    const wrap = process.platform === 'linux' ? ['dbus-run-session', '--'] : [];
    const code = await stream(args, { env, wrap });
    return tallyPlaywright(await readReport(report), code);
  });
}

/**
 * The end-to-end tests that need nothing of Electron, in Debian's Chromium with the core in this Node: what the pinned Electron is made
 * of, where only an older one can be had. A machine that cannot have it says so, and counts one as skipped. `isWhole`: else one flow.
 */
async function runEngine(folder: string, isNightly: boolean, isWhole: boolean): Promise<Tally> {
  log("\n== the built window in Debian's Chromium");
  const version = await ensureChromium({ log });
  if (version === null) return { ...NOTHING, skipped: 1 };
  log(`${version}, the core in Node ${process.versions.node}`);
  const report = join(folder, 'playwright-engine.json');
  const env = {
    ...process.env,
    ...(isNightly ? { NIGHTLY: '1' } : {}),
    E2E_ENGINE: 'chromium',
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  };
  const which = isWhole ? [] : ['--grep', '@smoke'];
  const args = [binPath('playwright/cli.js'), 'test', '--config', 'e2e', '--reporter', 'list,json', ...which];
  const code = await stream(args, { env });
  return tallyPlaywright(await readReport(report), code);
}

/** `npm start` itself counts as one. */
async function runSmoke(): Promise<Tally> {
  log('\n== npm start');
  await smokeStart(log);
  log('npm start: good');
  return tallyCheck(0, 'npm start');
}

/** The ordinary run has one benchmark in plain Node and one from event to pixel. The nightly run has all. */
const BENCHMARKS = ['stream', 'latency'];

/** They fail only on a collapse, far outside any spread of a busy machine. */
async function runBench(names: readonly string[]): Promise<Tally> {
  log('\n== benchmarks');
  return tallyCheck(await stream(['bench/run.ts', '--quick', ...names]), 'benchmarks');
}

async function runSoak(): Promise<Tally> {
  log('\n== soak');
  const minutes = process.env['SOAK_MINUTES'] ?? '20';
  return tallyCheck(
    await stream(['electron/integration/soak.ts', '--minutes', minutes], NIGHTLY_LIMIT),
    'soak',
  );
}

async function runParts(parts: readonly Part[], life: Lifetime, { take }: Result): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-pulse-test-'));
  life.defer(() => rm(folder, { recursive: true, force: true }));
  const isNightly = parts.includes('nightly');

  const left: string[] = [];
  const prepare = async (): Promise<void> => {
    if (!parts.includes('unit')) return;
    await take('system packages', prepareSystem);
    await take('servers of other people', async () => {
      if (!(await ensureServerPackages({ log, nightly: isNightly }))) left.push(THIRD_PARTY);
      else if (isNightly) await tryAgain('npm ci of the servers', installServers, { log });
      return NOTHING;
    });
  };
  // The part that needs it fails by itself when it cannot be had.
  const fetchElectron = async (): Promise<unknown> =>
    parts.includes('e2e') && findElectron({ log }).catch(() => undefined);
  const check = (checks: readonly Check[]): Promise<unknown> =>
    Promise.all(
      checks.map(([name, program, ...args]) => take(name, () => runCheck(name, [binPath(program), ...args]))),
    );
  // Downloads and apt-get wait for the network and the disk, checks for a processor.
  await Promise.all([
    prepare(),
    fetchElectron(),
    ...(parts.includes('checks')
      ? [
          take('types of the oldest Electron', () =>
            runCheck('types of the oldest Electron', ['scripts/electron-types.ts']),
          ),
        ]
      : []),
    check([
      ...(parts.some((part) => part === 'checks' || part === 'e2e' || part === 'engine') ? [BUILD] : []),
      ...(parts.includes('checks') ? CHECKS : []),
    ]),
  ]);
  if (parts.includes('quick')) {
    await check(CHECKS.filter(([each]) => each !== 'format'));
    await take('unit tests', () => runUnit(folder, SLOW, { tagsFilter: '!long' }));
    log(
      `\nNot in the quick run: the format, the end-to-end tests, what is tagged as long, and ${SLOW.join(', ')}`,
    );
  }
  if (parts.includes('unit')) {
    const options = isNightly ? { env: { ...NIGHTLY, ...process.env }, ...NIGHTLY_LIMIT } : {};
    await take('unit tests', async () => {
      const tally = await runUnit(folder, left, options);
      return { ...tally, skipped: tally.skipped + left.length };
    });
  }
  if (isNightly) await take("the ledger on the package's SQLite", () => runOnPackage(folder));
  if (parts.includes('e2e')) {
    await take('end-to-end tests', () => runEndToEnd(folder, isNightly));
    await take('npm start', runSmoke);
  }
  if (parts.includes('engine') || parts.includes('e2e'))
    await take('the window in Chromium', () => runEngine(folder, isNightly, parts.includes('engine')));
  if (parts.includes('bench')) await take('benchmarks', () => runBench(isNightly ? [] : BENCHMARKS));
  if (isNightly) await take('soak', runSoak);
}

async function test(life: Lifetime): Promise<number> {
  const parts = readParts(process.argv.slice(2));
  if (parts === undefined) {
    console.error(HELP);
    return 2;
  }
  const result = startResult(log);
  // What nobody awaited has failed all the same: the run ends there, and says so.
  const crashed = new Promise<never>((_, reject) => process.once('uncaughtException', reject));
  let isDone = false;
  // A signal ends the run from outside.
  life.defer(async () => {
    if (!isDone) result.fail('the run was ended before all its parts were done');
    result.close();
  });
  await result.take('the run', async () => {
    await Promise.race([runParts(parts, life, result), crashed]);
    return NOTHING;
  });
  isDone = true;
  return result.close();
}

/** What unit tests need of the machine: Xvfb and a desktop session's services. A machine that cannot have it fails once here, in plain words. */
async function prepareSystem(): Promise<Tally> {
  await ensureRuntimePackages({ log, virtualDisplay: true });
  await ensureTestPackages({ log });
  return NOTHING;
}

if (import.meta.main) await runCommand(test);
