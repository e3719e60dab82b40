import type { StatusChanged } from '../../../protocol/event.ts';
import { formatPosition } from '../../../protocol/cursor.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import { retractPreview } from './ahead.ts';
import { currentEpoch } from './context.ts';
import { noteRestart, openRestart } from './restarts.ts';
import type { WriteContext } from './write-context.ts';
import { LAST_SEQUENCE, positionOf, type Epoch } from './epochs.ts';
import type { KnownEvent } from './events.ts';
import { refreshGap } from './projection.ts';
import { dropAbove } from '../storage/versions.ts';

/**
 * The lives of a server's log: it began to count anew (ids came again for other events) or went back to a backup (a head
 * below what had come, StreamStale). Nothing stored is given up; events of another life keep their place in the timeline.
 */

/** In which life of opaque ids the stream is: two servers behind one address may take turns. */
interface Stream {
  life: number;
}

export function streamOf({ store, state }: WriteContext): Stream {
  return store.cached<Stream>('life', state.accountId, () => ({ life: state.restarts }));
}

/** An opaque id came again for another event in the same life of the log: the next one begins. */
export function beginOpaqueLife(context: WriteContext, eventId: string): void {
  const { state, epochs } = context;
  const isRepeated = noteRestart(context);
  streamOf(context).life = state.restarts;
  epochs.beginOpaque();
  const newest = epochs.all().at(-1);
  if (newest) state.lifePosition = positionOf(newest.index, newest.lastSequence);
  openRestart(context, null, null, `${eventId} came again for another event`, isRepeated);
}

/** Whether this place in an own log was another event's in the same life of it. */
export function isReused({ epochs }: WriteContext, place: number, others: readonly KnownEvent[]): boolean {
  return !epochs.isFull() && others.some((other) => other.position === place);
}

/**
 * Whether an event that the stream brings at a place before the baseline cannot have been there: few ids of that time are
 * known, but a version, or a contract, that the baseline did not know yet tells.
 */
export function contradictsBaseline(context: WriteContext, event: StatusChanged, place: number): boolean {
  const { state, contracts, epochs } = context;
  if (place > state.baselinePosition || state.baselineTime === null || epochs.isFull()) return false;
  const { contract } = event.data;
  const record = contracts.get(contract.id);
  if (record?.baseFixed === 1) return contract.version > (record.baseVersion ?? 0);
  return (parseInstant(event.time) ?? 0) > state.baselineTime;
}

/**
 * Whether an event that comes late, where one is missing, cannot have been there: within one life the versions of a contract
 * grow with the places, also with those a history told ahead of the stream. Where they fit, it takes the free place.
 */
export function contradictsVersions(
  { store, state, contracts, epochs }: WriteContext,
  event: StatusChanged,
  epoch: Epoch,
  sequence: number,
): boolean {
  const { contract } = event.data;
  const record = contracts.get(contract.id);
  if (record === undefined || epochs.isFull()) return false;
  // In a row that another life has followed, what lies beyond its end is what the log has lost.
  const last = epoch.index === state.currentEpoch ? LAST_SEQUENCE : epoch.lastSequence;
  const { older, newer } = store
    .sql(
      `SELECT
         (SELECT position FROM event WHERE account_id = ?1 AND contract_rowid = ?2 AND version <= ?3
            AND position BETWEEN ?4 AND ?5 ORDER BY version DESC LIMIT 1) AS older,
         (SELECT position FROM event WHERE account_id = ?1 AND contract_rowid = ?2 AND version >= ?3
            AND position BETWEEN ?4 AND ?5 ORDER BY version LIMIT 1) AS newer`,
    )
    .get(
      state.accountId,
      record.contractRowid,
      contract.version,
      positionOf(epoch.index, epoch.firstSequence),
      positionOf(epoch.index, last),
    ) as { older: number | null; newer: number | null };
  const place = positionOf(epoch.index, sequence);
  return (older !== null && older > place) || (newer !== null && newer < place);
}

/** What the ledger had when the server named a head below it. */
interface Doubt {
  /** 0: none. */
  newest: number;
  /** Server time of that head, epoch ms. */
  at: number;
  /** When it came, client clock, epoch ms. */
  since: number;
}

/** No head is under way for so long; of a server that does not say when it made a head the next one decides then. Ms. */
const MADE_LATER_MS = 60_000;

/**
 * Whether a head at this position (0: an empty log) says that the server has lost what it once sent. One such head may
 * only be late (made before the last event, or by a replica that lags); lost is what the next one, made later, still
 * does not know.
 */
