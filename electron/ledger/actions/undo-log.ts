/** What an action changed, so that it can be put back. Contracts by rowid, all arrays in the same order. */
export type Done =
  | {
      readonly what: 'read';
      readonly contracts: Float64Array;
      /** Unread changes of each before. */
      readonly unread: Float64Array;
      /** Those that were ahead of the log and unread: where each stood, and up to where it had been read before. */
      readonly ahead: readonly {
        readonly id: number;
        readonly position: number;
        readonly readTo: number | null;
      }[];
    }
  | {
      readonly what: 'unread';
      readonly contracts: Float64Array;
      /** The change of each that was marked; the negative of its position where it was ahead of the log. */
      readonly marked: Float64Array;
      /** The action by which each had been read (0: none), and the marks that this had left to its undo. */
      readonly readBy: Float64Array;
      readonly settled: ReadonlyMap<number, readonly number[]>;
    }
  | { readonly what: 'mute'; readonly contracts: Float64Array; readonly muted: 0 | 1 }
  | {
      readonly what: 'snooze';
      readonly contracts: Float64Array;
      /** What it was set to, and what each had before; NaN for none. Epoch ms. */
      readonly until: number;
      readonly before: Float64Array;
      /** Of each one's latest change: a later one ends the matter. */
      readonly positions: Float64Array;
    }
  | { readonly what: 'acknowledge'; readonly contracts: Float64Array; readonly outboxIds: Float64Array };

export interface UndoEntry {
  readonly accountId: number;
  readonly done: Done;
}

/** The last actions, for as long as the thread lives. */
export interface UndoLog {
  /** The number of the next action: never used before, also not by a thread that ended. */
  nextId(): number;
  /** Keeps what the action of that number did. Forgets the oldest beyond MAX_ACTIONS, or MAX_CONTRACTS altogether. */
  keep(entry: UndoEntry): number;
  get(accountId: number, undoId: number): Done | null;
  drop(undoId: number): void;
}

const MAX_ACTIONS = 100;
/** About 50 MB of numbers. */
const MAX_CONTRACTS = 2_000_000;

/** `start`: later than all numbers of earlier threads (epoch ms does). */
export function openUndoLog(start: number): UndoLog {
  const entries = new Map<number, UndoEntry>();
  let next = start;
  let contracts = 0;

  function drop(undoId: number): void {
    contracts -= entries.get(undoId)?.done.contracts.length ?? 0;
    entries.delete(undoId);
  }

  return {
    nextId: () => next,
    keep(entry) {
      const undoId = next++;
      entries.set(undoId, entry);
      contracts += entry.done.contracts.length;
      for (const oldest of entries.keys()) {
        if (oldest === undoId || (entries.size <= MAX_ACTIONS && contracts <= MAX_CONTRACTS)) break;
        drop(oldest);
      }
      return undoId;
    },
    get(accountId, undoId) {
      const entry = entries.get(undoId);
      return entry?.accountId === accountId ? entry.done : null;
    },
    drop,
  };
}
