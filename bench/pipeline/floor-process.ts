import { DatabaseSync, type Database } from '../../electron/ledger/storage/sqlite.ts';
import { openDatabase } from '../../electron/ledger/storage/database.ts';
import { answerParent, collectGarbage } from '../harness/child.ts';
import type { FloorRequest, Span, Written } from './protocol.ts';

/**
 * The least that can be done for the same result: the rows which the ledger wrote, read from its file and written to a
 * fresh file of the same schema, keys and settings by bare prepared statements, 5,000 events a transaction. Only the
 * writing is timed; nothing is received, parsed, decoded, compared or told.
 */

type Row = Record<string, string | number | bigint | null>;

const BATCH = 5_000;

function columnsOf(db: Database, table: string): readonly string[] {
  const rows = db.prepare(`PRAGMA table_info(${table})`).all() as { readonly name: string }[];
  return rows.map(({ name }) => name);
}

function prepareInsert(db: Database, table: string, more = ''): (row: Row) => void {
  const columns = columnsOf(db, table);
  const marks = columns.map(() => '?').join(', ');
  const statement = db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks}) ${more}`);
  return (row) => void statement.run(...columns.map((column) => row[column] ?? null));
}

/** What an ordinary event changes on its contract's row. */
const CHANGED = [
  'position',
  'unread',
  'version',
  'from_status',
  'to_status',
  'severity',
  'time',
  'last_event_id',
];

function copy({ source, target, events }: FloorRequest): Written {
  const from = new DatabaseSync(source, { readOnly: true });
  const { db, problem } = openDatabase(target, Date.now());
  if (problem !== null) throw new Error(problem.detail);
  const stored = from.prepare('SELECT count(*) AS n FROM event WHERE before_baseline = 0').get() as {
    n: number;
  };
  if (stored.n !== events) throw new Error(`the ledger holds ${stored.n} events instead of ${events}`);

  const insertEvent = prepareInsert(db, 'event');
  const insertKey = prepareInsert(db, 'event_key');
  const insertRaw = prepareInsert(db, 'raw_envelope');
  const changed = CHANGED.map((column) => `${column} = excluded.${column}`).join(', ');
  const upsertContract = prepareInsert(
    db,
    'contract',
    `ON CONFLICT (contract_rowid) DO UPDATE SET ${changed}`,
  );
  const readEvents = from.prepare(
    'SELECT * FROM event WHERE before_baseline = 0 AND event_rowid > ? ORDER BY event_rowid LIMIT ?',
  );
  const readKey = from.prepare('SELECT * FROM event_key WHERE account_id = ? AND event_id = ?');
  const readRaw = from.prepare('SELECT * FROM raw_envelope WHERE event_rowid = ?');
  const readContract = from.prepare('SELECT * FROM contract WHERE contract_rowid = ?');

  const spans: Span[] = [];
  let last: Row[string] = 0;
  db.exec('PRAGMA synchronous = NORMAL');
  collectGarbage();
  for (;;) {
    const rows = readEvents.all(last, BATCH) as Row[];
    if (rows.length === 0) break;
    last = rows.at(-1)?.['event_rowid'] ?? null;
    const keys = rows.map((row) => readKey.get(row['account_id'] ?? null, row['event_id'] ?? null) as Row);
    const raws = rows.map((row) => readRaw.get(row['event_rowid'] ?? null) as Row);
    const contracts = new Map<unknown, Row>();
    for (const row of rows) {
      const id = row['contract_rowid'] ?? null;
      const contract = contracts.get(id) ?? (readContract.get(id) as Row);
      contract['position'] = row['position'] ?? null;
      contracts.set(id, contract);
    }
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    db.exec('BEGIN IMMEDIATE');
    for (let index = 0; index < rows.length; index++) {
      insertKey(keys[index] as Row);
      insertEvent(rows[index] as Row);
      insertRaw(raws[index] as Row);
    }
    for (const contract of contracts.values()) upsertContract(contract);
    db.exec('COMMIT');
    const ms = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpuBefore);
    spans.push({ events: rows.length, ms, cpuMicros: user + system });
  }
  db.close();
  from.close();
  return { all: sum(spans), warm: sum(spans.slice(1)) };
}

function sum(spans: readonly Span[]): Span {
  const total = { events: 0, ms: 0, cpuMicros: 0 };
  for (const span of spans) {
    total.events += span.events;
    total.ms += span.ms;
    total.cpuMicros += span.cpuMicros;
  }
  return total;
}

answerParent((request) => copy(request as FloorRequest));
