import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeJson } from '../../protocol/event.ts';
import { PATHS } from '../../protocol/api.ts';
import { eventName, streamHeadSchema } from '../../protocol/control.ts';
import type { Transport } from '../../protocol/connection.ts';
import type { Fault } from '../../server-mock/faults/types.ts';
import { startServer } from '../../server-mock/index.ts';
import type { MockServer, ServerOptions } from '../../server-mock/types.ts';
import { createSession, type LiveSession } from '../account/session.ts';
import { createTestLog, createTestVault } from '../account/testing.ts';
import { createCodec } from '../sync/codec.ts';
import { systemClock } from '../ports/clock.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { startTestServer, waitFor, watchStream, type Watched } from './testing.ts';
import type { StreamItem, StreamOptions } from './types.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const USER = 'u42';
const STATUS = eventName(USER, 'ContractStatusChanged');
const HEAD = eventName(USER, 'StreamHead');
const limits = { headersMs: 2_000, idleMs: 2_000, firstByteMs: 2_000, pollWaitS: 1 };

interface Followed {
  readonly server: MockServer;
  readonly live: LiveSession;
  readonly watched: Watched & { cursor: string | null };
  readonly transports: Transport[];
  /** Ids of status changes, in order, each once. */
  ids(): string[];
  published(): string[];
  complete(): Promise<void>;
}

async function follow(
  transports: readonly Transport[],
  serverOptions: Partial<ServerOptions> = {},
  options: Partial<StreamOptions> = {},
  cursor: string | null = null,
): Promise<Followed> {
  const server = await startServer({ contracts: 3, heartbeatMs: 100, retryMs: 20, ...serverOptions });
  open.push(server);
  const session = createSession({
    createHttp: () => createNodeHttp(),
    vault: createTestVault(),
    clock: systemClock,
    log: createTestLog(),
  });
  open.push(session);
  expect(await session.signIn({ server: server.url, username: 'anna', password: 'anna-demo' })).toEqual({
    ok: true,
  });
  const live = session.current();
  if (live === null) throw new Error('nobody is signed in');
  const told: Transport[] = [];
  const watched = watchStream(server.url + PATHS.events, {
    transports,
    codec: createCodec(USER),
    headers: live.headers,
    onTransport: (transport) => told.push(transport),
    ...options,
    limits: { ...limits, ...options.limits },
    onItems(items) {
      for (const item of items) heedHead(item);
      return options.onItems?.(items);
    },
  });
  watched.cursor = cursor;
  open.push(watched.stream);

  function heedHead(item: StreamItem): void {
    if (item.kind !== 'event' || item.name !== HEAD) return;
    const head = decodeJson(streamHeadSchema, item.data);
    if (head.ok && head.value.heartbeatMs !== undefined) watched.stream.setHeartbeat(head.value.heartbeatMs);
  }

  function ids(): string[] {
    return [...new Set(watched.items.flatMap((item) => (item.id === null ? [] : [item.id])))];
  }

  const published = (): string[] => server.control.published(USER).map(({ id }) => id);
  return {
    server,
    live,
    watched,
    transports: told,
    ids,
    published,
    complete: () => waitFor(() => ids().length === published().length, 'everything published'),
  };
}

