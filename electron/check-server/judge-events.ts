import { acknowledgedSchema, eventName, kindOfName, noticeSchema } from '../../protocol/control.ts';
import { streamHeadSchema, streamStaleSchema } from '../../protocol/control.ts';
import { decodeEvent } from '../../protocol/decode-event.ts';
import { decodeJson, type Decoded, type StatusChanged } from '../../protocol/event.ts';
import { BUILT_IN, type Listening } from '../../protocol/profile/profile.ts';
import { withArrival } from '../../protocol/profile/preview-event.ts';
import { isStatusCode } from '../../protocol/statuses.ts';
import { createTranslator } from '../sync/translate.ts';
import type { StreamItem } from '../stream/types.ts';
import { found, type Finding } from '../../protocol/findings.ts';
import type { Seen } from './listen.ts';

/** One event RAW, and what the app makes of it. */
export interface ReadEvent {
  readonly id: string | null;
  readonly name: string;
  readonly data: string;
  /** Null: not one of this user's changes. */
  readonly change: Decoded<StatusChanged> | null;
}

const OWN = /^(.{1,200})_ContractStatusChanged$/;

/** The user whose events these are, by their names in our own form; null where none is. */
export function guessUser(items: readonly Seen[]): string | null {
  const names = items.flatMap(({ item }) => (item.kind === 'id' ? [] : (OWN.exec(item.name)?.[1] ?? [])));
  return mostFrequent(names);
}

function mostFrequent(all: readonly string[]): string | null {
  return [...countNames(all)].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

export function countNames(names: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Each item as the app reads it under this profile. `cameAt`: epoch ms, for events that tell no time. */
export function readEvents(
  items: readonly Seen[],
  profile: Listening,
  userId: string,
  cameAt: number,
): readonly ReadEvent[] {
  const own = eventName(userId, 'ContractStatusChanged');
  const translate = createTranslator(profile, userId) ?? ((all: readonly StreamItem[]) => all);
  return items.flatMap(({ item: raw }) => {
    if (raw.kind === 'id') return [];
    const [item = raw] = translate([raw], cameAt);
    if (item.kind === 'id') return [];
    const { id, name } = raw;
    const data = raw.kind === 'event' ? raw.data : raw.head;
    return [{ id, name, data, change: item.name === own ? changeOf(item) : null }];
  });
}

function changeOf(item: Exclude<StreamItem, { kind: 'id' }>): Decoded<StatusChanged> {
  if (item.kind === 'oversize') return { ok: false, reason: `it has ${item.bytes} bytes` };
  if (item.mapped === undefined) return decodeEvent(item.data);
  return 'json' in item.mapped
    ? decodeEvent(withArrival(item.mapped.json))
    : { ok: false, reason: item.mapped.problem };
}

/** What the events say, whose they are, and what of them cannot be used. */
export function judgeEvents(
  items: readonly Seen[],
  events: readonly ReadEvent[],
  profile: Listening,
  userId: string,
  ms: number,
): readonly Finding[] {
  const findings: Finding[] = [];
  const changes = events.flatMap(({ change }) => (change?.ok === true ? [change.value] : []));
  const problems = events.flatMap(({ change }) => (change?.ok === false ? [change.reason] : []));
  if (changes.length > 0) {
    const contracts = new Set(changes.map(({ data }) => data.contract.id)).size;
    findings.push(found('events_ok', { count: changes.length, contracts }));
  }
  const [reason] = problems;
  if (reason !== undefined) findings.push(found('event_unreadable', { count: problems.length, reason }));
  const largest = Math.max(0, ...items.map(({ item }) => (item.kind === 'oversize' ? item.bytes : 0)));
  if (largest > 0) findings.push(found('event_too_large', { bytes: largest }));
  findings.push(...judgeControls(events, userId));
  const others = countNames(
    events.flatMap(({ name, change }) => (change === null && !isOurs(name, userId, profile) ? [name] : [])),
  );
  const names = listNames(others);
  const count = [...others.values()].reduce((sum, each) => sum + each, 0);
  if (changes.length + problems.length === 0 && count > 0) {
    const expected = profile.events
      .map((name) => (name === '' ? '(no name)' : name.replaceAll('{userId}', () => userId)))
      .join(', ');
    findings.push(found('events_foreign', { names, expected }));
  } else if (count > 0) findings.push(found('events_others', { count, names }));
  if (changes.length + problems.length + count === 0)
    findings.push(found('events_none', { ms: Math.round(ms) }));
  const unknown = new Set(changes.map(({ data }) => data.change.to).filter((to) => !isStatusCode(to)));
  if (unknown.size > 0)
    findings.push(found('status_unknown', { statuses: [...unknown].slice(0, 10).join(', ') }));
  return findings;
}

/** Names with how often each came, most frequent first; as a person reads them. */
export function listNames(names: ReadonlyMap<string, number>): string {
  return [...names]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 5)
    .map(([name, count]) => `${name === 'message' ? '(no name)' : name.slice(0, 100)} × ${count}`)
    .join(', ');
}

/** Control events of ours, and notices in their form. */
function isOurs(name: string, userId: string, profile: Listening): boolean {
  const kind = kindOfName(name, userId);
  return (
    kind !== undefined && (kind !== 'notice' || profile.mapping === BUILT_IN.mapping) && kind !== 'notice'
  );
}

const CONTROLS = {
  StreamHead: streamHeadSchema,
  StreamStale: streamStaleSchema,
  ContractAcknowledged: acknowledgedSchema,
  notice: noticeSchema,
} as const;

function judgeControls(events: readonly ReadEvent[], userId: string): readonly Finding[] {
  for (const { name, data, change } of events) {
    const kind = change === null ? kindOfName(name, userId) : undefined;
    if (kind === undefined || kind === 'ContractStatusChanged' || kind === 'notice') continue;
    const decoded = decodeJson(CONTROLS[kind], data);
    if (!decoded.ok) return [found('control_unreadable', { name, reason: decoded.reason })];
  }
  return [];
}
