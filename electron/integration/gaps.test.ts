import { afterEach, expect, test } from 'vitest';
import type { Receipt } from '../../protocol/receipt.ts';
import type { Fault } from '../../server-mock/faults/types.ts';
import { ALL, until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

let scenario: Scenario | null = null;

async function begin(options?: ScenarioOptions): Promise<Scenario> {
  scenario = await createScenario(options);
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  await scenario.complete();
  return scenario;
}

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

/** Until it is switched off, the repair cannot get through: so the gap can be seen open. */
const NO_REPAIR: readonly Fault[] = [{ kind: 'status', status: 503, path: '/api/contracts' }];

function receipts(of: Scenario): readonly Receipt[] {
  return of.harness.window.messages
    .filter((one) => one.channel === 'receipt:changed')
    .map((one) => one.message as Receipt);
}

/** While something is missing the receipt never says complete up to the head. */
function neverComplete(of: Scenario, head: string | null): void {
  const lies = receipts(of).filter((one) => one.verdict === 'complete' && one.upToId === head);
  expect(lies).toEqual([]);
}

async function open(of: Scenario): Promise<void> {
  await until(
    () => of.harness.window.receipt()?.verdict === 'gaps',
    () => `an open hole, not ${JSON.stringify(of.harness.window.receipt())}`,
  );
}

test('an event omitted in the middle: an open gap, then healed, then complete', async () => {
  const made = await begin();
  const { harness, server, userId } = made;
  const next = server.control.published(userId).length + 3;
  server.control.setFaults([...NO_REPAIR, { kind: 'omit', sequences: [next] }]);
  server.control.advance(6, userId);
  await open(made);
  neverComplete(made, server.control.head(userId));
  expect(harness.window.receipt()?.openGaps[0]).toMatchObject({ kind: 'sequence', fromSequence: next });
  server.control.setFaults([]);
  await made.complete();
  expect(harness.window.receipt()?.lastHealed?.kind).toBe('sequence');
});

test('support information tells of the receipt and of the ledger as they were at one moment', async () => {
  const made = await begin();
  const { harness, server, userId } = made;
  const next = server.control.published(userId).length + 3;
  server.control.setFaults([...NO_REPAIR, { kind: 'omit', sequences: [next] }]);
  const read = async () => (await harness.core.handle('app:diagnostics', undefined)).text;
  expect(await read()).toMatch(/Receipt: complete[^]*, 0 open gaps/);
  server.control.advance(6, userId);
  let text = '';
  await until(async () => !(text = await read()).includes(', 0 open gaps'), 'the gap');
  expect(text).toMatch(/Receipt: gaps[^]*, 1 open gaps/);
  server.control.setFaults([]);
  await made.complete();
});

test('the LAST event omitted: the head gives it away', async () => {
  const made = await begin();
  const { harness, server, userId } = made;
  const last = server.control.published(userId).length + 4;
  server.control.setFaults([...NO_REPAIR, { kind: 'omit', sequences: [last] }]);
  server.control.advance(4, userId);
  await open(made);
  neverComplete(made, server.control.head(userId));
  expect(harness.phase()).toBe('live');
  server.control.setFaults([]);
  await made.complete();
});

test('an own event that cannot be read is set aside, and brought back by history', async () => {
  const made = await begin();
  const { harness, server, userId } = made;
  const sequence = server.control.published(userId).length + 2;
  server.control.setFaults([...NO_REPAIR, { kind: 'giant', sequences: [sequence], bytes: 1_200_000 }]);
  server.control.advance(4, userId);
  await open(made);
  neverComplete(made, server.control.head(userId));
  expect(harness.window.receipt()?.openGaps.some((gap) => gap.kind === 'quarantine')).toBe(true);
  server.control.setFaults([]);
  await made.complete();
});

test('garbage between the events changes nothing and the rest goes on', async () => {
  const made = await begin();
  const { server, userId } = made;
  server.control.setFaults([{ kind: 'garbage', probability: 0.5 }]);
  server.control.advance(30, userId);
  await until(() => made.stored().length === 30, 'thirty events');
  server.control.setFaults([]);
  expect(made.stored()).toEqual(made.published());
  await made.complete();
});

test('a history that the server has lost keeps the gap open, with a note, while live events go on', async () => {
  const made = await begin();
  const { harness, server, userId } = made;
  const event = server.control.publish(userId, { to: 'viewed' });
  await made.complete();
  const path = `/api/contracts/${event.data.contract.id}/history`;
  const next = server.control.published(userId).length + 1;
  server.control.setFaults([
    { kind: 'omit', sequences: [next] },
    { kind: 'status', status: 404, path },
  ]);
  server.control.publish(userId, { contractId: event.data.contract.id, to: 'signed' });
  server.control.publish(userId, { contractId: event.data.contract.id, to: 'active' });
  await until(
    () => (harness.window.receipt()?.openGaps ?? []).some((gap) => gap.attempts > 0 && gap.note !== ''),
    () => `an attempt noted on the hole: ${JSON.stringify(harness.window.receipt())}`,
  );
  const opened = await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 5 } });
  expect(opened.rows[0]).toMatchObject({ contractId: event.data.contract.id, to: 'active' });
  server.control.setFaults([]);
  await made.complete();
});

test('duplicates, reordering and an inclusive replay double nothing', async () => {
  const made = await begin();
  const { server, userId } = made;
  server.control.setFaults([
    { kind: 'duplicate', probability: 0.5 },
    { kind: 'reorder', probability: 0.3 },
    { kind: 'replay_early', events: 3 },
  ]);
  for (let round = 0; round < 5; round += 1) {
    server.control.advance(10, userId);
    server.control.dropConnections(userId);
  }
  await until(() => made.stored().length === 50, 'fifty events');
  server.control.setFaults([]);
  await made.complete();
});

test('what was before the first look is completed when a contract is opened', async () => {
  const made = await begin({ server: { contracts: 1, backlog: 6 } });
  const { harness, server, userId } = made;
  const id = server.control.published(userId)[0]?.data.contract.id ?? '';
  const detail = await harness.core.handle('contract:open', { contractId: id });
  expect(detail?.earlierVersions).toBeGreaterThan(0);
  await until(
    () => harness.window.messages.some((one) => one.channel === 'contract:changed'),
    'the completed timeline',
  );
  const whole = await harness.core.handle('contract:open', { contractId: id });
  // The mock's contracts have a past that not even its history reaches.
  expect(whole?.timeline).toHaveLength(server.control.published(userId).length);
  expect(whole?.timeline.some((entry) => entry.unread)).toBe(false);
});
