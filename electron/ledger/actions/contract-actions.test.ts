import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ViewName } from '../../../protocol/filter.ts';
import { change, envelope, idOf, snapshotItem, START } from '../testing/make.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import type { LedgerAction } from '../types.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const perform = async (action: LedgerAction, ...ids: readonly string[]) =>
  fixture.core().perform(fixture.accountId, ids, action, START);
const undo = async (undoId: number | null) =>
  (await fixture.core().undo(fixture.accountId, undoId ?? -1, START)).undone !== null;

async function ids(view: ViewName): Promise<readonly string[]> {
  const page = await fixture
    .core()
    .readView(fixture.accountId, { view, text: '' }, { offset: 0, limit: 500 });
  expect(page.total).toBe(page.rows.length);
  return page.rows.map((row) => row.contractId);
}

async function counts() {
  const { counts } = await fixture
    .core()
    .readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 1 });
  return counts;
}

async function detail(contractId: string) {
  return fixture.core().contract(fixture.accountId, contractId);
}

async function unreadOf(contractId: string): Promise<readonly string[]> {
  const { timeline = [], row } = (await detail(contractId)) ?? {};
  const unread = timeline.filter((entry) => entry.unread).map((entry) => entry.eventId);
  expect(unread).toHaveLength(row?.unread ?? -1);
  return unread;
}

/** Three contracts: C-1 with two changes, C-2 which requires an action, C-3. All unread. */
async function publish(): Promise<void> {
  await fixture.append(
    change(1, 'C-1', 1, { from: null, to: 'sent' }),
    change(2, 'C-1', 2, { from: 'sent', to: 'viewed' }),
    change(3, 'C-2', 1, { from: null, to: 'sent', actionRequired: true }),
    change(4, 'C-3', 1, { from: null, to: 'draft' }),
  );
}

