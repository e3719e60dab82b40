// In pieces, because its first forms lacked some of them (early-forms.ts).

// Views are ordered and counted in memory (column-index.ts): each of these cost a write for every change.
export const DROP_COUNTERS = `
ALTER TABLE account DROP COLUMN count_all;
ALTER TABLE account DROP COLUMN count_unread;
ALTER TABLE account DROP COLUMN count_action;
`;
export const DROP_ORDERS = `
DROP INDEX IF EXISTS contract_order;
DROP INDEX IF EXISTS contract_unread;
DROP INDEX IF EXISTS contract_action;
`;

export const COUNTS_AND_WORDS = `
CREATE INDEX contract_snoozed ON contract (account_id, snoozed_until) WHERE snoozed_until IS NOT NULL;

-- Changes kept, by the server's time: quarters of an hour since 1970, which every time zone's days are made of.
CREATE TABLE change_count (
  account_id INTEGER NOT NULL,
  quarter INTEGER NOT NULL,
  severity TEXT NOT NULL,
  changes INTEGER NOT NULL,
  PRIMARY KEY (account_id, quarter, severity)
) STRICT, WITHOUT ROWID;

-- Words of each contract and of each reason, folded and parted by wordsOf; filled behind (search-index.ts). The words are
-- there already, so the tokenizer only parts them at spaces. A reason's rowid: its contract's * 2^26 + its event's mod 2^26.
CREATE VIRTUAL TABLE contract_words USING fts5 (words, content = '', contentless_delete = 1, detail = none,
  prefix = '1 2 3', tokenize = 'ascii');
CREATE VIRTUAL TABLE reason_words USING fts5 (words, content = '', contentless_delete = 1, detail = none,
  prefix = '1 2 3', tokenize = 'ascii');
-- Up to which contract_rowid and event_rowid the words are in; and contracts whose words have changed since they went in.
CREATE TABLE search_state (
  contracts INTEGER NOT NULL,
  events INTEGER NOT NULL
) STRICT;
INSERT INTO search_state VALUES (0, 0);
CREATE TABLE search_changed (contract_rowid INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER contract_words_change AFTER UPDATE OF search_text ON contract WHEN NEW.search_text <> OLD.search_text
BEGIN
  INSERT OR IGNORE INTO search_changed VALUES (NEW.contract_rowid);
END;
CREATE TRIGGER reason_words_delete AFTER DELETE ON event
  WHEN coalesce(OLD.reason_text, OLD.reason_code) IS NOT NULL
    AND OLD.event_rowid <= (SELECT events FROM search_state)
BEGIN
  DELETE FROM reason_words WHERE rowid = (OLD.contract_rowid << 26) + (OLD.event_rowid & 67108863);
END;
-- A rowid at the end is given again.
CREATE TRIGGER event_rowid_free AFTER DELETE ON event WHEN OLD.event_rowid = (SELECT events FROM search_state)
BEGIN
  UPDATE search_state SET events = (SELECT coalesce(max(event_rowid), 0) FROM event);
END;
`;

/** Version 2: what a person does in the window. Times are epoch ms of the client's clock. */
export const SCHEMA_V2 = `
ALTER TABLE contract ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
-- due_at as epoch ms.
ALTER TABLE contract ADD COLUMN due_time INTEGER;
-- Null: not snoozed; UNTIL_CHANGED: until its next change.
ALTER TABLE contract ADD COLUMN snoozed_until INTEGER;
-- The deed by which all changes stored so far count as read, whatever their own marks say; null: the marks hold.
ALTER TABLE contract ADD COLUMN read_by INTEGER;
${DROP_COUNTERS}${DROP_ORDERS}${COUNTS_AND_WORDS}CREATE TABLE looked (
  account_id INTEGER NOT NULL,
  contract_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  title TEXT NOT NULL,
  amount_value TEXT,
  amount_currency TEXT,
  due_at TEXT,
  PRIMARY KEY (account_id, contract_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_view (
  saved_id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  filter TEXT NOT NULL
) STRICT;
`;
