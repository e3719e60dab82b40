import { parseInstant } from '../../../protocol/instant.ts';
import { SEVERITIES, type Severity } from '../../../protocol/statuses.ts';
import type { Store } from './store.ts';

/** Every time zone's days are made of whole quarters of an hour. Ms. */
export const QUARTER_MS = 900_000;

/** Counts of the changes kept, by quarter of an hour (the server's time) and severity: one write for many changes. */
export interface ChangeCounts {
  /** `change`: 1 for a change that came, -1 for one that was removed. */
  add(time: string, severity: Severity, change: 1 | -1): void;
  save(): void;
}

export function openChangeCounts(store: Store, accountId: number): ChangeCounts {
  const changes = new Map<number, number>();

  return {
    add(time, severity, change) {
      const quarter = Math.floor((parseInstant(time) ?? 0) / QUARTER_MS);
      const key = quarter * SEVERITIES.length + SEVERITIES.indexOf(severity);
      changes.set(key, (changes.get(key) ?? 0) + change);
    },
    save() {
      for (const [key, change] of changes) {
        const quarter = Math.floor(key / SEVERITIES.length);
        const severity = SEVERITIES[key - quarter * SEVERITIES.length] ?? 'info';
        store
          .sql(
            `INSERT INTO change_count (account_id, quarter, severity, changes) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET changes = changes + excluded.changes`,
          )
          .run(accountId, quarter, severity, change);
        if (change < 0) {
          store
            .sql(
              'DELETE FROM change_count WHERE account_id = ? AND quarter = ? AND severity = ? AND changes <= 0',
            )
            .run(accountId, quarter, severity);
        }
      }
      changes.clear();
    },
  };
}
