import type { StatusChanged } from '../../../protocol/event.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import type { ChangeCounts } from '../storage/change-counts.ts';
import type { Severity } from '../../../protocol/statuses.ts';
import { positionOf } from './epochs.ts';
import { respellReason } from '../storage/search-index.ts';
import type { Store } from '../storage/store.ts';

export interface EventPlace {
  readonly position: number;
  readonly contractRowid: number;
  readonly receivedAt: number;
  readonly unread: boolean;
  readonly beforeBaseline: boolean;
}

/** One use of an id. An id that a server uses again for another change has several. */
export interface KnownEvent {
  readonly position: number;
  /** Of all that is read of it: a copy with another one is a revised copy. */
  readonly hash: number;
  /** Of contract, version and status. 0: written before these were kept. */
  readonly identity: number;
  /** For opaque ids: in which life of the log it came (`account.restarts` of then). */
  readonly life: number;
}

/** One use of an id as it is stored; without text and contract where retention has removed the event. */
export interface StoredUse {
  readonly position: number;
  readonly life: number;
  readonly contractId: string | null;
  readonly version: number | null;
  readonly envelope: string | null;
}

export interface Lookup {
  /** This very event: same id, source, contract, version and status. */
  readonly same: KnownEvent | null;
  /** Other events that came under this id; not all of them where there are hundreds. */
  readonly others: readonly KnownEvent[];
}

/** The duplicates' keys and the events of one account. */
export interface Events {
  /** Whether this id, whatever its source, came in this life of the log. */
  knows(eventId: string, life: number): boolean;
  /** What is stored under this id, whatever its source. */
  usesOf(eventId: string): readonly StoredUse[];
  lookUp(event: StatusChanged): Lookup;
  /** Whether an event was ever stored at this position. */
  isTaken(position: number): boolean;
  /** Whether events are stored at this position or beyond it: a history was ahead of the stream. */
  reach(position: number): boolean;
  /** The time (RFC 3339) of the last event that is stored in this row of the log, up to this sequence (default: all of it). */
  lastTime(epochIndex: number, upTo?: number): string | null;
  /** Whether the event at this place was stored after one of those from `from` up to `to`. */
  isYounger(position: number, from: number, to: number): boolean;
  /** Claims the key; false when this very event is known. */
  claim(event: StatusChanged, position: number, life: number): boolean;
  insert(event: StatusChanged, envelope: string, place: EventPlace): void;
  /** Gives a known event another place. */
  move(event: StatusChanged, known: KnownEvent, contractRowid: number, position: number): void;
  /** Keeps a revised copy instead of what was stored; false when it says the same. */
  revise(event: StatusChanged, known: KnownEvent, contractRowid: number, envelope: string): boolean;
}

/** More uses of one id than that are not looked at: a server whose ids mean nothing. */
const MAX_USES = 200;

