import type { ViewFilter } from '../../../protocol/filter.ts';
import type { ContractRow } from '../../../protocol/view.ts';
import { toContractRow, type ShownRecord } from './rows.ts';
import { toShownRow } from './shorten.ts';
import type { Search } from './search.ts';
import { columnList } from '../storage/column-names.ts';
import type { Store } from '../storage/store.ts';

const SHOWN_FIELDS = [
  'contractId',
  'title',
  'counterparties',
  'amountValue',
  'amountCurrency',
  'dueAt',
  'version',
  'fromStatus',
  'toStatus',
  'fromSnapshot',
  'severity',
  'actionRequired',
  'actorName',
  'reasonText',
  'time',
  'unread',
  'ackVersion',
  'ackState',
  'ackProblem',
  'muted',
  'snoozedUntil',
  'ahead',
] as const satisfies readonly (keyof ShownRecord)[];

/** Rows of these contracts, by rowid; with the earlier reason that holds the filter's words where the row does not. */
export function readRows(
  store: Store,
  accountId: number,
  rowids: readonly number[],
  filter: ViewFilter,
  search: Search,
  /** For a file; the window gets what it can show. */
  whole = false,
): ReadonlyMap<number, ContractRow> {
  const rows = new Map<number, ContractRow>();
  if (rowids.length === 0) return rows;
  // `+`: by rowid, and not by an index of the whole account.
  const values = store
    .sqlArrays(
      `SELECT contract_rowid, ${columnList(SHOWN_FIELDS)} FROM contract
       WHERE contract_rowid IN (SELECT value FROM json_each(?)) AND +account_id = ?`,
    )
    .all(JSON.stringify(rowids), accountId) as unknown as (readonly [number, ...unknown[]])[];
  for (const [rowid, ...fields] of values) {
    const record = Object.fromEntries(SHOWN_FIELDS.map((field, i) => [field, fields[i]]));
    const row = whole ? toContractRow(accountId, shown(record)) : toShownRow(accountId, shown(record));
    const found = filter.text === '' ? null : search.foundIn(filter.text, rowid, shownText(row));
    rows.set(rowid, found === null ? row : { ...row, found });
  }
  return rows;
}

const shown = (record: Readonly<Record<string, unknown>>): ShownRecord => record as unknown as ShownRecord;

/** What the window shows of it, in which words are highlighted. */
function shownText(row: ContractRow): string {
  const names = row.counterparties.map((party) => party.name);
  return [row.title, ...names, row.contractId, row.reasonText ?? ''].join(' ');
}
