import type { StreamHead, StreamStale } from '../../../protocol/control.ts';
import { parsePosition, type Position } from '../../../protocol/cursor.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import { noteEnd, retractPreview } from '../log/ahead.ts';
import { currentEpoch, newestPosition, resolveEpoch } from '../log/context.ts';
import { doubtReplay, needRepair, type WriteContext } from '../log/write-context.ts';
import { positionOf, type Epoch } from '../log/epochs.ts';
import { forgetAfter, goBack, isLostTail } from '../log/lives.ts';
import { closeAbsence } from './absence.ts';
import { healNamed, isKnown, noteReached } from './named-head.ts';
import type { AppendOutcome } from '../ingest.ts';

type HeadOutcome = NonNullable<AppendOutcome['head']>;

/**
 * Where an own position stands as the stream names it: begins the first epoch, or a new one (recording the
 * gap in between), and says what had been reached before.
 */
export function reachEpoch(
  context: WriteContext,
  position: Position,
  what: 'event' | 'head' | 'stale' | 'snapshot',
): { readonly epoch: Epoch; readonly before: number; readonly began: boolean } {
  const { state, epochs, gaps } = context;
  const current = currentEpoch(context);
  // An event itself is not missing; of what a head or a snapshot names, the last one is as well.
  const last = what === 'event' ? position.sequence - 1 : position.sequence;
  let epoch = what === 'event' ? epochs.find(position) : resolveEpoch(context, position);

  if (!current) {
    const empty = state.baseline === 'snapshot' && state.cursor === null;
    // After an empty log the first epoch seen need not be the first there was: a snapshot has to confirm it. Taken while the
    // events still come it would be ahead of them and ask for every contract's history; so the head's word is awaited.
    if (empty) {
      if (what !== 'event' || state.headsSeen === 0) needRepair(context, 'now');
      epochs.reserveBefore(position.epoch);
    }
    // Without a snapshot a head may have said that the log was empty: all that this one has came since.
    const wasEmpty = state.headTime !== null && state.headId === null && state.headSequence === 0;
    epoch ??= epochs.add('own', position.epoch, {
      sequence: empty || wasEmpty ? 0 : last,
      proven: !empty && last === 0,
    });
    state.currentEpoch = epoch.index;
    if (state.cursor !== null) doubtReplay(context);
    if (!empty && state.cursor !== null && what !== 'event') {
      gaps.openUnknown(
        'epoch',
        position.epoch,
        { start: 0, end: null },
        `the server's log is now ${position.epoch}`,
      );
    }
    return { epoch, before: epoch.lastSequence, began: false };
  }

  // A snapshot that was asked for before the log was emptied proves no second beginning: only what streams after it does.
  if (state.emptied === 1 && !(what === 'snapshot' && epoch === current)) {
    state.emptied = 0;
    if (epoch === current) {
      // The log was empty and begins again under the same label: its ids are used for the second time.
      forgetAfter(context, current, 0);
      epoch = epochs.add('own', position.epoch, { sequence: 0, proven: current.proven === 1 });
      state.currentEpoch = epoch.index;
      gaps.openRange('epoch', epoch, 1, last, `${position.epoch} began again`);
      epoch.lastSequence = last;
      return { epoch, before: 0, began: true };
    }
  }

  if (!epoch || epoch.index > current.index) {
    epoch ??= epochs.add('own', position.epoch, { sequence: 0, proven: current.proven === 1 });
    state.currentEpoch = epoch.index;
    doubtReplay(context);
    gaps.openRange(
      'epoch',
      epoch,
      1,
      last,
      `the server's log changed from ${current.label} to ${epoch.label}`,
    );
    epoch.lastSequence = Math.max(epoch.lastSequence, last);
    return { epoch, before: 0, began: true };
  }
  // An earlier life of the log that is followed is a lost tail, and no other log.
  const isOther = epoch.index < current.index && epoch.label !== current.label;
  if (what === 'head' && isOther && position.sequence >= epoch.lastSequence) {
    return { epoch: returnTo(context, epoch, position.sequence), before: position.sequence, began: true };
  }
  return { epoch, before: epoch.lastSequence, began: false };
}

/**
 * The stream names a head of an epoch that had ended here (a balancer in front of two servers, a stray answer): that log
 * lives on, and what it brought meanwhile was not looked at for gaps. Only a snapshot can say that nothing is missing.
 */
function returnTo(context: WriteContext, epoch: Epoch, sequence: number): Epoch {
  const { state, epochs, gaps } = context;
  const start = positionOf(epoch.index, 0);
  const next = epochs.add('own', epoch.label, { sequence, proven: epoch.proven === 1 }, sequence + 1);
  state.currentEpoch = next.index;
  doubtReplay(context);
  gaps.openUnknown('epoch', epoch.label, { start, end: null }, `the server's log is ${epoch.label} again`);
  return next;
}

