import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { decodeEvent } from '../../protocol/decode-event.ts';
import { streamHeadSchema, streamStaleSchema, wrappedControlSchema } from '../../protocol/control.ts';
import { bearer, eventually, headOf, openStream, send, signIn } from '../testing/client.ts';
import { startForTest } from '../testing/server.ts';
import type { MockServer, ServerOptions } from '../types.ts';

async function prepare(options: Partial<ServerOptions> = {}) {
  const server = await startForTest(options);
  return { server, headers: bearer(await signIn(server)) };
}

function publish(server: MockServer, count: number): readonly string[] {
  return Array.from({ length: count }, () => server.control.publish('u42').id);
}

describe('GET /api/events as server-sent events', () => {
  it('answers at once, with a reconnect delay, then the head', async () => {
    const { server, headers } = await prepare({ retryMs: 1234 });
    const stream = await openStream(server, headers);
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    await stream.until(() => headOf(stream) !== undefined);
    expect(stream.bytes().toString()).toMatch(/^retry: 1234\n\n/);
    const head = v.parse(streamHeadSchema, JSON.parse(stream.blocks()[0]?.data ?? ''));
    expect(head).toMatchObject({ head: null, heartbeatMs: 200 });
  });

  it('sends each change as published, with its id, under the user’s name', async () => {
    const { server, headers } = await prepare();
    const stream = await openStream(server, headers);
    const ids = publish(server, 3);
    await stream.until(() => stream.events().length === 3);
    expect(stream.events()).toEqual(JSON.parse(JSON.stringify(server.control.published('u42'))));
    const blocks = stream.blocks().filter(({ id }) => id !== null);
    expect(blocks.map(({ id }) => id)).toEqual(ids);
    for (const { name, data, id } of blocks) {
      expect(name).toBe('u42_ContractStatusChanged');
      expect(decodeEvent(data)).toMatchObject({ ok: true, value: { id } });
    }
  });

  it('goes on behind Last-Event-ID, then names the head, then is live', async () => {
    const { server, headers } = await prepare();
    const ids = publish(server, 10);
    const stream = await openStream(server, { ...headers, 'last-event-id': ids[3] ?? '' });
    await stream.until(() => headOf(stream) === ids[9]);
    const names = stream.blocks().map(({ name }) => name);
    expect(names.slice(0, 7)).toEqual([...Array(6).fill('u42_ContractStatusChanged'), 'u42_StreamHead']);
    const [next] = publish(server, 1);
    await stream.until(() => stream.ids().includes(next ?? ''));
    expect(stream.ids()).toEqual([...ids.slice(4), next]);
  });

  it('begins at the beginning without a cursor, and takes the cursor from the query too', async () => {
    const { server, headers } = await prepare();
    const ids = publish(server, 3);
    const all = await openStream(server, headers);
    await all.until(() => headOf(all) === ids[2]);
    expect(all.ids()).toEqual(ids);
    const some = await openStream(server, headers, `/api/events?after=${ids[1]}`);
    await some.until(() => headOf(some) === ids[2]);
    expect(some.ids()).toEqual([ids[2]]);
  });

  it('beats: a comment and the head, again and again', async () => {
    const { server, headers } = await prepare({ heartbeatMs: 30 });
    const stream = await openStream(server, headers);
    await stream.until(() => stream.blocks().length >= 4);
    expect(stream.blocks().every(({ name, id }) => name === 'u42_StreamHead' && id === null)).toBe(true);
    expect(stream.bytes().toString()).toMatch(/: heartbeat\n\nevent: u42_StreamHead\n/);
  });

  it.each([
    ['too old', 'e1-00000000003'],
    ['beyond the head', 'e1-00000000099'],
    ['of another epoch', 'e7-00000000001'],
    ['not of our form', 'идентификатор-7'],
  ])('says first that a cursor is stale when it is %s', async (_name, cursor) => {
    const { server, headers } = await prepare({ retention: 5 });
    const ids = publish(server, 10);
    const wire = Buffer.from(cursor).toString('latin1');
    const stream = await openStream(server, { ...headers, 'last-event-id': wire });
    await stream.until(() => headOf(stream) === ids[9]);
    const [first] = stream.blocks();
    expect([first?.name, first?.id]).toEqual(['u42_StreamStale', null]);
    expect(v.parse(streamStaleSchema, JSON.parse(first?.data ?? ''))).toEqual({
      asOf: ids[9],
      oldest: ids[5],
    });
    expect(stream.ids()).toEqual(ids.slice(5));
    expect(server.control.requests().at(-1)?.lastEventId).toBe(cursor);
  });

  it('stays on through a new epoch, whose events count from 1', async () => {
    const { server, headers } = await prepare();
    const stream = await openStream(server, headers);
    publish(server, 2);
    server.control.newEpoch('u42');
    publish(server, 1);
    await stream.until(() => stream.events().length === 3);
    expect(stream.ids()).toEqual(['e1-00000000001', 'e1-00000000002', 'e2-00000000001']);
    expect(server.control.published('u42')).toHaveLength(3);
    const late = await openStream(server, { ...headers, 'last-event-id': 'e1-00000000002' });
    await late.until(() => late.events().length === 1);
    expect(late.blocks()[0]?.name).toBe('u42_StreamStale');
  });

  it('brings notices to everyone, without a name', async () => {
    const { server, headers } = await prepare();
    const streams = [
      await openStream(server, headers),
      await openStream(server, bearer(await signIn(server, 'ben'))),
    ];
    server.control.notice('Maintenance tonight');
    for (const stream of streams) {
      await stream.until(() => stream.blocks().some(({ name }) => name === ''));
      const notice = stream.blocks().find(({ name }) => name === '');
      expect(JSON.parse(notice?.data ?? '')).toEqual({ kind: 'notice', text: 'Maintenance tonight' });
    }
  });

  it('carries only this user’s events, whoever else is busy', async () => {
    const { server, headers } = await prepare();
    const stream = await openStream(server, headers);
    server.control.advance(200);
    const expected = server.control.published('u42').map(({ id }) => id);
    await stream.until(() => stream.events().length === expected.length);
    expect(stream.ids()).toEqual(expected);
    expect(stream.events().every(({ source }) => source === '/streams/u42')).toBe(true);
  });

  it('ends when the access token has expired, and lives on while the session is refreshed', async () => {
    const { server } = await prepare({ accessTokenTtlS: 3, heartbeatMs: 50 });
    const [refreshed, forgotten] = [await signIn(server), await signIn(server)];
    const [staying, ending] = [
      await openStream(server, bearer(refreshed)),
      await openStream(server, bearer(forgotten)),
    ];
    let { refreshToken } = refreshed;
    while (ending.isOpen()) {
      const answer = await send(server, '/api/refresh', { body: { refreshToken } });
      ({ refreshToken } = answer.json<{ refreshToken: string }>());
    }
    expect(staying.isOpen()).toBe(true);
    server.control.expireTokens();
    expect(await staying.ended).toBe('end');
  });

  it('tells what it cannot serve', async () => {
    const { server, headers } = await prepare();
    const status = async (path: string, more: Record<string, string>) =>
      (await send(server, path, { headers: { ...headers, ...more } })).status;
    expect(await status('/api/events', { accept: 'image/png' })).toBe(406);
    expect(await status('/api/events', { 'last-event-id': 'x'.repeat(1001) })).toBe(400);
    expect(await status('/api/events?wait=61', { accept: 'application/json' })).toBe(400);
    expect(await status('/api/events?wait=soon', { accept: 'application/json' })).toBe(400);
    const head = await send(server, '/api/events', { method: 'HEAD', headers });
    expect(head.status).toBe(404);
  });
});

