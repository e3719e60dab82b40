/** Reminders of due dates: which views want them, and which were told. */
export const SCHEMA_V13 = `
-- Days before the due date; null: none.
ALTER TABLE saved_view ADD COLUMN remind_days INTEGER;
-- The last reminder that was told of a contract and due date (epoch ms); \`days\`: so many before it was told for.
CREATE TABLE due_reminder (
  account_id INTEGER NOT NULL,
  contract_id TEXT NOT NULL,
  due_time INTEGER NOT NULL,
  days INTEGER NOT NULL,
  PRIMARY KEY (account_id, contract_id, due_time)
) STRICT, WITHOUT ROWID;
`;
