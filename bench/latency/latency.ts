import { setTimeout as sleep } from 'node:timers/promises';
import { ANNA, BEN } from '../app/protocol.ts';
import { withServer, type BenchServer } from '../app/server.ts';
import { withSurroundings, type Surroundings } from '../app/surroundings.ts';
import { concludeCase } from '../harness/measure.ts';
import { percentile, summarize } from '../harness/statistics.ts';
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
import type { BenchContext, Benchmark, MeasuredCase, Metric, Size, Verdict } from '../harness/types.ts';

interface Pace {
  readonly perS: number;
  readonly ms: number;
  readonly rounds: number;
}

interface Plan {
  readonly paces: readonly Pace[];
}

const PLANS: Readonly<Record<Size, Plan>> = {
  quick: { paces: [{ perS: 50, ms: 1_500, rounds: 2 }] },
  normal: {
    paces: [
      { perS: 1, ms: 10_000, rounds: 3 },
      { perS: 100, ms: 2_500, rounds: 3 },
      { perS: 1000, ms: 1_000, rounds: 3 },
    ],
  },
  full: {
    paces: [
      { perS: 1, ms: 120_000, rounds: 3 },
      { perS: 100, ms: 20_000, rounds: 5 },
      { perS: 1000, ms: 10_000, rounds: 5 },
    ],
  },
};

const HAND = 'by hand: EventSource, JSON.parse, zustand, plain list';
/** Of 60 a second, ms. */
const FRAME_MS = 1000 / 60;
/** The pace at which ours has to be ahead. */
const FAST_PER_S = 1000;
const SETTLE_MS = 300;

async function repeatPace(
  sides: readonly Side[],
  server: BenchServer,
  { perS, ms }: Pace,
  first: number,
): Promise<{ readonly figures: readonly Figures[]; readonly next: number }> {
  const published = await server.publish({ to: sides.map(({ addressee }) => addressee), perS, ms, first });
  await untilPainted(sides, published);
  const figures: Figures[] = [];
  for (const side of sides) {
    const own = published.filter(({ userId }) => userId === side.addressee.userId);
    const painted = await readPainted(side, own);
    const durable = side.isOurs ? await readDurable(side, own) : [];
    figures.push({
      p50: percentile(painted, 0.5),
      p99: percentile(painted, 0.99),
      ...(side.isOurs ? { durable50: percentile(durable, 0.5), durable99: percentile(durable, 0.99) } : {}),
    });
  }
  return { figures, next: first + published.length };
}

const METRICS: readonly Metric[] = [
  { key: 'p50', label: 'painted p50, ms', better: 'less' },
  { key: 'p99', label: 'painted p99, ms', better: 'less' },
  { key: 'durable50', label: 'durable p50, ms', better: 'less', compared: false, oursOnly: true },
  { key: 'durable99', label: 'durable p99, ms', better: 'less', compared: false, oursOnly: true },
];

const p99s = (measured: MeasuredCase, role: string): readonly number[] =>
  measured.contenders.find((one) => one.role === role)?.samples['p99'] ?? [];

/** At most one frame behind at the calm pace; ahead of it at the fastest. */
function judge(measured: MeasuredCase, perS: number, gate: number | null): readonly Verdict[] {
  if (perS > 1 && perS < FAST_PER_S && gate === null) return [];
  const allowed = perS >= FAST_PER_S ? 0 : FRAME_MS;
  const theirs = p99s(measured, 'peer');
  const ratio = summarize(p99s(measured, 'ours').map((ms, round) => ((theirs[round] ?? 0) + allowed) / ms));
  const what = allowed === 0 ? 'the p99 by hand' : 'the p99 by hand and one frame';
  return [
    {
      target: `${what} over ours: at least 1`,
      ratio,
      met: ratio.median >= 1,
      collapsed: gate !== null && ratio.max < gate,
    },
  ];
}

async function openApp(url: string, surroundings: Surroundings): Promise<Side> {
  const electron = await surroundings.startApp({ profile: await surroundings.newFolder(), server: url });
  await electron.ask({ kind: 'until', mark: 'live' });
  await electron.ask({ kind: 'until', mark: 'row' });
  const clock = await electron.ask<number>({ kind: 'clock' });
  const addressee = { userId: ANNA.id, prefix: 'C-ours-', contracts: CONTRACTS };
  return { name: OURS, electron, clock, addressee, isOurs: true };
}