export function applyHead(context: WriteContext, head: StreamHead): HeadOutcome {
  const { state, gaps } = context;
  state.headsSeen = 1;
  state.heartbeatMs = head.heartbeatMs ?? null;
  const outcome = (reached: boolean, behind: number | null): HeadOutcome => {
    if (reached) closeAbsence(context);
    return { ...head, reached, behind };
  };
  if (head.head === null) {
    if (state.currentEpoch === null) {
      if (hasNamedFirst(context)) {
        const place = { start: newestPosition(context), end: null };
        gaps.openUnknown('epoch', null, place, "the server's log is empty, and had named what never came");
      }
      confirmHead(context, null, null, 0, head.at);
    } else if (state.emptied === 0 && isLostTail(context, 0, head.at)) {
      applyStale(context, { asOf: null, oldest: null });
    }
    return outcome(true, 0);
  }
  const position = parsePosition(head.head);
  if (!position) {
    healNamed(context);
    const isReached = head.head === state.cursor || isKnown(context, head.head);
    if (isReached) noteReached(context, head.head);
    // It was empty, and is no more: what the list said of then is no word on what has come since.
    else if (state.currentEpoch === null && state.headId === null && state.headSequence === 0)
      state.headSequence = null;
    return outcome(isReached, isReached ? 0 : null);
  }

  const reached = reachEpoch(context, position, 'head');
  const { before, began } = reached;
  let { epoch } = reached;
  if (isLostTail(context, positionOf(epoch.index, position.sequence), head.at)) {
    epoch = goBack(context, epoch, position.sequence, `the head was named as ${head.head}`);
  }
  if (state.currentEpoch !== epoch.index) return outcome(false, null);
  noteEnd(context, epoch.index, position.sequence, parseInstant(head.at));
  if (!began && position.sequence > epoch.lastSequence) {
    // The stream is ordered: what the head names and did not come before it, was left out.
    gaps.openRange('sequence', epoch, before + 1, position.sequence, `the head was named as ${head.head}`);
    epoch.lastSequence = position.sequence;
  }
  // Not confirmed yet (a snapshot could not be had): asked for again as the log goes on.
  const unconfirmed = epoch.proven === 0 && state.baseline === 'snapshot';
  if (unconfirmed && position.sequence !== state.headSequence) needRepair(context, 'now');
  confirmHead(context, head.head, epoch, position.sequence, head.at);
  const behind = Math.max(0, position.sequence - before);
  return outcome(behind === 0, behind);
}

/** After an empty log a head has named its first change, which has not come since. */
const hasNamedFirst = ({ state }: WriteContext): boolean =>
  state.baseline !== 'without' &&
  state.cursor === null &&
  state.headTime !== null &&
  state.headId === null &&
  state.headSequence === null;

/** Takes over a named head, unless it is beyond what the stream has shown or older than the one confirmed. */
export function confirmHead(
  context: WriteContext,
  id: string | null,
  epoch: Epoch | null,
  sequence: number,
  at: string,
): void {
  const { state } = context;
  const time = parseInstant(at);
  if (time === null) return;
  if (epoch) {
    if (epoch.index !== state.currentEpoch || sequence > epoch.lastSequence) return;
    if (state.headEpoch === epoch.index && (state.headSequence ?? 0) > sequence) return;
  }
  state.headId = id;
  state.headEpoch = epoch?.index ?? null;
  state.headSequence = sequence;
  state.headTime = time;
}

export function applyStale(context: WriteContext, stale: StreamStale): void {
  const { state, gaps } = context;
  const { asOf } = stale;
  const current = currentEpoch(context);
  const had = current !== undefined || state.cursor !== null;
  const position = asOf === null ? undefined : parsePosition(asOf);
  doubtReplay(context);
  if (!position) {
    if (had) {
      const kind = asOf === null ? 'epoch' : 'stale';
      const note =
        asOf === null ? "the server's log is empty" : 'the server no longer keeps what came after our cursor';
      gaps.openUnknown(kind, current?.label ?? null, { start: newestPosition(context), end: null }, note);
    }
    retractPreview(context);
    if (asOf === null && current) state.emptied = 1;
    state.cursor = asOf;
    return;
  }

  const { epoch, before, began } = reachEpoch(context, position, 'stale');
  const { sequence } = position;
  noteEnd(context, epoch.index, sequence, null);
  const goneBack = epoch.index !== state.currentEpoch || (!began && sequence < epoch.lastSequence);
  if (goneBack) {
    goBack(context, epoch, sequence, `the server went back to ${sequence}`);
  } else if (!began && sequence > before) {
    gaps.openRange(
      'stale',
      epoch,
      before + 1,
      sequence,
      'the server no longer keeps what came after our cursor',
    );
    epoch.lastSequence = sequence;
  }
  state.cursor = asOf;
}