describe('read and unread', () => {
  test('many at once, and undo brings each change back as it was', async () => {
    await publish();
    await fixture.core().setEventRead(fixture.accountId, 'C-1', idOf(1), true);
    const outcome = await perform({ do: 'read', read: true }, 'C-1', 'C-2', 'C-2', 'C-unknown');
    expect(outcome).toMatchObject({ changed: 2 });
    expect(await ids('unread')).toEqual(['C-3']);
    expect((await counts()).unread).toBe(1);
    expect(await unreadOf('C-1')).toEqual([]);
    expect(await undo(outcome.undoId)).toBe(true);
    expect(await unreadOf('C-1')).toEqual([idOf(2)]);
    expect(await ids('unread')).toEqual(['C-3', 'C-2', 'C-1']);
    expect(await undo(outcome.undoId)).toBe(false);
    expect((await counts()).unread).toBe(3);
  });

  test('nothing to change is no action', async () => {
    await publish();
    expect(await perform({ do: 'read', read: false }, 'C-1')).toEqual({ undoId: null, changed: 0 });
    expect(await perform({ do: 'read', read: true }, 'C-unknown')).toEqual({ undoId: null, changed: 0 });
    expect(await perform({ do: 'unsnooze' }, 'C-1')).toEqual({ undoId: null, changed: 0 });
    expect(await undo(null)).toBe(false);
  });

  test('an empty account has nothing to do', async () => {
    expect(await perform({ do: 'mute', muted: true }, 'C-1')).toEqual({ undoId: null, changed: 0 });
    const view = { view: 'all', text: '' } as const;
    expect(await fixture.core().markViewRead(fixture.accountId, 1, view, START)).toEqual({
      undoId: null,
      changed: 0,
    });
    expect(await fixture.core().wakeSnoozed(fixture.accountId, START)).toEqual({
      contracts: [],
      nextAt: null,
    });
  });

  test('unread marks the latest change; undo takes the mark away, even from below an earlier action', async () => {
    await publish();
    const all = await perform({ do: 'read', read: true }, 'C-1');
    const latest = await perform({ do: 'read', read: false }, 'C-1');
    expect(await unreadOf('C-1')).toEqual([idOf(2)]);
    await undo(latest.undoId);
    expect(await unreadOf('C-1')).toEqual([]);
    await undo(all.undoId);
    expect(await unreadOf('C-1')).toEqual([idOf(2), idOf(1)]);
  });

  test('a contract changed since keeps its new state', async () => {
    await publish();
    const { undoId } = await perform({ do: 'read', read: true }, 'C-1', 'C-3');
    await fixture.append(change(5, 'C-1', 3, { from: 'viewed', to: 'signed' }));
    expect(await unreadOf('C-1')).toEqual([idOf(5)]);
    await undo(undoId);
    expect(await unreadOf('C-1')).toEqual([idOf(5)]);
    expect(await unreadOf('C-3')).toEqual([idOf(4)]);
    expect((await counts()).unread).toBe(3);
  });

  test('what another action has read since stays read', async () => {
    await publish();
    const first = await perform({ do: 'read', read: true }, 'C-1');
    await perform({ do: 'read', read: false }, 'C-1');
    const second = await perform({ do: 'read', read: true }, 'C-1');
    await undo(first.undoId);
    expect(await unreadOf('C-1')).toEqual([]);
    await undo(second.undoId);
    expect(await unreadOf('C-1')).toEqual([idOf(2)]);
  });

  test('one change at a time, also of a contract that an action had read as a whole', async () => {
    await publish();
    const core = fixture.core();
    await perform({ do: 'read', read: true }, 'C-1');
    await core.setEventRead(fixture.accountId, 'C-1', idOf(1), true);
    expect(await unreadOf('C-1')).toEqual([]);
    await core.setEventRead(fixture.accountId, 'C-1', idOf(1), false);
    expect(await unreadOf('C-1')).toEqual([idOf(1)]);
    await core.setEventRead(fixture.accountId, 'C-1', idOf(99), false);
    await core.setEventRead(fixture.accountId, 'C-unknown', idOf(1), false);
    expect(await unreadOf('C-1')).toEqual([idOf(1)]);
    await core.setEventRead(fixture.accountId, 'C-1', idOf(1), true);
    expect(await ids('unread')).toEqual(['C-3', 'C-2']);
    await core.perform(fixture.accountId, ['C-1'], { do: 'read', read: false }, START);
    expect(await unreadOf('C-1')).toEqual([idOf(2)]);
  });

  test('after a restart nothing can be undone, and what was read stays so', async () => {
    await publish();
    const { undoId } = await perform({ do: 'read', read: true }, 'C-1', 'C-2', 'C-3');
    await fixture.reopen();
    expect(await undo(undoId)).toBe(false);
    expect(await ids('unread')).toEqual([]);
    await fixture.append(change(5, 'C-1', 3, { from: 'viewed', to: 'signed' }));
    expect(await unreadOf('C-1')).toEqual([idOf(5)]);
  });

  test('a change removed by retention does not come back as unread', async () => {
    await publish();
    const { undoId } = await perform({ do: 'read', read: true }, 'C-1', 'C-3');
    const policy = { maxAgeMs: 1000, maxBytes: null };
    expect((await fixture.core().maintain(policy, START + 10_000)).removed).toBe(1);
    await undo(undoId);
    expect(await unreadOf('C-1')).toEqual([]);
    expect(await unreadOf('C-3')).toEqual([idOf(4)]);
    expect((await counts()).unread).toBe(2);
  });

  test('a contract that only a snapshot told of has nothing to be unread', async () => {
    const item = snapshotItem(envelope(1, 'C-9', 1), { withEvent: false });
    await fixture.snapshot(idOf(1), [item]);
    expect(await perform({ do: 'read', read: false }, 'C-9')).toEqual({ undoId: null, changed: 0 });
  });

  test("undo of another account's action is refused", async () => {
    await publish();
    const { undoId } = await perform({ do: 'read', read: true }, 'C-1');
    const other = await fixture
      .core()
      .account({ server: 'https://two.example', userId: 'u7', userName: 'Boris', locale: 'ru' });
    const elsewhere = await fixture.core().undo(other.accountId, undoId ?? 0, START);
    expect(elsewhere.undone).toBeNull();
    expect(await undo(undoId)).toBe(true);
  });

  test('the last hundred actions can be undone, in any order', async () => {
    await publish();
    const undoIds: (number | null)[] = [];
    for (let i = 0; i < 101; i++) {
      undoIds.push((await perform({ do: 'mute', muted: i % 2 === 0 }, 'C-1')).undoId);
    }
    expect(new Set(undoIds).size).toBe(101);
    expect(await undo(undoIds[0] ?? null)).toBe(false);
    expect(await undo(undoIds[1] ?? null)).toBe(true);
    expect(await undo(undoIds[100] ?? null)).toBe(true);
  });
});

