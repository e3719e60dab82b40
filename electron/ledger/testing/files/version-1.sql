-- A file as version 1 of this app wrote it: two contracts of a baseline, changes read and unread, a hole, something unreadable, an acknowledgement held.
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
CREATE INDEX event_key_position ON event_key (account_id, position);
CREATE INDEX event_contract ON event (account_id, contract_rowid, version);
CREATE INDEX event_received ON event (account_id, received_at, before_baseline);
CREATE INDEX contract_order ON contract (account_id, position DESC, contract_id);
CREATE INDEX contract_unread ON contract (account_id, position DESC, contract_id) WHERE unread > 0;
CREATE INDEX contract_action ON contract (account_id, position DESC, contract_id) WHERE action_open = 1;
CREATE INDEX contract_gap ON contract (account_id) WHERE gap = 1;
CREATE INDEX hole_open ON hole (account_id, epoch_index, from_sequence) WHERE healed_at IS NULL;
CREATE INDEX hole_healed ON hole (account_id, healed_at) WHERE healed_at IS NOT NULL;
CREATE INDEX quarantine_event ON quarantine (account_id, event_id);
CREATE INDEX outbox_contract ON outbox (account_id, contract_id, outbox_id);
CREATE INDEX outbox_waiting ON outbox (account_id, outbox_id) WHERE state IN ('held', 'sending');
INSERT INTO account (account_id, server, user_id, user_name, locale, cursor, baseline, baseline_position, baseline_time, current_epoch, head_id, head_epoch, head_sequence, head_time, heads_seen, emptied, last_sign_at, away_since, away_opened_at, away_position, absence_since, absence_until, absence_from, absence_to, snapshot_run, snapshot_as_of, snapshot_bound, count_all, count_unread, count_action) VALUES (1, 'https://one.example', 'u42', 'Anna', 'en', 'e7-00000000009', 'snapshot', 1099511627778, 1790931600000, 1, 'e7-00000000009', 1, 9, 1790932200000, 1, 0, 1790932200000, NULL, NULL, NULL, 1790931600000, 1790932200000, 1099511627785, 1099511627785, 1, 1099511627778, 0, 4, 3, 1);
INSERT INTO epoch (account_id, epoch_index, kind, label, first_sequence, baseline_sequence, proven, last_sequence) VALUES (1, 1, 'own', 'e7', 1, 2, 1, 9);
INSERT INTO source (source_id, account_id, source) VALUES (1, 1, '/streams/u42');
INSERT INTO event_key (account_id, event_id, source_id, position, hash) VALUES (1, 'e7-00000000001', 1, 1099511627777, 860326090987677);
INSERT INTO event_key (account_id, event_id, source_id, position, hash) VALUES (1, 'e7-00000000002', 1, 1099511627778, 6069196079884767);
INSERT INTO event_key (account_id, event_id, source_id, position, hash) VALUES (1, 'e7-00000000003', 1, 1099511627779, 892361573426897);
INSERT INTO event_key (account_id, event_id, source_id, position, hash) VALUES (1, 'e7-00000000004', 1, 1099511627780, 2743332226868665);
INSERT INTO event_key (account_id, event_id, source_id, position, hash) VALUES (1, 'e7-00000000005', 1, 1099511627781, 5187725765218096);
INSERT INTO event_key (account_id, event_id, source_id, position, hash) VALUES (1, 'e7-00000000006', 1, 1099511627782, 8191569232351890);
INSERT INTO event_key (account_id, event_id, source_id, position, hash) VALUES (1, 'e7-00000000008', 1, 1099511627784, 3316695306442868);
INSERT INTO event (event_rowid, account_id, position, event_id, contract_rowid, version, from_status, to_status, severity, action_required, actor_name, actor_kind, reason_code, reason_text, time, received_at, unread, before_baseline) VALUES (1, 1, 1099511627777, 'e7-00000000001', 1, 1, NULL, 'sent', 'info', 0, 'Пётр', 'counterparty', NULL, NULL, '2026-10-02T09:00:01.000Z', 1790931600000, 0, 1);
INSERT INTO event (event_rowid, account_id, position, event_id, contract_rowid, version, from_status, to_status, severity, action_required, actor_name, actor_kind, reason_code, reason_text, time, received_at, unread, before_baseline) VALUES (2, 1, 1099511627778, 'e7-00000000002', 2, 1, NULL, 'draft', 'info', 0, 'Пётр', 'counterparty', NULL, NULL, '2026-10-02T09:00:02.000Z', 1790931600000, 0, 1);
INSERT INTO event (event_rowid, account_id, position, event_id, contract_rowid, version, from_status, to_status, severity, action_required, actor_name, actor_kind, reason_code, reason_text, time, received_at, unread, before_baseline) VALUES (3, 1, 1099511627779, 'e7-00000000003', 1, 2, 'sent', 'viewed', 'info', 0, 'Пётр', 'counterparty', NULL, NULL, '2026-10-02T09:00:03.000Z', 1790931600000, 0, 0);
INSERT INTO event (event_rowid, account_id, position, event_id, contract_rowid, version, from_status, to_status, severity, action_required, actor_name, actor_kind, reason_code, reason_text, time, received_at, unread, before_baseline) VALUES (4, 1, 1099511627780, 'e7-00000000004', 2, 2, 'draft', 'sent', 'info', 1, 'Пётр', 'counterparty', NULL, NULL, '2026-10-02T09:00:04.000Z', 1790931600000, 1, 0);
INSERT INTO event (event_rowid, account_id, position, event_id, contract_rowid, version, from_status, to_status, severity, action_required, actor_name, actor_kind, reason_code, reason_text, time, received_at, unread, before_baseline) VALUES (5, 1, 1099511627781, 'e7-00000000005', 3, 1, NULL, 'sent', 'info', 0, 'Пётр', 'counterparty', 'terms', 'Сроки оплаты', '2026-10-02T09:00:05.000Z', 1790931600000, 1, 0);
INSERT INTO event (event_rowid, account_id, position, event_id, contract_rowid, version, from_status, to_status, severity, action_required, actor_name, actor_kind, reason_code, reason_text, time, received_at, unread, before_baseline) VALUES (6, 1, 1099511627782, 'e7-00000000006', 1, 3, 'viewed', 'signed', 'info', 0, 'Пётр', 'counterparty', NULL, NULL, '2026-10-02T09:00:06.000Z', 1790931600000, 0, 0);
INSERT INTO event (event_rowid, account_id, position, event_id, contract_rowid, version, from_status, to_status, severity, action_required, actor_name, actor_kind, reason_code, reason_text, time, received_at, unread, before_baseline) VALUES (7, 1, 1099511627784, 'e7-00000000008', 4, 1, NULL, 'sent', 'info', 1, 'Пётр', 'counterparty', NULL, NULL, '2026-10-02T09:00:08.000Z', 1790931600000, 1, 0);
INSERT INTO raw_envelope (event_rowid, envelope) VALUES (1, '{"specversion":"1.0","id":"e7-00000000001","source":"/streams/u42","type":"app.contracts.status.changed.v1","time":"2026-10-02T09:00:01.000Z","data":{"contract":{"id":"C-1","title":"Contract C-1","version":1,"counterparties":[{"id":"p1","name":"ООО Ромашка"}]},"change":{"from":null,"to":"sent","actor":{"id":"a1","name":"Пётр","kind":"counterparty"}},"severity":"info","actionRequired":false}}');
INSERT INTO raw_envelope (event_rowid, envelope) VALUES (2, '{"specversion":"1.0","id":"e7-00000000002","source":"/streams/u42","type":"app.contracts.status.changed.v1","time":"2026-10-02T09:00:02.000Z","data":{"contract":{"id":"C-2","title":"Contract C-2","version":1,"counterparties":[{"id":"p1","name":"ООО Ромашка"}]},"change":{"from":null,"to":"draft","actor":{"id":"a1","name":"Пётр","kind":"counterparty"}},"severity":"info","actionRequired":false}}');
INSERT INTO raw_envelope (event_rowid, envelope) VALUES (3, '{"specversion":"1.0","id":"e7-00000000003","source":"/streams/u42","type":"app.contracts.status.changed.v1","time":"2026-10-02T09:00:03.000Z","data":{"contract":{"id":"C-1","title":"Contract C-1","version":2,"counterparties":[{"id":"p1","name":"ООО Ромашка"}]},"change":{"from":"sent","to":"viewed","actor":{"id":"a1","name":"Пётр","kind":"counterparty"}},"severity":"info","actionRequired":false}}');
INSERT INTO raw_envelope (event_rowid, envelope) VALUES (4, '{"specversion":"1.0","id":"e7-00000000004","source":"/streams/u42","type":"app.contracts.status.changed.v1","time":"2026-10-02T09:00:04.000Z","data":{"contract":{"id":"C-2","title":"Contract C-2","version":2,"counterparties":[{"id":"p1","name":"ООО Ромашка"}]},"change":{"from":"draft","to":"sent","actor":{"id":"a1","name":"Пётр","kind":"counterparty"}},"severity":"info","actionRequired":true}}');
INSERT INTO raw_envelope (event_rowid, envelope) VALUES (5, '{"specversion":"1.0","id":"e7-00000000005","source":"/streams/u42","type":"app.contracts.status.changed.v1","time":"2026-10-02T09:00:05.000Z","data":{"contract":{"id":"C-3","title":"Договор о зелёном чае","version":1,"counterparties":[{"id":"p1","name":"ООО Ромашка"}],"amount":{"value":"1250000.00","currency":"RUB"},"dueAt":"2026-10-30T12:00:00+03:00"},"change":{"from":null,"to":"sent","actor":{"id":"a1","name":"Пётр","kind":"counterparty"},"reason":{"code":"terms","text":"Сроки оплаты"}},"severity":"info","actionRequired":false}}');
INSERT INTO raw_envelope (event_rowid, envelope) VALUES (6, '{"specversion":"1.0","id":"e7-00000000006","source":"/streams/u42","type":"app.contracts.status.changed.v1","time":"2026-10-02T09:00:06.000Z","data":{"contract":{"id":"C-1","title":"Contract C-1","version":3,"counterparties":[{"id":"p1","name":"ООО Ромашка"}]},"change":{"from":"viewed","to":"signed","actor":{"id":"a1","name":"Пётр","kind":"counterparty"}},"severity":"info","actionRequired":false}}');
INSERT INTO raw_envelope (event_rowid, envelope) VALUES (7, '{"specversion":"1.0","id":"e7-00000000008","source":"/streams/u42","type":"app.contracts.status.changed.v1","time":"2026-10-02T09:00:08.000Z","data":{"contract":{"id":"C-4","title":"Contract C-4","version":1,"counterparties":[{"id":"p1","name":"ООО Ромашка"}]},"change":{"from":null,"to":"sent","actor":{"id":"a1","name":"Пётр","kind":"counterparty"}},"severity":"info","actionRequired":true}}');
INSERT INTO contract (contract_rowid, account_id, contract_id, position, unread, action_open, search_text, version, title, counterparties, amount_value, amount_currency, due_at, from_status, to_status, severity, action_required, actor_name, reason_text, time, since, last_event_id, told, retired, have_low, have_top, have_parts, gap, base_version, base_position, base_fixed, snap_version, snap_run, ack_version, ack_state, ack_at, ack_by, ack_problem) VALUES (1, 1, 'C-1', 1099511627782, 0, 0, 'contract c-1
ооо ромашка
c-1', 3, 'Contract C-1', '[{"id":"p1","name":"ООО Ромашка"}]', NULL, NULL, NULL, 'viewed', 'signed', 'info', 0, 'Пётр', NULL, '2026-10-02T09:00:06.000Z', '2026-10-02T09:00:06.000Z', 'e7-00000000006', 0, 0, 1, 3, NULL, 0, 1, 1099511627778, 1, 1, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO contract (contract_rowid, account_id, contract_id, position, unread, action_open, search_text, version, title, counterparties, amount_value, amount_currency, due_at, from_status, to_status, severity, action_required, actor_name, reason_text, time, since, last_event_id, told, retired, have_low, have_top, have_parts, gap, base_version, base_position, base_fixed, snap_version, snap_run, ack_version, ack_state, ack_at, ack_by, ack_problem) VALUES (2, 1, 'C-2', 1099511627780, 1, 0, 'contract c-2
ооо ромашка
c-2', 2, 'Contract C-2', '[{"id":"p1","name":"ООО Ромашка"}]', NULL, NULL, NULL, 'draft', 'sent', 'info', 1, 'Пётр', NULL, '2026-10-02T09:00:04.000Z', '2026-10-02T09:00:04.000Z', 'e7-00000000004', 0, 0, 1, 2, NULL, 0, 1, 1099511627778, 1, 1, 1, 2, 'held', 1790931608000, 'Anna', NULL);
INSERT INTO contract (contract_rowid, account_id, contract_id, position, unread, action_open, search_text, version, title, counterparties, amount_value, amount_currency, due_at, from_status, to_status, severity, action_required, actor_name, reason_text, time, since, last_event_id, told, retired, have_low, have_top, have_parts, gap, base_version, base_position, base_fixed, snap_version, snap_run, ack_version, ack_state, ack_at, ack_by, ack_problem) VALUES (3, 1, 'C-3', 1099511627781, 1, 0, 'договор о зеленом чае
ооо ромашка
c-3', 1, 'Договор о зелёном чае', '[{"id":"p1","name":"ООО Ромашка"}]', '1250000.00', 'RUB', '2026-10-30T12:00:00+03:00', NULL, 'sent', 'info', 0, 'Пётр', 'Сроки оплаты', '2026-10-02T09:00:05.000Z', '2026-10-02T09:00:05.000Z', 'e7-00000000005', 0, 0, 1, 1, NULL, 0, 1, 1099511627781, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO contract (contract_rowid, account_id, contract_id, position, unread, action_open, search_text, version, title, counterparties, amount_value, amount_currency, due_at, from_status, to_status, severity, action_required, actor_name, reason_text, time, since, last_event_id, told, retired, have_low, have_top, have_parts, gap, base_version, base_position, base_fixed, snap_version, snap_run, ack_version, ack_state, ack_at, ack_by, ack_problem) VALUES (4, 1, 'C-4', 1099511627784, 1, 1, 'contract c-4
ооо ромашка
c-4', 1, 'Contract C-4', '[{"id":"p1","name":"ООО Ромашка"}]', NULL, NULL, NULL, NULL, 'sent', 'info', 1, 'Пётр', NULL, '2026-10-02T09:00:08.000Z', '2026-10-02T09:00:08.000Z', 'e7-00000000008', 0, 0, 1, 1, NULL, 0, 1, 1099511627784, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO hole (hole_id, account_id, kind, epoch_index, epoch, from_sequence, to_sequence, start_position, end_position, contract_id, from_version, to_version, missing, opened_at, healed_at, attempts, next_attempt_at, attempt_run, note) VALUES (1, 1, 'sequence', 1, 'e7', 7, 7, 1099511627783, 1099511627783, NULL, NULL, NULL, 1, 1790931600000, NULL, 0, NULL, NULL, 'e7-00000000008 came after 6');
INSERT INTO hole (hole_id, account_id, kind, epoch_index, epoch, from_sequence, to_sequence, start_position, end_position, contract_id, from_version, to_version, missing, opened_at, healed_at, attempts, next_attempt_at, attempt_run, note) VALUES (2, 1, 'quarantine', 1, 'e7', 9, 9, 1099511627785, 1099511627785, 'C-9', NULL, NULL, 1, 1790931600000, NULL, 0, NULL, NULL, 'e7-00000000009: malformed JSON: Expected '','' or ''}'' after property value in JSON at position 23 (line 1 column 24)');
INSERT INTO quarantine (quarantine_id, account_id, event_id, contract_id, reason, head, bytes, at) VALUES (1, 1, 'e7-00000000009', 'C-9', 'malformed JSON: Expected '','' or ''}'' after property value in JSON at position 23 (line 1 column 24)', '{"contract":{"id":"C-9"', 23, 1790931600000);
INSERT INTO outbox (outbox_id, account_id, contract_id, event_id, version, idempotency_key, state, due_at, attempts, problem, changed_at) VALUES (1, 1, 'C-2', 'e7-00000000004', 2, 'd9ba1524-42de-42fa-8c6b-5e970efb9c12', 'held', 1790931608000, 0, NULL, 1790931600000);
INSERT OR REPLACE INTO sqlite_sequence (name, seq) VALUES ('account', 1);
INSERT OR REPLACE INTO sqlite_sequence (name, seq) VALUES ('hole', 2);
INSERT OR REPLACE INTO sqlite_sequence (name, seq) VALUES ('outbox', 1);
PRAGMA user_version = 1;
