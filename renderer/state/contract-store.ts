import type { Failure } from '../../protocol/failures.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ContractDetail, ContractRow } from '../../protocol/view.ts';
import { toFailure, type Api } from './api.ts';

export interface ContractState {
  readonly openId: string | null;
  readonly phase: 'none' | 'loading' | 'shown' | 'unknown' | 'failed';
  readonly detail: ContractDetail | null;
  /** What the list knew of it when it was opened: shown until main has answered. */
  readonly row: ContractRow | null;
  /** Event ids that were unread at any time since this contract was opened: marked until it is closed. */
  readonly fresh: ReadonlySet<string>;
  /** Counts how often something unread has come that was not shown before: late or in its turn, but not marked unread here. */
  readonly arrivals: number;
  /** A key that moves has reached it: its row is what the person is at. */
  readonly passing: boolean;
  /** A link has opened it, and nobody has touched the window since. */
  readonly byLink: boolean;
  readonly problem: Failure | null;
}

export interface OpenOptions {
  /** Closes again, without a word, when main does not know it (any more). */
  readonly ifKnown?: boolean;
  readonly row?: ContractRow | null;
  /** Reached by a key that may be held down: main is asked for the first one at once, then for the one where it rests. */
  readonly passing?: boolean;
  /** Links come from anywhere: it counts as looked at only once the person does something here. */
  readonly byLink?: boolean;
}

/** A key held down repeats faster than this, ms: what it passes is not asked of main. */
const REST_MS = 120;

export interface ContractStore extends StoreApi<ContractState> {
  open(contractId: string, options?: OpenOptions): void;
  close(): void;
  applyDetail(detail: ContractDetail): void;
  /** Opens the same contract again where main may have begun anew; what is shown stays until it answers. */
  refresh(): void;
  /** The person has done something in the window. */
  touch(): void;
  /** Marks what came up to there as read, once, so that `u` can take it back. */
  markShownRead(arrivals: number): Promise<void>;
  /** One change of the timeline. */
  markEventRead(contractId: string, eventId: string, read: boolean): Promise<void>;
  undoAcknowledge(): Promise<void>;
  retryAcknowledge(): Promise<void>;
}

const CLOSED: ContractState = {
  openId: null,
  phase: 'none',
  detail: null,
  row: null,
  fresh: new Set(),
  arrivals: 0,
  passing: false,
  byLink: false,
  problem: null,
};

export function createContractStore(api: Api): ContractStore {
  const store = createStore<ContractState>(() => CLOSED);
  const get = store.getState;
  /** The arrivals up to which the open contract was marked read by being shown. */
  let markedArrivals = 0;
  /** Ids of all changes that were shown since it was opened. */
  let shown = new Set<string>();
  /** Runs while moves follow each other closely. */
  let resting: ReturnType<typeof setTimeout> | undefined;

  function withOpen(run: (contractId: string) => Promise<void>): Promise<void> {
    const { openId } = get();
    return openId === null ? Promise.resolve() : run(openId);
  }

  function applyDetail(detail: ContractDetail): void {
    const { openId, fresh, arrivals, phase } = get();
    if (detail.row.contractId !== openId) return;
    const unread = detail.timeline.filter((entry) => entry.unread && !fresh.has(entry.eventId));
    const hasNew = unread.some((entry) => !shown.has(entry.eventId));
    for (const entry of detail.timeline) shown.add(entry.eventId);
    store.setState({
      phase: 'shown',
      detail,
      // Unread ones may lie beyond the part of the timeline that is told.
      arrivals: hasNew || phase !== 'shown' ? arrivals + 1 : arrivals,
      fresh: unread.length === 0 ? fresh : new Set([...fresh, ...unread.map((entry) => entry.eventId)]),
      problem: null,
    });
  }

  function stopResting(): void {
    clearTimeout(resting);
    resting = undefined;
  }

  function askWhereItRests(contractId: string): void {
    const atOnce = resting === undefined;
    clearTimeout(resting);
    if (atOnce) ask(contractId);
    resting = setTimeout(() => {
      resting = undefined;
      if (!atOnce && get().openId === contractId) ask(contractId);
    }, REST_MS);
  }

  function close(): void {
    if (get().openId === null) return;
    stopResting();
    store.setState(CLOSED, true);
    api.closeContract().catch(() => undefined);
  }

  function ask(contractId: string, ifKnown = false): void {
    api.openContract(contractId).then(
      (detail) => {
        if (get().openId !== contractId) return;
        if (detail) applyDetail(detail);
        else if (ifKnown) close();
        else if (get().phase === 'loading') store.setState({ phase: 'unknown' });
      },
      (error: unknown) => {
        if (get().openId !== contractId || get().phase !== 'loading') return;
        store.setState({ phase: 'failed', problem: toFailure(error) });
      },
    );
  }

  return Object.assign(store, {
    open(
      contractId: string,
      { ifKnown = false, row = null, passing = false, byLink = false }: OpenOptions = {},
    ) {
      const { openId, phase } = get();
      if (openId === contractId && (phase === 'shown' || passing)) return;
      markedArrivals = 0;
      shown = new Set();
      store.setState({ ...CLOSED, openId: contractId, phase: 'loading', row, passing, byLink });
      if (passing) return askWhereItRests(contractId);
      stopResting();
      ask(contractId, ifKnown);
    },
    refresh() {
      const { openId } = get();
      if (openId !== null) ask(openId);
    },
    close,
    applyDetail,
    touch() {
      if (get().byLink) store.setState({ byLink: false });
    },
    async markShownRead(upTo: number) {
      const { detail, arrivals } = get();
      if (!detail || arrivals !== upTo || upTo <= markedArrivals) return;
      markedArrivals = upTo;
      if (detail.row.unread > 0)
        await api.performAction([detail.row.contractId], { do: 'read', read: true, byShowing: true });
    },
    markEventRead: api.markEventRead,
    undoAcknowledge: () => withOpen(api.undoAcknowledge),
    retryAcknowledge: () => withOpen(api.retryAcknowledge),
  });
}
