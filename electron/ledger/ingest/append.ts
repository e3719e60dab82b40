import {
  acknowledgedSchema,
  kindOfName,
  noticeSchema,
  streamHeadSchema,
  streamStaleSchema,
  type EventKind,
} from '../../../protocol/control.ts';
import { parsePosition, type Position } from '../../../protocol/cursor.ts';
import { decodeJson, type StatusChanged } from '../../../protocol/event.ts';
import type { StreamItem } from '../../stream/types.ts';
import { applyAcknowledged } from '../log/acknowledged.ts';
import { currentEpoch, moveCursor, newestPosition, storeEvent } from '../log/context.ts';
import { needRepair, type WriteContext } from '../log/write-context.ts';
import { noteSign } from '../gaps/absence.ts';
import { applyHead, applyStale, reachEpoch } from '../gaps/control.ts';
import { healNamed } from '../gaps/named-head.ts';
import { positionOf, type Epoch } from '../log/epochs.ts';
import { isListed } from '../log/listed.ts';
import {
  beginOpaqueLife,
  contradictsBaseline,
  contradictsVersions,
  goBack,
  isReused,
  streamOf,
} from '../log/lives.ts';
import {
  countForeign,
  fillSetAside,
  isSetAsideForOther,
  quarantineEvent,
  quarantineNote,
} from '../gaps/quarantine.ts';
import { readStatus } from './mapped.ts';
import { repeatEvent } from './repeated.ts';
import { takePassed, takeUntold } from './untold.ts';
import { addFresh, MAX_NOTICES, type AppendStats } from './append-stats.ts';

/**
 * Disposes of `items` in order until `pause()` says so (asked after each 16th). True when none was left. Belongs inside
 * one transaction; `taken` gets all it has begun with, so that they can be tried again when it fails.
 */
export function appendItems(
  context: WriteContext,
  items: Iterator<StreamItem>,
  stats: AppendStats,
  pause: () => boolean,
  taken: StreamItem[] = [],
): boolean {
  noteSign(context);
  let next = items.next();
  while (next.done !== true) {
    taken.push(next.value);
    appendItem(context, next.value, stats);
    if (taken.length % 16 === 0 && pause()) break;
    next = items.next();
  }
  if (stats.stored > 0) healNamed(context);
  needRepair(stats, context.repair);
  if (context.gaps.openedToFetch() > 0) needRepair(stats, 'now');
  else if (context.gaps.opened() > 0) needRepair(stats, 'later');
  return next.done === true;
}

/** Sets aside what the ledger failed to store; if even that fails, the gap and the cursor at least. */
export function appendUnstorable(
  context: WriteContext,
  item: StreamItem,
  reason: string,
  stats: AppendStats,
  how: 'whole' | 'bare',
): void {
  const kind = item.kind === 'id' ? undefined : kindOfName(item.name, context.state.userId);
  if (how === 'whole' && item.kind !== 'id') {
    const data = item.kind === 'event' ? item.data : item.head;
    const unstorable = {
      id: item.id,
      reason,
      data,
      ...(item.kind === 'event' ? null : { bytes: item.bytes }),
    };
    if (kind !== undefined && kind !== 'notice') setAside(context, kind, unstorable, stats);
    else if (quarantineNote(context, unstorable)) stats.quarantined++;
    moveOpaqueCursor(context, item.id);
  } else {
    if (kind === 'ContractStatusChanged') {
      context.gaps.openQuarantine({ start: newestPosition(context) }, null, reason);
    }
    if (item.id !== null && item.id !== '') moveCursor(context, item.id);
  }
  if (context.gaps.opened() > 0) needRepair(stats, 'later');
}

function appendItem(context: WriteContext, item: StreamItem, stats: AppendStats): void {
  if (item.kind === 'id') {
    if (item.id === '') context.state.cursor = null;
    else if (!stands(context)) moveCursor(context, item.id);
    return;
  }
  const kind = kindOfName(item.name, context.state.userId);
  if (kind === undefined || (kind === 'notice' && item.kind === 'oversize')) {
    takeStranger(context, item, stats);
    return;
  }
  if (kind === 'ContractStatusChanged') context.state.ownSeen = 1;
  if (item.kind === 'oversize') {
    const unreadable = {
      id: item.id,
      reason: `oversize: ${item.bytes} bytes (${kind})`,
      data: item.head,
      bytes: item.bytes,
    };
    setAside(context, kind, unreadable, stats);
    return;
  }
  if (kind === 'ContractStatusChanged') appendStatus(context, item, stats);
  else appendControl(context, kind, item, stats);
}

