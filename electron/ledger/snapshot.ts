import type { SnapshotItem } from '../../protocol/api.ts';
import { parsePosition } from '../../protocol/cursor.ts';
import { parseInstant } from '../../protocol/instant.ts';
import { decode, statusChangedSchema, type StatusChanged } from '../../protocol/event.ts';
import {
  closeContext,
  currentEpoch,
  moveCursor,
  newestPosition,
  openContext,
  resolveEpoch,
  type WriteContext,
} from './context.ts';
import { confirmHead, reachEpoch } from './control.ts';
import type { ContractRecord } from './contract-record.ts';
import { EMPTY_LOG, epochIndexOf, positionOf, sequenceOfPosition, type Epoch } from './epochs.ts';
import { noteVersion, projectSnapshot } from './projection.ts';
import type { Store } from './store.ts';
import { LedgerError, type SnapshotOutcome } from './types.ts';
import { countAbsent } from './versions.ts';

export function beginSnapshot(
  store: Store,
  accountId: number,
  head: { readonly asOf: string | null; readonly at: string },
): void {
  store.transaction('normal', () => {
    dropStaged(store, accountId);
    store
      .sql(
        `INSERT INTO staged_snapshot (account_id, as_of, at, contract_bound)
         VALUES (?, ?, ?, (SELECT coalesce(max(contract_rowid), 0) FROM contract))`,
      )
      .run(accountId, head.asOf, head.at);
  });
}

export function stageSnapshot(store: Store, accountId: number, items: readonly SnapshotItem[]): void {
  store.transaction('normal', () => {
    for (const item of items) {
      store
        .sql(
          `INSERT INTO staged_contract (account_id, contract_id, version, time, item) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (account_id, contract_id) DO UPDATE
             SET version = excluded.version, time = excluded.time, item = excluded.item`,
        )
        .run(
          accountId,
          item.contract.id,
          item.contract.version,
          parseInstant(item.since) ?? 0,
          JSON.stringify(item),
        );
    }
  });
}

/** Returns how many contracts were staged. */
function dropStaged(store: Store, accountId: number): number {
  const { changes } = store.sql('DELETE FROM staged_contract WHERE account_id = ?').run(accountId);
  store.sql('DELETE FROM staged_snapshot WHERE account_id = ?').run(accountId);
  return changes;
}

export function markWithoutSnapshot(store: Store, accountId: number): void {
  store.transaction('normal', () => {
    store
      .sql(`UPDATE account SET baseline = 'without' WHERE account_id = ? AND baseline = 'none'`)
      .run(accountId);
  });
}

/** Applies what was staged, all in one transaction. */
export function finishSnapshot(store: Store, accountId: number, now: number): SnapshotOutcome {
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
      late: setLateBaseline,
      repair: confirmAsOf,
    }[kind](context, staged.asOf, staged.at);
    state.snapshotRun++;
    state.snapshotAsOf = asOfPosition;
    state.snapshotBound = staged.bound;

    const oldest = oldestHole(context);
    const needHistory: string[] = [];
    let taken = 0;
    const take = (item: SnapshotItem): boolean => {
      if (kind === 'repair') return repairItem(context, item, oldest);
      if (kind === 'late') return lateItem(context, item, { asOf: asOfPosition, oldest, began });
      baselineItem(context, item, asOfPosition, asOfPosition);
      return false;
    };
    for (const row of kind === 'repair' ? changedStaged(context, oldest) : allStaged(context)) {
      const item = JSON.parse(row.item) as SnapshotItem;
      if (take(item)) needHistory.push(item.contract.id);
      taken++;
      if (taken % 1000 === 0) context.contracts.release();
    }
    const contracts = dropStaged(store, accountId);
    if (kind === 'first' && asOfPosition === null) state.baselinePosition = newestPosition(context);
    closeContext(context);
    return { baseline: kind !== 'repair', contracts, needHistory, cursor: state.cursor };
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

/** In the order of time, so that opaque ids get their places in it. */
function allStaged({ store, state }: WriteContext): Iterable<{ readonly item: string }> {
  return store
    .sql('SELECT item FROM staged_contract WHERE account_id = ? ORDER BY time, contract_id')
    .iterate(state.accountId) as Iterable<{ item: string }>;
}

/**
 * Notes on every contract what the snapshot says of its version, and returns those that are not as the
 * ledger has them already: of many thousands usually a few.
 */
