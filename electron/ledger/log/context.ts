import { parsePosition, type Position } from '../../../protocol/cursor.ts';
import type { StatusChanged } from '../../../protocol/event.ts';
import { loadAccount, saveAccount } from '../storage/account.ts';
import { reconcileAhead } from './ahead.ts';
import { applyEarly } from './acknowledged.ts';
import { openChangeCounts } from '../storage/change-counts.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import { openContracts } from '../storage/contracts.ts';
import { openEpochs, positionOf, type Epoch } from './epochs.ts';
import { openEvents } from './events.ts';
import { openGaps } from './gaps.ts';
import { reconcileMarks } from '../storage/marks.ts';
import { keepBefore, keepListed, noteVersion, projectEvent, restartVersions } from './projection.ts';
import { reconcileSince } from './since.ts';
import { undoByEvent } from './undone.ts';
import type { Store } from '../storage/store.ts';
import { needRepair, type WriteContext } from './write-context.ts';
import { countAbsent, type VersionColumns } from '../storage/versions.ts';
import type { FreshEvent } from '../ingest.ts';

export function openContext(store: Store, accountId: number, now: number): WriteContext {
  const state = loadAccount(store, accountId);
  const changeCounts = openChangeCounts(store, accountId);
  return {
    store,
    state,
    epochs: openEpochs(store, accountId),
    contracts: openContracts(store, state),
    gaps: openGaps(store, accountId, now),
    events: openEvents(store, accountId, changeCounts),
    changeCounts,
    now,
    repair: 'none',
  };
}

/** Writes what the context holds; the last step of its transaction. Returns the contracts touched. */
export function closeContext(context: WriteContext): readonly ContractRecord[] {
  const { store, state, epochs, contracts, gaps } = context;
  applyEarly(context);
  contracts.flush();
  reconcileAhead(context);
  const touched = contracts.touched();
  // While another gap was open, a jump of versions was taken for its work. If it healed and versions
  // are missing all the same, they are a gap of their own. So are those that a history did not bring.
  const doubtful = gaps.healedCovering() || touched.some((record) => record.gap === 1);
  if (doubtful && !gaps.covering()) openVersionGaps(context);
  epochs.save();
  context.changeCounts.save();
  saveAccount(store, state);
  return touched;
}

export function openVersionGaps(context: WriteContext): void {
  const { store, state, gaps } = context;
  const withGaps = store
    .sql(
      `SELECT contract_id AS id, base_version AS base, have_low AS haveLow, have_top AS haveTop, have_parts AS haveParts FROM contract
       WHERE account_id = ? AND gap = 1 AND contract_id NOT IN
         (SELECT contract_id FROM gap WHERE account_id = ? AND healed_at IS NULL AND kind = 'version' AND contract_id IS NOT NULL)`,
    )
    .all(state.accountId, state.accountId) as ({
    id: string;
    base: number;
    haveTop: number;
  } & VersionColumns)[];
  for (const gap of withGaps) {
    const { id, base, haveTop: top } = gap;
    const absent = countAbsent(gap, base, top);
    if (gaps.explains(id, absent)) continue;
    gaps.openVersions(id, base, top, absent, `versions are missing between ${base} and ${top}`);
  }
}

export function currentEpoch(context: WriteContext): Epoch | undefined {
  const { currentEpoch: index } = context.state;
  return index === null ? undefined : context.epochs.at(index);
}

/** The newest position the stream has reached; 0 before the first event. */
export function newestPosition(context: WriteContext): number {
  const newest = context.epochs.all().at(-1);
  return newest ? positionOf(newest.index, newest.lastSequence) : 0;
}

/** As `epochs.find`, but the last event before a re-begun stretch counts as that stretch's baseline. */
export function resolveEpoch(context: WriteContext, position: Position): Epoch | undefined {
  const current = currentEpoch(context);
  if (current?.label === position.epoch && position.sequence === current.firstSequence - 1) return current;
  return context.epochs.find(position);
}

/** Moves the cursor to what was just disposed of; never back within an epoch, never to an older epoch. */
export function moveCursor(context: WriteContext, id: string): void {
  const { state } = context;
  const next = parsePosition(id);
  const now = state.cursor === null ? undefined : parsePosition(state.cursor);
  if (next && now) {
    if (next.epoch === now.epoch && next.sequence <= now.sequence) return;
    if (next.epoch !== now.epoch) {
      const epoch = context.epochs.find(next);
      if (epoch && state.currentEpoch !== null && epoch.index < state.currentEpoch) return;
    }
  }
  state.cursor = id;
}

export interface StoreOptions {
  readonly origin: 'stream' | 'history';
  readonly beforeBaseline: boolean;
  /** In which life of opaque ids it comes; 0 for our own form, whose position tells. */
  readonly life: number;
  /** Its place is in a stretch that the log has lost. */
  readonly isPast?: boolean;
  /** A later change of its version is known. */
  readonly isReplaced?: boolean;
}

