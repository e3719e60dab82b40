import { afterEach, expect, test } from 'vitest';
import { startGateway, type Gateway, type Page } from './gateway.ts';
import { until } from './harness.ts';
import { createScenario, describe as tell, type Scenario } from './scenario.ts';

let scenario: Scenario | null = null;
let gateway: Gateway | null = null;

afterEach(async () => {
  await scenario?.close();
  await gateway?.close();
  scenario = gateway = null;
});

async function begin() {
  scenario = await createScenario();
  gateway = await startGateway(scenario.server.url);
  await scenario.harness.signIn(gateway.url);
  await scenario.live();
  const refreshes = () =>
    scenario!.server.control.requests().filter(({ path }) => path === '/api/refresh').length;
  return { ...scenario, gateway, refreshes };
}

const REFUSAL: Page = {
  status: 401,
  type: 'application/problem+json',
  body: '{"title":"Not known here","status":401}',
};
const HTML = { type: 'text/html', body: '<!doctype html><title>Staff only</title>' };

test.each<[string, Page]>([
  ['401, Basic', { status: 401, ...HTML, headers: { 'www-authenticate': 'Basic realm="Staff only"' } }],
  ['403, a page', { status: 403, ...HTML }],
  ['200, a captive portal', { status: 200, ...HTML }],
  ['511', { status: 511, ...HTML }],
  ['302', { status: 302, type: 'text/html', body: '', headers: { location: 'http://127.0.0.1:9/login' } }],
])(
  'a gateway answers everything (%s) just when the token is due: still signed in afterwards',
  async (_, page) => {
    const { harness, server, userId, gateway, stored } = await begin();
    let asked = 0;
    gateway.answers = (path) => {
      if (path === '/api/refresh' || path === '/api/events') asked += 1;
      return page;
    };
    server.control.expireTokens();
    server.control.dropConnections();
    await until(() => asked >= 3, 'three tries');
    gateway.answers = () => null;
    server.control.publish(userId, { to: 'sent' });
    await until(
      () => stored().length === 1,
      () => tell(harness),
    );
    expect(harness.window.session()?.state).toBe('signed_in');
  },
);

test.each([300, 2_500])('a replica that knows a new token only %i ms later signs nobody out', async (lag) => {
  const { harness, server, userId, gateway, stored, refreshes } = await begin();
  const seen = new Map<string, number>();
  const old = new Set<string>();
  let lagging = false;
  gateway.answers = (path, { authorization = '' }) => {
    if (!lagging) old.add(authorization);
    if (!lagging || path === '/api/refresh' || old.has(authorization)) return null;
    const first = seen.get(authorization) ?? performance.now();
    seen.set(authorization, first);
    return performance.now() - first < lag ? REFUSAL : null;
  };
  // Once more while nothing lags, so that the present token is known to be old.
  server.control.dropConnections();
  await until(() => old.size > 0, 'the present token');
  lagging = true;
  server.control.expireTokens();
  server.control.dropConnections();
  server.control.publish(userId, { to: 'sent' });
  await until(
    () => stored().length === 1,
    () => tell(harness),
  );
  expect(harness.window.session()?.state).toBe('signed_in');
  expect(refreshes()).toBe(1);
});

test('a server that refuses all it gives out: that is said, the sign-in is kept, and signing in anew is possible', async () => {
  const { harness, server, userId, gateway, refreshes, live, complete } = await begin();
  gateway.answers = (path) => (path === '/api/events' ? REFUSAL : null);
  server.control.dropConnections();
  await until(
    () => harness.phase() === 'refused',
    () => tell(harness),
  );
  expect(harness.window.session()?.state).toBe('signed_in');
  expect((await harness.deps.vault.read()).state).toBe('present');
  expect(refreshes()).toBe(2);
  gateway.answers = () => null;
  server.control.publish(userId, { to: 'sent' });
  await harness.signIn(gateway.url);
  await live();
  await complete();
  expect(harness.window.session()?.state).toBe('signed_in');
});

test.each([
  ['acknowledging', /\/acknowledgements$/],
  ['the history', /\/history/],
])('%s alone is refused with 401: that fails, and the session stays', async (name, paths) => {
  const { harness, server, userId, gateway, refreshes, stored } = await begin();
  let refused = 0;
  gateway.answers = (path) => {
    if (!paths.test(path)) return null;
    refused += 1;
    return REFUSAL;
  };
  const next = Number((server.control.head(userId) ?? 'e1-0').split('-')[1]) + 1;
  if (name === 'the history') server.control.setFaults([{ kind: 'omit', sequences: [next] }]);
  server.control.publish(userId, { contractId: 'C-A', to: 'sent', actionRequired: true });
  server.control.publish(userId, { contractId: 'C-A', to: 'viewed', actionRequired: true });
  await until(() => stored().length >= 1, 'the change');
  if (name === 'acknowledging') {
    await harness.core.handle('actions:perform', { action: { do: 'acknowledge' }, contractIds: ['C-A'] });
    await until(async () => {
      const detail = await harness.core.handle('contract:open', { contractId: 'C-A' });
      return detail?.row.acknowledgement === 'failed';
    }, 'the acknowledgement to fail');
  }
  await until(() => refused >= 3, 'the refusals');
  expect(harness.window.session()?.state).toBe('signed_in');
  expect(harness.phase()).toBe('live');
  expect(refreshes()).toBeLessThanOrEqual(2);
});
