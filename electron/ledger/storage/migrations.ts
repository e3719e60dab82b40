import { hasZone, parseInstant } from '../../../protocol/instant.ts';
import type { Database } from './sqlite.ts';
import { completeEarlyForms, completeFirstV2 } from './early-forms.ts';
import { SCHEMA_V1 } from './schema.ts';
import { SCHEMA_V13 } from './schema-v13.ts';
import { SCHEMA_V14 } from './schema-v14.ts';
import { SCHEMA_V2 } from './schema-v2.ts';
import { SCHEMA_V3 } from './schema-v3.ts';
import { SCHEMA_V4 } from './schema-v4.ts';
import { SCHEMA_V6 } from './schema-v6.ts';
import { SCHEMA_V9 } from './schema-v9.ts';

/** Brings the file from `version - 1` to `version`. Never edited once released; a change is a new migration. */
export interface Migration {
  readonly version: number;
  up(db: Database): void;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    up(db) {
      db.exec(SCHEMA_V1);
    },
  },
  {
    version: 2,
    up(db) {
      db.exec(SCHEMA_V2);
      countChanges(db);
      fillDueTimes(db);
    },
  },
  {
    version: 3,
    up(db) {
      if (completeFirstV2(db)) {
        countChanges(db);
        fillDueTimes(db);
      }
      db.exec(SCHEMA_V3);
      correctDueTimes(db);
    },
  },
  {
    version: 4,
    up(db) {
      db.exec(SCHEMA_V4);
    },
  },
  {
    version: 5,
    up(db) {
      db.exec(`ALTER TABLE account ADD COLUMN replay TEXT NOT NULL DEFAULT 'unknown'`);
    },
  },
  {
    version: 6,
    up(db) {
      db.exec(SCHEMA_V6);
    },
  },
  {
    version: 7,
    up(db) {
      codeProblems(db);
      db.exec('ALTER TABLE outbox DROP COLUMN problem');
    },
  },
  {
    version: 8,
    up(db) {
      db.exec('ALTER TABLE account ADD COLUMN heartbeat_ms INTEGER');
    },
  },
  {
    version: 9,
    up(db) {
      db.exec(SCHEMA_V9);
    },
  },
  {
    version: 10,
    up(db) {
      completeEarlyForms(db);
      renameSavedRows(db);
    },
  },
  {
    version: 11,
    up(db) {
      forgetWords(db);
    },
  },
  {
    version: 12,
    up(db) {
      db.exec(`ALTER TABLE saved_view ADD COLUMN notify TEXT NOT NULL DEFAULT 'usual'`);
    },
  },
  {
    version: 13,
    up(db) {
      db.exec(SCHEMA_V13);
    },
  },
  {
    version: 14,
    up(db) {
      db.exec(SCHEMA_V14);
    },
  },
];

/** Version 2's `change_count` of what version 1 stored. */
function countChanges(db: Database): void {
  const counts = new Map<string, number>();
  const events = db
    .prepare('SELECT account_id AS accountId, time, severity FROM event')
    .iterate() as Iterable<{ accountId: number; time: string; severity: string }>;
  for (const { accountId, time, severity } of events) {
    const key = `${accountId} ${Math.floor(Date.parse(time) / 900_000)} ${severity}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const insert = db.prepare(
    'INSERT INTO change_count (account_id, quarter, severity, changes) VALUES (?, ?, ?, ?)',
  );
  for (const [key, changes] of counts) {
    const [accountId, quarter, severity] = key.split(' ');
    insert.run(Number(accountId), Number(quarter), severity ?? '', changes);
  }
}

/** Version 2's `due_time` of what version 1 stored. */
function fillDueTimes(db: Database): void {
  const rows = db
    .prepare('SELECT contract_rowid AS id, due_at AS dueAt FROM contract WHERE due_at IS NOT NULL')
    .all() as { id: number; dueAt: string }[];
  const update = db.prepare('UPDATE contract SET due_time = ? WHERE contract_rowid = ?');
  for (const { id, dueAt } of rows) update.run(Date.parse(dueAt), id);
}

/** Due dates without a zone were taken for local time. */
function correctDueTimes(db: Database): void {
  const rows = db
    .prepare('SELECT contract_rowid AS id, due_at AS dueAt FROM contract WHERE due_at IS NOT NULL')
    .all() as { id: number; dueAt: string }[];
  const update = db.prepare('UPDATE contract SET due_time = ? WHERE contract_rowid = ?');
  for (const { id, dueAt } of rows) if (!hasZone(dueAt)) update.run(parseInstant(dueAt), id);
}

/** Version 7: why an acknowledgement failed was an English sentence, and is `{code, params, detail}` as JSON. */
function codeProblems(db: Database): void {
  db.exec(`UPDATE contract SET ack_problem = NULL WHERE ack_state IS NULL OR ack_state <> 'failed'`);
  const rows = db
    .prepare('SELECT contract_rowid AS id, ack_problem AS text FROM contract WHERE ack_problem IS NOT NULL')
    .all() as { id: number; text: string }[];
  const update = db.prepare('UPDATE contract SET ack_problem = ? WHERE contract_rowid = ?');
  for (const { id, text } of rows) {
    const said = /^The server refused it \((.*)\)\.$/s.exec(text);
    const status = Number(/\b[45]\d\d\b/.exec(said?.[1] ?? '')?.[0] ?? Number.NaN);
    const isMissing = [404, 405, 410, 501].includes(status);
    const code = Number.isNaN(status)
      ? 'other'
      : status === 403
        ? 'forbidden'
        : isMissing
          ? 'missing'
          : 'refused';
    const params = { status: Number.isNaN(status) ? null : status };
    update.run(JSON.stringify({ code, params, detail: said?.[1] ?? text }), id);
  }
}

/** Version 10: version 9 renamed columns of `contract`, not the copy of them that `log_state` holds as JSON. */
function renameSavedRows(db: Database): void {
  for (const [from, to] of [
    ['told', 'fromSnapshot'],
    ['retired', 'superseded'],
  ]) {
    db.exec(`UPDATE contract SET log_state =
        json_remove(json_set(log_state, '$.${to}', log_state -> '$.${from}'), '$.${from}')
      WHERE log_state <> '' AND json_type(log_state, '$.${from}') IS NOT NULL`);
  }
}

/** Version 11 folds words otherwise, and finds numbers by their last digits: all are taken in anew. */
function forgetWords(db: Database): void {
  db.exec(`INSERT INTO contract_words (contract_words) VALUES ('delete-all');
    INSERT INTO reason_words (reason_words) VALUES ('delete-all');
    DELETE FROM search_changed;
    UPDATE search_state SET contracts = 0, events = 0;`);
}

export function latestVersion(migrations: readonly Migration[] = MIGRATIONS): number {
  return migrations.at(-1)?.version ?? 0;
}

export function readUserVersion(db: Database): number {
  const row = db.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

/**
 * Runs the missing migrations in order. Each is one transaction together with its `user_version`, so a
 * kill leaves the file at the version before or after it, never between.
 */
export function migrate(
  db: Database,
  migrations: readonly Migration[] = MIGRATIONS,
): { readonly from: number; readonly to: number } {
  const from = readUserVersion(db);
  let to = from;
  for (const migration of migrations) {
    if (migration.version <= to) continue;
    if (migration.version !== to + 1) throw new Error(`migration ${migration.version} follows ${to}`);
    db.exec('BEGIN IMMEDIATE');
    try {
      migration.up(db);
      db.exec(`PRAGMA user_version = ${migration.version}`);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    to = migration.version;
  }
  return { from, to };
}
