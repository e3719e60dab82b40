import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROPERTY_SEED } from '../integration/seed.ts';
import { createNdjsonParser } from './ndjson-parser.ts';
import { HEAD_BYTES } from './sse-parser.ts';
import type { StreamItem, TransportCodec } from './types.ts';

const encoder = new TextEncoder();
const codec: TransportCodec = {
  ndjsonLine(line) {
    const { id } = JSON.parse(line) as { id: string };
    return { kind: 'event', id, name: 'n', data: line };
  },
  ndjsonHead: (head) => ({ id: /"id":"(\w+)"/.exec(head)?.[1] ?? null, name: 'n' }),
  pollAnswer: () => ({ items: [], more: false }),
  pollUrl: (url) => url,
};

function parse(chunks: readonly Uint8Array[], maxEventBytes = 1 << 20): StreamItem[] {
  const parser = createNdjsonParser({ maxEventBytes, codec });
  return chunks.flatMap((chunk) => parser.feed(chunk));
}

function split(text: string): Uint8Array[] {
  return [...encoder.encode(text)].map((byte) => Uint8Array.of(byte));
}

test('lines, blank lines, CRLF, text of any script; an unfinished line is discarded', () => {
  const a = '{"id":"1","t":"Анна 🎉"}';
  const b = '{"id":"2"}';
  const text = `${a}\n\n\r\n${b}\r\n{"id":"3"`;
  const expected = [
    { kind: 'event', id: '1', name: 'n', data: a },
    { kind: 'event', id: '2', name: 'n', data: `${b}\r` },
  ];
  expect(parse([encoder.encode(text)])).toEqual(expected);
  expect(parse(split(text))).toEqual(expected);
});

test('a line that is no JSON is told by what its beginning says, and the rest goes on', () => {
  expect(parse([encoder.encode('nonsense\n{"id":"1"}\n')])).toEqual([
    { kind: 'event', id: null, name: 'n', data: 'nonsense' },
    { kind: 'event', id: '1', name: 'n', data: '{"id":"1"}' },
  ]);
});

test('64 MB without a line end cost bounded memory', () => {
  const parser = createNdjsonParser({ maxEventBytes: 10_000, codec });
  parser.feed(encoder.encode('{"id":"9","x":"'));
  const chunk = new Uint8Array(65_536).fill(0x37);
  const before = process.memoryUsage().arrayBuffers;
  for (let at = 0; at < 1024; at++) expect(parser.feed(chunk)).toEqual([]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20);
  const [item, next] = parser.feed(encoder.encode('"}\n{"id":"10"}\n'));
  expect(item).toMatchObject({ kind: 'oversize', id: '9', name: 'n', bytes: (64 << 20) + 17 });
  expect(item?.kind === 'oversize' ? item.head.length : 0).toBe(HEAD_BYTES);
  expect(next).toMatchObject({ id: '10' });
});

test('any chunking parses alike', () => {
  const lines = fc.array(
    fc.oneof(
      fc
        .record({ id: fc.stringMatching(/^\w{1,5}$/), t: fc.string({ unit: 'grapheme', maxLength: 80 }) })
        .map((value) => JSON.stringify(value)),
      fc.constantFrom('', '\r', 'broken', `{"id":"big","t":"${'ж'.repeat(3000)}"}`),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(lines, fc.array(fc.nat({ max: 60 }), { maxLength: 30 }), (all, sizes) => {
      const bytes = encoder.encode(`${all.join('\n')}\n`);
      const chunks: Uint8Array[] = [];
      let at = 0;
      for (const size of sizes) {
        chunks.push(bytes.slice(at, at + size));
        at += size;
      }
      chunks.push(bytes.slice(at));
      expect(parse(chunks, 100)).toEqual(parse([bytes], 100));
    }),
    { seed: PROPERTY_SEED, numRuns: 500, verbose: 1 },
  );
});
