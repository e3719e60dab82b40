import { describe, expect, it } from 'vitest';
import { scriptedPulse } from '../testing/fixtures.ts';
import { createApi } from './api.ts';
import { createAwayStore } from './away-store.ts';

function fakeStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as Storage;
}

const summary = { since: 1, until: 50, changes: 3, missing: 0, contracts: 1, items: [] };

describe('the summary of an absence', () => {
  it('stays away once it was put away, across restarts and for this account alone', () => {
    const { pulse } = scriptedPulse();
    const storage = fakeStorage();
    const store = createAwayStore(createApi(pulse), storage);
    store.reset('https://a anna');
    store.putAway(50);
    expect(store.getState().seenUntil).toBe(50);
    store.putAway(20);
    expect(store.getState().seenUntil).toBe(50);
    store.reset('https://a boris');
    expect(store.getState().seenUntil).toBe(0);

    const again = createAwayStore(createApi(pulse), storage);
    again.reset('https://a anna');
    expect(again.getState().seenUntil).toBe(50);
  });

  it('is survived by garbage in the storage', () => {
    const { pulse } = scriptedPulse();
    const storage = fakeStorage();
    storage.setItem('away x', 'garbage');
    const store = createAwayStore(createApi(pulse), storage);
    store.reset('x');
    expect(store.getState().seenUntil).toBe(0);
  });

  it('is not shown to the next person when its answer comes late', async () => {
    const { pulse, next } = scriptedPulse();
    const store = createAwayStore(createApi(pulse), fakeStorage());
    store.reset('anna');
    void store.read();
    const asked = next('away:read');
    store.reset('boris');
    await asked.answer(summary);
    expect(store.getState()).toMatchObject({ phase: 'none', summary: null });
  });

  it('keeps what is shown while it is read again, and says when it cannot be read', async () => {
    const { pulse, next } = scriptedPulse();
    const store = createAwayStore(createApi(pulse), fakeStorage());
    store.reset('anna');
    void store.read();
    expect(store.getState().phase).toBe('loading');
    await next('away:read').answer(summary);
    expect(store.getState()).toMatchObject({ phase: 'shown', summary });
    void store.read();
    expect(store.getState().phase).toBe('shown');
    await next('away:read').refuse(new Error('The ledger did not answer.'));
    expect(store.getState()).toMatchObject({
      phase: 'failed',
      problem: { detail: 'The ledger did not answer.' },
      summary,
    });
  });
});
