import { parsePosition } from '../../protocol/cursor.ts';
import { decodeEvent, type StatusChanged } from '../../protocol/event.ts';
import { parseInstant } from '../../protocol/instant.ts';
import { apart } from './apart.ts';
import { isOldVersion } from './append.ts';
import { closeContext, openContext, storeEvent, type WriteContext } from './context.ts';
import { epochIndexOf, sequenceOfPosition } from './epochs.ts';
import { quarantineNote } from './quarantine.ts';
import type { Store } from './store.ts';
import type { FreshEvent, MergeOutcome } from './types.ts';
import { addVersion } from './versions.ts';

const MAX_FRESH = 50;

/** Stores what is missing of one contract's original envelopes, each at its own place. */
export function mergeHistory(
  store: Store,
  accountId: number,
  contractId: string,
  envelopes: readonly string[],
  now: number,
): MergeOutcome {
  const outcomes = apart(
    envelopes,
    (some) => mergeSome(store, accountId, contractId, some, now),
    (envelope, reason) => {
      store.transaction('normal', () => {
        const context = openContext(store, accountId, now);
        quarantineNote(context, { id: null, reason: `history: ${reason}`, data: envelope });
        closeContext(context);
      });
      return { stored: 0, unreadable: 1, fresh: [] };
    },
  );
  return {
    stored: outcomes.reduce((sum, { stored }) => sum + stored, 0),
    unreadable: outcomes.reduce((sum, { unreadable }) => sum + unreadable, 0),
    fresh: outcomes.flatMap(({ fresh }) => fresh).slice(-MAX_FRESH),
  };
}

function mergeSome(
  store: Store,
  accountId: number,
  contractId: string,
  envelopes: readonly string[],
  now: number,
): MergeOutcome {
  return store.transaction('normal', () => {
    const context = openContext(store, accountId, now);
    const fresh: FreshEvent[] = [];
    let [stored, unreadable] = [0, 0];
    for (const envelope of envelopes) {
      const decoded = decodeEvent(envelope);
      if (!decoded.ok || decoded.value.data.contract.id !== contractId) {
        unreadable++;
        // It leaves nothing missing that was not missing before: the holes it could have filled stay open.
        const reason = decoded.ok ? 'it is of another contract' : decoded.reason;
        quarantineNote(context, {
          id: decoded.ok ? decoded.value.id : null,
          reason: `history: ${reason}`,
          data: envelope,
        });
        continue;
      }
      const event = decoded.value;
      if (context.events.lookUp(event) !== 'new') continue;
      const place = context.epochs.placeOfHistory(event.id);
      const outcome = storeEvent(context, event, envelope, place, {
        origin: 'history',
        beforeBaseline: isBefore(context, event, place),
      });
      stored++;
      if (parsePosition(event.id)) context.holes.fill(epochIndexOf(place), sequenceOfPosition(place), false);
      if (outcome.fresh) fresh.push(outcome.fresh);
    }
    if (envelopes.length === 0) settleWithoutHistory(context, contractId);
    closeContext(context);
    return { stored, unreadable, fresh: fresh.slice(-MAX_FRESH) };
  });
}

/** The server has nothing of this contract for this user: what the last snapshot said of it is where it begins here. */
function settleWithoutHistory(context: WriteContext, contractId: string): void {
  const record = context.contracts.get(contractId);
  if (!record || record.baseVersion !== null || record.snapVersion === null) return;
  addVersion(record, record.snapVersion);
  record.baseVersion = record.snapVersion;
  record.basePosition = context.state.snapshotAsOf ?? 0;
  record.baseFixed = 1;
  context.contracts.touch(record);
}

/** Whether the event is from before this account's beginning here, and so counts as read. */
function isBefore(context: WriteContext, event: StatusChanged, place: number): boolean {
  const { state, epochs, contracts } = context;
  if (!parsePosition(event.id)) {
    if (contracts.get(event.data.contract.id)?.baseFixed === 1) return isOldVersion(context, event);
    return byTime(context, event, false);
  }
  const epoch = epochs.at(epochIndexOf(place));
  if (!epoch || epoch.kind === 'early') return byTime(context, event, true);
  return place <= state.baselinePosition || sequenceOfPosition(place) <= epoch.baselineSequence;
}

/** Where positions tell nothing, the server's own clock does. */
function byTime({ state }: WriteContext, event: StatusChanged, otherwise: boolean): boolean {
  return state.baselineTime === null ? otherwise : (parseInstant(event.time) ?? 0) <= state.baselineTime;
}