/**
 * Claims the event's key and, when it was free, stores the event, its projection and its version. Opens a
 * `version` gap on a jump that nothing else explains. False: this very event is known.
 */
export function storeEvent(
  context: WriteContext,
  event: StatusChanged,
  envelope: string,
  position: number,
  options: StoreOptions,
): { readonly stored: boolean; readonly fresh: FreshEvent | null } {
  const { store, state, contracts, events } = context;
  if (!events.claim(event, position, options.life)) return { stored: false, fresh: null };
  const { contract } = event.data;
  const record = contracts.get(contract.id) ?? contracts.create(contract.id);
  const unread = !options.beforeBaseline && !(record.readTo !== null && position <= record.readTo);
  if (unread && record.readBy !== null) reconcileMarks(store, state.accountId, record);
  events.insert(event, envelope, {
    position,
    contractRowid: record.contractRowid,
    receivedAt: context.now,
    unread,
    beforeBaseline: options.beforeBaseline,
  });
  if (unread) record.unread++;
  if (options.isPast === true) showPast(record, event, position, options.isReplaced === true);
  else show(context, record, event, position, options.origin);
  contracts.touch(record);
  return { stored: true, fresh: unread ? freshEvent(event, record.muted === 1) : null };
}

function show(
  context: WriteContext,
  record: ContractRecord,
  event: StatusChanged,
  position: number,
  origin: StoreOptions['origin'],
): void {
  const { state, gaps } = context;
  const { contract } = event.data;
  if (origin === 'stream' && record.position < state.lifePosition) record.superseded = 1;
  undoByEvent(context, record, event, position);
  const anew = record.superseded === 1 && position > record.position;
  if (anew && beginsAnew(context, record, contract.version, event.id)) restartVersions(record);
  else if (anew) keepBefore(record, contract.version - 1, position);
  else if (record.superseded === 0) keepListed(record, contract.version, position);
  const { haveTop, gap } = record;
  const isShown = projectEvent(record, event, position);
  if (!isShown && origin === 'stream' && contract.version < record.version) reconcileSince(context, record);
  const isPlaceless = origin === 'history' && parsePosition(event.id) === undefined;
  noteVersion(record, contract.version, position, isPlaceless || undefined);
  if (origin !== 'stream') return;
  const isJump = haveTop !== null && contract.version > haveTop + 1;
  if (isJump && gaps.covering()) needRepair(context, 'jumped');
  else if (isJump && !gaps.explains(contract.id, countAbsentOf(record))) {
    gaps.openVersions(
      contract.id,
      haveTop + 1,
      contract.version - 1,
      contract.version - haveTop - 1,
      `version ${contract.version} came after ${haveTop}`,
    );
  }
  if (gap === 1) gaps.fillVersions(contract.id, record);
}

/**
 * Whether the versions of a contract of which a new life of opaque ids tells for the first time (this one) began anew: each event
 * of it that came unreadably in this life took the version below the next one. `eventId`: which event has this version; one that
 * came unreadably is counted among them itself.
 */
export function beginsAnew(
  { store, state }: WriteContext,
  record: ContractRecord,
  version: number,
  eventId: string | null,
): boolean {
  const top = record.haveTop ?? 0;
  if (version <= top) return true;
  if (state.lifePosition === 0 || record.position >= state.lifePosition || state.restartedAt === null)
    return false;
  const { unreadable, itself } = store
    .sql(
      `SELECT count(DISTINCT event_id) AS unreadable, coalesce(max(event_id = ?), 0) AS itself FROM quarantine
       WHERE account_id = ? AND event_id IS NOT NULL AND (contract_id = ? OR contract_id IS NULL) AND at >= ?`,
    )
    .get(eventId, state.accountId, record.contractId, state.restartedAt) as {
    unreadable: number;
    itself: number;
  };
  return version <= top + unreadable - itself;
}

const countAbsentOf = (record: ContractRecord): number =>
  countAbsent(record, record.baseVersion ?? record.haveLow ?? 0, record.haveTop ?? 0);

/**
 * An event of a stretch that the log has lost: the row shows what came after it, and its version is none that the present log
 * needs, unless that is where it stands until the stream comes to it.
 */
function showPast(record: ContractRecord, event: StatusChanged, position: number, isReplaced: boolean): void {
  const { version } = event.data.contract;
  if (record.version === 0) {
    projectEvent(record, event, position);
    record.superseded = 1;
  } else if (!isReplaced && version <= record.version) {
    noteVersion(record, version, position);
  }
}

export function freshEvent(event: StatusChanged, muted: boolean): FreshEvent {
  const { contract, change, severity, actionRequired } = event.data;
  return {
    eventId: event.id,
    contractId: contract.id,
    title: contract.title,
    counterparty: contract.counterparties[0]?.name ?? null,
    from: change.from,
    to: change.to,
    reason: change.reason?.text ?? null,
    severity,
    actionRequired,
    time: event.time,
    muted,
    // Filled in once the transaction is done: views are of what is stored.
    rule: 'usual',
  };
}