export function isLostTail(context: WriteContext, position: number, at: string): boolean {
  const { store, state, now } = context;
  const doubt = store.cached<Doubt>('head doubt', state.accountId, () => ({ newest: 0, at: 0, since: 0 }));
  const current = currentEpoch(context);
  const newest = current ? positionOf(current.index, current.lastSequence) : 0;
  const time = parseInstant(at) ?? now;
  if (position >= newest) {
    doubt.newest = 0;
    return false;
  }
  if (doubt.newest === 0 || position >= doubt.newest) {
    Object.assign(doubt, { newest, at: time, since: now });
    return false;
  }
  if (time <= doubt.at && now - doubt.since < MADE_LATER_MS) return false;
  doubt.newest = 0;
  return true;
}

/** The server's log goes on after `sequence` of this epoch: what we have beyond it will not be there again. */
export function goBack(context: WriteContext, epoch: Epoch, sequence: number, why: string): Epoch {
  const { state, epochs } = context;
  const { label } = epoch;
  const bound = positionOf(epoch.index, sequence);
  const lost = currentEpoch(context)?.lastSequence ?? sequence;
  // Without a snapshot nothing can prove what lies between.
  const proven = epoch.proven === 1 && state.baseline === 'snapshot';
  forgetAfter(context, epoch, sequence);
  const next = epochs.add('own', label, { sequence, proven }, sequence + 1);
  state.currentEpoch = next.index;
  state.headEpoch = null;
  state.headSequence = null;
  state.headTime = null;
  state.headId = null;
  state.cursor = sequence === 0 ? null : formatPosition({ epoch: label, sequence });
  const isRepeated = noteRestart(context);
  openRestart(context, label, bound, `${why}; we had seen up to ${lost}`, isRepeated);
  return next;
}

/**
 * A history brought an id of this stretch for another event: the log began again there. Where a later life of it is known,
 * that one began here, earlier than the stream let us think. Null where another epoch has begun since, and nothing tells
 * where the event stood.
 */
export function beginFromHistory(
  context: WriteContext,
  epoch: Epoch,
  sequence: number,
  eventId: string,
): Epoch | null {
  const why = `${eventId} came again for another event`;
  const current = currentEpoch(context);
  if (!current || epoch.index >= current.index) {
    const next = goBack(context, epoch, sequence - 1, why);
    next.lastSequence = Math.max(next.lastSequence, sequence);
    return next;
  }
  const next = context.epochs.nextLife(epoch);
  if (!next) return null;
  forgetAfter(context, epoch, sequence - 1, next);
  context.gaps.openRange('sequence', next, sequence, next.firstSequence - 1, why);
  next.firstSequence = sequence;
  next.baselineSequence = sequence - 1;
  return next;
}

/**
 * Frees the places after `sequence` (up to where `next` begins) for their second use, and lets what they changed be
 * replaced.
 */
export function forgetAfter(context: WriteContext, epoch: Epoch, sequence: number, next?: Epoch): void {
  const { store, state, epochs, contracts } = context;
  const { accountId } = state;
  const bound = positionOf(epoch.index, sequence);
  const end = next ? positionOf(next.index, 0) : Number.MAX_SAFE_INTEGER;
  retractPreview(context);
  contracts.flush();
  const rows = store
    .sql('SELECT contract_rowid AS id FROM contract WHERE account_id = ? AND position > ? AND position < ?')
    .all(accountId, bound, end) as { id: number }[];
  for (const { id } of rows) {
    const record = contracts.byRowid(id);
    if (!record) continue;
    const based = record.basePosition !== null && record.basePosition <= bound;
    dropAbove(record, Math.max(newestKept(context, id, bound), based ? (record.baseVersion ?? 0) : 0));
    if (!based) {
      record.baseVersion = null;
      record.basePosition = null;
      record.baseFixed = 0;
    }
    record.superseded = 1;
    refreshGap(record);
    contracts.touch(record);
  }
  epochs.retireAfter(epoch, sequence, next);
  // Gaps in the lost stretch can only be settled by a snapshot of what is left.
  store
    .sql(
      `UPDATE gap SET epoch_index = NULL, end_position = ?, attempt_run = NULL
       WHERE account_id = ? AND healed_at IS NULL AND end_position > ? AND end_position < ?`,
    )
    .run(bound, accountId, bound, end);
}

/** The newest version of the contract whose event is stored up to `bound` and not in a stretch lost before. 0: none. */
function newestKept({ store, state, epochs }: WriteContext, contractRowid: number, bound: number): number {
  const rows = store
    .sql(
      `SELECT version, position FROM event WHERE account_id = ? AND contract_rowid = ? AND position <= ?
       ORDER BY version DESC`,
    )
    .iterate(state.accountId, contractRowid, bound) as Iterable<{ version: number; position: number }>;
  for (const { version, position } of rows) if (epochs.isLive(position)) return version;
  return 0;
}
