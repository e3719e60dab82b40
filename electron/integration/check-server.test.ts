import { afterEach, expect, test } from 'vitest';
import { startServer } from '../../server-mock/index.ts';
import type { CheckRequest } from '../../protocol/server-check.ts';
import type { CoreDependencies, Question } from '../app/core-types.ts';
import { createHarness, until, type Harness } from './harness.ts';
import { startTestServer } from '../stream/testing.ts';
import { startPlainServer } from './plain-server.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function keep<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

interface Begun {
  readonly harness: Harness;
  readonly questions: Question[];
  readonly copied: string[];
  readonly looked: string[];
  says: boolean;
}

async function begin(given: Partial<CoreDependencies> = {}): Promise<Begun> {
  const begun = { questions: [] as Question[], copied: [] as string[], looked: [] as string[], says: true };
  const harness = keep(
    await createHarness({
      async confirm(question) {
        begun.questions.push(question);
        return begun.says;
      },
      async copyText(text) {
        begun.copied.push(text);
      },
      async lookUp(host) {
        begun.looked.push(host);
        return ['127.0.0.1'];
      },
      ...given,
    }),
  );
  await until(() => harness.window.session()?.state === 'signed_out', 'the start');
  return Object.assign(begun, { harness });
}

const run = ({ harness }: Begun, request: CheckRequest) => harness.core.handle('server:check', request);

const told = ({ harness }: Begun): unknown[] =>
  harness.window.messages.flatMap(({ channel, message }) => (channel === 'check:finding' ? [message] : []));

const NAMES = ['SENT', 'SIGNED', 'REJECTED', 'SENT'];

/** A server of somebody's: a key, a stream somewhere, events of a form of its own, a comment now and then. */
async function startForeign(): ReturnType<typeof startTestServer> {
  const blocks = NAMES.map(
    (state, at) =>
      `id: ${at + 1}\nevent: doc\ndata: ${JSON.stringify({ doc: { id: `D-${at}`, name: 'Lease' }, state })}\n\n`,
  );
  return keep(
    await startTestServer((request, response) => {
      if (request.headers['x-api-key'] !== 'k-1') return void response.writeHead(401).end('no');
      if (request.url !== '/events?for=u7') return void response.writeHead(404).end('Not found');
      const begin = Number(request.headers['last-event-id'] ?? 0);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(blocks.slice(begin).join(''));
      const beat = setInterval(() => response.write(': beat\n\n'), 100);
      response.on('close', () => clearInterval(beat));
    }),
  );
}

const byKey = (server: string, value = 'k-1'): CheckRequest => ({
  by: 'key',
  server,
  userId: 'u7',
  key: { header: 'X-API-Key', value },
});

test('nothing is asked of a server, nor its name looked up, before the person has said yes outside the window', async () => {
  const server = keep(await startServer({ backlog: 12, heartbeatMs: 300, retryMs: 50 }));
  const one = await begin();
  one.says = false;
  const who = { by: 'password', username: 'anna', password: 'anna-demo' } as const;
  for (const request of [
    { ...who, server: server.url },
    byKey(`${server.url}/api/events?topic=1`),
    { by: 'key', server: server.url.replace('127.0.0.1', 'localhost'), userId: '' } as const,
  ])
    expect(await run(one, request)).toEqual({ ok: false, problem: { code: 'not_confirmed' } });
  expect([server.control.requests(), one.looked]).toEqual([[], []]);
  // By its origin: a check asks at more than one address.
  expect(one.questions.map((question) => question.server)).toEqual([
    server.url,
    server.url,
    server.url.replace('127.0.0.1', 'localhost'),
  ]);
  one.says = true;
  const answer = await run(one, { ...who, server: server.url });
  expect(answer).toMatchObject({ ok: true, cancelled: false, proposal: null });
  if (!answer.ok) throw new Error('refused');
  expect(told(one)).toHaveLength(answer.findings.length);
  expect(answer.findings).toEqual(expect.arrayContaining(told(one)));
  expect(answer.findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['signed_in', 'stream_ok', 'receipt', 'profile_not_needed']),
  );
  // Said yes to once: the sign-in does not ask again, nor does a check of it, by the session.
  const asked = one.questions.length;
  await one.harness.signIn(server.url);
  const again = await run(one, { by: 'session' });
  expect(again.ok && again.findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['signed_in', 'stream_ok']),
  );
  expect(one.questions).toHaveLength(asked);
  expect(one.harness.phase()).toBe('live');
});

