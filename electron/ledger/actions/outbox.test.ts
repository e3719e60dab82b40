import type { AcknowledgementProblem } from '../../../protocol/view.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, control, envelope, idOf, snapshotItem, START } from '../testing/make.ts';

const REFUSED: AcknowledgementProblem = {
  code: 'refused',
  params: { status: 400 },
  detail: 'answered 400',
};

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.append(
    change(1, 'C-1', 1, { actionRequired: true }),
    change(2, 'C-2', 1, { actionRequired: true }),
  );
});
afterEach(() => fixture.dispose());

/** Whether it is held now and was not before. */
const hold = async (contractId = 'C-1', now = START) => {
  const action = { do: 'acknowledge', dueAt: now + 8000 } as const;
  const { changed } = await fixture.core().perform(fixture.accountId, [contractId], action, now);
  return changed === 1;
};
const undo = async () => fixture.core().undoAcknowledgement(fixture.accountId, 'C-1');
const due = async (now: number) => fixture.core().dueAcknowledgements(fixture.accountId, now);
const state = async (contractId = 'C-1') =>
  (await fixture.core().contract(fixture.accountId, contractId))?.acknowledgement;

test('held, then sending, then sent; durable over a restart with the same idempotency key', async () => {
  expect(await hold()).toBe(true);
  expect(await hold()).toBe(false);
  expect(await due(START + 7999)).toEqual({ due: [], nextAt: START + 8000 });
  expect((await state())?.state).toBe('held');
  const [entry, ...others] = (await due(START + 8000)).due;
  expect(entry).toMatchObject({ contractId: 'C-1', eventId: idOf(1), version: 1, attempts: 0 });
  expect(others).toEqual([]);
  expect((await state())?.state).toBe('sending');
  await fixture.reopen();
  expect((await due(START + 8000)).due).toEqual([entry]);
  await fixture.core().completeAcknowledgement(entry?.outboxId ?? 0, { state: 'sent' }, START + 9000);
  expect(await state()).toEqual({ state: 'sent', at: START + 9000, by: 'Anna', problem: null });
  expect(await due(START + 99_000)).toEqual({ due: [], nextAt: null });
});

test('a clock that is set back does not put off what was held or is to be repeated', async () => {
  await hold('C-1', START + 86_400_000);
  await hold('C-2');
  expect((await due(START + 10_000)).due.map((entry) => entry.contractId)).toEqual(['C-1', 'C-2']);
});

test('undo works while it is held, not once it is on its way', async () => {
  await hold();
  expect(await undo()).toBe(true);
  expect((await state())?.state).toBe('none');
  expect(await undo()).toBe(false);
  await hold();
  await due(START + 8000);
  expect(await undo()).toBe(false);
});

test('retry waits for its time and counts attempts', async () => {
  await hold();
  const [entry] = (await due(START + 8000)).due;
  const problem = { code: 'refused', params: { status: 503 }, detail: 'answered 503' } as const;
  const again = { state: 'retry', at: START + 20_000, problem } as const;
  await fixture.core().completeAcknowledgement(entry?.outboxId ?? 0, again, START + 8100);
  expect(await due(START + 9000)).toEqual({ due: [], nextAt: START + 20_000 });
  expect((await due(START + 20_000)).due).toMatchObject([
    { attempts: 1, idempotencyKey: entry?.idempotencyKey },
  ]);
  expect(await state()).toMatchObject({ state: 'unconfirmed', problem });
});

test('where nothing can be sent, what is held stays so and can be undone; what was sent is sent again', async () => {
  await hold();
  const nowhere = (at: number) => fixture.core().dueAcknowledgements(fixture.accountId, at, [], false);
  expect(await nowhere(START + 60_000)).toEqual({ due: [], nextAt: null });
  expect(await state()).toMatchObject({ state: 'held' });
  expect((await due(START + 61_000)).due).toHaveLength(1);
  expect((await nowhere(START + 62_000)).due).toHaveLength(1);
});

test('failed is told, counts as open again, and can be retried by hand under the same key', async () => {
  await hold();
  const [entry] = (await due(START + 8000)).due;
  await fixture
    .core()
    .completeAcknowledgement(entry?.outboxId ?? 0, { state: 'failed', problem: REFUSED }, START + 8100);
  expect(await state()).toMatchObject({ state: 'failed', problem: REFUSED });
  const view = await fixture
    .core()
    .readView(fixture.accountId, { view: 'action_required', text: '' }, { offset: 0, limit: 5 });
  expect(view.total).toBe(2);
  expect(await fixture.core().retryAcknowledgement(fixture.accountId, 'C-1', START + 9000)).toBe(true);
  expect((await due(START + 9000)).due).toMatchObject([
    { idempotencyKey: entry?.idempotencyKey, attempts: 1 },
  ]);
});

