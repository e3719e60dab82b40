import { afterEach, expect, test } from 'vitest';
import { BUILT_IN } from '../../protocol/profile/profile.ts';
import { systemClock } from '../ports/clock.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { startTestServer, type TestServer } from '../stream/testing.ts';
import { tryKey } from './sign-in.ts';

let server: TestServer | null = null;
afterEach(() => server?.close());

const WITH_USER = {
  ...BUILT_IN,
  stream: { path: '/users/{userId}/events' },
  capabilities: { ...BUILT_IN.capabilities, snapshot: false },
};

test.each(['.', '..', '\uD800'])(
  'an id that would lead elsewhere in the address is refused, and nothing is sent: %j',
  async (userId) => {
    const asked: string[] = [];
    server = await startTestServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
    });
    const key = { header: 'x-api-key', value: 'k-1' };
    const ask = (id: string) =>
      tryKey(
        createNodeHttp(),
        systemClock,
        { server: server?.url ?? '', userId: id, key, profile: WITH_USER },
        AbortSignal.timeout(20_000),
      );
    expect(await ask(userId)).toEqual({ code: 'unusable_user_id' });
    expect(asked).toEqual([]);
    expect(await ask('a/../b')).toBeNull();
    expect(asked).toEqual(['/users/a%2F..%2Fb/events']);
  },
);

async function tryAgainst(page: string) {
  server = await startTestServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(page);
  });
  const key = { header: 'x-api-key', value: 'k-1' };
  const how = { server: server.url, userId: 'u42', key, profile: BUILT_IN };
  return tryKey(createNodeHttp(), systemClock, how, AbortSignal.timeout(20_000));
}

const contract = '{"contract":{"id":"C-1","title":"T","version":1,"counterparties":[{},{}]},"status":"sent"}';
const list = (count: number): string => `[${Array(count).fill(contract).join(',')}]`;

test.each([
  ['an empty list', '{"contracts":[],"next":null}'],
  ['a list as long as any', `{"asOf":null,"contracts":${list(100_000)},"next":null}\n`],
])('a key is taken that brings %s', async (_, page) => {
  expect(await tryAgainst(page)).toBeNull();
});

test.each([
  ['no list', '{"contracts":{}}'],
  ['a list alone', list(2)],
  ['a page that is cut off', `{"contracts":${list(2)}`],
  ['a page for people', '<html>{"contracts":[]}</html>'],
  ['nothing', ''],
])('one that brings %s is none of this API', async (_, page) => {
  expect(await tryAgainst(page)).toMatchObject({ code: 'not_conforming' });
});
