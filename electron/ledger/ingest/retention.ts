import { parseInstant } from '../../../protocol/instant.ts';
import type { Severity } from '../../../protocol/statuses.ts';
import { openContext, closeContext } from '../log/context.ts';
import { reconcileMarks } from '../storage/marks.ts';
import { forgetReceived } from '../storage/received.ts';
import type { Store } from '../storage/store.ts';
import type { RetentionPolicy } from '../types.ts';
import { forgetUntold } from './untold.ts';

const BATCH = 200;
const VACUUM_PAGES = 200;
/** Settled actions and healed gaps stay this long. Ms. */
const RECORD_MS = 90 * 24 * 3_600_000;
const MAX_HEALED = 5000;
/** A business time this much later than our clock's is no mere difference of clocks. Ms. */
const SLOW_MS = 24 * 3_600_000;

export interface Retention {
  /** One step of about `budgetMs`, by the time `now`, or only by size where none is sure; `done` when nothing is left to do now. */
  step(policy: RetentionPolicy, now: number | null, budgetMs: number): { done: boolean; removed: number };
}

interface OldEvent {
  readonly id: number;
  readonly accountId: number;
  readonly contractRowid: number;
  readonly receivedAt: number;
  readonly version: number;
  readonly unread: number;
  readonly time: string;
  readonly severity: Severity;
}

/**
 * Removes events oldest received first. A contract's latest change, the duplicates' keys, projections and gaps stay.
 * `elapsed` measures: milliseconds that never go back.
 */
export function openRetention(store: Store, elapsed: () => number): Retention {
  // Kept events (latest changes) are passed by once a sweep, not each time.
  const passed = new Map<number, { readonly receivedAt: number; readonly id: number }>();

  /** The oldest events not passed by yet: of the account that has the oldest of all. */
  function oldest(ageBound: number): OldEvent[] {
    const accounts = store.sql('SELECT account_id AS id FROM account').all() as { id: number }[];
    let best: OldEvent[] = [];
    for (const { id } of accounts) {
      const after = passed.get(id);
      const batch = store
        .sql(
          `SELECT event_rowid AS id, account_id AS accountId, contract_rowid AS contractRowid, received_at AS receivedAt, version,
             unread, time, severity
           FROM event WHERE account_id = ? AND received_at < ? AND (received_at, event_rowid) > (?, ?)
           ORDER BY received_at, event_rowid LIMIT ${BATCH}`,
        )
        .all(id, ageBound, after?.receivedAt ?? -1, after?.id ?? -1) as OldEvent[];
      if (batch[0] && (!best[0] || batch[0].receivedAt < best[0].receivedAt)) best = batch;
    }
    return best;
  }

  /** What says it happened long after it was received came under a clock that was slow: it is as old as it says. */
  function remove(batch: readonly OldEvent[], now: number, bound: number): number {
    const [{ accountId } = { accountId: 0 }] = batch;
    return store.transaction('normal', () => {
      const context = openContext(store, accountId, now);
      let removed = 0;
      for (const event of batch) {
        const record = context.contracts.byRowid(event.contractRowid);
        if (record && event.version >= record.version) continue;
        const happened = parseInstant(event.time) ?? 0;
        if (happened >= bound && happened - event.receivedAt > SLOW_MS) continue;
        store.sql('DELETE FROM raw_envelope WHERE event_rowid = ?').run(event.id);
        store.sql('DELETE FROM event WHERE event_rowid = ?').run(event.id);
        forgetUntold(context, event.id);
        context.changeCounts.add(event.time, event.severity, -1);
        removed++;
        if (record && event.unread === 1) {
          // Read with all others by one action: its undo could not bring this one back.
          if (record.readBy === null) record.unread = Math.max(0, record.unread - 1);
          else reconcileMarks(store, accountId, record);
          context.contracts.touch(record);
        }
      }
      closeContext(context);
      if (removed > 0) forgetReceived(store, accountId);
      return removed;
    });
  }

  function usedBytes(): number {
    const read = (name: string): number =>
      Number(Object.values(store.sql(`PRAGMA ${name}`).get() as Record<string, number>)[0]);
    return (read('page_count') - read('freelist_count')) * read('page_size');
  }

  function trimRecords(now: number): void {
    store.transaction('normal', () => {
      store
        .sql(`DELETE FROM outbox WHERE state NOT IN ('held', 'sending') AND changed_at < ?`)
        .run(now - RECORD_MS);
      store
        .sql(
          `DELETE FROM gap WHERE healed_at < ? AND gap_id <= (SELECT max(gap_id) FROM gap) - ${MAX_HEALED}`,
        )
        .run(now - RECORD_MS);
    });
  }

  return {
    step(policy, now, budgetMs) {
      const end = elapsed() + budgetMs;
      const ageBound = policy.maxAgeMs === null || now === null ? 0 : now - policy.maxAgeMs;
      let removed = 0;
      do {
        const tooBig = policy.maxBytes !== null && usedBytes() > policy.maxBytes;
        const batch = oldest(tooBig ? Number.MAX_SAFE_INTEGER : ageBound);
        if (batch.length === 0) {
          passed.clear();
          if (now !== null) trimRecords(now);
          return { done: !giveBack(), removed };
        }
        removed += remove(batch, now ?? 0, tooBig ? Number.MAX_SAFE_INTEGER : ageBound);
        const last = batch.at(-1);
        if (last) passed.set(last.accountId, { receivedAt: last.receivedAt, id: last.id });
      } while (elapsed() < end);
      return { done: false, removed };
    },
  };

  /** Returns free pages to the file system; true while there are more. */
  function giveBack(): boolean {
    const free = (): number =>
      (store.sql('PRAGMA freelist_count').get() as { freelist_count: number }).freelist_count;
    const before = free();
    if (before === 0) return false;
    store.db.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    const after = free();
    return after > 0 && after < before;
  }
}
