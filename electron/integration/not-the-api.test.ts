import { afterEach, expect, test } from 'vitest';
import { startGateway, type Gateway, type Page } from './gateway.ts';
import { ALL, until } from './harness.ts';
import { createScenario, describe as tell, type Scenario } from './scenario.ts';

let scenario: Scenario | null = null;
let gateway: Gateway | null = null;

afterEach(async () => {
  await scenario?.close();
  await gateway?.close();
  scenario = gateway = null;
});

async function begin(server: Parameters<typeof createScenario>[0] = {}) {
  scenario = await createScenario(server);
  gateway = await startGateway(scenario.server.url);
  const { harness } = scenario;
  const list = () => harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } });
  const verdict = () => harness.window.receipt()?.verdict;
  return { ...scenario, gateway, list, verdict };
}

const isFirstLook = (path: string): boolean => path === '/api/contracts';
const HTML = { type: 'text/html', body: '<html><title>404 Not Found</title></html>' };
/** What proxies answer while the server behind them is being replaced. */
const PAGES: readonly (readonly [string, Page])[] = [
  ['404 as plain text', { status: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' }],
  ['404 as HTML', { status: 404, ...HTML }],
  ['404 as JSON', { status: 404, type: 'application/json', body: '{"message":"no Route matched"}' }],
  ['405', { status: 405, ...HTML }],
  ['501', { status: 501, ...HTML }],
];

test.each(PAGES)('%s at the first look is asked again: all contracts are there, as read', async (_, page) => {
  const { harness, gateway, list, live, verdict } = await begin();
  let times = 1;
  gateway.answers = (path) => (isFirstLook(path) && times-- > 0 ? page : null);
  await harness.signIn(gateway.url);
  await live();
  await until(
    () => verdict() === 'complete',
    () => tell(harness),
  );
  expect(await list()).toMatchObject({ total: 9, counts: { unread: 0 } });
});

test('a long deploy: followed meanwhile without saying complete, then the rest comes and what came stays as it was', async () => {
  const { harness, server, userId, gateway, list, live, verdict, stored } = await begin({
    server: { contracts: 20, backlog: 60, retention: 4 },
  });
  const [, page] = PAGES[0]!;
  gateway.answers = (path) => (isFirstLook(path) ? page : null);
  await harness.signIn(gateway.url);
  await live();
  await until(
    () => verdict() === 'no_baseline',
    () => tell(harness),
  );
  const early = await list();
  expect(early.total).toBeLessThan(21);
  const [first] = early.rows;
  await harness.core.handle('actions:perform', {
    action: { do: 'read', read: true },
    contractIds: [first!.contractId],
  });
  const unread = (await list()).counts.unread;
  expect(unread).toBe(early.counts.unread - 1);
  // Nothing is remembered of it: neither by the file nor by a new sign-in.
  await harness.restart();
  await live();
  server.control.advance(1, userId);
  await until(() => stored().length === 1, 'one more');
  const seen = harness.window.messages.map((one) => JSON.stringify(one.message));
  expect(seen.some((message) => message.includes('"verdict":"complete"'))).toBe(false);
  const before = await list();
  gateway.answers = () => null;
  await until(
    () => verdict() === 'complete',
    () => tell(harness),
  );
  const after = await list();
  expect(after.total).toBe(21);
  expect(after.counts.unread).toBe(before.counts.unread);
  for (const row of before.rows) {
    expect(after.rows.find((each) => each.contractId === row.contractId)).toMatchObject({
      unread: row.unread,
    });
  }
});

test("the server's own word that it has no snapshots is believed for now, and asked again", async () => {
  const { harness, gateway, live, verdict, list } = await begin();
  const own = { status: 404, type: 'application/problem+json', body: '{"title":"Not found","status":404}' };
  gateway.answers = (path) => (isFirstLook(path) ? own : null);
  await harness.signIn(gateway.url);
  await live();
  await until(
    () => verdict() === 'no_baseline',
    () => tell(harness),
  );
  gateway.answers = () => null;
  await until(
    () => verdict() === 'complete',
    () => tell(harness),
  );
  expect((await list()).total).toBe(9);
});

const LOOP = '{"asOf":null,"at":"","total":9,"contracts":[],"next":"same"}';
/** What servers answer for ever that serve the stream well and have no list, or break over it. */
const NO_LIST: readonly (readonly [string, Page])[] = [
  ['its start page for every unknown path', { status: 200, type: 'text/html', body: '<!doctype html>' }],
  ['an error', { status: 500, type: 'application/problem+json', body: '{"title":"Error","status":500}' }],
  ['a page of the gateway that waits for it', { status: 504, ...HTML }],
  ['a refusal of the request', { status: 400, type: 'application/json', body: '{}' }],
  ['pages that go round in circles', { status: 200, type: 'application/json', body: LOOP }],
  ['something else', { status: 200, type: 'application/json', body: '[]' }],
];

test.each(NO_LIST)(
  'a server that has %s in place of its list: what changes is followed, and said to lack the list until it is had',
  async (_, page) => {
    const { harness, server, userId, gateway, list, live, verdict, stored, published } = await begin();
    gateway.answers = (path) => (path.startsWith('/api/contracts') ? page : null);
    await harness.signIn(gateway.url);
    await live();
    server.control.advance(5, userId);
    await until(
      () => stored().length === published().length && verdict() === 'no_baseline',
      () => tell(harness),
    );
    gateway.answers = () => null;
    await until(
      () => verdict() === 'complete',
      () => tell(harness),
    );
    expect((await list()).total).toBeGreaterThanOrEqual(9);
  },
);

async function acknowledging(page: Page) {
  const begun = await begin({ server: { contracts: 1, backlog: 6 } });
  const { harness, server, userId, gateway } = begun;
  await harness.signIn(gateway.url);
  await begun.live();
  const { contract } = server.control.publish(userId, { to: 'sent', actionRequired: true }).data;
  await begun.complete();
  let refused = 0;
  gateway.answers = (path) => (path.endsWith('/acknowledgements') && ++refused > 0 ? page : null);
  await harness.core.handle('actions:perform', { action: { do: 'acknowledge' }, contractIds: [contract.id] });
  await until(() => refused > 0, 'refused');
  const acknowledgement = async () =>
    (await harness.core.handle('contract:open', { contractId: contract.id }))?.acknowledgement;
  return { gateway, acknowledgement, refused: () => refused };
}

const BLOCKED = { status: 403, type: 'application/json', body: '{"message":"Request blocked"}' } as const;

test.each([...PAGES, ['403 as JSON', BLOCKED] as const])(
  '%s to an acknowledgement is no refusal: sent as soon as the server is there',
  async (_, page) => {
    const { gateway, acknowledgement, refused } = await acknowledging(page);
    await until(() => refused() > 1, 'tried again');
    gateway.answers = () => null;
    await until(async () => (await acknowledgement())?.state === 'sent', 'sent');
  },
);

test('404 of the server itself to an acknowledgement is one, with its reason', async () => {
  const body = '{"title":"No such contract","status":404}';
  const { acknowledgement } = await acknowledging({ status: 404, type: 'application/problem+json', body });
  await until(async () => (await acknowledgement())?.state === 'failed', 'failed');
  expect((await acknowledgement())?.problem?.detail).toContain('No such contract');
});

test('the same page to the history of a contract that is opened: asked again when it is opened again', async () => {
  const { harness, server, userId, gateway, live, list } = await begin({
    server: { contracts: 1, backlog: 6 },
  });
  await harness.signIn(gateway.url);
  await live();
  const contractId = (await list()).rows[0]!.contractId;
  let refused = 0;
  gateway.answers = (path) => (path.includes('/history') && ++refused > 0 ? PAGES[0]![1] : null);
  await harness.core.handle('contract:open', { contractId });
  await until(() => refused > 0, 'refused');
  gateway.answers = () => null;
  const has = server.control.published(userId).filter((event) => event.data.contract.id === contractId);
  const open = () => harness.core.handle('contract:open', { contractId });
  await until(
    async () => (await open())?.timeline.length === has.length,
    () => tell(harness),
  );
});
