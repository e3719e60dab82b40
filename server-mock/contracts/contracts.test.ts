import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import {
  acknowledgementsPath,
  historyPageSchema,
  historyPath,
  snapshotPageSchema,
} from '../../protocol/api.ts';
import { decode, statusChangedSchema } from '../../protocol/event.ts';
import { acknowledgedSchema } from '../../protocol/control.ts';
import { bearer, openStream, send, signIn } from '../testing/client.ts';
import { startForTest } from '../testing/server.ts';
import type { MockServer } from '../types.ts';

async function signedIn(server: MockServer, username = 'anna') {
  const headers = bearer(await signIn(server, username));
  return {
    headers,
    get: (path: string) => send(server, path, { headers }),
    async snapshot(next?: string) {
      const query = next === undefined ? '' : `?next=${encodeURIComponent(next)}`;
      return v.parse(snapshotPageSchema, (await send(server, `/api/contracts${query}`, { headers })).json());
    },
    acknowledge: (contractId: string, body: unknown, key: string) =>
      send(server, acknowledgementsPath(contractId), {
        body,
        headers: { ...headers, 'idempotency-key': key },
      }),
  };
}

describe('GET /api/contracts', () => {
  it('shows every followed contract, its latest event, and the head to which it belongs', async () => {
    const server = await startForTest();
    const event = server.control.publish('u42', { contractId: 'C-9', to: 'sent', actionRequired: true });
    const { snapshot } = await signedIn(server);
    const page = await snapshot();
    expect([page.asOf, page.total, page.next]).toEqual([event.id, 21, null]);
    expect(page.contracts.find(({ contract }) => contract.id === 'C-9')).toMatchObject({
      status: 'sent',
      since: event.time,
      actionRequired: true,
      lastEventId: event.id,
      lastEvent: JSON.parse(JSON.stringify(event)),
    });
    expect(page.contracts[0]).toMatchObject({ lastEventId: null, lastEvent: null });
  });

  it('has no head while the log is empty', async () => {
    const { snapshot } = await signedIn(await startForTest());
    expect((await snapshot()).asOf).toBeNull();
  });

  it('fixes with page one what all pages show', async () => {
    const server = await startForTest({ contracts: 1200 });
    const { snapshot } = await signedIn(server);
    server.control.publish('u42');
    const pages = [await snapshot()];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next) {
      server.control.advance(50, 'u42');
      pages.push(await snapshot(next));
    }
    expect(pages.map(({ contracts }) => contracts.length)).toEqual([500, 500, 200]);
    expect(new Set(pages.map(({ asOf, at, total }) => `${asOf} ${at} ${total}`)).size).toBe(1);
    const ids = pages.flatMap(({ contracts }) => contracts.map(({ contract }) => contract.id));
    expect(new Set(ids).size).toBe(1200);
    const lastIds = pages.flatMap(({ contracts }) =>
      contracts.flatMap(({ lastEventId }) => lastEventId ?? []),
    );
    expect(lastIds).toEqual(['e1-00000000001']);
  });

  it('answers 410 to a token that is expired, made up, or of another user', async () => {
    const server = await startForTest({ contracts: 600, snapshotTtlMs: 150 });
    const [anna, ben] = [await signedIn(server), await signedIn(server, 'ben')];
    const next = (await anna.snapshot()).next ?? '';
    expect((await ben.get(`/api/contracts?next=${next}`)).status).toBe(410);
    const deadline = Date.now() + 60_000;
    let status = 200;
    while (status === 200 && Date.now() < deadline)
      ({ status } = await anna.get(`/api/contracts?next=${next}`));
    expect(status).toBe(410);
    const madeUp = await anna.get('/api/contracts?next=nonsense');
    expect([madeUp.status, madeUp.headers['content-type']]).toEqual([
      410,
      'application/problem+json; charset=utf-8',
    ]);
    expect((await anna.get('/api/contracts?next=a&next=b')).status).toBe(400);
  });

  it('shows since an event only what changed after it, newest change first, and says so on every page', async () => {
    const server = await startForTest({ contracts: 1200 });
    const { get } = await signedIn(server);
    const page = async (query: string) =>
      v.parse(snapshotPageSchema, (await get(`/api/contracts?${query}`)).json());
    const first = server.control.publish('u42', { contractId: 'C-8' });
    const changed = ['C-9', 'C-7', 'C-9'].map((contractId) => server.control.publish('u42', { contractId }));
    const some = await page(`since=${first.id}`);
    expect(some).toMatchObject({ since: first.id, asOf: changed[2]!.id, total: 2, next: null });
    expect(some.contracts.map((item) => [item.contract.id, item.lastEventId])).toEqual([
      ['C-9', changed[2]!.id],
      ['C-7', changed[1]!.id],
    ]);
    expect((await page(`since=${changed[2]!.id}`)).contracts).toEqual([]);
    server.control.advance(3000, 'u42');
    const one = await page(`since=${first.id}`);
    const two = await page(`next=${one.next}`);
    expect([one.since, two.since, one.contracts.length]).toEqual([first.id, first.id, 500]);
    // What is not an event of this log is no beginning: the whole list, without the echo.
    for (const since of ['e9-00000000001', 'nonsense', 'e1-00000099999'])
      expect((await page(`since=${since}`)).since).toBeNull();
  });

  it('forgets the old epoch with a new one, but not the contracts', async () => {
    const server = await startForTest();
    const { snapshot } = await signedIn(server);
    server.control.publish('u42', { contractId: 'C-9', to: 'sent' });
    server.control.newEpoch('u42');
    const page = await snapshot();
    expect(page.asOf).toBeNull();
    expect(page.contracts.find(({ contract }) => contract.id === 'C-9')).toMatchObject({
      status: 'sent',
      lastEventId: null,
    });
  });
});

