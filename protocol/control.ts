import * as v from 'valibot';

/** Events are addressed by name; the server takes the user from the credentials. */
export const EVENT_KINDS = [
  'ContractStatusChanged',
  'StreamHead',
  'StreamStale',
  'ContractAcknowledged',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export function eventName(userId: string, kind: EventKind): string {
  return `${userId}_${kind}`;
}

/** The kind of an event addressed to `userId`; `notice` for an event without a name; undefined for foreign names. */
export function kindOfName(name: string, userId: string): EventKind | 'notice' | undefined {
  if (name === 'message' || name === '') return 'notice';
  const prefix = `${userId}_`;
  if (!name.startsWith(prefix)) return undefined;
  const rest = name.slice(prefix.length);
  return EVENT_KINDS.find((kind) => kind === rest);
}

const instant = v.pipe(v.string(), v.maxLength(40));
/** An id, or null where there is none; languages whose strings cannot be null write it empty. */
export const idOrNone = v.pipe(
  v.nullable(v.pipe(v.string(), v.maxLength(1000))),
  v.transform((id) => (id === '' ? null : id)),
);

/** At once after replay and with each heartbeat: the last id in this user's log (null while it is empty). */
export const streamHeadSchema = v.object({
  head: idOrNone,
  at: instant,
  /** A pace that no connection can be watched by says nothing; the head stands all the same. */
  heartbeatMs: v.fallback(v.optional(v.pipe(v.number(), v.minValue(10), v.maxValue(600_000))), undefined),
});

/** The cursor is older than what the server keeps, beyond its head, or of another epoch. */
export const streamStaleSchema = v.object({
  /** The head as the server declared the cursor stale; null for an empty log. */
  asOf: idOrNone,
  /** The oldest event the server still keeps; null for an empty log. */
  oldest: idOrNone,
});

/**
 * Somebody has taken a contract on, or handed it back. Told when it happens, and again to each stream that opens: after the
 * replay and before its first StreamHead, the latest of each contract (bounded), so that nobody misses what happened while
 * away. It has no id and may come any number of times.
 */
export const acknowledgedSchema = v.object({
  contractId: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
  eventId: v.pipe(v.string(), v.maxLength(1000)),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Left out: taken. */
  state: v.nullish(v.picklist(['taken', 'released'])),
  at: instant,
  /** Who did it, for display. */
  by: v.fallback(
    v.nullish(v.object({ id: v.optional(v.fallback(v.string(), ''), ''), name: v.string() })),
    null,
  ),
});

/** From the server to everyone. */
export const noticeSchema = v.object({
  kind: v.literal('notice'),
  text: v.pipe(v.string(), v.maxLength(2000)),
});

export type StreamHead = v.InferOutput<typeof streamHeadSchema>;
export type StreamStale = v.InferOutput<typeof streamStaleSchema>;
export type Acknowledged = v.InferOutput<typeof acknowledgedSchema>;
export type Notice = v.InferOutput<typeof noticeSchema>;

/**
 * One line of the NDJSON transport and one element of long polling's `events` is either a status change
 * (the CloudEvents object itself) or a control event wrapped as `{"event": NAME, "data": {…}}`.
 */
export const wrappedControlSchema = v.object({
  event: v.pipe(v.string(), v.maxLength(1000)),
  data: v.unknown(),
});
