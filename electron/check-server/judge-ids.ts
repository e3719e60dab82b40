import { eventName, streamHeadSchema } from '../../protocol/control.ts';
import { parsePosition } from '../../protocol/cursor.ts';
import { decodeJson } from '../../protocol/event.ts';
import { found, type Finding } from '../../protocol/findings.ts';
import type { ReadEvent } from './judge-events.ts';
import type { Heard, Seen } from './listen.ts';

export type IdForm = 'positions' | 'opaque' | 'none';

const idsOf = (items: readonly Seen[]): readonly string[] =>
  items.flatMap(({ item }) => (item.id === null || item.id === '' ? [] : [item.id]));

/** What the ids of events can prove. */
export function formOfIds(items: readonly Seen[]): IdForm {
  const ids = idsOf(items);
  if (ids.length === 0) return 'none';
  return ids.every((id) => parsePosition(id) !== undefined) ? 'positions' : 'opaque';
}

/** The events' own ids, from one to the next, within each connection and across them. */
export function judgeIds(items: readonly Seen[], events: readonly ReadEvent[]): readonly Finding[] {
  if (!events.some(({ change }) => change !== null) && idsOf(items).length === 0) return [];
  const form = formOfIds(items);
  if (form === 'none') return [found('ids_none')];
  const findings: Finding[] = [form === 'positions' ? found('ids_ok') : found('ids_opaque')];
  for (const { id, change } of events) {
    if (form !== 'positions' || id === null || change?.ok !== true || change.value.id === id) continue;
    findings.push(found('ids_differ', { sse: id, envelope: change.value.id }));
    break;
  }
  return [...findings, ...judgeRepeats(items), ...(form === 'positions' ? judgeOrder(items) : [])];
}

/** Two events of one id: the same one twice, or another one. */
function judgeRepeats(items: readonly Seen[]): readonly Finding[] {
  const texts = new Map<string, string>();
  const repeated: string[] = [];
  const reused: string[] = [];
  for (const { item } of items) {
    if (item.kind !== 'event' || item.id === null || item.id === '') continue;
    const before = texts.get(item.id);
    if (before === undefined) texts.set(item.id, item.data);
    else if (before === item.data) repeated.push(item.id);
    else reused.push(item.id);
  }
  return [
    ...repeated.slice(0, 1).map((id) => found('ids_repeated', { id, times: repeated.length })),
    ...reused.slice(0, 1).map((id) => found('ids_reused', { id })),
  ];
}

function judgeOrder(items: readonly Seen[]): readonly Finding[] {
  const findings = new Map<string, Finding>();
  const note = (finding: Finding): void => {
    if (!findings.has(finding.code)) findings.set(finding.code, finding);
  };
  let last: string | null = null;
  for (const id of idsOf(items)) {
    const before = last === null ? undefined : parsePosition(last);
    const now = parsePosition(id);
    if (last !== null && before !== undefined && now !== undefined) {
      if (now.epoch !== before.epoch) note(found('ids_new_epoch', { from: last, to: id }));
      else if (now.sequence < before.sequence) note(found('ids_disorder', { id, after: last }));
      else if (now.sequence > before.sequence + 1) note(found('ids_gap', { after: last, before: id }));
    }
    last = id;
  }
  // An event that came late is no gap.
  if (findings.has('ids_disorder')) findings.delete('ids_gap');
  return [...findings.values()];
}

/** Whether the server names the newest event, and whether that has come. */
export function judgeHeads({ items }: Heard, userId: string): readonly Finding[] {
  const name = eventName(userId, 'StreamHead');
  let last: string | null = null;
  let ahead: Finding | null = null;
  let named = false;
  for (const { item } of items) {
    if (item.id !== null) last = item.id;
    if (item.kind !== 'event' || item.name !== name) continue;
    const head = decodeJson(streamHeadSchema, item.data);
    if (!head.ok) continue;
    named = true;
    ahead = isAhead(head.value.head, last)
      ? found('head_ahead', { head: head.value.head ?? '', last: last ?? '(none)' })
      : null;
  }
  if (!named) return [found('heads_none')];
  return ahead === null ? [found('heads_ok')] : [ahead];
}

function isAhead(head: string | null, last: string | null): boolean {
  if (head === null) return false;
  const named = parsePosition(head);
  const reached = last === null ? undefined : parsePosition(last);
  if (named === undefined) return false;
  return reached === undefined
    ? last === null
    : named.epoch === reached.epoch && named.sequence > reached.sequence;
}
