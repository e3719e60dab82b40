import { createServer as createTcpServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { startServer } from '../../server-mock/index.ts';
import { HttpError, type HttpPort } from '../ports/http.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import {
  beginSse,
  createManualClock,
  startTestServer,
  waitFor,
  watchStream,
  type TestServer,
  type Watched,
} from './testing.ts';
import type { StreamOptions } from './types.ts';
import type { RequestListener, ServerResponse } from 'node:http';

const servers: TestServer[] = [];
const streams: Watched[] = [];

afterEach(async () => {
  await Promise.all(streams.splice(0).map(({ stream }) => stream.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(listener: RequestListener): Promise<TestServer> {
  const server = await startTestServer(listener);
  servers.push(server);
  return server;
}

function watch(url: string, options: Partial<StreamOptions> = {}): ReturnType<typeof watchStream> {
  const watched = watchStream(url, options);
  streams.push(watched);
  return watched;
}

function lastFailure({ states }: Watched): { code: string; status: number | null; detail: string } {
  const waiting = states.findLast((state) => state.phase === 'waiting');
  if (waiting?.phase !== 'waiting') throw new Error('never waited');
  return waiting.failure;
}

/** Waits of what is tried ever more seldom, ms. */
const SELDOM = [10_000, 30_000, 60_000, 120_000, 300_000];

describe('an open stream', () => {
  test('delivers what comes, tells its states, sends the standard headers', async () => {
    const server = await serve((_, response) => {
      beginSse(response, 'id: 1\ndata: a\n\n');
    });
    const watched = watch(server.url, {
      cursor: () => 'ключ-7',
      headers: () => Promise.resolve({ Authorization: 'Bearer secret' }),
    });
    await waitFor(() => watched.items.length === 1, 'the event');
    expect(watched.items).toEqual([{ kind: 'event', id: '1', name: 'message', data: 'a' }]);
    expect(watched.states).toEqual([{ phase: 'connecting', attempt: 1 }, { phase: 'open' }]);
    const headers = server.requests[0]?.headers ?? {};
    expect(headers).toMatchObject({
      accept: 'text/event-stream',
      'cache-control': 'no-cache',
      authorization: 'Bearer secret',
    });
    expect(Buffer.from(String(headers['last-event-id']), 'latin1').toString('utf8')).toBe('ключ-7');
  });

  test('closing closes the socket and ends all callbacks', async () => {
    let calls = 0;
    const server = await serve((_, response) => {
      beginSse(response, 'data: a\n\n');
    });
    const watched = watch(server.url, { onAlive: () => calls++ });
    await waitFor(() => calls === 1, 'a sign of life');
    await watched.stream.close();
    expect(watched.phases().at(-1)).toBe('closed');
    await waitFor(() => server.sockets() === 0, 'the socket to close');
    watched.stream.retryNow('user');
    await watched.stream.close();
    expect(watched.phases().filter((phase) => phase === 'closed')).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  test('closing does not wait for a caller that never finishes, nor for a server that never answers', async () => {
    const server = await serve((_, response) => {
      beginSse(response, 'data: a\n\n');
    });
    let given = false;
    const stuck = watch(server.url, {
      onItems: () => {
        given = true;
        return new Promise(() => {});
      },
    });
    await waitFor(() => given, 'the items');
    await stuck.stream.close();
    await waitFor(() => server.sockets() === 0, 'the socket to close');

    const silent = await serve(() => {});
    const hanging = watch(silent.url);
    await waitFor(() => silent.requests.length === 1, 'the request');
    await hanging.stream.close();
    await waitFor(() => silent.sockets() === 0, 'the socket to close');

    const noHeaders = watch(server.url, { headers: () => new Promise(() => {}) });
    await noHeaders.until('connecting');
    await noHeaders.stream.close();
    expect(noHeaders.phases()).toEqual(['connecting', 'closed']);
  });

  test('reads no faster than its items are taken', async () => {
    const event = `data: ${'x'.repeat(1000)}\n\n`;
    let written = 0;
    let full = false;
    const server = await serve((_, response) => {
      beginSse(response);
      const pump = (): void => {
        while (written < 40_000) {
          written++;
          if (!response.write(event)) {
            response.once('drain', pump);
            full = written > 1000;
            return;
          }
        }
        response.end();
      };
      pump();
    });
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const watched = watch(server.url, { onItems: () => gate });
    await waitFor(() => full, 'the socket to fill');
    const held = written;
    expect(held).toBeLessThan(20_000);
    expect(watched.items).toHaveLength(0);
    release();
    await waitFor(() => watched.items.length >= 40_000, 'all of the flood');
  });

  test('holding the reader back is not silence', async () => {
    const clock = createManualClock();
    let release = (): void => {};
    let given = false;
    const server = await serve((_, response) => {
      beginSse(response, 'data: a\n\n');
    });
    const watched = watch(server.url, {
      clock,
      limits: { idleMs: 1_000 },
      onItems: () => {
        given = true;
        return new Promise<void>((resolve) => (release = resolve));
      },
    });
    await waitFor(() => given, 'the items');
    clock.advance(600_000);
    expect(watched.phases()).toEqual(['connecting', 'open']);
    release();
    await waitFor(() => watched.items.length === 1, 'the item');
    clock.advance(999);
    expect(watched.phases()).toEqual(['connecting', 'open']);
    clock.advance(1);
    await watched.until('waiting');
    expect(lastFailure(watched).code).toBe('silent');
  });

  test('items that could not be taken end the connection and come again', async () => {
    let fails = 1;
    const server = await serve((_, response) => {
      beginSse(response, 'id: 1\ndata: a\n\n');
    });
    const watched = watch(server.url, {
      onItems: () => {
        if (fails-- > 0) throw new Error('the disk is full');
      },
    });
    await waitFor(() => watched.items.length === 1, 'the item');
    expect(lastFailure(watched)).toMatchObject({ code: 'overloaded' });
    expect(lastFailure(watched).detail).toContain('the disk is full');
    expect(server.requests[1]?.headers['last-event-id']).toBeUndefined();
  });
});

describe('over a real socket', () => {
  test('a bare CR delays nothing, a BOM in pieces breaks nothing', async () => {
    const server = await serve((_, response) => {
      beginSse(response);
      response.write(Buffer.of(0xef), () => {
        setImmediate(() => {
          response.write(Buffer.of(0xbb, 0xbf), () =>
            setImmediate(() => response.write('id: 1\rdata: a\r\r')),
          );
        });
      });
    });
    const watched = watch(server.url);
    await waitFor(() => watched.items.length === 1, 'the event');
    expect(watched.items).toEqual([{ kind: 'event', id: '1', name: 'message', data: 'a' }]);
  });

  test('64 MB without a line end: bounded memory, then the next event', async () => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const held = (): number => {
      collect();
      return process.memoryUsage().arrayBuffers;
    };
    let peak = 0;
    let reads = 0;
    const measure = (): void => {
      if (++reads % 100 === 0) peak = Math.max(peak, held());
    };
    const server = await serve((_, response) => {
      beginSse(response, 'id: 1\ndata: ');
      let left = 64;
      const pump = (): void => {
        while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', pump);
        response.write('\n\nid: 2\ndata: next\n\n');
      };
      pump();
    });
    const before = held();
    const watched = watch(server.url, { onAlive: measure });
    await waitFor(() => watched.items.length === 2, 'both events');
    expect(watched.items[0]).toMatchObject({ kind: 'oversize', id: '1', bytes: 64 << 20 });
    expect(watched.items[1]).toMatchObject({ kind: 'event', id: '2', data: 'next' });
    expect(peak).toBeGreaterThan(0);
    // The server's own share lies in this process too; a client that kept the line would hold all 64 MB.
    expect(peak - before).toBeLessThan(24 << 20);
  });

  test('a certificate nobody vouches for is a failure, and no request is sent', async () => {
    const secure = await startServer({ tls: true });
    const watched = watch(`${secure.url}/api/events`, {
      headers: () => Promise.resolve({ authorization: 'secret' }),
    });
    await watched.until('waiting', 2);
    expect(lastFailure(watched).code).toBe('certificate');
    expect(secure.control.requests()).toEqual([]);
    await watched.stream.close();
    await secure.close();
  });
});

describe('resuming', () => {
  test('goes on after the last id taken; an event cut off half-way moves nothing', async () => {
    const server = await serve((request, response) => {
      const from = Number(request.headers['last-event-id'] ?? 0);
      beginSse(response, `id: ${from + 1}\ndata: ${from + 1}\n\nid: ${from + 2}\ndata: cut`);
      if (from < 4) response.end();
    });
    const watched = watch(server.url);
    await waitFor(() => watched.data().length === 5, 'five events');
    expect(watched.data()).toEqual(['1', '2', '3', '4', '5']);
    expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      '1',
      '2',
      '3',
      '4',
    ]);
    expect(watched.mostRequests()).toBe(1);
  });

  test('the cursor is asked anew before each attempt and may be empty', async () => {
    const cursors = [null, '', 'x'];
    const server = await serve((_, response) => void beginSse(response).end());
    watch(server.url, { cursor: () => (cursors.length > 0 ? (cursors.shift() ?? null) : 'z') });
    await waitFor(() => server.requests.length >= 4, 'four attempts');
    const sent = server.requests.slice(0, 4).map(({ headers }) => headers['last-event-id']);
    expect(sent).toEqual([undefined, undefined, 'x', 'z']);
  });
});

describe('answers', () => {
  test('204 stops until the user acts', async () => {
    let answer = 204;
    const server = await serve((_, response) => {
      if (answer === 200) beginSse(response, 'data: a\n\n');
      else response.writeHead(answer).end();
    });
    const watched = watch(server.url);
    await watched.until('stopped');
    expect(watched.states.at(-1)).toEqual({ phase: 'stopped', cause: 'no_content' });
    watched.stream.retryNow('resume');
    watched.stream.retryNow('network');
    answer = 200;
    watched.stream.retryNow('user');
    await waitFor(() => watched.items.length === 1, 'the event');
    expect(server.requests).toHaveLength(2);
  });

  test('403 stops; a change of network, waking and the user are worth one try each, many hints no storm', async () => {
    const clock = createManualClock();
    let answer = 403;
    const server = await serve((_, response) => {
      if (answer === 200) beginSse(response, 'data: a\n\n');
      else response.writeHead(answer, { 'content-type': 'application/problem+json' }).end('{}');
    });
    const watched = watch(server.url, { clock, limits: { minRetryMs: 500 } });
    for (const [index, why] of (['network', 'resume', 'user', 'network'] as const).entries()) {
      await watched.until('stopped', index + 1);
      expect(watched.states.at(-1)).toEqual({ phase: 'stopped', cause: 'forbidden' });
      clock.advance(3_600_000);
      expect(server.requests).toHaveLength(index + 1);
      if (index === 3) answer = 200;
      watched.stream.retryNow(why);
      if (index === 0) {
        await watched.until('stopped', 2);
        for (let hint = 0; hint < 100; hint++) watched.stream.retryNow('network');
        clock.advance(499);
        expect(watched.phases().at(-1)).toBe('stopped');
        clock.advance(1);
        await watched.until('stopped', 3);
        expect(server.requests).toHaveLength(3);
        break;
      }
    }
    answer = 200;
    clock.advance(500);
    watched.stream.retryNow('resume');
    await waitFor(() => watched.items.length === 1, 'the event');
    expect(server.requests).toHaveLength(4);
  });

  test.each([
    ['JSON that is no problem', { 'content-type': 'application/json' }, '{"message":"Forbidden"}'],
    ['nothing', {}, ''],
    ['plain text', { 'content-type': 'text/plain' }, 'Forbidden'],
  ])(
    'a 403 with %s may be something’s on the way: stopped, but tried again, ever more seldom',
    async (_, type, body) => {
      const clock = createManualClock();
      let answer = 403;
      const server = await serve((_request, response) => {
        if (answer === 200) beginSse(response, 'data: a\n\n');
        else response.writeHead(answer, type).end(body);
      });
      const watched = watch(server.url, { clock, random: () => 0 });
      let stops = 0;
      for (const wait of [...SELDOM, 300_000]) {
        await watched.until('stopped', ++stops);
        expect(watched.states.at(-1)).toEqual({ phase: 'stopped', cause: 'forbidden' });
        clock.advance(wait - 1);
        expect(server.requests).toHaveLength(stops);
        if (stops > SELDOM.length) answer = 200;
        clock.advance(1);
      }
      await waitFor(() => watched.items.length === 1, 'the event');
      expect(server.requests).toHaveLength(stops + 1);
    },
  );

  test.each([
    [429, 'throttled'],
    [500, 'http'],
    [503, 'http'],
    [404, 'http'],
    [201, 'http'],
    [304, 'http'],
  ])('%i backs off', async (status, code) => {
    let answers = 0;
    const server = await serve((_, response) => {
      if (++answers > 3) beginSse(response, 'data: a\n\n');
      else response.writeHead(status).end();
    });
    const watched = watch(server.url);
    await waitFor(() => watched.items.length === 1, 'the event');
    expect(lastFailure(watched)).toMatchObject({ code, status });
    const attempts = watched.states.flatMap((state) => (state.phase === 'waiting' ? [state.attempt] : []));
    expect(attempts).toEqual([1, 2, 3]);
  });

  test.each([
    ['text/html', false],
    ['text/event-streaming', false],
    ['', false],
    ['TEXT/Event-Stream ; charset="utf-8"', true],
    ['text/event-stream;charset=windows-1252', true],
  ])('content type %j: stream %s', async (type, good) => {
    const server = await serve((_, response) => {
      response.writeHead(200, type === '' ? {} : { 'content-type': type });
      response.write('data: ж\n\n');
    });
    const watched = watch(server.url);
    if (good) {
      await waitFor(() => watched.items.length === 1, 'the event');
      expect(watched.data()).toEqual(['ж']);
    } else {
      await watched.until('waiting', 2);
      expect(lastFailure(watched).code).toBe('content_type');
      expect(watched.items).toEqual([]);
    }
  });

  test('Retry-After is honoured, in seconds and as a date against the server’s clock, at most an hour', async () => {
    const answers = ['120', 'date', '999999999', 'nonsense'];
    const clock = createManualClock();
    const server = await serve((_, response) => {
      const answer = answers.shift();
      const serverNow = Date.UTC(2031, 0, 1);
      const after = answer === 'date' ? new Date(serverNow + 90_000).toUTCString() : answer;
      response.writeHead(503, { 'retry-after': after ?? '0', date: new Date(serverNow).toUTCString() }).end();
    });
    const watched = watch(server.url, {
      clock,
      random: () => 0.5,
      limits: { retryMs: 1_000, minRetryMs: 500, maxRetryMs: 60_000 },
    });
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      await watched.until('waiting', attempt);
      const state = watched.states.at(-1);
      if (state?.phase === 'waiting') delays.push(state.retryAt - clock.now());
      // Hints do not overrule the server.
      if (attempt < 4) watched.stream.retryNow('network');
      clock.advance(delays.at(-1) ?? 0);
    }
    expect(delays.slice(0, 3)).toEqual([120_500, 90_500, 3_600_500]);
    expect(delays[3]).toBe(4_500);
  });
});

describe('credentials', () => {
  test('401 renews once, at once', async () => {
    const asked: boolean[] = [];
    const server = await serve((request, response) => {
      if (request.headers.authorization === 'new') beginSse(response, 'data: a\n\n');
      else response.writeHead(401).end();
    });
    const watched = watch(server.url, {
      headers: (refused) => {
        asked.push(refused);
        return Promise.resolve({ authorization: refused ? 'new' : 'old' });
      },
    });
    await waitFor(() => watched.items.length === 1, 'the event');
    expect(asked).toEqual([false, true]);
    expect(watched.phases()).not.toContain('waiting');
  });

  test('who wants to go on at the very end of an attempt is heard, also where it had to stop', async () => {
    for (const [status, phase] of [
      [500, 'waiting'],
      [403, 'stopped'],
    ] as const) {
      let answer: number = status;
      const server = await serve((_, response) => {
        if (answer === 200) beginSse(response, 'data: a\n\n');
        else response.writeHead(answer).end();
      });
      const watched = watch(server.url, {
        limits: { retryMs: 60_000, minRetryMs: 60_000, maxRetryMs: 60_000 },
        onState(state) {
          if (state.phase !== phase) return;
          answer = 200;
          watched.stream.retryNow('user');
        },
      });
      await waitFor(() => watched.items.length === 1, `the event after ${phase}`);
      expect(server.requests).toHaveLength(2);
    }
  });

  test('new credentials that are refused too are tried again after a pause, then other ones; then it is said', async () => {
    const asked: boolean[] = [];
    const clock = createManualClock();
    const server = await serve((_, response) => void response.writeHead(401).end());
    const watched = watch(server.url, {
      clock,
      headers: (refused) => {
        asked.push(refused);
        return Promise.resolve({});
      },
    });
    await watched.until('waiting');
    expect(lastFailure(watched)).toMatchObject({ code: 'http', status: 401 });
    expect(asked).toEqual([false, true]);
    clock.advance(4_500);
    await watched.until('waiting', 2);
    expect(asked).toEqual([false, true, false, true]);
    clock.advance(4_500);
    await watched.until('refused');
    expect(asked).toEqual([false, true, false, true, false]);
    clock.advance(9_999);
    expect(server.requests).toHaveLength(5);
    watched.stream.retryNow('network');
    await watched.until('waiting', 3);
    expect(asked.slice(5)).toEqual([false, true]);
    clock.advance(4_500);
    await watched.until('refused', 2);
    expect(watched.phases()).not.toContain('unauthorized');
  });

  test('credentials that were refused are tried again soon, then ever more seldom, and others are had seldom', async () => {
    const clock = createManualClock();
    const asked: boolean[] = [];
    const server = await serve((_, response) => void response.writeHead(401).end());
    const watched = watch(server.url, {
      clock,
      random: () => 0,
      headers: (refused) => {
        asked.push(refused);
        return Promise.resolve({});
      },
    });
    for (const round of [1, 2]) {
      await watched.until('waiting', round);
      clock.advance(3_000);
    }
    for (const [index, wait] of SELDOM.entries()) {
      await watched.until('refused', index + 1);
      // A replica that is so far behind may know the last ones by now.
      expect(asked.slice(5)).toEqual(Array.from({ length: index }, () => false));
      clock.advance(wait - 1);
      expect(server.requests).toHaveLength(5 + index);
      clock.advance(1);
    }
    await watched.until('waiting', 3);
    expect(asked.slice(5 + SELDOM.length - 1)).toEqual([false, true]);
    clock.advance(3_000);
    await watched.until('refused', SELDOM.length + 1);
    const before = server.requests.length;
    clock.advance(299_999);
    expect(server.requests).toHaveLength(before);
    clock.advance(1);
    await watched.until('waiting', 4);
  });

  test.each(['network', 'resume', 'user'] as const)(
    'while credentials are refused, %s is worth one try, many hints no storm',
    async (why) => {
      const clock = createManualClock();
      const server = await serve((_, response) => void response.writeHead(401).end());
      const watched = watch(server.url, { clock, random: () => 0, limits: { minRetryMs: 500 } });
      for (const round of [1, 2]) {
        await watched.until('waiting', round);
        clock.advance(3_000);
      }
      await watched.until('refused');
      expect(server.requests).toHaveLength(5);
      clock.advance(500);
      watched.stream.retryNow(why);
      await watched.until('waiting', 3);
      expect(server.requests).toHaveLength(7);
      for (let hint = 0; hint < 100; hint++) watched.stream.retryNow('network');
      clock.advance(3_000);
      await watched.until('refused', 2);
      expect(server.requests).toHaveLength(8);
      for (let hint = 0; hint < 100; hint++) watched.stream.retryNow('network');
      clock.advance(499);
      await new Promise((resolve) => setImmediate(resolve));
      expect(watched.phases().at(-1)).toBe('refused');
      expect(server.requests).toHaveLength(8);
      clock.advance(1);
      await waitFor(() => server.requests.length > 8, 'the try');
    },
  );

  test('a replica that learns of new credentials a little later: no others are asked for', async () => {
    const clock = createManualClock();
    let known = false;
    const asked: boolean[] = [];
    const server = await serve((_, response) => {
      if (known) beginSse(response, 'data: a\n\n');
      else response.writeHead(401).end();
    });
    const watched = watch(server.url, {
      clock,
      headers: (refused) => {
        asked.push(refused);
        return Promise.resolve({});
      },
    });
    await watched.until('waiting');
    known = true;
    clock.advance(4_500);
    await waitFor(() => watched.items.length === 1, 'the event');
    expect(asked).toEqual([false, true, false]);
  });

  test.each([
    ['a page', { 'content-type': 'text/html' }],
    ['another kind of sign-in', { 'www-authenticate': 'Basic realm="Bearer of news"' }],
  ])('a 401 that a gateway made (%s) renews nothing: it is tried again', async (_, headers) => {
    const asked: boolean[] = [];
    let opened = false;
    const server = await serve((_request, response) => {
      if (opened) beginSse(response, 'data: a\n\n');
      else response.writeHead(401, headers).end('<html>Staff only</html>');
    });
    const watched = watch(server.url, {
      headers: (refused) => {
        asked.push(refused);
        return Promise.resolve({});
      },
    });
    await watched.until('waiting');
    expect(lastFailure(watched)).toMatchObject({ code: 'content_type', status: 401 });
    opened = true;
    await waitFor(() => watched.items.length === 1, 'the event');
    expect(asked).not.toContain(true);
  });

  test('no credentials: unauthorized without a request', async () => {
    const server = await serve((_, response) => void beginSse(response));
    const watched = watch(server.url, { headers: () => Promise.resolve(null) });
    await watched.until('unauthorized');
    expect(server.requests).toHaveLength(0);
  });

  test('a renewal that could not reach its server is tried again', async () => {
    const asked: boolean[] = [];
    const server = await serve((request, response) => {
      if (request.headers.authorization === 'new') beginSse(response, 'data: a\n\n');
      else response.writeHead(401).end();
    });
    const watched = watch(server.url, {
      headers: (refused) => {
        asked.push(refused);
        if (asked.length === 2) return Promise.reject(new HttpError('unreachable', 'no route'));
        return Promise.resolve({ authorization: refused ? 'new' : 'old' });
      },
    });
    await waitFor(() => watched.items.length === 1, 'the event');
    expect(asked).toEqual([false, true, true]);
    expect(lastFailure(watched)).toMatchObject({ code: 'unreachable', detail: 'no route' });
  });
});

test('an address that no stream can have is the caller’s fault, not retried', () => {
  for (const url of ['ftp://127.0.0.1/x', 'ws://127.0.0.1/x', 'data:text/event-stream,data:a', 'nonsense'])
    expect(() => watchStream(url)).toThrow(TypeError);
});

describe('redirects', () => {
  const credentials = { Authorization: 'Bearer secret', 'X-API-Key': 'secret', Cookie: 'session=secret' };

  test.each([301, 302, 303, 307, 308])(
    '%i is followed with credentials on the same origin',
    async (status) => {
      const server = await serve((request, response) => {
        if (request.url === '/end') beginSse(response, 'data: a\n\n');
        else response.writeHead(status, { location: '/end' }).end();
      });
      const watched = watch(`${server.url}/start`, {
        headers: () => Promise.resolve(credentials),
        cursor: () => '5',
      });
      await waitFor(() => watched.items.length === 1, 'the event');
      expect(server.requests.map(({ url }) => url)).toEqual(['/start', '/end']);
      expect(server.requests[1]?.headers).toMatchObject({
        authorization: 'Bearer secret',
        'x-api-key': 'secret',
        cookie: 'session=secret',
        'last-event-id': '5',
      });
    },
  );

  test('another origin is asked for nothing, and no event of it is taken', async () => {
    const other = await serve((_, response) => void beginSse(response, 'id: 1\ndata: foreign\n\n'));
    let location = `${other.url}/there`;
    const server = await serve((request, response) => {
      if (request.url === '/here') response.writeHead(308, { location }).end();
      else response.writeHead(307, { location: '/here' }).end();
    });
    const watched = watch(`${server.url}/start`, { headers: () => Promise.resolve(credentials) });
    await watched.until('waiting', 2);
    expect(lastFailure(watched)).toMatchObject({ code: 'redirect', status: 308 });
    location = other.url.replace('http://', '//');
    await watched.until('waiting', 4);
    expect(lastFailure(watched).detail).toContain(`another origin (http://127.0.0.1:${other.port})`);
    expect(other.requests).toEqual([]);
    expect(watched.items).toEqual([]);
  });

  test.each([
    ['in a circle', '/', 'misdirected', 'more than 5 redirects'],
    ['nowhere', '', 'misdirected', 'without a usable Location'],
    ['to nonsense', 'http://[', 'misdirected', 'without a usable Location'],
    ['to another scheme', 'file:///etc/passwd', 'redirect', 'file:'],
    ['to an address with a password', 'http://me:word@127.0.0.1/', 'redirect', 'user name or password'],
  ])('a redirect %s is a failure with back-off', async (_, location, code, detail) => {
    const server = await serve((_, response) => {
      response.writeHead(302, location === '' ? {} : { location }).end();
    });
    const watched = watch(server.url);
    await watched.until('waiting');
    expect(lastFailure(watched)).toMatchObject({ code, status: 302 });
    expect(lastFailure(watched).detail).toContain(detail);
    expect(lastFailure(watched).detail).not.toContain('word@');
  });

  test('https never leads to http', async () => {
    const asked: string[] = [];
    const watched = watch('https://contracts.example/api', {
      http: {
        request({ url }) {
          asked.push(url);
          const headers = { location: 'http://contracts.example/api' };
          return Promise.resolve({ status: 302, headers, body: { async *[Symbol.asyncIterator]() {} } });
        },
      },
    });
    await watched.until('waiting');
    expect(lastFailure(watched)).toMatchObject({ code: 'redirect' });
    expect(new Set(asked)).toEqual(new Set(['https://contracts.example/api']));
  });
});

describe('never a storm', () => {
  /** The delays of the first `count` waits when time moves only by them. */
  async function delaysOf(listener: RequestListener, count: number, random = Math.random): Promise<number[]> {
    const clock = createManualClock();
    const server = await serve(listener);
    const limits = { retryMs: 1_000, minRetryMs: 500, maxRetryMs: 60_000, healthyMs: 5_000 };
    const watched = watch(server.url, { clock, random, limits });
    const delays: number[] = [];
    for (let attempt = 1; attempt <= count; attempt++) {
      await watched.until('waiting', attempt);
      const state = watched.states.at(-1);
      if (state?.phase !== 'waiting') throw new Error('not waiting');
      delays.push(state.retryAt - clock.now());
      expect(server.requests).toHaveLength(attempt);
      clock.advance(state.retryAt - clock.now() + 1);
    }
    return delays;
  }

  test.each(['0', '1', '99999999999', '9'.repeat(400)])('retry: %s', async (retry) => {
    const delays = await delaysOf((_, response) => void beginSse(response, `retry: ${retry}\n\n`).end(), 8);
    for (const delay of delays) {
      expect(delay).toBeGreaterThanOrEqual(500);
      expect(delay).toBeLessThanOrEqual(90_000);
    }
    expect(new Set(delays).size).toBeGreaterThan(4);
  });

  test('a server that closes at once, each time, is asked ever more rarely', async () => {
    const delays = await delaysOf(
      (_, response) => void beginSse(response, 'data: a\n\n').end(),
      9,
      () => 1,
    );
    expect(delays).toEqual([1_500, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test.each([
    ['', 1_000],
    ['retry: 3000\n\n', 3_000],
    ['retry: 20\n\n', 500],
  ])(
    '%j is the floor: first up to half as much again, then jitter above it that grows',
    async (retry, floor) => {
      const waits = (random: number): Promise<number[]> =>
        delaysOf(
          (_, response) => void beginSse(response, retry).end(),
          4,
          () => random,
        );
      expect(await waits(0)).toEqual([floor, floor, floor, floor]);
      expect(await waits(0.5)).toEqual([1.25, 1.5, 2.5, 4.5].map((times) => times * floor));
      expect(await waits(1)).toEqual([1.5, 2, 4, 8].map((times) => times * floor));
    },
  );

  test('a connection that was accepted and lived is no failure, whatever ended it; one that did not is', async () => {
    const clock = createManualClock();
    const sockets: ServerResponse[] = [];
    const server = await serve((_, response) => void sockets.push(beginSse(response)));
    const watched = watch(server.url, {
      clock,
      random: () => 1,
      limits: { retryMs: 1_000, minRetryMs: 500, maxRetryMs: 60_000, livedMs: 1_000, idleMs: 90_000 },
    });
    const delays: number[] = [];
    for (const [index, lived] of [999, 999, 60_000, 1_000, 60_000, 5_000, 999, 999].entries()) {
      await watched.until('open', index + 1);
      clock.advance(lived);
      if (index % 2 === 0) sockets[index]?.end();
      else sockets[index]?.destroy();
      await watched.until('waiting', index + 1);
      const state = watched.states.at(-1);
      delays.push(state?.phase === 'waiting' ? state.retryAt - clock.now() : -1);
      clock.advance(delays.at(-1) ?? 0);
    }
    expect(delays).toEqual([1_500, 2_000, 1_500, 1_500, 1_500, 1_500, 2_000, 4_000]);
    expect(watched.mostRequests()).toBe(1);
  });

  test('the network away and back: unreachable, then resumed', async () => {
    const server = await startTestServer((_, response) => void beginSse(response, 'id: 1\ndata: a\n\n'));
    const watched = watch(server.url);
    await waitFor(() => watched.items.length === 1, 'the event');
    await server.close();
    await watched.until('waiting', 3);
    expect(lastFailure(watched).code).toBe('unreachable');
    const listener: RequestListener = (_, response) => void beginSse(response, 'id: 2\ndata: b\n\n');
    const again = await startTestServer(listener, undefined, server.port);
    servers.push(again);
    await waitFor(() => watched.items.length === 2, 'the second event');
    expect(again.requests[0]?.headers['last-event-id']).toBe('1');
  });

  test('a server that speaks no HTTP is a failure like any other', async () => {
    const tcp = createTcpServer((socket) => void socket.resume().end('SSH-2.0-OpenSSH\r\n'));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const address = tcp.address();
    const watched = watch(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`);
    await watched.until('waiting', 2);
    expect(lastFailure(watched).code).toBe('unreachable');
    await watched.stream.close();
    await new Promise((resolve) => tcp.close(resolve));
  });
});

describe('silence', () => {
  test('before any header: timeout', async () => {
    const clock = createManualClock();
    const server = await serve(() => {});
    const watched = watch(server.url, { clock, limits: { headersMs: 20_000 } });
    await waitFor(() => server.requests.length === 1, 'the request');
    clock.advance(19_999);
    expect(watched.phases()).toEqual(['connecting']);
    clock.advance(1);
    await watched.until('waiting');
    expect(lastFailure(watched).code).toBe('timeout');
    await waitFor(() => server.sockets() === 0, 'the socket to close');
  });

  test('before a heartbeat is announced: the idle bound; then two heartbeats; comments are life', async () => {
    const clock = createManualClock();
    let alive = 0;
    let write: (text: string) => void = () => {};
    const server = await serve((_, response) => {
      beginSse(response);
      write = (text) => void response.write(text);
    });
    const watched = watch(server.url, { clock, onAlive: () => alive++, limits: { idleMs: 90_000 } });
    await watched.until('open');
    clock.advance(89_999);
    write(': one\n');
    await waitFor(() => alive === 1, 'the comment');
    clock.advance(89_999);
    expect(watched.phases()).toEqual(['connecting', 'open']);
    write(': two\n');
    await waitFor(() => alive === 2, 'the comment');
    watched.stream.setHeartbeat(15_000);
    clock.advance(29_999);
    write(':');
    await waitFor(() => alive === 3, 'half a comment');
    clock.advance(29_999);
    expect(watched.phases()).toEqual(['connecting', 'open']);
    clock.advance(1);
    await watched.until('waiting');
    expect(lastFailure(watched).code).toBe('silent');
  });

  test('with a heartbeat known, a connection that says nothing at all is found out by it', async () => {
    const server = await serve((_, response) => void beginSse(response));
    const watched = watch(server.url, { limits: { idleMs: 60_000, headersMs: 60_000 } });
    watched.stream.setHeartbeat(20);
    await watched.until('waiting', 2);
    expect(lastFailure(watched).code).toBe('silent');
  });
});

describe('retry now', () => {
  test('the user: at once, however long the wait', async () => {
    let up = false;
    const server = await serve((_, response) => {
      if (up) beginSse(response, 'data: a\n\n');
      else response.writeHead(503, { 'retry-after': '3000' }).end();
    });
    const watched = watch(server.url);
    await watched.until('waiting');
    up = true;
    watched.stream.retryNow('user');
    await waitFor(() => watched.items.length === 1, 'the event');
  });

  test('resume and network: at once, but a hundred hints make no storm', async () => {
    const clock = createManualClock();
    const server = await serve((_, response) => void response.destroy());
    const watched = watch(server.url, {
      clock,
      random: () => 1,
      limits: { retryMs: 60_000, minRetryMs: 500, maxRetryMs: 60_000 },
    });
    await watched.until('waiting');
    for (let hint = 0; hint < 100; hint++) watched.stream.retryNow('network');
    expect(server.requests).toHaveLength(1);
    const state = watched.states.at(-1);
    expect(state?.phase === 'waiting' && state.retryAt - clock.now()).toBe(500);
    clock.advance(500);
    await watched.until('connecting', 2);
    await waitFor(() => server.requests.length === 2, 'the second attempt');
    await waitFor(() => watched.phases().at(-1) === 'waiting', 'the second wait');
    clock.advance(600);
    watched.stream.retryNow('resume');
    await waitFor(() => server.requests.length === 3, 'an attempt at once');
  });

  test('after sleep an open connection must prove itself: the dead one is replaced at once', async () => {
    const clock = createManualClock();
    const server = await serve((_, response) => void beginSse(response, ': hello\n'));
    let alive = 0;
    const watched = watch(server.url, { clock, onAlive: () => alive++ });
    await waitFor(() => alive === 1, 'the greeting');
    watched.stream.setHeartbeat(30_000);
    watched.stream.retryNow('resume');
    clock.advance(1_000);
    await watched.until('open', 2);
    expect(watched.phases()).toEqual(['connecting', 'open', 'connecting', 'open']);
    expect(watched.mostRequests()).toBe(1);
  });

  test('a path that fell silent is left: the next attempt has a connection of its own; one that was ended is not', async () => {
    const clock = createManualClock();
    const node = createNodeHttp();
    let drops = 0;
    const http: HttpPort = { request: (request) => node.request(request), dropConnections: () => drops++ };
    const answers: ServerResponse[] = [];
    const server = await serve((_, response) => void answers.push(beginSse(response, ': hello\n')));
    let alive = 0;
    const limits = { idleMs: 60_000, headersMs: 20_000 };
    const watched = watchStream(server.url, { clock, http, limits, onAlive: () => alive++ });
    streams.push(watched);
    await waitFor(() => alive === 1, 'the greeting');
    answers[0]?.end();
    await watched.until('waiting');
    expect(drops).toBe(0);
    clock.advance(40);
    await waitFor(() => alive === 2, 'the second greeting');
    clock.advance(60_000);
    await watched.until('waiting', 2);
    expect(drops).toBe(1);
    clock.advance(40);
    await waitFor(() => alive === 3, 'the third greeting');
    watched.stream.retryNow('resume');
    clock.advance(1_000);
    await waitFor(() => alive === 4, 'the fourth greeting');
    expect(drops).toBe(2);
  });

  test('after sleep an open connection that is alive stays', async () => {
    const clock = createManualClock();
    let alive = 0;
    let write = (): void => {};
    const server = await serve((_, response) => {
      beginSse(response, ': hello\n');
      write = () => void response.write(': here\n');
    });
    const watched = watch(server.url, { clock, onAlive: () => alive++ });
    await waitFor(() => alive === 1, 'the greeting');
    watched.stream.setHeartbeat(2_000);
    watched.stream.retryNow('network');
    clock.advance(1_900);
    write();
    await waitFor(() => alive === 2, 'the proof');
    clock.advance(3_900);
    expect(watched.phases()).toEqual(['connecting', 'open']);
    expect(server.requests).toHaveLength(1);
  });
});
