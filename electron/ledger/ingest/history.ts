import { parsePosition } from '../../../protocol/cursor.ts';
import type { StatusChanged } from '../../../protocol/event.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import { apart } from './apart.ts';
import { isOldVersion } from './append.ts';
import { orderOf, readEntries, type PlaceInOrder, type Uses } from './history-order.ts';
import { closeContext, openContext, storeEvent } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import { epochIndexOf, positionOf, sequenceOfPosition, type Epoch } from '../log/epochs.ts';
import type { KnownEvent } from '../log/events.ts';
import { wasListed } from '../log/listed.ts';
import { healNamed } from '../gaps/named-head.ts';
import { beginFromHistory, beginOpaqueLife, contradictsVersions, isReused, streamOf } from '../log/lives.ts';
import { fillSetAside, isSetAside, quarantineNote } from '../gaps/quarantine.ts';
import { idOf, noteUnreadable } from '../gaps/unreadable.ts';
import { repeatEvent, repeatFromHistory } from './repeated.ts';
import { noteUntold, readUntold } from './untold.ts';
import { reconcileSince } from '../log/since.ts';
import type { Store } from '../storage/store.ts';
import type { FreshEvent, MergeOutcome } from '../ingest.ts';
import { addVersion } from '../storage/versions.ts';

const MAX_FRESH = 50;

/** Stores what is missing of one contract's original envelopes, each at its own place. */
export function mergeHistory(
  store: Store,
  accountId: number,
  contractId: string,
  envelopes: readonly string[],
  now: number,
  isTold: boolean,
): MergeOutcome {
  const outcomes = apart(
    envelopes,
    (some) => mergeSome(store, accountId, contractId, some, now, isTold),
    (envelope, reason) => {
      store.transaction('normal', () => {
        const context = openContext(store, accountId, now);
        quarantineNote(context, { id: null, reason: `history: ${reason}`, data: envelope });
        closeContext(context);
      });
      return { stored: 0, unreadable: 1, openedGap: false, fresh: [] };
    },
  );
  return {
    stored: outcomes.reduce((sum, { stored }) => sum + stored, 0),
    unreadable: outcomes.reduce((sum, { unreadable }) => sum + unreadable, 0),
    openedGap: outcomes.some(({ openedGap }) => openedGap),
    fresh: outcomes.flatMap(({ fresh }) => fresh).slice(-MAX_FRESH),
  };
}

function mergeSome(
  store: Store,
  accountId: number,
  contractId: string,
  envelopes: readonly string[],
  now: number,
  isToldOfAll: boolean,
): MergeOutcome {
  return store.transaction('normal', () => {
    const context = openContext(store, accountId, now);
    const fresh: FreshEvent[] = [];
    const newest = context.contracts.get(contractId)?.haveTop ?? 0;
    const aside = new Set<string>();
    let [stored, unreadable] = [0, 0];
    const entries = readEntries(envelopes);
    const order = orderOf(context, entries);
    for (const [index, { decoded, envelope, ...uses }] of entries.entries()) {
      if (!decoded.ok || decoded.value.data.contract.id !== contractId) {
        unreadable++;
        // It leaves nothing missing that was not missing before: the gaps it could have filled stay open.
        const reason = decoded.ok ? 'it is of another contract' : decoded.reason;
        const id = decoded.ok ? decoded.value.id : idOf(envelope);
        const isKnown = id !== null && isSetAside(context, id);
        const isNew = quarantineNote(context, { id, reason: `history: ${reason}`, data: envelope });
        if (isNew && !isKnown) aside.add(envelope);
        continue;
      }
      const event = decoded.value;
      const { same, place } = placeOf(context, event, uses, {
        isAboveLater: (there) => order.isAboveLater(index, there),
        isBelowEarlier: (there) => order.isBelowEarlier(index, there),
      });
      const isCurrent = !uses.isReplaced && uses.laterUse === null;
      const awaited = same !== null && isCurrent ? awaitedPlace(context, event, same) : null;
      if (same !== null && awaited !== null) {
        repeatEvent(context, event, envelope, same, awaited);
        const [index, sequence] = [epochIndexOf(awaited), sequenceOfPosition(awaited)];
        if (same.position === awaited) context.gaps.fillAgain(index, sequence, contractId);
        else context.gaps.fill(index, sequence, true);
        continue;
      }
      if (same !== null) {
        repeatFromHistory(context, event, envelope, same, uses.isReplaced);
        const untold = isToldOfAll ? readUntold(context, event, same.position) : null;
        if (untold) fresh.push({ ...untold, isAhead: true });
        continue;
      }
      const isTold = isToldOfAll || hasPassed(context, event, place);
      const outcome = storeEvent(context, event, envelope, place, {
        origin: 'history',
        beforeBaseline: isBefore(context, event, place),
        life: parsePosition(event.id) ? 0 : streamOf(context).life,
        isPast: uses.isReplaced || !context.epochs.isLive(place),
        isReplaced: uses.isReplaced,
      });
      stored++;
      fillSetAside(context, event, envelope);
      order.note(index, place);
      if (parsePosition(event.id)) context.gaps.fill(epochIndexOf(place), sequenceOfPosition(place), true);
      if (!outcome.fresh) continue;
      if (isAhead(context, event.id)) {
        noteUntold(context, event, place);
        if (isToldOfAll) fresh.push({ ...outcome.fresh, isAhead: true });
        continue;
      }
      if (isTold) fresh.push(outcome.fresh);
      else if (event.data.contract.version > newest) noteUntold(context, event, place);
    }
    if (unreadable > 0) noteUnreadable(context, contractId, entries, aside);
    if (envelopes.length === 0) closeWithoutHistory(context, contractId);
    const record = stored > 0 ? context.contracts.get(contractId) : undefined;
    if (record) {
      reconcileSince(context, record);
      // No attempt at repair may follow: who opened the contract has asked.
      context.gaps.fillVersions(contractId, record);
      healNamed(context);
    }
    closeContext(context);
    return { stored, unreadable, openedGap: context.gaps.opened() > 0, fresh: fresh.slice(-MAX_FRESH) };
  });
}

