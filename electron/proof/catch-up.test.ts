import { afterEach, expect, test } from 'vitest';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import { systemClock } from '../ports/clock.ts';
import { until } from './rig.ts';
import { createScene, describe } from './scene.ts';
import type { Scene, SceneOptions } from './scene.ts';

let scene: Scene | null = null;

afterEach(async () => {
  await scene?.close();
  scene = null;
});

async function begin(options?: SceneOptions): Promise<Scene> {
  scene = await createScene(options);
  await scene.rig.signIn(scene.server.url);
  await scene.live();
  return scene;
}

const MINUTE = 60_000;

test('after an absence the receipt says how many changes came and that none is missing', async () => {
  let ahead = 0;
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  const { rig, server, userId, ...made } = await begin({ world: { clock } });
  server.control.advance(3, userId);
  await made.complete();
  await rig.restart(async () => {
    ahead = 90 * MINUTE;
    server.control.advance(14, userId);
  });
  await made.complete();
  const absence = rig.window.receipt()?.absence;
  expect(absence).toMatchObject({ changes: 14, missing: 0 });
  expect((absence?.until ?? 0) - (absence?.since ?? 0)).toBeGreaterThan(89 * MINUTE);
});

test('a long catch-up shows how much is done of how many, and ends live', async () => {
  const { rig, server, userId, ...made } = await begin();
  await rig.restart(async () => {
    server.control.advance(1_500, userId);
    server.control.setFaults([{ kind: 'one_byte' }]);
  });
  const steps = (): readonly ConnectionStatus['state'][] =>
    rig.window.messages.flatMap((one) =>
      one.channel === 'connection:changed' ? [(one.message as ConnectionStatus).state] : [],
    );
  await until(
    () => steps().some((state) => state.phase === 'catching_up' && state.done > 0 && state.total === 1_500),
    () => `a catch-up in progress, but ${describe(rig)}`,
  );
  server.control.setFaults([]);
  await made.complete();
  // The connection is told at most four times a second: it may trail the receipt.
  await made.live();
  expect(steps().at(-1)?.phase).toBe('live');
});

test('all that came after an empty beginning is confirmed without asking for any history', async () => {
  scene = await createScene({ server: { contracts: 50, backlog: 0 } });
  const { rig, server, userId, ...made } = scene;
  await rig.signIn(server.url);
  await made.live();
  await rig.restart(async () => {
    server.control.advance(3_000, userId);
  });
  await made.complete();
  const paths = server.control.requests().map((request) => request.path);
  expect(paths.filter((path) => path.endsWith('/history'))).toEqual([]);
});

test('a snapshot of several pages that expires while it is read is begun again', async () => {
  scene = await createScene({ server: { contracts: 1_200, backlog: 0 } });
  const { rig, server, userId } = scene;
  server.control.setFaults([{ kind: 'status', status: 410, path: '/api/contracts', times: 2 }]);
  await rig.signIn(server.url);
  await scene.live();
  server.control.advance(3, userId);
  await scene.complete();
  const pages = server.control.requests().filter((request) => request.path === '/api/contracts');
  expect(pages.filter((request) => request.status === 410)).toHaveLength(2);
  expect(pages.filter((request) => request.status === 200).length).toBeGreaterThan(1);
});

test('a first snapshot that cannot be had is said and tried again; then the feed is there', async () => {
  scene = await createScene();
  const { rig, server } = scene;
  server.control.setFaults([{ kind: 'status', status: 503, path: '/api/contracts' }]);
  await rig.signIn(server.url);
  await until(
    () => rig.phase() === 'waiting',
    () => `waiting, but ${describe(rig)}`,
  );
  expect(rig.window.connection()?.state).toMatchObject({ trouble: { code: 'http', status: 503 } });
  server.control.setFaults([]);
  await scene.live();
  await scene.complete();
});