/** As long as no own change has ever come, what is addressed to nobody here may be meant for this user. */
const stands = ({ state }: WriteContext): boolean => state.ownSeen === 0 && state.strangers > 0;

/** Addressed to nobody here: counted. Until a first own change has come it is kept whole as well, and the cursor stands. */
function takeStranger(
  context: WriteContext,
  item: Exclude<StreamItem, { kind: 'id' }>,
  stats: AppendStats,
): void {
  const { state } = context;
  const name = item.name === 'message' ? '' : item.name;
  countForeign(context, name);
  stats.foreign++;
  if (state.ownSeen === 0) {
    state.strangers++;
    const reason = name === '' ? 'it has no name' : `it is addressed to ${name.slice(0, 200)}`;
    const part = item.kind === 'event' ? { data: item.data } : { data: item.head, bytes: item.bytes };
    quarantineNote(context, { id: item.id, reason, ...part });
  }
  moveOpaqueCursor(context, item.id);
}

type EventItem = Extract<StreamItem, { kind: 'event' }>;

function setAside(
  context: WriteContext,
  kind: EventKind | 'notice',
  unreadable: Parameters<typeof quarantineEvent>[1],
  stats: AppendStats,
): void {
  if (kind !== 'ContractStatusChanged') {
    if (kind !== 'notice' && quarantineNote(context, unreadable)) stats.quarantined++;
    return;
  }
  if (quarantineEvent(context, unreadable)) stats.quarantined++;
  else stats.duplicates++;
  if (unreadable.id !== null && unreadable.id !== '') moveCursor(context, unreadable.id);
}

function appendStatus(context: WriteContext, item: EventItem, stats: AppendStats): void {
  const decoded = readStatus(context, item);
  if (!decoded.ok) {
    setAside(
      context,
      'ContractStatusChanged',
      { id: item.id, reason: decoded.reason, data: item.data },
      stats,
    );
    return;
  }
  const event = decoded.value;
  const own = parsePosition(event.id);
  const isNew = own
    ? appendOwn(context, event, own, item.data, stats)
    : appendOpaque(context, event, item.data, stats);
  if (isNew) stats.stored++;
  else stats.duplicates++;
  if (item.id === null || item.id === '') return;
  // A repeated opaque id must not set the cursor back to where it was once before.
  if (own || isNew || item.id !== event.id) moveCursor(context, item.id);
}

/** False: it was known. */
function appendOwn(
  context: WriteContext,
  event: StatusChanged,
  position: Position,
  envelope: string,
  stats: AppendStats,
): boolean {
  const { state, gaps, events } = context;
  const { sequence } = position;
  let { epoch } = reachEpoch(context, position, 'event');
  if (sequence <= epoch.lastSequence) {
    const place = positionOf(epoch.index, sequence);
    const { same, others } = events.lookUp(event);
    if (same) {
      const moves = same.position !== place && gaps.covers(epoch.index, sequence);
      repeatEvent(context, event, envelope, same, moves ? place : null);
      if (moves) gaps.fill(epoch.index, sequence, true);
      addFresh(stats, takeUntold(context, event, moves ? place : same.position));
      return false;
    }
    if (
      isReused(context, place, others) ||
      contradictsBaseline(context, event, place) ||
      contradictsVersions(context, event, epoch, sequence) ||
      (gaps.covers(epoch.index, sequence) && isSetAsideForOther(context, event))
    ) {
      gaps.fillAgain(epoch.index, sequence, event.data.contract.id);
      epoch = goBack(context, epoch, sequence - 1, `${event.id} came again for another event`);
    }
  } else if (isToldOtherwise(context, event, positionOf(epoch.index, sequence))) {
    openBefore(context, epoch, sequence, event.id);
    epoch.lastSequence = sequence - 1;
    epoch = goBack(context, epoch, sequence - 1, `a history had told ${event.id} as another event`);
  }
  const last = epoch.lastSequence;
  if (sequence > last) {
    openBefore(context, epoch, sequence, event.id);
    epoch.lastSequence = sequence;
  }
  const place = positionOf(epoch.index, sequence);
  const { stored, fresh } = storeEvent(context, event, envelope, place, {
    origin: 'stream',
    beforeBaseline: place <= state.baselinePosition || isListed(context, event, epoch, position),
    life: 0,
  });
  if (!stored) {
    // The server lost it once, and has it again.
    const { same } = events.lookUp(event);
    if (same) repeatEvent(context, event, envelope, same, place);
    // A history was here before the stream.
    addFresh(stats, takeUntold(context, event, place));
    return false;
  }
  if (sequence <= last) gaps.fill(epoch.index, sequence, true);
  fillSetAside(context, event, envelope);
  addFresh(stats, fresh);
  return true;
}

