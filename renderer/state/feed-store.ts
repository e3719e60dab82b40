import type { Failure } from '../../protocol/failures.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  unfoldMessage,
  type ViewBatch,
  type ViewCounts,
  type ViewFilter,
  type ViewMessage,
  type ViewRange,
} from '../../protocol/view.ts';
import { toFailure, type Api } from './api.ts';
import { hasConditions } from './filters.ts';
import { anchorShift, arrivals, byKey, mergeBatch, rangeAround, sameRange, type Rows } from './feed-rows.ts';

export const TOP: ViewRange = rangeAround(0, 49);

export interface FeedState {
  readonly filter: ViewFilter;
  /** Counts the views the person has opened: each begins at its top. Main may renew a view underneath. */
  readonly opened: number;
  readonly viewId: number | null;
  readonly seq: number;
  /** Null until main has answered. */
  readonly total: number | null;
  readonly rows: Rows;
  readonly counts: ViewCounts | null;
  /** Changes that wait behind the pill while the order is held. */
  readonly waiting: number;
  readonly held: boolean;
  /** Keys that the last batch brought to the top while it was live. */
  readonly entered: ReadonlySet<string>;
  /** Changes that have come into the list, counted for the announcer; `sure`: whether the last of them were all. */
  readonly news: { readonly count: number; readonly sure: boolean };
  /** Main's count of all changes received, as last told; null before. */
  readonly received: number | null;
  /** Rows by which the list must scroll to keep what is being read in place; `at` tells one from the next. */
  readonly shift: { readonly rows: number; readonly at: number };
  readonly problem: Failure | null;
}

export interface FeedStore extends StoreApi<FeedState> {
  /** Opens another view in place of the present one. */
  open(filter: ViewFilter): void;
  /** Tells which rows are on screen (inclusive indices). */
  show(first: number, last: number): void;
  /** Freezes order and membership, or lets go. */
  setHeld(held: boolean): void;
  /** The pill: lets what waits in, at the top; a hold that is still wanted is taken up again afterwards. */
  release(): void;
  /** A message from main. A jump of `seq` re-reads the view. */
  applyBatch(batch: ViewMessage): void;
  /** Asks again after a problem. */
  retry(): void;
  /** Reads the view again where main may have begun anew; a view it no longer knows is opened again in place. */
  refresh(): void;
  /** Forgets everything; for sign-out. */
  reset(): void;
}

const NOBODY: ReadonlySet<string> = new Set();

const EMPTY: FeedState = {
  filter: { view: 'all', text: '' },
  opened: 0,
  viewId: null,
  seq: 0,
  total: null,
  rows: new Map(),
  counts: null,
  waiting: 0,
  held: false,
  entered: NOBODY,
  news: { count: 0, sure: true },
  received: null,
  shift: { rows: 0, at: 0 },
  problem: null,
};

