import { describe, expect, it } from 'vitest';
import { fakeDetail } from '../testing/fake-data.ts';
import { NOW, rowsOf, scriptedPulse } from '../testing/fixtures.ts';
import { createApi } from './api.ts';
import { createContractStore } from './contract-store.ts';

function detailOf(index: number, over: { unread?: number; version?: number } = {}) {
  const [row] = rowsOf(index);
  return fakeDetail({ ...row!, ...over }, NOW, false);
}

function setUp() {
  const script = scriptedPulse();
  return { store: createContractStore(createApi(script.pulse)), ...script };
}

describe('contract store', () => {
  it('loads, shows, follows changes, and closes on main', async () => {
    const { store, next } = setUp();
    const detail = detailOf(1);
    store.open(detail.row.contractId);
    expect(store.getState().phase).toBe('loading');
    await next('contract:open').answer(detail);
    expect(store.getState()).toMatchObject({ phase: 'shown', detail });
    const changed = detailOf(1, { version: 9 });
    store.applyDetail(changed);
    store.applyDetail(detailOf(2));
    expect(store.getState().detail).toBe(changed);
    store.close();
    expect(store.getState().phase).toBe('none');
    next('contract:close');
  });

  it('is asked for again without a flash, and keeps what it shows when that fails', async () => {
    const { store, next } = setUp();
    const detail = detailOf(1);
    store.refresh();
    store.open(detail.row.contractId);
    await next('contract:open').answer(detail);
    store.refresh();
    expect(store.getState().phase).toBe('shown');
    await next('contract:open').refuse(new Error('Not yet.'));
    expect(store.getState()).toMatchObject({ phase: 'shown', detail });
    store.refresh();
    const changed = detailOf(1, { version: 8 });
    await next('contract:open').answer(changed);
    expect(store.getState().detail).toBe(changed);
  });

  it('tells a contract that is not here from one that could not be read', async () => {
    const { store, next } = setUp();
    store.open('C-1');
    await next('contract:open').answer(null);
    expect(store.getState().phase).toBe('unknown');
    store.open('C-2');
    await next('contract:open').refuse(new Error('Busy.'));
    expect(store.getState()).toMatchObject({ phase: 'failed', problem: { detail: 'Busy.' } });
  });

  it('drops the answer for a contract that was left meanwhile', async () => {
    const { store, next } = setUp();
    store.open('C-1');
    const first = next('contract:open');
    store.open('C-2');
    await first.answer(detailOf(1));
    expect(store.getState()).toMatchObject({ openId: 'C-2', phase: 'loading' });
  });

  it('marks what was shown read once, so that the person can take it back', async () => {
    const { store, next, asked } = setUp();
    const detail = detailOf(1, { unread: 2, version: 4 });
    store.open(detail.row.contractId);
    await next('contract:open').answer(detail);
    void store.markShownRead(0);
    expect(asked).toEqual([]);
    void store.markShownRead(1);
    expect(next('actions:perform').argument).toEqual({
      contractIds: [detail.row.contractId],
      action: { do: 'read', read: true, byShowing: true },
    });
    void store.markShownRead(1);
    store.applyDetail(detailOf(1, { unread: 0, version: 4 }));
    // The person takes it back: what was shown already is no arrival.
    store.applyDetail(detail);
    void store.markShownRead(store.getState().arrivals);
    expect(asked).toEqual([]);
    const [last] = detail.timeline;
    const newer = { ...last!, eventId: 'newer', unread: true };
    store.applyDetail({ ...detailOf(1, { unread: 1, version: 5 }), timeline: [newer, ...detail.timeline] });
    void store.markShownRead(2);
    next('actions:perform');
  });

  it('marks a change read that comes late, below a newer one', async () => {
    const { store, next } = setUp();
    const whole = detailOf(1, { unread: 3, version: 4 });
    const [newest, late, ...older] = whole.timeline;
    const read = [newest!, ...older].map((entry) => ({ ...entry, unread: false }));
    store.open(whole.row.contractId);
    await next('contract:open').answer({ ...whole, row: { ...whole.row, unread: 0 }, timeline: read });
    void store.markShownRead(1);
    store.applyDetail({ ...whole, timeline: [read[0]!, { ...late!, unread: true }, ...read.slice(1)] });
    expect(store.getState().arrivals).toBe(2);
    void store.markShownRead(2);
    next('actions:perform');
  });

  it('marks one change of the timeline by itself', () => {
    const { store, next } = setUp();
    void store.markEventRead('C-1', 'e7-1', false);
    expect(next('contract:markEventRead').argument).toEqual({
      contractId: 'C-1',
      eventId: 'e7-1',
      read: false,
    });
  });

  it('keeps marking what was new on opening after it has been read', async () => {
    const { store, next } = setUp();
    const detail = detailOf(1, { unread: 1 });
    store.open(detail.row.contractId);
    await next('contract:open').answer(detail);
    store.applyDetail(detailOf(1, { unread: 0 }));
    expect([...store.getState().fresh]).toEqual([detail.timeline[0]?.eventId]);
  });
});
