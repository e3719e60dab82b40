import { isDeepStrictEqual } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../ports/clock.ts';
import { HttpError, type HttpPort } from '../ports/http.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { ALL, createHarness, until } from './harness.ts';
import type { Harness } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

let scenario: Scenario | null = null;
let second: Harness | null = null;

afterEach(async () => {
  await second?.close();
  await scenario?.close();
  scenario = second = null;
});

/** Signed in, with one contract that has an event; its id. */
async function begin(deps = {}): Promise<Scenario & { readonly contractId: string }> {
  scenario = await createScenario({ deps });
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  const event = scenario.server.control.publish(scenario.userId, { to: 'sent', actionRequired: true });
  await scenario.complete();
  return { ...scenario, contractId: event.data.contract.id };
}

async function state(harness: Harness, contractId: string): Promise<string> {
  const detail = await harness.core.handle('contract:open', { contractId });
  return detail?.acknowledgement.state ?? 'unknown contract';
}

/** Its number for undo. */
async function acknowledge(harness: Harness, contractId: string): Promise<number> {
  const outcome = await harness.core.handle('actions:perform', {
    contractIds: [contractId],
    action: { do: 'acknowledge' },
  });
  expect(outcome).toEqual({ undoId: expect.any(Number), changed: 1 });
  return outcome.undoId ?? 0;
}

const posts = (of: Scenario) =>
  of.server.control.requests().filter((request) => request.path.endsWith('/acknowledgements'));

test('held, undone: nothing is sent', async () => {
  const made = await begin({ undoMs: 60_000 });
  const undoId = await acknowledge(made.harness, made.contractId);
  expect(await state(made.harness, made.contractId)).toBe('held');
  expect(await made.harness.core.handle('actions:undo', { undoId })).toBe(true);
  expect(await state(made.harness, made.contractId)).toBe('none');
  expect(posts(made)).toHaveLength(0);
  expect(await made.harness.core.handle('actions:undo', { undoId })).toBe(false);
  await expect(
    made.harness.core.handle('contract:undoAcknowledge', { contractId: made.contractId }),
  ).rejects.toMatchObject({ failure: { code: 'onItsWay' } });
});

test.each(['.', '..'])('a contract whose id no address can carry: told so, nothing sent: %s', async (id) => {
  const made = await begin();
  made.server.control.publish(made.userId, { contractId: id, to: 'sent', actionRequired: true });
  await made.complete();
  const perform = (contractIds: readonly string[]) =>
    made.harness.core.handle('actions:perform', { contractIds, action: { do: 'acknowledge' } });
  await expect(perform([id])).rejects.toMatchObject({ failure: { code: 'unaddressable' } });
  expect(await state(made.harness, id)).toBe('none');
  expect(await perform([made.contractId, id])).toMatchObject({ changed: 1 });
  await until(async () => (await state(made.harness, made.contractId)) === 'sent', 'sent');
  expect(await state(made.harness, id)).toBe('none');
  expect(posts(made)).toHaveLength(1);
});

test('held, then sent once, visible in the row, and another device learns of it', async () => {
  const made = await begin();
  second = await createHarness();
  await second.signIn(made.server.url);
  await until(() => second?.phase() === 'live', 'the second device live');
  await acknowledge(made.harness, made.contractId);
  await until(async () => (await state(made.harness, made.contractId)) === 'sent', 'sent');
  expect(posts(made)).toHaveLength(1);
  const opened = await made.harness.core.handle('view:open', {
    filter: ALL,
    range: { offset: 0, limit: 50 },
  });
  expect(opened.rows.find((row) => row.contractId === made.contractId)?.acknowledgement).toBe('sent');
  const other = second;
  await until(async () => (await state(other, made.contractId)) === 'sent', 'sent on the other device');
});

test('a contract that has moved on: superseded, and told', async () => {
  const made = await begin();
  made.server.control.setFaults([{ kind: 'omit', probability: 1 }]);
  made.server.control.publish(made.userId, { contractId: made.contractId, to: 'viewed' });
  await acknowledge(made.harness, made.contractId);
  // Seen from its arrival on; its status follows with the answer.
  await until(() => posts(made).some((request) => request.status !== 0), 'an attempt');
  await until(
    async () => ['superseded', 'none'].includes(await state(made.harness, made.contractId)),
    'superseded, or over because the newer change is here',
  );
  expect(posts(made)[0]?.status).toBe(409);
  made.server.control.setFaults([]);
  await made.complete();
});

