import { parseInstant } from '../../../protocol/instant.ts';
import type { WriteContext } from '../log/write-context.ts';
import type { Store } from '../storage/store.ts';
import type { SnapshotContract, UnreadableContract } from '../ingest.ts';

export function beginSnapshot(
  store: Store,
  accountId: number,
  head: { readonly asOf: string | null; readonly at: string },
): void {
  store.transaction('normal', () => {
    dropStaged(store, accountId);
    store
      .sql(
        `INSERT INTO staged_snapshot (account_id, as_of, at, contract_bound)
         VALUES (?, ?, ?, (SELECT coalesce(max(contract_rowid), 0) FROM contract))`,
      )
      .run(accountId, head.asOf, head.at);
  });
}

export function stageSnapshot(
  store: Store,
  accountId: number,
  items: readonly SnapshotContract[],
  unreadable: readonly UnreadableContract[],
): void {
  store.transaction('normal', () => {
    for (const { text, reason } of unreadable) {
      store
        .sql('INSERT INTO staged_unreadable (account_id, reason, text) VALUES (?, ?, ?)')
        .run(accountId, reason, Buffer.from(text, 'utf8'));
    }
    for (const item of items) {
      store
        .sql(
          `INSERT INTO staged_contract (account_id, contract_id, version, time, item) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (account_id, contract_id) DO UPDATE
             SET version = excluded.version, time = excluded.time, item = excluded.item
             WHERE excluded.version >= version`,
        )
        .run(
          accountId,
          item.contract.id,
          item.contract.version,
          parseInstant(item.since) ?? 0,
          JSON.stringify(item),
        );
    }
  });
}

/** Returns how many contracts were staged. */
export function dropStaged(store: Store, accountId: number): number {
  const { changes } = store.sql('DELETE FROM staged_contract WHERE account_id = ?').run(accountId);
  store.sql('DELETE FROM staged_unreadable WHERE account_id = ?').run(accountId);
  store.sql('DELETE FROM staged_snapshot WHERE account_id = ?').run(accountId);
  return changes;
}

export function unreadableStaged({
  store,
  state,
}: WriteContext): readonly { reason: string; data: string }[] {
  const rows = store
    .sql('SELECT reason, text FROM staged_unreadable WHERE account_id = ?')
    .all(state.accountId) as { reason: string; text: Uint8Array }[];
  return rows.map(({ reason, text }) => ({
    reason: `snapshot: ${reason}`,
    data: Buffer.from(text).toString('utf8'),
  }));
}

export function unstorableStaged(
  { store, state }: WriteContext,
  unstorable: ReadonlyMap<string, string>,
): readonly { reason: string; data: string }[] {
  return Array.from(unstorable, ([contractId, reason]) => {
    const row = store
      .sql('SELECT item FROM staged_contract WHERE account_id = ? AND contract_id = ?')
      .get(state.accountId, contractId) as { item: string } | undefined;
    return { reason: `snapshot: ${reason}`, data: row?.item ?? '' };
  });
}

/** In the order of time, so that opaque ids get their places in it. */
export function allStaged({ store, state }: WriteContext): Iterable<{ readonly item: string }> {
  return store
    .sql('SELECT item FROM staged_contract WHERE account_id = ? ORDER BY time, contract_id')
    .iterate(state.accountId) as Iterable<{ item: string }>;
}

/**
 * Notes on every contract what the snapshot says of its version, and returns those that are not as the ledger has them
 * already: of many thousands usually a few. Where the log began anew (`restarted`) their last events are compared too. `logBegan`: below
 * this position another log told of a contract, which may have been undone since.
 */
export function changedStaged(
  { store, state, contracts }: WriteContext,
  oldest: number | null,
  restarted: boolean,
  logBegan: number,
): readonly { readonly item: string }[] {
  const { accountId, snapshotRun, lifePosition } = state;
  contracts.release();
  store
    .sql(
      `UPDATE contract SET snap_version = staged.version, snap_run = ? FROM staged_contract AS staged
       WHERE contract.account_id = ? AND staged.account_id = contract.account_id AND staged.contract_id = contract.contract_id`,
    )
    .run(snapshotRun, accountId);
  return store
    .sql(
      `SELECT staged.item FROM staged_contract AS staged
         LEFT JOIN contract AS c ON c.account_id = staged.account_id AND c.contract_id = staged.contract_id
       WHERE staged.account_id = ? AND (c.contract_rowid IS NULL OR staged.version > c.version OR c.superseded = 1 OR c.position < ?
         OR c.have_parts IS NOT NULL OR c.have_top IS NULL OR c.have_top < staged.version OR c.base_version IS NULL
         OR (c.base_fixed = 0 AND c.have_low <> 1 AND c.base_position >= ?)
         OR (c.position < ? AND (staged.version < c.version OR staged.item ->> '$.status' <> c.to_status))
         OR (? AND (staged.item ->> '$.lastEventId' <> c.last_event_id OR staged.item ->> '$.status' <> c.to_status)))
       ORDER BY staged.time, staged.contract_id`,
    )
    .all(accountId, lifePosition, oldest ?? Number.MAX_SAFE_INTEGER, logBegan, restarted ? 1 : 0) as {
    item: string;
  }[];
}
