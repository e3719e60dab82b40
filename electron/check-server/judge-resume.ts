import { eventName } from '../../protocol/control.ts';
import { found, type Finding } from '../../protocol/findings.ts';
import type { Heard, Seen } from './listen.ts';

/** What a server has to send again, and after which event it is asked for. */
export interface ResumePlan {
  readonly cursor: string;
  readonly expected: readonly string[];
  /** From the beginning of what was heard up to the cursor itself. */
  readonly before: readonly string[];
}

/** So many are asked for again at most. */
const AGAIN = 3;

/** Of what was heard: cut before its end, so that there is something to be sent again. Null where no event has an id. */
export function planResume(items: readonly Seen[]): ResumePlan | null {
  const ids = [
    ...new Set(items.flatMap(({ item }) => (item.id === null || item.id === '' ? [] : [item.id]))),
  ];
  if (ids.length === 0) return null;
  const at = Math.max(0, ids.length - 1 - AGAIN);
  return { cursor: ids[at] ?? '', expected: ids.slice(at + 1), before: ids.slice(0, at + 1) };
}

export function isResumed({ items }: Heard, { expected }: ResumePlan): boolean {
  const came = new Set(items.map(({ item }) => item.id));
  return expected.every((id) => came.has(id));
}

export function judgeResume(
  first: readonly Seen[],
  heard: Heard,
  plan: ResumePlan,
  userId: string,
): readonly Finding[] {
  if (heard.refused !== null) {
    const detail = heard.refused.phase === 'waiting' ? heard.refused.failure.detail : heard.refused.phase;
    return [found('resume_failed', { detail })];
  }
  const stale = eventName(userId, 'StreamStale');
  if (heard.items.some(({ item }) => item.kind === 'event' && item.name === stale))
    return [found('resume_stale', { id: plan.cursor })];
  const texts = textsOf(first);
  for (const [id, text] of textsOf(heard.items)) {
    const before = texts.get(id);
    if (before !== undefined && before !== text) return [found('ids_reused', { id })];
  }
  const came = new Set(heard.items.flatMap(({ item }) => item.id ?? []));
  const findings: Finding[] = [];
  const early = plan.before.filter((id) => came.has(id)).length;
  if (early > 0) findings.push(found('resume_early', { count: early }));
  if (plan.expected.length === 0) return [...findings, found('resume_unproven')];
  const missing = plan.expected.filter((id) => !came.has(id)).length;
  if (missing === 0) findings.push(found('resume_ok', { count: plan.expected.length }));
  else if (missing === plan.expected.length) findings.push(found('resume_none', { id: plan.cursor }));
  else findings.push(found('resume_partly', { missing, of: plan.expected.length }));
  return findings;
}

const textsOf = (items: readonly Seen[]): ReadonlyMap<string, string> =>
  new Map(
    items.flatMap(({ item }) => (item.kind === 'event' && item.id !== null ? [[item.id, item.data]] : [])),
  );