test('failure on the way: sent again with back-off, delivered once', async () => {
  const made = await begin();
  const path = `/api/contracts/${made.contractId}/acknowledgements`;
  made.server.control.setFaults([{ kind: 'status', status: 503, path, times: 2 }]);
  await acknowledge(made.harness, made.contractId);
  await until(async () => (await state(made.harness, made.contractId)) === 'sent', 'sent');
  expect(posts(made).map((request) => request.status)).toEqual([503, 503, 201]);
});

test('an answer that is none: the window knows that it was sent and not confirmed, until it is', async () => {
  const made = await begin();
  const path = `/api/contracts/${made.contractId}/acknowledgements`;
  made.server.control.setFaults([{ kind: 'status', status: 503, path }]);
  await acknowledge(made.harness, made.contractId);
  const told = async () =>
    (await made.harness.core.handle('contract:open', { contractId: made.contractId }))?.acknowledgement;
  await until(async () => (await told())?.problem?.params.status === 503, 'the answer to be told', 8_000);
  expect((await told())?.state).toBe('unconfirmed');
  const opened = await made.harness.core.handle('view:open', {
    filter: ALL,
    range: { offset: 0, limit: 50 },
  });
  expect(opened.rows.find((row) => row.contractId === made.contractId)?.acknowledgement).toBe('unconfirmed');
  made.server.control.setFaults([]);
  await until(async () => (await told())?.state === 'sent', 'sent');
  expect((await told())?.problem).toBeNull();
});

test.each(['offline', 'away'])(
  'nothing can be sent (%s): it can be undone as long as that lasts, and is sent after it',
  async (how) => {
    let isAway = false;
    const made = await begin({
      undoMs: 50,
      isOnline: () => !(isAway && how === 'offline'),
      createHttp() {
        const http = createNodeHttp();
        return {
          ...http,
          async request(request: Parameters<HttpPort['request']>[0]) {
            if (isAway)
              throw new HttpError(how === 'offline' ? 'timeout' : 'unreachable', 'no way to the server');
            return http.request(request);
          },
        };
      },
    });
    const { harness, contractId, server, userId } = made;
    const lose = async () => {
      isAway = true;
      server.control.dropConnections(userId);
      await until(() => harness.phase() === 'waiting', 'the loss to be noticed');
    };
    await lose();
    const undoId = await acknowledge(harness, contractId);
    const madeAt = Date.now();
    await until(() => Date.now() > madeAt + 500, 'the time to undo to be over');
    expect(await state(harness, contractId)).toBe('held');
    expect(await harness.core.handle('actions:undo', { undoId })).toBe(true);
    expect(await state(harness, contractId)).toBe('none');
    // As well as after an end of the app meanwhile.
    await acknowledge(harness, contractId);
    const againAt = Date.now();
    await until(() => Date.now() > againAt + 200, 'the time to undo to be over again');
    await harness.restart();
    await until(() => harness.phase() === 'waiting', 'an attempt after the start');
    expect(await state(harness, contractId)).toBe('held');
    await harness.core.handle('contract:undoAcknowledge', { contractId });
    expect(await state(harness, contractId)).toBe('none');
    isAway = false;
    await until(() => harness.phase() === 'live', 'the connection');
    await lose();
    await acknowledge(harness, contractId);
    isAway = false;
    await until(async () => (await state(harness, contractId)) === 'sent', 'sent');
    expect(posts(made).map((request) => request.status)).toEqual([201]);
  },
);

test('refused: failed, with the reason, and sent by hand', async () => {
  const made = await begin();
  const path = `/api/contracts/${made.contractId}/acknowledgements`;
  made.server.control.setFaults([{ kind: 'status', status: 403, path, times: 1 }]);
  await acknowledge(made.harness, made.contractId);
  await until(async () => (await state(made.harness, made.contractId)) === 'failed', 'failed');
  const detail = await made.harness.core.handle('contract:open', { contractId: made.contractId });
  expect(detail?.acknowledgement.problem).toMatchObject({ code: 'forbidden', params: { status: 403 } });
  await made.harness.core.handle('contract:retryAcknowledge', { contractId: made.contractId });
  await until(async () => (await state(made.harness, made.contractId)) === 'sent', 'sent');
});

test('the app closed before it was sent: sent after the next start', async () => {
  const made = await begin({ undoMs: 400 });
  await acknowledge(made.harness, made.contractId);
  await made.harness.restart();
  await until(() => posts(made).length === 1, 'sent');
  await until(async () => (await state(made.harness, made.contractId)) === 'sent', 'settled');
});

