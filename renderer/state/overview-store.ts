import type { Failure } from '../../protocol/failures.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Overview } from '../../protocol/overview.ts';
import { toFailure, type Api } from './api.ts';

export type OverviewDays = 30 | 90;

export interface OverviewState {
  readonly days: OverviewDays;
  /** Null until main has answered for the first time. */
  readonly overview: Overview | null;
  readonly problem: Failure | null;
}

export interface OverviewStore extends StoreApi<OverviewState> {
  /** Reads the figures, and again (at most every 2 s) when `touch` was called; returns what ends it. */
  watch(): () => void;
  /** Something changed: the figures may be old. */
  touch(): void;
  setDays(days: OverviewDays): void;
  retry(): void;
  reset(): void;
}

const REREAD_MS = 2000;
/** Another day makes other figures of the same changes; timers stand still while a machine sleeps. */
const LOOK_AT_DAY_MS = 20_000;

export function createOverviewStore(api: Api): OverviewStore {
  const store = createStore<OverviewState>(() => ({ days: 30, overview: null, problem: null }));
  let watching = false;
  let stale = false;
  let reading = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what makes a running answer one to another question. */
  let question = 0;

  async function read(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (!watching) return;
    if (reading) {
      stale = true;
      return;
    }
    stale = false;
    reading = true;
    const mine = question;
    try {
      const overview = await api.overview(store.getState().days);
      if (mine === question) store.setState({ overview, problem: null });
    } catch (error) {
      if (mine === question) store.setState({ problem: toFailure(error) });
    } finally {
      reading = false;
    }
    if (mine !== question) void read();
    else if (stale) later();
  }

  function later(): void {
    timer ??= setTimeout(() => void read(), REREAD_MS);
  }

  function touch(): void {
    stale = true;
    if (watching && !reading) later();
  }

  return Object.assign(store, {
    watch() {
      watching = true;
      void read();
      let day = new Date().toDateString();
      const looking = setInterval(() => {
        const now = new Date().toDateString();
        if (now === day) return;
        day = now;
        touch();
      }, LOOK_AT_DAY_MS);
      return () => {
        watching = false;
        clearInterval(looking);
        clearTimeout(timer);
        timer = undefined;
      };
    },
    touch,
    setDays(days: OverviewDays) {
      if (days === store.getState().days) return;
      question += 1;
      store.setState({ days });
      void read();
    },
    retry() {
      store.setState({ problem: null });
      void read();
    },
    reset() {
      question += 1;
      store.setState({ overview: null, problem: null });
    },
  });
}
