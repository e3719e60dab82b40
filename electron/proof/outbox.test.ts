import { afterEach, expect, test } from 'vitest';
import { ALL, createRig, until } from './rig.ts';
import type { Rig } from './rig.ts';
import { createScene } from './scene.ts';
import type { Scene } from './scene.ts';

let scene: Scene | null = null;
let second: Rig | null = null;

afterEach(async () => {
  await second?.close();
  await scene?.close();
  scene = second = null;
});

/** Signed in, with one contract that has an event; its id. */
async function begin(world = {}): Promise<Scene & { readonly contractId: string }> {
  scene = await createScene({ world });
  await scene.rig.signIn(scene.server.url);
  await scene.live();
  const event = scene.server.control.publish(scene.userId, { to: 'sent', actionRequired: true });
  await scene.complete();
  return { ...scene, contractId: event.data.contract.id };
}

async function state(rig: Rig, contractId: string): Promise<string> {
  const detail = await rig.core.handle('contract:open', { contractId });
  return detail?.acknowledgement.state ?? 'unknown contract';
}

const posts = (of: Scene) =>
  of.server.control.requests().filter((request) => request.path.endsWith('/acknowledgements'));

test('held, undone: nothing is sent', async () => {
  const made = await begin({ undoMs: 60_000 });
  await made.rig.core.handle('contract:acknowledge', { contractId: made.contractId });
  expect(await state(made.rig, made.contractId)).toBe('held');
  await made.rig.core.handle('contract:undoAcknowledge', { contractId: made.contractId });
  expect(await state(made.rig, made.contractId)).toBe('none');
  expect(posts(made)).toHaveLength(0);
  await expect(
    made.rig.core.handle('contract:undoAcknowledge', { contractId: made.contractId }),
  ).rejects.toThrow('no longer be undone');
});

test('held, then sent once, visible in the row, and another device learns of it', async () => {
  const made = await begin();
  second = await createRig();
  await second.signIn(made.server.url);
  await until(() => second?.phase() === 'live', 'the second device live');
  await made.rig.core.handle('contract:acknowledge', { contractId: made.contractId });
  await until(async () => (await state(made.rig, made.contractId)) === 'sent', 'sent');
  expect(posts(made)).toHaveLength(1);
  const opened = await made.rig.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } });
  expect(opened.rows.find((row) => row.contractId === made.contractId)?.acknowledgement).toBe('sent');
  const other = second;
  await until(async () => (await state(other, made.contractId)) === 'sent', 'sent on the other device');
});

test('a contract that has moved on: superseded, and told', async () => {
  const made = await begin();
  made.server.control.setFaults([{ kind: 'omit', probability: 1 }]);
  made.server.control.publish(made.userId, { contractId: made.contractId, to: 'viewed' });
  await made.rig.core.handle('contract:acknowledge', { contractId: made.contractId });
  await until(() => posts(made).length > 0, 'an attempt');
  await until(
    async () => ['superseded', 'none'].includes(await state(made.rig, made.contractId)),
    'superseded, or over because the newer change is here',
  );
  expect(posts(made)[0]?.status).toBe(409);
  made.server.control.setFaults([]);
  await made.complete();
});

test('trouble on the way: sent again with back-off, delivered once', async () => {
  const made = await begin();
  const path = `/api/contracts/${made.contractId}/acknowledgements`;
  made.server.control.setFaults([{ kind: 'status', status: 503, path, times: 2 }]);
  await made.rig.core.handle('contract:acknowledge', { contractId: made.contractId });
  await until(async () => (await state(made.rig, made.contractId)) === 'sent', 'sent');
  expect(posts(made).map((request) => request.status)).toEqual([503, 503, 201]);
});

test('refused: failed, with the reason, and sent by hand', async () => {
  const made = await begin();
  const path = `/api/contracts/${made.contractId}/acknowledgements`;
  made.server.control.setFaults([{ kind: 'status', status: 403, path, times: 1 }]);
  await made.rig.core.handle('contract:acknowledge', { contractId: made.contractId });
  await until(async () => (await state(made.rig, made.contractId)) === 'failed', 'failed');
  const detail = await made.rig.core.handle('contract:open', { contractId: made.contractId });
  expect(detail?.acknowledgement.problem).toContain('403');
  await made.rig.core.handle('contract:retryAcknowledge', { contractId: made.contractId });
  await until(async () => (await state(made.rig, made.contractId)) === 'sent', 'sent');
});

test('the app closed before it was sent: sent after the next start', async () => {
  const made = await begin({ undoMs: 400 });
  await made.rig.core.handle('contract:acknowledge', { contractId: made.contractId });
  await made.rig.restart();
  await until(() => posts(made).length === 1, 'sent');
  await until(async () => (await state(made.rig, made.contractId)) === 'sent', 'settled');
});
