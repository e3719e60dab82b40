import { closeContext, currentEpoch, openContext, openVersionGaps } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import { EMPTY_LOG, epochIndexOf, positionOf } from '../log/epochs.ts';
import { healNamed } from './named-head.ts';
import type { Store } from '../storage/store.ts';
import { countAbsent } from '../storage/versions.ts';
import type { Reconciled } from '../types.ts';

interface OpenGap {
  readonly id: number;
  readonly kind: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly missing: number | null;
  readonly attemptRun: number | null;
  readonly ranged: number;
  /** 1: unreadable, in a stretch that another life of the log has taken the place of. */
  readonly lost: number;
  readonly contractId: string | null;
}

/**
 * Heals the gaps of which nothing is missing any more: (a) every sequence of the gap is stored, or (b) the
 * gap lies before the last snapshot's `asOf` and every contract of that snapshot has every version. An
 * `epoch` gap needs (b): its range says nothing of the end of the old epoch. The others note the attempt.
 */
export function reconcileGaps(
  store: Store,
  accountId: number,
  attempt: { readonly now: number; readonly nextAttemptAt: number | null; readonly note: string },
): Reconciled {
  return store.transaction('normal', () => {
    const context = openContext(store, accountId, attempt.now);
    const { state } = context;
    let healed = reconcileVersions(context) + healNamed(context);
    const open = store
      .sql(
        `SELECT gap_id AS id, kind, start_position AS start, end_position AS "end", missing, attempt_run AS attemptRun,
           from_sequence IS NOT NULL AS ranged, contract_id AS contractId,
           kind = 'quarantine' AND epoch_index IS NULL AND from_sequence IS NOT NULL AS lost
         FROM gap WHERE account_id = ? AND healed_at IS NULL AND kind <> 'version'`,
      )
      .all(accountId) as OpenGap[];
    const current = currentEpoch(context);
    const unconfirmed = current?.proven === 0 && state.baseline === 'snapshot';
    const doubt = open.length > 0 || unconfirmed ? snapshotDoubt(context) : null;
    if (current && unconfirmed && doubt === 0 && state.snapshotRun > 1) current.proven = 1;
    for (const gap of open) {
      if (isFilled(context, gap) || isCovered(context, gap, doubt)) {
        store
          .sql('UPDATE gap SET healed_at = ?, missing = 0, next_attempt_at = NULL WHERE gap_id = ?')
          .run(attempt.now, gap.id);
        healed++;
      }
    }
    if (open.length > 0 && !context.gaps.covering()) openVersionGaps(context);
    const { changes } = store
      .sql(
        `UPDATE gap SET attempts = attempts + 1, attempt_run = coalesce(attempt_run, ?), next_attempt_at = ?, note = ?
         WHERE account_id = ? AND healed_at IS NULL`,
      )
      .run(state.snapshotRun, attempt.nextAttemptAt, attempt.note.slice(0, 300), accountId);
    const isHeadHere = hasHead(context);
    closeContext(context);
    // An epoch that is not confirmed, and a baseline that could not be had, are work left to do, though nothing is known to be missing.
    const unproven = (unconfirmed && current?.proven === 0) || state.baseline === 'without';
    return { healed, open: changes + (unproven ? 1 : 0), isHeadHere, replay: state.replay };
  });
}

/** Whether what the last head named is here by now, if not by the stream. */
function hasHead({ state, gaps, events }: WriteContext): boolean {
  const { headEpoch, headSequence, currentEpoch } = state;
  if (headEpoch === null || headSequence === null || headEpoch !== currentEpoch) return false;
  return events.isTaken(positionOf(headEpoch, headSequence)) || !gaps.covers(headEpoch, headSequence);
}

function reconcileVersions(context: WriteContext): number {
  const { store, state, contracts, gaps } = context;
  const count = (): number =>
    (
      store
        .sql(
          `SELECT count(*) AS open FROM gap WHERE account_id = ? AND healed_at IS NULL AND from_version IS NOT NULL`,
        )
        .get(state.accountId) as { open: number }
    ).open;
  const before = count();
  if (before === 0) return 0;
  const rows = store
    .sql(
      `SELECT DISTINCT contract_id AS id FROM gap WHERE account_id = ? AND healed_at IS NULL AND from_version IS NOT NULL`,
    )
    .all(state.accountId) as { id: string }[];
  for (const { id } of rows) {
    const record = contracts.get(id);
    if (record) gaps.fillVersions(id, record);
  }
  return before - count();
}

