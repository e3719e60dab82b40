import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROPERTY_SEED } from '../integration/seed.ts';
import { createSseParser, HEAD_BYTES } from './sse-parser.ts';
import type { StreamItem } from './types.ts';
import { headOf } from './utf8.ts';

const encoder = new TextEncoder();

function bytesOf(source: string | Uint8Array): Uint8Array {
  return typeof source === 'string' ? encoder.encode(source) : source;
}

interface Parsed {
  readonly items: StreamItem[];
  readonly retries: number[];
}

function parse(chunks: readonly (string | Uint8Array)[], maxEventBytes = 1 << 20): Parsed {
  const retries: number[] = [];
  const parser = createSseParser({ maxEventBytes, onRetry: (ms) => retries.push(ms) });
  const items = chunks.flatMap((chunk) => parser.feed(bytesOf(chunk)));
  return { items, retries };
}

/** One chunk a byte. */
function split(source: string | Uint8Array): Uint8Array[] {
  return [...bytesOf(source)].map((byte) => Uint8Array.of(byte));
}

function event(data: string, id: string | null = null, name = 'message'): StreamItem {
  return { kind: 'event', id, name, data };
}

/** The standard's algorithm, word by word and slow: decode all, split into lines, interpret fields. */
function reference(stream: Uint8Array, maxEventBytes = 1 << 20): Parsed {
  const items: StreamItem[] = [];
  const retries: number[] = [];
  const text = new TextDecoder('utf-8').decode(stream);
  const lines = text.split(/\r\n|\n|\r/);
  lines.pop();
  let data: string[] = [];
  let name = '';
  let id: string | null = null;
  for (const line of lines) {
    if (line === '') {
      const whole = data.join('\n');
      const bytes = encoder.encode(whole).length;
      if (data.length > 0 && bytes > maxEventBytes) {
        // Once over the bound, later lines are counted, not kept.
        let kept = data[0] as string;
        for (const more of data.slice(1)) {
          if (encoder.encode(kept).length > maxEventBytes) break;
          kept += `\n${more}`;
        }
        items.push({ kind: 'oversize', id, name: name || 'message', head: headOf(kept, HEAD_BYTES), bytes });
      } else if (data.length > 0) {
        items.push({ kind: 'event', id, name: name || 'message', data: whole });
      } else if (id !== null) {
        items.push({ kind: 'id', id });
      }
      data = [];
      name = '';
      id = null;
      continue;
    }
    const match = /^([^:]*)(?::( ?)(.*))?$/su.exec(line);
    if (!match || line.startsWith(':')) continue;
    const [, field, , value = ''] = match;
    if (field === 'data') data.push(value);
    else if (field === 'event') name = value;
    // Nor one that HTTP would trim on its way back.
    // oxlint-disable-next-line no-control-regex
    else if (field === 'id' && !/[\u0000-\u0008\u000a-\u001f\u007f]|^[ \t]|[ \t]$/.test(value)) id = value;
    else if (field === 'retry' && /^[0-9]+$/.test(value)) retries.push(Number(value));
  }
  return { items, retries };
}

