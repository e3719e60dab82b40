import { parsePosition } from '../../../protocol/cursor.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import type { StatusChanged } from '../../../protocol/event.ts';
import { decodeEvent } from '../../../protocol/decode-event.ts';
import {
  closeContext,
  currentEpoch,
  moveCursor,
  newestPosition,
  openContext,
  resolveEpoch,
} from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import { reasonOf } from './apart.ts';
import { confirmHead, reachEpoch } from '../gaps/control.ts';
import { recallAcknowledgement } from '../log/acknowledged.ts';
import { repairLogState } from '../log/ahead.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import { EMPTY_LOG, epochIndexOf, positionOf, sequenceOfPosition, type Epoch } from '../log/epochs.ts';
import { isOfContent } from '../storage/errors.ts';
import { contradictsShown, meetAgain, restartIfOther, takeBack } from '../log/lives-in-lists.ts';
import { streamOf } from '../log/lives.ts';
import { hasRestarted } from '../log/restarts.ts';
import { undoBySnapshot } from '../log/undone.ts';
import { passOver } from '../gaps/named-head.ts';
import { keepBefore, noteVersion, projectSnapshot } from '../log/projection.ts';
import { quarantineNote, quarantineTold } from '../gaps/quarantine.ts';
import { allStaged, changedStaged, dropStaged, unreadableStaged, unstorableStaged } from './staged.ts';
import type { Store } from '../storage/store.ts';
import { LedgerError } from '../types.ts';
import type { SnapshotOutcome, SnapshotContract } from '../ingest.ts';
import { countAbsent } from '../storage/versions.ts';

export function markWithoutSnapshot(store: Store, accountId: number): void {
  store.transaction('normal', () => {
    store
      .sql(`UPDATE account SET baseline = 'without' WHERE account_id = ? AND baseline = 'none'`)
      .run(accountId);
  });
}

/** Contracts of one snapshot that the ledger cannot store; more are no accident of theirs. */
const MAX_UNSTORABLE = 200;

/** Contracts that are to be set aside, with the reason, and how the others are gone through. */
interface Care {
  readonly unstorable: Map<string, string>;
  /** Each is written before the next one is looked at, so that a failure is of the one that `current` names. */
  readonly singly: boolean;
  /** The server's own word does not deny that these are all contracts. */
  readonly isWhole: boolean;
  current: string | null;
}

/** Applies what was staged, all in one transaction; what cannot be stored is set aside. */
export function finishSnapshot(
  store: Store,
  accountId: number,
  now: number,
  isWhole: boolean,
): SnapshotOutcome {
  const unstorable = new Map<string, string>();
  for (let singly = false; ; singly = true) {
    const care: Care = { unstorable, singly, isWhole, current: null };
    try {
      return applyStaged(store, accountId, now, care);
    } catch (error) {
      const isOver = singly && (care.current === null || unstorable.size >= MAX_UNSTORABLE);
      if (!isOfContent(error) || isOver) throw error;
      if (care.current !== null) unstorable.set(care.current, reasonOf(error));
    }
  }
}