test('a server that speaks otherwise: what to change, a profile, and what it takes to correct that', async () => {
  const server = await startForeign();
  const one = await begin();
  expect(await one.harness.core.handle('server:copyReport', undefined)).toBe(false);
  const answer = await run(one, byKey(`${server.url}/events?for=u7`));
  if (!answer.ok) throw new Error('refused');
  expect(answer.findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['stream_elsewhere', 'events_foreign', 'profile_proposed']),
  );
  const { proposal } = answer;
  expect(proposal).toMatchObject({
    profile: {
      origin: server.url,
      stream: { path: '/events?for={userId}' },
      events: ['doc'],
      mapping: { contractId: '/doc/id', title: '/doc/name', status: { at: '/state' } },
    },
    userId: 'u7',
    fields: [
      { pointer: '/doc/id', examples: ['D-0', 'D-1', 'D-2', 'D-3'] },
      { pointer: '/doc/name', examples: ['Lease'] },
      { pointer: '/state', examples: ['SENT', 'SIGNED', 'REJECTED'] },
    ],
  });
  expect(proposal?.samples.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  expect(await one.harness.core.handle('server:copyReport', undefined)).toBe(true);
  expect(one.copied.join('')).toMatch(/Proposed profile:[^]*"\/doc\/id"/);
  // Neither the key, nor what contracts say.
  expect(one.copied.join('')).not.toMatch(/k-1|Lease|D-0/);
});

test('one check at a time, and it ends when it is to, or when the window goes', async () => {
  const server = keep(await startPlainServer('k-1'));
  const one = await begin();
  for (const end of [
    () => one.harness.core.handle('server:cancelCheck', undefined),
    async () => one.harness.core.handle('server:cancelCheck', undefined),
    async () => one.harness.core.windowGone(),
  ]) {
    const under = run(one, byKey(`${server.url}/events`));
    await until(() => server.open() > 0, 'the stream');
    expect(await run(one, byKey(server.url))).toEqual({ ok: false, problem: { code: 'busy' } });
    await end();
    const answer = await under;
    expect(answer).toMatchObject({ ok: true, cancelled: true, proposal: null });
    // What it would have found had it waited is not known.
    expect(answer.ok && answer.findings.map(({ code }) => code)).not.toContain('events_none');
    await until(() => server.open() === 0, 'the end of the stream');
  }
});

test('a runtime for tests looks at servers on this machine only, and a bad address at none', async () => {
  const one = await begin({ loopbackOnly: true });
  expect(await run(one, byKey('https://contracts.example.com'))).toEqual({
    ok: false,
    problem: { code: 'this_machine_only' },
  });
  expect(await run(one, byKey('ftp://x'))).toMatchObject({ ok: true, findings: [{ code: 'address_bad' }] });
  expect([one.questions, one.looked]).toEqual([[], []]);
  await expect(run(one, { by: 'session' })).rejects.toMatchObject({ failure: { code: 'notSignedIn' } });
});

test('a profile of the window’s is judged by main, and brings no key to an origin that nobody confirmed', async () => {
  const server = await startForeign();
  const one = await begin();
  const { core } = one.harness;
  const answer = await run(one, byKey(`${server.url}/events?for=u7`));
  const profile = answer.ok ? answer.proposal?.profile : undefined;
  if (profile === undefined) throw new Error('nothing is proposed');
  const use = (change: object) =>
    core.handle('session:useProfile', { json: JSON.stringify({ ...profile, ...change }) });
  expect(await use({ events: [] })).toMatchObject({
    problem: { code: 'bad_profile', detail: expect.stringMatching(/^events: /) },
  });
  const signIn = (at: string) =>
    core.handle('session:signIn', {
      server: at,
      username: 'u7',
      key: { header: 'X-API-Key', value: 'k-1' },
      profile: true,
    });
  // Another origin than the one that was said yes to.
  const other = server.url.replace('127.0.0.1', 'localhost');
  expect(await use({ origin: other })).toMatchObject({ origin: other });
  expect(await signIn(server.url)).toMatchObject({ ok: false, problem: { code: 'bad_profile' } });
  one.says = false;
  expect(await signIn(other)).toEqual({ ok: false, problem: { code: 'not_confirmed' } });
  expect(one.questions.at(-1)).toEqual({ about: 'server', server: other });
  expect(await use({})).toMatchObject({ origin: server.url, needsUserId: true });
  expect(await signIn(server.url)).toEqual({ ok: true });
  await until(() => one.harness.phase() === 'connected', 'the stream');
});
