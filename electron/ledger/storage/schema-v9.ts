/** Version 9: tables and columns bear the names of docs/glossary.md. */
export const SCHEMA_V9 = `
ALTER TABLE hole RENAME TO gap;
ALTER TABLE gap RENAME COLUMN hole_id TO gap_id;
DROP INDEX hole_open;
DROP INDEX hole_healed;
CREATE INDEX gap_open ON gap (account_id, epoch_index, from_sequence) WHERE healed_at IS NULL;
CREATE INDEX gap_healed ON gap (account_id, healed_at) WHERE healed_at IS NOT NULL;

ALTER TABLE contract RENAME COLUMN told TO from_snapshot;
ALTER TABLE contract RENAME COLUMN retired TO superseded;

CREATE TABLE epoch_next (
  account_id INTEGER NOT NULL,
  epoch_index INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('own', 'opaque', 'early', 'superseded')),
  label TEXT NOT NULL,
  first_sequence INTEGER NOT NULL,
  baseline_sequence INTEGER NOT NULL,
  proven INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  PRIMARY KEY (account_id, epoch_index)
) STRICT, WITHOUT ROWID;
INSERT INTO epoch_next (account_id, epoch_index, kind, label, first_sequence, baseline_sequence, proven, last_sequence)
  SELECT account_id, epoch_index, CASE kind WHEN 'retired' THEN 'superseded' ELSE kind END, label, first_sequence,
    baseline_sequence, proven, last_sequence FROM epoch;
DROP TABLE epoch;
ALTER TABLE epoch_next RENAME TO epoch;

ALTER TABLE looked RENAME TO last_viewed;
`;
