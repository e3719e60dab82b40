import { pairRatios, summarize } from './statistics.ts';
import type {
  BenchContext,
  Contender,
  MeasuredCase,
  MeasuredContender,
  Metric,
  Summary,
  Target,
  Verdict,
} from './types.ts';

export interface Case {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly contenders: readonly Contender[];
  readonly targets: readonly Target[];
  readonly rounds: number;
  /** Rounds before the first that counts, so that code is compiled and files are in memory. */
  readonly warmups: number;
  readonly notes?: readonly string[];
}

/**
 * All contenders in turn, round by round (A B C, B C A, …), so that each meets the same machine and none always
 * comes first. Rejects when a contender fails or answers something that is no figure.
 */
export async function measureCase(one: Case, context: BenchContext): Promise<MeasuredCase> {
  const { contenders, metrics } = one;
  const samples = contenders.map(() => new Map<string, number[]>(metrics.map(({ key }) => [key, []])));
  for (let round = -one.warmups; round < one.rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (turn + round + one.warmups) % contenders.length;
      const contender = contenders[index] as Contender;
      const figures = await contender.repeat();
      for (const { key, oursOnly } of metrics) {
        if (oursOnly === true && contender.role !== 'ours') continue;
        const figure = figures[key];
        if (figure === undefined || !Number.isFinite(figure) || figure < 0) {
          throw new Error(`${one.title}: ${contender.name} answered ${figure} for ${key}.`);
        }
        if (round >= 0) samples[index]?.get(key)?.push(figure);
      }
    }
    context.log(`${one.title}: ${round < 0 ? 'warm-up' : `round ${round + 1} of ${one.rounds}`}`);
  }
  return concludeCase(
    one,
    samples.map((byMetric) => Object.fromEntries(byMetric)),
  );
}

type Samples = Readonly<Record<string, readonly number[]>>;

/** `samples` as measured elsewhere, one entry a contender. */
export function concludeCase(
  one: Pick<Case, 'title' | 'metrics' | 'targets' | 'rounds' | 'notes'> & {
    readonly contenders: readonly Pick<Contender, 'name' | 'role'>[];
  },
  samples: readonly Samples[],
): MeasuredCase {
  const { metrics } = one;
  const oursAt = one.contenders.findIndex(({ role }) => role === 'ours');
  const ours = samples[oursAt];
  const contenders = one.contenders.map(({ name, role }, index): MeasuredContender => {
    const own = samples[index] as Samples;
    return {
      name,
      role,
      samples: own,
      summary: summarizeAll(metrics, own),
      ratio: role === 'ours' || ours === undefined ? null : compareAll(metrics, ours, own),
    };
  });
  return {
    title: one.title,
    metrics,
    rounds: one.rounds,
    contenders,
    verdicts: one.targets.map((target) => judge(target, metrics, contenders)),
    notes: one.notes ?? [],
  };
}

function summarizeAll(metrics: readonly Metric[], own: Samples): Record<string, Summary> {
  const summary: Record<string, Summary> = {};
  for (const { key } of metrics) {
    const samples = own[key] ?? [];
    if (samples.length > 0) summary[key] = summarize(samples);
  }
  return summary;
}

function compareAll(metrics: readonly Metric[], ours: Samples, other: Samples): Record<string, Summary> {
  const ratios: Record<string, Summary> = {};
  for (const { key, better, oursOnly } of metrics) {
    if (oursOnly === true) continue;
    const pairs = pairRatios(ours[key] ?? [], other[key] ?? [], better);
    if (pairs.length > 0 && pairs.every(Number.isFinite)) ratios[key] = summarize(pairs);
  }
  return ratios;
}

function judge(
  target: Target,
  metrics: readonly Metric[],
  contenders: readonly MeasuredContender[],
): Verdict {
  const metric = metrics.find(({ key }) => key === target.metric);
  const other =
    typeof target.against === 'string'
      ? contenders.find(({ name }) => name === target.against)
      : findBest(contenders, target.metric, metric?.better ?? 'more');
  const ratio: Summary | undefined = other?.ratio?.[target.metric];
  if (metric === undefined || other === undefined || ratio === undefined) {
    throw new Error(`There is nothing to judge the target "${target.metric}" by.`);
  }
  const best = typeof target.against === 'string' ? '' : 'the best peer, ';
  return {
    target: `${metric.label}: at least ${target.atLeast} × ${best}${other.name}`,
    ratio,
    met: ratio.median >= target.atLeast,
    collapsed: target.gate !== null && ratio.max < target.gate,
  };
}

function findBest(
  contenders: readonly MeasuredContender[],
  key: string,
  better: 'more' | 'less',
): MeasuredContender | undefined {
  const peers = contenders.filter(({ role }) => role === 'peer');
  const figure = (one: MeasuredContender): number => one.summary[key]?.median ?? Number.NaN;
  return peers.toSorted((a, b) => (better === 'more' ? figure(b) - figure(a) : figure(a) - figure(b)))[0];
}