describe('what the standard says', () => {
  test.each<[string, string, StreamItem[]]>([
    ['a simple event', 'data: a\n\n', [event('a')]],
    ['id and name', 'id: 7\nevent: tick\ndata: a\n\n', [event('a', '7', 'tick')]],
    ['CR as line end', 'data: a\rid: 1\r\r', [event('a', '1')]],
    ['CRLF as line end', 'data: a\r\nid: 1\r\n\r\n', [event('a', '1')]],
    ['line ends mixed', 'data: a\r\ndata: b\rdata: c\n\r\n', [event('a\nb\nc')]],
    ['several lines of data', 'data: a\ndata:b\ndata\ndata:  c\n\n', [event('a\nb\n\n c')]],
    ['empty data is an event', 'data\n\ndata:\n\ndata: \n\n', [event(''), event(''), event('')]],
    ['only one space is taken away', 'data:  two\n\n', [event(' two')]],
    ['a tab is kept', 'data:\ta\n\n', [event('\ta')]],
    ['comments are nothing', ': hello\n:\ndata: a\n: again\n\n: end\n\n', [event('a')]],
    ['unknown fields are nothing', 'dat: x\ndatabase: y\nfoo\ndata: a\nID: 9\n\n', [event('a')]],
    ['a name without data is nothing', 'event: x\n\ndata: a\n\n', [event('a')]],
    ['an empty name is message', 'event: x\nevent:\ndata: a\n\n', [event('a')]],
    ['an id without data moves the cursor', 'id: 5\n\ndata: a\n\n', [{ kind: 'id', id: '5' }, event('a')]],
    ['an empty id is an id', 'id: 5\nid\ndata: a\n\nid:\ndata: b\n\n', [event('a', ''), event('b', '')]],
    ['the last id of a block counts', 'id: 1\ndata: a\nid: 2\n\n', [event('a', '2')]],
    ['an id with NUL is ignored', 'id: 1\nid: 2\u00003\ndata: a\n\n', [event('a', '1')]],
    ['an id no header can carry is ignored', 'id: 1\nid: 2\u0001\ndata: a\n\n', [event('a', '1')]],
    ['an unfinished block is discarded', 'data: a\n\nid: 2\ndata: b\n', [event('a')]],
    ['an unfinished line is discarded', 'data: a\n\nid: 2\ndata: b', [event('a')]],
    ['colons within the value', 'data: a:b: c\nid: 1712:3\n\n', [event('a:b: c', '1712:3')]],
    ['text of any script', 'data: Анна 漢字 🎉\nid: ключ\n\n', [event('Анна 漢字 🎉', 'ключ')]],
    ['a BOM at the start', '\uFEFFdata: a\n\n', [event('a')]],
    ['only one BOM', '\uFEFF\uFEFFdata: a\n\ndata: b\n\n', [event('b')]],
    ['a BOM elsewhere is text', 'data: \uFEFFa\n\n', [event('\uFEFFa')]],
    ['a BOM alone', '\uFEFF', []],
    ['nothing', '', []],
  ])('%s', (_, stream, items) => {
    expect(parse([stream]).items).toEqual(items);
    expect(parse(split(stream)).items).toEqual(items);
    expect(reference(encoder.encode(stream)).items).toEqual(items);
  });

  test('retry takes digits only, however many', () => {
    const stream =
      'retry: 10\nretry: 0\nretry: -1\nretry: 1.5\nretry: 1e3\nretry:\nretry: ١٢\nretry: 99999999999\n';
    const huge = `retry: ${'9'.repeat(400)}\n`;
    expect(parse([stream, huge]).retries).toEqual([10, 0, 99999999999, Infinity]);
    expect(parse(split(stream + huge)).retries).toEqual([10, 0, 99999999999, Infinity]);
  });

  test('invalid UTF-8 is replaced as the standard decoder does', () => {
    const stream = Uint8Array.of(
      ...encoder.encode('data: '),
      0xe4,
      0xb8,
      0x41,
      0xff,
      0xc0,
      0xaf,
      0xf0,
      0x9f,
      0x0a,
      0x0a,
    );
    const expected = [event('\uFFFDA\uFFFD\uFFFD\uFFFD\uFFFD')];
    expect(parse([stream]).items).toEqual(expected);
    expect(parse(split(stream)).items).toEqual(expected);
  });
});

describe('nothing is late', () => {
  test('a bare CR at the end of a chunk dispatches at once', () => {
    const parser = createSseParser({ maxEventBytes: 1000 });
    expect(parser.feed(encoder.encode('data: a\r\r'))).toEqual([event('a')]);
    // The LF that belonged to it must not end the next block early.
    expect(parser.feed(encoder.encode('\ndata: b\r'))).toEqual([]);
    expect(parser.feed(encoder.encode('\n\r'))).toEqual([event('b')]);
    expect(parser.feed(encoder.encode('\n'))).toEqual([]);
    expect(parser.feed(encoder.encode('\n'))).toEqual([]);
    expect(parser.feed(encoder.encode('data: c\n\n'))).toEqual([event('c')]);
  });

  test('a BOM split over chunks does not break the first field', () => {
    const stream = encoder.encode('\uFEFFid: 1\ndata: a\n\n');
    for (const cut of [1, 2, 3, 4]) {
      expect(parse([stream.subarray(0, cut), stream.subarray(cut)]).items).toEqual([event('a', '1')]);
    }
    expect(parse([Uint8Array.of(0xef), Uint8Array.of(0xbb), 'data: x\n\n']).items).toEqual([]);
  });
});