test('a 409 is told as superseded, and the newer version can be acknowledged', async () => {
  await hold();
  const [entry] = (await due(START + 8000)).due;
  await fixture.core().completeAcknowledgement(entry?.outboxId ?? 0, { state: 'superseded' }, START + 8100);
  expect(await state()).toMatchObject({ state: 'superseded', problem: null });
  await fixture.append(change(3, 'C-1', 2, { actionRequired: true }));
  expect((await state())?.state).toBe('none');
  expect(await hold()).toBe(true);
  expect((await due(START + 60_000)).due).toMatchObject([{ version: 2, eventId: idOf(3) }]);
});

test('in order for each contract: a second version waits for the first', async () => {
  await hold();
  const [first] = (await due(START + 8000)).due;
  await fixture.append(change(3, 'C-1', 2, { actionRequired: true }));
  expect(await hold('C-1', START + 100)).toBe(true);
  expect(await hold('C-2', START + 200)).toBe(true);
  const dueNow = async () =>
    (await due(START + 60_000)).due.map(({ contractId, version }) => [contractId, version]);
  expect(await dueNow()).toEqual([
    ['C-1', 1],
    ['C-2', 1],
  ]);
  await fixture.core().completeAcknowledgement(first?.outboxId ?? 0, { state: 'sent' }, START + 60_000);
  expect(await dueNow()).toEqual([
    ['C-1', 2],
    ['C-2', 1],
  ]);
});

test("another device's acknowledgement arrives, with who and when, and ends a held one of ours", async () => {
  await hold();
  const at = new Date(START + 500).toISOString();
  const done = { contractId: 'C-1', eventId: idOf(1), version: 1, at, by: { id: 'u7', name: 'Oleg' } };
  const outcome = await fixture.append(control('ContractAcknowledged', done));
  expect(outcome.acknowledged).toEqual([done]);
  expect(outcome.contracts).toEqual(['C-1']);
  expect(await state()).toEqual({ state: 'sent', at: START + 500, by: 'Oleg', problem: null });
  expect(await due(START + 60_000)).toEqual({ due: [], nextAt: null });
  // Nothing was sent, so the server has refused nothing.
  expect(await fixture.core().unsent(fixture.accountId)).toEqual({ unsent: 0, refused: 0 });
});

describe('what is handed back waits for somebody again', () => {
  const told = (state: 'taken' | 'released', version = 1) =>
    control('ContractAcknowledged', {
      contractId: 'C-1',
      eventId: idOf(version === 1 ? 1 : 3),
      version,
      state,
      at: new Date(START + 500).toISOString(),
      by: { id: 'u7', name: 'Oleg' },
    });
  const needing = async () => {
    const range = { offset: 0, limit: 9 };
    const view = { view: 'action_required', text: '' } as const;
    const page = await fixture.core().readView(fixture.accountId, view, range);
    return page.rows.map((row) => row.contractId).toSorted();
  };

  test('told in either order, and again', async () => {
    await fixture.append(told('taken'));
    expect(await needing()).toEqual(['C-2']);
    await fixture.append(told('released'));
    expect(await state()).toMatchObject({ state: 'none', by: null });
    expect(await needing()).toEqual(['C-1', 'C-2']);
    await fixture.append(told('released'), told('taken'));
    expect(await state()).toMatchObject({ state: 'sent', by: 'Oleg' });
  });

  test('of an earlier version: what was taken on since stands', async () => {
    await fixture.append(change(3, 'C-1', 2, { actionRequired: true }), told('taken', 2), told('released'));
    expect(await state()).toMatchObject({ state: 'sent', by: 'Oleg' });
  });

  test('ours that is on its way stands until the server has answered', async () => {
    await hold();
    await fixture.append(told('released'));
    expect((await state())?.state).toBe('held');
    const [entry] = (await due(START + 8000)).due;
    await fixture.append(told('released'));
    expect((await state())?.state).toBe('sending');
    await fixture.core().completeAcknowledgement(entry?.outboxId ?? 0, { state: 'sent' }, START + 9000);
    expect((await state())?.state).toBe('sent');
    await fixture.append(told('released'));
    expect((await state())?.state).toBe('none');
    expect(await hold()).toBe(true);
  });
});

