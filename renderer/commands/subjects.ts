import type { ContractRow } from '../../protocol/view.ts';
import type { Stores } from '../stores/stores.ts';

/** What the next deed concerns. */
export interface Subjects {
  readonly ids: readonly string[];
  /** Those of them that are held here, for what depends on their state. */
  readonly rows: readonly ContractRow[];
}

/** Those contracts, with what is known of them here. */
export function subjectsFor({ feed, contract }: Stores, ids: readonly string[]): Subjects {
  const wanted = new Set(ids);
  const rows = [...feed.getState().rows.values()].filter((row) => wanted.has(row.contractId));
  const open = contract.getState().detail?.row;
  const known = open && wanted.has(open.contractId) && !rows.some((row) => row.key === open.key);
  return { ids, rows: known ? [...rows, open] : rows };
}

/** The selected contracts; without any, the one that has the keyboard: in the list its row, elsewhere the open one. */
export function subjectsOf(stores: Stores, inList: boolean): Subjects {
  const { cursor, contract } = stores;
  const { selected } = cursor.getState();
  if (selected.size > 0) return subjectsFor(stores, [...selected]);
  const open = contract.getState().detail?.row;
  const row = cursor.row();
  const one = inList ? (row ?? open) : (open ?? row);
  return one ? { ids: [one.contractId], rows: [one] } : { ids: [], rows: [] };
}

export function canAcknowledge(row: ContractRow): boolean {
  return row.actionRequired && (row.acknowledgement === 'none' || row.acknowledgement === 'superseded');
}
