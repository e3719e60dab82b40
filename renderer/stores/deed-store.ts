import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Deed, DeedOutcome } from '../../protocol/deeds.ts';
import type { Api } from './api.ts';

/** What was done, for the words that say it. `nothing` and `too_late` are answers, not deeds. */
export type DoneWhat =
  | 'read'
  | 'unread'
  | 'view_read'
  | 'muted'
  | 'unmuted'
  | 'snoozed'
  | 'unsnoozed'
  | 'acknowledged'
  | 'view_saved'
  | 'view_removed'
  | 'reference_copied'
  | 'exported'
  | 'exported_neutralised'
  | 'portal_no_template'
  | 'portal_not_https'
  | 'portal_refused'
  | 'undone'
  | 'nothing'
  | 'too_late';

export interface Done {
  readonly id: number;
  readonly what: DoneWhat;
  /** Contracts concerned; 1 where it does not apply. */
  readonly count: number;
  /** A time (epoch ms) that belongs to it: until when it is snoozed. */
  readonly until: number | null;
  /** A second number that belongs to it: of cells neutralised. */
  readonly also: number;
  /** A name that belongs to it: of a saved view, of a file. */
  readonly name: string;
  /** The one contract that was acknowledged; null where it was another deed, or several. */
  readonly acknowledged: string | null;
  /** True while `undo` can take it back. */
  readonly undoable: boolean;
}

export interface DeedState {
  /** The last thing done, to be told; each has its own id. */
  readonly done: Done | null;
}

export interface DeedStore extends StoreApi<DeedState> {
  /** Does it to all of them at once. Tells what came of it; rejects when main refused. */
  perform(contractIds: readonly string[], deed: Deed): Promise<void>;
  markViewRead(viewId: number): Promise<void>;
  /** Tells of something else that was done; with `takeBack` it can be undone like a deed. */
  tell(what: DoneWhat, about?: About): void;
  canUndo(): boolean;
  /** Takes back the latest deed that has not been taken back; repeated, those before it. */
  undo(): Promise<void>;
  /** Takes back the acknowledgement of this contract alone, wherever it stands among the deeds. False: there is none. */
  undoAcknowledged(contractId: string): Promise<boolean>;
  reset(): void;
}

export interface About {
  readonly name?: string;
  readonly count?: number;
  readonly also?: number;
  readonly takeBack?: () => Promise<unknown>;
}

interface Undo {
  readonly acknowledged: string | null;
  takeBack(): Promise<boolean>;
}

const MAX_KEPT = 100;
const NO_MORE = { count: 1, until: null, name: '', also: 0, acknowledged: null } as const;

/** Everything a person does can be taken back, the latest first. */
export function createDeedStore(api: Pick<Api, 'doToContracts' | 'markViewRead' | 'undoDeed'>): DeedStore {
  const store = createStore<DeedState>(() => ({ done: null }));
  let undos: readonly Undo[] = [];
  let nextId = 1;

  function tell(done: Omit<Done, 'id' | 'undoable'>, takeBack: (() => Promise<boolean>) | null): void {
    if (takeBack) undos = [...undos, { takeBack, acknowledged: done.acknowledged }].slice(-MAX_KEPT);
    store.setState({ done: { ...done, id: nextId++, undoable: takeBack !== null } });
  }

  function report(what: DoneWhat, { undoId, changed }: DeedOutcome, about: Partial<Done> = {}): void {
    if (undoId === null) tell({ ...NO_MORE, what: 'nothing' }, null);
    else tell({ ...NO_MORE, ...about, what, count: changed }, () => api.undoDeed(undoId));
  }

  async function back(undo: Undo): Promise<void> {
    undos = undos.filter((each) => each !== undo);
    const taken = await undo.takeBack();
    tell({ ...NO_MORE, what: taken ? 'undone' : 'too_late' }, null);
  }

  return Object.assign(store, {
    async perform(contractIds: readonly string[], deed: Deed) {
      if (contractIds.length === 0) return;
      const outcome = await api.doToContracts(contractIds, deed);
      const [acknowledged = null] = deed.do === 'acknowledge' && contractIds.length === 1 ? contractIds : [];
      report(wordOf(deed), outcome, { acknowledged, until: deed.do === 'snooze' ? deed.until : null });
    },
    async markViewRead(viewId: number) {
      report('view_read', await api.markViewRead(viewId));
    },
    tell(what: DoneWhat, { takeBack, ...about }: About = {}) {
      tell({ ...NO_MORE, ...about, what }, takeBack ? () => takeBack().then(() => true) : null);
    },
    canUndo: () => undos.length > 0,
    async undo() {
      const last = undos.at(-1);
      if (last) await back(last);
    },
    async undoAcknowledged(contractId: string) {
      const deed = undos.findLast(({ acknowledged }) => acknowledged === contractId);
      if (deed) await back(deed);
      return deed !== undefined;
    },
    reset() {
      undos = [];
      store.setState({ done: null });
    },
  });
}

function wordOf(deed: Deed): DoneWhat {
  switch (deed.do) {
    case 'read':
      return deed.read ? 'read' : 'unread';
    case 'mute':
      return deed.muted ? 'muted' : 'unmuted';
    case 'snooze':
      return 'snoozed';
    case 'unsnooze':
      return 'unsnoozed';
    case 'acknowledge':
      return 'acknowledged';
  }
}
