import * as v from 'valibot';
import { eventName, wrappedControlSchema } from '../../protocol/control.ts';
import { parseJson } from '../../protocol/event.ts';
import { textAt } from '../../protocol/json-text.ts';
import { isSendableId } from '../stream/sendable-id.ts';
import type { StreamItem, TransportCodec } from '../stream/types.ts';
import { readPollAnswer } from './pages.ts';

/**
 * NDJSON lines and long-poll answers as the items SSE would have brought: the same ids, names and data, so that
 * everything behind the stream is one and the same for all transports.
 */
export function createCodec(userId: string): TransportCodec {
  return {
    ndjsonLine(line) {
      const parsed = parseJson(line);
      if (!parsed.ok) throw new Error(parsed.reason);
      if (!isObject(parsed.value)) throw new Error('not a JSON object');
      return itemOf(parsed.value, line.trim(), userId);
    },
    ndjsonHead: (head) => headOf(head, userId),
    pollAnswer(json) {
      const decoded = readPollAnswer(json);
      if (!decoded.ok) throw new Error(decoded.reason);
      const { events, head, at, stale, more } = decoded.value;
      const items: StreamItem[] = events.map(({ text, value }) => {
        if (isObject(value)) return itemOf(value, text, userId);
        return value === undefined ? unreadable(text, userId) : control('message', text);
      });
      const lastId = items.findLast((item) => item.id !== null)?.id;
      if (stale !== null) items.unshift(control(eventName(userId, 'StreamStale'), JSON.stringify(stale)));
      // The head of an answer that was cut short is ahead of events that are still to be fetched: no gap.
      if (more !== true) items.push(control(eventName(userId, 'StreamHead'), JSON.stringify({ head, at })));
      return { items, more: more ?? (lastId !== undefined && lastId !== head) };
    },
    pollUrl(url, cursor, waitS) {
      const target = new URL(url);
      if (cursor !== null && cursor !== '') target.searchParams.set('after', cursor);
      target.searchParams.set('wait', String(waitS));
      return target.href;
    },
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function control(name: string, data: string): StreamItem {
  return { kind: 'event', id: null, name, data };
}

function headOf(head: string, userId: string): { readonly id: string | null; readonly name: string } {
  return { id: topLevelText(head, 'id'), name: nameOfHead(head, userId) };
}

/** What nests too deep to be read; the ledger sets it aside as what its beginning says it is. */
function unreadable(json: string, userId: string): StreamItem {
  return { kind: 'event', ...headOf(json.slice(0, 4096), userId), data: json };
}

/** `json` is the text of `value`. */
function itemOf(value: JsonObject, json: string, userId: string): StreamItem {
  const { id, source } = value;
  if (typeof id === 'string' && 'specversion' in value) {
    const name = nameOfSource(source, userId);
    // As SSE's parser: an id that no header can carry back is no place to resume from.
    return { kind: 'event', id: isSendableId(id) ? id : null, name, data: json };
  }
  const wrapped = v.safeParse(wrappedControlSchema, value);
  if (!wrapped.success) return control('message', json);
  return control(wrapped.output.event, textAt(json, ['data']) ?? 'null');
}

/** An envelope says whose log it is from; another user's must not be taken for this one's. */
function nameOfSource(source: unknown, userId: string): string {
  const owner = typeof source === 'string' ? /^\/streams\/(.+)$/.exec(source)?.[1] : undefined;
  const isOwn = owner === undefined || owner === userId || decodedOf(owner) === userId;
  return eventName(isOwn ? userId : owner, 'ContractStatusChanged');
}

/** A source is a URI reference (CloudEvents 1.0), in which spaces and letters beyond ASCII are percent-encoded (RFC 3986, section 2.1). */
function decodedOf(owner: string): string {
  if (!owner.includes('%')) return owner;
  try {
    return decodeURIComponent(owner);
  } catch {
    return owner;
  }
}

/** Only the beginning of the object is there, so no parser can help; what stands before its `data` is enough. */
function topLevelText(head: string, key: string): string | null {
  const before = head.split('"data"', 1)[0] ?? '';
  const found = new RegExp(`"${key}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(before)?.[1];
  if (found === undefined) return null;
  try {
    const text: unknown = JSON.parse(found);
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}

function nameOfHead(head: string, userId: string): string {
  const wrapped = topLevelText(head, 'event');
  if (wrapped !== null) return wrapped;
  return topLevelText(head, 'specversion') === null
    ? 'message'
    : nameOfSource(topLevelText(head, 'source'), userId);
}