describe('bounds', () => {
  const max = 10_000;

  test('an event over the bound is reported with its head and its id, before or after the data', () => {
    const big = 'ж'.repeat(max);
    const before = parse([`id: 4\nevent: e\ndata: ${big}\n\ndata: next\n\n`], max).items;
    const after = parse([`event: e\ndata: ${big}\nid: 4\n\ndata: next\n\n`], max).items;
    const head = 'ж'.repeat(HEAD_BYTES / 2);
    expect(before).toEqual([{ kind: 'oversize', id: '4', name: 'e', head, bytes: 2 * max }, event('next')]);
    expect(after).toEqual(before);
    expect(parse(split(`id: 4\nevent: e\ndata: ${big}\n\ndata: next\n\n`), max).items).toEqual(before);
  });

  test('the bound holds for the sum of many lines, exactly', () => {
    const line = 'data: 1234567\n';
    const fits = `${line.repeat(max / 8)}id: 1\n\n`;
    expect(parse([fits], max - 1).items[0]?.kind).toBe('event');
    expect(parse([fits], max - 2).items[0]).toMatchObject({ kind: 'oversize', id: '1', bytes: max - 1 });
    expect(parse(split(fits), max - 2).items[0]).toMatchObject({ kind: 'oversize', bytes: max - 1 });
  });

  test.each([
    ['data', 'data: '],
    ['a comment', ':'],
    ['an unknown field', 'unknown: '],
    ['an id', 'id: '],
    ['a name', 'event: '],
    ['retry', 'retry: '],
    ['no field at all', ''],
  ])('64 MB without a line end cost bounded memory: %s', (_, field) => {
    const parser = createSseParser({ maxEventBytes: max });
    const chunk = new Uint8Array(65_536).fill(0x37);
    expect(parser.feed(encoder.encode(`data: first\n\n${field}`))).toEqual([event('first')]);
    const before = process.memoryUsage();
    for (let at = 0; at < 1024; at++) expect(parser.feed(chunk)).toEqual([]);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4 << 20);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(16 << 20);
    const [item, next] = parser.feed(encoder.encode('\n\ndata: next\n\n')).slice(-2);
    if (next === undefined) {
      expect(item).toEqual(event('next'));
    } else {
      expect(item).toMatchObject({ kind: 'oversize', id: null, name: 'message', bytes: 64 << 20 });
      expect(next).toEqual(event('next'));
    }
  });

  test('an endless line of data keeps its head and the id that came before', () => {
    const parser = createSseParser({ maxEventBytes: max });
    parser.feed(encoder.encode('id: 9\ndata: ab'));
    for (let at = 0; at < 100; at++) parser.feed(new Uint8Array(1000).fill(0x63));
    expect(parser.feed(encoder.encode('\ndata: more\n\n'))).toEqual([
      {
        kind: 'oversize',
        id: '9',
        name: 'message',
        head: `ab${'c'.repeat(HEAD_BYTES - 2)}`,
        bytes: 100_002 + 5,
      },
    ]);
  });

  test('a very large chunk is taken in parts', () => {
    const one = `id: 1\ndata: ${'x'.repeat(290)}\n\n`;
    expect(parse([one.repeat(10_000)]).items).toHaveLength(10_000);
  });
});

describe('properties', () => {
  const pieces = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n') },
    {
      weight: 6,
      arbitrary: fc.constantFrom('data:', 'data: ', 'data', 'id:', 'id: ', 'event: ', 'retry: ', ': ', ':'),
    },
    { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('\uFEFF', '\u0000', 'ж', '漢', '🎉', '123', 'a'.repeat(70), 'é'.repeat(40)),
    },
  );
  const streams = fc.array(pieces, { maxLength: 60 }).map((all) => encoder.encode(all.join('')));
  const rawStreams = fc
    .array(fc.oneof(streams, fc.uint8Array({ maxLength: 6 })), { maxLength: 6 })
    .map((all) => Uint8Array.from(all.flatMap((part) => [...part])));
  const cuts = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 40 });

  function cutUp(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    let at = 0;
    for (const size of sizes) {
      chunks.push(stream.slice(at, at + size));
      at += size;
    }
    chunks.push(stream.slice(at));
    return chunks;
  }

  /** Bytes of an oversize event with invalid UTF-8 depend on whether they were counted before or after decoding. */
  function withoutSizes({ items, retries }: Parsed): Parsed {
    return { items: items.map((item) => (item.kind === 'oversize' ? { ...item, bytes: 0 } : item)), retries };
  }

  test('any chunking of any stream parses alike, and as the standard says', () => {
    fc.assert(
      fc.property(rawStreams, cuts, (stream, sizes) => {
        const expected = reference(stream);
        expect(parse([stream])).toEqual(expected);
        expect(parse(cutUp(stream, sizes))).toEqual(expected);
        expect(parse(split(stream))).toEqual(expected);
      }),
      { seed: PROPERTY_SEED, numRuns: 2000, verbose: 1 },
    );
  });

  test('any chunking parses alike with tight bounds', { tags: 'long' }, () => {
    const long = fc
      .tuple(
        fc.constantFrom('data: ', 'id: ', 'event:', ': ', 'x: '),
        fc.integer({ min: 30, max: 9000 }),
        fc.constantFrom('a', 'ж', '🎉'),
      )
      .map(([field, times, unit]) => encoder.encode(`\n${field}${unit.repeat(times)}\n`));
    const mixed = fc
      .array(fc.oneof(rawStreams, long), { maxLength: 5 })
      .map((all) => Uint8Array.from(all.flatMap((part) => [...part])));
    fc.assert(
      fc.property(mixed, fc.array(fc.nat({ max: 3000 }), { maxLength: 40 }), (stream, sizes) => {
        const whole = withoutSizes(parse([stream], 60));
        expect(withoutSizes(parse(cutUp(stream, sizes), 60))).toEqual(whole);
        expect(withoutSizes(parse(split(stream), 60))).toEqual(whole);
      }),
      { seed: PROPERTY_SEED, numRuns: 120, verbose: 1 },
    );
  });

  test('oversize data is found as the standard decoder counts it', () => {
    const dataOnly = fc
      .array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.boolean()), { maxLength: 12 })
      .map((all) =>
        all.map(([value, end]) => `data: ${value.replace(/[\r\n]/g, '')}\n${end ? '\n' : ''}`).join(''),
      );
    fc.assert(
      fc.property(dataOnly, cuts, (text, sizes) => {
        const stream = encoder.encode(text);
        expect(parse(cutUp(stream, sizes), 100)).toEqual(reference(stream, 100));
      }),
      { seed: PROPERTY_SEED, numRuns: 1000, verbose: 1 },
    );
  });
});