describe('GET /api/contracts/{id}/history', () => {
  it('gives the original envelopes of one contract, oldest first', async () => {
    const server = await startForTest();
    const { get } = await signedIn(server);
    const contractId = 'Договор 7/№ 1';
    server.control.publish('u42', { contractId });
    server.control.publish('u42');
    server.control.publish('u42', { contractId });
    server.control.truncate('u42', 0);
    server.control.newEpoch('u42');
    server.control.publish('u42', { contractId });
    const page = v.parse(historyPageSchema, (await get(historyPath(contractId))).json());
    const own = server.control.published('u42').filter(({ data }) => data.contract.id === contractId);
    expect(page).toEqual({ events: JSON.parse(JSON.stringify(own)), next: null });
    expect(page.events).toHaveLength(3);
    for (const event of page.events) expect(decode(statusChangedSchema, event).ok).toBe(true);
  });

  it('comes in pages that fit together while events come in', async () => {
    const server = await startForTest();
    const { get } = await signedIn(server);
    for (let count = 0; count < 1100; count += 1) server.control.publish('u42', { contractId: 'C-9' });
    const versions: unknown[] = [];
    let next: string | null = null;
    do {
      const query: string = next === null ? '' : `?next=${encodeURIComponent(next)}`;
      const page = v.parse(historyPageSchema, (await get(`${historyPath('C-9')}${query}`)).json());
      versions.push(...page.events.map((event) => v.parse(statusChangedSchema, event).data.contract.version));
      server.control.publish('u42', { contractId: 'C-9' });
      ({ next } = page);
    } while (next !== null);
    expect(versions).toEqual(Array.from({ length: versions.length }, (_, index) => index + 1));
    expect(versions.length).toBeGreaterThanOrEqual(1100);
  });

  it('knows no contract of others, and no place that is not kept', async () => {
    const server = await startForTest();
    server.control.publish('u42', { contractId: 'C-9' });
    const [anna, ben] = [await signedIn(server), await signedIn(server, 'ben')];
    expect((await ben.get(historyPath('C-9'))).status).toBe(404);
    expect((await anna.get(historyPath('C-nix'))).status).toBe(404);
    expect((await anna.get(`${historyPath('C-9')}?next=e9-00000000001`)).status).toBe(410);
    expect((await anna.get(historyPath('x'.repeat(500)))).status).toBe(404);
  });
});

