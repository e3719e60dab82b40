import { afterAll, describe, expect, test } from 'vitest';
import { readProfile } from '../../protocol/profile/profile.ts';
import { hasFaults } from './check-server.ts';
import {
  begin,
  block,
  check,
  codesOf,
  envelope,
  faultsOf,
  findingOf,
  IN_VAIN_MS,
  startSome,
} from './testing.ts';
import type { Answer, SomeServer } from './testing.ts';
import { sayFinding } from './words.ts';

const OWN = 'u42_ContractStatusChanged';
const servers: SomeServer[] = [];

// They wait for silence, most of the time: side by side.
afterAll(async () => {
  for (const server of servers) await server.close();
});

async function some(stream: Answer, rest?: Answer): Promise<SomeServer> {
  const server = await startSome(stream, rest);
  servers.push(server);
  return server;
}

/** Sends what follows the id that it is asked for, then a comment now and then. */
const replaying =
  (ids: readonly string[], data: (id: string, n: number) => string, name: string | undefined = OWN): Answer =>
  (request, response) => {
    begin(response);
    const from = ids.indexOf(String(request.headers['last-event-id'])) + 1;
    const blocks = ids.map((id, n) => block(data(id, n), { id, ...(name === undefined ? null : { name }) }));
    response.write(`: hello\n\n${blocks.slice(from).join('')}`);
    const timer = setInterval(() => response.write(': alive\n\n'), 100);
    response.on('close', () => clearInterval(timer));
  };

const FOUR = ['e1-00000000001', 'e1-00000000002', 'e1-00000000003', 'e1-00000000004'];

