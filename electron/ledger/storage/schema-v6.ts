/** Version 6: rows that a preview has brought ahead of the log. */
export const SCHEMA_V6 = `
-- 0: the row is as the log has it; 1: ahead of the log, and seen as it stands; 2: ahead of the log, and unread.
ALTER TABLE contract ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;
-- The row as the log left it (JSON), to be put back where the log turns out different; '': the log has no such contract.
ALTER TABLE contract ADD COLUMN log_state TEXT;
-- Changes up to this position count as read when they come: the person has seen what they led to.
ALTER TABLE contract ADD COLUMN read_to INTEGER;
CREATE INDEX contract_ahead ON contract (account_id, position) WHERE ahead <> 0;

-- The last preview: its epoch, where it ended (sequence, server time), and the sequence from which on no contract was left out.
ALTER TABLE account ADD COLUMN preview_epoch INTEGER;
ALTER TABLE account ADD COLUMN preview_sequence INTEGER;
ALTER TABLE account ADD COLUMN preview_time INTEGER;
ALTER TABLE account ADD COLUMN preview_from INTEGER;

-- A contract's rowid may be given again.
CREATE TRIGGER contract_words_delete AFTER DELETE ON contract
  WHEN OLD.contract_rowid <= (SELECT contracts FROM search_state)
BEGIN
  DELETE FROM contract_words WHERE rowid = OLD.contract_rowid;
  DELETE FROM search_changed WHERE contract_rowid = OLD.contract_rowid;
  UPDATE search_state SET contracts = min(contracts, (SELECT coalesce(max(contract_rowid), 0) FROM contract));
END;
`;
