import { afterEach, expect, test } from 'vitest';
import { until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

let scenario: Scenario | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

async function begin(): Promise<Scenario> {
  scenario = await createScenario({ server: { contracts: 0, backlog: 0 } });
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  return scenario;
}

test('a change that needs the user is told once, in the account’s language, also across restarts', async () => {
  const { harness, server, userId, ...made } = await begin();
  server.control.publish(userId, {
    contractId: 'C-1',
    title: 'Поставка',
    from: 'sent',
    to: 'declined',
    counterparty: 'ООО Ромашка',
    reason: 'Слишком\u0007 дорого',
    actionRequired: true,
  });
  server.control.publish(userId, { contractId: 'C-2', to: 'viewed', actionRequired: false });
  await made.complete();
  await until(() => harness.window.toasts.length > 0, 'a toast');
  await harness.restart();
  await made.complete();
  server.control.dropConnections(userId);
  await made.live();
  expect(harness.window.toasts).toHaveLength(1);
  expect(harness.window.toasts[0]).toMatchObject({
    tag: 'contract:C-1',
    title: 'Поставка',
    body: 'На подписании → Отказ в подписи · ООО Ромашка\nСлишком дорого',
    contractId: 'C-1',
  });
});

test('nothing while the window is in front', async () => {
  const { harness, server, userId, ...made } = await begin();
  harness.window.inFront = true;
  server.control.publish(userId, { actionRequired: true });
  await made.complete();
  harness.window.inFront = false;
  server.control.publish(userId, { contractId: 'C-LATER', actionRequired: true });
  await until(() => harness.window.toasts.length > 0, 'the later toast');
  expect(harness.window.toasts.map((toast) => toast.contractId)).toEqual(['C-LATER']);
});

test('many needs after an absence are one summary with the badge’s number', async () => {
  const { harness, server, userId, ...made } = await begin();
  await harness.restart(async () => {
    for (let n = 1; n <= 12; n += 1) {
      server.control.publish(userId, { contractId: `C-${n}`, to: 'sent', actionRequired: true });
    }
  });
  await made.complete();
  await until(() => harness.window.toasts.length > 0, 'a toast');
  expect(harness.window.toasts).toEqual([
    expect.objectContaining({ tag: 'digest', title: '12 договоров ждут вас', contractId: null }),
  ]);
  expect(harness.window.badge).toBe(12);
});

test('a need in the middle of a long absence is told like any other, and one that is over is not', async () => {
  const { harness, server, userId, ...made } = await begin();
  const quiet = (count: number): void => {
    for (let n = 0; n < count; n += 1)
      server.control.publish(userId, { contractId: `C-${n % 70}`, to: 'viewed', actionRequired: false });
  };
  await harness.restart(async () => {
    server.control.publish(userId, { contractId: 'C-NEED', to: 'declined', actionRequired: true });
    server.control.publish(userId, { contractId: 'C-OVER', to: 'declined', actionRequired: true });
    quiet(300);
    server.control.publish(userId, { contractId: 'C-OVER', to: 'signed', actionRequired: false });
    quiet(300);
  });
  await made.complete();
  await until(() => harness.window.toasts.length > 0, 'a toast');
  expect(harness.window.toasts.map((toast) => toast.contractId)).toEqual(['C-NEED']);
});