describe.concurrent('servers that nobody of this app has written', () => {
  test('names no heads: no fault, and the receipt will promise less', async () => {
    const server = await some(replaying(FOUR, (id, n) => envelope(id, n + 1)));
    const report = await check(server.url);
    expect(faultsOf(report)).toEqual([]);
    expect(codesOf(report)).toEqual(
      expect.arrayContaining([
        'key_given',
        'stream_ok',
        'heartbeat_seen',
        'ids_ok',
        'heads_none',
        'resume_ok',
      ]),
    );
    expect(report.verdict).not.toBe('complete');
    expect(report.events[0]).toMatchObject({ id: FOUR[0], change: { ok: true } });
  });

  test('sends nothing again after a cut', async () => {
    let opened = 0;
    const server = await some((_request, response) => {
      begin(response);
      opened += 1;
      response.write(
        opened === 1
          ? FOUR.map((id, n) => block(envelope(id, n + 1), { id, name: OWN })).join('')
          : ': hello\n\n',
      );
    });
    const report = await check(server.url, { ms: IN_VAIN_MS });
    expect(findingOf(report, 'resume_none')).toEqual({ code: 'resume_none', params: { id: FOUR[0] } });
  });

  test('begins anew after each cut: what was taken already comes again', async () => {
    const server = await some((_request, response) => {
      begin(response);
      response.write(FOUR.map((id, n) => block(envelope(id, n + 1), { id, name: OWN })).join(''));
    });
    expect(codesOf(await check(server.url, { ms: IN_VAIN_MS }))).toContain('resume_early');
  });

  test('has ids of its own making: good for resuming, no fault, no proof', async () => {
    const server = await some(replaying(['a:1', 'b:7', 'c:2', 'x'], (id, n) => envelope(`own-${id}`, n + 1)));
    const report = await check(server.url);
    expect(faultsOf(report)).toEqual([]);
    expect(codesOf(report)).toEqual(expect.arrayContaining(['ids_opaque', 'resume_ok']));
  });

  test('has no ids at all', async () => {
    const server = await some((_request, response) => {
      begin(response);
      response.write(block(envelope('x-1'), { name: OWN }));
    });
    expect(faultsOf(await check(server.url, { ms: IN_VAIN_MS }))).toEqual(
      expect.arrayContaining(['ids_none', 'resume_impossible']),
    );
  });

  test('calls its events JSON', async () => {
    const server = await some((_request, response) => {
      begin(response, 'application/json');
      response.end('{"events":[]}');
    });
    const report = await check(server.url);
    expect(faultsOf(report)).toEqual(['stream_type']);
    expect(report.verdict).toBeNull();
  });

  test('is a web site: a page for every address', async () => {
    const page: Answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Shop</title>');
    const report = await check((await some(page, page)).url);
    expect(faultsOf(report)).toEqual(['stream_page']);
  });

  test('holds everything back: headers, and not one byte', async () => {
    const server = await some((_request, response) => begin(response));
    const report = await check(server.url, { ms: IN_VAIN_MS });
    expect(faultsOf(report)).toEqual(['first_byte_none']);
    expect(sayFinding(report.findings.find(({ code }) => code === 'first_byte_none')!).change).toMatch(
      /flush/,
    );
  });

  test('goes silent between events, or after a heartbeat that it had announced', async () => {
    const silent = await some((request, response) => {
      begin(response);
      if (request.headers['last-event-id'] !== undefined) return;
      response.write(block(envelope(FOUR[0] as string), { id: FOUR[0] as string, name: OWN }));
    });
    expect(faultsOf(await check(silent.url, { ms: IN_VAIN_MS }))).toEqual(['heartbeat_none']);
    const head = JSON.stringify({ head: null, at: new Date().toISOString(), heartbeatMs: 100 });
    const stalled = await some((_request, response) => {
      begin(response);
      response.write(block(head, { name: 'u42_StreamHead' }));
    });
    expect(faultsOf(await check(stalled.url, { ms: IN_VAIN_MS * 2 }))).toContain('heartbeat_missed');
  });

  test('something on the way holds back what it sends', async () => {
    const head = (): string =>
      JSON.stringify({ head: null, at: new Date(Date.now() - 30_000).toISOString(), heartbeatMs: 100 });
    const server = await some(
      (_request, response) => {
        begin(response);
        const send = (): boolean => response.write(block(head(), { name: 'u42_StreamHead' }));
        send();
        const timer = setInterval(send, 100);
        response.on('close', () => clearInterval(timer));
      },
      (_request, response) =>
        response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"status":404}'),
    );
    const report = await check(server.url, { ms: IN_VAIN_MS });
    expect(findingOf(report, 'delay_found')).toMatchObject({ params: { ms: expect.any(Number) } });
  });

  test('never even sends headers', async () => {
    const begunAt = performance.now();
    const report = await check((await some(() => {})).url, { limits: { headersMs: IN_VAIN_MS } });
    expect(faultsOf(report)).toEqual(['no_answer']);
    expect(performance.now() - begunAt).toBeLessThan(10_000);
  });

  test('counts from 1 again with each connection: one id, two events', async () => {
    let lives = 0;
    const server = await some((_request, response) => {
      begin(response);
      lives += 1;
      const blocks = ['1', '2', '3'].map((id) =>
        block(envelope(`life-${lives}-${id}`, lives), { id, name: OWN }),
      );
      response.write(blocks.join(''));
    });
    expect(faultsOf(await check(server.url, { ms: IN_VAIN_MS }))).toContain('ids_reused');
  });

  test('takes a key alone: without one that is what it says, with a wrong one that it is refused', async () => {
    const ask: Answer = (request, response) => {
      if (request.headers['x-api-key'] !== 'k-secret-1')
        return void response.writeHead(401, { 'www-authenticate': 'ApiKey' }).end('no');
      replaying(FOUR, (id, n) => envelope(id, n + 1))(request, response);
    };
    const server = await some(ask);
    expect(faultsOf(await check(server.url))).toEqual([]);
    const nobody = await check(server.url, { credentials: { kind: 'none', userId: 'u42' } });
    expect(faultsOf(nobody)).toEqual(['key_wanted']);
    const wrong = { header: 'X-API-Key', value: 'k-another-2' };
    const refused = await check(server.url, { credentials: { kind: 'key', key: wrong, userId: 'u42' } });
    expect(faultsOf(refused)).toEqual(['key_refused']);
  });

  test('sends what cannot be read', async () => {
    const server = await some(replaying(FOUR, (_id, n) => (n === 1 ? 'signed!' : '{"status":"signed"}')));
    const report = await check(server.url);
    expect(findingOf(report, 'event_unreadable')).toMatchObject({ params: { count: 4 } });
    expect(report.verdict).toBe('gaps');
  });

  test('calls its events otherwise: told with both names, and a profile by which they are rows', async () => {
    const data = (_id: string, n: number): string =>
      JSON.stringify({ id: `C-${n % 2}`, title: 'Supply', status: n < 2 ? 'SENT' : 'COMPLETED' });
    const server = await some(replaying(['1', '2', '3', '4'], data, 'contract'));
    const report = await check(server.url);
    expect(findingOf(report, 'events_foreign')).toEqual({
      code: 'events_foreign',
      params: { names: 'contract × 4', expected: OWN },
    });
    const proposed = report.proposal?.profile;
    expect(proposed).toMatchObject({
      events: ['contract'],
      stream: { path: '/api/events' },
      mapping: {
        identity: 'sse-id',
        contractId: '/id',
        status: { at: '/status', values: { SENT: 'sent', COMPLETED: 'signed' } },
      },
    });
    const read = readProfile(JSON.stringify(proposed));
    if (!read.ok) throw new Error(read.reason);
    const again = await check(server.url, { profile: read.value });
    expect(faultsOf(again)).toEqual([]);
    expect(codesOf(again)).toContain('profile_works');
    expect(again.verdict).toBe('no_list');
  });

  test('has its stream elsewhere', async () => {
    const server = await some(
      (_request, response) => response.writeHead(404).end(),
      (request, response) =>
        request.url === '/stream'
          ? replaying(FOUR, (id, n) => envelope(id, n + 1))(request, response)
          : response.writeHead(404).end(),
    );
    const report = await check(server.url);
    expect(findingOf(report, 'stream_elsewhere')).toMatchObject({ params: { path: '/stream' } });
    expect(report.proposal?.profile).toMatchObject({
      stream: { path: '/stream' },
      mapping: 'contract-pulse',
    });
  });

  test('nobody listens there', async () => {
    const server = await startSome((_request, response) => response.end());
    await server.close();
    expect(faultsOf(await check(server.url))).toEqual(['unreachable']);
  });

  test('never ends an answer: the check ends all the same, and says so', async () => {
    const server = await some(
      replaying(FOUR, (id, n) => envelope(id, n + 1)),
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{');
      },
    );
    const begunAt = performance.now();
    const report = await check(server.url, { ms: 200, restMs: 300 });
    expect(performance.now() - begunAt).toBeLessThan(10_000);
    expect(faultsOf(report)).toContain('out_of_time');
  });

  test('has a name that leads nowhere, or an answer that never comes', async () => {
    const lookUp = async (): Promise<readonly string[]> => {
      throw new Error('ENOTFOUND');
    };
    expect(faultsOf(await check('https://contracts.example.com', { lookUp }))).toEqual(['name_unknown']);
    const never = await check('https://contracts.example.com', {
      lookUp: () => new Promise(() => {}),
      ms: 50,
      restMs: 50,
    });
    expect(faultsOf(never)).toEqual(['name_unknown', 'out_of_time']);
  });
});

