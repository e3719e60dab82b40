/** Version 2: what a person does in the window. Times are epoch ms of the client's clock. */
export const SCHEMA_V2 = `
ALTER TABLE contract ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
-- Null: not snoozed; UNTIL_CHANGED: until its next change.
ALTER TABLE contract ADD COLUMN snoozed_until INTEGER;

CREATE TABLE looked (
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
