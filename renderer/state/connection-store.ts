import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { Api } from './api.ts';

export interface ConnectionStoreState {
  /** Null until main has told, and while nobody is signed in. */
  readonly status: ConnectionStatus | null;
}

export interface ConnectionStore extends StoreApi<ConnectionStoreState> {
  applyStatus(status: ConnectionStatus | null): void;
  retryNow(): Promise<void>;
}

export function createConnectionStore(api: Api): ConnectionStore {
  const store = createStore<ConnectionStoreState>(() => ({ status: null }));
  return Object.assign(store, {
    applyStatus(status: ConnectionStatus | null) {
      store.setState({ status });
    },
    async retryNow() {
      await api.retryNow();
    },
  });
}
