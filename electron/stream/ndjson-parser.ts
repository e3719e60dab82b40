import { HEAD_BYTES, type SseParser } from './sse-parser.ts';
import type { StreamItem, TransportCodec } from './types.ts';
import { asBuffer, createByteTail, headOf } from './utf8.ts';

export interface NdjsonParserOptions {
  /** Bytes of one line; what is longer becomes an `oversize` item, and costs no more memory than this. */
  readonly maxEventBytes: number;
  readonly codec: TransportCodec;
}

/**
 * One JSON object a line (https://github.com/ndjson/ndjson-spec), blank lines are heartbeats. A line the codec
 * cannot read becomes an event with the id and name that its beginning tells, so that it is set aside and the feed goes on.
 */
export function createNdjsonParser(options: NdjsonParserOptions): SseParser {
  const { maxEventBytes, codec } = options;
  const tail = createByteTail();
  /** Set while the rest of a line over the bound is skipped. */
  let skipped: { readonly head: string; bytes: number } | null = null;

  function readLine(items: StreamItem[], line: string): void {
    if (line.trim() === '') return;
    const bytes = line.length * 3 > maxEventBytes ? Buffer.byteLength(line) : 0;
    if (bytes > maxEventBytes) items.push(oversize(headOf(line, HEAD_BYTES), bytes));
    else items.push(readSafely(line));
  }

  function readSafely(line: string): StreamItem {
    try {
      return codec.ndjsonLine(line);
    } catch {
      const { id, name } = codec.ndjsonHead?.(line.slice(0, HEAD_BYTES)) ?? { id: null, name: 'message' };
      return { kind: 'event', id, name, data: line };
    }
  }

  function oversize(head: string, bytes: number): StreamItem {
    const { id, name } = codec.ndjsonHead?.(head) ?? { id: null, name: 'message' };
    return { kind: 'oversize', id, name, head, bytes };
  }

  function keep(chunk: Buffer, start: number, end: number): void {
    if (skipped !== null) {
      skipped.bytes += end - start;
      return;
    }
    tail.append(chunk, start, end);
    if (tail.length <= Math.max(maxEventBytes, HEAD_BYTES)) return;
    skipped = { head: headOf(tail.peek(HEAD_BYTES), HEAD_BYTES), bytes: tail.length };
    tail.clear();
  }

  return {
    isMidway: () => tail.length > 0 || skipped !== null,
    feed(chunk) {
      const items: StreamItem[] = [];
      const bytes = asBuffer(chunk);
      let start = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
        if (skipped === null && tail.length === 0) {
          readLine(items, bytes.toString('utf8', start, end));
        } else {
          keep(bytes, start, end);
          if (skipped !== null) items.push(oversize(skipped.head, skipped.bytes));
          else readLine(items, tail.take());
          skipped = null;
        }
        start = end + 1;
      }
      if (start < bytes.length) keep(bytes, start, bytes.length);
      return items;
    },
  };
}
