import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../protocol/decode-event.ts';
import { eventually, headOf, openStream, send } from '../testing/client.ts';
import { hasHead, prepareFaulty as prepare } from '../testing/faulty.ts';
import type { Fault } from './types.ts';

describe('cutting', () => {
  it.each(['between', 'line', 'character'] as const)('drop %s', async (where) => {
    const { open, publish, lines } = await prepare([{ kind: 'drop', probability: 1, where }]);
    const [id] = publish(1);
    const stream = await open();
    expect(await stream.ended).toBe('cut');
    const bytes = stream.bytes();
    const end = bytes.subarray(-2).toString('latin1');
    if (where === 'between') {
      expect(stream.ids()).toEqual([id]);
      expect(end).toBe('\n\n');
    } else {
      expect(stream.ids()).toEqual([]);
      expect(bytes.includes(`id: ${id}\n`)).toBe(true);
      // A first byte of two at the very end: no text decoder can make a character of it.
      expect((bytes.at(-1) ?? 0) >= 0xc0).toBe(where === 'character');
    }
    expect(lines).toContain('fault applied: drop');
  });

  it('drop by chance comes sooner or later, and the cursor goes on', async () => {
    const { server, open, publish } = await prepare([{ kind: 'drop', probability: 0.1 }]);
    const ids = publish(100);
    const got: string[] = [];
    let connections = 0;
    while (got.length < ids.length) {
      const stream = await open(got.length > 0 ? { 'last-event-id': got.at(-1) ?? '' } : {});
      await Promise.race([stream.ended, stream.until(hasHead(ids.at(-1)))]);
      got.push(...stream.ids());
      stream.close();
      connections += 1;
    }
    expect(got).toEqual(ids);
    expect(connections).toBeGreaterThan(2);
    await eventually(() => server.control.openStreams() === 0, 'all streams are gone');
  });

  it('refuse closes the connection as soon as it is accepted', async () => {
    const { server, headers } = await prepare([{ kind: 'refuse' }]);
    await expect(send(server, '/api/contracts', { headers })).rejects.toThrow(/socket hang up|ECONNRESET/);
    server.control.setFaults([]);
    expect((await send(server, '/api/contracts', { headers })).status).toBe(200);
  });
});

describe('silence', () => {
  it('stall writes nothing after so many events, and keeps the socket open', async () => {
    const { server, open, publish } = await prepare([{ kind: 'stall', afterEvents: 2 }]);
    publish(5);
    const stream = await open();
    await stream.until(() => stream.events().length === 2);
    const stalled = stream.bytes().length;
    const other = await prepare([]);
    const beating = await other.open();
    await beating.until(() => beating.blocks().length > 3);
    expect([stream.bytes().length, stream.isOpen()]).toEqual([stalled, true]);
    expect(server.control.openStreams('u42')).toBe(1);
    expect(server.control.dropConnections('u42')).toBe(1);
    expect(await stream.ended).toBe('cut');
  });

  it.each<readonly [string, Fault]>([
    ['stall:0', { kind: 'stall', afterEvents: 0 }],
    ['buffer:headers', { kind: 'buffer', headers: true }],
  ])('%s holds back even the headers, while polling passes', async (_name, fault) => {
    const { server, open, publish, poll } = await prepare([fault]);
    const ids = publish(2);
    const opening = open();
    await eventually(() => server.control.openStreams('u42') === 1, 'the stream is taken in');
    expect((await poll('wait=0')).events.map(({ id }) => id)).toEqual(ids);
    expect(server.control.dropConnections()).toBe(1);
    await expect(opening).rejects.toThrow('socket hang up');
  });

  it('buffer lets the headers through and no byte more', async () => {
    const { open, publish, poll } = await prepare([{ kind: 'buffer' }]);
    const ids = publish(2);
    const stream = await open();
    expect(stream.status).toBe(200);
    expect((await poll('wait=0')).head).toBe(ids[1]);
    expect(stream.bytes()).toHaveLength(0);
  });

  it('buffer with a size passes whole buffers on, late and in order, and the rest once it is over', async () => {
    const { server, open, publish } = await prepare([{ kind: 'buffer', bytes: 4096 }], {
      heartbeatMs: 5_000,
    });
    const ids = publish(30);
    const stream = await open();
    await stream.until(() => stream.bytes().length >= 4 * 4096);
    expect(stream.bytes().length % 4096).toBe(0);
    const early = stream.ids();
    expect(early.length).toBeGreaterThan(10);
    expect(early).toEqual(ids.slice(0, early.length));
    server.control.setFaults([]);
    ids.push(...publish(1));
    await stream.until(() => stream.events().length === 31);
    expect(stream.ids()).toEqual(ids);
  });

  it('hits streams that are open already', async () => {
    const { server, open, publish } = await prepare([]);
    const stream = await open();
    await stream.until(() => stream.blocks().length > 0);
    server.control.setFaults([{ kind: 'stall', afterEvents: 1 }]);
    publish(3);
    await stream.until(() => stream.events().length === 1);
    server.control.setFaults([]);
    publish(1);
    await stream.until(() => stream.events().length === 2);
    expect(stream.ids()).toEqual(['e1-00000000001', 'e1-00000000004']);
  });
});

