/** Version 3: what cannot be read or stored is kept whole; what is addressed to nobody here is told. */
export const SCHEMA_V3 = `
-- UTF-8 as it came: a TEXT ends at its first U+0000.
ALTER TABLE quarantine ADD COLUMN text BLOB NOT NULL DEFAULT x'';
UPDATE quarantine SET text = CAST(head AS BLOB);
ALTER TABLE quarantine DROP COLUMN head;

CREATE TABLE staged_unreadable (
  account_id INTEGER NOT NULL,
  reason TEXT NOT NULL,
  text BLOB NOT NULL
) STRICT;
CREATE INDEX staged_unreadable_account ON staged_unreadable (account_id);

-- 1: the stream has brought a change that was addressed to this user. Until then: events addressed to nobody here.
ALTER TABLE account ADD COLUMN own_seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN strangers INTEGER NOT NULL DEFAULT 0;
UPDATE account SET own_seen = 1 WHERE account_id IN (SELECT account_id FROM event WHERE before_baseline = 0);
`;
