import { parsePosition } from '../../../protocol/cursor.ts';
import type { StatusChanged } from '../../../protocol/event.ts';
import { currentEpoch, newestPosition } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import { reachEpoch } from './control.ts';
import { positionOf, type Epoch } from '../log/epochs.ts';
import type { StoredUse } from '../log/events.ts';
import { beginOpaqueLife, goBack, streamOf } from '../log/lives.ts';
import type { Store } from '../storage/store.ts';

/** What is looked through for the contract's id, characters; and what stays of a text that makes room for newer ones, bytes. */
const HEAD_LENGTH = 4096;
/** Of all texts of one account, bytes. Beyond it the oldest are cut, down to the second figure. */
const MAX_BYTES = 10 * 1024 * 1024;
const BYTES_AFTER = 9 * 1024 * 1024;
/** Rows kept for one account; the oldest make room. Gaps are counted on their own. */
const MAX_ROWS = 2000;
const MAX_FOREIGN_NAMES = 100;

export interface Unreadable {
  readonly id: string | null;
  readonly reason: string;
  /** Its text as far as there is any. */
  readonly data: string;
  /** Its size, where `data` is its beginning only. */
  readonly bytes?: number;
}

/**
 * Sets one own event aside and opens a gap where it belongs. False for a repetition: it was set aside before, or its text is
 * that of what is stored in its place.
 */
export function quarantineEvent(context: WriteContext, item: Unreadable): boolean {
  const { events, gaps } = context;
  const contractId = contractOf(item.data);
  const note = `${item.id ?? 'an event without id'}: ${item.reason}`;
  const position = item.id === null ? undefined : parsePosition(item.id);
  if (!position) {
    const { life } = streamOf(context);
    const here = item.id === null ? [] : events.usesOf(item.id).filter((use) => use.life === life);
    if (isCopy(here, item, contractId) || !keep(context, item, contractId)) return false;
    if (item.id !== null && isOfOther(here, contractId)) beginOpaqueLife(context, item.id);
    gaps.openQuarantine({ start: newestPosition(context) }, contractId, note);
    return true;
  }
  const { epoch, before } = reachEpoch(context, position, 'event');
  const { sequence } = position;
  if (sequence > before) {
    if (currentEpoch(context) === epoch && sequence > epoch.lastSequence + 1) {
      gaps.openRange(
        'sequence',
        epoch,
        epoch.lastSequence + 1,
        sequence - 1,
        `${item.id} came after ${before}`,
      );
    }
    epoch.lastSequence = sequence;
    // A history that was ahead of the stream has told what is in that place.
    const place = positionOf(epoch.index, sequence);
    const isTold =
      events.reach(place) && events.usesOf(item.id as string).some((use) => use.position === place);
    if (!isTold) {
      gaps.openQuarantine({ epoch, sequence }, contractId, note);
      keep(context, item, contractId);
      return true;
    }
  }
  return quarantineLate(context, { ...item, id: item.id as string }, contractId, epoch, sequence);
}

/** The log had come further: it is missing here, or came otherwise before, or lies in what was settled or was before our baseline. */
function quarantineLate(
  context: WriteContext,
  item: Unreadable & { readonly id: string },
  contractId: string | null,
  reached: Epoch,
  sequence: number,
): boolean {
  const { events, gaps, epochs } = context;
  const note = `${item.id}: ${item.reason}`;
  const place = positionOf(reached.index, sequence);
  const here = events.usesOf(item.id).filter((use) => use.position === place);
  if (here.length === 0 && gaps.covers(reached.index, sequence)) {
    gaps.sequenceUnreadable(reached.index, sequence, contractId, note);
    return keep(context, item, contractId);
  }
  if (isCopy(here, item, contractId) || !keep(context, item, contractId)) return false;
  let epoch = reached;
  if (isOfOther(here, contractId) && !epochs.isFull()) {
    epoch = goBack(context, reached, sequence - 1, `${item.id} came again for another event`);
    epoch.lastSequence = sequence;
  }
  gaps.openQuarantine({ epoch, sequence }, contractId, note);
  return true;
}

