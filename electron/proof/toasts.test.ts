import { afterEach, expect, test } from 'vitest';
import { until } from './rig.ts';
import { createScene } from './scene.ts';
import type { Scene } from './scene.ts';

let scene: Scene | null = null;

afterEach(async () => {
  await scene?.close();
  scene = null;
});

async function begin(): Promise<Scene> {
  scene = await createScene({ server: { contracts: 0, backlog: 0 } });
  await scene.rig.signIn(scene.server.url);
  await scene.live();
  return scene;
}

test('a change that needs the user is told once, in the account’s language, also across restarts', async () => {
  const { rig, server, userId, ...made } = await begin();
  server.control.publish(userId, {
    contractId: 'C-1',
    title: 'Поставка',
    from: 'sent',
    to: 'declined',
    counterparty: 'ООО Ромашка',
    actionRequired: true,
  });
  server.control.publish(userId, { contractId: 'C-2', to: 'viewed', actionRequired: false });
  await made.complete();
  await until(() => rig.window.toasts.length > 0, 'a toast');
  await rig.restart();
  await made.complete();
  server.control.dropConnections(userId);
  await made.live();
  expect(rig.window.toasts).toHaveLength(1);
  expect(rig.window.toasts[0]).toMatchObject({
    tag: 'contract:C-1',
    title: 'Поставка',
    body: 'На подписании → Отказ в подписи · ООО Ромашка',
    contractId: 'C-1',
  });
});

test('nothing while the window is in front', async () => {
  const { rig, server, userId, ...made } = await begin();
  rig.window.inFront = true;
  server.control.publish(userId, { actionRequired: true });
  await made.complete();
  rig.window.inFront = false;
  server.control.publish(userId, { contractId: 'C-LATER', actionRequired: true });
  await until(() => rig.window.toasts.length > 0, 'the later toast');
  expect(rig.window.toasts.map((toast) => toast.contractId)).toEqual(['C-LATER']);
});

test('many needs after an absence are one summary with the badge’s number', async () => {
  const { rig, server, userId, ...made } = await begin();
  await rig.restart(async () => {
    for (let n = 1; n <= 12; n += 1) {
      server.control.publish(userId, { contractId: `C-${n}`, to: 'sent', actionRequired: true });
    }
  });
  await made.complete();
  await until(() => rig.window.toasts.length > 0, 'a toast');
  expect(rig.window.toasts).toEqual([
    expect.objectContaining({ tag: 'digest', title: '12 договоров ждут вас', contractId: null }),
  ]);
  expect(rig.window.badge).toBe(12);
});

test('a need in the middle of a long absence is told like any other, and one that is over is not', async () => {
  const { rig, server, userId, ...made } = await begin();
  const quiet = (count: number): void => {
    for (let n = 0; n < count; n += 1)
      server.control.publish(userId, { contractId: `C-${n % 70}`, to: 'viewed', actionRequired: false });
  };
  await rig.restart(async () => {
    server.control.publish(userId, { contractId: 'C-NEED', to: 'declined', actionRequired: true });
    server.control.publish(userId, { contractId: 'C-OVER', to: 'declined', actionRequired: true });
    quiet(300);
    server.control.publish(userId, { contractId: 'C-OVER', to: 'signed', actionRequired: false });
    quiet(300);
  });
  await made.complete();
  await until(() => rig.window.toasts.length > 0, 'a toast');
  expect(rig.window.toasts.map((toast) => toast.contractId)).toEqual(['C-NEED']);
});