/** Where the log has the event; an id that stands for another event by now begins a new life of the log. */
function placeOf(
  context: WriteContext,
  event: StatusChanged,
  { isReplaced, laterUse }: Uses,
  order: PlaceInOrder,
): { readonly same: KnownEvent | null; readonly place: number } {
  const { events, epochs } = context;
  const { same, others } = events.lookUp(event);
  const position = parsePosition(event.id);
  if (!position) {
    if (same) return { same, place: same.position };
    if (others.some((other) => other.life === streamOf(context).life)) beginOpaqueLife(context, event.id);
    return { same: null, place: epochs.nextOpaque() };
  }
  if (same) return { same, place: same.position };
  const place = epochs.placeOfHistory(event.id);
  const epoch = epochs.at(epochIndexOf(place));
  if (!epoch) return { same: null, place };
  const earlier = placeBefore(context, event, epoch, position.sequence, isReplaced, order);
  if (earlier !== null) return { same: null, place: earlier };
  const later = laterUse === null ? null : events.lookUp(laterUse.event).same;
  if (laterUse !== null && later !== null && hasMovedOn(context, laterUse.event, later, epoch, place)) {
    return { same: null, place: giveWay(context, laterUse, later, place) };
  }
  if (!isReused(context, place, others)) return { same: null, place };
  context.gaps.fillAgain(epoch.index, position.sequence, event.data.contract.id);
  const from = later === null ? epoch : epochs.at(epochIndexOf(later.position));
  // What a later change replaces begins no life, unless that is the one whose place it has.
  const isOld = isReplaced && later === null;
  const next = isOld || !from ? null : beginFromHistory(context, from, position.sequence, event.id);
  if (next === null) return { same: null, place: epochs.nextEarly() };
  const there = positionOf(next.index, position.sequence);
  if (laterUse === null || later === null) return { same: null, place: there };
  return { same: null, place: giveWay(context, laterUse, later, there) };
}

/**
 * The place at which the present life of the log told it, in a form that could not be read. Or at which the stream left it out after
 * a history had told it ahead: then it was taken for one of an earlier life, which was over when it came.
 */
function awaitedPlace(context: WriteContext, event: StatusChanged, same: KnownEvent): number | null {
  const { epochs, events, gaps } = context;
  const position = parsePosition(event.id);
  const epoch = position && epochs.find(position);
  if (!position || !epoch) return null;
  const { sequence } = position;
  const place = positionOf(epoch.index, sequence);
  if (gaps.awaits(epoch.index, sequence, event.data.contract.id)) return place;
  if (epochs.isLive(same.position) || !gaps.covers(epoch.index, sequence)) return null;
  const isGuessed = events.isYounger(same.position, positionOf(epoch.index, epoch.firstSequence), place);
  return isGuessed && !contradictsVersions(context, event, epoch, sequence) ? place : null;
}

/** Whether the life that the later use of an id is of has turned out to have begun before it: its place there is free. */
function hasMovedOn(
  context: WriteContext,
  event: StatusChanged,
  known: KnownEvent,
  epoch: Epoch,
  place: number,
): boolean {
  const { epochs, events } = context;
  const isBelow = epochs.livesBefore(epoch).some(({ index }) => index === epochIndexOf(known.position));
  return isBelow && snapshotHolds(context, event, place) === true && !events.isTaken(place);
}

/**
 * What stands here is of a later life, although it looked like a replay when it came. It goes there; what was here before it
 * gets the place that this returns.
 */
function giveWay(
  context: WriteContext,
  { event, envelope }: NonNullable<Uses['laterUse']>,
  known: KnownEvent,
  there: number,
): number {
  repeatEvent(context, event, envelope, known, there);
  context.gaps.fill(epochIndexOf(there), sequenceOfPosition(there), true);
  return known.position;
}