/** Posts as the app sends them; the answer of the first one gets lost on its way. */
function createLossyHttp() {
  const keys: string[] = [];
  function createHttp(): HttpPort & { close(): void } {
    const http = createNodeHttp();
    return {
      ...http,
      async request(request) {
        const answer = await http.request(request);
        if (!request.url.endsWith('/acknowledgements')) return answer;
        keys.push(request.headers['idempotency-key'] ?? '');
        if (keys.length === 1) {
          await new Promise((_, reject) => {
            request.signal.addEventListener('abort', () => reject(new Error('the app has ended')), {
              once: true,
            });
          });
        }
        return answer;
      },
    };
  }
  return { keys, createHttp };
}

test('ended between its arrival and the answer: repeated under the same key, taken once', async () => {
  const { keys, createHttp } = createLossyHttp();
  const made = await begin({ createHttp });
  // Otherwise the stream would tell before the answer could.
  made.server.control.setFaults([{ kind: 'status', status: 503 }]);
  made.server.control.dropConnections(made.userId);
  await acknowledge(made.harness, made.contractId);
  await until(() => keys.length === 1, 'the server has it');
  expect(await state(made.harness, made.contractId)).toBe('sending');
  await made.harness.restart();
  await until(() => made.harness.window.connection() !== null, 'the account at work again');
  await until(async () => (await state(made.harness, made.contractId)) === 'sent', 'settled');
  expect(posts(made).map((request) => request.status)).toEqual([201, 200]);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).not.toBe('');
});

test('what another device did while this one was closed is here after the next start', async () => {
  const made = await begin();
  second = await createHarness();
  await second.signIn(made.server.url);
  await until(() => second?.phase() === 'live', 'the second device live');
  const other = second;
  await made.harness.restart(async () => {
    await acknowledge(other, made.contractId);
    await until(async () => (await state(other, made.contractId)) === 'sent', 'sent by the other device');
  });
  await until(() => made.harness.phase() === 'live', 'live again');
  await until(async () => (await state(made.harness, made.contractId)) === 'sent', 'told');
  expect(posts(made)).toHaveLength(1);
});

/** Signed in, with two contracts that need somebody; their ids. */
async function beginWithTwo(deps = {}) {
  const made = await begin(deps);
  const event = made.server.control.publish(made.userId, { to: 'declined', actionRequired: true });
  await made.complete();
  return { ...made, contractIds: [made.contractId, event.data.contract.id] };
}

/** No connection at all: neither stream nor calls are answered by the server. */
function cutOff(made: Scenario): void {
  made.server.control.setFaults([{ kind: 'status', status: 503, path: '*' }]);
  made.server.control.dropConnections(made.userId);
}

test.each([60_000, 0])(
  'signed out with two unsent ones (held for %s ms): counted, kept, and sent once each after the next sign-in',
  async (undoMs) => {
    let ahead = 0;
    const clock = { ...systemClock, now: () => Date.now() + ahead };
    const made = await beginWithTwo({ undoMs, clock });
    cutOff(made);
    await until(() => made.harness.phase() === 'waiting', 'no connection');
    const action = { do: 'acknowledge' } as const;
    await made.harness.core.handle('actions:perform', { contractIds: made.contractIds, action });
    const told = () =>
      made.harness.window.messages.findLast(({ channel }) => channel === 'outbox:changed')?.message;
    await until(() => isDeepStrictEqual(told(), { unsent: 2, refused: 0 }), 'that two are unsent');
    expect(await made.harness.core.handle('outbox:unsent', undefined)).toEqual({ unsent: 2, refused: 0 });
    await made.harness.core.handle('session:signOut', undefined);
    await expect(made.harness.core.handle('outbox:unsent', undefined)).rejects.toThrow();
    made.server.control.setFaults([]);
    await made.harness.signIn(made.server.url, 'ben', 'ben-demo');
    await made.live();
    expect(await made.harness.core.handle('outbox:unsent', undefined)).toEqual({ unsent: 0, refused: 0 });
    await made.harness.core.handle('session:signOut', undefined);
    // Later than an undo can be.
    ahead = undoMs;
    await made.harness.signIn(made.server.url);
    await until(() => isDeepStrictEqual(told(), { unsent: 0, refused: 0 }), 'that both are sent');
    // The server notes an answer once it is out, and the 503 of before may come late into the list as well.
    const withStatus = (wanted: number) => posts(made).filter(({ status }) => status === wanted);
    await until(() => withStatus(201).length >= 2, 'that the server has noted both');
    expect(withStatus(201)).toHaveLength(2);
    expect(new Set(withStatus(201).map(({ path }) => path)).size).toBe(2);
    expect(withStatus(200)).toEqual([]);
    for (const contractId of made.contractIds)
      await until(async () => (await state(made.harness, contractId)) === 'sent', `${contractId} is sent`);
  },
);
