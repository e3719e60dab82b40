import { decodeEvent } from '../../../protocol/decode-event.ts';
import type { StatusChanged } from '../../../protocol/event.ts';
import type { FreshEvent } from '../ingest.ts';
import { freshEvent } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import type { Store } from '../storage/store.ts';

/*
 * Changes that a history has brought before the stream, and of which nobody was told yet. The mark is written with the event and
 * removed before the change is told, so that no restart tells it twice or not at all. What the stream brings as new
 * has none: it is told by the append that stores it.
 */

/** Of so many, the newest, it is told by one call; the others can be seen in the window. */
const MAX_TOLD = 500;

/** Rows of `event`. What comes as new on the stream never looks at them. */
const marks = (store: Store, accountId: number): Set<number> =>
  store.cached('untold', accountId, () => {
    const rows = store
      .sql('SELECT event_rowid AS id FROM untold_event WHERE account_id = ?')
      .all(accountId) as { id: number }[];
    return new Set(rows.map(({ id }) => id));
  });

/** `place`: where it was stored just now. */
export function noteUntold(context: WriteContext, event: StatusChanged, place: number): void {
  const { store, state } = context;
  const row = findRow(context, event, place);
  if (row === undefined) return;
  marks(store, state.accountId).add(row.id);
  store
    .sql('INSERT OR IGNORE INTO untold_event (account_id, event_rowid) VALUES (?, ?)')
    .run(state.accountId, row.id);
}

/** The event that is stored in this place, if it is still unread and nobody was told of it. */
export function readUntold(context: WriteContext, event: StatusChanged, place: number): FreshEvent | null {
  const row = markedRow(context, event, place);
  return row === undefined ? null : freshOf(context, event, row);
}

/** The stream has come to it: as `readUntold`, and from now on it counts as told. */
export function takeUntold(context: WriteContext, event: StatusChanged, place: number): FreshEvent | null {
  const row = markedRow(context, event, place);
  if (row === undefined) return null;
  forgetUntold(context, row.id);
  return freshOf(context, event, row);
}

function freshOf({ contracts }: WriteContext, event: StatusChanged, row: EventRow): FreshEvent | null {
  const record = contracts.get(event.data.contract.id);
  return row.unread === 1 && record?.readBy === null ? freshEvent(event, record.muted === 1) : null;
}

/** It is told, or its event is removed: its row's number may be given again. */
export const forgetUntold = ({ store, state }: WriteContext, eventRowid: number): void =>
  forget(store, state.accountId, eventRowid);

function forget(store: Store, accountId: number, eventRowid: number): void {
  if (!marks(store, accountId).delete(eventRowid)) return;
  store.sql('DELETE FROM untold_event WHERE account_id = ? AND event_rowid = ?').run(accountId, eventRowid);
}

/** All of the account, oldest first. From now on they count as told, also those that have been read. */
export const takeAllUntold = (store: Store, accountId: number): readonly FreshEvent[] =>
  marks(store, accountId).size === 0
    ? []
    : store.transaction('full', () => takeUpTo(store, accountId, Number.MAX_SAFE_INTEGER));

/** Of them what lies in the log up to `place`: the stream has come by there, and left it out. */
export function takePassed({ store, state }: WriteContext, place: number): readonly FreshEvent[] {
  return marks(store, state.accountId).size === 0 ? [] : takeUpTo(store, state.accountId, place);
}

function takeUpTo(store: Store, accountId: number, place: number): readonly FreshEvent[] {
  const rows = store
    .sql(
      `SELECT u.event_rowid AS id, r.envelope, c.muted, e.unread = 1 AND c.read_by IS NULL AS isUnread FROM untold_event AS u
       JOIN event AS e ON e.event_rowid = u.event_rowid
       JOIN raw_envelope AS r ON r.event_rowid = u.event_rowid
       JOIN contract AS c ON c.contract_rowid = e.contract_rowid
       WHERE u.account_id = ? AND e.position <= ? ORDER BY e.position`,
    )
    .all(accountId, place) as { id: number; envelope: string; muted: number; isUnread: number }[];
  for (const { id } of rows) forget(store, accountId, id);
  return rows
    .filter(({ isUnread }) => isUnread === 1)
    .slice(-MAX_TOLD)
    .flatMap(({ envelope, muted }) => {
      const decoded = decodeEvent(envelope);
      return decoded.ok ? freshEvent(decoded.value, muted === 1) : [];
    });
}

function markedRow(context: WriteContext, event: StatusChanged, place: number): EventRow | undefined {
  const ids = marks(context.store, context.state.accountId);
  const row = ids.size === 0 ? undefined : findRow(context, event, place);
  return row !== undefined && ids.has(row.id) ? row : undefined;
}

interface EventRow {
  readonly id: number;
  readonly unread: number;
}

function findRow(
  { store, state, contracts }: WriteContext,
  event: StatusChanged,
  place: number,
): EventRow | undefined {
  const { id, version } = event.data.contract;
  const record = contracts.get(id);
  if (record === undefined) return undefined;
  return store
    .sql(
      `SELECT event_rowid AS id, unread FROM event
       WHERE account_id = ? AND contract_rowid = ? AND version = ? AND position = ? AND event_id = ?`,
    )
    .get(state.accountId, record.contractRowid, version, place, event.id) as EventRow | undefined;
}
