import { createStore, type StoreApi } from 'zustand/vanilla';

/** What lies over the window, one at a time. */
export type Overlay = 'palette' | 'keys' | 'settings' | 'away' | 'snooze_until' | 'save_view' | 'filter';

export interface PlaceState {
  readonly screen: 'list' | 'overview';
  readonly overlay: Overlay | null;
}

export interface PlaceStore extends StoreApi<PlaceState> {
  /** Goes to a screen; what lay over the window is closed. */
  go(screen: PlaceState['screen']): void;
  show(overlay: Overlay): void;
  /** Closes it if it is (still) the one that is open. */
  hide(overlay: Overlay): void;
  reset(): void;
}

const START: PlaceState = { screen: 'list', overlay: null };

/** Where the person is in the window: which screen, and what lies over it. */
export function createPlaceStore(): PlaceStore {
  const store = createStore<PlaceState>(() => START);
  return Object.assign(store, {
    go(screen: PlaceState['screen']) {
      store.setState({ screen, overlay: null });
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