/** What the stream has passed over on its way to this sequence is missing. */
function openBefore(context: WriteContext, epoch: Epoch, sequence: number, id: string): void {
  const last = epoch.lastSequence;
  if (sequence <= last + 1 || currentEpoch(context) !== epoch) return;
  context.gaps.openRange('sequence', epoch, last + 1, sequence - 1, `${id} came after ${last}`);
}

/** A history that was ahead of the stream has told what the log has lost since: another event is stored in this place. */
function isToldOtherwise(context: WriteContext, event: StatusChanged, place: number): boolean {
  if (!context.events.reach(place)) return false;
  const { same, others } = context.events.lookUp(event);
  return same === null && isReused(context, place, others);
}

/** False: it was known. */
function appendOpaque(
  context: WriteContext,
  event: StatusChanged,
  envelope: string,
  stats: AppendStats,
): boolean {
  const { same, others } = context.events.lookUp(event);
  const stream = streamOf(context);
  if (same) {
    stream.life = same.life;
    repeatEvent(context, event, envelope, same, null);
    addFresh(stats, takeUntold(context, event, same.position));
    return false;
  }
  const isUsed = others.some((other) => other.life === stream.life);
  if (isUsed || (context.gaps.hasPlaceless() && isSetAsideForOther(context, event)))
    beginOpaqueLife(context, event.id);
  const { fresh } = storeEvent(context, event, envelope, context.epochs.nextOpaque(), {
    origin: 'stream',
    beforeBaseline: isOldVersion(context, event),
    life: stream.life,
  });
  fillSetAside(context, event, envelope);
  addFresh(stats, fresh);
  return true;
}

/** Opaque ids do not tell what came before the baseline; the contract's version then does. */
export function isOldVersion(context: WriteContext, event: StatusChanged): boolean {
  const record = context.contracts.get(event.data.contract.id);
  if (record && record.position < context.state.lifePosition) return false;
  return record?.baseFixed === 1 && event.data.contract.version <= (record.baseVersion ?? 0);
}

/**
 * Control events carry no id and move nothing; a notice or a foreign event with an id that is not of our
 * form (a server that numbers everything it sends) is disposed of by being counted.
 */
function moveOpaqueCursor(context: WriteContext, id: string | null): void {
  if (id !== null && id !== '' && !parsePosition(id) && !stands(context)) moveCursor(context, id);
}

function appendControl(
  context: WriteContext,
  kind: Exclude<EventKind, 'ContractStatusChanged'> | 'notice',
  item: EventItem,
  stats: AppendStats,
): void {
  const unreadable = (reason: string): void => {
    const note = { id: item.id, reason: `${kind}: ${reason}`, data: item.data };
    if (quarantineNote(context, note)) stats.quarantined++;
  };
  switch (kind) {
    case 'notice': {
      const notice = decodeJson(noticeSchema, item.data);
      if (!notice.ok) return takeStranger(context, item, stats);
      if (stats.notices.length < MAX_NOTICES) stats.notices.push(notice.value.text);
      moveOpaqueCursor(context, item.id);
      return;
    }
    case 'StreamHead': {
      const head = decodeJson(streamHeadSchema, item.data);
      if (!head.ok) return unreadable(head.reason);
      stats.head = applyHead(context, head.value);
      if (stats.head.reached)
        for (const fresh of takePassed(context, newestPosition(context))) addFresh(stats, fresh);
      return;
    }
    case 'StreamStale': {
      const stale = decodeJson(streamStaleSchema, item.data);
      if (!stale.ok) return unreadable(stale.reason);
      applyStale(context, stale.value);
      needRepair(stats, 'now');
      return;
    }
    case 'ContractAcknowledged': {
      const acknowledged = decodeJson(acknowledgedSchema, item.data);
      if (!acknowledged.ok) return unreadable(acknowledged.reason);
      applyAcknowledged(context, acknowledged.value);
      stats.acknowledged.push(acknowledged.value);
      return;
    }
  }
}