/** Whether this is the text of what is stored, or its beginning with the contract in it: a copy that was cut on its way. */
function isCopy(here: readonly StoredUse[], { data }: Unreadable, contractId: string | null): boolean {
  return here.some(
    ({ envelope }) =>
      envelope !== null && (envelope === data || (contractId !== null && envelope.startsWith(data))),
  );
}

/** Whether the text still shows that it is not what is stored: it is of another contract. */
function isOfOther(here: readonly StoredUse[], contractId: string | null): boolean {
  return (
    contractId !== null &&
    here.length > 0 &&
    here.every((use) => use.contractId !== null && use.contractId !== contractId)
  );
}

/**
 * What was set aside has come whole: its text is the beginning of what can be read now. Own ids: in a stretch that turned out to
 * be another life's, wherever in the log that has its place. Opaque ids: since none has come again for another event.
 */
export function fillSetAside(context: WriteContext, event: StatusChanged, envelope: string): void {
  const { state, gaps } = context;
  const position = parsePosition(event.id);
  if (position) {
    if (state.restarts === 0 || !gaps.hasLost(position)) return;
    if (beginningsOf(context, event.id, envelope, 0).length > 0) gaps.fillLost(position);
  } else if (gaps.hasPlaceless()) {
    const { id } = event.data.contract;
    const since = state.restartedAt ?? 0;
    const count = beginningsOf(context, event.id, envelope, since).filter((of) => of === id).length;
    if (count > 0) gaps.fillPlaceless(id, count);
  }
}

/**
 * Of each text that the stream brought under this id from `since` on (epoch ms), and that is the beginning of `envelope`: its contract,
 * where it shows one.
 */
function beginningsOf(
  { store, state }: WriteContext,
  eventId: string,
  envelope: string,
  since: number,
): readonly (string | null)[] {
  const rows = store
    .sql(
      `SELECT text, contract_id AS contractId FROM quarantine
       WHERE account_id = ? AND event_id = ? AND at >= ? AND length(text) > 0 AND reason NOT LIKE 'history: %'`,
    )
    .all(state.accountId, eventId, since) as { text: Uint8Array; contractId: string | null }[];
  return rows
    .filter(({ text }) => envelope.startsWith(Buffer.from(text).toString('utf8')))
    .map(({ contractId }) => contractId);
}

/**
 * Sets a contract of a snapshot aside that cannot be read. It opens a gap without a place: only a snapshot that can be read
 * whole shows that nothing of it is missing.
 */
export function quarantineTold(context: WriteContext, item: Omit<Unreadable, 'id'>, start: number): void {
  const { gaps } = context;
  const contractId = contractOf(item.data);
  const isNew = keep(context, { id: null, ...item }, contractId);
  if (isNew || !gaps.hasPlaceless()) gaps.openQuarantine({ start }, contractId, item.reason);
}

/** Whether something that came under this id was set aside before. */
export function isSetAside({ store, state }: WriteContext, id: string): boolean {
  return (
    store
      .sql('SELECT 1 FROM quarantine WHERE account_id = ? AND event_id = ? LIMIT 1')
      .get(state.accountId, id) !== undefined
  );
}

/** Whether what came under this id since the log last began anew could not be read, and shows that it was of another contract. */
export function isSetAsideForOther({ store, state }: WriteContext, event: StatusChanged): boolean {
  return (
    store
      .sql(
        `SELECT 1 FROM quarantine WHERE account_id = ? AND event_id = ? AND contract_id <> ? AND at > ?
           AND reason NOT LIKE 'it is addressed to %' AND reason <> 'it has no name' LIMIT 1`,
      )
      .get(state.accountId, event.id, event.data.contract.id, state.restartedAt ?? 0) !== undefined
  );
}

