import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ContractRow } from '../../protocol/view.ts';
import { createApi } from '../state/api.ts';
import { createStores } from '../state/stores.ts';
import { fakeDetail } from '../testing/fake-data.ts';
import { batchOf, NOW, rowsOf, type Asked, scriptedPulse } from '../testing/fixtures.ts';
import { COMMAND_IDS, contractsOf, specOf, type CommandId } from './commands.ts';
import { runCommand } from './context.ts';

/** What lies under the keyboard makes no difference to what a command acts on: both are tried. */
const PLACES = { 'from the list': true, 'from the pane': false } as const;

/** Ten contracts that need the person, all unread, so that every action makes sense for each of them. */
const ROWS = rowsOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).map((row): ContractRow => ({
  ...row,
  unread: 1,
  actionRequired: true,
  acknowledgement: 'none',
}));
const idAt = (index: number): string => ROWS[index]!.contractId;
const titleAt = (index: number): string => ROWS[index]!.title;

/** A window over a list of ten, whose requests the test answers; opening and closing answer themselves. */
async function setUp(rows: readonly ContractRow[] = ROWS, total = rows.length) {
  const script = scriptedPulse();
  const api = createApi(script.pulse);
  const stores = createStores(api, { getItem: () => null, setItem: () => undefined }, () => NOW);
  const take = (channel: string): Asked | undefined => {
    const at = script.asked.findIndex((asked) => asked.channel === channel);
    return at < 0 ? undefined : script.asked.splice(at, 1)[0];
  };
  const openings: string[] = [];
  async function answer(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) {
      const opening = take('contract:open');
      if (opening) {
        const { contractId } = opening.argument as { contractId: string };
        openings.push(contractId);
        const row = ROWS.find((each) => each.contractId === contractId);
        await opening.answer(row ? fakeDetail(row, NOW, false) : null);
      }
      await take('contract:close')?.answer(undefined);
      await Promise.resolve();
    }
  }
  stores.feed.open({ view: 'all', text: '' });
  await take('view:open')!.answer(batchOf(rows, { viewId: 7, total }));
  let seq = 1;
  return {
    stores,
    take,
    answer,
    openings,
    /** The list as main tells it now. */
    show(next: readonly ContractRow[], over = {}) {
      seq += 1;
      stores.feed.applyBatch(batchOf(next, { viewId: 7, seq, ...over }));
    },
    run: (id: CommandId, inList = true) => runCommand(stores, id, { inList }),
    async open(index: number) {
      stores.contract.open(idAt(index));
      await answer();
    },
    /** Which contracts an action was done to. */
    actionOf: (): readonly string[] | undefined => {
      const asked = take('actions:perform') ?? take('contract:copyReference') ?? take('contract:openPortal');
      const argument = asked?.argument as { contractIds?: string[]; contractId?: string } | undefined;
      return (
        argument?.contractIds ?? (argument?.contractId === undefined ? undefined : [argument.contractId])
      );
    },
  };
}

