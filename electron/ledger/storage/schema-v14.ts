/** Version 14: unread changes that a history brought before the stream, and of which nobody was told yet. */
export const SCHEMA_V14 = `
CREATE TABLE untold_event (
  account_id INTEGER NOT NULL,
  event_rowid INTEGER NOT NULL,
  PRIMARY KEY (account_id, event_rowid)
) STRICT, WITHOUT ROWID;
`;
