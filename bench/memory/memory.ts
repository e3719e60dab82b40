import { setTimeout as sleep } from 'node:timers/promises';
import type { Electron } from '../app/electron.ts';
import { fillLedger, type Amount } from '../app/ledgers.ts';
import { readProportionalSet } from '../app/processes.ts';
import { withServer } from '../app/server.ts';
import { withSurroundings, type Surroundings } from '../app/surroundings.ts';
import { measureCase } from '../harness/measure.ts';
import { summarize } from '../harness/statistics.ts';
import type { BenchContext, Benchmark, Contender, MeasuredCase, Size } from '../harness/types.ts';

interface Plan {
  readonly amounts: readonly Amount[];
  readonly rounds: number;
  /** Nothing happens for so long before memory is read. */
  readonly idleMs: number;
}

/** Ten events a contract, as everywhere. */
const amount = (events: number): Amount => ({ contracts: Math.max(20, events / 10), events });
const PLANS: Readonly<Record<Size, Plan>> = {
  quick: { amounts: [amount(0), amount(5_000)], rounds: 1, idleMs: 1_000 },
  normal: { amounts: [amount(0), amount(100_000), amount(1_000_000)], rounds: 1, idleMs: 10_000 },
  full: { amounts: [amount(0), amount(100_000), amount(1_000_000)], rounds: 3, idleMs: 30_000 },
};
const GROWTH_MIB = 64;
const MIB = 2 ** 20;

/** Twice, because what the first collection frees lets go of more. */
export async function collect(app: Electron): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await app.ask({ kind: 'gc' });
}

async function measureOnce(
  profile: string,
  server: string,
  surroundings: Surroundings,
  idleMs: number,
): Promise<Readonly<Record<string, number>>> {
  const app = await surroundings.startApp({ profile, server });
  await app.ask({ kind: 'until', mark: 'live' });
  await app.ask({ kind: 'until', mark: 'row' });
  await collect(app);
  await sleep(idleMs);
  await collect(app);
  const bytes = await readProportionalSet(app.pid);
  await app.quit();
  return { memory: bytes / MIB };
}

async function measure(plan: Plan, surroundings: Surroundings, context: BenchContext): Promise<MeasuredCase> {
  const contenders = plan.amounts.map(({ contracts, events }, index): Contender => ({
    name: `${events.toLocaleString('en-GB')} events, ${contracts.toLocaleString('en-GB')} contracts`,
    role: index === 0 ? 'floor' : 'ours',
    repeat: () =>
      withServer(async (server) => {
        const filled = await fillLedger(server, { contracts, events }, context.log);
        const profile = await surroundings.newFolder();
        await filled.install(profile);
        return measureOnce(profile, filled.url, surroundings, plan.idleMs);
      }),
  }));
  const measured = await measureCase(
    {
      title: `after ${plan.idleMs / 1000} s of nothing`,
      metrics: [
        { key: 'memory', label: 'proportional set of all processes, MiB', better: 'less', compared: false },
      ],
      contenders,
      targets: [],
      rounds: plan.rounds,
      warmups: 0,
      notes: [
        `Electron ${surroundings.electron}. Started, live, its newest rows shown; garbage collected in main and window before and after the wait. ` +
          'Growth while events arrive for an hour: npm run bench:hour.',
      ],
    },
    context,
  );
  const of = (index: number): readonly number[] => measured.contenders[index]?.samples['memory'] ?? [];
  const growth = of(plan.amounts.length - 1).map((mib, round) => mib - (of(0)[round] ?? 0));
  const ratio = summarize(growth.map((mib) => GROWTH_MIB / Math.max(1, mib)));
  return {
    ...measured,
    verdicts: [
      {
        target: `${GROWTH_MIB} MiB over the growth from the smallest to the largest (${summarize(growth).median.toFixed(0)} MiB): at least 1`,
        ratio,
        met: ratio.median >= 1,
        collapsed: false,
      },
    ],
  };
}

export const memory: Benchmark = {
  name: 'memory',
  what: 'Memory of the whole app, all its processes, with ledgers of different sizes.',
  run: (context) =>
    withSurroundings(context.log, async (surroundings) => [
      await measure(PLANS[context.size], surroundings, context),
    ]),
};