describe('GET /api/events as NDJSON', () => {
  it('has the same envelopes, wrapped control events, and blank lines as heartbeat', async () => {
    const { server, headers } = await prepare({ heartbeatMs: 40 });
    const ids = publish(server, 3);
    const accept = { ...headers, accept: 'application/x-ndjson' };
    const stream = await openStream(server, { ...accept, 'last-event-id': ids[0] ?? '' });
    expect(stream.headers['content-type']).toBe('application/x-ndjson');
    server.control.notice('hello');
    await stream.until(() => stream.bytes().includes('\n\n'));
    expect(stream.events()).toEqual(JSON.parse(JSON.stringify(server.control.published('u42').slice(1))));
    const wrapped = stream
      .blocks()
      .map(({ data }) => v.safeParse(wrappedControlSchema, JSON.parse(data)))
      .flatMap((result) => (result.success ? [result.output] : []));
    expect(wrapped[0]).toMatchObject({ event: 'u42_StreamHead', data: { head: ids[2], heartbeatMs: 40 } });
    expect(wrapped[1]).toEqual({ event: 'message', data: { kind: 'notice', text: 'hello' } });
    const stale = await openStream(server, { ...accept, 'last-event-id': 'e5-00000000001' });
    await stale.until(() => stale.blocks().length > 0);
    expect(JSON.parse(stale.blocks()[0]?.data ?? '')).toEqual({
      event: 'u42_StreamStale',
      data: { asOf: ids[2], oldest: ids[0] },
    });
  });
});

