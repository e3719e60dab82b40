import { parsePosition } from '../../../protocol/cursor.ts';
import { closeContext, newestPosition, openContext } from '../log/context.ts';
import type { WriteContext } from '../log/write-context.ts';
import { streamOf } from '../log/lives.ts';
import { closeAbsence } from './absence.ts';
import type { Store } from '../storage/store.ts';

/**
 * Heads of a server whose ids have no order. Such a head does not tell how much is missing, nor whether anything is, until it
 * stands still: then the change that it names was left out. The gap keeps the named id in place of an epoch, and heals when
 * that change comes or when a later snapshot shows that nothing is missing.
 */

/** A head that the stream has reached: heads of this server name ids of the kind that come here. */
export function noteReached({ state, epochs }: WriteContext, id: string): void {
  if (epochs.all().at(-1)?.kind === 'own') return;
  state.headId = id;
  state.headEpoch = null;
  state.headSequence = null;
}

/** The head stands and nothing comes: all has come that will. True when a gap was opened for what it names. */
export function headStands(store: Store, accountId: number, id: string, now: number): boolean {
  return store.transaction('normal', () => {
    const context = openContext(store, accountId, now);
    closeAbsence(context);
    const isMissing = lacks(context, id);
    if (isMissing) {
      const place = { start: newestPosition(context), end: null };
      context.gaps.openUnknown('sequence', id, place, `the head was named as ${id}, which has not come`);
    }
    closeContext(context);
    return isMissing;
  });
}

function lacks(context: WriteContext, id: string): boolean {
  const { store, state } = context;
  // After an empty log the first change that is named has to come, whatever the kind of its id.
  const wasEmpty = state.cursor === null && state.headTime !== null && state.headId === null;
  const named = state.headId !== null && parsePosition(state.headId) === undefined;
  if (!(named || wasEmpty) || parsePosition(id) || id === state.cursor || isKnown(context, id)) return false;
  const row = store
    .sql(
      `SELECT EXISTS (SELECT 1 FROM quarantine WHERE account_id = ?1 AND event_id = ?2)
         OR EXISTS (SELECT 1 FROM gap WHERE account_id = ?1 AND kind = 'sequence' AND from_sequence IS NULL
           AND (epoch = ?2 OR (healed_at IS NULL AND start_position = ?3))) AS told`,
    )
    .get(state.accountId, id, newestPosition(context)) as { told: number };
  return row.told === 0;
}

export const isKnown = (context: WriteContext, id: string): boolean =>
  context.events.knows(id, streamOf(context).life);

/** Heals the gaps whose named change is here now. Returns how many. */
export function healNamed(context: WriteContext): number {
  return context.gaps.healNamed((id) => isKnown(context, id));
}

/**
 * A snapshot as of a change that came before a gap (served late, or by a replica that lags) proves nothing about the gap, and
 * must not count as one that was asked for after it.
 */
export function passOver(context: WriteContext, asOf: string | null): void {
  const { store, state } = context;
  if (asOf === null || parsePosition(asOf)) return;
  const place = asOf === state.cursor ? newestPosition(context) : placeOf(context, asOf);
  if (place === null) return;
  store
    .sql(
      `UPDATE gap SET attempt_run = ? WHERE account_id = ? AND healed_at IS NULL AND attempt_run IS NOT NULL
         AND kind = 'sequence' AND from_sequence IS NULL AND start_position >= ?`,
    )
    .run(state.snapshotRun, state.accountId, place);
}

function placeOf(context: WriteContext, id: string): number | null {
  const { place } = context.store
    .sql('SELECT max(position) AS place FROM event_key WHERE account_id = ? AND event_id = ? AND life = ?')
    .get(context.state.accountId, id, streamOf(context).life) as { place: number | null };
  return place;
}