function applyStaged(store: Store, accountId: number, now: number, care: Care): SnapshotOutcome {
  return store.transaction('normal', () => {
    const staged = store
      .sql('SELECT as_of AS asOf, at, contract_bound AS bound FROM staged_snapshot WHERE account_id = ?')
      .get(accountId) as { asOf: string | null; at: string; bound: number } | undefined;
    if (!staged) throw new LedgerError('unknown', 'No snapshot was begun; begin one before finishing it.');
    const context = openContext(store, accountId, now);
    const { state } = context;
    const kind = kindOf(context);
    // Read before the baseline is set: what came before our first event counts as read.
    const began = beginning(context);
    const asOfPosition = {
      first: setBaseline,
      late: care.isWhole ? setLateBaseline : confirmAsOf,
      repair: confirmAsOf,
    }[kind](context, staged.asOf, staged.at);
    const setAside = [...unreadableStaged(context), ...unstorableStaged(context, care.unstorable)];
    // A list that is known to lack contracts is shown; the baseline is still to come.
    if (!care.isWhole && kind !== 'repair') state.baseline = 'without';
    // What cannot be read may be what is missing: such a snapshot is shown, but it proves nothing.
    if (setAside.length === 0 && care.isWhole) {
      state.snapshotRun++;
      state.snapshotAsOf = asOfPosition;
      state.snapshotBound = staged.bound;
      passOver(context, staged.asOf);
    }

    const needHistory: string[] = [];
    let taken = 0;
    const row = asOfPosition === null ? null : epochIndexOf(asOfPosition);
    const logBegan = row !== null && row === state.currentEpoch ? positionOf(row, 0) : 0;
    const restarted = hasRestarted(context) || (kind === 'repair' && contradictsShown(context, logBegan));
    const oldest = oldestGap(context);
    const take = (item: SnapshotContract): boolean => {
      if (restarted) restartIfOther(context, item);
      if (logBegan > 0) undoBySnapshot(context, item);
      if (kind === 'repair') return repairItem(context, item, oldest);
      if (kind === 'late') return lateItem(context, item, { asOf: asOfPosition, oldest, began });
      baselineItem(context, item, asOfPosition, asOfPosition);
      return false;
    };
    const items =
      kind === 'repair' ? changedStaged(context, oldest, restarted, logBegan) : allStaged(context);
    for (const { item: text } of items) {
      const item = JSON.parse(text) as SnapshotContract;
      if (care.unstorable.has(item.contract.id)) continue;
      care.current = item.contract.id;
      if (take(item)) needHistory.push(item.contract.id);
      taken++;
      if (care.singly) context.contracts.flush();
      care.current = null;
      if (taken % 1000 === 0) context.contracts.release();
    }
    for (const item of setAside) quarantineTold(context, item, asOfPosition ?? newestPosition(context));
    const contracts = dropStaged(store, accountId);
    if (kind === 'first' && asOfPosition === null) state.baselinePosition = newestPosition(context);
    closeContext(context);
    return { baseline: kind !== 'repair' && care.isWhole, contracts, needHistory, cursor: state.cursor };
  });
}

/** `late`: the account is followed already, from events alone, because no snapshot could be had at first. */
function kindOf({ state, epochs }: WriteContext): 'first' | 'late' | 'repair' {
  if (state.baseline === 'snapshot') return 'repair';
  const began = state.cursor !== null || epochs.all().length > 0;
  return state.baseline === 'without' && began ? 'late' : 'first';
}

/** The position before the first event that came, in its epoch; 0 for none (opaque ids). */
function beginning(context: WriteContext): number {
  const epoch = currentEpoch(context);
  return epoch ? positionOf(epoch.index, epoch.baselineSequence) : 0;
}

/** The account begins here. Returns the position of `asOf`, null when it has none. */
function setBaseline(context: WriteContext, asOf: string | null, at: string): number | null {
  const { store, state, epochs } = context;
  state.baseline = 'snapshot';
  state.baselineTime = parseInstant(at);
  const current = currentEpoch(context);
  const position = asOf === null ? undefined : parsePosition(asOf);
  if (!position) {
    if (asOf !== null) state.cursor = asOf;
    else if (current) lowerBaseline(context, 0);
    else confirmHead(context, null, null, 0, at);
    return null;
  }
  const { sequence } = position;
  let epoch = resolveEpoch(context, position);
  if (epoch && epoch === current) {
    lowerBaseline(context, sequence);
  } else if (!epoch || !current) {
    epoch ??= epochs.add('own', position.epoch, { sequence, proven: true });
    state.currentEpoch = epoch.index;
    epoch.baselineSequence = sequence;
    epoch.lastSequence = Math.max(epoch.lastSequence, sequence);
    epoch.proven = 1;
  }
  const bound = positionOf(epoch.index, sequence);
  state.baselinePosition = bound;
  moveCursor(context, asOf as string);
  confirmHead(context, asOf, epoch, sequence, at);
  store
    .sql(
      `UPDATE gap SET healed_at = ?, note = 'before the baseline'
       WHERE account_id = ? AND healed_at IS NULL AND end_position <= ?`,
    )
    .run(context.now, state.accountId, bound);
  return bound;
}

