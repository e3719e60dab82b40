import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { acknowledgementsPath, pollAnswerSchema } from '../../protocol/api.ts';
import { bearer, eventually, send, signIn } from '../testing/client.ts';
import { startForTest } from '../testing/server.ts';
import type { ServerOptions } from '../types.ts';

async function prepare(options: Partial<ServerOptions> = {}) {
  const lines: string[] = [];
  const server = await startForTest({ ...options, onLine: (line) => lines.push(line) });
  const headers = { ...bearer(await signIn(server)), accept: 'application/json' };
  return {
    server,
    headers,
    isWaiting: () => lines.includes('long poll waits: u42'),
    async poll(query: string) {
      const answer = await send(server, `/api/events?${query}`, { headers });
      expect(answer.status).toBe(200);
      return v.parse(pollAnswerSchema, answer.json());
    },
  };
}

describe('GET /api/events as long polling', () => {
  it('answers at once what came after the cursor', async () => {
    const { server, poll } = await prepare();
    const [first, second] = [server.control.publish('u42'), server.control.publish('u42')];
    const answer = await poll(`after=${first.id}&wait=30`);
    expect(answer).toMatchObject({ head: second.id, stale: null });
    expect(answer.events).toEqual([JSON.parse(JSON.stringify(second))]);
  });

  it('does not wait when it is not to', async () => {
    const { poll } = await prepare();
    expect(await poll('wait=0')).toMatchObject({ events: [], head: null });
    expect(await poll('')).toMatchObject({ events: [], head: null });
  });

  it('waits for the next event, or for its time', async () => {
    const { server, poll, isWaiting } = await prepare();
    const first = server.control.publish('u42');
    const waiting = poll(`after=${first.id}&wait=60`);
    await eventually(isWaiting, 'the poll waits');
    const second = server.control.publish('u42');
    expect((await waiting).events).toMatchObject([{ id: second.id }]);
    expect((await poll(`after=${second.id}&wait=0.05`)).events).toEqual([]);
  });

  it('gives at most 1,000 events and tells by the head that there is more', async () => {
    const { server, poll } = await prepare();
    server.control.advance(2500, 'u42');
    const ids: string[] = [];
    let answers = 0;
    for (let after = ''; ids.at(-1) !== server.control.head('u42'); after = ids.at(-1) ?? '') {
      const answer = await poll(`after=${after}&wait=30`);
      expect(answer.head).toBe(server.control.head('u42'));
      expect(answer.more).toBe(answers < 2);
      ids.push(...answer.events.map((event) => (event as { id: string }).id));
      answers += 1;
    }
    expect(answers).toBe(3);
    expect(ids).toEqual(server.control.published('u42').map(({ id }) => id));
  });

  it('says that a cursor is stale and goes on with what is kept', async () => {
    const { server, poll } = await prepare({ retention: 2 });
    const ids = [1, 2, 3, 4].map(() => server.control.publish('u42').id);
    const answer = await poll(`after=${ids[0]}&wait=30`);
    expect(answer.stale).toEqual({ asOf: ids[3], oldest: ids[2] });
    expect(answer.events).toMatchObject([{ id: ids[2] }, { id: ids[3] }]);
    server.control.newEpoch('u42');
    expect(await poll(`after=${ids[3]}&wait=30`)).toMatchObject({
      events: [],
      head: null,
      stale: { asOf: null, oldest: null },
    });
  });

  it('brings acknowledgements and notices between polls, once', async () => {
    const { server, headers, poll } = await prepare();
    const event = server.control.publish('u42', { contractId: 'C-9' });
    await poll(`after=${event.id}&wait=0`);
    await send(server, acknowledgementsPath('C-9'), {
      body: { eventId: event.id, version: 1 },
      headers: { ...headers, 'idempotency-key': 'k' },
    });
    server.control.notice('hello');
    expect((await poll(`after=${event.id}&wait=30`)).events).toMatchObject([
      { event: 'u42_ContractAcknowledged', data: { contractId: 'C-9' } },
      { event: 'message', data: { text: 'hello' } },
    ]);
    expect((await poll(`after=${event.id}&wait=0`)).events).toEqual([]);
  });

  it('ends with its session and is cut with the connections', async () => {
    const { server, headers, poll, isWaiting } = await prepare();
    const waiting = poll('wait=60');
    await eventually(isWaiting, 'the poll waits');
    await send(server, '/api/logout', { method: 'POST', headers });
    expect((await waiting).events).toEqual([]);
    expect((await send(server, '/api/events?wait=60', { headers })).status).toBe(401);

    const other = await prepare();
    const cut = expect(other.poll('wait=60')).rejects.toThrow('socket hang up');
    await eventually(other.isWaiting, 'the poll waits');
    expect(other.server.control.dropConnections('u42')).toBe(1);
    await cut;
  });
});