/**
 * A history may remember what a log held before it began again, under ids that stand for other events by now. Where a life
 * before has no event in that place, it is of that life if its time is, if the place is taken in the present one, or if a
 * snapshot that reaches so far has not its version. Without such a snapshot: if the stream has yet to come there (and then
 * tells whether it is there) although later events, or a head named later, have come. Of several such lives it is of the last one in which it lies
 * below what the history tells after it; of none in which it lies below what the history tells before it.
 */
function placeBefore(
  context: WriteContext,
  event: StatusChanged,
  epoch: Epoch,
  sequence: number,
  isReplaced: boolean,
  { isAboveLater, isBelowEarlier }: PlaceInOrder,
): number | null {
  const { epochs, events, state } = context;
  const lives = epochs.livesBefore(epoch);
  if (lives.length === 0) return null;
  if (!isReplaced && context.gaps.awaits(epoch.index, sequence, event.data.contract.id)) return null;
  const isOver = state.emptied === 1 || (state.currentEpoch !== null && epoch.index < state.currentEpoch);
  const place = positionOf(epoch.index, sequence);
  const isHeld = snapshotHolds(context, event, place);
  const time = parseInstant(event.time) ?? Number.POSITIVE_INFINITY;
  const reached = isOver || sequence <= epoch.lastSequence ? null : timeReached(context, epoch);
  const isAheadOfLog = reached !== null && time <= reached;
  const isGone = isHeld === null ? isAheadOfLog : isReplaced || !isHeld;
  const doubtful = isGone || events.isTaken(place);
  let found: number | null = null;
  for (const { index, firstSequence } of lives) {
    const earlier = positionOf(index, sequence);
    // What the history tells before it has come later than that.
    if (isBelowEarlier(earlier)) break;
    if (sequence < firstSequence || events.isTaken(earlier)) continue;
    const last = events.lastTime(index);
    if (!doubtful && (last === null || time > (parseInstant(last) ?? 0))) continue;
    found = earlier;
    if (!isAboveLater(earlier)) break;
  }
  return found;
}

/**
 * Up to when (epoch ms) it is known that this row of the log had no more than the stream brought of it: its last event was
 * made, or else its head was named (a log that went back). Where neither came, what histories brought ahead of the stream
 * tells; it says nothing of what the stream has passed over. Infinity: nothing is known.
 */
function timeReached({ events, state }: WriteContext, { index, lastSequence }: Epoch): number {
  const streamed = events.lastTime(index, lastSequence);
  if (streamed !== null) return parseInstant(streamed) ?? 0;
  if (state.headEpoch === index && state.headTime !== null) return state.headTime;
  const told = events.lastTime(index);
  return told === null ? Number.POSITIVE_INFINITY : (parseInstant(told) ?? 0);
}

/** Whether the last snapshot has this version of the contract; null where the snapshot does not reach this place in the log. */
function snapshotHolds(
  { state, contracts }: WriteContext,
  event: StatusChanged,
  place: number,
): boolean | null {
  const { snapshotAsOf: asOf, emptied } = state;
  if (asOf === null ? emptied === 0 : asOf < place) return null;
  const { id, version } = event.data.contract;
  const record = contracts.get(id);
  return record?.snapRun === state.snapshotRun && version <= (record.snapVersion ?? 0);
}

/** The server has nothing of this contract for this user: what the last snapshot said of it is where it begins here. */
function closeWithoutHistory(context: WriteContext, contractId: string): void {
  const record = context.contracts.get(contractId);
  if (!record || record.baseVersion !== null || record.snapVersion === null) return;
  addVersion(record, record.snapVersion);
  record.baseVersion = record.snapVersion;
  record.basePosition = context.state.snapshotAsOf ?? 0;
  record.baseFixed = 1;
  context.contracts.touch(record);
}

function isAhead({ epochs, state }: WriteContext, eventId: string): boolean {
  const position = parsePosition(eventId);
  if (!position) return false;
  const epoch = epochs.find(position);
  return epoch !== undefined && epoch.index === state.currentEpoch && position.sequence > epoch.lastSequence;
}

/** The stream has come by it and left it out, or brought it unreadably: it will not bring it again. */
function hasPassed(context: WriteContext, event: StatusChanged, place: number): boolean {
  if (!parsePosition(event.id)) return isSetAside(context, event.id);
  return context.gaps.covers(epochIndexOf(place), sequenceOfPosition(place));
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
  if (place <= state.baselinePosition || sequenceOfPosition(place) <= epoch.baselineSequence) return true;
  return wasListed(context, event, epoch);
}

/** Where positions tell nothing, the server's own clock does. */
function byTime({ state }: WriteContext, event: StatusChanged, otherwise: boolean): boolean {
  return state.baselineTime === null ? otherwise : (parseInstant(event.time) ?? 0) <= state.baselineTime;
}
