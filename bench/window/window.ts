import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Electron } from '../app/electron.ts';
import { fillLedger, type Amount, type Filled } from '../app/ledgers.ts';
import type { Answered } from '../app/protocol.ts';
import { withServer, type BenchServer } from '../app/server.ts';
import { withSurroundings, type Surroundings } from '../app/surroundings.ts';
import { measureCase } from '../harness/measure.ts';
import { summarize } from '../harness/statistics.ts';
import {
  ARRIVING_PER_S,
  FRAME_MS,
  measureActions,
  scroll,
  SCROLL_STEP,
  whileArriving,
  type Figures,
} from './actions.ts';
import { measureLong } from './long-events.ts';
import type { BenchContext, Benchmark, Contender, MeasuredCase, Size, Verdict } from '../harness/types.ts';

interface Plan {
  readonly large: Amount;
  readonly starts: number;
  readonly rounds: number;
  /** Of scrolling, in one repetition. */
  readonly scrollMs: number;
  /** Events of a hundred parties with ten thousand characters each. */
  readonly long: number;
}

const PLANS: Readonly<Record<Size, Plan>> = {
  quick: { large: { contracts: 500, events: 5_000 }, starts: 1, rounds: 1, scrollMs: 1_000, long: 10 },
  normal: {
    large: { contracts: 100_000, events: 1_000_000 },
    starts: 5,
    rounds: 3,
    scrollMs: 2_500,
    long: 1_000,
  },
  full: {
    large: { contracts: 100_000, events: 1_000_000 },
    starts: 11,
    rounds: 7,
    scrollMs: 10_000,
    long: 1_000,
  },
};
/** Enough to fill the list, and nothing to a ledger. */
const SMALL: Amount = { contracts: 20, events: 20 };
const START_FACTOR = 1.3;
/** The share of frames that must keep to it. */
const FRAME_SHARE = 0.995;
const TASK_MS = 50;
const SETTLE_MS = 1_500;

const describe = ({ contracts, events }: Amount): string =>
  `${contracts.toLocaleString('en-GB')} contracts and ${events.toLocaleString('en-GB')} events`;

async function startOnce(profile: string, filled: Filled, surroundings: Surroundings): Promise<Figures> {
  const app = await surroundings.startApp({ profile, server: filled.url });
  const rowAt = await app.ask<number>({ kind: 'until', mark: 'row' });
  await app.ask({ kind: 'input', everyMs: 10 });
  await Promise.all([app.ask({ kind: 'until', mark: 'live' }), sleep(100)]);
  const { answers } = await app.ask<Answered>({ kind: 'inputEnd' });
  await app.quit();
  const row = rowAt - app.startedAt;
  return { row, interactive: row + 10 + (answers[0] ?? Number.NaN) };
}

interface Prepared {
  readonly filled: Filled;
  readonly profile: string;
}

async function prepare(
  server: BenchServer,
  amount: Amount,
  surroundings: Surroundings,
  context: BenchContext,
): Promise<Prepared> {
  const filled = await fillLedger(server, amount, context.log);
  const profile = await surroundings.newFolder();
  await filled.install(profile);
  return { filled, profile };
}

function measureStart(
  small: Prepared,
  large: Prepared,
  plan: Plan,
  surroundings: Surroundings,
  context: BenchContext,
): Promise<MeasuredCase> {
  const floor = `with ${describe(SMALL)}`;
  return measureCase(
    {
      title: 'cold start',
      metrics: [
        { key: 'row', label: 'to the first row, ms', better: 'less' },
        { key: 'interactive', label: 'to the first answered key, ms', better: 'less' },
      ],
      contenders: [
        {
          name: `with ${describe(plan.large)}`,
          role: 'ours',
          repeat: () => startOnce(large.profile, large.filled, surroundings),
        },
        { name: floor, role: 'floor', repeat: () => startOnce(small.profile, small.filled, surroundings) },
      ],
      targets: (['row', 'interactive'] as const).map((metric) => ({
        metric,
        against: floor,
        atLeast: Math.round(100 / START_FACTOR) / 100,
        gate: context.size === 'quick' ? 0.1 : null,
      })),
      rounds: plan.starts,
      warmups: plan.starts > 1 ? 1 : 0,
      notes: [
        `Electron ${surroundings.electron}, from the making of its process; its files are in memory after the first start. It signs in by itself. Target: at most ${START_FACTOR} × the time with an all but empty ledger.`,
      ],
    },
    context,
  );
}

/** The window's own CPU profile, where profiles are wanted. */
async function withProfile<T>(
  app: Electron,
  folder: string | null,
  arriving: boolean,
  use: () => Promise<T>,
): Promise<T> {
  if (folder === null) return use();
  await app.ask({ kind: 'profile' });
  const result = await use();
  const profile = await app.ask<unknown>({ kind: 'profileEnd' });
  await writeFile(
    join(folder, `window-${arriving ? 'arriving' : 'scrolling'}-${Date.now()}.cpuprofile`),
    JSON.stringify(profile),
  );
  return result;
}

