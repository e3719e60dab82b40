import { isStatusCode, STATUSES } from '../../../protocol/statuses.ts';
import type { TimelineEntry } from '../../../protocol/view.ts';

/** The road of a contract; a pause, or a decision that is awaited, is a stop on it, an ending its end. */
export const STAGES = ['preparing', 'signing', 'in_force', 'over'] as const;
export type Stage = (typeof STAGES)[number];

/** `skipped`: the contract ended without coming by here. */
export type StageState = 'passed' | 'current' | 'ahead' | 'skipped';

/** The stage of a status; null for a stop and for codes that are not known. */
export function stageOf(code: string): Stage | null {
  if (!isStatusCode(code)) return null;
  const { family } = STATUSES[code];
  if (family === 'over_good' || family === 'over_bad') return 'over';
  return family === 'paused' || family === 'decision' ? null : family;
}

/**
 * The state of every stage, told from what is known and from nothing else: a contract that was declined
 * was never in force. A stop or an unknown status stands where the newest known stage before it was.
 * `timeline` is newest first.
 */
export function stageStates(status: string, timeline: readonly TimelineEntry[]): Record<Stage, StageState> {
  const visited = timeline
    .flatMap(({ from, to }) => [stageOf(to), from === null ? null : stageOf(from)])
    .filter((stage) => stage !== null);
  const current = stageOf(status) ?? visited[0] ?? null;
  const at = current === null ? -1 : STAGES.indexOf(current);
  const furthest = Math.max(-1, ...visited.filter((it) => it !== 'over').map((it) => STAGES.indexOf(it)));
  const stateOf = (index: number): StageState => {
    if (index === at) return 'current';
    if (index > at) return 'ahead';
    return current === 'over' && index > furthest ? 'skipped' : 'passed';
  };
  return { preparing: stateOf(0), signing: stateOf(1), in_force: stateOf(2), over: stateOf(3) };
}
