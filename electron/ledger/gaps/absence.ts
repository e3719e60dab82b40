import { closeContext, newestPosition, openContext } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import type { Store } from '../storage/store.ts';

/** A gap of more than this between two signs of life is an absence. Ms. */
const ABSENCE_MS = 5 * 60_000;
/** Servers that name no heads: an absence counts as caught up with by the first append this long after its start. Ms. */
const SETTLED_MS = 10_000;

/** Notes a sign of life, and the begin (or, without heads, the end) of an absence. */
export function noteSign(context: WriteContext): void {
  const { state, now } = context;
  if (state.awaySince === null && state.lastSignAt !== null && now - state.lastSignAt > ABSENCE_MS) {
    state.awaySince = state.lastSignAt;
    state.awayOpenedAt = now;
    state.awayPosition = newestPosition(context);
  } else if (state.headsSeen === 0 && state.awayOpenedAt !== null && now - state.awayOpenedAt >= SETTLED_MS) {
    closeAbsence(context);
  }
  state.lastSignAt = now;
}

/** Of `Ledger.noteLife`. */
export function noteLife(store: Store, accountId: number, now: number, isCaughtUp: boolean): void {
  store.transaction('normal', () => {
    const context = openContext(store, accountId, now);
    noteSign(context);
    if (isCaughtUp && context.state.headsSeen === 0) closeAbsence(context);
    closeContext(context);
  });
}

/** The stream has brought what the server had. */
export function closeAbsence(context: WriteContext): void {
  const { state, now } = context;
  if (state.awaySince === null) return;
  state.absenceSince = state.awaySince;
  state.absenceUntil = now;
  state.absenceFrom = state.awayPosition;
  state.absenceTo = newestPosition(context);
  state.awaySince = null;
  state.awayOpenedAt = null;
  state.awayPosition = null;
}
