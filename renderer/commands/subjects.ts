import type { SessionView } from '../../protocol/ipc.ts';
import type { ContractRow } from '../../protocol/view.ts';

/** False where this server takes none. */
export function takesAcknowledgements(session: SessionView): boolean {
  return session.state !== 'signed_in' || session.cannotAcknowledge !== true;
}

export function canAcknowledge(row: ContractRow): boolean {
  return row.actionRequired && (row.acknowledgement === 'none' || row.acknowledgement === 'superseded');
}