function changedStaged(
  { store, state, contracts }: WriteContext,
  oldest: number | null,
): readonly { readonly item: string }[] {
  const { accountId, snapshotRun } = state;
  contracts.release();
  store
    .sql(
      `UPDATE contract SET snap_version = staged.version, snap_run = ? FROM staged_contract AS staged
       WHERE contract.account_id = ? AND staged.account_id = contract.account_id AND staged.contract_id = contract.contract_id`,
    )
    .run(snapshotRun, accountId);
  return store
    .sql(
      `SELECT staged.item FROM staged_contract AS staged
         LEFT JOIN contract AS c ON c.account_id = staged.account_id AND c.contract_id = staged.contract_id
       WHERE staged.account_id = ? AND (c.contract_rowid IS NULL OR staged.version > c.version OR c.retired = 1
         OR c.have_parts IS NOT NULL OR c.have_top IS NULL OR c.have_top < staged.version OR c.base_version IS NULL
         OR (c.base_fixed = 0 AND c.have_low <> 1 AND c.base_position >= ?))
       ORDER BY staged.time, staged.contract_id`,
    )
    .all(accountId, oldest ?? Number.MAX_SAFE_INTEGER) as { item: string }[];
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
      `UPDATE hole SET healed_at = ?, note = 'before the baseline'
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
function openBelow({ holes }: WriteContext, epoch: Epoch, sequence: number): void {
  const first = epoch.baselineSequence;
  if (first <= sequence) return;
  holes.openRange('sequence', epoch, sequence + 1, first, 'between the snapshot and the first event');
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

/** Where the dark begins: the start of the oldest open hole; 0 while the first epoch is not confirmed. */
function oldestHole(context: WriteContext): number | null {
  if (currentEpoch(context)?.proven === 0) return 0;
  const row = context.store
    .sql(
      'SELECT min(coalesce(start_position, 0)) AS start FROM hole WHERE account_id = ? AND healed_at IS NULL',
    )
    .get(context.state.accountId) as { start: number | null };
  return row.start;
}

function lastEventOf(item: SnapshotItem): StatusChanged | null {
  if (item.lastEvent === null) return null;
  const decoded = decode(statusChangedSchema, item.lastEvent);
  if (!decoded.ok || decoded.value.id !== item.lastEventId) return null;
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
  item: SnapshotItem,
  asOf: number | null,
  readUpTo: number | null,
): void {
  const { contracts, events, state } = context;
  const record = contracts.get(item.contract.id) ?? contracts.create(item.contract.id);
  const lastEvent = lastEventOf(item);
  const known = lastEvent ? events.lookUp(lastEvent) : 'new';
  const place = known === 'new' ? placeOf(context, item.lastEventId) : record.position;
  const shown = projectSnapshot(record, item, lastEvent, place);
  if (lastEvent && known === 'new' && (readUpTo === null || place <= readUpTo)) {
    events.claim(lastEvent, place);
    events.insert(lastEvent, JSON.stringify(item.lastEvent), {
      position: place,
      contractRowid: record.contractRowid,
      receivedAt: context.now,
      unread: false,
      beforeBaseline: true,
    });
    if (shown && lastEvent.data.contract.version === item.contract.version) record.told = 0;
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
  item: SnapshotItem,
  bounds: { readonly asOf: number | null; readonly oldest: number | null; readonly began: number },
): boolean {
  const { asOf, oldest, began } = bounds;
  const known = context.contracts.get(item.contract.id);
  const place = placeOf(context, item.lastEventId);
  // All that it had may lie in a hole.
  if (!known && oldest !== null && (place === 0 || place >= oldest)) return repairItem(context, item, oldest);
  if (!known) {
    baselineItem(context, item, asOf, began);
    return false;
  }
  const needsHistory = repairItem(context, item, oldest);
  // No hole lies between our beginning and the first version that came: what was before it was before us.
  if (known.basePosition !== null && !isDoubtful(known, oldest)) known.baseFixed = 1;
  return needsHistory;
}

/** One contract of a later snapshot. True when its history is needed. */
function repairItem(context: WriteContext, item: SnapshotItem, oldest: number | null): boolean {
  const { contracts, state } = context;
  const { version } = item.contract;
  const record = contracts.get(item.contract.id) ?? contracts.create(item.contract.id);
  if (version > record.version || record.retired === 1) {
    projectSnapshot(record, item, lastEventOf(item), placeOf(context, item.lastEventId));
  }
  record.snapVersion = version;
  record.snapRun = state.snapshotRun;
  contracts.touch(record);
  // Also with no event in the log's present life: the last ones of an earlier life may be missing although no hole is
  // known yet, because a snapshot can be ahead of the stream. An empty history then says that there is nothing to have.
  if (record.baseVersion === null || record.basePosition === null) return true;
  if (countAbsent(record, record.baseVersion, version) > 0) return true;
  return isDoubtful(record, oldest);
}

/** First seen after a hole began, and not from its first version: earlier ones may lie in the hole. */
function isDoubtful(record: ContractRecord, oldest: number | null): boolean {
  if (oldest === null || record.baseFixed === 1 || record.haveLow === 1) return false;
  return record.basePosition === null || record.basePosition >= oldest;
}
