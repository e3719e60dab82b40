/**
 * Version 4: an id may stand for several events (servers that begin to count anew), told apart by `identity`: a hash of
 * contract, version and status, 0 for keys of version 3. `life`: opaque ids, `account.restarts` of then.
 */
export const SCHEMA_V4 = `
CREATE TABLE event_key_next (
  account_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  identity INTEGER NOT NULL,
  position INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  life INTEGER NOT NULL,
  PRIMARY KEY (account_id, event_id, source_id, identity)
) STRICT, WITHOUT ROWID;
INSERT INTO event_key_next SELECT account_id, event_id, source_id, 0, position, hash, 0 FROM event_key
  ORDER BY account_id, event_id, source_id;
DROP TABLE event_key;
ALTER TABLE event_key_next RENAME TO event_key;
CREATE INDEX event_key_position ON event_key (account_id, position);

-- How often the server began to count anew, when last, and where the present life of opaque ids begins.
ALTER TABLE account ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN restarted_at INTEGER;
ALTER TABLE account ADD COLUMN life_position INTEGER NOT NULL DEFAULT 0;

-- One more kind: restart.
CREATE TABLE hole_next (
  hole_id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sequence', 'version', 'stale', 'epoch', 'quarantine', 'restart')),
  epoch_index INTEGER,
  epoch TEXT,
  from_sequence INTEGER,
  to_sequence INTEGER,
  start_position INTEGER,
  end_position INTEGER,
  contract_id TEXT,
  from_version INTEGER,
  to_version INTEGER,
  -- Null: nobody knows how many, or more than anybody counts.
  missing INTEGER,
  opened_at INTEGER NOT NULL,
  healed_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  attempt_run INTEGER,
  note TEXT NOT NULL
) STRICT;
INSERT INTO hole_next (hole_id, account_id, kind, epoch_index, epoch, from_sequence, to_sequence, start_position,
    end_position, contract_id, from_version, to_version, missing, opened_at, healed_at, attempts, next_attempt_at,
    attempt_run, note)
  SELECT hole_id, account_id, kind, epoch_index, epoch, from_sequence, to_sequence, start_position,
    end_position, contract_id, from_version, to_version, iif(missing > 1000000000, NULL, missing), opened_at, healed_at,
    attempts, next_attempt_at, attempt_run, note FROM hole ORDER BY hole_id;
DROP TABLE hole;
ALTER TABLE hole_next RENAME TO hole;
CREATE INDEX hole_open ON hole (account_id, epoch_index, from_sequence) WHERE healed_at IS NULL;
CREATE INDEX hole_healed ON hole (account_id, healed_at) WHERE healed_at IS NOT NULL;
`;
