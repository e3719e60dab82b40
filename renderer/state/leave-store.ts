import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Unsent } from '../../protocol/ipc.ts';
import type { Api } from './api.ts';

/** Both end the sign-in; `erase` also removes everything of the account from this computer. */
export type Leaving = 'sign_out' | 'erase';

export interface LeaveState {
  /** What the person is asked about; null: nothing. */
  readonly asked: Leaving | null;
  /** Acknowledgements that the server has not confirmed yet; kept up to date while somebody is asked. */
  readonly unsent: number;
  /** It happens by itself once they are sent. */
  readonly waiting: boolean;
  /** The wait has ended, because the server did not accept one of them. */
  readonly refused: boolean;
  readonly working: boolean;
}

export interface LeaveStore extends StoreApi<LeaveState> {
  /** Signs out at once where nothing is unsent; otherwise, and before erasing, the person is asked. */
  ask(what: Leaving): Promise<void>;
  wait(): void;
  /** Does it now, whatever is unsent. */
  go(): Promise<void>;
  /** The person stays. */
  cancel(): void;
  apply(unsent: Unsent): void;
  reset(): void;
}

const STAYING: LeaveState = { asked: null, unsent: 0, waiting: false, refused: false, working: false };

/**
 * Leaving, which may come too early: an acknowledgement that was not sent is not lost by signing out, but nobody learns of
 * it until the same account signs in here again, and erasing removes it.
 */
export function createLeaveStore(
  api: Pick<Api, 'signOut' | 'signOutAndErase' | 'unsent'>,
  attempt: (run: () => Promise<unknown>) => Promise<void>,
): LeaveStore {
  const store = createStore<LeaveState>(() => STAYING);
  let latest: Unsent = { unsent: 0, refused: 0 };
  let refusedBefore = 0;

  async function go(): Promise<void> {
    const { asked, working } = store.getState();
    if (asked === null || working) return;
    store.setState({ waiting: false, working: true });
    await attempt(asked === 'erase' ? api.signOutAndErase : api.signOut);
    store.setState(STAYING);
  }

  function apply(next: Unsent): void {
    latest = next;
    const { asked, waiting } = store.getState();
    if (asked === null) return;
    store.setState({ unsent: next.unsent });
    if (!waiting) return;
    if (next.refused > refusedBefore) store.setState({ waiting: false, refused: true });
    else if (next.unsent === 0) void go();
  }

  return Object.assign(store, {
    async ask(what: Leaving) {
      if (store.getState().asked !== null) return;
      if (what === 'erase') store.setState({ ...STAYING, asked: what });
      // Where it cannot be counted, nobody is kept from leaving.
      const found = await api.unsent().catch(() => null);
      if (found !== null) latest = found;
      if (what === 'sign_out' && store.getState().asked === null) {
        store.setState({ ...STAYING, asked: found === null || found.unsent === 0 ? null : what });
        if (store.getState().asked === null) return attempt(api.signOut);
      }
      apply(latest);
    },
    wait() {
      if (store.getState().asked === null) return;
      refusedBefore = latest.refused;
      store.setState({ waiting: true, refused: false });
      apply(latest);
    },
    go,
    cancel() {
      if (!store.getState().working) store.setState(STAYING);
    },
    apply,
    reset() {
      store.setState(STAYING);
    },
  });
}