/** Events came before the baseline snapshot: between its `asOf` and the first of them some may be missing. */
function lowerBaseline(context: WriteContext, sequence: number): void {
  const epoch = currentEpoch(context);
  if (!epoch) return;
  openBelow(context, epoch, sequence);
  epoch.baselineSequence = sequence;
  epoch.lastSequence = Math.max(epoch.lastSequence, sequence);
  epoch.proven = 1;
}

/** The snapshot is from before the first event that came: what lies between them is missing. */
function openBelow({ gaps }: WriteContext, epoch: Epoch, sequence: number): void {
  const first = epoch.baselineSequence;
  if (first <= sequence) return;
  gaps.openRange('sequence', epoch, sequence + 1, first, 'between the snapshot and the first event');
  epoch.baselineSequence = sequence;
}

/**
 * The baseline of an account that is followed already. Cursor, last sequence and what counts as read stay as the stream
 * made them, because the snapshot may be ahead of it or behind.
 */
function setLateBaseline(context: WriteContext, asOf: string | null, at: string): number | null {
  const position = confirmAsOf(context, asOf, at);
  context.state.baseline = 'snapshot';
  const epoch = currentEpoch(context);
  if (!epoch || position === null) return position;
  if (position !== EMPTY_LOG && epochIndexOf(position) !== epoch.index) return position;
  openBelow(context, epoch, sequenceOfPosition(position));
  epoch.proven = 1;
  return position;
}

/** A snapshot for repair names the head, and may be the first to show a new epoch. */
function confirmAsOf(context: WriteContext, asOf: string | null, at: string): number | null {
  if (asOf === null) {
    const { currentEpoch: epoch, emptied } = context.state;
    return epoch !== null && emptied === 0 ? EMPTY_LOG : null;
  }
  const position = parsePosition(asOf);
  if (!position) return null;
  const { epoch } = reachEpoch(context, position, 'snapshot');
  confirmHead(context, asOf, epoch, position.sequence, at);
  return positionOf(epoch.index, position.sequence);
}

/** Where the dark begins: the start of the oldest open gap; 0 while the first epoch is not confirmed. */
function oldestGap(context: WriteContext): number | null {
  if (currentEpoch(context)?.proven === 0) return 0;
  const row = context.store
    .sql(
      'SELECT min(coalesce(start_position, 0)) AS start FROM gap WHERE account_id = ? AND healed_at IS NULL',
    )
    .get(context.state.accountId) as { start: number | null };
  return row.start;
}

function lastEventOf(context: WriteContext, item: SnapshotContract): StatusChanged | null {
  if (item.lastEvent === null) return null;
  const decoded = decodeEvent(item.lastEvent);
  if (!decoded.ok) {
    // The contract is shown without it, so nothing is missing but who did what.
    const reason = `snapshot: ${decoded.reason}`;
    quarantineNote(context, { id: item.lastEventId, reason, data: item.lastEvent });
    return null;
  }
  if (decoded.value.id !== item.lastEventId) return null;
  return decoded.value.data.contract.id === item.contract.id ? decoded.value : null;
}

function placeOf(context: WriteContext, lastEventId: string | null): number {
  return lastEventId === null ? 0 : context.epochs.placeOfHistory(lastEventId);
}

/**
 * One contract of the baseline: read, with its latest event where that lies up to `readUpTo` (null: wherever it lies).
 * Never needs history.
 */
