import type { Failure } from '../../protocol/failures.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AwaySummary } from '../../protocol/away.ts';
import { toFailure, type Api } from './api.ts';
import type { TextStorage } from './layout-store.ts';

export interface AwayState {
  readonly phase: 'none' | 'loading' | 'shown' | 'failed';
  /** Null while it is read, and when there was no absence. */
  readonly summary: AwaySummary | null;
  readonly problem: Failure | null;
  /** The end (epoch ms) of the absence whose summary the person has put away; 0 for none. */
  readonly seenUntil: number;
  /** The end of the absence whose summary was on screen since the app was started; 0 for none. */
  readonly shownUntil: number;
}

export interface AwayStore extends StoreApi<AwayState> {
  /** Reads the summary of the last absence. */
  read(): Promise<void>;
  /** The same, once for what the receipt says of it (any text that changes with it). */
  readFor(known: string): void;
  /** The summary is on screen: nothing else need call for it. */
  noteShown(until: number): void;
  /** The person has seen the summary of the absence that ended then (epoch ms); kept across restarts. */
  putAway(until: number): void;
  /** Of another person: what was put away is read anew for `account`. */
  reset(account: string | null): void;
}

const keyOf = (account: string): string => `away ${account}`;

function readSeen(storage: TextStorage, account: string | null): number {
  if (account === null) return 0;
  const seen = Number(storage.getItem(keyOf(account)));
  return Number.isFinite(seen) ? seen : 0;
}

export function createAwayStore(api: Api, storage: TextStorage): AwayStore {
  const start = (seenUntil: number): AwayState => ({
    phase: 'none',
    summary: null,
    problem: null,
    seenUntil,
    shownUntil: 0,
  });
  const store = createStore<AwayState>(() => start(0));
  let account: string | null = null;
  let turn = 0;
  let readOf: string | null = null;

  async function read(): Promise<void> {
    turn += 1;
    const mine = turn;
    if (store.getState().summary === null) store.setState({ phase: 'loading' });
    try {
      const summary = await api.away();
      if (mine === turn) store.setState({ phase: 'shown', summary, problem: null });
    } catch (error) {
      if (mine === turn) store.setState({ phase: 'failed', problem: toFailure(error) });
    }
  }

  return Object.assign(store, {
    read,
    readFor(known: string) {
      if (known === readOf && store.getState().phase !== 'failed') return;
      readOf = known;
      void read();
    },
    noteShown(until: number) {
      store.setState({ shownUntil: until });
    },
    putAway(until: number) {
      store.setState({ seenUntil: Math.max(until, store.getState().seenUntil) });
      if (account === null) return;
      try {
        storage.setItem(keyOf(account), String(store.getState().seenUntil));
      } catch {
        // A full or forbidden storage costs the remembered answer: the summary is offered once more.
      }
    },
    reset(next: string | null) {
      turn += 1;
      readOf = null;
      account = next;
      store.setState(start(readSeen(storage, next)), true);
    },
  });
}