describe('travelling badly', () => {
  it('one_byte sends every byte by itself, and loses none', async () => {
    const { open, publish } = await prepare([{ kind: 'one_byte' }]);
    const ids = publish(2);
    const stream = await open();
    await stream.until(hasHead(ids[1]));
    expect(stream.ids()).toEqual(ids);
    const small = stream.chunks.filter((chunk) => chunk.length === 1).length;
    expect(small / stream.chunks.length).toBeGreaterThan(0.5);
  });

  it('delay makes everything late and keeps the order', async () => {
    const { server, headers, open, publish } = await prepare([{ kind: 'delay', ms: 80 }], {
      heartbeatMs: 20,
    });
    let started = performance.now();
    await send(server, '/api/contracts', { headers });
    expect(performance.now() - started).toBeGreaterThan(75);
    const stream = await open();
    await stream.until(() => stream.blocks().length > 0);
    started = performance.now();
    const ids = publish(50);
    await stream.until(() => stream.events().length === 50);
    const took = performance.now() - started;
    expect(took).toBeGreaterThan(75);
    // Not one after the other.
    expect(took).toBeLessThan(50 * 80);
    expect(stream.ids()).toEqual(ids);
  });

  it('duplicate sends an event twice', async () => {
    const { open, publish } = await prepare([{ kind: 'duplicate', probability: 1 }]);
    const [one, two] = publish(2);
    const stream = await open();
    await stream.until(hasHead(two));
    expect(stream.ids()).toEqual([one, one, two, two]);
  });

  it('reorder swaps neighbours, loses none, and never lets a head overtake', async () => {
    const { open, publish } = await prepare([{ kind: 'reorder', probability: 1 }]);
    const ids = publish(4);
    const stream = await open();
    await stream.until(hasHead(ids[3]));
    expect(stream.ids()).toEqual([ids[1], ids[0], ids[3], ids[2]]);
    const [late] = publish(1);
    await stream.until(() => stream.ids().includes(late ?? ''));
  });

  it('replay_early begins before the cursor', async () => {
    const { open, publish, poll } = await prepare([{ kind: 'replay_early', events: 2 }]);
    const ids = publish(6);
    const stream = await open({ 'last-event-id': ids[3] ?? '' });
    await stream.until(hasHead(ids[5]));
    expect(stream.ids()).toEqual(ids.slice(2));
    expect((await poll(`after=${ids[3]}`)).events.map(({ id }) => id)).toEqual(ids.slice(2));
    expect((await poll(`after=${ids[5]}`)).events).toEqual([]);
  });
});

