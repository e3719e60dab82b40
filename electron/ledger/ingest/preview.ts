import type { SnapshotContract } from '../ingest.ts';
import { formatPosition, parsePosition } from '../../../protocol/cursor.ts';
import type { StatusChanged } from '../../../protocol/event.ts';
import { decodeEvent } from '../../../protocol/decode-event.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import { saveLogState } from '../log/ahead.ts';
import { closeContext, currentEpoch, openContext } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import { positionOf, type Epoch } from '../log/epochs.ts';
import { projectSnapshot } from '../log/projection.ts';
import type { Store } from '../storage/store.ts';
import type { PreviewOutcome, PreviewPage } from '../ingest.ts';

/*
 * The newest states of contracts while the log is still on its way: shown in their rows, marked `ahead`, and nothing else.
 * The log decides: what it brings takes the mark away (see ahead.ts).
 */

/** From which event on a preview is to be asked for: the end of the last one, or the cursor; null where none is possible. */
export function previewFrom(store: Store, accountId: number): string | null {
  const context = openContext(store, accountId, 0);
  const epoch = previewable(context);
  if (!epoch) return null;
  const { state } = context;
  const goesOn = state.previewEpoch === epoch.index && (state.previewSequence ?? 0) > epoch.lastSequence;
  return goesOn ? formatPosition({ epoch: epoch.label, sequence: state.previewSequence ?? 0 }) : state.cursor;
}

/** Own ids, a baseline, and a cursor in the log's present life. */
function previewable(context: WriteContext): Epoch | undefined {
  const { state } = context;
  const epoch = currentEpoch(context);
  const cursor = state.cursor === null ? undefined : parsePosition(state.cursor);
  if (state.baseline !== 'snapshot' || !epoch || state.emptied === 1) return undefined;
  return cursor?.epoch === epoch.label && epoch.kind === 'own' ? epoch : undefined;
}

/** Takes in one page; null where it does not fit the log as it stands now. */
export function preview(
  store: Store,
  accountId: number,
  page: PreviewPage,
  now: number,
): PreviewOutcome | null {
  return store.transaction('normal', () => {
    const context = openContext(store, accountId, now);
    const epoch = previewable(context);
    const [from, asOf] = [parsePosition(page.since), parsePosition(page.asOf)];
    if (!epoch || from?.epoch !== epoch.label || asOf?.epoch !== epoch.label) return null;
    // A server that went back, of which the stream has not told yet.
    if (asOf.sequence < from.sequence) return null;
    const shown = page.contracts.filter((item) => showAhead(context, item, epoch, asOf.sequence));
    if (page.end !== 'more') note(context, epoch, page, [from.sequence, asOf.sequence]);
    closeContext(context);
    return {
      contracts: shown.map((item) => item.contract.id),
      behind: Math.max(0, asOf.sequence - epoch.lastSequence),
    };
  });
}

function showAhead(context: WriteContext, item: SnapshotContract, epoch: Epoch, asOf: number): boolean {
  const { contracts } = context;
  const place = item.lastEventId === null ? undefined : parsePosition(item.lastEventId);
  // The log has been there already, or will never come there.
  if (place?.epoch !== epoch.label || place.sequence <= epoch.lastSequence || place.sequence > asOf)
    return false;
  const known = contracts.get(item.contract.id);
  if (known && known.version >= item.contract.version && known.superseded === 0) return false;
  const record = known ?? contracts.create(item.contract.id);
  if (record.ahead === 0) saveLogState(record);
  projectSnapshot(record, item, lastEventOf(item), positionOf(epoch.index, place.sequence));
  record.ahead = 2;
  contracts.touch(record);
  return true;
}

/** For who did what; without it the row does without. Nothing is set aside here: the log brings it. */
function lastEventOf({ contract, lastEventId, lastEvent }: SnapshotContract): StatusChanged | null {
  if (lastEvent === null) return null;
  const decoded = decodeEvent(lastEvent);
  const same =
    decoded.ok && decoded.value.id === lastEventId && decoded.value.data.contract.id === contract.id;
  return same ? decoded.value : null;
}

/** Where the preview ended. Cut short, it left out contracts whose changes the log has to bring first. */
function note(
  { state }: WriteContext,
  epoch: Epoch,
  page: PreviewPage,
  [from, asOf]: readonly [from: number, asOf: number],
): void {
  const goesOn = state.previewEpoch === epoch.index && from > epoch.lastSequence;
  if (page.end === 'cut') state.previewFrom = asOf;
  else if (!goesOn) state.previewFrom = from;
  state.previewEpoch = epoch.index;
  state.previewSequence = asOf;
  state.previewTime = parseInstant(page.at) ?? null;
}
