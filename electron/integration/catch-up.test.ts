import { afterEach, expect, test } from 'vitest';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import { systemClock } from '../ports/clock.ts';
import { until } from './harness.ts';
import { createScenario, describe } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

let scenario: Scenario | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

async function begin(options?: ScenarioOptions): Promise<Scenario> {
  scenario = await createScenario(options);
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  return scenario;
}

const MINUTE = 60_000;

test('after an absence the receipt says how many changes came and that none is missing', async () => {
  let ahead = 0;
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  const { harness, server, userId, ...made } = await begin({ deps: { clock } });
  server.control.advance(3, userId);
  await made.complete();
  await harness.restart(async () => {
    ahead = 90 * MINUTE;
    server.control.advance(14, userId);
  });
  await made.complete();
  const absence = harness.window.receipt()?.absence;
  expect(absence).toMatchObject({ changes: 14, missing: 0 });
  expect((absence?.until ?? 0) - (absence?.since ?? 0)).toBeGreaterThan(89 * MINUTE);
});

test('a long catch-up shows how much is done of how many, and ends live', async () => {
  const { harness, server, userId, ...made } = await begin();
  await harness.restart(async () => {
    server.control.advance(1_500, userId);
    server.control.setFaults([{ kind: 'one_byte' }]);
  });
  const steps = (): readonly ConnectionStatus['state'][] =>
    harness.window.messages.flatMap((one) =>
      one.channel === 'connection:changed' ? [(one.message as ConnectionStatus).state] : [],
    );
  await until(
    () => steps().some((state) => state.phase === 'catching_up' && state.done > 0 && state.total === 1_500),
    () => `a catch-up in progress, but ${describe(harness)}`,
  );
  server.control.setFaults([]);
  await made.complete();
  // The connection is told at most four times a second: it may trail the receipt.
  await made.live();
  expect(steps().at(-1)?.phase).toBe('live');
});

test('all that came after an empty beginning is confirmed without asking for any history', async () => {
  scenario = await createScenario({ server: { contracts: 50, backlog: 0 } });
  const { harness, server, userId, ...made } = scenario;
  await harness.signIn(server.url);
  await made.live();
  await harness.restart(async () => {
    server.control.advance(3_000, userId);
  });
  await made.complete();
  const paths = server.control.requests().map((request) => request.path);
  expect(paths.filter((path) => path.endsWith('/history'))).toEqual([]);
});

test('a snapshot of several pages that expires while it is read is begun again', async () => {
  scenario = await createScenario({ server: { contracts: 1_200, backlog: 0 } });
  const { harness, server, userId } = scenario;
  server.control.setFaults([{ kind: 'status', status: 410, path: '/api/contracts', times: 2 }]);
  await harness.signIn(server.url);
  await scenario.live();
  server.control.advance(3, userId);
  await scenario.complete();
  const pages = server.control.requests().filter((request) => request.path === '/api/contracts');
  expect(pages.filter((request) => request.status === 410)).toHaveLength(2);
  expect(pages.filter((request) => request.status === 200).length).toBeGreaterThan(1);
});

test('a first snapshot that cannot be had is said and tried again; then the feed is there', async () => {
  scenario = await createScenario();
  const { harness, server } = scenario;
  server.control.setFaults([{ kind: 'status', status: 503, path: '/api/contracts' }]);
  await harness.signIn(server.url);
  await until(
    () => harness.phase() === 'waiting',
    () => `waiting, but ${describe(harness)}`,
  );
  expect(harness.window.connection()?.state).toMatchObject({ failure: { code: 'http', status: 503 } });
  server.control.setFaults([]);
  await scenario.live();
  await scenario.complete();
});