describe('a whole view', () => {
  const unread = { view: 'unread', text: '' } as const;

  test('as it is live', async () => {
    await publish();
    const outcome = await fixture.core().markViewRead(fixture.accountId, 1, unread, START);
    expect(outcome.changed).toBe(3);
    expect((await counts()).unread).toBe(0);
    await undo(outcome.undoId);
    expect(await ids('unread')).toEqual(['C-3', 'C-2', 'C-1']);
  });

  test('as it is held: what came since stays unread', async () => {
    await publish();
    await fixture.core().holdView(fixture.accountId, 1, unread);
    await fixture.append(change(5, 'C-4', 1, { from: null, to: 'sent' }));
    const outcome = await fixture.core().markViewRead(fixture.accountId, 1, unread, START);
    expect(outcome.changed).toBe(3);
    expect(await ids('unread')).toEqual(['C-4']);
  });

  test('only what the filter shows', async () => {
    await publish();
    const found = { view: 'all', text: 'C-3' } as const;
    expect((await fixture.core().markViewRead(fixture.accountId, 1, found, START)).changed).toBe(1);
    expect(await ids('unread')).toEqual(['C-2', 'C-1']);
  });

  test('muted ones are not in Unread, and stay unread', async () => {
    await publish();
    await perform({ do: 'mute', muted: true }, 'C-1');
    expect((await fixture.core().markViewRead(fixture.accountId, 1, unread, START)).changed).toBe(2);
    expect(await unreadOf('C-1')).toHaveLength(2);
    await perform({ do: 'mute', muted: false }, 'C-1');
    expect(await ids('unread')).toEqual(['C-1']);
    expect((await counts()).unread).toBe(1);
  });
});

describe('mute', () => {
  test('leaves Unread, still requires the action, comes back with undo', async () => {
    await publish();
    const { undoId } = await perform({ do: 'mute', muted: true }, 'C-2', 'C-3');
    expect(await ids('unread')).toEqual(['C-1']);
    expect(await ids('action_required')).toEqual(['C-2']);
    expect(await ids('muted')).toEqual(['C-3', 'C-2']);
    await perform({ do: 'mute', muted: false }, 'C-3');
    await undo(undoId);
    expect(await ids('unread')).toEqual(['C-3', 'C-2', 'C-1']);
  });
});

describe('snooze', () => {
  test('until a time: out of every view but all, and back when it is over', async () => {
    await publish();
    await perform({ do: 'snooze', until: START + 60_000 }, 'C-2');
    expect(await ids('unread')).toEqual(['C-3', 'C-1']);
    expect(await ids('action_required')).toEqual([]);
    expect(await ids('snoozed')).toEqual(['C-2']);
    expect(await counts()).toMatchObject({ unread: 2, actionRequired: 0, snoozed: 1 });
    expect((await detail('C-2'))?.row.snoozed).toEqual({ until: START + 60_000 });
    const wake = async (at: number) => fixture.core().wakeSnoozed(fixture.accountId, at);
    expect(await wake(START)).toEqual({ contracts: [], nextAt: START + 60_000 });
    expect(await wake(START + 60_000)).toEqual({ contracts: ['C-2'], nextAt: null });
    expect(await ids('action_required')).toEqual(['C-2']);
    expect(await counts()).toMatchObject({ unread: 3, actionRequired: 1, snoozed: 0 });
  });

  test('until its next change: no time wakes it, a change does', async () => {
    await publish();
    await perform({ do: 'snooze', until: null }, 'C-1', 'C-3');
    expect((await detail('C-1'))?.row.snoozed).toEqual({ until: null });
    expect(await fixture.core().wakeSnoozed(fixture.accountId, START + 1e12)).toEqual({
      contracts: [],
      nextAt: null,
    });
    await fixture.append(change(5, 'C-1', 3, { from: 'viewed', to: 'signed' }));
    expect(await ids('snoozed')).toEqual(['C-3']);
    expect(await ids('unread')).toEqual(['C-1', 'C-2']);
  });

  test('a late, older change ends no snooze', async () => {
    await fixture.append(change(2, 'C-1', 2, { to: 'viewed' }));
    await perform({ do: 'snooze', until: null }, 'C-1');
    await fixture.append(change(1, 'C-1', 1, { from: null, to: 'sent' }));
    expect(await ids('snoozed')).toEqual(['C-1']);
    expect((await counts()).unread).toBe(0);
  });

  test('undo ends it, or brings back the time before; never after a change', async () => {
    await publish();
    const first = await perform({ do: 'snooze', until: START + 60_000 }, 'C-1', 'C-2');
    const second = await perform({ do: 'snooze', until: null }, 'C-1');
    await undo(second.undoId);
    expect((await detail('C-1'))?.row.snoozed).toEqual({ until: START + 60_000 });
    const end = await perform({ do: 'unsnooze' }, 'C-1', 'C-2');
    await fixture.append(change(5, 'C-2', 2, { from: 'sent', to: 'viewed' }));
    await undo(end.undoId);
    expect(await ids('snoozed')).toEqual(['C-1']);
    await undo(first.undoId);
    expect(await ids('snoozed')).toEqual([]);
  });

  test('undo does not begin a snooze again that is over by now', async () => {
    await publish();
    await perform({ do: 'snooze', until: START + 60_000 }, 'C-1');
    const { undoId } = await perform({ do: 'unsnooze' }, 'C-1');
    await fixture.core().undo(fixture.accountId, undoId ?? 0, START + 60_000);
    expect(await ids('snoozed')).toEqual([]);
  });

  test('a time that is over snoozes nothing', async () => {
    await publish();
    expect(await perform({ do: 'snooze', until: START }, 'C-1')).toEqual({ undoId: null, changed: 0 });
  });

  test('it is kept over a restart', async () => {
    await publish();
    await perform({ do: 'snooze', until: START + 60_000 }, 'C-1');
    await fixture.reopen();
    expect(await ids('snoozed')).toEqual(['C-1']);
  });
});

