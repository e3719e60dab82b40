import { describe, expect, it } from 'vitest';
import { acknowledgementsPath } from '../../protocol/api.ts';
import { bearer, headOf, openStream, send, signIn } from '../testing/client.ts';
import type { OpenStream } from '../testing/client.ts';
import { startForTest } from '../testing/server.ts';
import type { MockServer } from '../types.ts';

async function prepare() {
  const server = await startForTest();
  const headers = bearer(await signIn(server));

  /** Another device of this user takes the contract's latest change on. */
  async function acknowledge(contractId: string): Promise<void> {
    const { id, data } = server.control.publish('u42', { contractId });
    const { status } = await send(server, acknowledgementsPath(contractId), {
      body: { eventId: id, version: data.contract.version },
      headers: { ...bearer(await signIn(server)), 'idempotency-key': id },
    });
    expect(status).toBe(201);
  }
  return { server, headers, acknowledge };
}

/** What a stream said up to its first head: `contract@version` for actions, else the name. */
async function opening(stream: OpenStream): Promise<string[]> {
  await stream.until(() => stream.bytes().includes('u42_StreamHead'));
  const said = stream.blocks().map(({ name, data }) => {
    const value = JSON.parse(data) as { event?: string; type?: string; data?: unknown };
    const [event, content] =
      name === '' ? [value.event ?? 'u42_ContractStatusChanged', value.data] : [name, value];
    if (event !== 'u42_ContractAcknowledged') return event.slice('u42_'.length);
    const { contractId, version } = content as { contractId: string; version: number };
    return `${contractId}@${version}`;
  });
  return said.slice(0, said.indexOf('StreamHead') + 1);
}

const lastId = (server: MockServer): string => server.control.head('u42') ?? '';

describe('acknowledgements made while nobody listened', () => {
  it.each(['text/event-stream', 'application/x-ndjson'])(
    'are told after the replay and before the head, the latest of each contract: %s',
    async (accept) => {
      const { server, headers, acknowledge } = await prepare();
      for (const contractId of ['C-1', 'C-2', 'C-1']) await acknowledge(contractId);
      const cursor = lastId(server);
      server.control.publish('u42', { contractId: 'C-3' });
      const stream = await openStream(server, { ...headers, accept, 'last-event-id': cursor });
      expect(await opening(stream)).toEqual(['ContractStatusChanged', 'C-2@1', 'C-1@2', 'StreamHead']);
      expect(stream.blocks().filter(({ id }) => id !== null)).toHaveLength(accept.includes('json') ? 0 : 1);
      const again = await openStream(server, { ...headers, accept, 'last-event-id': lastId(server) });
      expect(await opening(again)).toEqual(['C-2@1', 'C-1@2', 'StreamHead']);
    },
  );

  it('are told by a session’s first poll, then no more', async () => {
    const { server, headers, acknowledge } = await prepare();
    await acknowledge('C-1');
    const poll = async () => {
      const path = `/api/events?after=${lastId(server)}&wait=0`;
      const answer = await send(server, path, { headers: { ...headers, accept: 'application/json' } });
      return answer.json<{ events: unknown[] }>().events;
    };
    expect(await poll()).toMatchObject([
      { event: 'u42_ContractAcknowledged', data: { contractId: 'C-1', version: 1 } },
    ]);
    expect(await poll()).toEqual([]);
  });

  it('are bounded to the 200 contracts acknowledged last, and stay with their user', async () => {
    const { server, headers, acknowledge } = await prepare();
    for (let number = 1; number <= 201; number += 1) await acknowledge(`C-${number}`);
    const stream = await openStream(server, { ...headers, 'last-event-id': lastId(server) });
    const expected = Array.from({ length: 200 }, (_, index) => `C-${index + 2}@1`);
    expect(await opening(stream)).toEqual([...expected, 'StreamHead']);
    const other = await openStream(server, bearer(await signIn(server, 'ben')));
    await other.until(() => headOf(other) !== undefined);
    expect(other.bytes().includes('_ContractAcknowledged')).toBe(false);
  });
});