describe('wrong content', () => {
  it('omit leaves an event out of the stream, not out of the log, the head and history', async () => {
    const { server, headers, open, publish, poll } = await prepare([{ kind: 'omit', sequences: [2, 4] }]);
    const ids = publish(4);
    const stream = await open();
    await stream.until(hasHead(ids[3]));
    expect(stream.ids()).toEqual([ids[0], ids[2]]);
    expect((await poll('wait=0')).events.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    const event = server.control.published('u42')[1];
    const history = await send(server, `/api/contracts/${event?.data.contract.id}/history`, { headers });
    expect(history.text).toContain(ids[1]);
  });

  it('omit,last holds the newest back until another comes', async () => {
    const { open, publish } = await prepare([{ kind: 'omit', last: true }]);
    const ids = publish(3);
    const stream = await open();
    await stream.until(hasHead(ids[2]));
    expect(stream.ids()).toEqual(ids.slice(0, 2));
    const [next] = publish(1);
    await stream.until(hasHead(next));
    expect(stream.ids()).toEqual(ids);
  });

  it('garbage between events has no id and spoils none of them', async () => {
    const { open, publish } = await prepare([{ kind: 'garbage', probability: 1 }]);
    const ids = publish(60);
    const stream = await open();
    await stream.until(() => stream.ids().length === 60);
    expect(stream.ids()).toEqual(ids);
    const junk = stream.blocks().filter(({ id }) => id === null);
    expect(junk.some(({ name, data }) => name.startsWith('u42_') && !decodeEvent(data).ok)).toBe(true);
    expect(junk.some(({ name }) => name.startsWith('nobody_'))).toBe(true);
    expect(stream.bytes().includes(Buffer.from([0xff, 0xfe, 0xc3, 0x28]))).toBe(true);
  });

  it('garbage of its own stands under a real id in place of the real event', async () => {
    const { server, open, publish, poll } = await prepare([
      { kind: 'garbage', probability: 1, variant: 'own' },
    ]);
    const ids = publish(6);
    const stream = await open();
    await stream.until(hasHead(ids[5]));
    const blocks = stream.blocks().filter(({ id }) => id !== null);
    expect(blocks.map(({ id }) => id)).toEqual(ids);
    for (const { name, data } of blocks) {
      expect(name).toBe('u42_ContractStatusChanged');
      expect(decodeEvent(data).ok).toBe(false);
    }
    expect(server.control.published('u42').map(({ id }) => id)).toEqual(ids);
    expect((await poll('wait=0')).events).toHaveLength(6);
  });

  it('giant pads an event on the wire, which stays a true event', async () => {
    const { server, open, publish } = await prepare([{ kind: 'giant', sequences: [2], bytes: 200_000 }]);
    const ids = publish(3);
    const stream = await open();
    await stream.until(hasHead(ids[2]));
    const sizes = stream.blocks().flatMap(({ id, data }) => (id === null ? [] : Buffer.byteLength(data)));
    expect(sizes[1]).toBe(200_000);
    expect(sizes[0]).toBeLessThan(2000);
    expect(stream.events().map(({ id }) => id)).toEqual(ids);
    expect(JSON.stringify(server.control.published('u42')[1]).length).toBeLessThan(2000);
  });

  it('content_type: an HTML page in place of the stream, or a stream under a wrong name', async () => {
    const { server, open, publish } = await prepare([{ kind: 'content_type', value: 'text/html', times: 1 }]);
    const page = await open();
    expect([page.headers['content-type'], await page.ended]).toEqual(['text/html', 'end']);
    expect(page.bytes().toString()).toContain('<!doctype html>');
    const [id] = publish(1);
    const stream = await open();
    expect(stream.headers['content-type']).toBe('text/event-stream');
    server.control.setFaults([{ kind: 'content_type', value: 'application/octet-stream' }]);
    const misnamed = await open();
    expect(misnamed.headers['content-type']).toBe('application/octet-stream');
    await misnamed.until(hasHead(id));
  });

  it('all of it on NDJSON too', async () => {
    const { server, headers, publish } = await prepare([
      { kind: 'omit', sequences: [1] },
      { kind: 'garbage', probability: 1 },
      { kind: 'duplicate', probability: 1 },
    ]);
    const ids = publish(10);
    const stream = await openStream(server, { ...headers, accept: 'application/x-ndjson' });
    const good = () =>
      stream.blocks().flatMap(({ data }) => {
        const decoded = decodeEvent(data);
        return decoded.ok ? [decoded.value.id] : [];
      });
    await stream.until(() => good().length === 18);
    expect(good()).toEqual(ids.slice(1).flatMap((id) => [id, id]));
    expect(stream.blocks().length).toBeGreaterThan(18);
  });
});

describe('other answers', () => {
  it('status answers in place of the stream, as often as told, with Retry-After', async () => {
    const { server, headers, open } = await prepare([
      { kind: 'status', status: 503, times: 2, retryAfter: '7' },
      { kind: 'status', status: 204, times: 1 },
      { kind: 'status', status: 401, path: '/api/contracts', times: 1 },
    ]);
    const answers = [
      await send(server, '/api/events', { headers }),
      await send(server, '/api/events', { headers }),
      await send(server, '/api/events', { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 204]);
    expect(answers[0]?.headers['retry-after']).toBe('7');
    expect(answers[0]?.headers['content-type']).toContain('application/problem+json');
    expect(answers[2]?.text).toBe('');
    expect((await open()).status).toBe(200);
    expect((await send(server, '/api/contracts', { headers })).status).toBe(401);
    expect((await send(server, '/api/contracts', { headers })).status).toBe(200);
    expect(
      server.control
        .requests()
        .filter(({ path }) => path === '/api/events')
        .map(({ status }) => status),
    ).toEqual([503, 503, 204, 200]);
  });

  it('redirect sends streams elsewhere', async () => {
    const to = 'http://127.0.0.1:9/elsewhere';
    const { server, headers } = await prepare([{ kind: 'redirect', to, status: 308, times: 1 }]);
    const answer = await send(server, '/api/events', { headers });
    expect([answer.status, answer.headers.location]).toEqual([308, to]);
    expect((await send(server, '/api/contracts', { headers })).status).toBe(200);
  });

  it('clock_skew moves what the server says of time, not how long tokens live', async () => {
    const { server, headers, open, publish } = await prepare([{ kind: 'clock_skew', ms: 3 * 3_600_000 }]);
    publish(1);
    const stream = await open();
    await stream.until(() => headOf(stream) !== undefined);
    const head = stream.blocks().find(({ name }) => name.endsWith('_StreamHead'));
    const { at } = JSON.parse(head?.data ?? '{}') as { at: string };
    const snapshot = await send(server, '/api/contracts', { headers });
    const told = [
      at,
      stream.events()[0]?.time,
      snapshot.json<{ at: string }>().at,
      stream.headers.date,
      snapshot.headers.date,
    ];
    for (const time of told) expect((Date.parse(time ?? '') - Date.now()) / 3_600_000).toBeCloseTo(3, 1);
    server.control.setFaults([]);
    const after = await send(server, '/api/contracts', { headers });
    expect(Math.abs(Date.parse(after.json<{ at: string }>().at) - Date.now())).toBeLessThan(60_000);
  });
});
