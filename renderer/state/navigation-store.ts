import { createStore, type StoreApi } from 'zustand/vanilla';

/** What lies over the window, one at a time. */
export type Overlay = 'palette' | 'keys' | 'settings' | 'away' | 'snooze_until' | 'save_view' | 'filter';

export interface NavigationState {
  readonly screen: 'list' | 'overview';
  readonly overlay: Overlay | null;
  /** How often main has brought the person to a contract. */
  readonly arrivals: number;
}

export interface NavigationStore extends StoreApi<NavigationState> {
  /** Goes to a screen; what lay over the window is closed. */
  go(screen: NavigationState['screen']): void;
  /** The same, and closes whatever else is open above the window (`useClosedByArrival`). */
  arrive(screen: NavigationState['screen']): void;
  show(overlay: Overlay): void;
  /** Closes it if it is (still) the one that is open. */
  hide(overlay: Overlay): void;
  reset(): void;
}

const START: NavigationState = { screen: 'list', overlay: null, arrivals: 0 };

/** Where the person is in the window: which screen, and what lies over it. */
export function createNavigationStore(): NavigationStore {
  const store = createStore<NavigationState>(() => START);
  return Object.assign(store, {
    go(screen: NavigationState['screen']) {
      store.setState({ screen, overlay: null });
    },
    arrive(screen: NavigationState['screen']) {
      store.setState(({ arrivals }) => ({ screen, overlay: null, arrivals: arrivals + 1 }));
    },
    show(overlay: Overlay) {
      store.setState({ overlay });
    },
    hide(overlay: Overlay) {
      if (store.getState().overlay === overlay) store.setState({ overlay: null });
    },
    reset() {
      store.setState(START);
    },
  });
}
