import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SavedView, SavedViewChange, ViewFilter } from '../../protocol/filter.ts';
import type { Api } from './api.ts';
import type { ActionStore } from './action-store.ts';

export interface SavedState {
  readonly views: readonly SavedView[];
}

export type ViewNotifications = Pick<SavedViewChange, 'notify' | 'remindDays'>;

export interface SavedStore extends StoreApi<SavedState> {
  /** Asks main for them; for sign-in. */
  read(): Promise<void>;
  applyViews(views: readonly SavedView[]): void;
  save(name: string, filter: ViewFilter): Promise<void>;
  rename(savedId: number, name: string): Promise<void>;
  /** Lets a saved view hold another filter. */
  change(savedId: number, filter: ViewFilter): Promise<void>;
  /** What of it is told outside the window, and when; shown at once. */
  setNotifications(savedId: number, change: ViewNotifications): Promise<void>;
  /** Can be undone: it comes back with its name, filter and place. */
  remove(savedId: number): Promise<void>;
  /** Moves it by so many places; what would lead beyond the ends stops there. */
  move(savedId: number, by: number): Promise<void>;
  reset(): void;
}

/** Filters are equal when they ask the same, in whatever order their parts were put. */
export function sameFilter(a: ViewFilter, b: ViewFilter): boolean {
  return canonical(a) === canonical(b);
}

function canonical({ view, text, conditions, sort }: ViewFilter): string {
  const asked = Object.entries(conditions ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, Array.isArray(value) ? [...value].sort() : value])
    .sort(([a], [b]) => String(a).localeCompare(String(b)));
  const order = sort ? `${sort.by} ${sort.descending}` : 'recent true';
  return JSON.stringify([view, text.trim(), asked, order]);
}

/** This account's named filters, in the person's order. Every answer of main replaces the whole list. */
export function createSavedStore(
  api: Pick<Api, 'savedViews' | 'saveView' | 'removeSavedView' | 'orderSavedViews'>,
  contractActions: ActionStore,
): SavedStore {
  const store = createStore<SavedState>(() => ({ views: [] }));
  const adopt = (views: readonly SavedView[]): void => store.setState({ views });
  const find = (savedId: number): SavedView | undefined =>
    store.getState().views.find((view) => view.savedId === savedId);

  async function remove(savedId: number): Promise<void> {
    const { views } = store.getState();
    const place = views.findIndex((view) => view.savedId === savedId);
    const gone = views[place];
    if (!gone) return;
    adopt(await api.removeSavedView(savedId));
    contractActions.tell('view_removed', {
      name: gone.name,
      async takeBack() {
        const known = new Set(store.getState().views.map((view) => view.savedId));
        const all = await api.saveView({
          savedId: null,
          name: gone.name,
          filter: gone.filter,
          notify: gone.notify,
          remindDays: gone.remindDays,
        });
        const back = all.find((view) => !known.has(view.savedId));
        if (!back) return adopt(all);
        const others = all.filter((view) => view !== back);
        const order = [...others.slice(0, place), back, ...others.slice(place)];
        adopt(await api.orderSavedViews(order.map((view) => view.savedId)));
      },
    });
  }

  return Object.assign(store, {
    async read() {
      adopt(await api.savedViews());
    },
    applyViews: adopt,
    async save(name: string, filter: ViewFilter) {
      const known = new Set(store.getState().views.map((view) => view.savedId));
      const all = await api.saveView({ savedId: null, name, filter });
      adopt(all);
      const made = all.find((view) => !known.has(view.savedId));
      if (!made) return;
      contractActions.tell('view_saved', {
        name: made.name,
        takeBack: async () => adopt(await api.removeSavedView(made.savedId)),
      });
    },
    async rename(savedId: number, name: string) {
      const view = find(savedId);
      if (view && view.name !== name) adopt(await api.saveView({ savedId, name, filter: view.filter }));
    },
    async change(savedId: number, filter: ViewFilter) {
      const view = find(savedId);
      if (!view) return;
      adopt(await api.saveView({ savedId, name: view.name, filter }));
      contractActions.tell('view_saved', {
        name: view.name,
        takeBack: async () => adopt(await api.saveView({ savedId, name: view.name, filter: view.filter })),
      });
    },
    async setNotifications(savedId: number, change: ViewNotifications) {
      const before = store.getState().views;
      const view = find(savedId);
      if (!view) return;
      adopt(before.map((each) => (each === view ? { ...view, ...change } : each)));
      try {
        adopt(await api.saveView({ savedId, name: view.name, filter: view.filter, ...change }));
      } catch (error) {
        adopt(before);
        throw error;
      }
    },
    remove,
    async move(savedId: number, by: number) {
      const { views } = store.getState();
      const from = views.findIndex((view) => view.savedId === savedId);
      const to = Math.min(views.length - 1, Math.max(0, from + by));
      const moved = views[from];
      if (!moved || to === from) return;
      const others = views.filter((view) => view !== moved);
      const order = [...others.slice(0, to), moved, ...others.slice(to)];
      adopt(order);
      try {
        adopt(await api.orderSavedViews(order.map((view) => view.savedId)));
      } catch (error) {
        adopt(views);
        throw error;
      }
    },
    reset() {
      adopt([]);
    },
  });
}
