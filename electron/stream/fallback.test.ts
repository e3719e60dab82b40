import type { RequestListener, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Transport } from '../../protocol/connection.ts';
import {
  beginSse,
  createManualClock,
  startTestServer,
  waitFor,
  watchStream,
  type TestServer,
} from './testing.ts';
import type { StreamItem, StreamLimits, StreamOptions, TransportCodec } from './types.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

/** Answers are `{items: [[id, data], …], more}`. */
const codec: TransportCodec = {
  ndjsonLine: (line) => ({
    kind: 'event',
    name: 'message',
    ...(JSON.parse(line) as { id: string; data: string }),
  }),
  pollAnswer(json) {
    const answer = JSON.parse(json) as { items: [string | null, string][]; more?: boolean };
    const items: StreamItem[] = answer.items.map(([id, data]) => ({
      kind: 'event',
      id,
      name: 'message',
      data,
    }));
    return { items, more: answer.more ?? false };
  },
  pollUrl: (url, cursor, waitS) => `${url}/poll?after=${cursor ?? ''}&wait=${waitS}`,
};

type Respond = (answer: Parameters<RequestListener>[1], wait: string, after: string) => void;

/** A server whose stream and long poll behave as told; by default the stream hangs and the poll answers. */
interface Behaviour {
  stream: RequestListener;
  poll: Respond;
}

function items(...all: (readonly [string | null, string])[]): string {
  return JSON.stringify({ items: all });
}

async function serve(): Promise<
  TestServer & { readonly does: Behaviour; polls(): string[]; streams(): number }
> {
  const does: Behaviour = {
    stream: (_, response) => void beginSse(response),
    poll(response, wait) {
      response.setHeader('content-type', 'application/json');
      if (wait === '0') response.end(items(['1', 'polled']));
    },
  };
  const server = await startTestServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (url.pathname !== '//poll' && url.pathname !== '/poll') does.stream(request, response);
    else does.poll(response, url.searchParams.get('wait') ?? '', url.searchParams.get('after') ?? '');
  });
  open.push(server);
  const isPoll = ({ url }: { url: string }): boolean => url.includes('poll');
  return Object.assign(server, {
    does,
    polls: () => server.requests.filter(isPoll).map(({ url }) => url.slice(url.indexOf('?'))),
    streams: () => server.requests.filter((request) => !isPoll(request)).length,
  });
}

function watch(
  url: string,
  options: Partial<StreamOptions> = {},
): ReturnType<typeof watchStream> & { readonly told: Transport[] } {
  const told: Transport[] = [];
  const watched = watchStream(url, {
    transports: ['sse', 'long_poll'],
    codec,
    onTransport: (transport) => told.push(transport),
    ...options,
    limits: { firstByteMs: 40, pollWaitS: 25, returnMs: 60_000, ...options.limits },
  });
  open.push(watched.stream);
  return Object.assign(watched, { told });
}

