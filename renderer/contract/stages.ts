import { isStatusCode, STATUSES, type StatusFamily } from '../../protocol/statuses.ts';
import type { TimelineEntry } from '../../protocol/view.ts';

/** The road of a contract; a pause is a stop on it, an ending its end. */
export const STAGES = ['preparing', 'signing', 'in_force', 'over'] as const;
export type Stage = (typeof STAGES)[number];

function stageOfFamily(family: StatusFamily): Stage | null {
  if (family === 'over_good' || family === 'over_bad') return 'over';
  return family === 'paused' ? null : family;
}

/** The stage of a status; null for a pause and for codes that are not known. */
export function stageOf(code: string): Stage | null {
  return isStatusCode(code) ? stageOfFamily(STATUSES[code].family) : null;
}

/**
 * Where a contract stands: a pause or an unknown status stands where the newest known stage before it
 * was; null when nothing tells. `timeline` is newest first.
 */
export function standsAt(status: string, timeline: readonly TimelineEntry[]): Stage | null {
  const now = stageOf(status);
  if (now !== null) return now;
  for (const { from, to } of timeline) {
    const stage = stageOf(to) ?? (from === null ? null : stageOf(from));
    if (stage !== null) return stage;
  }
  return null;
}
