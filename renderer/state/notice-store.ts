import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '../../protocol/failures.ts';
import type { StorageProblem } from '../../protocol/ipc.ts';
import { ContractProblem, toFailure, type Api } from './api.ts';

export interface ServerNotice {
  readonly id: number;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface NoticeState {
  readonly storage: StorageProblem | null;
  readonly startingFresh: boolean;
  /** Newest first; at most three are kept. */
  readonly notices: readonly ServerNotice[];
  /** What the person asked for and did not get, and the title of the contract it was asked for. */
  readonly failure: { readonly why: Failure; readonly title: string | null } | null;
  /** Something done that shows nowhere else, e.g. copied to the clipboard. */
  readonly done: { readonly id: number; readonly what: 'diagnostics_copied' } | null;
}

export interface NoticeStore extends StoreApi<NoticeState> {
  applyStorage(storage: StorageProblem | null): void;
  addNotice(text: string, at: number): void;
  dismissNotice(id: number): void;
  /** What `remedyOf` offers: sets the damaged file aside and begins anew, or puts the message away. */
  startFresh(): Promise<void>;
  copyDiagnostics(): Promise<void>;
  /** Ends the app and starts it once more. */
  restart(): Promise<void>;
  forgetDone(): void;
  /** Runs what the person asked for; a rejection is shown. */
  attempt(run: () => Promise<unknown>): Promise<void>;
  dismissFailure(): void;
}

const MAX_NOTICES = 3;

export function createNoticeStore(api: Api): NoticeStore {
  const store = createStore<NoticeState>(() => ({
    storage: null,
    startingFresh: false,
    notices: [],
    failure: null,
    done: null,
  }));
  let nextId = 1;

  async function attempt(run: () => Promise<unknown>): Promise<void> {
    store.setState({ failure: null });
    try {
      await run();
    } catch (error) {
      const title = error instanceof ContractProblem ? error.title : null;
      store.setState({ failure: { why: toFailure(error), title } });
    }
  }

  return Object.assign(store, {
    attempt,
    applyStorage(storage: StorageProblem | null) {
      store.setState({ storage });
    },
    addNotice(text: string, at: number) {
      const kept = store.getState().notices.filter((notice) => notice.text !== text);
      store.setState({ notices: [{ id: nextId++, text, at }, ...kept].slice(0, MAX_NOTICES) });
    },
    dismissNotice(id: number) {
      store.setState({ notices: store.getState().notices.filter((notice) => notice.id !== id) });
    },
    async startFresh() {
      store.setState({ startingFresh: true });
      await attempt(() => api.startFresh());
      store.setState({ startingFresh: false });
    },
    async copyDiagnostics() {
      await attempt(async () => {
        await api.copyDiagnostics();
        store.setState({ done: { id: nextId++, what: 'diagnostics_copied' } });
      });
    },
    restart: () => attempt(() => api.restart()),
    forgetDone() {
      store.setState({ done: null });
    },
    dismissFailure() {
      store.setState({ failure: null });
    },
  });
}