function isFilled(context: WriteContext, gap: OpenGap): boolean {
  if (gap.ranged === 0 || gap.missing === null || gap.missing > 0) return false;
  return gap.kind !== 'epoch' || context.state.baseline === 'without';
}

function isCovered(context: WriteContext, gap: OpenGap, doubt: number | null): boolean {
  const { snapshotRun, snapshotAsOf, currentEpoch: now } = context.state;
  if (doubt === null || (doubt > 0 && (gap.start ?? 0) <= doubt)) return false;
  if (gap.lost === 1 && stands(context, gap)) return false;
  if (gap.end !== null && snapshotAsOf !== null) {
    if (gap.end <= snapshotAsOf) return true;
    // A snapshot from before the gap (served late, or by a replica that lags) proves nothing about it.
    const within = epochIndexOf(gap.end);
    // Of an epoch gap without a range only the end of the epoch before is in question, which an empty log comes after.
    const endOnly = gap.kind === 'epoch' && gap.ranged === 0;
    const empty = snapshotAsOf === EMPTY_LOG && !endOnly;
    if (within === (empty ? now : epochIndexOf(snapshotAsOf))) return false;
  }
  // Without comparable positions: this snapshot was asked for after an attempt that had seen the gap.
  return gap.attemptRun !== null && snapshotRun > gap.attemptRun;
}

/**
 * Whether what could not be read has happened all the same, though the log begins anew: the snapshot has its contract as far as, or
 * further than, what came after it. A server that went back to before it has not.
 */
function stands({ store, state, contracts }: WriteContext, { contractId, start }: OpenGap): boolean {
  if (contractId === null || start === null) return true;
  const record = contracts.get(contractId);
  if (record?.snapRun !== state.snapshotRun) return false;
  const row = epochIndexOf(start);
  const { before, after } = store
    .sql(
      `SELECT max(version) FILTER (WHERE position < ?1) AS before, min(version) FILTER (WHERE position > ?1) AS after FROM event
       WHERE account_id = ?2 AND contract_rowid = ?3 AND position BETWEEN ?4 AND ?5`,
    )
    .get(start, state.accountId, record.contractRowid, positionOf(row, 0), positionOf(row + 1, 0) - 1) as {
    before: number | null;
    after: number | null;
  };
  const version = record.snapVersion ?? 0;
  return after === null ? version > (before ?? 0) : version >= after;
}

/**
 * Null when the last snapshot proves nothing (a contract lacks versions, or is gone from it). Else the
 * newest position at which a contract came in between, not from its first version: what it had before lies
 * in the dark, so only gaps that begin later are covered. 0: none.
 */
function snapshotDoubt(context: WriteContext): number | null {
  const { store, state } = context;
  const { accountId, snapshotRun: run } = state;
  if (run === 0) return null;
  const gone = store
    .sql(
      `SELECT 1 FROM contract WHERE account_id = ? AND snap_run <> ? AND superseded = 0 AND position >= ? AND NOT (ahead <> 0 AND base_version IS NULL)
         AND CASE WHEN ? IS NULL THEN contract_rowid <= ? ELSE coalesce(base_position, 0) <= ? END LIMIT 1`,
    )
    .get(accountId, run, state.lifePosition, state.snapshotAsOf, state.snapshotBound, state.snapshotAsOf);
  if (gone !== undefined) return null;
  const rows = store
    .sql(
      `SELECT have_low AS haveLow, have_top AS haveTop, have_parts AS haveParts, base_version AS base, snap_version AS version
       FROM contract WHERE account_id = ? AND snap_run = ?
         AND (have_parts IS NOT NULL OR have_top IS NULL OR have_top < snap_version OR base_version IS NULL)`,
    )
    .all(accountId, run) as {
    haveLow: number | null;
    haveTop: number | null;
    haveParts: string | null;
    base: number | null;
    version: number;
  }[];
  for (const row of rows) {
    if (row.base === null || countAbsent(row, row.base, row.version) > 0) return null;
  }
  const { doubt } = store
    .sql(
      `SELECT coalesce(max(base_position), 0) AS doubt FROM contract
       WHERE account_id = ? AND snap_run = ? AND base_fixed = 0 AND have_low > 1`,
    )
    .get(accountId, run) as { doubt: number };
  return doubt;
}
