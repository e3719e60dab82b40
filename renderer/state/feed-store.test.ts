import { describe, expect, it } from 'vitest';
import { batchOf, rowsOf, scriptedPulse } from '../testing/fixtures.ts';
import { createApi } from './api.ts';
import { createFeedStore, TOP } from './feed-store.ts';

async function openFeed(count = 60) {
  const script = scriptedPulse();
  const feed = createFeedStore(createApi(script.pulse));
  feed.open({ view: 'all', text: '' });
  const rows = rowsOf(...Array.from({ length: count }, (_, index) => index));
  await script.next('view:open').answer(batchOf(rows));
  return { feed, rows, ...script };
}

describe('feed store', () => {
  it('opens a view at its top and shows what main answers', async () => {
    const { feed, rows, asked } = await openFeed();
    expect(feed.getState()).toMatchObject({ viewId: 1, seq: 1, total: 60, problem: null });
    expect(feed.getState().rows.get(59)).toEqual(rows[59]);
    expect(asked).toEqual([]);
  });

  it('applies the next message and ignores what is old or belongs to another view', async () => {
    const { feed, rows, asked } = await openFeed(3);
    feed.applyBatch(batchOf(rowsOf(9), { viewId: 2, seq: 2 }));
    feed.applyBatch(batchOf(rowsOf(9), { seq: 1 }));
    expect(feed.getState().rows.get(0)).toEqual(rows[0]);
    feed.applyBatch(batchOf(rowsOf(9, 0, 1, 2), { seq: 2 }));
    expect(feed.getState().rows.get(0)?.key).toBe('1/C-9');
    expect(asked).toEqual([]);
  });

  it('re-reads the view after a jump of seq and takes nothing from the message itself', async () => {
    const { feed, next } = await openFeed(3);
    feed.applyBatch(batchOf(rowsOf(9), { seq: 4 }));
    expect(feed.getState().total).toBe(3);
    const read = next('view:read');
    expect(read.argument).toEqual({ viewId: 1, range: TOP });
    await read.answer(batchOf(rowsOf(8, 9), { seq: 5 }));
    expect([...feed.getState().rows.values()].map((row) => row.key)).toEqual(['1/C-8', '1/C-9']);
    expect(feed.getState().seq).toBe(5);
  });

  it('re-reads when a message for the new view came before the answer that opens it', async () => {
    const script = scriptedPulse();
    const feed = createFeedStore(createApi(script.pulse));
    feed.open({ view: 'all', text: '' });
    feed.applyBatch(batchOf(rowsOf(5, 1), { seq: 2 }));
    await script.next('view:open').answer(batchOf(rowsOf(1)));
    await script.next('view:read').answer(batchOf(rowsOf(5, 1), { seq: 3 }));
    expect(feed.getState().total).toBe(2);
  });

  it('asks for a range when it comes near, one request at a time, the newest wish last', async () => {
    const { feed, next, asked } = await openFeed(60);
    feed.show(0, 12);
    expect(asked).toHaveLength(1);
    feed.show(1000, 1012);
    feed.show(5000, 5012);
    expect(asked).toHaveLength(1);
    await next('view:read').answer(batchOf(rowsOf(0), { seq: 2, total: 9000 }));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.range).toEqual({ offset: 4975, limit: 75 });
    await next('view:read').answer(batchOf(rowsOf(4975), { seq: 3, total: 9000, offset: 4975 }));
    expect(asked).toEqual([]);
  });

  it('holds, counts what waits, and the pill lets it in and takes the hold up again', async () => {
    const { feed, rows, next, asked } = await openFeed(3);
    feed.setHeld(true);
    const hold = next('view:hold');
    expect(hold.argument).toMatchObject({ viewId: 1, held: true });
    await hold.answer(batchOf(rows, { seq: 2, held: true }));
    feed.applyBatch(batchOf(rows, { seq: 3, held: true, waiting: 2, received: 2 }));
    expect(feed.getState()).toMatchObject({ waiting: 2, held: true, news: { count: 2 } });

    feed.release();
    const release = next('view:hold');
    expect(release.argument).toMatchObject({ held: false, range: TOP });
    await release.answer(batchOf(rowsOf(9, 8, 0, 1, 2), { seq: 4 }));
    expect(feed.getState()).toMatchObject({ waiting: 0, held: false });
    expect([...feed.getState().entered]).toEqual(['1/C-9', '1/C-8']);
    expect(next('view:hold').argument).toMatchObject({ held: true });
    expect(asked).toEqual([]);
  });

  it('takes rows that stand as they were by their keys, and reads again where it does not know one', async () => {
    const { feed, rows, next, asked } = await openFeed(3);
    const [first, second, third] = rows;
    const changed = { ...rows[1], unread: 7 } as (typeof rows)[number];
    feed.applyBatch({ ...batchOf([], { seq: 2 }), rows: [changed, first?.key ?? '', third?.key ?? ''] });
    expect([...feed.getState().rows.values()]).toEqual([changed, first, third]);
    expect(feed.getState().rows.get(1)).toBe(first);
    expect(asked).toEqual([]);

    feed.applyBatch({ ...batchOf([], { seq: 3 }), rows: [second?.key ?? '', '1/C-404'] });
    expect(feed.getState().seq).toBe(2);
    await next('view:read').answer(batchOf(rowsOf(404, 1), { seq: 4 }));
    expect([...feed.getState().rows.values()].map((row) => row.key)).toEqual(['1/C-404', '1/C-1']);
  });

  it('counts every change of a burst as news, however few contracts of it the list holds', async () => {
    const { feed, rows } = await openFeed(2);
    feed.applyBatch(batchOf([...rowsOf(7), ...rows], { seq: 2, received: 66 }));
    expect(feed.getState().news).toEqual({ count: 66, sure: true });
    // Also of what came between two messages, one of which was lost.
    feed.applyBatch(batchOf(rows, { seq: 3, received: 70 }));
    feed.applyBatch(batchOf(rows, { seq: 4, received: 70 }));
    expect(feed.getState().news.count).toBe(70);
  });

  it('of a part of the contracts counts what came into it, and says when it may be more', async () => {
    const { feed, next } = await openFeed(2);
    feed.open({ view: 'unread', text: '' });
    await next('view:close').answer(undefined);
    await next('view:open').answer(batchOf(rowsOf(1, 2), { viewId: 2 }));
    feed.applyBatch(batchOf(rowsOf(3, 1, 2), { viewId: 2, seq: 2, received: 1 }));
    expect(feed.getState().news).toEqual({ count: 1, sure: true });
    feed.applyBatch(batchOf(rowsOf(4, 3, 1, 2), { viewId: 2, seq: 3, received: 5 }));
    expect(feed.getState().news).toEqual({ count: 2, sure: false });
    // A snooze that ends, or a mark taken back: no change was received.
    feed.applyBatch(batchOf(rowsOf(5, 4, 3, 1, 2), { viewId: 2, seq: 4, received: 5 }));
    expect(feed.getState().news.count).toBe(2);
  });

  it('lets arrivals slide in only while live', async () => {
    const { feed, rows } = await openFeed(2);
    feed.applyBatch(batchOf(rowsOf(7, 0, 1), { seq: 2 }));
    expect([...feed.getState().entered]).toEqual(['1/C-7']);
    feed.applyBatch(batchOf([...rowsOf(7), ...rows], { seq: 3, held: true, waiting: 1 }));
    expect(feed.getState().entered.size).toBe(0);
  });

  it('scrolls along when the order changed under a list that was not at its top', async () => {
    const { feed, rows } = await openFeed(60);
    feed.show(30, 42);
    feed.applyBatch(batchOf([...rowsOf(90, 91), ...rows], { seq: 2 }));
    expect(feed.getState().shift).toEqual({ rows: 2, at: 1 });
  });

  it('opens a new view once when main no longer knows it, then tells the person', async () => {
    const { feed, next } = await openFeed(3);
    feed.setHeld(true);
    await next('view:hold').refuse(new Error('View 1 is not open. Open it again.'));
    await next('view:close').answer(undefined);
    await next('view:open').answer(batchOf(rowsOf(4), { viewId: 2 }));
    expect(feed.getState()).toMatchObject({ viewId: 2, total: 1, problem: null });
    await next('view:hold').refuse(new Error('The ledger did not answer.'));
    expect(feed.getState().problem?.detail).toBe('The ledger did not answer.');
  });

  it('is read again on request, and keeps its place when main opens the view anew', async () => {
    const { feed, next } = await openFeed(60);
    const { opened } = feed.getState();
    feed.show(100, 112);
    await next('view:read').answer(batchOf(rowsOf(75), { seq: 2, total: 500, offset: 75 }));
    feed.refresh();
    await next('view:read').refuse(new Error('View 1 is not open. Open it again.'));
    await next('view:close').answer(undefined);
    const open = next('view:open');
    expect(open.range).toEqual({ offset: 75, limit: 75 });
    await open.answer(batchOf(rowsOf(76), { viewId: 2, total: 500, offset: 75 }));
    expect(feed.getState()).toMatchObject({ viewId: 2, opened });
  });

  it('says why a view could not be opened, and tries again when asked', async () => {
    const script = scriptedPulse();
    const feed = createFeedStore(createApi(script.pulse));
    feed.open({ view: 'unread', text: '' });
    await script.next('view:open').refuse(new Error('Disk full.'));
    expect(feed.getState().problem?.detail).toBe('Disk full.');
    feed.retry();
    await script.next('view:open').answer(batchOf(rowsOf(1)));
    expect(feed.getState()).toMatchObject({ problem: null, total: 1 });
  });

  it('opens the view at last when main, which could not open it, has begun anew', async () => {
    const script = scriptedPulse();
    const feed = createFeedStore(createApi(script.pulse));
    feed.refresh();
    expect(script.asked).toEqual([]);
    feed.open({ view: 'unread', text: '' });
    await script.next('view:open').refuse(new Error('Nobody is signed in.'));
    feed.refresh();
    await script.next('view:open').answer(batchOf(rowsOf(1)));
    expect(feed.getState()).toMatchObject({ problem: null, total: 1 });
    expect(script.asked).toEqual([]);
  });

  it('reads the view again when main has begun anew while it was being opened', async () => {
    const script = scriptedPulse();
    const feed = createFeedStore(createApi(script.pulse));
    feed.open({ view: 'all', text: '' });
    feed.refresh();
    await script.next('view:open').answer(batchOf(rowsOf(1)));
    await script.next('view:read').answer(batchOf(rowsOf(1, 2), { seq: 2 }));
    expect(feed.getState().total).toBe(2);
  });

  it('drops the answer of a view that was left meanwhile, and closes it on main', async () => {
    const script = scriptedPulse();
    const feed = createFeedStore(createApi(script.pulse));
    feed.open({ view: 'all', text: '' });
    const first = script.next('view:open');
    feed.open({ view: 'unread', text: '' });
    const second = script.next('view:open');
    await second.answer(batchOf(rowsOf(2), { viewId: 2 }));
    await first.answer(batchOf(rowsOf(1), { viewId: 1 }));
    expect(script.next('view:close').argument).toEqual({ viewId: 1 });
    expect(feed.getState()).toMatchObject({ viewId: 2, filter: { view: 'unread', text: '' } });
  });
});