/** The list's mirror of one view on main: a sparse window of rows, and what waits. */
export function createFeedStore(api: Api): FeedStore {
  const store = createStore<FeedState>(() => EMPTY);
  const get = store.getState;

  /** What the window wants; `sent` is what main has been told. One request at a time carries one to the other. */
  let wanted = { range: TOP, held: false, release: false, read: false };
  let missed = false;
  let sent = { range: TOP, held: false };
  let firstVisible = 0;
  let busy = false;
  let life = 0;
  let reopened = false;
  /** The newest message for a view whose opening has not been answered yet. */
  let early: ViewMessage | null = null;

  function adopt(batch: ViewBatch, live: boolean): void {
    const state = get();
    const { rows, moved } = mergeBatch(state.rows, state.total, batch, !missed);
    missed = false;
    const settled = state.total !== null;
    const came = settled && live && !batch.held ? arrivals(state.rows, rows) : NOBODY;
    const rowsShifted =
      settled && moved && firstVisible > 0 ? anchorShift(state.rows, rows, firstVisible) : 0;
    store.setState({
      viewId: batch.viewId,
      seq: batch.seq,
      total: batch.total,
      rows,
      counts: batch.counts,
      waiting: batch.waiting,
      held: batch.held,
      entered: came.size > 0 ? came : NOBODY,
      news: withNews(state, batch, came.size + (live ? Math.max(0, batch.waiting - state.waiting) : 0)),
      received: batch.received,
      shift: rowsShifted === 0 ? state.shift : { rows: rowsShifted, at: state.shift.at + 1 },
      problem: null,
    });
  }

  /** An answer holds its range as of its `seq`; one that a message has overtaken is asked for again. */
  function adoptAnswer(batch: ViewBatch, live: boolean): void {
    if (batch.seq < get().seq) wanted.read = true;
    else adopt(batch, live);
  }

  function fail(error: unknown): void {
    store.setState({ problem: toFailure(error) });
  }

  async function openView(): Promise<void> {
    life += 1;
    const mine = life;
    const old = get().viewId;
    wanted = { ...wanted, release: false, read: false };
    const { range, held } = wanted;
    busy = true;
    store.setState({ viewId: null, seq: 0 });
    try {
      if (old !== null) await api.closeView(old).catch(() => undefined);
      if (mine !== life) return;
      const batch = await api.openView(get().filter, range);
      if (mine !== life) {
        await api.closeView(batch.viewId).catch(() => undefined);
        return;
      }
      sent = { range, held: batch.held };
      wanted.held = held;
      adopt(batch, false);
      if (early?.viewId === batch.viewId && early.seq > batch.seq) missed = wanted.read = true;
      early = null;
    } catch (error) {
      if (mine === life) fail(error);
    } finally {
      if (mine === life) {
        busy = false;
        void pump();
      }
    }
  }

  async function pump(): Promise<void> {
    const { viewId } = get();
    if (busy || viewId === null) return;
    const mine = life;
    const range = wanted.range;
    let ask: (() => Promise<ViewBatch>) | undefined;
    let live = false;
    if (wanted.release || wanted.held !== sent.held) {
      const held = wanted.release ? false : wanted.held;
      live = !held;
      wanted.release = false;
      ask = async () => {
        const batch = await api.holdView(viewId, held, range);
        sent = { range, held };
        return batch;
      };
    } else if (wanted.read || !sameRange(range, sent.range)) {
      wanted.read = false;
      ask = async () => {
        const batch = await api.readView(viewId, range);
        sent = { ...sent, range };
        return batch;
      };
    }
    if (!ask) return;
    busy = true;
    try {
      const batch = await ask();
      if (mine !== life) return;
      adoptAnswer(batch, live);
      reopened = false;
    } catch (error) {
      if (mine !== life) return;
      // Main may have forgotten the view (it was restarted): one new view before the person hears of it.
      if (reopened) return fail(error);
      reopened = true;
      missed = true;
      return void openView();
    } finally {
      if (mine === life) busy = false;
    }
    void pump();
  }

  return Object.assign(store, {
    open(filter: ViewFilter) {
      wanted = { range: TOP, held: false, release: false, read: false };
      firstVisible = 0;
      reopened = false;
      const { counts, viewId, opened, received } = get();
      store.setState({ ...EMPTY, filter, counts, viewId, received, opened: opened + 1 });
      void openView();
    },
    show(first: number, last: number) {
      firstVisible = first;
      wanted.range = rangeAround(first, last);
      void pump();
    },
    setHeld(held: boolean) {
      wanted.held = held;
      void pump();
    },
    release() {
      firstVisible = 0;
      wanted.range = TOP;
      wanted.release = true;
      void pump();
    },
    applyBatch(batch: ViewMessage) {
      const state = get();
      if (state.viewId === null) early = batch;
      if (batch.viewId !== state.viewId || batch.seq <= state.seq) return;
      const whole = batch.seq === state.seq + 1 ? unfoldMessage(batch, byKey(state.rows)) : null;
      if (whole !== null) return adopt(whole, true);
      missed = true;
      wanted.read = true;
      void pump();
    },
    retry() {
      reopened = false;
      store.setState({ problem: null });
      void openView();
    },
    refresh() {
      const { viewId, opened } = get();
      if (opened === 0) return;
      wanted.read = true;
      // Main could not open it before: nobody else would ask again.
      if (viewId === null && !busy) void openView();
      else void pump();
    },
    reset() {
      life += 1;
      busy = false;
      wanted = { range: TOP, held: false, release: false, read: false };
      store.setState(EMPTY, true);
    },
  });
}

/**
 * `seen`: contracts that came to the top or wait. A list tells each of them once, however often it changed, and no more of
 * them than it holds; how many changes there were main alone knows. Of a part of the contracts it can be said only that
 * there were at least as many.
 */
function withNews({ news, filter, received }: FeedState, batch: ViewBatch, seen: number): FeedState['news'] {
  const came = received === null ? 0 : Math.max(0, batch.received - received);
  const added = showsAll(filter) ? came : Math.min(seen, came);
  return added === 0 ? news : { count: news.count + added, sure: added === came };
}

const showsAll = (filter: ViewFilter): boolean =>
  filter.view === 'all' && filter.text === '' && !hasConditions(filter);
