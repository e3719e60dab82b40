import type { ConnectionStatus } from '../../protocol/connection.ts';
import { parsePosition } from '../../protocol/cursor.ts';

export type Replay = ConnectionStatus['replay'];

/**
 * Finds out whether a server sends again what happened while the app was away. An event that follows the cursor and comes
 * before the first head of an opening, which says that all is sent, was kept for us; a head that is ahead of the cursor
 * without that event says that it was not. Opaque ids and servers without heads show nothing either way: what comes
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

export function createReplayWatch(onKnown: (replay: Exclude<Replay, 'unknown'>) => void): ReplayWatch {
  let from: { readonly epoch: string; readonly sequence: number } | null = null;
  let followed = false;

  return {
    get isOpen() {
      return from !== null;
    },
    opened(cursor) {
      from = (cursor === null ? undefined : parsePosition(cursor)) ?? null;
      followed = false;
    },
    event(id) {
      const position = parsePosition(id);
      if (from === null || position === undefined || position.epoch !== from.epoch) return;
      if (position.sequence === from.sequence + 1) followed = true;
    },
    head(head) {
      const position = head === null ? undefined : parsePosition(head);
      if (from !== null && position !== undefined && position.epoch === from.epoch) {
        if (followed) onKnown('proven');
        else if (position.sequence > from.sequence) onKnown('none');
      }
      from = null;
    },
    stale() {
      from = null;
    },
  };
}