describe('POST /api/contracts/{id}/acknowledgements', () => {
  it('is 201 once and 200 when repeated, and the user’s other devices learn of it', async () => {
    const server = await startForTest();
    const { headers, acknowledge } = await signedIn(server);
    const [own, others] = [
      await openStream(server, headers),
      await openStream(server, (await signedIn(server, 'ben')).headers),
    ];
    const event = server.control.publish('u42', { contractId: 'C-9', actionRequired: true });
    const wish = { eventId: event.id, version: event.data.contract.version };
    const first = await acknowledge('C-9', wish, 'key-1');
    const repeated = await acknowledge('C-9', wish, 'key-1');
    const otherKey = await acknowledge('C-9', wish, 'key-2');
    expect([first.status, repeated.status, otherKey.status]).toEqual([201, 200, 200]);
    expect(repeated.text).toBe(first.text);
    const isAcknowledged = ({ name }: { name: string }) => name.endsWith('_ContractAcknowledged');
    await own.until((stream) => stream.blocks().some(isAcknowledged));
    const told = own.blocks().filter(isAcknowledged);
    expect(told.map(({ name, id }) => [name, id])).toEqual([['u42_ContractAcknowledged', null]]);
    expect(v.parse(acknowledgedSchema, JSON.parse(told[0]?.data ?? ''))).toMatchObject({
      contractId: 'C-9',
      ...wish,
      by: { id: 'u42', name: 'Анна Петрова' },
    });
    const heads = others.blocks().length;
    await others.until((stream) => stream.blocks().length > heads);
    expect(others.blocks().some(isAcknowledged)).toBe(false);
  });

  it('is 409 when the contract has moved on, unless it was done before', async () => {
    const server = await startForTest();
    const { acknowledge } = await signedIn(server);
    const first = server.control.publish('u42', { contractId: 'C-9' });
    expect((await acknowledge('C-9', { eventId: first.id, version: 1 }, 'a')).status).toBe(201);
    server.control.publish('u42', { contractId: 'C-9' });
    expect((await acknowledge('C-9', { eventId: first.id, version: 1 }, 'b')).status).toBe(409);
    expect((await acknowledge('C-9', { eventId: first.id, version: 1 }, 'a')).status).toBe(200);
  });

  it('refuses what cannot be meant', async () => {
    const server = await startForTest();
    const { headers, acknowledge } = await signedIn(server);
    const { id } = server.control.publish('u42', { contractId: 'C-9' });
    const status = async (...args: Parameters<typeof acknowledge>) => (await acknowledge(...args)).status;
    expect(await status('C-9', { eventId: id, version: 2 }, 'a')).toBe(404);
    expect(await status('C-9', { eventId: 'e1-00000000009', version: 1 }, 'a')).toBe(404);
    expect(await status('C-nix', { eventId: id, version: 1 }, 'a')).toBe(404);
    expect(await status('C-9', { eventId: id, version: 'one' }, 'a')).toBe(400);
    expect(await status('C-9', { eventId: id, version: 1 }, 'a')).toBe(201);
    expect(await status('C-9', { eventId: id, version: 7 }, 'a')).toBe(422);
    const body = { eventId: id, version: 1 };
    expect((await send(server, acknowledgementsPath('C-9'), { body, headers })).status).toBe(400);
  });
});

describe('an honest foreign server', () => {
  it('has streams with opaque ids and nothing else', async () => {
    const server = await startForTest({ foreign: true });
    const { headers, get } = await signedIn(server);
    const events = [1, 2, 3].map(() => server.control.publish('u42', { contractId: 'C-9' }));
    expect(events.map(({ id }) => id)).toEqual(['1712:1', '1712:2', '1712:3']);
    const stream = await openStream(server, { ...headers, 'last-event-id': '1712:1' });
    await stream.until(() => stream.bytes().includes(': heartbeat'));
    expect(stream.ids()).toEqual(['1712:2', '1712:3']);
    expect(stream.blocks().every(({ name }) => name === 'u42_ContractStatusChanged')).toBe(true);
    const unknown = await openStream(server, { ...headers, 'last-event-id': 'what?' });
    await unknown.until(() => unknown.ids().length === 3);
    expect(unknown.bytes().includes('StreamStale')).toBe(false);
    for (const path of ['/api/contracts', historyPath('C-9')]) expect((await get(path)).status).toBe(404);
    const poll = { headers: { ...headers, accept: 'application/json' } };
    expect((await send(server, '/api/events?wait=0', poll)).status).toBe(406);
  });
});
