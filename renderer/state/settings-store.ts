import type { Failure } from '../../protocol/failures.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  DEFAULT_SETTINGS,
  type Settings,
  type SettingsChange,
  type SettingsProblem,
  type StorageStats,
} from '../../protocol/settings.ts';
import { toFailure, type Api } from './api.ts';

export interface SettingsState {
  readonly settings: Settings;
  /** What was wrong with the settings' file. */
  readonly problem: SettingsProblem | null;
  /** The problem that the person has put away. */
  readonly seen: SettingsProblem | null;
  /** What lies on this computer; null until it was asked for. */
  readonly facts: StorageStats | null;
  readonly statsProblem: Failure | null;
  /** The group that the settings begin with when they are opened; null: the first one. */
  readonly start: 'portal' | 'computer' | null;
}

export interface SettingsStore extends StoreApi<SettingsState> {
  applySettings(settings: Settings, problem: SettingsProblem | null): void;
  /** Shows at once, then keeps it; rejects with main's words, and shows what was before, when it cannot be kept. */
  change(change: SettingsChange): Promise<void>;
  noteSeen(): void;
  startAt(group: SettingsState['start']): void;
  /** Asks main what is stored here. */
  readStats(): Promise<void>;
}

export function createSettingsStore(api: Api): SettingsStore {
  const store = createStore<SettingsState>(() => ({
    settings: DEFAULT_SETTINGS,
    problem: null,
    seen: null,
    facts: null,
    statsProblem: null,
    start: null,
  }));
  /** Counts the changes: an answer that a later change has overtaken says nothing new. */
  let turn = 0;

  return Object.assign(store, {
    applySettings(settings: Settings, told: SettingsProblem | null) {
      // Each message carries it anew; only another problem is another one to be told.
      const { problem } = store.getState();
      const same = JSON.stringify(told) === JSON.stringify(problem);
      store.setState({ settings, problem: same ? problem : told });
    },
    async change(change: SettingsChange) {
      turn += 1;
      const mine = turn;
      const before = store.getState().settings;
      store.setState({ settings: { ...before, ...(change as Partial<Settings>) } });
      try {
        const kept = await api.changeSettings(change);
        if (mine === turn) store.setState({ settings: kept });
      } catch (error) {
        if (mine === turn) store.setState({ settings: before });
        throw error;
      }
    },
    noteSeen() {
      store.setState(({ problem }) => ({ seen: problem }));
    },
    startAt(group: SettingsState['start']) {
      store.setState({ start: group });
    },
    async readStats() {
      try {
        store.setState({ facts: await api.storageStats(), statsProblem: null });
      } catch (error) {
        store.setState({ statsProblem: toFailure(error) });
      }
    },
  });
}
