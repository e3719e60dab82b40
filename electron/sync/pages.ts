import * as v from 'valibot';
import {
  historyPageSchema,
  pollAnswerSchema,
  snapshotItemSchema,
  snapshotPageSchema,
} from '../../protocol/api.ts';
import type { PollAnswer } from '../../protocol/api.ts';
import { decode, takeNumberAsText } from '../../protocol/event.ts';
import type { Decoded } from '../../protocol/event.ts';
import { elementsOf, isDeeperThan, MAX_DEPTH, memberOf, textAt } from '../../protocol/json-text.ts';
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
  /** Undefined where it nests too deep to be read. */
  readonly value: unknown;
}

/** A page's JSON text with the list under `key` taken out of it, element by element. */
function readList(json: string, key: string): Decoded<{ readonly page: object; readonly list: Element[] }> {
  let shallow = json;
  const deep = new Set<number>();
  if (isDeeperThan(json, MAX_DEPTH)) {
    const list = memberOf(json, json.search(/\S/), key);
    const spans = list === null ? [] : elementsOf(json, list.start);
    const parts = spans.map(({ start, end }, i) => {
      const text = json.slice(start, end);
      if (!isDeeperThan(text, MAX_DEPTH)) return text;
      deep.add(i);
      return 'null';
    });
    if (list !== null) shallow = `${json.slice(0, list.start)}[${parts.join(',')}]${json.slice(list.end)}`;
    if (deep.size === 0 || isDeeperThan(shallow, MAX_DEPTH + 2)) {
      return { ok: false, reason: `JSON of more than ${MAX_DEPTH} levels` };
    }
  }
  let page: unknown;
  try {
    page = JSON.parse(shallow);
  } catch (error) {
    const what = error instanceof Error ? error.message.slice(0, 200) : 'unreadable';
    return { ok: false, reason: `malformed JSON: ${what}` };
  }
  if (typeof page !== 'object' || page === null || Array.isArray(page)) {
    return { ok: false, reason: 'the value: is not an object' };
  }
  const values: unknown = (page as Record<string, unknown>)[key];
  // A list without entries, as Go writes it.
  if (values === null) return { ok: true, value: { page, list: [] } };
  const span = memberOf(json, json.search(/\S/), key);
  if (!Array.isArray(values) || span === null) return { ok: false, reason: `${key}: is not a list` };
  const list = elementsOf(json, span.start).map(({ start, end }, i): Element => ({
    text: json.slice(start, end),
    value: deep.has(i) ? undefined : (values as readonly unknown[])[i],
  }));
  return { ok: true, value: { page, list } };
}

/** The text of a page of the snapshot. A contract that cannot be read is told apart, and the others are read. */
export function readSnapshotPage(json: string): Decoded<SnapshotRead> {
  const read = readList(json, 'contracts');
  if (!read.ok) return read;
  const page = decode(snapshotPageSchema, { ...read.value.page, contracts: [] });
  if (!page.ok) return page;
  const contracts: SnapshotContract[] = [];
  const unreadable: UnreadableContract[] = [];
  for (const { text, value } of read.value.list) {
    const item = readContract(text, value, page.value.at);
    if (item.ok) contracts.push(item.value);
    else unreadable.push({ text, reason: item.reason });
  }
  return { ok: true, value: { ...page.value, contracts, unreadable, size: json.length } };
}

function readContract(text: string, value: unknown, at: string): Decoded<SnapshotContract> {
  if (value === undefined) return { ok: false, reason: `JSON of more than ${MAX_DEPTH} levels` };
  takeNumberAsText(text, value, ['contract', 'amount', 'value']);
  const item = decode(snapshotItemSchema, value);
  if (!item.ok) return item;
  const { lastEvent, since, ...told } = item.value;
  const envelope = lastEvent === null ? null : textAt(text, ['lastEvent']);
  return { ok: true, value: { ...told, since: since ?? at, lastEvent: envelope } };
}

/** The text of a page of one contract's history. */
export function readHistoryPage(json: string): Decoded<HistoryRead> {
  const read = readList(json, 'events');
  if (!read.ok) return read;
  const page = decode(historyPageSchema, { ...read.value.page, events: [] });
  if (!page.ok) return page;
  const events = read.value.list.map(({ text }) => text);
  return { ok: true, value: { next: page.value.next, events, size: json.length } };
}

/** The text of a long poll's answer. */
export function readPollAnswer(
  json: string,
): Decoded<Omit<PollAnswer, 'events'> & { readonly events: readonly Element[] }> {
  const read = readList(json, 'events');
  if (!read.ok) return read;
  const answer = decode(v.omit(pollAnswerSchema, ['events']), read.value.page);
  return answer.ok ? { ok: true, value: { ...answer.value, events: read.value.list } } : answer;
}
