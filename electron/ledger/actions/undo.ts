import { readAhead } from '../log/ahead.ts';
import type { WriteContext } from '../log/write-context.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import { unmarkRead } from './mass-reading.ts';
import { takeBackHeld } from './outbox.ts';
import type { Done } from './undo-log.ts';

/**
 * Puts back what the action changed, contract by contract, where it still stands as the action left it. False: it was an
 * acknowledgement, and nothing of it is held any more.
 */
export function putBack(context: WriteContext, done: Done, undoId: number): boolean {
  if (done.what === 'read') {
    unmarkRead(context, done, undoId);
    return true;
  }
  let changed = 0;
  for (const [i, rowid] of done.contracts.entries()) {
    const record = context.contracts.byRowid(rowid);
    if (!record || !putBackOne(context, record, done, i)) continue;
    context.contracts.touch(record);
    changed += 1;
  }
  return done.what !== 'acknowledge' || changed > 0;
}

function putBackOne(
  context: WriteContext,
  record: ContractRecord,
  done: Exclude<Done, { readonly what: 'read' }>,
  i: number,
): boolean {
  switch (done.what) {
    case 'unread':
      return unmark(context, record, done, i);
    case 'mute':
      if (record.muted !== done.muted) return false;
      record.muted = done.muted === 1 ? 0 : 1;
      return true;
    case 'snooze': {
      const before = done.before[i] ?? Number.NaN;
      const stands = Object.is(record.snoozedUntil ?? Number.NaN, done.until);
      if (!stands || record.position !== done.positions[i]) return false;
      // A snooze that would be over by now is not begun again.
      record.snoozedUntil = before > context.now ? before : null;
      return true;
    }
    case 'acknowledge':
      return takeBackHeld(context, record.contractId, done.outboxIds[i] ?? -1);
  }
}

function unmark(
  { store }: WriteContext,
  record: ContractRecord,
  done: Extract<Done, { readonly what: 'unread' }>,
  i: number,
): boolean {
  const marked = done.marked[i] ?? 0;
  if (marked < 0) {
    if (record.ahead !== 2 || record.position !== -marked) return false;
    readAhead(record);
    return true;
  }
  if (record.unread !== 1 || record.readBy !== null) return false;
  const { changes } = store
    .sql('UPDATE event SET unread = 0 WHERE event_rowid = ? AND contract_rowid = ? AND unread = 1')
    .run(marked, record.contractRowid);
  if (changes === 0) return false;
  record.unread = 0;
  const readBy = done.readBy[i] ?? 0;
  if (readBy !== 0) {
    for (const id of done.settled.get(record.contractRowid) ?? []) {
      store
        .sql('UPDATE event SET unread = 1 WHERE event_rowid = ? AND contract_rowid = ?')
        .run(id, record.contractRowid);
    }
    record.readBy = readBy;
  }
  return true;
}
