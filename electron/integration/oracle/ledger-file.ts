import type { Database } from '../../ledger/storage/sqlite.ts';
import type { Published } from './published.ts';

/** What the ledger's file says, read by plain SQL. */
export interface LedgerFile {
  /** Counts the writes of the connection: the same number, the same content. */
  readonly version: number;
  /** Rows of events, and the newest one's: the same, the same events. */
  readonly events: number;
  readonly newest: number | null;
  readonly stored: ReadonlySet<Published>;
  readonly setAside: ReadonlySet<Published>;
  /** When the app stored it, by the computer's clock; without what counts as known before the baseline. */
  readonly receivedAt: ReadonlyMap<Published, number>;
  readonly contracts: ReadonlyMap<
    string,
    {
      readonly version: number;
      readonly lastEventId: string | null;
      readonly needsAction: boolean;
      readonly muted: boolean;
    }
  >;
  /** The newest acknowledgement of each contract. */
  readonly outbox: ReadonlyMap<
    string,
    { readonly state: string; readonly version: number; readonly eventId: string; readonly dueAt: number }
  >;
  readonly gaps: readonly GapRow[];
}

export interface GapRow {
  readonly kind: string;
  readonly contractId: string | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly openedAt: number;
  readonly healedAt: number | null;
  readonly nextAttemptAt: number | null;
}

interface EventRow {
  readonly eventId: string;
  readonly contractId: string;
  readonly version: number;
  readonly to: string;
  readonly receivedAt: number;
  readonly before: number;
  readonly envelope: string | null;
}

type Statement = ReturnType<Database['prepare']>;
const prepared = new WeakMap<Database, Map<string, Statement>>();

/** Prepared once for each connection: it is read after each moment at which something happened. */
function query(db: Database, sql: string): Statement {
  const all = prepared.get(db) ?? new Map<string, Statement>();
  prepared.set(db, all);
  const statement = all.get(sql) ?? db.prepare(sql);
  all.set(sql, statement);
  return statement;
}

/** Reads it anew only where something was written since `last`. */
export function readLedgerFile(
  db: Database,
  last: LedgerFile | null,
  published: readonly Published[],
  idsComeAgain: boolean,
): LedgerFile {
  const { version } = query(db, 'SELECT total_changes() AS version').get() as { version: number };
  if (last !== null && last.version === version) return last;
  const { events, newest } = query(
    db,
    'SELECT count(*) AS events, max(event_rowid) AS newest FROM event',
  ).get() as { events: number; newest: number | null };
  // Where ids come again, a row's raw text may be another's.
  const isAsBefore = !idsComeAgain && last !== null && last.events === events && last.newest === newest;
  const { stored, receivedAt } = isAsBefore ? last : readEvents(db, published);
  const setAside = new Set<Published>();
  const texts = query(db, 'SELECT event_id AS id, CAST(text AS TEXT) AS text FROM quarantine').all() as {
    id: string | null;
    text: string;
  }[];
  for (const { id, text } of texts) {
    // A garbled one was cut on its way; what came of it is to be kept whole.
    const found = published.find(
      (event) => event.id === id && (event.envelope === text || event.envelope.startsWith(text)),
    );
    if (found !== undefined) setAside.add(found);
  }
  const contracts = query(
    db,
    'SELECT contract_id AS id, version, last_event_id AS lastEventId, action_open AS needs, muted FROM contract',
  ).all() as { id: string; version: number; lastEventId: string | null; needs: number; muted: number }[];
  const outbox = query(
    db,
    'SELECT contract_id AS id, state, version, event_id AS eventId, due_at AS dueAt FROM outbox ORDER BY outbox_id',
  ).all() as { id: string; state: string; version: number; eventId: string; dueAt: number }[];
  const gaps = query(
    db,
    `SELECT kind, contract_id AS contractId, from_sequence AS "from", to_sequence AS "to", opened_at AS openedAt,
              healed_at AS healedAt, next_attempt_at AS nextAttemptAt FROM gap`,
  ).all() as unknown as GapRow[];
  return {
    version,
    events,
    newest,
    stored,
    setAside,
    receivedAt,
    contracts: new Map(
      contracts.map(({ id, version: top, lastEventId, needs, muted }) => [
        id,
        { version: top, lastEventId, needsAction: needs === 1, muted: muted === 1 },
      ]),
    ),
    outbox: new Map(outbox.map(({ id, ...entry }) => [id, entry])),
    gaps,
  };
}

function readEvents(
  db: Database,
  published: readonly Published[],
): Pick<LedgerFile, 'stored' | 'receivedAt'> {
  const byEnvelope = new Map(published.map((event) => [event.envelope, event]));
  const stored = new Set<Published>();
  const receivedAt = new Map<Published, number>();
  const rows = query(
    db,
    `SELECT event.event_id AS eventId, contract.contract_id AS contractId, event.version AS version,
              event.to_status AS "to", event.received_at AS receivedAt, event.before_baseline AS before,
              raw_envelope.envelope AS envelope
         FROM event JOIN contract USING (contract_rowid) LEFT JOIN raw_envelope USING (event_rowid)`,
  ).all() as unknown as EventRow[];
  for (const row of rows) {
    const event = byEnvelope.get(row.envelope ?? '') ?? alike(published, row);
    if (event === undefined) continue;
    stored.add(event);
    if (row.before === 0) receivedAt.set(event, row.receivedAt);
  }
  return { stored, receivedAt };
}

/** Its raw text may have been parsed and written again on its way: then by everything it says. */
function alike(published: readonly Published[], row: EventRow): Published | undefined {
  const nonce = /"n=\d+"/.exec(row.envelope ?? '')?.[0];
  if (nonce !== undefined) return published.find((event) => event.envelope.includes(nonce));
  return published.find(
    (event) =>
      row.eventId.endsWith(event.id) &&
      event.contractId === row.contractId &&
      event.version === row.version &&
      event.to === row.to,
  );
}
