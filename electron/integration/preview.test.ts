import { afterEach, expect, test } from 'vitest';
import { ALL, until } from './harness.ts';
import { createScenario, describe, type Scenario } from './scenario.ts';

let scenario: Scenario | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

/** Away while 1,500 changes came, and back over a connection that brings them slowly. */
async function behind() {
  scenario = await createScenario();
  const { harness, server, userId, ...made } = scenario;
  await harness.signIn(server.url);
  await made.live();
  server.control.advance(1, userId);
  await made.complete();
  await harness.restart(async () => {
    server.control.advance(1_500, userId);
    server.control.setFaults([{ kind: 'one_byte' }]);
  });
  const row = async (contractId: string) =>
    (await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } })).rows.find(
      (each) => each.contractId === contractId,
    );
  await until(
    () => (harness.window.receipt()?.ahead?.changes ?? 0) > 0,
    () => `a preview, but ${describe(harness)}`,
  );
  return { ...made, harness, server, userId, row };
}

test('behind by much, the newest state of a live change is shown long before the log has come there', async () => {
  const { harness, server, userId, row, complete } = await behind();
  const { contract, change } = server.control.publish(userId, { to: 'sent', actionRequired: true }).data;
  await until(
    async () => (await row(contract.id))?.version === contract.version,
    () => `the newest state, but ${describe(harness)}`,
    20_000,
  );
  expect(harness.phase()).toBe('catching_up');
  expect(await row(contract.id)).toMatchObject({ to: change.to, unread: expect.any(Number) });
  expect(harness.window.receipt()).toMatchObject({
    verdict: 'complete',
    ahead: { changes: expect.any(Number) },
  });
  server.control.setFaults([]);
  await complete();
  expect(harness.window.receipt()?.ahead).toBeNull();
  expect((await row(contract.id))?.version).toBe(contract.version);
});

test('acknowledged ahead of the log: sent with the change that is shown, and still so when that comes', async () => {
  const { harness, server, userId, row, complete } = await behind();
  const event = server.control.publish(userId, { to: 'sent', actionRequired: true });
  const { id, version } = event.data.contract;
  await until(async () => (await row(id))?.version === version, 'the newest state');
  await harness.core.handle('actions:perform', { action: { do: 'acknowledge' }, contractIds: [id] });
  await until(
    async () => (await row(id))?.acknowledgement === 'sent',
    () => `sent, but ${describe(harness)}`,
  );
  expect(harness.phase()).toBe('catching_up');
  server.control.setFaults([]);
  await complete();
  expect((await row(id))?.acknowledgement).toBe('sent');
});
