import type { ConnectionStatus } from '../../protocol/connection.ts';
import { parsePosition } from '../../protocol/cursor.ts';

export type Replay = ConnectionStatus['replay'];

/**
 * Finds out whether a server sends again what happened while the app was away. Events that follow the cursor and come
 * before the first head of an opening, which says that all is sent, were kept for us; a head that is ahead of the cursor
 * without any says that they were not, and one that is ahead of some that nothing may be relied upon. That the log is another than
 * it was is the ledger's to find out. Opaque ids and servers without heads show nothing either way: what comes
 * first may have happened just now.
 */
export interface ReplayWatch {
  opened(cursor: string | null): void;
  event(id: string): void;
  head(head: string | null): void;
  /** The server has said that it no longer has what follows the cursor; nothing follows from that. */
  stale(): void;
  /** Whether the next event or head of this opening may tell. */
  readonly isOpen: boolean;
}

export function createReplayWatch(onKnown: (replay: Replay) => void): ReplayWatch {
  let from: { readonly epoch: string; readonly sequence: number } | null = null;
  /** The last that came without one missing since the cursor. */
  let reached = 0;

  return {
    get isOpen() {
      return from !== null;
    },
    opened(cursor) {
      from = (cursor === null ? undefined : parsePosition(cursor)) ?? null;
      reached = from?.sequence ?? 0;
    },
    event(id) {
      const position = parsePosition(id);
      if (from === null || position === undefined || position.epoch !== from.epoch) return;
      if (position.sequence === reached + 1) reached += 1;
    },
    head(head) {
      const position = head === null ? undefined : parsePosition(head);
      if (from !== null && position !== undefined && position.epoch === from.epoch) {
        const { sequence } = position;
        if (sequence > from.sequence && reached === from.sequence) onKnown('none');
        else if (sequence > reached) onKnown('unknown');
        else if (reached > from.sequence) onKnown('proven');
      }
      from = null;
    },
    stale() {
      from = null;
    },
  };
}