test('counters, views and marks agree after any order of actions and changes', async () => {
  await publish();
  const core = fixture.core();
  let seed = 42;
  const chance = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const versions = new Map([
    ['C-1', 2],
    ['C-2', 1],
    ['C-3', 1],
  ]);
  let sequence = 4;
  let at = START;
  const undoIds: number[] = [];
  const contractActions: readonly LedgerAction[] = [
    { do: 'read', read: true },
    { do: 'read', read: false },
    { do: 'mute', muted: true },
    { do: 'mute', muted: false },
    { do: 'snooze', until: null },
    { do: 'snooze', until: START + 5000 },
    { do: 'unsnooze' },
  ];
  for (let i = 0; i < 400; i++) {
    const contractId = `C-${1 + chance(6)}`;
    const dice = chance(10);
    if (dice < 3) {
      const version = (versions.get(contractId) ?? 0) + 1;
      versions.set(contractId, version);
      await fixture.append(change(++sequence, contractId, version, { actionRequired: chance(2) === 0 }));
    } else if (dice < 7) {
      const action = contractActions[chance(contractActions.length)] as LedgerAction;
      const outcome = await core.perform(fixture.accountId, [contractId, `C-${1 + chance(6)}`], action, at);
      if (outcome.undoId !== null) undoIds.push(outcome.undoId);
    } else if (dice === 7) {
      await core.undo(fixture.accountId, undoIds[chance(undoIds.length)] ?? 0, at);
    } else if (dice === 8) {
      await core.setEventRead(fixture.accountId, contractId, idOf(1 + chance(sequence)), chance(2) === 0);
    } else {
      at += 20;
      await core.wakeSnoozed(fixture.accountId, at);
    }
    if (i % 20 === 0) {
      const told = await counts();
      expect(await ids('unread')).toHaveLength(told.unread);
      expect(await ids('action_required')).toHaveLength(told.actionRequired);
      expect(await ids('snoozed')).toHaveLength(told.snoozed);
      expect(await ids('muted')).toHaveLength(told.muted);
      for (const id of versions.keys()) await unreadOf(id);
    }
  }
  const wrong = fixture.query(
    `SELECT contract_id FROM contract AS c WHERE unread <> CASE WHEN read_by IS NOT NULL THEN 0 ELSE
       (SELECT count(*) FROM event AS e WHERE e.contract_rowid = c.contract_rowid AND e.unread = 1) END`,
  );
  expect(wrong).toEqual([]);
});

