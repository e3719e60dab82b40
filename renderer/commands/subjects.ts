import type { ContractRow } from '../../protocol/view.ts';

export function canAcknowledge(row: ContractRow): boolean {
  return row.actionRequired && (row.acknowledgement === 'none' || row.acknowledgement === 'superseded');
}