describe.each<Transport>(['sse', 'ndjson', 'long_poll'])('%s', (transport) => {
  test('brings what was there and what comes, in order, once, under the same names', async () => {
    const one = await follow([transport], { backlog: 50 });
    await waitFor(() => one.ids().length > 0, 'the backlog');
    for (let event = 0; event < 5; event++) one.server.control.publish(USER);
    await one.complete();
    const events = one.watched.items.filter((item) => item.id !== null);
    expect(events.map(({ id }) => id)).toEqual(one.published());
    expect(new Set(events.map((item) => (item.kind === 'event' ? item.name : item.kind)))).toEqual(
      new Set([STATUS]),
    );
    const [first] = one.server.control.published(USER);
    expect(one.watched.data().map((data) => JSON.parse(data) as unknown)).toContainEqual(first);
    await waitFor(
      () => one.watched.items.some((item) => item.kind === 'event' && item.name === HEAD),
      'a head',
    );
    expect(one.transports).toEqual(transport === 'sse' ? [] : [transport]);
    await waitFor(() => one.watched.phases().at(-1) === 'open', 'an open stream');
  });

  test('another user’s events never come', async () => {
    const one = await follow([transport]);
    await one.watched.until('open');
    one.server.control.publish('u7');
    one.server.control.publish(USER);
    await one.complete();
    const names = one.watched.items.flatMap((item) => (item.kind === 'event' ? [item.name] : []));
    expect(names.filter((name) => name.startsWith('u7'))).toEqual([]);
  });

  test('resumes by its cursor after each cut, nothing lost or doubled', async () => {
    const one = await follow([transport]);
    for (let round = 0; round < 5; round++) {
      await one.watched.until('open', round + 1);
      one.server.control.publish(USER);
      one.server.control.publish(USER);
      await one.complete();
      if (round < 4) await cut(one);
    }
    const delivered = one.watched.items.flatMap((item) => (item.id === null ? [] : [item.id]));
    expect(delivered).toEqual(one.published());
  });

  async function cut(one: Followed): Promise<void> {
    const before = one.watched.phases().filter((phase) => phase === 'waiting').length;
    await waitFor(() => {
      one.server.control.dropConnections(USER);
      return one.watched.phases().filter((phase) => phase === 'waiting').length > before;
    }, 'the cut to be noticed');
  }

  test('a cursor the server no longer knows: StreamStale comes first', async () => {
    const one = await follow([transport], { backlog: 5 }, {}, 'e99-00000000007');
    await one.complete();
    expect(one.watched.items[0]).toMatchObject({
      kind: 'event',
      id: null,
      name: eventName(USER, 'StreamStale'),
    });
  });

  test('a token that ends in mid-stream is renewed without the loss of an event', async () => {
    const one = await follow([transport]);
    await one.watched.until('open');
    for (let event = 0; event < 4; event++) {
      one.server.control.publish(USER);
      if (event % 2 === 1) one.server.control.expireTokens();
    }
    await one.complete();
    one.server.control.publish(USER);
    await one.complete();
    expect(one.watched.phases()).not.toContain('unauthorized');
    expect(one.watched.items.flatMap((item) => (item.id === null ? [] : [item.id]))).toEqual(one.published());
  });

  test('a revoked session asks to sign in, without a storm', async () => {
    const one = await follow([transport]);
    await one.watched.until('open');
    one.server.control.revoke(USER);
    await one.watched.until('unauthorized');
    const refused = one.server.control.requests().filter(({ status }) => status === 401);
    expect(refused.length).toBeLessThanOrEqual(3);
  });

  test('an event over the bound is told by its id, and the rest goes on', async () => {
    const faults: Fault[] = [{ kind: 'giant', sequences: [2], bytes: 300_000 }];
    const one = await follow([transport], { faults }, { limits: { maxEventBytes: 100_000 } });
    for (let event = 0; event < 3; event++) one.server.control.publish(USER);
    await one.complete();
    expect(one.ids()).toEqual(one.published());
    const oversize = one.watched.items.find((item) => item.kind === 'oversize');
    expect(oversize).toMatchObject({ id: one.published()[1], name: STATUS });
    expect(oversize?.kind === 'oversize' ? oversize.bytes : 0).toBeGreaterThan(290_000);
    expect(oversize?.kind === 'oversize' ? oversize.head : '').toContain('"specversion"');
  });

  test.each<[string, Fault[]]>([
    ['one byte at a time', [{ kind: 'one_byte' }]],
    ['cuts between events', [{ kind: 'drop', probability: 0.3, where: 'between' }]],
    ['cuts inside a line', [{ kind: 'drop', probability: 0.3, where: 'line' }]],
    ['cuts inside a character', [{ kind: 'drop', probability: 0.3, where: 'character' }]],
    ['duplicates', [{ kind: 'duplicate', probability: 0.5 }]],
    ['garbage', [{ kind: 'garbage', probability: 0.3 }]],
    [
      'inclusive replay',
      [
        { kind: 'replay_early', events: 2 },
        { kind: 'drop', probability: 0.2 },
      ],
    ],
    [
      'errors',
      [
        { kind: 'status', status: 500, probability: 0.5 },
        { kind: 'drop', probability: 0.2 },
      ],
    ],
    ['throttling', [{ kind: 'status', status: 429, times: 2 }]],
    [
      'refused connections',
      [
        { kind: 'refuse', probability: 0.3 },
        { kind: 'drop', probability: 0.2 },
      ],
    ],
    ['a wrong content type', [{ kind: 'content_type', value: 'text/html', times: 2 }]],
  ])('everything arrives in order through %s', async (_, faults) => {
    const one = await follow([transport], { backlog: 6, contracts: 2 });
    await one.complete();
    one.server.control.setFaults(faults);
    one.server.control.dropConnections(USER);
    for (let event = 0; event < 10; event++) one.server.control.publish(USER);
    await one.complete();
    expect(one.ids()).toEqual(one.published());
  });

  test('a server that restarts is found again', async () => {
    const one = await follow([transport], { backlog: 3 });
    await one.complete();
    await one.server.control.restart(100);
    one.server.control.publish(USER);
    await one.complete();
    expect(one.ids()).toEqual(one.published());
  });

  test.each([
    [204, 'no_content'],
    [403, 'forbidden'],
  ])('%i stops it until the user acts', async (status, cause) => {
    const one = await follow([transport], { faults: [{ kind: 'status', status, times: 1 }] });
    await one.watched.until('stopped');
    expect(one.watched.states.at(-1)).toEqual({ phase: 'stopped', cause });
    one.watched.stream.retryNow('user');
    one.server.control.publish(USER);
    await one.complete();
  });

  test('a stall before or after the headers is noticed', async () => {
    for (const afterEvents of [0, 1]) {
      const one = await follow(
        [transport],
        { backlog: 2, heartbeatMs: 50 },
        { limits: { headersMs: 300, idleMs: 300 } },
      );
      await one.complete();
      one.server.control.setFaults([{ kind: 'stall', afterEvents }]);
      one.server.control.dropConnections(USER);
      one.server.control.publish(USER);
      const noticed = (): boolean =>
        one.watched.states.some(
          (state) => state.phase === 'waiting' && ['silent', 'timeout'].includes(state.failure.code),
        );
      await waitFor(() => noticed() || transport === 'long_poll', 'the silence to be noticed');
      one.server.control.setFaults([]);
      await one.complete();
    }
  });

  test('closing ends it on the server too', async () => {
    const one = await follow([transport]);
    await one.watched.until('open');
    await one.watched.stream.close();
    await waitFor(() => one.server.control.openStreams(USER) === 0, 'the server to notice');
  });
});