describe('falling back to long polling', () => {
  test.each<[string, RequestListener]>([
    ['opens and stays silent', (_, response) => void beginSse(response)],
    ['hangs before its headers', () => {}],
  ])('when the stream %s twice, on the same cursor', async (_, stream) => {
    const server = await serve();
    server.does.stream = stream;
    const watched = watch(server.url, { limits: { headersMs: 600 } });
    watched.cursor = '0';
    await waitFor(() => watched.items.length === 1, 'the polled event');
    expect(server.streams()).toBeGreaterThanOrEqual(2);
    await waitFor(() => server.polls().at(-1) === '?after=1&wait=25', 'the next poll');
    expect(server.polls().at(-2)).toBe('?after=0&wait=0');
    expect(watched.told).toEqual(['long_poll']);
    expect(watched.phases().at(-1)).toBe('open');
    expect(watched.mostRequests()).toBe(1);
  });

  test('when only the beginning of the stream gets through', async () => {
    const server = await serve();
    server.does.stream = (_, response) => void beginSse(response, ': hello\n');
    const watched = watch(server.url, { limits: { idleMs: 40, healthyMs: 5_000 } });
    await waitFor(() => watched.items.length === 1, 'the polled event');
    expect(watched.told).toEqual(['long_poll']);
  });

  test('not while the stream works, however often it is cut', async () => {
    const server = await serve();
    server.does.stream = (_, response) => {
      beginSse(response, ': hello\n');
      const timer = setInterval(() => response.write(': still here\n'), 5);
      response.on('close', () => clearInterval(timer));
      // After a while it falls silent, as a network does.
      setTimeout(() => clearInterval(timer), 60);
    };
    const watched = watch(server.url, { limits: { idleMs: 400, firstByteMs: 400, healthyMs: 30 } });
    await watched.until('open', 4);
    expect(server.polls()).toEqual([]);
    expect(watched.told).toEqual([]);
  });

  test('not when long polling does not answer either: then it is the network', async () => {
    const server = await serve();
    server.does.poll = () => {};
    const watched = watch(server.url, { limits: { headersMs: 100 } });
    await waitFor(() => server.polls().length === 2, 'two probes');
    server.does.stream = (_, response) => void beginSse(response, 'id: 7\ndata: streamed\n\n');
    await waitFor(() => watched.data().includes('streamed'), 'the stream');
    expect(watched.told).toEqual([]);
  });

  test.each([404, 406, 204, 403])(
    'not when the server has none (%i): its silence gets the long bound, and nothing stops',
    async (status) => {
      const clock = createManualClock();
      const server = await serve();
      server.does.poll = (response) => void response.writeHead(status).end();
      const watched = watch(server.url, {
        clock,
        limits: { idleMs: 90_000, firstByteMs: 30_000, headersMs: 20_000 },
      });
      for (const opened of [1, 2]) {
        await watched.until('open', opened);
        clock.advance(30_000);
        if (opened === 1) await watched.until('waiting', 1);
        clock.advance(100);
      }
      await watched.until('waiting', 2);
      clock.advance(100);
      await watched.until('open', 3);
      clock.advance(89_999);
      expect(watched.phases().at(-1)).toBe('open');
      expect(server.polls()).toHaveLength(1);
      expect(watched.phases()).not.toContain('stopped');
      clock.advance(1);
      await watched.until('waiting', 3);
    },
  );

  test('and back, once the stream gets through again; failed trials lose nothing', async () => {
    const server = await serve();
    let answers = 1;
    server.does.poll = (response, wait, after) => {
      response.setHeader('content-type', 'application/json');
      const answer = (): void => void response.end(items([String(++answers), `after ${after}`]));
      if (wait === '0') answer();
      else setTimeout(answer, 20);
    };
    const watched = watch(server.url, { limits: { returnMs: 60 } });
    await waitFor(() => server.streams() >= 4, 'two failed trials');
    const polled = watched.items.length;
    await waitFor(() => watched.items.length > polled + 2, 'polling to go on');
    const between = watched.phases();
    server.does.stream = (_, response) => void beginSse(response, 'data: streamed\n\n');
    await waitFor(() => watched.data().includes('streamed'), 'the stream');
    expect(watched.told).toEqual(['long_poll', 'sse']);
    const ids = watched.items.flatMap((item) => (item.id === null ? [] : [Number(item.id)]));
    expect(ids).toEqual(ids.map((_, index) => index + 2));
    // Trials do not disturb the picture of a working connection.
    expect(between.slice(between.lastIndexOf('open'))).toEqual(['open']);
    expect(watched.mostRequests()).toBe(1);
  });

  test('another network is reason enough to try the stream at once', async () => {
    const server = await serve();
    const watched = watch(server.url, { limits: { returnMs: 3_600_000, firstByteMs: 400 } });
    await waitFor(() => watched.told.length === 1, 'the fallback');
    await waitFor(() => server.polls().length === 2, 'the waiting poll');
    server.does.stream = (_, response) => void beginSse(response, 'data: streamed\n\n');
    watched.stream.retryNow('network');
    await waitFor(() => watched.data().includes('streamed'), 'the stream');
    expect(watched.told).toEqual(['long_poll', 'sse']);
  });
});

