import { parseJson } from '../../protocol/event.ts';
import type { Seen } from './listen.ts';

/** An event's data as an object. */
export interface Payload {
  readonly seen: Seen;
  readonly value: Readonly<Record<string, unknown>>;
}

/** One place in the payloads that holds plain values. */
export interface Field {
  /** RFC 6901. */
  readonly pointer: string;
  readonly depth: number;
  /** In how many payloads something stands there. */
  readonly count: number;
  /** Of those payloads, in their order. */
  readonly values: readonly (string | number | boolean)[];
}

const MAX_DEPTH = 4;
const MAX_FIELDS = 300;

const ends = (names: string): RegExp => new RegExp(`(?:^|/)(?:${names})$`, 'i');

/** How such fields are usually called, the surest first. */
export const KEYS = {
  contractId: [
    ends('(?:contract|agreement|document|envelope)[_-]?(?:id|no|number|key)'),
    /\/(?:contract|agreement|document|envelope)\/(?:id|number|key|uuid)$/i,
    ends('(?:contract|agreement|document|envelope)'),
    /^\/(?:id|uuid|key|number)$/i,
    ends('id|uuid'),
  ],
  status: [
    ends('(?:new|current|to)[_-]?(?:status|state)'),
    ends('status|state'),
    ends('to|event|type|action'),
  ],
  title: [ends('title'), ends('(?:contract|document|agreement)?[_-]?name|subject')],
  previousStatus: [ends('(?:previous|old|from|prev|last)[_-]?(?:status|state)'), ends('from')],
  time: [
    ends('occurred[_-]?(?:at|on)|changed[_-]?(?:at|on)|event[_-]?time'),
    ends('time|timestamp|date|at'),
    ends('updated[_-]?(?:at|on)'),
    ends('created[_-]?(?:at|on)'),
  ],
  due: [ends('due(?:[_-]?(?:at|date|on))?|deadline|sign[_-]?by|expires?[_-]?(?:at|on)')],
  actor: [
    ends('(?:changed|updated)[_-]?by'),
    /\/(?:actor|user|(?:changed|updated)_?by)\/(?:full_?)?name$/i,
    ends('actor'),
  ],
  reason: [ends('reason|comment')],
  amount: [ends('amount|total|sum|price'), /\/(?:amount|total)\/value$/i],
  currency: [ends('currency')],
  parties: [ends('counterpart(?:y|ies)|client|customer|supplier|partner')],
  eventId: [ends('event[_-]?(?:id|uuid)|message[_-]?id'), /^\/(?:id|uuid)$/i],
  version: [ends('version|revision')],
} as const satisfies Readonly<Record<string, readonly RegExp[]>>;

/** Those events whose data is a JSON object. */
export function findPayloads(items: readonly Seen[]): readonly Payload[] {
  return items.flatMap((seen) => {
    if (seen.item.kind !== 'event') return [];
    const parsed = parseJson(seen.item.data);
    if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return [];
    if (Array.isArray(parsed.value) || Object.keys(parsed.value).length < 2) return [];
    return [{ seen, value: parsed.value as Readonly<Record<string, unknown>> }];
  });
}

/** Every place that holds a plain value, from the root to four levels below. */
export function findFields(payloads: readonly Payload[]): readonly Field[] {
  const found = new Map<string, { depth: number; values: (string | number | boolean)[] }>();
  function walk(value: unknown, pointer: string, depth: number): void {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      const field = found.get(pointer) ?? { depth, values: [] };
      if (found.size >= MAX_FIELDS && field.values.length === 0) return;
      field.values.push(value);
      found.set(pointer, field);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value) || depth >= MAX_DEPTH) return;
    for (const [key, inner] of Object.entries(value))
      walk(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
  }
  for (const { value } of payloads) walk(value, '', 0);
  return [...found].map(([pointer, { depth, values }]) => ({ pointer, depth, values, count: values.length }));
}