describe('many events', () => {
  it(
    'replays 100,000 in steps: other requests are answered meanwhile, and nothing is missing',
    { tags: 'long' },
    async () => {
      const { server, headers } = await prepare({ users: [...(await usersOfOne())], backlog: 100_000 });
      const stream = await openStream(server, { ...headers, accept: 'application/x-ndjson' });
      let answers = 0;
      const size = () => stream.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      const head = server.control.head('u42') ?? '';
      while (!stream.chunks.at(-1)?.includes('u42_StreamHead')) {
        expect((await send(server, '/api/contracts/x/history', { headers })).status).toBe(404);
        answers += 1;
      }
      expect(answers).toBeGreaterThan(5);
      expect(size()).toBeGreaterThan(50_000_000);
      const lines = stream.bytes().toString().split('\n');
      const ids = lines.flatMap((line) => /^\{"specversion":"1.0","id":"([^"]+)"/.exec(line)?.[1] ?? []);
      expect(ids).toHaveLength(100_000);
      expect(ids.every((id, index) => Number(id.slice(3)) === index + 1)).toBe(true);
      expect(ids.at(-1)).toBe(head);
    },
  );

  it('cuts a consumer that does not read, and its cursor lets it go on', async () => {
    const lines: string[] = [];
    const { server, headers } = await prepare({
      maxBufferedBytes: 100_000,
      slowGraceMs: 50,
      onLine: (line) => lines.push(line),
    });
    const stream = await openStream(server, headers);
    await stream.until(() => headOf(stream) !== undefined);
    stream.pause();
    // Enough to fill the sockets' own buffers as well.
    for (let round = 0; round < 40 && server.control.openStreams('u42') > 0; round += 1) {
      server.control.advance(1000, 'u42');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => server.control.openStreams('u42') === 0, 'the slow consumer is cut');
    expect(lines).toContain('stream cut: u42 reads too slowly (over 100000 bytes waiting)');
    stream.resume();
    expect(await stream.ended).toBe('cut');
    const cursor = stream.ids().at(-1) ?? '';
    const resumed = await openStream(server, { ...headers, 'last-event-id': cursor });
    await resumed.until(() => resumed.chunks.at(-1)?.includes('u42_StreamHead') === true);
    expect([...stream.ids(), ...resumed.ids()]).toEqual(server.control.published('u42').map(({ id }) => id));
  });

  it('does not cut a reader for a burst', async () => {
    const { server, headers } = await prepare({ maxBufferedBytes: 50_000 });
    const stream = await openStream(server, headers);
    await stream.until(() => headOf(stream) !== undefined);
    server.control.advance(5000, 'u42');
    const head = server.control.head('u42') ?? '';
    await stream.until(() => stream.chunks.at(-1)?.includes(`"head":"${head}"`) === true);
    expect(stream.ids()).toHaveLength(5000);
    expect(server.control.openStreams('u42')).toBe(1);
  });
});

async function usersOfOne() {
  const { DEMO_USERS } = await import('../index.ts');
  return DEMO_USERS.slice(0, 1);
}
