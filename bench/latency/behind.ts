import { PATHS } from '../../protocol/api.ts';
import { ANNA, type Marks } from '../app/protocol.ts';
import { withServer, type BenchServer } from '../app/server.ts';
import { withSurroundings, type Surroundings } from '../app/surroundings.ts';
import { concludeCase } from '../harness/measure.ts';
import { percentile, summarize } from '../harness/statistics.ts';
import type { BenchContext, Benchmark, MeasuredCase, Size, Verdict } from '../harness/types.ts';
import {
  CONTRACTS,
  OURS,
  readDurable,
  readPainted,
  toSamples,
  untilPainted,
  type Figures,
  type Side,
} from './painted.ts';

interface Plan {
  /** Events missed before. */
  readonly backlog: number;
  readonly rounds: number;
}

const PLANS: Readonly<Record<Size, Plan>> = {
  quick: { backlog: 3_000, rounds: 1 },
  normal: { backlog: 100_000, rounds: 1 },
  full: { backlog: 100_000, rounds: 3 },
};

const CATCH_UP_MS = 120_000;
/** Changes while a backlog comes in. */
const MEANWHILE = { perS: 20, ms: 1_500 };
/** The last that was missed. */
const LAST_MISSED = { perS: 200, ms: 100 };
/** Behind any backlog a change is on the screen by then, s. */
const NEWEST_S = 1.5;
/** From connecting on, the first page of a preview is stored by then, s. */
const FIRST_S = 1;
const WITHOUT = 'without previews: in the log’s order alone';

/** One app that has missed a backlog: when what changes meanwhile is on the screen, and when the log has come there. */
async function repeatCatchUp(
  profile: string,
  url: string,
  surroundings: Surroundings,
  server: BenchServer,
  first: number,
): Promise<{ readonly figures: Figures; readonly next: number }> {
  const addressee = { userId: ANNA.id, prefix: 'C-ours-', contracts: CONTRACTS };
  const missed = await server.publish({ to: [addressee], ...LAST_MISSED, first });
  const electron = await surroundings.startApp({ profile, server: url });
  await electron.ask({ kind: 'until', mark: 'row' });
  const clock = await electron.ask<number>({ kind: 'clock' });
  const published = await server.publish({
    to: [addressee],
    ...MEANWHILE,
    first: first + missed.length,
  });
  const [newest, last] = [missed.at(-1), published.at(-1)];
  if (newest === undefined || last === undefined) throw new Error('nothing was published');
  const complete = await electron.ask<number>({ kind: 'untilComplete', head: newest.id });
  const side: Side = { name: OURS, electron, clock, addressee, isOurs: true };
  await untilPainted([side], published, CATCH_UP_MS);
  const painted = await readPainted(side, published);
  const [durable = Number.NaN] = await readDurable(side, [last]);
  const [seen = Number.NaN] = await readPainted(side, [newest]);
  const connected = await server.openedAt();
  const marks = await electron.ask<Marks>({ kind: 'marks' });
  await electron.quit();
  const figures = {
    ...(marks.previewed !== undefined && { page: (marks.previewed - connected) / 1000 }),
    row: ((marks.row ?? Number.NaN) - connected) / 1000,
    first: (newest.at + seen - connected) / 1000,
    p50: percentile(painted, 0.5) / 1000,
    worst: Math.max(...painted) / 1000,
    durable: (last.at + durable - connected) / 1000,
    complete: (complete - connected) / 1000,
  };
  return { figures, next: first + missed.length + published.length };
}

/** Changes that come while a backlog is caught up with. */
async function measureCatchUp(
  plan: Plan,
  surroundings: Surroundings,
  server: BenchServer,
  context: BenchContext,
): Promise<MeasuredCase> {
  const samples = { with: [] as Figures[], without: [] as Figures[] };
  for (let round = 0; round < plan.rounds; round++) {
    const contracts = plan.backlog / 10;
    const url = await server.start({ contracts, backlog: contracts, pageOrigin: '', alone: true });
    const profile = await surroundings.newFolder();
    const before = await surroundings.startApp({ profile, server: url });
    await before.ask({ kind: 'until', mark: 'complete' });
    await before.quit();
    let next = 1;
    for (const how of round % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const)) {
      await server.advance(ANNA.id, plan.backlog);
      await server.setFaults(how === 'with' ? [] : [{ kind: 'status', status: 500, path: PATHS.contracts }]);
      const done = await repeatCatchUp(profile, url, surroundings, server, next);
      samples[how].push(done.figures);
      context.log(`round ${round + 1} of ${plan.rounds}, ${how} previews: ${JSON.stringify(done.figures)}`);
      ({ next } = done);
    }
    await server.stop();
  }
  const measured = concludeCase(
    {
      title: `live changes during a catch-up of ${plan.backlog.toLocaleString('en-GB')}`,
      metrics: [
        {
          key: 'row',
          label: 'a window that is being opened has its first row after connecting, s',
          better: 'less',
        },
        { key: 'first', label: 'the newest of what was missed painted after connecting, s', better: 'less' },
        { key: 'p50', label: 'newest state of a live change painted p50, s', better: 'less' },
        { key: 'worst', label: 'the latest of them, s', better: 'less' },
        {
          key: 'durable',
          label: 'the last live change and all before it durable after connecting, s',
          better: 'less',
        },
        { key: 'complete', label: 'what was missed told complete after connecting, s', better: 'less' },
      ],
      contenders: [
        { name: OURS, role: 'ours' },
        { name: WITHOUT, role: 'reference' },
      ],
      targets: [],
      rounds: plan.rounds,
      notes: [
        'A server names its head after the replay, and then with each heartbeat of 15 s: only so far can anything be told complete.',
        `From the first row on, ${MEANWHILE.perS} changes a second for ${MEANWHILE.ms / 1000} s among ${CONTRACTS} contracts, while the backlog comes in. Without previews: the server answers the questions for them with 500.`,
      ],
    },
    [toSamples(samples.with), toSamples(samples.without)],
  );
  return { ...measured, verdicts: judgeCatchUp(samples.with, context) };
}

/** A backlog that is in within moments needs no preview: not judged there. */
function judgeCatchUp(figures: readonly Figures[], { size }: BenchContext): readonly Verdict[] {
  if (size === 'quick') return [];
  return [
    { key: 'worst', bound: NEWEST_S, what: 'the latest of the newest states' },
    { key: 'page', bound: FIRST_S, what: 'the first page of a preview, stored after connecting' },
  ].map(({ key, bound, what }) => {
    const ratio = summarize(figures.map((one) => bound / (one[key] ?? Number.NaN)));
    return { target: `${bound} s over ${what}: at least 1`, ratio, met: ratio.median >= 1, collapsed: false };
  });
}

export const behind: Benchmark = {
  name: 'behind',
  what: 'Changes that come while a backlog is caught up with, in the real Electron: until the window shows the newest state.',
  run: (context) =>
    withSurroundings(context.log, (surroundings) =>
      withServer(async (server) => [
        await measureCatchUp(PLANS[context.size], surroundings, server, context),
      ]),
    ),
};
