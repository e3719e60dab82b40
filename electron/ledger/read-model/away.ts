import type { AwayItem, AwaySummary } from '../../../protocol/away.ts';
import type { Counterparty } from '../../../protocol/event.ts';
import type { Severity } from '../../../protocol/statuses.ts';
import { loadAccount } from '../storage/account.ts';
import { lastAbsence } from './receipt.ts';
import { VIEW_BITS, type ColumnIndex } from './column-index.ts';
import type { Store } from '../storage/store.ts';

const MAX_ITEMS = 200;
const MAX_STEPS = 20;

interface Changed {
  readonly rowid: number;
  readonly contractId: string;
  readonly title: string;
  readonly counterparties: string;
  /** Changes stored. */
  readonly steps: number;
  /** 1: a snapshot told of the last change, whose event is not here. */
  readonly fromSnapshot: number;
  readonly to: string;
  readonly severity: Severity;
  readonly actionRequired: number;
  readonly position: number;
  readonly rowTime: string;
  readonly rowActor: string | null;
  readonly rowFrom: string | null;
}

/**
 * What changed for the contracts while nobody listened: what the server's log holds between the last position before the
 * absence and the head that ended it. Late and repaired changes count by their place in the log, so the summary is right
 * as soon as they are here. One of a version that the contract had left before the absence (opaque ids have their place by
 * arrival) is no change. Null when there was no absence.
 *
 * An action is required while the change that asked for it still stands: who has acknowledged it since, or was overtaken
 * by a later change, is not told to act.
 */
export function readAway(store: Store, accountId: number, columns: ColumnIndex): AwaySummary | null {
  const state = loadAccount(store, accountId);
  const absence = lastAbsence(store, state);
  const { absenceFrom: from, absenceTo: to } = state;
  if (absence === null || from === null || to === null) return null;
  const since = store.sql(COUNT_RECEIVED).get(accountId, absence.since, from, to) as { changes: number };
  // All of them were received after it began; unless the client's clock went back, or retention removed some.
  const received = since.changes === absence.changes ? absence.since : 0;
  const changed = changedBetween(store, accountId, received, rowsAfter(columns, from), from, to);
  return {
    ...absence,
    contracts: changed.length,
    items: changed
      .sort(compare)
      .slice(0, MAX_ITEMS)
      .map((each) => toItem(store, accountId, each, from, to)),
  };
}

const WEIGHT: Readonly<Record<Severity, number>> = { error: 3, warning: 2, success: 1, info: 0 };

function compare(a: Changed, b: Changed): number {
  return (
    b.actionRequired - a.actionRequired ||
    WEIGHT[b.severity] - WEIGHT[a.severity] ||
    b.position - a.position ||
    (a.contractId < b.contractId ? -1 : 1)
  );
}

/** What comes later in the life of a contract: in a later life of the log, or in the same a later version. */
const LATER_FIRST = 'position >> 40 DESC, version DESC, position DESC';

/** Contracts whose row stands after `from` are those that can have changed since. */
function rowsAfter(columns: ColumnIndex, from: number): string {
  const rowids: number[] = [];
  for (let rowid = 0; rowid < columns.bound; rowid++) {
    const member = (columns.member[rowid] ?? 0) & VIEW_BITS.all;
    if (member && (columns.position[rowid] ?? 0) > from) rowids.push(rowid);
  }
  return JSON.stringify(rowids);
}

const COUNT_RECEIVED = `SELECT count(*) AS changes FROM event
  WHERE account_id = ? AND received_at >= ? AND position > ? AND position <= ?`;

/**
 * SQLite takes the bare columns of an aggregate from the row that max() found
 * (https://www.sqlite.org/lang_select.html#bareagg): the last in the order of LATER_FIRST, as one number of 13 bits of
 * epoch and 49 of version.
 */
