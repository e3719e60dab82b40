import { describe, expect, it } from 'vitest';
import type { StatusChanged } from '../../protocol/event.ts';
import { bearer, openStream, send, signIn } from '../testing/client.ts';
import { startForTest } from '../testing/server.ts';
import type { MockServer } from '../types.ts';

async function prepare() {
  const server = await startForTest({ controlInterface: true });
  const token = server.controlToken ?? '';
  const call = (name: string, args?: readonly unknown[], headers: Record<string, string> = {}) =>
    send(server, '/control', {
      body: { call: name, args },
      headers: { 'x-control-token': token, ...headers },
    });
  return { server, call };
}

describe('the HTTP control interface', () => {
  it('is not there unless asked for', async () => {
    const server = await startForTest();
    expect(server.controlToken).toBeNull();
    expect((await send(server, '/control', { body: { call: 'requests' } })).status).toBe(404);
  });

  it('needs its token', async () => {
    const { call } = await prepare();
    expect((await call('requests', [])).status).toBe(200);
    for (const token of ['', 'wrong', 'x'.repeat(32)])
      expect((await call('requests', [], { 'x-control-token': token })).status).toBe(401);
  });

  it('answers on loopback names only, and never to a page', async () => {
    const { server, call } = await prepare();
    for (const host of [`127.0.0.1:${server.port}`, `localhost:${server.port}`, 'localhost'])
      expect((await call('requests', [], { host })).status).toBe(200);
    for (const host of ['evil.example', `evil.example:${server.port}`, '127.0.0.1.evil.example', '0.0.0.0'])
      expect((await call('requests', [], { host })).status).toBe(403);
    for (const origin of [server.url, 'http://evil.example', 'null'])
      expect((await call('requests', [], { origin })).status).toBe(403);
    const preflight = await send(server, '/control', {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('publishes, and says what was published', async () => {
    const { server, call } = await prepare();
    const answer = await call('publish', ['u42', { contractId: 'C-9', title: 'Привет', to: 'sent' }]);
    const { result } = answer.json<{ result: StatusChanged }>();
    expect(result.data.contract).toMatchObject({ id: 'C-9', title: 'Привет' });
    expect((await call('advance', [3, 'u42'])).json<{ result: unknown[] }>().result).toHaveLength(3);
    expect((await call('published', ['u42'])).json()).toEqual({
      result: JSON.parse(JSON.stringify(server.control.published('u42'))),
    });
    expect((await call('head', ['u42'])).json()).toEqual({ result: 'e1-00000000004' });
  });

  it('has every call, and answers those without a result with null', async () => {
    const { call } = await prepare();
    const calls: readonly (readonly [string, readonly unknown[]])[] = [
      ['sendRaw', ['u42', ': raw\n\n']],
      ['openStreams', []],
      ['openStreams', ['u42']],
      ['dropConnections', []],
      ['setFaults', [[{ kind: 'drop', probability: 0.5 }]]],
      ['setFaults', [[]]],
      ['newEpoch', ['u42']],
      ['newEpoch', []],
      ['truncate', ['u42', 0]],
      ['expireTokens', []],
      ['revoke', ['u42']],
      ['setClockSkew', [-1000]],
      ['notice', ['hello']],
    ];
    for (const [name, args] of calls) {
      const answer = await call(name, args);
      expect([name, answer.status, Object.keys(answer.json<object>())]).toEqual([name, 200, ['result']]);
    }
  });

  it.each([
    ['an unknown call', 'explode', [], 400],
    ['a call of every object', 'toString', [], 400],
    ['a missing argument', 'publish', [], 400],
    ['an argument too many', 'head', ['u42', 'u7'], 400],
    ['an unknown user', 'publish', ['nobody'], 400],
    ['a wrong wish', 'publish', ['u42', { tilte: 'x' }], 400],
    ['a wrong fault', 'setFaults', [[{ kind: 'drop', probability: 7 }]], 400],
  ])('refuses %s', async (_name, name, args, status) => {
    const { call } = await prepare();
    const answer = await call(name, args);
    expect(answer.status).toBe(status);
    expect(answer.json<{ detail: string }>().detail).not.toBe('');
  });

  it('restarts the server after answering, and can end every fault it began', async () => {
    const { server, call } = await prepare();
    expect((await call('restart', [1])).status).toBe(202);
    await untilUp(server);
    await call('setFaults', [
      [{ kind: 'refuse' }, { kind: 'status', status: 500, path: '*' }, { kind: 'redirect', to: '/x' }],
    ]);
    await expect(send(server, '/api/contracts')).rejects.toThrow('socket hang up');
    expect((await call('setFaults', [[]])).status).toBe(200);
    expect((await send(server, '/api/contracts')).status).toBe(401);
  });
});

async function untilUp(server: MockServer): Promise<void> {
  const deadline = performance.now() + 5000;
  while (performance.now() < deadline) {
    try {
      await send(server, '/api/contracts');
      return;
    } catch {
      // Still down: try again until the deadline.
    }
  }
}

describe('control in the same process', () => {
  it('puts raw bytes on the user’s streams, outside the log', async () => {
    const server = await startForTest();
    const stream = await openStream(server, bearer(await signIn(server)));
    server.control.sendRaw('u42', 'event: u42_ContractStatusChanged\ndata: half an ev');
    server.control.sendRaw('u42', Buffer.from('ent\n\n'));
    await stream.until(() => stream.blocks().some(({ data }) => data === 'half an event'));
    expect(server.control.published('u42')).toHaveLength(0);
  });

  it('counts open streams and cuts them', async () => {
    const server = await startForTest();
    const [anna, ben] = [await signIn(server), await signIn(server, 'ben')];
    const streams = [
      await openStream(server, bearer(anna)),
      await openStream(server, bearer(anna)),
      await openStream(server, bearer(ben)),
    ];
    expect([server.control.openStreams(), server.control.openStreams('u42')]).toEqual([3, 2]);
    expect(server.control.dropConnections('u42')).toBe(2);
    expect(await Promise.all([streams[0]?.ended, streams[1]?.ended])).toEqual(['cut', 'cut']);
    expect(streams[2]?.isOpen()).toBe(true);
    expect(server.control.dropConnections()).toBe(1);
  });

  it('revokes: streams end, refresh fails, others stay', async () => {
    const server = await startForTest();
    const [anna, ben] = [await signIn(server), await signIn(server, 'ben')];
    const [one, other] = [await openStream(server, bearer(anna)), await openStream(server, bearer(ben))];
    server.control.revoke('u42');
    expect(await one.ended).toBe('end');
    expect(other.isOpen()).toBe(true);
    const body = { refreshToken: anna.refreshToken };
    expect((await send(server, '/api/refresh', { body })).status).toBe(401);
  });

  it('remembers requests, and whether they had credentials, but not which', async () => {
    const server = await startForTest();
    const tokens = await signIn(server);
    const stream = await openStream(server, { ...bearer(tokens), 'last-event-id': 'e1-00000000007' });
    stream.close();
    await send(server, '/api/contracts?next=x');
    const seen = server.control.requests();
    expect(seen).toMatchObject([
      { method: 'POST', path: '/api/login', authorization: false, lastEventId: null, status: 200 },
      { method: 'GET', path: '/api/events', authorization: true, lastEventId: 'e1-00000000007', status: 200 },
      { method: 'GET', path: '/api/contracts', authorization: false, lastEventId: null, status: 401 },
    ]);
    expect(JSON.stringify(seen)).not.toContain(tokens.accessToken);
  });

  it('refuses users that are not there', async () => {
    const { control } = await startForTest();
    for (const act of [
      () => control.publish('x'),
      () => control.advance(1, 'x'),
      () => control.published('x'),
      () => control.head('x'),
      () => control.newEpoch('x'),
      () => control.truncate('x', 1),
      () => control.revoke('x'),
      () => control.sendRaw('x', 'y'),
    ])
      expect(act).toThrow(RangeError);
  });
});
