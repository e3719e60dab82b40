import { expect } from 'vitest';
import { ALL, until } from './rig.ts';
import { createScene, describe } from './scene.ts';
import type { Scene } from './scene.ts';
import type { Action, Schedule, Step } from './schedule.ts';

/** Long enough for a loaded machine; a run that converges needs a second or two. */
const SETTLE_MS = 240_000;

/**
 * Plays one schedule of faults against the whole core, then takes the faults away and demands exactly the published
 * set, in order, once each, with every hole healed. A terminal fault must end in its stated state; then the user acts.
 */
export async function playSchedule(schedule: Schedule, events: number): Promise<void> {
  const scene = await createScene({
    server: {
      seed: schedule.serverSeed,
      contracts: schedule.contracts,
      backlog: 10,
      heartbeatMs: schedule.heartbeatMs,
      accessTokenTtlS: schedule.accessTokenTtlS,
      maxFailedLogins: 1000,
    },
    world: {
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
    await scene.rig.signIn(scene.server.url);
    await scene.live();
    const opened = await scene.rig.core.handle('view:open', {
      filter: ALL,
      range: { offset: 0, limit: 100 },
    });
    expect(opened.viewId).toBe(1);
    const weights = schedule.steps.reduce((sum, step) => sum + step.weight, 0);
    for (const step of schedule.steps) {
      await playStep(scene, step, Math.ceil((events * step.weight) / weights));
    }
    scene.server.control.setFaults([]);
    await userActs(scene);
    scene.server.control.advance(2, scene.userId);
    await scene.complete(SETTLE_MS);
    await shownIsTrue(scene);
    await scene.proveExact();
  } finally {
    await scene.close();
  }
}

async function playStep(scene: Scene, step: Step, events: number): Promise<void> {
  const { control } = scene.server;
  control.setFaults(step.faults);
  for (let burst = 0; burst < step.bursts; burst += 1) {
    control.advance(Math.ceil(events / step.bursts), scene.userId);
    await breathe(5);
  }
  await act(scene, step.action);
  await breathe(step.pauseMs);
}

async function act(scene: Scene, action: Action): Promise<void> {
  const { server, rig, userId } = scene;
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
      await rig.restart();
      await until(
        () => (rig.window.session()?.state ?? 'restoring') !== 'restoring',
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
      rig.core.sleep();
      rig.core.wake(action.why);
      return;
    case 'sign_out_and_in':
      control.setFaults([]);
      await rig.core.handle('session:signOut', undefined);
      control.advance(3, userId);
      await rig.signIn(server.url);
      return;
    case 'stop':
      await stop(scene, action.status);
      return;
    case 'revoke':
      control.setFaults([]);
      await userActs(scene);
      control.revoke(userId);
      await until(
        () => rig.phase() === 'sign_in_needed',
        () => `sign-in needed after a revocation, but ${describe(rig)}`,
        SETTLE_MS,
      );
      control.advance(3, userId);
      await rig.signIn(server.url);
  }
}

/** What a person does where the app says that only a person can go on. */
async function userActs(scene: Scene): Promise<void> {
  const { rig, server } = scene;
  await until(
    async () => {
      if (rig.window.session()?.state === 'signed_out') await rig.signIn(server.url);
      if (rig.phase() === 'stopped') await rig.core.handle('connection:retryNow', undefined);
      return rig.phase() === 'live';
    },
    () => `live after the faults, but ${describe(rig)}`,
    SETTLE_MS,
  );
}

async function stop(scene: Scene, status: 204 | 403): Promise<void> {
  const { server, rig, userId } = scene;
  server.control.setFaults([]);
  await userActs(scene);
  server.control.setFaults([{ kind: 'status', status }]);
  await until(
    () => {
      server.control.dropConnections(userId);
      return rig.phase() === 'stopped';
    },
    () => `stopped by ${status}, but ${describe(rig)}`,
    SETTLE_MS,
  );
  server.control.advance(3, userId);
  server.control.setFaults([]);
  await rig.core.handle('connection:retryNow', undefined);
}

/** The rows that the window was sent last are the contracts as the server has them. */
async function shownIsTrue(scene: Scene): Promise<void> {
  const { rig, server, userId } = scene;
  const page = await rig.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 100 } });
  const latest = new Map<string, number>();
  for (const { data } of server.control.published(userId))
    latest.set(data.contract.id, data.contract.version);
  const shown = new Map(page.rows.map((row) => [row.contractId, row.version]));
  for (const [contractId, version] of latest) {
    if (page.total <= page.rows.length)
      expect([contractId, shown.get(contractId)]).toEqual([contractId, version]);
  }
}

function breathe(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