test(
  '100,000 contracts with 300,000 unread changes: read at once and undone without a long halt',
  { tags: 'long' },
  async () => {
    await publish();
    const copy = (table: string, replaced: Readonly<Record<string, string>>, from: string): void => {
      const columns = fixture
        .query<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
        .map(({ name }) => name);
      fixture.query(
        `WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 100099)
       INSERT INTO ${table} (${columns.join(', ')})
         SELECT ${columns.map((name) => replaced[name] ?? `old.${name}`).join(', ')} FROM n, ${table} AS old ${from}`,
      );
    };
    const of = (id: string) => `WHERE old.${id} = 1`;
    copy('contract', { contract_rowid: 'i', contract_id: `'D-' || i`, unread: '3' }, of('contract_rowid'));
    for (const version of ['1', '2', '3']) {
      const replaced = {
        event_rowid: `i * 10 + ${version}`,
        event_id: `i || '-${version}'`,
        contract_rowid: 'i',
      };
      copy('event', { ...replaced, version }, of('event_rowid'));
    }
    // By processor time: other tests may run beside.
    const timed = async <T>(run: () => Promise<T> | T): Promise<T> => {
      const before = process.cpuUsage();
      const result = await run();
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(3000);
      return result;
    };
    const all = { view: 'all', text: '' } as const;
    const outcome = await timed(() => fixture.core().markViewRead(fixture.accountId, 1, all, START));
    expect(outcome.changed).toBe(100_003);
    expect((await counts()).unread).toBe(0);
    await timed(() => undo(outcome.undoId));
    expect((await counts()).unread).toBe(100_003);
    expect(await unreadOf('D-100')).toHaveLength(3);
  },
);

test('erasing an account leaves nothing of what the person did', async () => {
  await publish();
  await fixture.core().markViewed(fixture.accountId, 'C-1', START);
  await fixture.core().eraseAccount(fixture.accountId);
  for (const table of ['contract', 'event', 'change_count', 'last_viewed', 'saved_view']) {
    expect(fixture.query(`SELECT * FROM ${table}`)).toEqual([]);
  }
});

describe('acknowledging', () => {
  const acknowledge = { do: 'acknowledge', dueAt: START + 8000 } as const;
  const publishAsking = () =>
    fixture.append(
      change(1, 'C-1', 1, { actionRequired: true }),
      change(2, 'C-2', 1, { actionRequired: true }),
      change(3, 'C-3', 1),
    );

  test('is an action like the others: what asks for nobody is passed over, and undo takes back all that is held', async () => {
    await publishAsking();
    const { undoId, changed } = await perform(acknowledge, 'C-1', 'C-2', 'C-3');
    expect(changed).toBe(2);
    expect((await counts()).actionRequired).toBe(0);
    const outcome = await fixture.core().undo(fixture.accountId, undoId ?? -1, START);
    expect(outcome).toEqual({ undone: 'acknowledge', contracts: ['C-1', 'C-2'] });
    expect((await counts()).actionRequired).toBe(2);
    expect(await undo(undoId)).toBe(false);
  });

  test('once it is on its way, undo takes nothing back, and leaves a later one alone', async () => {
    await publishAsking();
    const first = await perform(acknowledge, 'C-1');
    const { due } = await fixture.core().dueAcknowledgements(fixture.accountId, START + 8000);
    await fixture.core().completeAcknowledgement(due[0]!.outboxId, { state: 'sent' }, START + 8001);
    await fixture.append(change(4, 'C-1', 2, { actionRequired: true }));
    const second = await perform({ do: 'acknowledge', dueAt: START + 20_000 }, 'C-1');
    expect(second.changed).toBe(1);
    expect(await undo(first.undoId)).toBe(false);
    expect((await detail('C-1'))?.acknowledgement.state).toBe('held');
    expect(await undo(second.undoId)).toBe(true);
  });
});

test('what was read by being shown leaves nothing to undo', async () => {
  await publish();
  const muted = await perform({ do: 'mute', muted: true }, 'C-1');
  const shown = await perform({ do: 'read', read: true, byShowing: true }, 'C-1');
  expect(shown).toEqual({ undoId: null, changed: 1 });
  expect(await unreadOf('C-1')).toEqual([]);
  // Nor does it push out what can be undone.
  for (let times = 0; times < 120; times += 1) {
    await perform({ do: 'read', read: true, byShowing: true }, 'C-1');
    await fixture.core().setEventRead(fixture.accountId, 'C-1', idOf(1), false);
  }
  expect(await undo(muted.undoId)).toBe(true);
});