function baselineItem(
  context: WriteContext,
  item: SnapshotContract,
  asOf: number | null,
  readUpTo: number | null,
): void {
  const { contracts, events, state } = context;
  const record = contracts.get(item.contract.id) ?? contracts.create(item.contract.id);
  const lastEvent = lastEventOf(context, item);
  const known = lastEvent ? events.lookUp(lastEvent).same : null;
  const place = known === null ? placeOf(context, item.lastEventId) : record.position;
  const shown = projectSnapshot(record, item, lastEvent, place);
  if (lastEvent && known === null && (readUpTo === null || place <= readUpTo)) {
    events.claim(lastEvent, place, streamOf(context).life);
    events.insert(lastEvent, item.lastEvent ?? '', {
      position: place,
      contractRowid: record.contractRowid,
      receivedAt: context.now,
      unread: false,
      beforeBaseline: true,
    });
    if (shown && lastEvent.data.contract.version === item.contract.version) record.fromSnapshot = 0;
  }
  noteVersion(record, item.contract.version, asOf ?? place);
  record.baseVersion = item.contract.version;
  record.basePosition = asOf ?? place;
  record.baseFixed = 1;
  record.snapVersion = item.contract.version;
  record.snapRun = state.snapshotRun;
  contracts.touch(record);
}

/**
 * One contract of a late baseline. Those that came on the stream keep what the person did with them; the others come as
 * read, and their latest event only where the stream cannot bring it any more. True when its history is needed.
 */
function lateItem(
  context: WriteContext,
  item: SnapshotContract,
  bounds: { readonly asOf: number | null; readonly oldest: number | null; readonly began: number },
): boolean {
  const { asOf, oldest, began } = bounds;
  const known = context.contracts.get(item.contract.id);
  const place = placeOf(context, item.lastEventId);
  // All that it had may lie in a gap.
  if (!known && oldest !== null && (place === 0 || place >= oldest)) return repairItem(context, item, oldest);
  if (!known) {
    baselineItem(context, item, asOf, began);
    return false;
  }
  const needsHistory = repairItem(context, item, oldest);
  // No gap lies between our beginning and the first version that came: what was before it was before us.
  if (known.basePosition !== null && !isDoubtful(known, oldest)) known.baseFixed = 1;
  return needsHistory;
}

/** One contract of a later snapshot. True when its history is needed. */
function repairItem(context: WriteContext, item: SnapshotContract, oldest: number | null): boolean {
  const { contracts, state } = context;
  const { version } = item.contract;
  const record = contracts.get(item.contract.id) ?? contracts.create(item.contract.id);
  if (record.position < state.lifePosition) meetAgain(context, record, item, lastEventOf(context, item));
  else if (record.superseded === 1) takeBack(context, record, item);
  if (record.ahead !== 0 || version > record.version || record.superseded === 1) {
    const [lastEvent, place] = [lastEventOf(context, item), placeOf(context, item.lastEventId)];
    keepBefore(record, version, place);
    repairLogState(record, item, lastEvent, place);
    projectSnapshot(record, item, lastEvent, place);
    recallAcknowledgement(context, record);
  } else correctSince(record, item);
  record.snapVersion = version;
  record.snapRun = state.snapshotRun;
  contracts.touch(record);
  // Also with no event in the log's present life: the last ones of an earlier life may be missing although no gap is
  // known yet, because a snapshot can be ahead of the stream. An empty history then says that there is nothing to have.
  if (record.baseVersion === null || record.basePosition === null) return true;
  if (countAbsent(record, record.baseVersion, version) > 0) return true;
  return isDoubtful(record, oldest);
}

/** Where a change in between never came, the row does not know since when its status holds. */
function correctSince(record: ContractRecord, { contract, status, since }: SnapshotContract): void {
  if (contract.version !== record.version || status !== record.toStatus) return;
  const at = (time: string): number => parseInstant(time) ?? Number.NaN;
  if (at(since) <= at(record.time)) record.since = since;
}

/** First seen after a gap began, and not from its first version: earlier ones may lie in the gap. */
function isDoubtful(record: ContractRecord, oldest: number | null): boolean {
  if (oldest === null || record.baseFixed === 1 || record.haveLow === 1) return false;
  return record.basePosition === null || record.basePosition >= oldest;
}