function judgeFrames(measured: MeasuredCase): readonly Verdict[] {
  return measured.contenders
    .filter(({ role }) => role === 'ours')
    .flatMap(({ name, samples }): readonly Verdict[] => {
      const share = summarize((samples['share'] ?? []).map((percent) => percent / 100 / FRAME_SHARE));
      const task = summarize((samples['task'] ?? []).map((ms) => TASK_MS / Math.max(TASK_MS, ms)));
      return [
        {
          target: `${name}: share of frame intervals up to ${FRAME_MS} ms over ${100 * FRAME_SHARE} %: at least 1`,
          ratio: share,
          met: share.median >= 1,
          collapsed: false,
        },
        {
          target: `${name}: ${TASK_MS} ms over the longest task: at least 1`,
          ratio: task,
          met: task.median >= 1,
          collapsed: false,
        },
      ];
    });
}

async function measureScrolling(
  app: Electron,
  page: Electron,
  server: BenchServer,
  plan: Plan,
  context: BenchContext,
): Promise<MeasuredCase> {
  const LIST = '[data-testid="feed"]';
  const ms = plan.scrollMs;
  const toTop = `document.querySelector('${LIST}').scrollTo(0, 0)`;
  async function repeatOurs(arriving: boolean): Promise<Figures> {
    await app.page(toTop);
    await sleep(SETTLE_MS);
    const run = (): Promise<Figures> => scroll(app, LIST, ms);
    const profiled = (): Promise<Figures> => withProfile(app, context.profileDir, arriving, run);
    return arriving ? whileArriving(server, ms, profiled) : profiled();
  }
  const contenders: readonly Contender[] = [
    { name: 'the feed', role: 'ours', repeat: () => repeatOurs(false) },
    { name: `the feed, ${ARRIVING_PER_S} events/s arriving`, role: 'ours', repeat: () => repeatOurs(true) },
    { name: 'a static page', role: 'reference', repeat: () => scroll(page, 'ul', ms) },
  ];
  const measured = await measureCase(
    {
      title: `scrolling, ${describe(plan.large)}`,
      metrics: [
        { key: 'share', label: `intervals up to ${FRAME_MS} ms, %`, better: 'more', compared: false },
        { key: 'longest', label: 'longest interval, ms', better: 'less', compared: false },
        { key: 'task', label: 'longest task, ms (0: none over 50)', better: 'less', compared: false },
      ],
      contenders,
      targets: [],
      rounds: plan.rounds,
      warmups: 1,
      notes: [
        `The list is moved by script, ${SCROLL_STEP} px a frame; the static page has 2,000 lines of text and nothing else. Under a virtual display Chromium paints without a graphics card.`,
      ],
    },
    context,
  );
  return { ...measured, verdicts: judgeFrames(measured) };
}

async function startReady({ profile, filled }: Prepared, surroundings: Surroundings): Promise<Electron> {
  const app = await surroundings.startApp({ profile, server: filled.url });
  await app.ask({ kind: 'until', mark: 'live' });
  await app.ask({ kind: 'until', mark: 'row' });
  await sleep(SETTLE_MS);
  return app;
}

async function run(context: BenchContext): Promise<readonly MeasuredCase[]> {
  const plan = PLANS[context.size];
  return withSurroundings(context.log, async (surroundings) => {
    const cases = await withServer((smallServer) =>
      withServer(async (largeServer) => {
        const small = await prepare(smallServer, SMALL, surroundings, context);
        const large = await prepare(largeServer, plan.large, surroundings, context);
        const start = await measureStart(small, large, plan, surroundings, context);
        const page = await surroundings.startPage({ page: 'static' });
        await page.ask({ kind: 'until', mark: 'loaded' });
        const app = await startReady(large, surroundings);
        const scrolling = await measureScrolling(app, page, largeServer, plan, context);
        await page.kill();
        const other = await startReady(small, surroundings);
        const contractActions = await measureActions(
          { small: other, large: app },
          largeServer,
          { title: `opening and searching, ${describe(plan.large)}`, rounds: plan.rounds },
          context,
        );
        await Promise.all([app.quit(), other.quit()]);
        return [start, scrolling, contractActions];
      }),
    );
    return [...cases, await measureLong(plan.long, plan.rounds, surroundings, context)];
  });
}

export const window: Benchmark = {
  name: 'window',
  what: 'The real Electron on a large ledger: its start beside that of an all but empty one, scrolling beside a static page, opening and searching; and on events without end.',
  run,
};
