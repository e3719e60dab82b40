import { readPlainBlocks } from './plain-blocks.ts';
import { isSendableId } from './sendable-id.ts';
import type { StreamItem } from './types.ts';
import { asBuffer, createByteTail, createLineDecoder, headOf } from './utf8.ts';

/**
 * Server-sent events from bytes, as https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 * says, with two bounds of our own: an event's data is cut at `maxEventBytes`, and a line that never ends
 * costs at most about twice that.
 *
 * Fast because each chunk is decoded once, up to its last line end, and scanned as one string. Only the
 * unfinished last line is kept, as bytes: so characters, line ends and the BOM may be split anywhere.
 */
export interface SseParser {
  /** What this chunk completed, in order. The chunk's memory is not kept. */
  feed(chunk: Uint8Array): StreamItem[];
  /** What came last is not whole yet. */
  isMidway(): boolean;
}

export interface SseParserOptions {
  /** Bytes of data (UTF-8) of one event; what is longer becomes an `oversize` item. Also bounds ids and names. */
  readonly maxEventBytes: number;
  /** `retry:` in ms, a whole number ≥ 0, as it came: not clamped, Infinity when there are too many digits. */
  onRetry?(ms: number): void;
}

/** How much of an oversize event is kept, in bytes. */
export const HEAD_BYTES = 4096;
/** A large chunk is decoded in parts: longer strings would live in V8's large-object space, where each costs more. */
const PART_BYTES = 65_536;
/** Longer than any `name: ` that means something. */
const FIELD_BYTES = 16;

const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;

const D = 100;
const E = 101;
const I = 105;
const DATA = 'data:';
const ID = 'id:';
const EVENT = 'event:';

/** Whether the line at `start` begins with this field name and its colon, of which the first character is known. */
function isField(text: string, start: number, field: string): boolean {
  for (let at = 1; at < field.length; at++) {
    if (text.charCodeAt(start + at) !== field.charCodeAt(at)) return false;
  }
  return true;
}

/** Where the value begins after the colon: one space before it is not part of it. */
function valueStart(text: string, colon: number): number {
  return text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
}

