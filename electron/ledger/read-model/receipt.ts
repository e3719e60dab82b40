import type { Receipt, Verdict } from '../../../protocol/receipt.ts';
import { loadAccount, type AccountState } from '../storage/account.ts';
import type { Store } from '../storage/store.ts';
import { listGaps } from '../log/list-gaps.ts';
import { countReceived, countWithin } from '../storage/received.ts';
import type { ServerFacts } from '../types.ts';

/** Open gaps told in one receipt, oldest first; `missing` counts all of them. */
const MAX_GAPS = 100;

const ALL_KNOWN: ServerFacts = {
  wasCaughtUp: true,
  cannotFetch: false,
  hasNoList: false,
  nextRepairAt: null,
};

/** What may be said of completeness now. `dayStart`: local midnight, epoch ms. */
export function computeReceipt(
  store: Store,
  accountId: number,
  dayStart: number,
  facts: ServerFacts = ALL_KNOWN,
): Receipt {
  const state = loadAccount(store, accountId);
  // One attempt is for all of them, those found since the last one included.
  const openGaps = listGaps(store, accountId, 'open', MAX_GAPS).map((gap) => ({
    ...gap,
    nextAttemptAt: facts.nextRepairAt,
  }));
  const judged = judge(store, state, openGaps.length > 0);
  const verdict = refine(judged, facts);
  const complete = verdict === 'complete';
  return {
    verdict,
    upToId: complete ? state.headId : null,
    upToSequence: complete ? state.headSequence : null,
    upToTime: complete ? state.headTime : null,
    openGaps,
    canFetch: !facts.cannotFetch,
    ahead: openGaps.length > 0 ? null : aheadOf(store, state),
    lastHealed: listGaps(store, accountId, 'all', 1).find((gap) => gap.healedAt !== null) ?? null,
    changesToday: countReceived(store, accountId, dayStart),
    missing: countMissing(store, accountId, null),
    restartedAt: state.baseline === 'snapshot' ? null : state.restartedAt,
    notForUser: complete ? null : strangersOf(store, state),
    absence: lastAbsence(store, state),
  };
}

function refine(judged: Verdict, { wasCaughtUp, hasNoList }: ServerFacts): Verdict {
  if (judged === 'no_baseline' && hasNoList) return 'no_list';
  return judged === 'no_gap_seen' && !wasCaughtUp ? 'confirming' : judged;
}

function strangersOf(store: Store, { accountId, ownSeen, strangers }: AccountState): Receipt['notForUser'] {
  if (ownSeen === 1 || strangers === 0) return null;
  const rows = store
    .sql('SELECT name FROM foreign_name WHERE account_id = ? ORDER BY count DESC, name LIMIT 5')
    .all(accountId) as { name: string }[];
  return { count: strangers, names: rows.map(({ name }) => name) };
}

/** What the last preview brought ahead of the log, where it left nothing out and the log has not come there yet. */
function aheadOf(store: Store, state: AccountState): Receipt['ahead'] {
  const { currentEpoch, previewEpoch, previewSequence, previewTime, previewFrom } = state;
  if (currentEpoch === null || previewEpoch !== currentEpoch) return null;
  if (previewSequence === null || previewTime === null) return null;
  const { last } = store
    .sql('SELECT last_sequence AS last FROM epoch WHERE account_id = ? AND epoch_index = ?')
    .get(state.accountId, currentEpoch) as { last: number };
  if (last >= previewSequence || last < (previewFrom ?? 0)) return null;
  return { at: previewTime, changes: previewSequence - last };
}

function judge(store: Store, state: AccountState, gaps: boolean): Verdict {
  const epochs = store
    .sql(
      `SELECT epoch_index AS "index", kind, proven, last_sequence AS last FROM epoch
       WHERE account_id = ? AND kind IN ('own', 'opaque') ORDER BY epoch_index`,
    )
    .all(state.accountId) as { index: number; kind: string; proven: number; last: number }[];
  const current = epochs.find((epoch) => epoch.index === state.currentEpoch);
  if (gaps) return 'gaps';
  if (state.baseline === 'without')
    return state.cursor === null && epochs.length === 0 ? 'nothing_yet' : 'no_baseline';
  const opaque = epochs.some((epoch) => epoch.kind === 'opaque' && epoch.index > (current?.index ?? 0));
  if (opaque) return 'no_gap_seen';
  if (!current) {
    if (state.baseline === 'none') return 'nothing_yet';
    if (state.cursor !== null) return 'no_gap_seen';
    // What came since the snapshot may have been meant for this user, unless the server's heads say that nothing was.
    if (state.headsSeen === 0 && state.ownSeen === 0 && state.strangers > 0) return 'no_gap_seen';
    // The snapshot found an empty log: complete as long as nothing but an empty head was named.
    return state.headTime !== null && state.headSequence === 0 ? 'complete' : 'confirming';
  }
  if (current.proven === 0) return 'confirming';
  const named = state.headEpoch === current.index && state.headTime !== null ? state.headSequence : null;
  // A server that never names a head on the stream leaves nothing but its snapshot to go by.
  if (state.headsSeen === 0 && named !== current.last) return 'no_gap_seen';
  return named !== null && named <= current.last ? 'complete' : 'confirming';
}

/** When an absence began, epoch ms, and where the log was then. */
interface AbsenceStart {
  readonly since: number;
  readonly from: number;
}

/**
 * Sequences and versions known missing in open gaps; null when one is of unknown size. `start`: only of those that end after it. What a
 * log that went back since has lost reaches beyond the place that it went back to, up to the end that it had.
 */
function countMissing(store: Store, accountId: number, start: AbsenceStart | null): number | null {
  const row = store
    .sql(
      `SELECT coalesce(sum(missing), 0) AS missing,
         coalesce(sum(missing IS NULL OR kind = 'epoch'), 0) AS unknown
       FROM gap WHERE account_id = ?1 AND healed_at IS NULL
         AND (?2 IS NULL OR end_position IS NULL OR end_position > ?2 OR (kind = 'restart' AND opened_at > ?3))`,
    )
    .get(accountId, start?.from ?? null, start?.since ?? null) as { missing: number; unknown: number };
  return row.unknown > 0 ? null : row.missing;
}

export function lastAbsence(store: Store, state: AccountState): Receipt['absence'] {
  const { accountId, absenceSince, absenceUntil, absenceFrom, absenceTo } = state;
  if (absenceSince === null || absenceUntil === null || absenceFrom === null || absenceTo === null)
    return null;
  return {
    since: absenceSince,
    until: absenceUntil,
    changes: countWithin(store, accountId, absenceFrom, absenceTo),
    missing: countMissing(store, accountId, { since: absenceSince, from: absenceFrom }),
  };
}
