/**
 * Version 1 of the file. Every table is keyed or indexed by `account_id` first; `position` is
 * `epoch_index * 2^40 + sequence`. Times `*_at` are epoch ms of the client's clock, `*_time` the server's.
 */
export const SCHEMA_V1 = `
CREATE TABLE account (
  account_id INTEGER PRIMARY KEY AUTOINCREMENT,
  server TEXT NOT NULL,
  user_id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  locale TEXT NOT NULL,
  cursor TEXT,
  baseline TEXT NOT NULL DEFAULT 'none' CHECK (baseline IN ('none', 'snapshot', 'without')),
  baseline_position INTEGER NOT NULL DEFAULT 0,
  baseline_time INTEGER,
  current_epoch INTEGER,
  head_id TEXT,
  head_epoch INTEGER,
  head_sequence INTEGER,
  head_time INTEGER,
  heads_seen INTEGER NOT NULL DEFAULT 0,
  emptied INTEGER NOT NULL DEFAULT 0,
  last_sign_at INTEGER,
  away_since INTEGER,
  away_opened_at INTEGER,
  away_position INTEGER,
  absence_since INTEGER,
  absence_until INTEGER,
  absence_from INTEGER,
  absence_to INTEGER,
  snapshot_run INTEGER NOT NULL DEFAULT 0,
  snapshot_as_of INTEGER,
  snapshot_bound INTEGER NOT NULL DEFAULT 0,
  count_all INTEGER NOT NULL DEFAULT 0,
  count_unread INTEGER NOT NULL DEFAULT 0,
  count_action INTEGER NOT NULL DEFAULT 0,
  UNIQUE (server, user_id)
) STRICT;

CREATE TABLE epoch (
  account_id INTEGER NOT NULL,
  epoch_index INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('own', 'opaque', 'early', 'retired')),
  label TEXT NOT NULL,
  first_sequence INTEGER NOT NULL,
  baseline_sequence INTEGER NOT NULL,
  proven INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  PRIMARY KEY (account_id, epoch_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  source_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  UNIQUE (account_id, source)
) STRICT;

CREATE TABLE event_key (
  account_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  PRIMARY KEY (account_id, event_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_key_position ON event_key (account_id, position);

CREATE TABLE event (
  event_rowid INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  contract_rowid INTEGER NOT NULL,
  version INTEGER NOT NULL,
  from_status TEXT,
  to_status TEXT NOT NULL,
  severity TEXT NOT NULL,
  action_required INTEGER NOT NULL,
  actor_name TEXT,
  actor_kind TEXT,
  reason_code TEXT,
  reason_text TEXT,
  time TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  before_baseline INTEGER NOT NULL
) STRICT;
CREATE INDEX event_contract ON event (account_id, contract_rowid, version);
CREATE INDEX event_received ON event (account_id, received_at, before_baseline);

CREATE TABLE raw_envelope (
  event_rowid INTEGER PRIMARY KEY,
  envelope TEXT NOT NULL
) STRICT;

CREATE TABLE contract (
  contract_rowid INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  contract_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  action_open INTEGER NOT NULL,
  search_text TEXT NOT NULL,
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  counterparties TEXT NOT NULL,
  amount_value TEXT,
  amount_currency TEXT,
  due_at TEXT,
  from_status TEXT,
  to_status TEXT NOT NULL,
  severity TEXT NOT NULL,
  action_required INTEGER NOT NULL,
  actor_name TEXT,
  reason_text TEXT,
  time TEXT NOT NULL,
  since TEXT NOT NULL,
  last_event_id TEXT,
  told INTEGER NOT NULL,
  retired INTEGER NOT NULL,
  have_low INTEGER,
  have_top INTEGER,
  have_parts TEXT,
  gap INTEGER NOT NULL,
  base_version INTEGER,
  base_position INTEGER,
  base_fixed INTEGER NOT NULL,
  snap_version INTEGER,
  snap_run INTEGER NOT NULL,
  ack_version INTEGER,
  ack_state TEXT,
  ack_at INTEGER,
  ack_by TEXT,
  ack_problem TEXT,
  UNIQUE (account_id, contract_id)
) STRICT;
CREATE INDEX contract_order ON contract (account_id, position DESC, contract_id);
CREATE INDEX contract_unread ON contract (account_id, position DESC, contract_id) WHERE unread > 0;
CREATE INDEX contract_action ON contract (account_id, position DESC, contract_id) WHERE action_open = 1;
CREATE INDEX contract_gap ON contract (account_id) WHERE gap = 1;

CREATE TABLE hole (
  hole_id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sequence', 'version', 'stale', 'epoch', 'quarantine')),
  epoch_index INTEGER,
  epoch TEXT,
  from_sequence INTEGER,
  to_sequence INTEGER,
  start_position INTEGER,
  end_position INTEGER,
  contract_id TEXT,
  from_version INTEGER,
  to_version INTEGER,
  missing INTEGER,
  opened_at INTEGER NOT NULL,
  healed_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  attempt_run INTEGER,
  note TEXT NOT NULL
) STRICT;
CREATE INDEX hole_open ON hole (account_id, epoch_index, from_sequence) WHERE healed_at IS NULL;
CREATE INDEX hole_healed ON hole (account_id, healed_at) WHERE healed_at IS NOT NULL;

CREATE TABLE quarantine (
  quarantine_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  event_id TEXT,
  contract_id TEXT,
  reason TEXT NOT NULL,
  head TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX quarantine_event ON quarantine (account_id, event_id);

CREATE TABLE foreign_name (
  account_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE staged_snapshot (
  account_id INTEGER PRIMARY KEY,
  as_of TEXT,
  at TEXT NOT NULL,
  contract_bound INTEGER NOT NULL
) STRICT;
CREATE TABLE staged_contract (
  account_id INTEGER NOT NULL,
  contract_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  time INTEGER NOT NULL,
  item TEXT NOT NULL,
  PRIMARY KEY (account_id, contract_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  outbox_id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  contract_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  idempotency_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'sending', 'sent', 'failed', 'superseded')),
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_contract ON outbox (account_id, contract_id, outbox_id);
CREATE INDEX outbox_waiting ON outbox (account_id, outbox_id) WHERE state IN ('held', 'sending');
`;