/** Notes something unreadable or contradicting that leaves nothing missing. False for a repetition. */
export function quarantineNote(context: WriteContext, item: Unreadable): boolean {
  return keep(context, item, contractOf(item.data));
}

function keep(context: WriteContext, item: Unreadable, contractId: string | null): boolean {
  const { store, state, now } = context;
  const { accountId } = state;
  const reason = item.reason.slice(0, 500);
  const text = Buffer.from(item.data, 'utf8');
  const bytes = item.bytes ?? text.length;
  const known = store
    .sql(
      `SELECT 1 FROM quarantine WHERE account_id = ? AND event_id IS ? AND bytes = ? AND reason IN (?, 'history: ' || ?)
         AND text = substr(?, 1, length(text)) LIMIT 1`,
    )
    .get(accountId, item.id, bytes, reason, reason, text);
  if (known !== undefined) return false;
  store
    .sql(
      'INSERT INTO quarantine (account_id, event_id, contract_id, reason, text, bytes, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(accountId, item.id, contractId, reason, text, bytes, now);
  store
    .sql(
      `DELETE FROM quarantine WHERE account_id = ? AND quarantine_id <=
         (SELECT quarantine_id FROM quarantine WHERE account_id = ? ORDER BY quarantine_id DESC LIMIT 1 OFFSET ?)`,
    )
    .run(accountId, accountId, MAX_ROWS);
  makeRoom(store, accountId, text.length);
  return true;
}

/** Cuts the oldest texts where all of them together have grown too long. */
function makeRoom(store: Store, accountId: number, added: number): void {
  const kept = store.cached('quarantine', accountId, () => ({ bytes: bytesKept(store, accountId) - added }));
  kept.bytes += added;
  if (kept.bytes <= MAX_BYTES) return;
  kept.bytes = bytesKept(store, accountId);
  const long = store
    .sql(
      `SELECT quarantine_id AS id, length(text) AS bytes FROM quarantine
       WHERE account_id = ? AND length(text) > ? ORDER BY quarantine_id`,
    )
    .all(accountId, HEAD_LENGTH) as { id: number; bytes: number }[];
  for (const { id, bytes } of long) {
    if (kept.bytes <= BYTES_AFTER) break;
    store.sql('UPDATE quarantine SET text = substr(text, 1, ?) WHERE quarantine_id = ?').run(HEAD_LENGTH, id);
    kept.bytes -= bytes - HEAD_LENGTH;
  }
}

function bytesKept(store: Store, accountId: number): number {
  const row = store
    .sql('SELECT coalesce(sum(length(text)), 0) AS bytes FROM quarantine WHERE account_id = ?')
    .get(accountId) as { bytes: number };
  return row.bytes;
}

/** The contract's id where the damaged text still shows it. */
function contractOf(data: string): string | null {
  const match = /"contract"\s*:\s*\{[^{}]*?"id"\s*:\s*"([^"\\]{1,500})"/.exec(data.slice(0, HEAD_LENGTH));
  return match?.[1] ?? null;
}

/** Counts an event addressed to somebody else; beyond 100 names under one common name. */
export function countForeign(context: WriteContext, name: string): void {
  const { store, state } = context;
  const { accountId } = state;
  const bump = store.sql('UPDATE foreign_name SET count = count + 1 WHERE account_id = ? AND name = ?');
  const short = name.slice(0, 200);
  if (bump.run(accountId, short).changes > 0) return;
  const { names } = store
    .sql('SELECT count(*) AS names FROM foreign_name WHERE account_id = ?')
    .get(accountId) as { names: number };
  const counted = names < MAX_FOREIGN_NAMES ? short : '(others)';
  store
    .sql(
      `INSERT INTO foreign_name (account_id, name, count) VALUES (?, ?, 1)
       ON CONFLICT (account_id, name) DO UPDATE SET count = count + 1`,
    )
    .run(accountId, counted);
}