describe.concurrent('what it does to a server', () => {
  test('it asks, and writes nothing', async () => {
    const server = await some(replaying(FOUR, (id, n) => envelope(id, n + 1)));
    await check(server.url);
    expect(server.requests.length).toBeGreaterThan(4);
    expect(server.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  });

  test('a secret that the server sends back is blotted out, wherever it stands', async () => {
    const server = await some((request, response) => {
      const key = String(request.headers['x-api-key']);
      const data = JSON.stringify({ ...(JSON.parse(envelope('x-1')) as object), id: key });
      replaying([`1-${key}`, '2'], () => data, `about-${key}`)(request, response);
    });
    const report = await check(server.url);
    const said = JSON.stringify([report, report.findings.map((finding) => sayFinding(finding))]);
    expect(report.events.length).toBeGreaterThan(0);
    expect(said).toContain('•••');
    expect(said).not.toContain('k-secret-1');
  });

  test('a secret in the address is used, told as a fault, and repeated nowhere', async () => {
    const server = await some(replaying(FOUR, (id, n) => envelope(id, n + 1)));
    const report = await check(`${server.url}/api/events?topic=all&api_key=q-%73ecret-9`);
    expect(hasFaults(report)).toBe(true);
    expect(findingOf(report, 'address_secret')).toMatchObject({ params: { names: 'api_key' } });
    expect(codesOf(report)).toContain('events_ok');
    expect(JSON.stringify(report)).not.toMatch(/q-(?:%73|s)ecret-9/);
  });
});
