import { createStore, type StoreApi } from 'zustand/vanilla';
import type { NotificationTest } from '../../protocol/ipc.ts';
import type { Api } from './api.ts';

export interface NotificationsState {
  /** The system takes none. */
  readonly refused: boolean;
  /** The person has put the message about it away. */
  readonly seen: boolean;
  /** The one that was sent to try it. */
  readonly test: 'none' | 'sending' | NotificationTest;
}

export interface NotificationsStore extends StoreApi<NotificationsState> {
  apply(refused: boolean): void;
  test(): Promise<void>;
  noteSeen(): void;
}

export function createNotificationsStore(api: Pick<Api, 'testNotification'>): NotificationsStore {
  const store = createStore<NotificationsState>(() => ({ refused: false, seen: false, test: 'none' }));
  return Object.assign(store, {
    apply(refused: boolean) {
      // Once it has worked again, the next refusal is news.
      store.setState(({ seen }) => ({ refused, seen: refused && seen }));
    },
    async test() {
      store.setState({ test: 'sending' });
      try {
        store.setState({ test: await api.testNotification() });
      } catch (error) {
        store.setState({ test: 'none' });
        throw error;
      }
    },
    noteSeen() {
      store.setState({ seen: true });
    },
  });
}
