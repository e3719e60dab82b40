import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ContractAction, ActionOutcome } from '../../protocol/actions.ts';
import { namingContract, type Api } from './api.ts';

/** What was done, for the words that say it. `nothing`, `too_late` and what ends so are answers, not actions. */
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
  | 'too_late'
  | 'acknowledged_too_late';

export interface Done {
  readonly id: number;
  readonly what: DoneWhat;
  /** Epoch ms. */
  readonly at: number;
  /** Contracts concerned; 1 where it does not apply. */
  readonly count: number;
  /** A time (epoch ms) that belongs to it: until when it is snoozed. */
  readonly until: number | null;
  /** A second number that belongs to it: of cells neutralised. */
  readonly also: number;
  /** A name that belongs to it: of a saved view, of a file. */
  readonly name: string;
  /** The title of the one contract concerned; null where it is none, or several. */
  readonly title: string | null;
  /** The one contract that was acknowledged; null where it was another action, or several. */
  readonly acknowledged: string | null;
  /** True while `undo` can take it back. */
  readonly undoable: boolean;
}

export interface ActionState {
  /** The last thing done, to be told; each has its own id. */
  readonly done: Done | null;
  /** What `undo` would take back next: null where there is nothing; else the one contract whose acknowledgement it is, if so. */
  readonly next: { readonly acknowledged: string | null } | null;
}

export interface ActionStore extends StoreApi<ActionState> {
  /** Does it to all of them at once. Tells what came of it; rejects when main refused. */
  perform(contractIds: readonly string[], action: ContractAction): Promise<void>;
  markViewRead(viewId: number): Promise<void>;
  /** Tells of something else that was done; with `takeBack` it can be undone like an action. */
  tell(what: DoneWhat, about?: About): void;
  canUndo(): boolean;
  /** Takes back that action alone, wherever it stands among the others; nothing where it was taken back already. */
  undoOne(doneId: number): Promise<void>;
  /** Takes back the latest action that has not been taken back; repeated, those before it. */
  undo(): Promise<void>;
  /** Takes back the acknowledgement of this contract alone, wherever it stands among the actions. False: there is none. */
  undoAcknowledged(contractId: string): Promise<boolean>;
  reset(): void;
}

export interface About {
  readonly name?: string;
  readonly title?: string | null;
  readonly count?: number;
  readonly also?: number;
  readonly takeBack?: () => Promise<unknown>;
}

interface Undo {
  readonly id: number;
  readonly what: DoneWhat;
  readonly count: number;
  readonly title: string | null;
  readonly acknowledged: string | null;
  takeBack(): Promise<boolean>;
}

const MAX_KEPT = 100;
const NO_MORE = { count: 1, until: null, name: '', title: null, also: 0, acknowledged: null } as const;

/** Everything a person does can be taken back, the latest first. `titleOf`: of a contract that is held here. */
export function createActionStore(
  api: Pick<Api, 'performAction' | 'markViewRead' | 'undoAction'>,
  titleOf: (contractId: string) => string | null,
): ActionStore {
  const store = createStore<ActionState>(() => ({ done: null, next: null }));
  let undos: readonly Undo[] = [];
  let nextId = 1;

  function tell(done: Omit<Done, 'id' | 'at' | 'undoable'>, takeBack: (() => Promise<boolean>) | null): void {
    const id = nextId++;
    const { acknowledged, title, what, count } = done;
    if (takeBack) undos = [...undos, { id, what, count, title, takeBack, acknowledged }].slice(-MAX_KEPT);
    const told = { ...done, id, at: Date.now(), undoable: takeBack !== null };
    store.setState({ done: told, next: undos.at(-1) ?? null });
  }

  function report(what: DoneWhat, { undoId, changed }: ActionOutcome, about: Partial<Done> = {}): void {
    if (undoId === null) tell({ ...NO_MORE, title: about.title ?? null, what: 'nothing' }, null);
    else tell({ ...NO_MORE, ...about, what, count: changed }, () => api.undoAction(undoId));
  }

  async function back(undo: Undo): Promise<void> {
    undos = undos.filter((each) => each !== undo);
    store.setState({ next: undos.at(-1) ?? null });
    const { title, count } = undo;
    const taken = await namingContract(title, undo.takeBack);
    const late = undo.what === 'acknowledged' ? 'acknowledged_too_late' : 'too_late';
    tell({ ...NO_MORE, title, count, what: taken ? 'undone' : late }, null);
  }

  return Object.assign(store, {
    async perform(contractIds: readonly string[], action: ContractAction) {
      if (contractIds.length === 0) return;
      const [one = null] = contractIds.length === 1 ? contractIds : [];
      // As it is called when the person asks: it may have left the list by the time of the answer.
      const title = one === null ? null : titleOf(one);
      const outcome = await namingContract(title, () => api.performAction(contractIds, action));
      report(wordOf(action), outcome, {
        title,
        acknowledged: action.do === 'acknowledge' ? one : null,
        until: action.do === 'snooze' ? action.until : null,
      });
    },
    async markViewRead(viewId: number) {
      report('view_read', await api.markViewRead(viewId));
    },
    tell(what: DoneWhat, { takeBack, ...about }: About = {}) {
      tell({ ...NO_MORE, ...about, what }, takeBack ? () => takeBack().then(() => true) : null);
    },
    canUndo: () => undos.length > 0,
    async undoOne(doneId: number) {
      const action = undos.find(({ id }) => id === doneId);
      if (action) await back(action);
    },
    async undo() {
      const last = undos.at(-1);
      if (last) await back(last);
    },
    async undoAcknowledged(contractId: string) {
      const action = undos.findLast(({ acknowledged }) => acknowledged === contractId);
      if (action) await back(action);
      return action !== undefined;
    },
    reset() {
      undos = [];
      store.setState({ done: null, next: null });
    },
  });
}

function wordOf(action: ContractAction): DoneWhat {
  switch (action.do) {
    case 'read':
      return action.read ? 'read' : 'unread';
    case 'mute':
      return action.muted ? 'muted' : 'unmuted';
    case 'snooze':
      return 'snoozed';
    case 'unsnooze':
      return 'unsnoozed';
    case 'acknowledge':
      return 'acknowledged';
  }
}
