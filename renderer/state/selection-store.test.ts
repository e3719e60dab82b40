import { describe, expect, it } from 'vitest';
import { MAX_SELECTED } from '../../protocol/actions.ts';
import { batchOf, rowsOf, scriptedPulse } from '../testing/fixtures.ts';
import { createApi } from './api.ts';
import { createSelectionStore } from './selection-store.ts';
import { createFeedStore } from './feed-store.ts';

const ids = (...indices: number[]): string[] => rowsOf(...indices).map((row) => row.contractId);

/** A list of `total` contracts of which the first ten are held here. */
async function setUp(total = 10) {
  const script = scriptedPulse();
  const api = createApi(script.pulse);
  const feed = createFeedStore(api);
  feed.open({ view: 'all', text: '' });
  await script.next('view:open').answer(batchOf(rowsOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), { viewId: 7, total }));
  const cursor = createSelectionStore(api, feed);
  return { feed, cursor, selected: () => [...cursor.getState().selected], ...script };
}

describe('the cursor', () => {
  it('selects and deselects single rows', async () => {
    const { cursor, selected } = await setUp();
    cursor.toggle(1);
    cursor.toggle(3);
    expect(selected()).toEqual(ids(1, 3));
    cursor.toggle(1);
    expect(selected()).toEqual(ids(3));
    cursor.clear();
    expect(selected()).toEqual([]);
  });

  it('extends a range from where it began, and takes it back, beside what was selected before', async () => {
    const { cursor, selected } = await setUp();
    cursor.toggle(8);
    cursor.moveTo(2);
    cursor.toggle(2);
    await cursor.extendTo(4);
    expect(selected()).toEqual(ids(8, 2, 3, 4));
    await cursor.extendTo(3);
    expect(selected()).toEqual(ids(8, 2, 3));
    await cursor.extendTo(1);
    expect(selected()).toEqual(ids(8, 2, 1));
    expect(cursor.index()).toBe(1);
  });

  it('asks main for the rows of a range that are not held here', async () => {
    const { cursor, selected, next } = await setUp(2000);
    cursor.toggle(5);
    const extended = cursor.extendTo(1000);
    const asked = next('view:ids');
    expect(asked.argument).toEqual({ viewId: 7, offset: 5, count: 996 });
    await asked.answer({ contractIds: ids(5, 6, 1000) });
    await extended;
    expect(selected()).toEqual(ids(5, 6, 1000));
  });

  it('forgets an answer that a later wish has overtaken', async () => {
    const { cursor, selected, next } = await setUp(2000);
    const all = cursor.selectAll();
    cursor.clear();
    await next('view:ids').answer({ contractIds: ids(0, 1) });
    await all;
    expect(selected()).toEqual([]);
  });

  it('selects all, and says where that is more than can be selected at once', async () => {
    const { cursor, next } = await setUp(100_000);
    const all = cursor.selectAll();
    const asked = next('view:ids');
    expect(asked.argument).toEqual({ viewId: 7, offset: 0, count: MAX_SELECTED });
    await asked.answer({ contractIds: ids(0, 1, 2) });
    await all;
    expect(cursor.getState()).toMatchObject({ cutOff: true });
  });

  it('stays on its contract when rows move', async () => {
    const { cursor, feed } = await setUp();
    cursor.moveTo(2);
    feed.applyBatch(batchOf(rowsOf(9, 0, 1, 2), { viewId: 7, seq: 2, total: 4 }));
    expect(cursor.index()).toBe(3);
    expect(cursor.row()?.contractId).toBe(ids(2)[0]);
  });

  it('remembers where the list was left, until it is back or begins anew', async () => {
    const { cursor } = await setUp();
    cursor.moveTo(4);
    cursor.leave(120.5);
    expect(cursor.getState()).toMatchObject({ left: 120.5, active: { index: 4 } });
    cursor.comeBack();
    expect(cursor.getState().left).toBeNull();
    cursor.leave(7);
    cursor.reset();
    expect(cursor.getState().left).toBeNull();
  });
});