/** Streams that are ended as told, in time that moves by hand. */
async function cutting(first: string, limits: Partial<StreamLimits> = {}) {
  const clock = createManualClock();
  const server = await serve();
  const answers: ServerResponse[] = [];
  let beats = 0;
  server.does.stream = (_, response) => void answers.push(beginSse(response, first));
  const watched = watch(server.url, {
    clock,
    random: () => 0,
    onAlive: () => beats++,
    limits: {
      retryMs: 1_000,
      minRetryMs: 500,
      maxRetryMs: 60_000,
      healthyMs: 5_000,
      livedMs: 1_000,
      idleMs: 90_000,
      firstByteMs: 30_000,
      returnMs: 300_000,
      ...limits,
    },
  });
  let opened = 0;
  return {
    clock,
    server,
    watched,
    /** The next stream lives `beforeMs`, says something, then nothing for `silentMs`, and is cut. */
    async cut(beforeMs: number, silentMs: number): Promise<void> {
      const greeting = beats + (first === '' ? 0 : 1);
      await waitFor(() => answers.length > opened && watched.phases().at(-1) === 'open', 'the stream');
      await waitFor(() => beats >= greeting, 'the greeting');
      clock.advance(beforeMs);
      const answer = answers[opened++];
      if (beforeMs > 0) {
        const before = beats;
        answer?.write(': beat\n');
        await waitFor(() => beats > before, 'a beat');
      }
      clock.advance(silentMs);
      const count = watched.phases().length;
      answer?.end();
      await waitFor(() => watched.phases().length > count, 'the end');
    },
    /** After how long it comes back. */
    wait(): number | null {
      const state = watched.states.at(-1);
      return state?.phase === 'waiting' ? state.retryAt - clock.now() : null;
    },
  };
}

describe('a stream that is cut again and again', () => {
  test.each([
    ['no byte', ''],
    ['a comment at the start', ': ok\n\n'],
    ['retry at the start', 'retry: 1000\n\n'],
  ])('after a minute of quiet, %s: it stays, and the way back stays short', async (_, first) => {
    const { server, watched, cut, wait, clock } = await cutting(first, { firstByteMs: 90_000 });
    for (let n = 0; n < 8; n++) {
      await cut(0, 60_000);
      expect(wait()).toBe(1_000);
      clock.advance(1_000);
    }
    expect(server.polls()).toEqual([]);
    expect(watched.told).toEqual([]);
  });

  test.each<[string, readonly (readonly [number, number])[]]>([
    [
      'after five seconds of quiet',
      [
        [0, 5_000],
        [61_000, 5_010],
        [7_000, 4_990],
      ],
    ],
    [
      'at the age of ten seconds',
      [
        [9_000, 1_000],
        [3_000, 7_050],
        [7_000, 3_000],
      ],
    ],
  ])('%s: a long poll that ends sooner stands in for it', async (_, all) => {
    const { server, watched, cut, wait, clock } = await cutting(': ok\n\n');
    for (const [index, [before, silent]] of all.entries()) {
      await cut(before, silent);
      if (index === 2) break;
      expect(wait()).toBe(1_000);
      clock.advance(1_000);
    }
    await waitFor(() => server.polls().length === 2, 'the long polls');
    const bound = Math.min(
      ...all.map(([before, silent]) => (silent < 5_500 && all[0]?.[0] === 0 ? silent : before + silent)),
    );
    expect(server.polls().at(-1)).toBe(`?after=1&wait=${Math.floor((bound - 500) / 1000)}`);
    expect(watched.told).toEqual(['long_poll']);
    expect(watched.phases().slice(-2)).toEqual(['connecting', 'open']);
  });

  test('at no age and after no silence in common: that is a network, and the stream stays', async () => {
    const { server, watched, cut, clock } = await cutting(': ok\n\n');
    for (const [before, silent] of [
      [2_000, 9_000],
      [14_000, 2_000],
      [1_000, 20_000],
      [6_000, 5_000],
      [3_000, 12_000],
    ] as const) {
      await cut(before, silent);
      clock.advance(1_000);
    }
    expect(server.polls()).toEqual([]);
    expect(watched.told).toEqual([]);
  });
});

