import * as v from 'valibot';
import {
  historyPageSchema,
  pollAnswerSchema,
  snapshotItemSchema,
  snapshotPageSchema,
} from '../../protocol/api.ts';
import type { PollAnswer } from '../../protocol/api.ts';
import { decode, parseJson, takeNumberAsText } from '../../protocol/event.ts';
import type { Decoded } from '../../protocol/event.ts';
import { elementsOf, excessOf, memberOf, textAt } from '../../protocol/json-text.ts';
import type { SnapshotContract, UnreadableContract } from '../ledger/ingest.ts';

/** What pages have in common, for the bounds of whoever reads them one after the other. */
interface Page {
  /** Null on the last one. */
  readonly next: string | null;
  /** Characters. */
  readonly size: number;
}

export interface SnapshotRead extends Page {
  readonly asOf: string | null;
  readonly at: string;
  readonly total: number | null;
  readonly contracts: readonly SnapshotContract[];
  /** One that cannot be read must not cost the others. */
  readonly unreadable: readonly UnreadableContract[];
  /** Echo of the event that a preview was asked with. */
  readonly since: string | null;
}

export interface HistoryRead extends Page {
  /** Each event as the server wrote it. */
  readonly events: readonly string[];
}

interface Element {
  /** Letter by letter. */
  readonly text: string;
  /** Undefined where it holds too much to be read, for this `reason`. */
  readonly value: unknown;
  readonly reason: string;
}

/** An honest page holds 10,000 at most; a server without pages has all its contracts in one. */
const MAX_ENTRIES = 100_000;
/** Of one entry, characters: far above what the stream takes of one event. */
const MAX_ENTRY = 4 * 1024 * 1024;

/** A page's JSON text with the list under `key` taken out of it; each of its elements is read by itself, and given to `take`. */
function readList(json: string, key: string, take: (element: Element) => void): Decoded<object> {
  const span = memberOf(json, json.search(/\S/), key);
  const isList = span !== null && json[span.start] === '[';
  const parsed = parseJson(isList ? `${json.slice(0, span.start)}[]${json.slice(span.end)}` : json);
  if (!parsed.ok) return parsed;
  const page = parsed.value;
  if (typeof page !== 'object' || page === null || Array.isArray(page)) {
    return { ok: false, reason: 'the value: is not an object' };
  }
  // A list without entries, as Go writes it.
  if (!isList && (page as Record<string, unknown>)[key] === null) return { ok: true, value: page };
  if (!isList) return { ok: false, reason: `${key}: is not a list` };
  const elements = elementsOf(json, span.start, MAX_ENTRIES);
  if (elements === null) return { ok: false, reason: `malformed JSON: ${key} is no list of values` };
  if (elements.length > MAX_ENTRIES) {
    return { ok: false, reason: `${key}: has more than ${MAX_ENTRIES} entries` };
  }
  for (const { start, end } of elements) {
    const text = json.slice(start, end);
    const element = readElement(text);
    if (element === null) return { ok: false, reason: `malformed JSON in an entry of ${key}` };
    take(element);
  }
  return { ok: true, value: page };
}

/** Null where it is no JSON. */
function readElement(text: string): Element | null {
  const excess = excessOf(text) ?? (text.length > MAX_ENTRY ? `an entry of ${text.length} characters` : null);
  if (excess !== null) return { text, value: undefined, reason: excess };
  const parsed = parseJson(text);
  return parsed.ok ? { text, value: parsed.value, reason: '' } : null;
}

/** The text of a page of the snapshot. A contract that cannot be read is told apart, and the others are read. */
export function readSnapshotPage(json: string): Decoded<SnapshotRead> {
  const contracts: Undated[] = [];
  const unreadable: UnreadableContract[] = [];
  const read = readList(json, 'contracts', (element) => {
    const item = readContract(element);
    if (item.ok) contracts.push(item.value);
    else unreadable.push({ text: element.text, reason: item.reason });
  });
  if (!read.ok) return read;
  const page = decode(snapshotPageSchema, { ...read.value, contracts: [] });
  if (!page.ok) return page;
  const since = page.value.at;
  const dated = contracts.map((contract) => ({ ...contract, since: contract.since ?? since }));
  return { ok: true, value: { ...page.value, contracts: dated, unreadable, size: json.length } };
}

type Undated = Omit<SnapshotContract, 'since'> & { readonly since: string | null };

function readContract({ text, value, reason }: Element): Decoded<Undated> {
  if (value === undefined) return { ok: false, reason };
  takeNumberAsText(text, value, ['contract', 'amount', 'value']);
  const item = decode(snapshotItemSchema, value);
  if (!item.ok) return item;
  const { lastEvent, since = null, ...told } = item.value;
  const envelope = lastEvent === null ? null : textAt(text, ['lastEvent']);
  return { ok: true, value: { ...told, since, lastEvent: envelope } };
}

/** The text of a page of one contract's history. */
export function readHistoryPage(json: string): Decoded<HistoryRead> {
  const events: string[] = [];
  const read = readList(json, 'events', ({ text }) => void events.push(text));
  if (!read.ok) return read;
  const page = decode(historyPageSchema, { ...read.value, events: [] });
  if (!page.ok) return page;
  return { ok: true, value: { next: page.value.next, events, size: json.length } };
}

/** The text of a long poll's answer. */
export function readPollAnswer(
  json: string,
): Decoded<Omit<PollAnswer, 'events'> & { readonly events: readonly Element[] }> {
  const events: Element[] = [];
  const read = readList(json, 'events', (element) => void events.push(element));
  if (!read.ok) return read;
  const answer = decode(v.omit(pollAnswerSchema, ['events']), read.value);
  return answer.ok ? { ok: true, value: { ...answer.value, events } } : answer;
}
