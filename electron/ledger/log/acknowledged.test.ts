import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import {
  change,
  control,
  envelope,
  head,
  idOf,
  snapshotItem,
  stale,
  START,
  statusItem,
} from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const needed = { to: 'declined', actionRequired: true } as const;
const pane = async () => fixture.core().contract(fixture.accountId, 'C-1');
const shown = async () => (await pane())?.row;
const acknowledgement = async () => (await pane())?.acknowledgement;
const told = (version: number) =>
  control('ContractAcknowledged', {
    contractId: 'C-1',
    version,
    eventId: idOf(11),
    state: 'taken',
    by: { id: 'u7', name: 'Olga' },
    at: new Date(START).toISOString(),
  });

/** The person takes on what the row shows, and the server answers so. */
async function acknowledge(state: 'sent' | 'failed' | 'held'): Promise<void> {
  const core = fixture.core();
  await core.perform(fixture.accountId, ['C-1'], { do: 'acknowledge', dueAt: START }, START);
  if (state === 'held') return;
  const [entry] = (await core.dueAcknowledgements(fixture.accountId, START)).due;
  const problem = { code: 'refused', params: { status: 404 }, detail: 'answered 404' } as const;
  const result = state === 'failed' ? ({ state, problem } as const) : ({ state } as const);
  await core.completeAcknowledgement(entry?.outboxId ?? 0, result, START);
}

/** C-1 needs an action since 11; 12 is another contract's. */
async function begin(): Promise<void> {
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 1))]);
  await fixture.append(change(11, 'C-1', 2, needed), change(12, 'C-2', 1), head(idOf(12), START + 1000));
}

/** Two heads, the second made later, say that the log ends at `sequence`. */
const goBack = (sequence: number) =>
  fixture.append(head(idOf(sequence), START + 2000), head(idOf(sequence), START + 3000));

describe.each(['held', 'sent', 'failed'] as const)('an acknowledgement that is %s', (state) => {
  test('stands while the log has lost the change and the list still shows it', async () => {
    await begin();
    await acknowledge(state);
    await goBack(10);
    await fixture.snapshot(idOf(10), [snapshotItem(envelope(11, 'C-1', 2, needed), { withEvent: false })]);
    expect((await acknowledgement())?.state).toBe(state);
  });

  test('stands while a log that began again, and went back, never had the change and the list still shows it', async () => {
    const item = snapshotItem(envelope(11, 'C-1', 2, needed), { withEvent: false });
    await fixture.snapshot(idOf(12), [item]);
    await acknowledge(state);
    const others = [1, 2, 3].map((n) => envelope(n, `B-${n}`, 1));
    await fixture.append(stale(null), head(null, START));
    await fixture.snapshot(null, [item]);
    for (const [n, other] of others.entries()) {
      await fixture.append(statusItem(other), head(other.id, START + n));
      await fixture.snapshot(other.id, [item, ...others.slice(0, n + 1).map((one) => snapshotItem(one))]);
      await fixture.history('C-1', []);
      await fixture.settle();
    }
    expect((await acknowledgement())?.state).toBe(state);
    await goBack(2);
    await fixture.snapshot(idOf(2), [item, ...others.slice(0, 2).map((other) => snapshotItem(other))]);
    expect((await acknowledgement())?.state).toBe(state);
  });

  test('stands where a log that began again tells of an older change first and then of this one', async () => {
    await begin();
    await acknowledge(state);
    await goBack(10);
    await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 1))]);
    expect((await shown())?.version).toBe(1);
    expect((await acknowledgement())?.state).toBe('none');
    await fixture.append(change(11, 'C-1', 2, needed), head(idOf(11), START + 4000));
    expect((await shown())?.version).toBe(2);
    expect((await acknowledgement())?.state).toBe(state);
  });

  test.each([
    ['the stream', async () => void (await fixture.append(change(12, 'C-1', 2, needed)))],
    [
      'the stream, after a list without it',
      async () => {
        await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 1))]);
        await fixture.append(change(12, 'C-1', 2, needed));
      },
    ],
    [
      'a list',
      async () => void (await fixture.snapshot(idOf(12), [snapshotItem(envelope(12, 'C-1', 2, needed))])),
    ],
  ])('is none of another change of that version, which %s brings', async (_, bring) => {
    await begin();
    await acknowledge(state);
    await goBack(10);
    await bring();
    expect(await pane()).toMatchObject({
      row: { version: 2, actionRequired: true },
      acknowledgement: { state: 'none' },
    });
    expect(fixture.query('SELECT action_open AS open FROM contract WHERE contract_id = ?', 'C-1')).toEqual([
      { open: 1 },
    ]);
  });
});

test('a contract put aside until it changes stays so where the list still shows the change that the log has lost', async () => {
  await begin();
  await fixture.core().perform(fixture.accountId, ['C-1'], { do: 'snooze', until: null }, START);
  await goBack(10);
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(11, 'C-1', 2, needed), { withEvent: false })]);
  expect((await shown())?.snoozed).toEqual({ until: null });
});

test('what a log that went back tells of an acknowledgement before its list has come is kept', async () => {
  await begin();
  await acknowledge('sent');
  await goBack(10);
  await fixture.append(told(2));
  await fixture.snapshot(idOf(12), [snapshotItem(envelope(12, 'C-1', 2, needed))]);
  expect(await pane()).toMatchObject({ row: { version: 2 }, acknowledgement: { state: 'sent', by: 'Olga' } });
});

test('an id that came for two changes of one version: nobody can tell which of them was taken on', async () => {
  await begin();
  await acknowledge('failed');
  await goBack(10);
  await fixture.append(change(11, 'C-1', 2, { ...needed, to: 'expired' }));
  await goBack(10);
  await fixture.snapshot(idOf(10), [snapshotItem(envelope(10, 'C-1', 1))]);
  await fixture.snapshot(idOf(11), [snapshotItem(envelope(11, 'C-1', 2, needed), { withEvent: false })]);
  expect(await pane()).toMatchObject({ row: { version: 2 }, acknowledgement: { state: 'none' } });
});
