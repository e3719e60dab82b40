import { parsePosition, type Position } from '../../../protocol/cursor.ts';
import { closeContext, newestPosition, openContext } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import type { Store } from '../storage/store.ts';
import { reachEpoch } from './control.ts';
import { isKnown } from './named-head.ts';

/** The ledger that a backup takes the place of had this change: what the backup has not of it is missing. */
export function expectNamed(store: Store, accountId: number, id: string, now: number): void {
  store.transaction('normal', () => {
    const context = openContext(store, accountId, now);
    const note = `${id} was here before a backup was restored`;
    const position = parsePosition(id);
    if (position) expectPosition(context, position, note);
    else if (!isKnown(context, id)) {
      const place = { start: newestPosition(context), end: null };
      context.gaps.openUnknown('sequence', id, place, note);
    }
    closeContext(context);
  });
}

/** As a head would name it. Where heads come the next one does so by itself, and what it names is mostly sent again before it. */
function expectPosition(context: WriteContext, position: Position, note: string): void {
  const { state, gaps } = context;
  if (state.headsSeen === 1) return;
  const { epoch, before, began } = reachEpoch(context, position, 'head');
  if (began || state.currentEpoch !== epoch.index || position.sequence <= epoch.lastSequence) return;
  gaps.openRange('sequence', epoch, before + 1, position.sequence, note);
  epoch.lastSequence = position.sequence;
}
