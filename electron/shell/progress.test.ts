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
  replay: 'unknown',
});

const receipt = (changesToday: number): Receipt => ({
  verdict: 'complete',
  upToId: null,
  upToSequence: null,
  upToTime: null,
  openGaps: [],
  canFetch: true,
  ahead: null,
  lastHealed: null,
  changesToday,
  missing: 0,
  restartedAt: null,
  notForUser: null,
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

  it('speaks of one event in the singular, and does not take another account’s count for events', () => {
    const progress = make();
    const out = { state: 'signed_out', server: '', username: '', ended: 'by_user' } as const;
    for (const count of [5, 6]) progress.follow('receipt:changed', receipt(count));
    vi.advanceTimersByTime(1000);
    progress.follow('session:changed', out);
    for (const count of [400, 401]) progress.follow('receipt:changed', receipt(count));
    vi.advanceTimersByTime(1000);
    expect(printed).toEqual([
      'contract-pulse: 1 event received',
      'contract-pulse: signed out',
      'contract-pulse: 2 events received',
    ]);
  });

  it('says in words, not codes, why nobody is signed in or nothing comes', () => {
    const progress = make();
    for (const ended of ['none', 'by_user', 'expired', 'revoked'] as const) {
      progress.follow('session:changed', { state: 'signed_out', server: '', username: '', ended });
    }
    const failure = { code: 'silent', status: null, detail: 'no byte for 30 s' } as const;
    progress.follow(
      'connection:changed',
      status({ phase: 'waiting', retryAt: 0, attempt: 1, failure, offline: false }),
    );
    progress.follow('connection:changed', status({ phase: 'sign_in_needed', cause: 'revoked' }));
    progress.follow('connection:changed', status({ phase: 'stopped', cause: 'no_content' }));
    expect(logged).toEqual([
      'nobody is signed in',
      'signed out',
      'signed out: the session has expired',
      'signed out: the server has ended the session',
      'no connection: the connection went silent; trying again',
      'sign-in needed: the server has ended the session',
      'stopped by the server: it sends no more',
    ]);
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
