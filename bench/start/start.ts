import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Marks } from '../app/protocol.ts';
import { withServer } from '../app/server.ts';
import { withSurroundings, type Surroundings } from '../app/surroundings.ts';
import { concludeCase, measureCase } from '../harness/measure.ts';
import { summarize } from '../harness/statistics.ts';
import { run as runProgram } from '../../scripts/processes.ts';
import type { BenchContext, Benchmark, MeasuredCase, Size, Verdict } from '../harness/types.ts';

const ROUNDS: Readonly<Record<Size, number>> = { quick: 2, normal: 5, full: 15 };
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RELEASE = join(ROOT, 'release');
const MIB = 2 ** 20;

/** One after the other as they happen in an ordinary start; each metric is the time from the one before to this one. */
const STEPS = [
  { mark: 'driver', key: 'process', label: 'process to JavaScript, ms' },
  { mark: 'ready', key: 'ready', label: 'to Electron’s ready, ms' },
  { mark: 'window', key: 'window', label: 'to the window’s making, ms' },
  { mark: 'shown', key: 'shown', label: 'to its first paint, ms' },
] as const;

async function startOnce(
  profile: string,
  server: string,
  surroundings: Surroundings,
): Promise<Record<string, number>> {
  const app = await surroundings.startApp({ profile, server });
  await app.ask({ kind: 'until', mark: 'row' });
  await app.ask({ kind: 'until', mark: 'live' });
  const marks = await app.ask<Marks>({ kind: 'marks' });
  await app.quit();
  const figures: Record<string, number> = {};
  let before = app.startedAt;
  for (const { mark, key } of STEPS) {
    const at = marks[mark] ?? Number.NaN;
    figures[key] = at - before;
    before = at;
  }
  const since = (mark: keyof Marks): number => (marks[mark] ?? Number.NaN) - app.startedAt;
  return {
    ...figures,
    firstPaint: since('shown'),
    signedIn: since('signed in'),
    row: since('row'),
    live: since('live'),
  };
}

async function measureSteps(surroundings: Surroundings, context: BenchContext): Promise<MeasuredCase> {
  return withServer(async (server) => {
    const url = await server.start({ contracts: 500, backlog: 500, pageOrigin: '', alone: true });
    const profile = await surroundings.newFolder();
    const page = 'a window with a static page, nothing else';
    return measureCase(
      {
        title: 'from the process’s making',
        metrics: [
          ...STEPS.map(({ key, label }) => ({ key, label, better: 'less' as const, compared: false })),
          { key: 'firstPaint', label: 'first paint after, ms', better: 'less' },
          { key: 'signedIn', label: 'signed in after, ms', better: 'less', oursOnly: true, compared: false },
          { key: 'row', label: 'first row after, ms', better: 'less', oursOnly: true, compared: false },
          { key: 'live', label: 'live after, ms', better: 'less', oursOnly: true, compared: false },
        ],
        contenders: [
          {
            name: 'Contract Pulse, 500 contracts',
            role: 'ours',
            repeat: () => startOnce(profile, url, surroundings),
          },
          { name: page, role: 'floor', repeat: () => startPage(surroundings) },
        ],
        targets: [],
        rounds: ROUNDS[context.size],
        warmups: 1,
        notes: [
          `Electron ${surroundings.electron}. Sign-in, ledger and stream go on beside the window’s loading: their times are from the process’s making, not from the step before. ` +
            'It signs in by itself, with a request to the server, as nothing is kept under a virtual display without a keychain.',
        ],
      },
      context,
    );
  });
}

async function startPage(surroundings: Surroundings): Promise<Record<string, number>> {
  const page = await surroundings.startPage({ page: 'static' });
  await page.ask({ kind: 'until', mark: 'shown' });
  await page.ask({ kind: 'until', mark: 'loaded' });
  const marks = await page.ask<Marks>({ kind: 'marks' });
  await page.quit();
  const figures: Record<string, number> = {};
  let before = page.startedAt;
  for (const { mark, key } of STEPS) {
    figures[key] = (marks[mark] ?? Number.NaN) - before;
    before = marks[mark] ?? Number.NaN;
  }
  return { ...figures, firstPaint: (marks.shown ?? Number.NaN) - page.startedAt };
}

/** "Nothing blocks the first paint": it comes before sign-in, stream and rows would let it, at about a bare window's time. */
function judgePaint(measured: MeasuredCase): Verdict {
  const ratio = measured.contenders.find(({ role }) => role === 'floor')?.ratio?.['firstPaint'];
  return {
    target: 'our first paint: at most 1.5 × a bare window’s, that is at least 0.67',
    ratio: ratio ?? summarize([Number.NaN]),
    met: (ratio?.median ?? 0) >= 1 / 1.5,
    collapsed: false,
  };
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The unpacked package as `npm run package` makes it. */
async function measurePackage(context: BenchContext): Promise<MeasuredCase> {
  const made = await runProgram(process.execPath, ['scripts/package.ts'], { cwd: ROOT });
  if (made.code !== 0) throw new Error(`The package could not be made.\n${made.stdout}${made.stderr}`);
  const unpacked = (await readdir(RELEASE)).find(
    (name) => name.endsWith('-unpacked') || name.startsWith('mac'),
  );
  if (unpacked === undefined) throw new Error(`There is no unpacked package in ${RELEASE}.`);
  const folder = join(RELEASE, unpacked);
  const whole = await sizeOf(folder);
  const resources = join(folder, 'resources');
  const own = await sizeOf(resources);
  context.log(`package made: ${unpacked}`);
  return concludeCase(
    {
      title: 'size of the unpacked package',
      metrics: [
        { key: 'whole', label: 'whole, MiB', better: 'less' },
        { key: 'electron', label: 'of it Electron, MiB', better: 'less' },
        { key: 'own', label: 'of it our code, MiB', better: 'less' },
      ],
      contenders: [{ name: unpacked, role: 'ours' }],
      targets: [],
      rounds: 1,
    },
    [{ whole: [whole / MIB], electron: [(whole - own) / MIB], own: [own / MIB] }],
  );
}

async function run(context: BenchContext): Promise<readonly MeasuredCase[]> {
  const steps = await withSurroundings(context.log, (surroundings) => measureSteps(surroundings, context));
  const judged = { ...steps, verdicts: [judgePaint(steps)] };
  // Making a package is long, and no ratio.
  return context.size === 'quick' ? [judged] : [judged, await measurePackage(context)];
}

export const start: Benchmark = {
  name: 'start',
  what: 'The app’s start, step by step, beside that of a window with nothing in it; and what the package weighs.',
  run,
};
