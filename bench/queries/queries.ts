import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type Child } from '../harness/child.ts';
import { measureCase } from '../harness/measure.ts';
import { percentile, summarize } from '../harness/statistics.ts';
import type { BenchContext, Benchmark, Contender, MeasuredCase, Size, Verdict } from '../harness/types.ts';
import { QUESTIONS, type Asked, type Filled, type LedgerRequest } from './questions.ts';

interface Plan {
  /** Events in the smaller ledger; the larger has ten times as many, both ten events a contract. */
  readonly events: number;
  readonly rounds: number;
  /** Times each question is asked in one repetition. */
  readonly times: number;
  /** Longest time to fill one ledger, seconds: on a busy machine the larger one may then hold fewer. */
  readonly fillS: number;
}

const PLANS: Readonly<Record<Size, Plan>> = {
  quick: { events: 5_000, rounds: 2, times: 10, fillS: 60 },
  normal: { events: 100_000, rounds: 3, times: 20, fillS: 240 },
  full: { events: 100_000, rounds: 10, times: 50, fillS: 3_600 },
};
const CHANGES = 10;
const GROWTH = 10;
const LIMIT_MS = 100;
/** `--quick` fails when a question's time grows even in its best round four times as fast as the data. */
const COLLAPSED = 0.25;
/** Below this a difference is the thread's and the timer's, not the data's. */
const NOTHING_MS = 1;

const send = <T>(child: Child, request: LedgerRequest): Promise<T> => child.ask<T>(request);

async function fill(
  child: Child,
  path: string,
  events: number,
  { fillS }: Plan,
  context: BenchContext,
): Promise<Filled> {
  const contracts = events / CHANGES;
  const filled = await send<Filled>(child, { kind: 'fill', path, contracts, events, withinS: fillS });
  context.log(`filled with ${filled.events} events in ${filled.seconds.toFixed(0)} s`);
  return filled;
}

function contenderOf(question: string, small: Child, large: Child, times: number): Contender {
  return {
    name: question,
    role: 'ours',
    async repeat() {
      const request: LedgerRequest = { kind: 'ask', question, times };
      const few = await send<readonly Asked[]>(small, request);
      const many = await send<readonly Asked[]>(large, request);
      const ms = (asked: readonly Asked[]): readonly number[] => asked.map((one) => one.ms);
      const cpu = (asked: readonly Asked[]): readonly number[] => asked.map((one) => one.cpuMs);
      return {
        smallCpu: percentile(cpu(few), 0.5),
        largeP50: percentile(ms(many), 0.5),
        largeP95: percentile(ms(many), 0.95),
        largeCpu: percentile(cpu(many), 0.5),
        largeCpuP95: percentile(cpu(many), 0.95),
        growth:
          Math.max(percentile(cpu(many), 0.5), NOTHING_MS) / Math.max(percentile(cpu(few), 0.5), NOTHING_MS),
      };
    },
  };
}

/** The question that is furthest from its target, by the median of `worth` (at least 1 is good). */
function judgeWorst(
  measured: MeasuredCase,
  what: string,
  worth: (samples: Readonly<Record<string, readonly number[]>>) => readonly number[],
  gate: number | null,
): Verdict {
  const judged = measured.contenders.map(({ name, samples }) => ({ name, ratio: summarize(worth(samples)) }));
  const [worst] = judged.toSorted((a, b) => a.ratio.median - b.ratio.median);
  if (worst === undefined) throw new Error('nothing was asked');
  return {
    target: `${what}; the worst is "${worst.name}"`,
    ratio: worst.ratio,
    met: worst.ratio.median >= 1,
    collapsed: gate !== null && judged.some(({ ratio }) => ratio.max < gate),
  };
}

/** Reading all contracts once is no question of a list; its time grows with them. */
const JUDGED = Object.keys(QUESTIONS).filter((name) => QUESTIONS[name]?.kind !== 'start');

function judge(all: MeasuredCase, times: number): readonly Verdict[] {
  const measured = { ...all, contenders: all.contenders.filter(({ name }) => JUDGED.includes(name)) };
  const growth = times.toFixed(times < 10 ? 1 : 0);
  return [
    judgeWorst(
      measured,
      `${LIMIT_MS} ms over the larger ledger’s p95: at least 1`,
      (samples) => (samples['largeP95'] ?? []).map((ms) => LIMIT_MS / ms),
      null,
    ),
    judgeWorst(
      measured,
      `${LIMIT_MS} ms over the CPU time of the larger ledger’s p95, which other work on the machine does not lengthen: at least 1`,
      (samples) => (samples['largeCpuP95'] ?? []).map((ms) => LIMIT_MS / Math.max(ms, NOTHING_MS)),
      null,
    ),
    judgeWorst(
      measured,
      `the data’s growth (× ${growth}) over that of the CPU time’s p50: at least 1`,
      (samples) => (samples['growth'] ?? []).map((factor) => times / factor),
      COLLAPSED,
    ),
  ];
}

function describe({ contracts, events, fileBytes }: Filled): string {
  const number = (value: number): string => value.toLocaleString('en-GB');
  return `${number(events)} events of ${number(contracts)} contracts in ${number(Math.round(fileBytes / 2 ** 20))} MiB`;
}

async function run(context: BenchContext): Promise<readonly MeasuredCase[]> {
  const plan = PLANS[context.size];
  const folder = await mkdtemp(join(tmpdir(), 'pulse-bench-'));
  const module = new URL('ledger-process.ts', import.meta.url);
  const small = startChild(module);
  const large = startChild(module, { profileDir: context.profileDir });
  try {
    const fewer = await fill(small, join(folder, 'small.sqlite'), plan.events, plan, context);
    const more = await fill(large, join(folder, 'large.sqlite'), plan.events * GROWTH, plan, context);
    const measured = await measureCase(
      {
        title: `${describe(fewer)}, and ${describe(more)}`,
        metrics: [
          { key: 'smallCpu', label: 'smaller, CPU p50 ms', better: 'less' },
          { key: 'largeCpu', label: 'larger, CPU p50 ms', better: 'less' },
          { key: 'largeCpuP95', label: 'larger, CPU p95 ms', better: 'less' },
          { key: 'largeP50', label: 'larger, p50 ms', better: 'less' },
          { key: 'largeP95', label: 'larger, p95 ms', better: 'less' },
          { key: 'growth', label: 'CPU p50, larger over smaller', better: 'less' },
        ],
        contenders: Object.keys(QUESTIONS).map((question) => contenderOf(question, small, large, plan.times)),
        targets: [],
        rounds: plan.rounds,
        warmups: 1,
        notes: [
          'From the call in the main thread to its answer there: the ledger’s thread and both messages included. ' +
            'A change is stored before each question, as while events arrive. Searches alternate between three texts, more than are remembered. ' +
            'Pages are 50 rows. The first page after start, for which all contracts are read once, is told and not judged: the thread does it as soon as it rests. CPU is that of both threads. Where it is below a millisecond, growth counts it as one.',
        ],
      },
      context,
    );
    await Promise.all([small, large].map((child) => send(child, { kind: 'close' })));
    return [
      {
        ...measured,
        verdicts: judge(measured, Math.max(more.contracts / fewer.contracts, more.events / fewer.events)),
      },
    ];
  } finally {
    await Promise.all([small.close(), large.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

export const queries: Benchmark = {
  name: 'queries',
  what: 'Views, counts, orders, filters, search, saved views, one contract and the receipt, asked of the real ledger in its thread, with ten times the data beside it.',
  run,
};
