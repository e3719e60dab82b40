import { eventName } from '../../protocol/control.ts';
import { parsePosition } from '../../protocol/cursor.ts';
import type { StreamItem, StreamState } from '../stream/types.ts';

/** Answers by which servers that know no StreamStale refuse an id they no longer keep. */
const REFUSALS: ReadonlySet<number> = new Set([400, 410, 412, 416]);
/** One such answer may be a proxy's mood. */
const ENOUGH = 3;

export interface RefusedCursor {
  /** True once the server has refused this cursor so often that only going on without it helps. */
  note(state: StreamState, cursor: string | null): boolean;
}

/** Only for opaque ids: our own servers say StreamStale, and an id of theirs is never thrown away on an error's word. */
export function createRefusedCursor(): RefusedCursor {
  let refusals = 0;
  return {
    note(state, cursor) {
      if (state.phase === 'connecting') return false;
      const status = state.phase === 'waiting' ? state.failure.status : null;
      const isOpaque = cursor !== null && cursor !== '' && parsePosition(cursor) === undefined;
      if (status === null || !REFUSALS.has(status) || !isOpaque) {
        refusals = 0;
        return false;
      }
      refusals += 1;
      if (refusals < ENOUGH) return false;
      refusals = 0;
      return true;
    },
  };
}

/** What a server of ours would have said: the ledger then opens a gap and forgets the cursor, in one transaction. */
export function forgetCursor(userId: string): StreamItem {
  const data = JSON.stringify({ asOf: null, oldest: null });
  return { kind: 'event', id: null, name: eventName(userId, 'StreamStale'), data };
}