const SELECT_CHANGED = `
  SELECT c.contract_rowid AS rowid, c.contract_id AS contractId, c.title, c.counterparties, e.steps,
    0 AS fromSnapshot, e.to_status AS "to", e.severity, e.position,
    e.action_required = 1 AND c.action_open = 1 AND e.version = c.version AS actionRequired,
    c.time AS rowTime, c.actor_name AS rowActor, c.from_status AS rowFrom
  FROM (
    SELECT contract_rowid, count(*) AS steps, max((position >> 40) << 49 | min(version, (1 << 49) - 1)) AS latest,
      to_status, severity, position, action_required, version
    FROM event AS now INDEXED BY event_received
    WHERE account_id = ? AND received_at >= ? AND position > ? AND position <= ?
      AND (position >> 40 NOT IN (SELECT epoch_index FROM epoch WHERE account_id = ? AND kind = 'opaque')
        OR NOT EXISTS (SELECT 1 FROM event AS before
          WHERE before.account_id = now.account_id AND before.contract_rowid = now.contract_rowid
            AND before.version > now.version AND before.position <= ?))
    GROUP BY contract_rowid
  ) AS e CROSS JOIN contract AS c ON c.contract_rowid = e.contract_rowid
  WHERE c.position > ?`;

/** `received`: all changes of the absence were received then or later, epoch ms. */
function changedBetween(
  store: Store,
  accountId: number,
  received: number,
  rowids: string,
  from: number,
  to: number,
): Changed[] {
  const stored = store
    .sql(SELECT_CHANGED)
    .all(accountId, received, from, to, accountId, from, from) as unknown as Changed[];
  const fromSnapshot = store
    .sql(
      `SELECT contract_rowid AS rowid, contract_id AS contractId, title, counterparties, 0 AS steps, 1 AS fromSnapshot,
         to_status AS "to", severity, action_open AS actionRequired, position,
         time AS rowTime, actor_name AS rowActor, from_status AS rowFrom
       FROM json_each(?) AS list CROSS JOIN contract ON contract_rowid = list.value
       WHERE account_id = ? AND from_snapshot = 1 AND position <= ?`,
    )
    .all(rowids, accountId, to) as Changed[];
  const byRowid = new Map(stored.map((each) => [each.rowid, each]));
  for (const each of fromSnapshot) {
    byRowid.set(each.rowid, { ...each, steps: byRowid.get(each.rowid)?.steps ?? 0 });
  }
  return [...byRowid.values()];
}

interface Step {
  readonly to: string;
  readonly time: string;
  readonly actorName: string | null;
}

function toItem(store: Store, accountId: number, each: Changed, from: number, to: number): AwayItem {
  const path = store
    .sql(
      `SELECT to_status AS "to", time, actor_name AS actorName FROM event
       WHERE account_id = ? AND contract_rowid = ? AND position > ? AND position <= ?
       ORDER BY ${LATER_FIRST} LIMIT ${MAX_STEPS}`,
    )
    .all(accountId, each.rowid, from, to)
    .toReversed() as Step[];
  if (each.fromSnapshot === 1) path.push({ to: each.to, time: each.rowTime, actorName: each.rowActor });
  const parties = JSON.parse(each.counterparties) as Counterparty[];
  return {
    contractId: each.contractId,
    title: each.title,
    counterparty: parties[0]?.name ?? null,
    from: statusBefore(store, accountId, each, from, to),
    to: each.to,
    severity: each.severity,
    actionRequired: each.actionRequired === 1,
    path: path.slice(-MAX_STEPS),
    steps: each.steps + each.fromSnapshot,
  };
}

/** As the last change before it left it; where none is kept, what the first change of the absence says it came from. */
function statusBefore(
  store: Store,
  accountId: number,
  each: Changed,
  from: number,
  to: number,
): string | null {
  const before = store
    .sql(
      `SELECT to_status AS status FROM event WHERE account_id = ? AND contract_rowid = ? AND position <= ?
       ORDER BY ${LATER_FIRST} LIMIT 1`,
    )
    .get(accountId, each.rowid, from) as { status: string } | undefined;
  if (before) return before.status;
  const first = store
    .sql(
      `SELECT from_status AS status FROM event WHERE account_id = ? AND contract_rowid = ? AND position > ? AND position <= ?
       ORDER BY position >> 40, version LIMIT 1`,
    )
    .get(accountId, each.rowid, from, to) as { status: string | null } | undefined;
  return first ? first.status : each.rowFrom;
}
