import { expect } from 'vitest';
import { ALL, until } from './harness.ts';
import { createScenario, describe } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import type { Action, Schedule, Step } from './schedule.ts';

/** Long enough for a loaded machine; a run that converges needs a second or two. */
const SETTLE_MS = 240_000;

/**
 * Plays one schedule of faults against the whole core, then takes the faults away and demands exactly the published
 * set, in order, once each, with every gap healed. A terminal fault must end in its stated state; then the user acts.
 */
export async function playSchedule(schedule: Schedule, events: number): Promise<void> {
  const scenario = await createScenario({
    server: {
      seed: schedule.serverSeed,
      contracts: schedule.contracts,
      backlog: 10,
      heartbeatMs: schedule.heartbeatMs,
      accessTokenTtlS: schedule.accessTokenTtlS,
      maxFailedLogins: 1000,
    },
    deps: {
      transports: schedule.transports,
      limits: {
        maxEventBytes: 64 * 1024,
        retryMs: 15,
        minRetryMs: 10,
        maxRetryMs: 60,
        healthyMs: 100,
        headersMs: 400,
        firstByteMs: 400,
        idleMs: 600,
        returnMs: 500,
        pollWaitS: 1,
      },
      repairDelays: { first: 40, most: 300 },
    },
  });
  try {
    await scenario.harness.signIn(scenario.server.url);
    await scenario.live();
    const opened = await scenario.harness.core.handle('view:open', {
      filter: ALL,
      range: { offset: 0, limit: 100 },
    });
    expect(opened.viewId).toBe(1);
    const weights = schedule.steps.reduce((sum, step) => sum + step.weight, 0);
    for (const step of schedule.steps) {
      await playStep(scenario, step, Math.ceil((events * step.weight) / weights));
    }
    scenario.server.control.setFaults([]);
    await userActs(scenario);
    scenario.server.control.advance(2, scenario.userId);
    await scenario.complete(SETTLE_MS);
    await shownIsTrue(scenario);
    await scenario.proveExact();
  } finally {
    await scenario.close();
  }
}

async function playStep(scenario: Scenario, step: Step, events: number): Promise<void> {
  const { control } = scenario.server;
  control.setFaults(step.faults);
  for (let burst = 0; burst < step.bursts; burst += 1) {
    control.advance(Math.ceil(events / step.bursts), scenario.userId);
    await yieldToUrgent(5);
  }
  await act(scenario, step.action);
  await yieldToUrgent(step.pauseMs);
}

async function act(scenario: Scenario, action: Action): Promise<void> {
  const { server, harness, userId } = scenario;
  const { control } = server;
  switch (action.kind) {
    case 'none':
      return;
    case 'drop':
      control.dropConnections(userId);
      return;
    case 'server_restart':
      await control.restart(action.downMs);
      return;
    case 'app_restart':
      await harness.restart();
      await until(
        () => (harness.window.session()?.state ?? 'restoring') !== 'restoring',
        'the stored session taken up',
        SETTLE_MS,
      );
      return;
    case 'new_epoch':
      control.newEpoch(userId);
      return;
    case 'truncate':
      control.truncate(userId, action.keep);
      return;
    case 'expire_tokens':
      control.expireTokens();
      return;
    case 'skew':
      control.setClockSkew(action.hours * 3_600_000);
      return;
    case 'wake':
      harness.core.sleep();
      harness.core.wake(action.why);
      return;
    case 'sign_out_and_in':
      control.setFaults([]);
      await harness.core.handle('session:signOut', undefined);
      control.advance(3, userId);
      await harness.signIn(server.url);
      return;
    case 'stop':
      await stop(scenario, action.status);
      return;
    case 'revoke':
      control.setFaults([]);
      await userActs(scenario);
      control.revoke(userId);
      await until(
        () => harness.phase() === 'sign_in_needed',
        () => `sign-in needed after a revocation, but ${describe(harness)}`,
        SETTLE_MS,
      );
      control.advance(3, userId);
      await harness.signIn(server.url);
  }
}

/** What a person does where the app says that only a person can go on. */
async function userActs(scenario: Scenario): Promise<void> {
  const { harness, server } = scenario;
  await until(
    async () => {
      if (harness.window.session()?.state === 'signed_out') await harness.signIn(server.url);
      if (harness.phase() === 'stopped') await harness.core.handle('connection:retryNow', undefined);
      return harness.phase() === 'live';
    },
    () => `live after the faults, but ${describe(harness)}`,
    SETTLE_MS,
  );
}

async function stop(scenario: Scenario, status: 204 | 403): Promise<void> {
  const { server, harness, userId } = scenario;
  server.control.setFaults([]);
  await userActs(scenario);
  server.control.setFaults([{ kind: 'status', status }]);
  await until(
    () => {
      server.control.dropConnections(userId);
      return harness.phase() === 'stopped';
    },
    () => `stopped by ${status}, but ${describe(harness)}`,
    SETTLE_MS,
  );
  server.control.advance(3, userId);
  server.control.setFaults([]);
  await harness.core.handle('connection:retryNow', undefined);
}

/** The rows that the window was sent last are the contracts as the server has them. */
async function shownIsTrue(scenario: Scenario): Promise<void> {
  const { harness, server, userId } = scenario;
  const page = await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 100 } });
  const latest = new Map<string, number>();
  for (const { data } of server.control.published(userId))
    latest.set(data.contract.id, data.contract.version);
  const shown = new Map(page.rows.map((row) => [row.contractId, row.version]));
  for (const [contractId, version] of latest) {
    if (page.total <= page.rows.length)
      expect([contractId, shown.get(contractId)]).toEqual([contractId, version]);
  }
}

function yieldToUrgent(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
