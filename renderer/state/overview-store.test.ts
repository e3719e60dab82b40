import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeOverview } from '../testing/fake-figures.ts';
import { NOW, scriptedPulse } from '../testing/fixtures.ts';
import { createApi } from './api.ts';
import { createOverviewStore } from './overview-store.ts';

const figures = fakeOverview([], 30, NOW);

describe('the overview', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is read when it is opened, and again at most every two seconds while changes come', async () => {
    const { pulse, asked, next } = scriptedPulse();
    const store = createOverviewStore(createApi(pulse));
    store.touch();
    expect(asked).toHaveLength(0);
    const end = store.watch();
    await next('overview:read').answer(figures);
    expect(store.getState().overview).toBe(figures);
    for (let batch = 0; batch < 50; batch += 1) store.touch();
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked).toHaveLength(1);
    await next('overview:read').answer(figures);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(0);
    store.touch();
    end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(0);
  });

  it('is read anew when the day ends while it is open, though nothing has changed', async () => {
    vi.setSystemTime(new Date(2026, 10, 23, 23, 59));
    const { pulse, asked, next } = scriptedPulse();
    const store = createOverviewStore(createApi(pulse));
    const end = store.watch();
    await next('overview:read').answer(figures);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(40_000);
    await next('overview:read').answer(figures);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(asked).toHaveLength(0);
    end();
  });

  it('never shows the figures of another period than the one chosen', async () => {
    const { pulse, next } = scriptedPulse();
    const store = createOverviewStore(createApi(pulse));
    store.watch();
    const first = next('overview:read');
    store.setDays(90);
    await first.answer(figures);
    expect(store.getState().overview).toBe(null);
    const second = next('overview:read');
    expect(second.argument).toEqual({ days: 90 });
    await second.answer({ ...figures, at: 2 });
    expect(store.getState().overview?.at).toBe(2);
  });

  it('says why it could not be read, and tries again when asked', async () => {
    const { pulse, next } = scriptedPulse();
    const store = createOverviewStore(createApi(pulse));
    store.watch();
    await next('overview:read').refuse(new Error('Busy.'));
    expect(store.getState().problem?.detail).toBe('Busy.');
    store.retry();
    await next('overview:read').answer(figures);
    expect(store.getState()).toMatchObject({ problem: null, overview: figures });
  });
});