describe('a stream that brings everything late, as its caller can tell', () => {
  test('is given up for long polling, and tried again later', async () => {
    const server = await serve();
    server.does.stream = (_, response) => void beginSse(response, 'id: 1\ndata: late\n\n');
    const watched = watch(server.url, { limits: { returnMs: 60, healthyMs: 0 } });
    expect(watched.stream.heldBack()).toBe(false);
    await waitFor(() => watched.items.length === 1, 'the late event');
    expect(watched.stream.heldBack()).toBe(true);
    await waitFor(() => watched.told.at(-1) === 'long_poll', 'the fallback');
    expect(watched.phases()).not.toContain('waiting');
    expect(watched.stream.heldBack()).toBe(false);
    await waitFor(() => server.polls().length === 2, 'the waiting poll');
    watched.stream.retryNow('network');
    await waitFor(() => watched.told.at(-1) === 'sse', 'the stream, tried again');
    expect(watched.mostRequests()).toBe(1);
  });

  test('stays, where there is no long polling', async () => {
    const server = await serve();
    server.does.poll = (response) => void response.writeHead(404).end();
    server.does.stream = (_, response) => void beginSse(response, 'data: late\n\n');
    const watched = watch(server.url);
    await waitFor(() => watched.items.length === 1, 'the late event');
    expect(watched.stream.heldBack()).toBe(true);
    await waitFor(() => watched.items.length === 2, 'the stream again');
    expect(watched.stream.heldBack()).toBe(false);
    expect(watched.phases().at(-1)).toBe('open');
    expect(watched.told).toEqual([]);
  });

  test('alone: there is nothing else', async () => {
    const server = await serve();
    server.does.stream = (_, response) => void beginSse(response, 'data: late\n\n');
    const watched = watch(server.url, { transports: ['sse'] });
    await waitFor(() => watched.items.length === 1, 'the late event');
    expect(watched.stream.heldBack()).toBe(false);
    expect(server.streams()).toBe(1);
  });
});