async function openPage(url: string, surroundings: Surroundings, server: BenchServer): Promise<Side> {
  const electron = await surroundings.startPage({
    page: 'by-hand',
    query: { server: url, user: BEN.id, after: await server.head(BEN.id) },
    rows: 'li:nth-child(-n+64)',
  });
  await electron.ask({ kind: 'until', mark: 'loaded' });
  const clock = await electron.ask<number>({ kind: 'clock' });
  const addressee = { userId: BEN.id, prefix: 'C-hand-', contracts: CONTRACTS };
  return { name: HAND, electron, clock, addressee, isOurs: false };
}

/** Every pace, and every round of the fastest, has a fresh page: one that keeps every row grows slower with what came before. */
async function measurePace(
  pace: Pace,
  surroundings: Surroundings,
  server: BenchServer,
  context: BenchContext,
): Promise<MeasuredCase> {
  const { pageOrigin } = surroundings;
  const url = await server.start({ contracts: 200, backlog: 200, pageOrigin, alone: false });
  const app = await openApp(url, surroundings);
  let page = await openPage(url, surroundings, server);
  await sleep(SETTLE_MS);
  const samples = { ours: [] as Figures[], hand: [] as Figures[] };
  let next = 1;
  async function measure(sides: readonly Side[], how: Pace, counts: boolean): Promise<void> {
    const done = await repeatPace(sides, server, how, next);
    next = done.next;
    if (!counts) return;
    sides.forEach(({ isOurs }, index) =>
      (isOurs ? samples.ours : samples.hand).push(done.figures[index] ?? {}),
    );
  }
  const slow = { ...pace, ms: Math.min(pace.ms, 1_000), perS: Math.min(pace.perS, 20) };
  for (let round = -1; round < pace.rounds; round++) {
    const isWarmUp = round < 0;
    if (pace.perS >= FAST_PER_S && round > 0) {
      await page.electron.kill();
      page = await openPage(url, surroundings, server);
      await sleep(SETTLE_MS);
    }
    // What comes slowly cannot disturb the other side: both in the same seconds, each event at a moment of its own.
    const turns = pace.perS <= 1 ? [[app, page]] : round % 2 === 0 ? [[app], [page]] : [[page], [app]];
    for (const turn of turns) await measure(turn, isWarmUp ? slow : pace, !isWarmUp);
    context.log(`${pace.perS} a second: ${isWarmUp ? 'warm-up' : `round ${round + 1} of ${pace.rounds}`}`);
  }
  await app.electron.quit();
  await page.electron.kill();
  await server.stop();
  const measured = concludeCase(
    {
      title: `${pace.perS.toLocaleString('en-GB')} ${pace.perS === 1 ? 'event' : 'events'} a second`,
      metrics: METRICS,
      contenders: [
        { name: OURS, role: 'ours' },
        { name: HAND, role: 'peer' },
      ],
      targets: [],
      rounds: pace.rounds,
      notes:
        pace.perS <= 1
          ? [
              'From just before the change entered the server’s log to the end of the frame that shows it or a later one of the same contract; durable: when the ledger’s answer had come back. ' +
                `Changes go round among ${CONTRACTS} contracts. At one event a second a round’s p99 is its worst event; both windows are open, and each gets its events at moments of its own.`,
            ]
          : [],
    },
    [toSamples(samples.ours), toSamples(samples.hand)],
  );
  return { ...measured, verdicts: judge(measured, pace.perS, context.size === 'quick' ? 0.05 : null) };
}

async function run(context: BenchContext): Promise<readonly MeasuredCase[]> {
  const plan = PLANS[context.size];
  return withSurroundings(context.log, (surroundings) =>
    withServer(async (server) => {
      const cases: MeasuredCase[] = [];
      for (const pace of plan.paces) cases.push(await measurePace(pace, surroundings, server, context));
      return cases;
    }),
  );
}

export const latency: Benchmark = {
  name: 'latency',
  what: 'From the server’s write to the painted row, in the real Electron; beside the program one would write by hand.',
  run,
};
