import { newestPosition } from './context.ts';
import { doubtReplay, needRepair, type WriteContext } from './write-context.ts';

/** A server that counts anew more often than this keeps no order that a snapshot could show. Ms. */
const RESTARTS_APART_MS = 600_000;

/** True: it is not long since the last one. */
export function noteRestart(context: WriteContext): boolean {
  const { state, now } = context;
  const isRepeated = state.restartedAt !== null && Math.abs(now - state.restartedAt) < RESTARTS_APART_MS;
  state.restarts++;
  state.restartedAt = now;
  doubtReplay(context);
  return isRepeated;
}

/**
 * `bound`: a snapshot up to here can show that nothing is missing. One open gap stands for any number of restarts. Where they are
 * repeated (a server may give all its events one id), each is asked for at the pace that repair has come to.
 */
export function openRestart(
  context: WriteContext,
  label: string | null,
  bound: number | null,
  note: string,
  isRepeated: boolean,
): void {
  const { store, state, gaps } = context;
  if (state.baseline !== 'snapshot') return;
  if (bound === null) {
    const { changes } = store
      .sql(
        `UPDATE gap SET attempt_run = NULL, note = ?
         WHERE account_id = ? AND healed_at IS NULL AND kind = 'restart' AND end_position IS NULL`,
      )
      .run(note.slice(0, 300), state.accountId);
    if (changes > 0) {
      needRepair(context, isRepeated ? 'later' : 'now');
      return;
    }
  }
  const place = { start: bound ?? newestPosition(context), end: bound };
  gaps.openUnknown('restart', label, place, note, isRepeated);
}

/** The log began anew, and it is not proven yet what of the life before it still holds. */
export function hasRestarted({ store, state }: WriteContext): boolean {
  return (
    store
      .sql(`SELECT 1 FROM gap WHERE account_id = ? AND healed_at IS NULL AND kind = 'restart' LIMIT 1`)
      .get(state.accountId) !== undefined
  );
}
