import type { StatusChanged } from '../../protocol/event.ts';
import { parseInstant } from '../../protocol/instant.ts';
import type { ChangeCounts } from './change-counts.ts';
import type { Store } from './store.ts';

export interface EventPlace {
  readonly position: number;
  readonly contractRowid: number;
  readonly receivedAt: number;
  readonly unread: boolean;
  readonly beforeBaseline: boolean;
}

export type KeyResult = 'new' | 'duplicate' | 'conflict';

/** The duplicates' keys and the events of one account. */
export interface Events {
  /** Whether a key of this account has this id, whatever its source. */
  knows(eventId: string): boolean;
  /** The key's state before anything is stored; `conflict`: the same key once stood for other content. */
  lookUp(event: StatusChanged): KeyResult;
  /** Claims the key; `new` only when it was free. */
  claim(event: StatusChanged, position: number): KeyResult;
  insert(event: StatusChanged, envelope: string, place: EventPlace): void;
}

export function openEvents(store: Store, accountId: number, counts: ChangeCounts): Events {
  const sources = new Map<string, number>();

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

  function compare(event: StatusChanged): KeyResult {
    const row = store
      .sql('SELECT hash FROM event_key WHERE account_id = ? AND event_id = ? AND source_id = ?')
      .get(accountId, event.id, sourceId(event.source)) as { hash: number } | undefined;
    if (!row) return 'new';
    return row.hash === essence(event) ? 'duplicate' : 'conflict';
  }

  return {
    knows: (eventId) =>
      store
        .sql('SELECT 1 FROM event_key WHERE account_id = ? AND event_id = ? LIMIT 1')
        .get(accountId, eventId) !== undefined,
    lookUp: compare,
    claim(event, position) {
      const { changes } = store
        .sql(
          `INSERT INTO event_key (account_id, event_id, source_id, position, hash) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO NOTHING`,
        )
        .run(accountId, event.id, sourceId(event.source), position, essence(event));
      return changes > 0 ? 'new' : compare(event);
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

/**
 * What two copies of one event must share. Field by field, so that neither another transport's key order,
 * spacing or extra fields nor a later decoder of ours makes a copy look like a conflict.
 */
function essence(event: StatusChanged): number {
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

/** cyrb53 (public domain, github.com/bryc): 53 bits, no cryptographic claim; it only tells copies from conflicts. */
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
