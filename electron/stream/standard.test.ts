import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import {
  beginSse,
  createManualClock,
  startTestServer,
  waitFor,
  watchStream,
  type TestServer,
  type Watched,
} from './testing.ts';
import type { StreamItem, StreamOptions } from './types.ts';
import type { RequestListener } from 'node:http';

/**
 * What the test suites of the SSE world agree on (web-platform-tests `eventsource/`, those of the best-known clients),
 * asked of the whole stream over real sockets. The parser's own tests cut the bytes; here is what a server sees and
 * what a listener would be told.
 */

const outcome: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of outcome.splice(0).toReversed()) await end();
});

async function serve(listener: RequestListener): Promise<TestServer> {
  const server = await startTestServer(listener);
  outcome.push(server.close);
  return server;
}

function watch(url: string, options: Partial<StreamOptions> = {}): ReturnType<typeof watchStream> {
  const watched = watchStream(url, options);
  outcome.push(watched.stream.close);
  return watched;
}

/** A server below HTTP: writes these bytes once a request is there, then ends the connection unless told to hold it. */
async function serveBytes(bytes: string | Buffer, hold = false): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => (hold ? socket.write(bytes) : socket.end(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  outcome.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** As EventSource's listeners get it: name, data, and the last id there was, in this block or before. */
function told(items: readonly StreamItem[]): [string, string, string][] {
  let lastId = '';
  return items.flatMap((item): [string, string, string][] => {
    lastId = item.id ?? lastId;
    return item.kind === 'event' ? [[item.name, item.data, lastId]] : [];
  });
}

function lastFailure({ states }: Watched): { code: string; status: number | null; detail: string } {
  const waiting = states.findLast((state) => state.phase === 'waiting');
  if (waiting?.phase !== 'waiting') throw new Error('never waited');
  return waiting.failure;
}

describe('what a listener is told', () => {
  test.each<[string, string, [string, string, string][]]>([
    [
      'an id stays until another comes, or an empty one',
      'id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\ndata: e\n\n',
      [
        ['message', 'a', '1'],
        ['message', 'b', '1'],
        ['message', 'c', '2'],
        ['message', 'd', ''],
        ['message', 'e', ''],
      ],
    ],
    [
      'a name does not',
      'event: x\ndata: a\n\ndata: b\n\n',
      [
        ['x', 'a', ''],
        ['message', 'b', ''],
      ],
    ],
    ['the last name of a block counts', 'event: x\nevent: y\ndata: a\n\n', [['y', 'a', '']]],
    ['fields in any order', 'data: a\nid: 1\nevent: x\n\n', [['x', 'a', '1']]],
    ['a name keeps its second space', 'event:  x \ndata:  a \n\n', [[' x ', ' a ', '']]],
    ['a space before a field is part of its name', ' data: a\n id: 1\ndata: b\n\n', [['message', 'b', '']]],
    ['a space before the colon, too', 'data : a\ndata: b\n\n', [['message', 'b', '']]],
    [
      'names of fields are small letters',
      'Data: a\nDATA: b\nEvent: x\nId: 1\ndata: c\n\n',
      [['message', 'c', '']],
    ],
    ['NUL in a field’s name', 'data\0: a\n\0data: b\nda\0ta: c\ndata: d\n\n', [['message', 'd', '']]],
    ['NUL in data is data', 'data: \0\ndata:\0a\n\n', [['message', '\0\n\0a', '']]],
    ['NUL in a name is part of it', 'event: \0x\ndata: a\n\n', [['\0x', 'a', '']]],
    [
      'NUL in an id: the one before stays',
      'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n',
      [
        ['message', 'a', '1'],
        ['message', 'b', '1'],
      ],
    ],
    [
      'LF CR is two line ends',
      'data: a\n\rdata: b\n\n',
      [
        ['message', 'a', ''],
        ['message', 'b', ''],
      ],
    ],
    [
      'each line end in turn',
      'data: a\r\n\ndata: b\r\r\ndata: c\n\r\n',
      [
        ['message', 'a', ''],
        ['message', 'b', ''],
        ['message', 'c', ''],
      ],
    ],
    [
      'vertical tab, form feed, NEL, LS are no line ends',
      'data: a\u000b\u000c\u0085\u2028b\n\n',
      [['message', 'a\u000b\u000c\u0085\u2028b', '']],
    ],
    ['more blank lines than one are nothing', '\n\n\r\n\rdata: a\n\n\n\n\n', [['message', 'a', '']]],
    [
      'a comment within an event, long and with a colon',
      `data: a\n:${':x\0'.repeat(3000)}\ndata: b\n\n`,
      [['message', 'a\nb', '']],
    ],
    ['a comment that looks like a field', ':data: a\n: id: 1\ndata: b\n\n', [['message', 'b', '']]],
    [
      'the first BOM only',
      '\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: c\n\n',
      [
        ['message', 'a', ''],
        ['message', 'c', ''],
      ],
    ],
    [
      'an empty event, then one of a line end',
      'data\n\ndata\ndata\n\n',
      [
        ['message', '', ''],
        ['message', '\n', ''],
      ],
    ],
    [
      'what is cut off before its blank line',
      'data: a\n\nid: 9\nevent: x\ndata: b\n',
      [['message', 'a', '']],
    ],
    ['1 MiB of data', `data: ${'x'.repeat(1 << 20)}\n\n`, [['message', 'x'.repeat(1 << 20), '']]],
    ['€ 豆腐 🎉', 'event: 豆腐\nid: €\ndata: 🎉\n\n', [['豆腐', '🎉', '€']]],
  ])('%s', async (_, stream, expected) => {
    const server = await serve((__, response) => void beginSse(response).end(stream));
    const watched = watch(server.url, { limits: { minRetryMs: 5_000 } });
    await watched.until('waiting');
    expect(told(watched.items)).toEqual(expected);
  });

  test('bytes that trickle in one by one', async () => {
    const bytes = Buffer.from('\uFEFFid: €1\r\nevent: 豆\rdata: 腐🎉\r\n\r\ndata: b\r\r');
    const server = await serve((_, response) => {
      beginSse(response);
      let at = 0;
      const next = (): void => {
        if (at === bytes.length) response.end();
        else response.write(bytes.subarray(at, ++at), () => setImmediate(next));
      };
      next();
    });
    const watched = watch(server.url, { limits: { minRetryMs: 5_000 } });
    await watched.until('waiting');
    expect(told(watched.items)).toEqual([
      ['豆', '腐🎉', '€1'],
      ['message', 'b', '€1'],
    ]);
  });
});

describe('what a server sees', () => {
  test('a plain GET that wants a stream, fresh and as it is', async () => {
    const server = await serve((_, response) => void beginSse(response));
    const watched = watch(`${server.url}/a/b?c=d&e=%D0%B6#fragment`, {
      headers: () => Promise.resolve({ 'X-Trace': 'ж 1' }),
    });
    await watched.until('open');
    const [request] = server.requests;
    expect([request?.method, request?.url]).toEqual(['GET', '/a/b?c=d&e=%D0%B6']);
    const { 'x-trace': trace, ...headers } = request?.headers ?? {};
    expect(Buffer.from(String(trace), 'latin1').toString('utf8')).toBe('ж 1');
    expect(headers).toEqual({
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
      // What Fetch puts on the wire for EventSource's cache mode "no-store" (HTTP-network-or-cache fetch, step 8.16).
      'cache-control': 'no-cache',
      connection: 'close',
      host: new URL(server.url).host,
    });
  });

  test.each<[string, string, string | undefined]>([
    ['the last id', 'id: 1\ndata: a\n\nid: 2\ndata: b\n\n', '2'],
    ['the last id though later events had none', 'id: 1\ndata: a\n\ndata: b\n\n', '1'],
    ['the id of a block without data', 'id: 1\ndata: a\n\nid: 2\n\n', '2'],
    ['none after an empty one', 'id: 1\ndata: a\n\nid:\ndata: b\n\n', undefined],
    ['not the id of an event cut off', 'id: 1\ndata: a\n\nid: 2\ndata: b\n', '1'],
    ['an id of many scripts', 'id: ключ 漢 é🎉\ndata: a\n\n', 'ключ 漢 é🎉'],
    ['an opaque id as it is', 'id: 1712:3,"a";b=c\ndata: a\n\n', '1712:3,"a";b=c'],
    ['a long id', `id: ${'ж'.repeat(2048)}\ndata: a\n\n`, 'ж'.repeat(2048)],
    ['blanks within an id', 'id: a b\tc\ndata: a\n\n', 'a b\tc'],
    ['not an id with a space at its end', 'id: 1\ndata: a\n\nid: 2 \ndata: b\n\n', '1'],
    ['not an id with a tab at its end', 'id: 1\ndata: a\n\nid: 2\t\ndata: b\n\n', '1'],
    ['not an id with a space at its beginning', 'id: 1\ndata: a\n\nid:  2\ndata: b\n\n', '1'],
    ['not an id with a tab at its beginning', 'id: 1\ndata: a\n\nid:\t2\ndata: b\n\n', '1'],
    ['not a blank', 'id: 1\ndata: a\n\nid:  \ndata: b\n\n', '1'],
    ['not an id that no server would take back', `id: 1\nid: ${'x'.repeat(2049)}\ndata: a\n\n`, '1'],
  ])('Last-Event-ID on the way back: %s', async (_, stream, expected) => {
    const server = await serve((request, response) => {
      beginSse(response).end(request.headers['last-event-id'] === undefined ? stream : '');
    });
    const watched = watch(server.url);
    await waitFor(() => server.requests.length > 1, 'a second request');
    await watched.stream.close();
    const [first, second] = server.requests.map(({ headers }) => headers['last-event-id']);
    expect(first).toBeUndefined();
    const id = second === undefined ? undefined : Buffer.from(String(second), 'latin1').toString('utf8');
    expect(id).toBe(expected);
  });
});

test('a server that never promised a sign of life may be quiet: the way back stays short', async () => {
  const clock = createManualClock();
  const server = await serve((_, response) => void beginSse(response));
  const limits = { retryMs: 1_000, minRetryMs: 500, maxRetryMs: 60_000, idleMs: 90_000 };
  const watched = watch(server.url, { clock, limits, random: () => 1 });
  for (let quiet = 1; quiet <= 6; quiet++) {
    await watched.until('open', quiet);
    clock.advance(90_000);
    await watched.until('waiting', quiet);
    const state = watched.states.at(-1);
    expect(state?.phase === 'waiting' && state.retryAt - clock.now()).toBe(1_500);
    clock.advance(1_500);
  }
});

describe('a server that ends each answer', () => {
  /** The first waits' lengths, ms, when each attempt is answered with `answer` and ended. */
  async function waitsFor(answer: (lastEventId: number) => string): Promise<number[]> {
    const clock = createManualClock();
    const server = await serve((request, response) => {
      beginSse(response).end(answer(Number(request.headers['last-event-id'] ?? 0)));
    });
    const limits = { retryMs: 1_000, minRetryMs: 500, maxRetryMs: 60_000 };
    const watched = watch(server.url, { clock, limits, random: () => 1 });
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      await watched.until('waiting', attempt);
      const state = watched.states.at(-1);
      waits.push(state?.phase === 'waiting' ? state.retryAt - clock.now() : 0);
      clock.advance(waits.at(-1) ?? 0);
    }
    return waits;
  }

  test.each<[string, (lastEventId: number) => string, number[]]>([
    ['with what is new', (id) => `id: ${id + 1}\ndata: a\n\ndata: b\n\n`, [1_500, 1_500, 1_500, 1_500]],
    ['after a new id alone', (id) => `id: ${id + 1}\n\n`, [1_500, 1_500, 1_500, 1_500]],
    ['with the same again', () => 'id: 1\ndata: a\n\nid: 2\ndata: b\n\n', [1_500, 2_000, 4_000, 8_000]],
    ['without an id', () => 'data: a\n\n', [1_500, 2_000, 4_000, 8_000]],
  ])('%s', async (_, answer, expected) => expect(await waitsFor(answer)).toEqual(expected));
});

describe('which answers are streams', () => {
  test.each([
    ['text/event-stream', true],
    ['text/event-stream;', true],
    ['text/event-stream;charset=UTF-8', true],
    ['text/event-stream;x bogus', true],
    ['  Text/EVENT-stream\t; a=b', true],
    ['text/plain, text/event-stream', true],
    ['text/event-stream, text/event-stream;charset=utf-8', true],
    ['text/event-stream, text/plain', false],
    ['text/event-stream charset=utf-8', false],
    ['text/event-stream/x', false],
    ['text/x-event-stream', false],
    ['x, text/event-stream-x', false],
    ['event-stream', false],
    [',', false],
  ])('content type %j: %s', async (type, isStream) => {
    const url = await serveBytes(`HTTP/1.1 200 OK\r\nContent-Type:${type}\r\n\r\ndata: a\n\n`);
    const watched = watch(url, { limits: { minRetryMs: 5_000 } });
    await watched.until('waiting');
    expect(watched.data()).toEqual(isStream ? ['a'] : []);
    expect(lastFailure(watched).code).toBe(isStream ? 'closed' : 'content_type');
  });

  test('two Content-Type fields, as a proxy makes them that adds its own', async () => {
    const type = 'Content-Type: text/event-stream\r\n';
    const url = await serveBytes(`HTTP/1.1 200 OK\r\n${type}${type}\r\ndata: a\n\n`);
    const watched = watch(url);
    await waitFor(() => watched.items.length > 0, 'the event');
  });

  test.each([205, 206, 210, 299, 300, 400, 404, 410, 431, 502, 599])(
    '%i is none, whatever it says it is',
    async (status) => {
      const head = `HTTP/1.1 ${status} So\r\nContent-Type: text/event-stream\r\n`;
      const url = await serveBytes(`${head}Connection: close\r\n\r\ndata: a\n\n`);
      const watched = watch(url, { limits: { minRetryMs: 5_000 } });
      await watched.until('waiting');
      expect(watched.items).toEqual([]);
      expect(lastFailure(watched)).toMatchObject({ code: 'http', status });
    },
  );

  test.each<[string, string]>([
    [
      'HTTP/1.0 that ends by closing',
      'HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n',
    ],
    [
      'a known length',
      'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\ndata: a\n\n',
    ],
    [
      'chunks with extensions and a trailer',
      'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '5;x=y\r\ndata:\r\n4\r\n a\n\n\r\n0\r\nX-End: 1\r\n\r\n',
    ],
    [
      'interim answers before it',
      'HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n',
    ],
    [
      'an encoding that is none',
      'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: identity\r\n\r\ndata: a\n\n',
    ],
  ])('%s', async (_, bytes) => {
    for (const hold of [false, true]) {
      const watched = watch(await serveBytes(bytes, hold));
      await waitFor(() => watched.items.length > 0, 'the event');
      expect(watched.data()[0]).toBe('a');
    }
  });

  test('a compressed answer that nobody asked for is told, not read', async () => {
    const body = gzipSync('id: 1\ndata: a\n\n');
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
      response.write(body);
    });
    const watched = watch(server.url);
    await watched.until('waiting', 2);
    expect(lastFailure(watched)).toMatchObject({ code: 'content_type', status: 200 });
    expect(lastFailure(watched).detail).toContain('gzip');
    expect(watched.items).toEqual([]);
    expect(watched.phases()).not.toContain('open');
  });
});