describe('long polling', () => {
  const only: Partial<StreamOptions> = { transports: ['long_poll'] };

  test('asks again at once while there is more', async () => {
    const server = await serve();
    server.does.poll = (response, _, after) => {
      const at = Number(after);
      if (at >= 5) return;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ items: [[String(at + 1), 'x']], more: at < 4 }));
    };
    const watched = watch(server.url, only);
    await waitFor(() => watched.items.length === 5 && server.polls().length === 6, 'all of it');
    expect(server.polls().map((url) => url.slice(url.indexOf('wait=')))).toEqual([
      ...Array<string>(5).fill('wait=0'),
      'wait=25',
    ]);
  });

  test.each<[string, Respond]>([
    ['answers at once with nothing', (response) => void response.end(items())],
    [
      'answers at once with the same event again and again',
      (response) => void response.end(items(['1', 'x'])),
    ],
    ['always says that there is more', (response) => void response.end('{"items":[["1","x"]],"more":true}')],
  ])('a server that %s makes no storm', async (_, poll) => {
    const clock = createManualClock();
    const server = await serve();
    server.does.poll = (response, wait, after) => {
      response.setHeader('content-type', 'application/json');
      poll(response, wait, after);
    };
    const limits = { retryMs: 1_000, minRetryMs: 500, maxRetryMs: 60_000 };
    const watched = watch(server.url, { ...only, clock, limits });
    await watched.until('open');
    const pauses = (): number[] => clock.waits().filter((ms) => ms <= 1_500);
    await waitFor(() => server.polls().length >= 2 && pauses().length === 1, 'a pause after the first polls');
    const before = server.polls().length;
    expect(before).toBeLessThanOrEqual(3);
    clock.advance(999);
    expect(pauses()).toHaveLength(1);
    expect(server.polls()).toHaveLength(before);
    clock.advance(501);
    await waitFor(() => server.polls().length === before + 1, 'the next poll');
  });

  test('a byte-order mark before an answer is no part of it', async () => {
    const server = await serve();
    server.does.poll = (response) => {
      response.setHeader('content-type', 'application/json');
      response.end(`\ufeff${items(['1', 'polled'])}`);
    };
    const watched = watch(server.url, only);
    await watched.until('open');
    await waitFor(() => watched.items.length > 0, 'what the answer brings');
    expect(watched.phases()).not.toContain('waiting');
  });

  test('an answer over the bound is not kept', async () => {
    const server = await serve();
    server.does.poll = (response) => {
      response.setHeader('content-type', 'application/json');
      response.end(`{"items":[["1","${'x'.repeat(200_000)}"]]}`);
    };
    const watched = watch(server.url, { ...only, limits: { maxPollBytes: 100_000 } });
    await watched.until('waiting', 2);
    expect(watched.states.at(-1)).toMatchObject({ failure: { code: 'overloaded' } });
    expect(watched.items).toEqual([]);
  });

  test.each([
    ['text/html', '<html>'],
    ['application/json', '<html>'],
    ['application/json', '{"items": 5}'],
    ['text/event-stream', 'data: x\n\n'],
  ])('an answer that is none backs off: %s %s', async (type, body) => {
    const server = await serve();
    server.does.poll = (response) => void response.writeHead(200, { 'content-type': type }).end(body);
    const watched = watch(server.url, only);
    await watched.until('waiting', 2);
    expect(watched.states.at(-1)).toMatchObject({ failure: { code: 'content_type', status: 200 } });
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['cut', (response) => void response.destroy()],
    ['answered 504', (response) => void response.writeHead(504).end()],
  ])('a poll that is %s on its way is asked to wait less, and that is no failure', async (_, end) => {
    const clock = createManualClock();
    const server = await serve();
    const waiting: ServerResponse[] = [];
    server.does.poll = (response, wait) => {
      response.setHeader('content-type', 'application/json');
      if (wait === '0') response.end(items());
      else waiting.push(response);
    };
    const watched = watch(server.url, { ...only, clock, limits: { livedMs: 1_000 } });
    for (const [index, afterMs] of [5_000, 3_000].entries()) {
      await waitFor(() => waiting.length === index + 1, 'a poll that waits');
      clock.advance(afterMs);
      end(waiting[index] as ServerResponse);
    }
    await waitFor(() => waiting.length === 3, 'the third');
    expect(server.polls().map((url) => url.slice(url.indexOf('wait=')))).toEqual(
      [0, 25, 0, 4, 0, 2].map((wait) => `wait=${wait}`),
    );
    expect(watched.phases()).not.toContain('waiting');
    // Cut at once it is a failure like any other.
    end(waiting[2] as ServerResponse);
    await watched.until('waiting');
  });

  test('a poll whose answer stalls is given up', async () => {
    const server = await serve();
    server.does.poll = (response, wait) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (wait === '0') response.end(items(['1', 'x']));
      else response.write('{"items":');
    };
    const watched = watch(server.url, { ...only, limits: { headersMs: 500 } });
    await watched.until('waiting');
    expect(watched.states.at(-1)).toMatchObject({ failure: { code: 'silent' } });
  });
});

describe('the answer’s type decides', () => {
  test('NDJSON for who asked for SSE', async () => {
    const server = await serve();
    server.does.stream = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
      response.write('{"id":"1","data":"a"}\n\n{"id":"2","data":"b"}\n');
    };
    const watched = watch(server.url);
    await waitFor(() => watched.items.length === 2, 'both lines');
    expect(watched.told).toEqual(['ndjson']);
  });
});