export function createSseParser(options: SseParserOptions): SseParser {
  const { maxEventBytes } = options;
  /** Beyond this an unfinished line is oversize for certain, and its head is complete. */
  const lineBound = Math.max(maxEventBytes, HEAD_BYTES) + FIELD_BYTES;
  /** So short that it is within every bound, whatever its characters take in UTF-8. */
  const maxPlainValue = Math.min(Math.floor(maxEventBytes / 3) - 1, PART_BYTES);
  const tail = createByteTail();
  const decode = createLineDecoder();
  let items: StreamItem[] = [];
  let started = false;
  let swallowLf = false;
  /** What the rest of an endless line belongs to; null while lines are kept. */
  let skipping: 'block' | 'nothing' | null = null;

  let name = '';
  let id: string | null = null;
  let data: string | null = null;
  /** The head of an oversize event; null while the block is within bounds. */
  let head: string | null = null;
  /** Bytes of data; an upper bound until `exact`. */
  let bytes = 0;
  let exact = false;

  function dispatch(): void {
    if (head !== null) items.push({ kind: 'oversize', id, name: name || 'message', head, bytes });
    else if (data !== null) items.push({ kind: 'event', id, name: name || 'message', data });
    else if (id !== null) items.push({ kind: 'id', id });
    name = '';
    id = data = head = null;
    bytes = 0;
    exact = false;
  }

  function addData(value: string): void {
    if (head !== null) {
      bytes += Buffer.byteLength(value) + 1;
      return;
    }
    const first = data === null;
    data = first ? value : `${data}\n${value}`;
    // UTF-8 takes at most three bytes for each UTF-16 unit: most events never need to be measured.
    if (exact) bytes += Buffer.byteLength(value) + (first ? 0 : 1);
    else bytes += value.length * 3 + 1;
    if (bytes <= maxEventBytes) return;
    if (!exact) {
      exact = true;
      bytes = Buffer.byteLength(data);
      if (bytes <= maxEventBytes) return;
    }
    head = headOf(data, HEAD_BYTES);
    data = null;
  }

  /** The block is oversize whatever else comes, because of `size` bytes in a field that may not be that long. */
  function overflow(more: string, size: number): void {
    if (head === null) {
      bytes = data === null ? 0 : Buffer.byteLength(data) + 1;
      head = headOf(data === null ? more : `${data}\n${more}`, HEAD_BYTES);
      data = null;
    } else {
      bytes += 1;
    }
    bytes += size;
  }

  function tooLong(value: string): boolean {
    return value.length * 3 > maxEventBytes && Buffer.byteLength(value) > maxEventBytes;
  }

  function readId(text: string, start: number, end: number): void {
    const value = text.slice(start, end);
    if (tooLong(value)) {
      id = null;
      overflow('', Buffer.byteLength(value));
    } else if (start === end || isSendableId(text, start, end)) {
      id = value;
    }
  }

  function readName(value: string): void {
    if (tooLong(value)) {
      name = '';
      overflow('', Buffer.byteLength(value));
    } else {
      name = value;
    }
  }

  /** What may stand for a field without a value, and what is rare. */
  function readRareLine(line: string): void {
    if (line === 'data') addData('');
    else if (line === 'id') id = '';
    else if (line === 'event') name = '';
    else if (line.startsWith('retry:')) {
      const value = line.slice(valueStart(line, 5));
      if (/^[0-9]+$/.test(value) && !tooLong(value)) options.onRetry?.(Number(value));
    }
  }

  function readLine(text: string, start: number, end: number): void {
    if (start === end) {
      dispatch();
      return;
    }
    switch (text.charCodeAt(start)) {
      case D:
        if (isField(text, start, DATA)) {
          addData(text.slice(valueStart(text, start + 4), end));
          return;
        }
        break;
      case I:
        if (isField(text, start, ID)) {
          readId(text, valueStart(text, start + 2), end);
          return;
        }
        break;
      case E:
        if (isField(text, start, EVENT)) {
          readName(text.slice(valueStart(text, start + 5), end));
          return;
        }
        break;
      case COLON:
        return;
    }
    readRareLine(text.slice(start, end));
  }

  /** `text` ends with a line end of any kind. `bytes`: what it was decoded from where that is LF-only and as long; or null. */
  function readLines(text: string, bytes: Uint8Array | null): void {
    const { length } = text;
    let at = 0;
    let lf = -1;
    let cr = -1;
    while (at < length) {
      if (bytes !== null && isBetweenBlocks()) {
        at = readPlainBlocks(bytes, text, at, maxPlainValue, items);
        if (at === length) return;
      }
      if (lf < at) {
        lf = text.indexOf('\n', at);
        if (lf === -1) lf = length;
      }
      if (cr < at) {
        cr = text.indexOf('\r', at);
        if (cr === -1) cr = length;
      }
      const end = lf < cr ? lf : cr;
      readLine(text, at, end);
      at = end + 1;
      if (end === cr && at === lf) at++;
    }
  }

  function isBetweenBlocks(): boolean {
    return name === '' && id === null && data === null && head === null;
  }

  /** The kept line is too long: settle what it means for its block, forget it, and skip the rest. */
  function startSkipping(): void {
    const start = tail.peek(HEAD_BYTES + FIELD_BYTES);
    skipping = 'block';
    if (start.startsWith('data:')) {
      const from = start.charCodeAt(5) === SPACE ? 6 : 5;
      overflow(start.slice(from), tail.length - from);
    } else if (start.startsWith('id:')) {
      id = null;
      overflow('', tail.length - (start.charCodeAt(3) === SPACE ? 4 : 3));
    } else if (start.startsWith('event:')) {
      name = '';
      overflow('', tail.length - (start.charCodeAt(6) === SPACE ? 7 : 6));
    } else {
      skipping = 'nothing';
    }
    tail.clear();
  }

  function keep(chunk: Buffer, start: number, end: number): void {
    if (start >= end) return;
    if (skipping !== null) {
      if (skipping === 'block') bytes += end - start;
      return;
    }
    tail.append(chunk, start, end);
    if (tail.length > lineBound) startSkipping();
  }

  function endKeptLine(): void {
    if (skipping !== null) {
      skipping = null;
      return;
    }
    const line = tail.take();
    readLine(line, 0, line.length);
  }

  function feedPart(chunk: Buffer): void {
    let start = 0;
    if (swallowLf) {
      swallowLf = false;
      if (chunk[0] === LF) start = 1;
    }
    const hasCr = chunk.indexOf(CR, start) !== -1;
    const last = Math.max(chunk.lastIndexOf(LF), hasCr ? chunk.lastIndexOf(CR) : -1);
    if (last < start) {
      keep(chunk, start, chunk.length);
      return;
    }
    if (tail.length > 0 || skipping !== null) {
      const lf = chunk.indexOf(LF, start);
      const cr = hasCr ? chunk.indexOf(CR, start) : -1;
      const end = lf === -1 ? cr : cr === -1 ? lf : Math.min(lf, cr);
      keep(chunk, start, end);
      endKeptLine();
      start = end + 1;
      if (end === cr && start === lf) start++;
    }
    if (start <= last) {
      const bytes = chunk.subarray(start, last + 1);
      const text = decode(bytes);
      // Of the same length only where each byte became one character, so that their indexes mean the same.
      readLines(text, !hasCr && text.length === bytes.length ? bytes : null);
    }
    keep(chunk, last + 1, chunk.length);
    // A bare CR ends its line at once; whether an LF belongs to it shows later.
    swallowLf = chunk[chunk.length - 1] === CR;
  }

  /** The chunk without a BOM at the very start of the stream; null while that cannot be told yet. */
  function withoutBom(chunk: Buffer): Buffer | null {
    let bytes = chunk;
    if (tail.length > 0) bytes = Buffer.concat([BOM.subarray(0, tail.length), chunk]);
    const length = Math.min(bytes.length, BOM.length);
    const matches = bytes.compare(BOM, 0, length, 0, length) === 0;
    tail.clear();
    if (matches && length < BOM.length) {
      tail.append(bytes, 0, length);
      return null;
    }
    started = true;
    return matches ? bytes.subarray(BOM.length) : bytes;
  }

  return {
    isMidway: () => tail.length > 0 || skipping !== null || !isBetweenBlocks(),
    feed(chunk) {
      items = [];
      let rest: Buffer | null = asBuffer(chunk);
      if (!started && rest.length > 0) rest = withoutBom(rest);
      if (rest === null) return items;
      for (let at = 0; at < rest.length; at += PART_BYTES) feedPart(rest.subarray(at, at + PART_BYTES));
      return items;
    },
  };
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