export function openEvents(store: Store, accountId: number, counts: ChangeCounts): Events {
  const sources = new Map<string, number>();

  /** The highest position at which an event was stored; what comes above it needs no look into the file. */
  const top = store.cached('highest position', accountId, () => {
    const { position } = store
      .sql('SELECT coalesce(max(position), 0) AS position FROM event_key WHERE account_id = ?')
      .get(accountId) as { position: number };
    return { position };
  });

  function sourceId(source: string): number {
    const known = sources.get(source);
    if (known !== undefined) return known;
    store
      .sql('INSERT INTO source (account_id, source) VALUES (?, ?) ON CONFLICT DO NOTHING')
      .run(accountId, source);
    const row = store
      .sql('SELECT source_id AS id FROM source WHERE account_id = ? AND source = ?')
      .get(accountId, source) as { id: number };
    sources.set(source, row.id);
    return row.id;
  }

  const SELECT =
    'SELECT position, hash, identity, life FROM event_key WHERE account_id = ? AND event_id = ? AND source_id = ?';

  function lookUp(event: StatusChanged): Lookup {
    const key = [accountId, event.id, sourceId(event.source)] as const;
    const uses = store.sql(`${SELECT} LIMIT ${MAX_USES}`).all(...key) as unknown as KnownEvent[];
    if (uses.length === 0) return { same: null, others: [] };
    const identity = identityOf(event);
    const same =
      uses.find((use) => use.identity === identity) ??
      (store.sql(`${SELECT} AND identity = ?`).get(...key, identity) as KnownEvent | undefined) ??
      uses.find((use) => use.identity === 0 && isOld(event, use));
    return { same: same ?? null, others: uses.filter((use) => use !== same) };
  }

  /** Whether a key without identity is this event's: by its content, or by what is kept of that version. */
  function isOld(event: StatusChanged, known: KnownEvent): boolean {
    if (known.hash === contentHash(event)) return true;
    const { contract, change } = event.data;
    const row = store
      .sql(
        `SELECT EXISTS (SELECT 1 FROM event AS e WHERE e.account_id = c.account_id AND e.contract_rowid = c.contract_rowid
             AND version = ?2 AND position = ?3 AND to_status = ?4) AS kept,
           EXISTS (SELECT 1 FROM event AS e WHERE e.account_id = c.account_id AND e.contract_rowid = c.contract_rowid
             AND version = ?2) AS other,
           coalesce(have_low <= ?2 AND have_top >= ?2, 0) AS had
         FROM contract AS c WHERE account_id = ?5 AND contract_id = ?1`,
      )
      .get(contract.id, contract.version, known.position, change.to, accountId) as
      { kept: number; other: number; had: number } | undefined;
    return row !== undefined && (row.kept === 1 || (row.other === 0 && row.had === 1));
  }

  function findRow(event: StatusChanged, known: KnownEvent, contractRowid: number): number | undefined {
    const row = store
      .sql(
        `SELECT event_rowid AS id FROM event
         WHERE account_id = ? AND contract_rowid = ? AND version = ? AND position = ? AND event_id = ?`,
      )
      .get(accountId, contractRowid, event.data.contract.version, known.position, event.id) as
      { id: number } | undefined;
    return row?.id;
  }

  function updateKey(
    event: StatusChanged,
    known: KnownEvent,
    what: 'position' | 'hash',
    value: number,
  ): void {
    store
      .sql(
        `UPDATE event_key SET ${what} = ? WHERE account_id = ? AND event_id = ? AND source_id = ? AND identity = ?`,
      )
      .run(value, accountId, event.id, sourceId(event.source), known.identity);
  }

  return {
    knows: (eventId, life) =>
      store
        .sql('SELECT 1 FROM event_key WHERE account_id = ? AND event_id = ? AND life = ? LIMIT 1')
        .get(accountId, eventId, life) !== undefined,
    usesOf: (eventId) =>
      store
        .sql(
          `SELECT k.position, k.life, c.contract_id AS contractId, e.version, r.envelope FROM event_key AS k
           LEFT JOIN event AS e ON e.account_id = k.account_id AND e.position = k.position AND e.event_id = k.event_id
           LEFT JOIN contract AS c ON c.contract_rowid = e.contract_rowid
           LEFT JOIN raw_envelope AS r ON r.event_rowid = e.event_rowid
           WHERE k.account_id = ? AND k.event_id = ? LIMIT ${MAX_USES}`,
        )
        .all(accountId, eventId) as unknown as StoredUse[],
    lookUp,
    isTaken: (position) =>
      store
        .sql('SELECT 1 FROM event_key WHERE account_id = ? AND position = ? LIMIT 1')
        .get(accountId, position) !== undefined,
    reach: (position) => position <= top.position,
    lastTime(epochIndex, upTo) {
      const end = upTo === undefined ? positionOf(epochIndex + 1, 0) - 1 : positionOf(epochIndex, upTo);
      const row = store
        .sql(
          'SELECT time FROM event WHERE account_id = ? AND position BETWEEN ? AND ? ORDER BY position DESC LIMIT 1',
        )
        .get(accountId, positionOf(epochIndex, 0), end) as { time: string } | undefined;
      return row?.time ?? null;
    },
    isYounger: (position, from, to) =>
      store
        .sql(
          `SELECT 1 FROM event JOIN event AS other USING (account_id)
           WHERE account_id = ? AND event.position = ? AND other.position BETWEEN ? AND ?
             AND other.event_rowid < event.event_rowid LIMIT 1`,
        )
        .get(accountId, position, from, to) !== undefined,
    claim(event, position, life) {
      const { changes } = store
        .sql(
          `INSERT INTO event_key (account_id, event_id, source_id, identity, position, hash, life) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO NOTHING`,
        )
        .run(
          accountId,
          event.id,
          sourceId(event.source),
          identityOf(event),
          position,
          contentHash(event),
          life,
        );
      if (changes > 0) top.position = Math.max(top.position, position);
      return changes > 0;
    },
    move(event, known, contractRowid, position) {
      const id = findRow(event, known, contractRowid);
      updateKey(event, known, 'position', position);
      top.position = Math.max(top.position, position);
      if (id !== undefined)
        store.sql('UPDATE event SET position = ? WHERE event_rowid = ?').run(position, id);
    },
    revise(event, known, contractRowid, envelope) {
      const hash = contentHash(event);
      if (hash === known.hash) return false;
      updateKey(event, known, 'hash', hash);
      const id = findRow(event, known, contractRowid);
      if (id === undefined) return true;
      const { change, severity, actionRequired } = event.data;
      const before = store.sql('SELECT time, severity FROM event WHERE event_rowid = ?').get(id) as {
        time: string;
        severity: Severity;
      };
      counts.add(before.time, before.severity, -1);
      counts.add(event.time, severity, 1);
      store
        .sql(
          `UPDATE event SET from_status = ?, severity = ?, action_required = ?, actor_name = ?, actor_kind = ?,
             reason_code = ?, reason_text = ?, time = ? WHERE event_rowid = ?`,
        )
        .run(
          change.from,
          severity,
          actionRequired ? 1 : 0,
          change.actor?.name ?? null,
          change.actor?.kind || null,
          change.reason?.code || null,
          change.reason?.text || null,
          event.time,
          id,
        );
      const { reason } = change;
      respellReason(store, id, contractRowid, reason?.text || reason?.code || '');
      store.sql('UPDATE raw_envelope SET envelope = ? WHERE event_rowid = ?').run(envelope, id);
      return true;
    },
    insert(event, envelope, place) {
      const { contract, change, severity, actionRequired } = event.data;
      const { lastInsertRowid } = store
        .sql(
          `INSERT INTO event (account_id, position, event_id, contract_rowid, version, from_status, to_status, severity,
             action_required, actor_name, actor_kind, reason_code, reason_text, time, received_at, unread, before_baseline)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          accountId,
          place.position,
          event.id,
          place.contractRowid,
          contract.version,
          change.from,
          change.to,
          severity,
          actionRequired ? 1 : 0,
          change.actor?.name ?? null,
          change.actor?.kind || null,
          change.reason?.code || null,
          change.reason?.text || null,
          event.time,
          place.receivedAt,
          place.unread ? 1 : 0,
          place.beforeBaseline ? 1 : 0,
        );
      store
        .sql('INSERT INTO raw_envelope (event_rowid, envelope) VALUES (?, ?)')
        .run(lastInsertRowid, envelope);
      counts.add(event.time, severity, 1);
    },
  };
}

/** What makes two copies under one id the same event. Never 0. */
function identityOf(event: StatusChanged): number {
  const { contract, change } = event.data;
  return hash53(`${contract.version} ${change.to.length} ${change.to} ${contract.id}`) || 1;
}

/**
 * What we read of an event: a copy of which this differs is a revised one. Field by field, so that neither another transport's key order,
 * spacing or extra fields nor a later decoder of ours makes a copy look revised.
 */
function contentHash(event: StatusChanged): number {
  const { contract, change, severity, actionRequired } = event.data;
  return hash53(
    JSON.stringify([
      parseInstant(event.time),
      contract.id,
      contract.version,
      contract.title,
      contract.amount && [contract.amount.value, contract.amount.currency],
      contract.dueAt && parseInstant(contract.dueAt),
      change.from,
      change.to,
      change.actor && change.actor.name,
      change.reason && [change.reason.code, change.reason.text],
      severity,
      actionRequired,
    ]),
  );
}

/** cyrb53 (public domain, github.com/bryc): 53 bits, no cryptographic claim; it only tells copies apart. */
function hash53(text: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}
