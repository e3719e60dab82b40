import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { createProgress } from './progress.ts';

const status = (state: ConnectionStatus['state']): ConnectionStatus => ({
  state,
  transport: 'sse',
  server: 'http://127.0.0.1:1',
  lastEventAt: null,
  lastHeardAt: null,
  clockSkewMs: null,
});

const receipt = (changesToday: number): Receipt => ({
  verdict: 'complete',
  upToId: null,
  upToSequence: null,
  upToTime: null,
  openHoles: [],
  lastHealed: null,
  changesToday,
  missing: 0,
  absence: null,
});

describe('progress', () => {
  let printed: string[];
  let logged: string[];
  beforeEach(() => {
    vi.useFakeTimers();
    printed = [];
    logged = [];
  });
  afterEach(() => vi.useRealTimers());
  const make = (prints = true) => {
    const log = { info: (line: string) => void logged.push(line), warn: () => undefined };
    return createProgress(log, prints ? (line) => void printed.push(line) : null);
  };

  it('tells each step once, and no name to the log', () => {
    const progress = make();
    progress.tell('window shown');
    const view = {
      state: 'signed_in',
      server: 'http://127.0.0.1:1',
      username: 'anna',
      userName: 'Анна',
      locale: 'ru',
      remembered: true,
    } as const;
    progress.follow('session:changed', view);
    progress.follow('session:changed', view);
    progress.follow('connection:changed', status({ phase: 'connecting', attempt: 1 }));
    progress.follow('connection:changed', status({ phase: 'live' }));
    progress.follow('connection:changed', status({ phase: 'live' }));
    expect(printed).toEqual([
      'contract-pulse: window shown',
      'contract-pulse: signed in as anna',
      'contract-pulse: live',
    ]);
    expect(logged).toEqual(['window shown', 'live']);
  });

  it('counts what was received, at most once a second, over midnight too', () => {
    const progress = make();
    for (const count of [5, 6, 9]) progress.follow('receipt:changed', receipt(count));
    expect(printed).toEqual([]);
    vi.advanceTimersByTime(1000);
    for (const count of [0, 2, 3]) progress.follow('receipt:changed', receipt(count));
    vi.advanceTimersByTime(1000);
    vi.advanceTimersByTime(5000);
    expect(printed).toEqual(['contract-pulse: 4 events received', 'contract-pulse: 7 events received']);
  });

  it('prints nothing where nothing is wanted', () => {
    const progress = make(false);
    progress.tell('window shown');
    progress.follow('receipt:changed', receipt(1));
    progress.follow('receipt:changed', receipt(2));
    vi.advanceTimersByTime(5000);
    expect(printed).toEqual([]);
    expect(logged).toEqual(['window shown']);
  });
});