describe('handed back while ours was on its way, and the answer to it was lost', () => {
  const tell = (state: 'taken' | 'released', by: unknown = { id: 'u7', name: 'Oleg' }) =>
    fixture.append(
      control('ContractAcknowledged', {
        contractId: 'C-1',
        eventId: idOf(1),
        version: 1,
        state,
        at: new Date(START + 9000).toISOString(),
        by,
      }),
    );
  const answer = async (isRepeated: boolean) => {
    const [entry] = (await due(START + 60_000)).due;
    const result = { state: 'sent', ...(isRepeated ? { isRepeated } : null) } as const;
    await fixture.core().completeAcknowledgement(entry?.outboxId ?? 0, result, START + 60_000);
  };
  const isOpen = () =>
    fixture.query<{ open: number }>(
      'SELECT action_open AS open FROM contract WHERE contract_id = ?',
      'C-1',
    )[0];

  beforeEach(async () => {
    await hold();
    const [entry] = (await due(START + 8000)).due;
    const again = { state: 'retry', at: START + 20_000, problem: REFUSED } as const;
    await fixture.core().completeAcknowledgement(entry?.outboxId ?? 0, again, START + 8100);
  });

  test('that it was taken before is no word on now: it waits for somebody', async () => {
    await tell('released');
    await answer(true);
    expect((await state())?.state).toBe('none');
    expect(await due(START + 99_000)).toEqual({ due: [], nextAt: null });
    expect(await fixture.core().unsent(fixture.accountId)).toEqual({ unsent: 0, refused: 0 });
    expect(isOpen()).toEqual({ open: 1 });
    expect(await hold()).toBe(true);
  });

  test('taken now, after it was handed back by another', async () => {
    await tell('released');
    await answer(false);
    expect((await state())?.state).toBe('sent');
    expect(isOpen()).toEqual({ open: 0 });
  });

  test('taken before, and told as taken since', async () => {
    await tell('released');
    await tell('taken');
    await answer(true);
    expect((await state())?.state).toBe('sent');
  });

  test('taken before, and not handed back', async () => {
    await answer(true);
    expect((await state())?.state).toBe('sent');
  });
});

test.each([null, { id: 7, name: 'Oleg' }, { name: 'Oleg' }, {}, 'Oleg'])(
  'taken on by %j: that it was is told, and by whom where that can be read',
  async (by) => {
    const at = new Date(START + 500).toISOString();
    const done = { contractId: 'C-1', eventId: idOf(1), version: 1, state: null, at, by };
    await fixture.append(control('ContractAcknowledged', done));
    const name = by !== null && typeof by === 'object' ? (by.name ?? null) : null;
    expect(await state()).toMatchObject({ state: 'sent', by: name });
  },
);

test('unknown contracts cannot be acknowledged', async () => {
  expect(await hold('C-404')).toBe(false);
});

test('an acknowledgement that comes before its contract waits for it, the newest version counts', async () => {
  const told = (version: number) =>
    control('ContractAcknowledged', {
      contractId: 'C-9',
      version,
      eventId: idOf(3),
      at: '2026-10-02T09:00:05Z',
      by: { id: 'u42', name: 'Anna' },
    });
  await fixture.append(told(2), told(1));
  expect(await state('C-9')).toBeUndefined();
  await fixture.snapshot(idOf(3), [
    snapshotItem(envelope(1, 'C-1', 1)),
    snapshotItem(envelope(2, 'C-2', 1)),
    snapshotItem(envelope(3, 'C-9', 2, { actionRequired: true })),
  ]);
  expect(await state('C-9')).toMatchObject({ state: 'sent', by: 'Anna' });
  const page = await fixture
    .core()
    .readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 9 });
  expect(page.rows.find((row) => row.contractId === 'C-9')).toMatchObject({ acknowledgement: 'sent' });
});

test('what is unsent, and what was not accepted, is counted for the account alone', async () => {
  const unsent = () => fixture.core().unsent(fixture.accountId);
  expect(await unsent()).toEqual({ unsent: 0, refused: 0 });
  await hold('C-1');
  await hold('C-2');
  expect(await unsent()).toEqual({ unsent: 2, refused: 0 });
  const [first, second] = (await due(START + 8000)).due;
  expect(await unsent()).toEqual({ unsent: 2, refused: 0 });
  expect(await fixture.core().unsent(fixture.accountId + 1)).toEqual({ unsent: 0, refused: 0 });
  await fixture.core().completeAcknowledgement(first?.outboxId ?? 0, { state: 'sent' }, START + 9000);
  expect(await unsent()).toEqual({ unsent: 1, refused: 0 });
  const refusal = { state: 'failed', problem: REFUSED } as const;
  await fixture.core().completeAcknowledgement(second?.outboxId ?? 0, refusal, START + 9000);
  expect(await unsent()).toEqual({ unsent: 0, refused: 1 });
});
