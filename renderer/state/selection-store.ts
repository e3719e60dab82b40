import { createStore, type StoreApi } from 'zustand/vanilla';
import { MAX_SELECTED } from '../../protocol/actions.ts';
import type { ContractRow } from '../../protocol/view.ts';
import { locate, type ActiveRow } from './active-row.ts';
import type { Api } from './api.ts';
import type { FeedStore } from './feed-store.ts';

/** A menu opened for rows: at a point of the window, CSS px. */
export interface RowMenu {
  readonly kind: 'actions' | 'snooze';
  /** Contracts it is for: settled when it opens, for rows may change meanwhile. */
  readonly ids: readonly string[];
  readonly x: number;
  readonly y: number;
}

export interface SelectionState {
  readonly active: ActiveRow;
  /** Counts the moves that the list must scroll to, and says where the last of them led. */
  readonly moves: number;
  readonly movedTo: number;
  /** Contract ids. */
  readonly selected: ReadonlySet<string>;
  /** True where more than MAX_SELECTED were asked for and the first ones were taken. */
  readonly cutOff: boolean;
  readonly menu: RowMenu | null;
  /** Contracts the last menu was for, also after it closed: for a dialog it led to. */
  readonly menuIds: readonly string[];
  /** Rows on screen; the list tells. */
  readonly page: number;
  /** Where the list was scrolled to, in rows, while another screen is in its place; null while it is shown. */
  readonly left: number | null;
}

export interface SelectionStore extends StoreApi<SelectionState> {
  /** Where the active row is now; -1 in an empty list. */
  index(): number;
  row(): ContractRow | undefined;
  /** Gives the row the keyboard; the list scrolls to it. */
  moveTo(index: number): void;
  /** The first row has the keyboard, whichever it is by the time the list has come. */
  moveToTop(): void;
  /** The list scrolls there; the keyboard stays where it is. */
  reveal(index: number): void;
  /** As moveTo, for a row that is on screen anyway. */
  touch(index: number): void;
  toggle(index: number): void;
  /** Selects from the row where the range began to this one, in place of the range before. */
  extendTo(index: number): Promise<void>;
  selectAll(): Promise<void>;
  /** A selection that was asked for and is not there yet: what is done next is meant for it. Null: none. */
  coming(): Promise<void> | null;
  clear(): void;
  openMenu(menu: RowMenu): void;
  closeMenu(): void;
  setPage(rows: number): void;
  /** Another screen takes the list's place: it is to come back where it is, unless another view is opened meanwhile. */
  leave(rows: number): void;
  /** The list is back. */
  comeBack(): void;
  reset(): void;
}

const NOTHING: ReadonlySet<string> = new Set();
const START: SelectionState = {
  active: { index: 0, key: null },
  moves: 0,
  movedTo: 0,
  selected: NOTHING,
  cutOff: false,
  menu: null,
  menuIds: [],
  page: 10,
  left: null,
};

/** Which row has the keyboard, and which are selected: by contract, so that they stay the same when rows move. */
export function createSelectionStore(api: Pick<Api, 'idsOfView'>, feed: FeedStore): SelectionStore {
  const store = createStore<SelectionState>(() => START);
  const get = store.getState;
  /** Where the present range began, and what was selected besides it. */
  let range: { anchor: ActiveRow; base: ReadonlySet<string> } | null = null;
  let turn = 0;

  const place = (active: ActiveRow): number => {
    const { rows, total } = feed.getState();
    return locate(active, rows, total ?? 0);
  };
  const index = (): number => place(get().active);
  const at = (position: number): ActiveRow => ({
    index: position,
    key: feed.getState().rows.get(position)?.key ?? null,
  });

  /** Ids of the rows `from … to`, from what is held here where that is all of them. */
  async function idsBetween(from: number, to: number): Promise<readonly string[]> {
    const { rows, viewId } = feed.getState();
    const ids: string[] = [];
    for (let position = from; position <= to; position += 1) {
      const row = rows.get(position);
      if (!row) {
        if (viewId === null) return [];
        const { contractIds } = await api.idsOfView(viewId, from, Math.min(MAX_SELECTED, to - from + 1));
        return contractIds;
      }
      ids.push(row.contractId);
    }
    return ids;
  }

  let coming: Promise<void> | null = null;
  function note(selecting: Promise<void>): Promise<void> {
    coming = selecting;
    const end = (): void => {
      if (coming === selecting) coming = null;
    };
    selecting.then(end, end);
    return selecting;
  }

  async function extend(position: number): Promise<void> {
    range ??= { anchor: get().active, base: get().selected };
    const { anchor, base } = range;
    const start = place(anchor);
    store.setState({ active: at(position), moves: get().moves + 1, movedTo: position });
    turn += 1;
    const mine = turn;
    const from = Math.min(start, position);
    const to = Math.max(start, position);
    const ids = await idsBetween(from, to);
    if (mine === turn) select([...base, ...ids], ids.length < to - from + 1);
  }

  async function selectAll(): Promise<void> {
    const { viewId, total } = feed.getState();
    if (viewId === null || !total) return;
    turn += 1;
    const mine = turn;
    const { contractIds } = await api.idsOfView(viewId, 0, Math.min(MAX_SELECTED, total));
    if (mine !== turn) return;
    range = null;
    select(contractIds, total > contractIds.length);
  }

  function select(ids: Iterable<string>, cutOff = false): void {
    const selected = new Set(ids);
    const kept = selected.size > MAX_SELECTED ? new Set([...selected].slice(0, MAX_SELECTED)) : selected;
    store.setState({ selected: kept, cutOff: cutOff || kept.size < selected.size });
  }

  return Object.assign(store, {
    index,
    row: () => feed.getState().rows.get(index()),
    moveTo(position: number) {
      store.setState({ active: at(position), moves: get().moves + 1, movedTo: position });
    },
    moveToTop() {
      store.setState({ active: START.active, moves: get().moves + 1, movedTo: 0 });
    },
    reveal(position: number) {
      store.setState({ moves: get().moves + 1, movedTo: position });
    },
    touch(position: number) {
      const { active } = get();
      const next = at(position);
      if (next.index !== active.index || next.key !== active.key) store.setState({ active: next });
    },
    toggle(position: number) {
      const row = feed.getState().rows.get(position);
      if (!row) return;
      turn += 1;
      const selected = new Set(get().selected);
      if (!selected.delete(row.contractId)) selected.add(row.contractId);
      range = { anchor: at(position), base: selected };
      select(selected);
    },
    extendTo: (position: number) => note(extend(position)),
    selectAll: () => note(selectAll()),
    coming: () => coming,
    clear() {
      turn += 1;
      range = null;
      if (get().selected.size > 0 || get().cutOff) store.setState({ selected: NOTHING, cutOff: false });
    },
    openMenu(menu: RowMenu) {
      store.setState({ menu, menuIds: menu.ids });
    },
    closeMenu() {
      if (get().menu) store.setState({ menu: null });
    },
    setPage(rows: number) {
      if (rows !== get().page) store.setState({ page: rows });
    },
    leave(rows: number) {
      store.setState({ left: rows });
    },
    comeBack() {
      if (get().left !== null) store.setState({ left: null });
    },
    reset() {
      turn += 1;
      range = null;
      store.setState({ ...START, page: get().page });
    },
  });
}
