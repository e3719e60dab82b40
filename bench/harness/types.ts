/** How big a run is. `quick` is for CI: seconds, and only a gate against collapse. `full`: what takes longer than 15 minutes. */
export type Size = 'quick' | 'normal' | 'full';

export interface BenchContext {
  readonly size: Size;
  /** CPU profiles of our own contender are written here; null for none. A profiled run's figures are worth nothing. */
  readonly profileDir: string | null;
  /** One line of progress. */
  readonly log: (line: string) => void;
}

/** `ours` is judged; `peer` does the same work; `floor` is the least work there can be; `reference` is shown only. */
export type Role = 'ours' | 'peer' | 'floor' | 'reference';

/** One thing measured. `repeat` does one repetition and answers its figures by the names the case lists. */
export interface Contender {
  readonly name: string;
  readonly role: Role;
  repeat(): Promise<Readonly<Record<string, number>>>;
}

export interface Metric {
  readonly key: string;
  /** With its unit, as the table's head says it. */
  readonly label: string;
  readonly better: 'more' | 'less';
  /** False: the table does not show how ours compares by this one. */
  readonly compared?: boolean;
  /** True: the others have no such figure. */
  readonly oursOnly?: boolean;
}

/**
 * What must be reached: ours over the other's figure (more is better), or the other's over ours (less is better), pair
 * by pair; so it is always "how many times as good". The median counts.
 */
export interface Target {
  readonly metric: string;
  /** A contender's name, or the peer that is best by its median. */
  readonly against: string | { readonly best: 'peer' };
  readonly atLeast: number;
  /**
   * `--quick` fails when even the best pair is below this: far outside any spread seen on a busy machine.
   * Null: not judged there.
   */
  readonly gate: number | null;
}

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface MeasuredContender {
  readonly name: string;
  readonly role: Role;
  /** By metric, one a round. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** By metric; without those that are only ours. */
  readonly summary: Readonly<Record<string, Summary>>;
  /** How many times as good ours is, by metric where that can be said (not over 0); null for ours itself. */
  readonly ratio: Readonly<Record<string, Summary>> | null;
}

export interface Verdict {
  readonly target: string;
  readonly ratio: Summary;
  readonly met: boolean;
  /** False when the gate for `--quick` was passed or is not there. */
  readonly collapsed: boolean;
}

export interface MeasuredCase {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly rounds: number;
  readonly contenders: readonly MeasuredContender[];
  readonly verdicts: readonly Verdict[];
  /** What a reader must know to read the figures. */
  readonly notes: readonly string[];
}

export interface Benchmark {
  readonly name: string;
  /** One sentence. */
  readonly what: string;
  run(context: BenchContext): Promise<readonly MeasuredCase[]>;
  /** A picture of a quoted report; `path` is from the repository's root. */
  readonly draw?: { readonly path: string; svg(report: Report): string };
  /** What of a quoted report stands on the front page (README.md), as Markdown. */
  readonly excerpt?: (report: Report) => string;
}

export interface Report {
  readonly benchmark: string;
  readonly what: string;
  readonly size: Size;
  readonly machine: string;
  /** Processes running or waiting just before, the minute's average: what others had the machine do. 0 where unknown (Windows). */
  readonly load: number;
  readonly date: string;
  readonly seconds: number;
  readonly cases: readonly MeasuredCase[];
}
