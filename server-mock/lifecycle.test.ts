import { connect as connectTo, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { problemSchema } from '../protocol/api.ts';
import { startServer } from './index.ts';
import { bearer, eventually, headOf, openStream, send, signIn } from './testing/client.ts';
import { startForTest } from './testing/server.ts';

describe('a server’s life', () => {
  it('comes back on its port with its logs and sessions', async () => {
    const server = await startForTest();
    const headers = bearer(await signIn(server));
    const stream = await openStream(server, headers);
    const before = [1, 2, 3].map(() => server.control.publish('u42').id);
    await stream.until(() => stream.events().length === 3);
    const restarted = server.control.restart(100);
    expect(await stream.ended).toBe('cut');
    await expect(send(server, '/api/contracts', { headers })).rejects.toThrow('ECONNREFUSED');
    const meanwhile = server.control.publish('u42').id;
    await restarted;
    const again = await openStream(server, { ...headers, 'last-event-id': before[1] ?? '' });
    await again.until(() => headOf(again) === meanwhile);
    expect(again.ids()).toEqual([before[2], meanwhile]);
  });

  it('may be restarted while it restarts, and closed while it is down', async () => {
    const server = await startServer();
    await Promise.all([server.control.restart(1), server.control.restart(1)]);
    expect((await send(server, '/api/contracts')).status).toBe(401);
    const restarting = server.control.restart(60_000);
    await server.close();
    await restarting;
    await expect(send(server, '/api/contracts')).rejects.toThrow('ECONNREFUSED');
  });

  it('waits for its port where somebody took it while it was down', async () => {
    const lines: string[] = [];
    const server = await startForTest({ onLine: (line) => lines.push(line) });
    const port = Number(new URL(server.url).port);
    const restarting = server.control.restart(1_000);
    const other = createServer();
    const take = (): void => void other.listen(port, '127.0.0.1');
    // Until it has let go of it.
    other.on('error', () => setImmediate(take));
    take();
    await eventually(() => lines.some((line) => line.includes('was taken meanwhile')), 'the port taken');
    other.close();
    await restarting;
    expect((await send(server, '/api/contracts')).status).toBe(401);
  });

  it('leaves nothing behind when it is closed', async () => {
    const handles = () =>
      process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|Immediate|TLS/.test(name)).length;
    const idle = handles();
    const server = await startServer({
      ratePerS: 100,
      heartbeatMs: 50,
      faults: [
        { kind: 'delay', ms: 20 },
        { kind: 'reorder', probability: 1 },
        { kind: 'new_epoch', everyMs: 1000 },
      ],
    });
    const headers = bearer(await signIn(server));
    const stream = await openStream(server, headers);
    const poll = send(server, '/api/events?wait=60', { headers: { ...headers, accept: 'application/json' } });
    poll.catch(() => {});
    await stream.until(() => stream.events().length > 3);
    expect(handles()).toBeGreaterThan(idle);
    await server.close();
    await stream.ended;
    await eventually(() => handles() <= idle, 'all handles are gone');
  });

  it('says which port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startServer({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });

  it('speaks TLS with a certificate that only those trust who are given it', async () => {
    const server = await startForTest({ tls: true });
    expect(server.url).toMatch(/^https:/);
    expect(server.certificate).toContain('BEGIN CERTIFICATE');
    const stream = await openStream(server, bearer(await signIn(server)));
    const { id } = server.control.publish('u42');
    await stream.until(() => stream.ids().includes(id));
    await expect(send({ ...server, certificate: null }, '/api/contracts')).rejects.toThrow(
      /self-signed certificate|unable to verify/,
    );
    const login = await send(server, '/api/login', { body: { username: 'ben', password: 'ben-demo' } });
    expect(login.headers['set-cookie']?.[0]).toContain('SameSite=None');
    expect(login.headers['set-cookie']?.[0]).toContain('Secure');
  });

  it('simulates at the rate it was told', async () => {
    // Before the server: what it owes for a moment in which the machine stood still counts as well.
    const started = performance.now();
    const server = await startForTest({ ratePerS: 200 });
    await eventually(() => server.control.published('u42').length >= 100, 'a hundred events');
    const seconds = (performance.now() - started) / 1000;
    expect(server.control.published('u42').length / seconds).toBeLessThan(260);
  });

  it('answers unknown paths and broken bodies as problems', async () => {
    const server = await startForTest();
    const nowhere = await send(server, '/api/nowhere?token=secret');
    expect([nowhere.status, nowhere.headers['content-type']]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect(nowhere.text).not.toContain('secret');
    const tooLarge = await send(server, '/api/login', {
      body: { username: 'x'.repeat(70_000), password: '' },
    });
    expect([tooLarge.status, tooLarge.json<{ status: number }>().status]).toEqual([413, 413]);
    const response = await fetch(`${server.url}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"username":',
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
  });
});

describe('what is no request for anything', () => {
  it.each(['/%ff', '/api/contracts/%ff/history', '/api/contracts/%/history', '/%', '/api/events%c3%28'])(
    'an address that cannot be read is a problem like any other: %s',
    async (path) => {
      const server = await startForTest();
      const answer = await send(server, path);
      expect(answer.status).toBe(400);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(v.parse(problemSchema, answer.json()).status).toBe(answer.status);
    },
  );

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a broken header', 'GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n', 400],
    ['endless headers', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
  ])('%s is answered with a problem, and the connection ends', async (_name, text, status) => {
    const server = await startForTest();
    const socket = connectTo(Number(new URL(server.url).port), '127.0.0.1');
    socket.end(text);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain('application/problem+json');
    expect(v.parse(problemSchema, JSON.parse(body)).status).toBe(status);
  });
});
