import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '../../protocol/failures.ts';
import type { ChosenBackup, RestoreResult } from '../../protocol/ipc.ts';
import { toFailure, type Api } from './api.ts';

export interface BackupState {
  readonly working: 'saving' | 'reading' | 'restoring' | null;
  /** What the person is asked about; `unsent`: acknowledgements that the server has not confirmed. Null: nothing. */
  readonly asked: { readonly backup: ChosenBackup; readonly unsent: number } | null;
  /** What came of the last one; null: nothing that is to be told. */
  readonly outcome:
    | { readonly what: 'saved'; readonly path: string; readonly bytes: number }
    | ({ readonly what: 'restored' } & RestoreResult)
    | { readonly what: 'failed'; readonly why: Failure }
    | null;
}

export interface BackupStore extends StoreApi<BackupState> {
  backUp(): Promise<void>;
  /** Lets the person choose a backup, and asks about it. */
  choose(): Promise<void>;
  restore(): Promise<void>;
  cancel(): void;
  reset(): void;
}

const NOTHING: BackupState = { working: null, asked: null, outcome: null };

/** Backups of the stored history, and going back to one. `onRestored`: nothing of what was read before holds any more. */
export function createBackupStore(
  api: Pick<Api, 'backUp' | 'chooseBackup' | 'restore' | 'dropBackup' | 'unsent'>,
  onRestored: () => void,
): BackupStore {
  const store = createStore<BackupState>(() => NOTHING);

  /** One thing at a time; a rejection is told. */
  async function run(
    working: NonNullable<BackupState['working']>,
    work: () => Promise<Partial<BackupState>>,
  ): Promise<void> {
    if (store.getState().working !== null) return;
    store.setState({ working, outcome: null });
    try {
      store.setState({ ...(await work()), working: null });
    } catch (error) {
      store.setState({ ...NOTHING, outcome: { what: 'failed', why: toFailure(error) } });
    }
  }

  return Object.assign(store, {
    backUp: () =>
      run('saving', async () => {
        const result = await api.backUp();
        return { outcome: result.saved ? { what: 'saved', path: result.path, bytes: result.bytes } : null };
      }),
    choose: () =>
      run('reading', async () => {
        const backup = await api.chooseBackup();
        if (backup === null) return {};
        // Where it cannot be counted, nobody is kept from restoring.
        const { unsent } = await api.unsent().catch(() => ({ unsent: 0 }));
        return { asked: { backup, unsent } };
      }),
    restore: () =>
      run('restoring', async () => {
        const result = await api.restore();
        onRestored();
        return { asked: null, outcome: { what: 'restored', ...result } };
      }),
    cancel() {
      const { working, asked } = store.getState();
      if (working !== null || asked === null) return;
      store.setState({ asked: null });
      api.dropBackup().catch(() => undefined);
    },
    reset() {
      store.setState(NOTHING);
    },
  });
}