describe('behind a proxy that buffers', () => {
  test.each([false, true])(
    'long polling takes over and the stream comes back (headers held: %s)',
    async (headers) => {
      const fast = { headersMs: 1_000, firstByteMs: 1_000, returnMs: 300 };
      const one = await follow(['sse', 'long_poll'], { backlog: 3 }, { limits: fast });
      await one.complete();
      one.server.control.setFaults([{ kind: 'buffer', headers }]);
      one.server.control.dropConnections(USER);
      for (let event = 0; event < 3; event++) one.server.control.publish(USER);
      await one.complete();
      expect(one.transports).toEqual(['long_poll']);
      one.server.control.setFaults([]);
      await waitFor(() => one.transports.at(-1) === 'sse', 'the way back');
      one.server.control.publish(USER);
      await one.complete();
      expect(one.watched.items.flatMap((item) => (item.id === null ? [] : [item.id]))).toEqual(
        one.published(),
      );
      expect(one.watched.mostRequests()).toBe(1);
    },
  );
});

describe('an answer that drips', () => {
  const begin = async (transport: Transport, answer: (response: ServerResponse) => void) => {
    const type = { sse: 'text/event-stream', ndjson: 'application/x-ndjson', long_poll: 'application/json' };
    const server = await startTestServer((_, response) => {
      response.writeHead(200, { 'content-type': type[transport] });
      answer(response);
    });
    open.push(server);
    const watched = watchStream(server.url + PATHS.events, {
      transports: [transport],
      codec: createCodec(USER),
      limits: { ...limits, slowMs: 200, retryMs: 10, minRetryMs: 10, maxRetryMs: 50 },
    });
    open.push(watched.stream);
    return { server, watched };
  };
  const every = (ms: number, response: ServerResponse, write: () => void): void => {
    const timer = setInterval(write, ms);
    response.on('close', () => clearInterval(timer));
  };

  test.each([
    ['sse', 'data: x\n'],
    ['sse', ':'],
    ['sse', 'id: 7\n'],
    ['ndjson', '{'],
    ['long_poll', ' '],
  ] as const)('%s, %j without end: given up, and asked for again', async (transport, drop) => {
    const { server, watched } = await begin(transport, (response) =>
      every(30, response, () => response.write(drop)),
    );
    await waitFor(() => server.requests.length >= 3, 'the third attempt', 20_000);
    const waiting = watched.states.find((state) => state.phase === 'waiting');
    expect(waiting).toMatchObject({ failure: { code: 'timeout' } });
    expect(watched.items).toEqual([]);
  });

  test.each(['sse', 'ndjson'] as const)(
    '%s: what is whole is life, however little it is',
    async (transport) => {
      const { server, watched } = await begin(transport, (response) => {
        let count = 0;
        every(30, response, () => {
          response.write(transport === 'sse' ? ':\n' : '\n');
          if ((count += 1) === 30) response.write(transport === 'sse' ? 'data: late\n\n' : '{"id":"1"}\n');
        });
      });
      await waitFor(() => watched.items.length === 1, 'the event', 20_000);
      expect(server.requests).toHaveLength(1);
    },
  );
});
