import type { Summary } from './types.ts';

/** Sorted by size; the mean of the two in the middle where their number is even. Throws a RangeError for none. */
export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError('There is no median of no samples.');
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  return { median, min: sorted[0] as number, max: sorted[sorted.length - 1] as number };
}

/** The smallest sample that at least `share` (0–1) of all do not exceed (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new RangeError('There is no percentile of no samples.');
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}

/** Round by round, so that what slowed the machine in one round is in both figures. */
export function pairRatios(
  ours: readonly number[],
  other: readonly number[],
  better: 'more' | 'less',
): readonly number[] {
  if (ours.length !== other.length) throw new RangeError('Ratios need as many samples on both sides.');
  return ours.map((own, round) => {
    const their = other[round] as number;
    return better === 'more' ? own / their : their / own;
  });
}
