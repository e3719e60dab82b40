import type { Settings } from '../../protocol/settings.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** How this window is laid out; remembered on this computer only. Widths in CSS px. */
export interface LayoutState {
  readonly sidebarWidth: number;
  readonly sidebarCollapsed: boolean;
  /** Null until chosen: then it follows the window's width. */
  readonly listWidth: number | null;
}

export interface LayoutStore extends StoreApi<LayoutState> {
  resize(pane: 'sidebar' | 'list', width: number): void;
  /** Back to the usual width. */
  restore(pane: 'sidebar' | 'list'): void;
  toggleSidebar(): void;
}

export const PANE_BOUNDS = {
  sidebar: { min: 176, max: 320, usual: 220 },
  list: { min: 340, max: 760 },
} as const;

const KEY = 'layout';
const USUAL: LayoutState = {
  sidebarWidth: PANE_BOUNDS.sidebar.usual,
  sidebarCollapsed: false,
  listWidth: null,
};

/** Beside a compact list: the sidebar, and what a contract needs to be read. CSS px. */
const BESIDE_COMPACT = 640;

/**
 * The list's width where nobody has chosen one: a good third of the window; where rows are one line, as much as leaves room
 * for sidebar and contract, up to a half. CSS px.
 */
export function usualListWidth(windowWidth: number, density: Settings['density']): number {
  const third = Math.min(640, Math.max(420, windowWidth * 0.36));
  const half = Math.min(PANE_BOUNDS.list.max, windowWidth * 0.5, windowWidth - BESIDE_COMPACT);
  return Math.round(density === 'compact' ? Math.max(third, half) : third);
}

export function clampPane(pane: 'sidebar' | 'list', width: number): number {
  const { min, max } = PANE_BOUNDS[pane];
  return Math.round(Math.min(max, Math.max(min, width)));
}

/** What was stored, field by field; garbage falls back to the usual. */
export function readLayout(text: string | null): LayoutState {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? 'null');
  } catch {
    return USUAL;
  }
  if (typeof stored !== 'object' || stored === null) return USUAL;
  const field = (name: keyof LayoutState): unknown => (stored as Record<string, unknown>)[name];
  const width = (name: 'sidebarWidth' | 'listWidth', pane: 'sidebar' | 'list'): number | null => {
    const value = field(name);
    return typeof value === 'number' && Number.isFinite(value) ? clampPane(pane, value) : null;
  };
  return {
    sidebarWidth: width('sidebarWidth', 'sidebar') ?? USUAL.sidebarWidth,
    sidebarCollapsed: field('sidebarCollapsed') === true,
    listWidth: width('listWidth', 'list'),
  };
}

export type TextStorage = Pick<Storage, 'getItem' | 'setItem'>;

export function createLayoutStore(storage: TextStorage): LayoutStore {
  const store = createStore<LayoutState>(() => readLayout(storage.getItem(KEY)));
  store.subscribe((state) => {
    try {
      storage.setItem(KEY, JSON.stringify(state));
    } catch {
      // A full or forbidden storage costs the remembered widths, nothing else.
    }
  });
  return Object.assign(store, {
    resize(pane: 'sidebar' | 'list', width: number) {
      store.setState({ [pane === 'sidebar' ? 'sidebarWidth' : 'listWidth']: clampPane(pane, width) });
    },
    restore(pane: 'sidebar' | 'list') {
      store.setState(pane === 'sidebar' ? { sidebarWidth: USUAL.sidebarWidth } : { listWidth: null });
    },
    toggleSidebar() {
      store.setState((state) => ({ sidebarCollapsed: !state.sidebarCollapsed }));
    },
  });
}