beforeEach(() => {
  vi.stubGlobal('document', {
    activeElement: null,
    body: null,
    getElementById: () => null,
    querySelector: () => null,
  });
  vi.stubGlobal('requestAnimationFrame', () => 0);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Every command that acts on contracts without being told which. */
const ACTS = ['read', 'acknowledge', 'mute', 'copy', 'portal'] as const satisfies readonly CommandId[];

/** Those that are for the row under the keyboard. */
const OF_THE_ROW = ['open', 'select'] as const satisfies readonly CommandId[];

describe('what is open, active and acted on is one contract', () => {
  it.each(ACTS)('%s: acts on the one that the keyboard has moved to, which is open then', async (id) => {
    for (const inList of Object.values(PLACES)) {
      const { stores, open, run, actionOf } = await setUp();
      await open(2);
      run('down', inList);
      expect(stores.contract.getState()).toMatchObject({ openId: idAt(3), row: { title: titleAt(3) } });
      expect(stores.cursor.index()).toBe(3);
      // The palette names it beside the command.
      expect(contractsOf(id, stores, { inList })).toEqual([idAt(3)]);
      run(id, inList);
      expect(actionOf()).toEqual([idAt(3)]);
    }
  });

  it('the palette names contracts beside every command that acts on them, and beside no other', async () => {
    const { stores, open } = await setUp();
    await open(2);
    const named = COMMAND_IDS.filter((id) => contractsOf(id, stores, { inList: true }).length > 0);
    expect(named.toSorted()).toEqual([...ACTS, ...OF_THE_ROW, 'snooze'].toSorted());
    stores.cursor.toggle(4);
    stores.cursor.toggle(6);
    for (const id of [...ACTS, 'snooze'] as const)
      expect(contractsOf(id, stores, { inList: true }).toSorted()).toEqual([idAt(4), idAt(6)].toSorted());
  });

  it('of what is done to the row under the keyboard it names that row, whatever is selected', async () => {
    const { stores, open, run, openings, answer } = await setUp();
    await open(2);
    stores.cursor.toggle(4);
    stores.cursor.toggle(6);
    const at = stores.cursor.index();
    for (const id of OF_THE_ROW) expect(contractsOf(id, stores, { inList: true })).toEqual([idAt(at)]);
    stores.contract.close();
    run('open');
    await answer();
    expect(openings.at(-1)).toBe(idAt(at));
    stores.place.go('overview');
    for (const id of OF_THE_ROW) expect(contractsOf(id, stores, { inList: false })).toEqual([]);
  });

  it('holds for every command that acts, for there is no other among them', () => {
    const others = ['view_read', 'snooze', 'undo', 'menu'];
    const acting = COMMAND_IDS.filter((id) => specOf(id).group === 'act');
    expect(acting.toSorted()).toEqual([...ACTS, ...others].toSorted());
  });

  it.each(['snooze', 'menu'] as const)('%s: the menu is for the open contract', async (id) => {
    const { stores, open, run } = await setUp();
    await open(4);
    run('up');
    run(id);
    expect(stores.cursor.getState().menu?.ids).toEqual([idAt(3)]);
  });

  it('with nothing open the keyboard moves alone, and the row that has it is acted on', async () => {
    const { stores, run, actionOf } = await setUp();
    run('down');
    expect(stores.contract.getState().openId).toBeNull();
    run('mute', false);
    expect(actionOf()).toEqual([idAt(1)]);
  });

  it('with the keyboard on the list and nothing chosen, the top of the list is the active row, whatever comes in', async () => {
    const { stores, show, run } = await setUp(ROWS.slice(1));
    show(ROWS);
    expect(stores.cursor.index()).toBe(0);
    // Once chosen it is that contract, wherever it goes.
    run('down');
    show([ROWS[9]!, ...ROWS.slice(0, 9)]);
    expect(stores.cursor.index()).toBe(2);
  });

  it('the open contract is acted on while main has not answered yet', async () => {
    const { stores, run, actionOf } = await setUp();
    stores.current.open(idAt(5));
    expect(stores.contract.getState().phase).toBe('loading');
    run('mute');
    expect(actionOf()).toEqual([idAt(5)]);
  });

  it('opening one from anywhere gives its row the keyboard: a notification, the palette, a click', async () => {
    const { stores, run, answer } = await setUp();
    run('down');
    stores.current.open(idAt(7));
    await answer();
    expect(stores.cursor.index()).toBe(7);
    run('close');
    expect(stores.cursor.index()).toBe(7);
  });

  it('the active row stays with the open contract when rows move, and when it has none', async () => {
    const { stores, open, run, show, actionOf } = await setUp();
    await open(2);
    show([ROWS[9]!, ...ROWS.slice(0, 9)]);
    expect(stores.cursor.index()).toBe(3);
    // Dealt with, it leaves the list; it is open still.
    show([ROWS[9]!, ...ROWS.slice(0, 9)].filter((row) => row !== ROWS[2]));
    run('mute');
    expect(actionOf()).toEqual([idAt(2)]);
    // The one that has taken its place is the next.
    run('down');
    expect(stores.contract.getState().openId).toBe(idAt(3));
  });

  it.each([
    ['down', 3],
    ['up', 1],
  ] as const)('%s from a contract that has left the list goes to its neighbour', async (key, to) => {
    const { stores, open, run, show } = await setUp();
    await open(2);
    show(ROWS.filter((row) => row !== ROWS[2]));
    run(key);
    expect(stores.contract.getState().openId).toBe(idAt(to));
    expect(stores.cursor.row()?.contractId).toBe(idAt(to));
  });

  it('the open contract is acted on in a list that does not hold it, as after a search', async () => {
    const { stores, open, run, take, actionOf } = await setUp();
    await open(2);
    stores.feed.open({ view: 'all', text: 'other' });
    await take('view:close')!.answer(undefined);
    await take('view:open')!.answer(batchOf(ROWS.slice(6), { viewId: 8 }));
    run('acknowledge');
    expect(actionOf()).toEqual([idAt(2)]);
    run('down');
    expect(stores.contract.getState().openId).toBe(idAt(6));
  });

  it('a row that main has not sent yet is opened when it comes; until then nothing changes', async () => {
    const { stores, open, run, show, actionOf } = await setUp(ROWS.slice(0, 5), 10);
    await open(1);
    run('last');
    expect(stores.contract.getState().openId).toBe(idAt(1));
    run('mute');
    expect(actionOf()).toEqual([idAt(1)]);
    show(ROWS.slice(5), { total: 10, offset: 5 });
    expect(stores.contract.getState().openId).toBe(idAt(9));
    expect(stores.cursor.index()).toBe(9);
  });

  it('a row that was on its way is not opened once the person has gone elsewhere', async () => {
    const { stores, open, run, show } = await setUp(ROWS.slice(0, 5), 10);
    await open(1);
    run('last');
    run('close');
    show(ROWS.slice(5), { total: 10, offset: 5 });
    expect(stores.contract.getState().openId).toBeNull();
  });

  it('selected rows are acted on together, and the open one again when they are let go', async () => {
    const { stores, open, run, actionOf } = await setUp();
    await open(2);
    stores.cursor.toggle(5);
    stores.cursor.toggle(6);
    run('down');
    expect(stores.contract.getState().openId).toBe(idAt(2));
    run('mute', false);
    expect(actionOf()).toEqual([idAt(5), idAt(6)]);
    expect([run('copy'), run('portal')]).toEqual([false, false]);
    run('close');
    expect(stores.cursor.index()).toBe(2);
    run('mute');
    expect(actionOf()).toEqual([idAt(2)]);
  });

  it('opening one lets the selection go, also the one that is open already', async () => {
    const { stores, open } = await setUp();
    await open(2);
    stores.cursor.toggle(5);
    stores.current.open(idAt(2));
    expect(stores.cursor.getState().selected.size).toBe(0);
    expect(stores.cursor.index()).toBe(2);
  });

  it('what is new is shown without leaving the open contract', async () => {
    const { stores, open, run, show, actionOf } = await setUp();
    await open(4);
    show(ROWS, { waiting: 2 });
    run('show_new');
    expect(stores.cursor.getState().movedTo).toBe(0);
    run('mute');
    expect(actionOf()).toEqual([idAt(4)]);
  });

  it('a menu acts on what it was opened for, whatever is open by then', async () => {
    const { stores, open, actionOf } = await setUp();
    await open(2);
    const where = { inList: true, ids: [idAt(7)] };
    for (const id of ACTS) {
      runCommand(stores, id, where);
      expect(actionOf()).toEqual([idAt(7)]);
    }
    runCommand(stores, 'open', where);
    expect(stores.contract.getState().openId).toBe(idAt(7));
  });

  it('nothing is acted on where the open contract is not known here', async () => {
    const { stores, run, answer, actionOf } = await setUp();
    run('down');
    stores.current.open('C-elsewhere');
    await answer();
    expect(stores.contract.getState().phase).toBe('unknown');
    for (const id of ACTS) expect(run(id)).toBe(false);
    expect(actionOf()).toBeUndefined();
  });
});

describe('a key held down', () => {
  it('asks main for the contract it left from and for the one where it rests, not for those between', async () => {
    const { stores, open, run, openings, answer } = await setUp();
    await open(0);
    openings.length = 0;
    for (let press = 0; press < 8; press += 1) {
      run('down');
      expect(stores.contract.getState().openId).toBe(idAt(press + 1));
      expect(stores.contract.getState().row?.title).toBe(titleAt(press + 1));
      await vi.advanceTimersByTimeAsync(33);
    }
    await vi.advanceTimersByTimeAsync(1000);
    await answer();
    expect(openings).toEqual([idAt(1), idAt(8)]);
    expect(stores.contract.getState()).toMatchObject({ phase: 'shown', openId: idAt(8) });
  });

  it('asks nothing for a contract that was closed meanwhile', async () => {
    const { open, run, openings, answer } = await setUp();
    await open(0);
    openings.length = 0;
    run('down');
    run('down');
    run('close');
    await vi.advanceTimersByTimeAsync(1000);
    await answer();
    expect(openings).toEqual([idAt(1)]);
  });
});

describe('each message names its contract', () => {
  it('what was done, and its undo, by the name it had then', async () => {
    const { stores, open, run, take } = await setUp();
    await open(2);
    run('mute');
    run('down');
    await take('actions:perform')!.answer({ undoId: 3, changed: 1 });
    expect(stores.contractActions.getState().done).toMatchObject({
      what: 'muted',
      title: titleAt(2),
      count: 1,
    });
    run('undo');
    await take('actions:undo')!.answer(true);
    expect(stores.contractActions.getState().done).toMatchObject({ what: 'undone', title: titleAt(2) });
  });

  it.each([
    ['mute', 'actions:perform'],
    ['copy', 'contract:copyReference'],
    ['portal', 'contract:openPortal'],
  ] as const)('%s: what failed', async (id, channel) => {
    const { stores, open, run, take } = await setUp();
    await open(2);
    run(id);
    run('down');
    await take(channel)!.refuse(new Error('Not now.'));
    expect(stores.notice.getState().failure).toMatchObject({
      why: { detail: 'Not now.' },
      title: titleAt(2),
    });
  });

  it('several have no name, only their number', async () => {
    const { stores, run, take } = await setUp();
    stores.cursor.toggle(5);
    stores.cursor.toggle(6);
    run('mute');
    await take('actions:perform')!.answer({ undoId: 3, changed: 2 });
    expect(stores.contractActions.getState().done).toMatchObject({ what: 'muted', title: null, count: 2 });
  });

  it('the message’s own button takes back what it told, not what was done since', async () => {
    const { stores, run, take } = await setUp();
    run('mute');
    await take('actions:perform')!.answer({ undoId: 3, changed: 1 });
    const first = stores.contractActions.getState().done!;
    run('down');
    run('read');
    await take('actions:perform')!.answer({ undoId: 4, changed: 1 });
    void stores.contractActions.undoOne(first.id);
    expect(take('actions:undo')!.argument).toEqual({ undoId: 3 });
  });
});

describe('an action that follows a selection at once', () => {
  it('is done to all that was selected, however long main takes to name them', async () => {
    const { run, take, actionOf, open } = await setUp();
    await open(2);
    expect(run('select_all')).toBe(true);
    expect(run('acknowledge')).toBe(true);
    expect(actionOf()).toBeUndefined();
    await take('view:ids')!.answer({ contractIds: ROWS.map(({ contractId }) => contractId) });
    await vi.waitFor(() => expect(actionOf()).toEqual(ROWS.map(({ contractId }) => contractId)));
  });

  it('is not done where the selection could not be had', async () => {
    const { run, take, actionOf, open, stores } = await setUp();
    await open(2);
    run('select_all');
    run('acknowledge');
    await take('view:ids')!.refuse(new Error('gone'));
    await vi.waitFor(() => expect(stores.notice.getState().failure).not.toBeNull());
    expect(actionOf()).toBeUndefined();
  });
});
