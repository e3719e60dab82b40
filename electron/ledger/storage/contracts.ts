import type { AccountState } from './account.ts';
import { blankContract, COLD_FIELDS, HOT_FIELDS, type ContractRecord } from './contract-record.ts';
import { assignmentList, columnList, placeholders } from './column-names.ts';
import type { Store } from './store.ts';

const FIELDS = [...HOT_FIELDS, ...COLD_FIELDS];
/** As arrays come: the cold ones first, which are kept, and the rowid last. */
const READ_FIELDS = [...COLD_FIELDS, ...HOT_FIELDS];
const SELECT_ONE = `SELECT ${columnList(READ_FIELDS)}, contract_rowid FROM contract WHERE account_id = ? AND contract_id = ?`;
const INSERT = `INSERT INTO contract (account_id, contract_rowid, contract_id, search_text, ${columnList(FIELDS)})
  VALUES (${placeholders(FIELDS.length + 4)})`;
const UPDATE = `UPDATE contract SET search_text = coalesce(?, search_text), ${assignmentList(FIELDS)} WHERE contract_rowid = ?`;
const UPDATE_HOT = `UPDATE contract SET ${assignmentList(HOT_FIELDS)} WHERE contract_rowid = ?`;

/** Records kept between transactions (some 2 kB each), so that a flood on the same contracts does not read them again and again. */
const MAX_CACHED = 16_000;
/** Where there are more contracts than that, most of those kept would be gone again before they are asked for. */
const MAX_OF_MANY = 2_000;
/** The same while nothing comes. */
const MAX_AT_REST = 500;

/** Contracts of one account within one write transaction: each is read and written at most once, by `flush`. */
export interface Contracts {
  get(contractId: string): ContractRecord | undefined;
  byRowid(contractRowid: number): ContractRecord | undefined;
  /** A new row, blank but for its id; it is written by `flush`. */
  create(contractId: string): ContractRecord;
  /** Takes away a contract that nothing was stored of. */
  remove(record: ContractRecord): void;
  /** Says that the record was changed. */
  touch(record: ContractRecord): void;
  /** All that were touched, flushed or not. */
  touched(): readonly ContractRecord[];
  /** Writes what was touched. */
  flush(): void;
  /** Flushes and lets go of the records, so that a long run over all contracts stays small. */
  release(): void;
}

type Value = string | number | null;

interface Entry {
  readonly record: ContractRecord;
  /** Values of COLD_FIELDS as they stand in the file; null while it is not there yet. */
  saved: readonly Value[] | null;
}

/** Whose rows are cached; forgotten with a transaction that fails. */
export type ContractCache = Map<string, Entry>;

const cacheOf = (store: Store, accountId: number): ContractCache =>
  store.cached('contracts', accountId, () => new Map());

function trim(cache: ContractCache, most: number): void {
  for (const contractId of cache.keys()) {
    if (cache.size <= most) return;
    cache.delete(contractId);
  }
}

/** Lets go of what only a flood needs. Not within a transaction. */
export function restContracts(store: Store, accountId: number): void {
  trim(cacheOf(store, accountId), MAX_AT_REST);
}

export function openContracts(store: Store, state: AccountState): Contracts {
  const { accountId } = state;
  const cache = cacheOf(store, accountId);
  const dirty = new Set<Entry>();
  const touched = new Set<ContractRecord>();
  let nextRowid: number | undefined;

  const valuesOf = (record: ContractRecord, fields: readonly (keyof ContractRecord)[]): Value[] =>
    fields.map((field) => record[field]);

  function topRowid(): number {
    const row = store.sql('SELECT coalesce(max(contract_rowid), 0) AS top FROM contract').get();
    return (row as { readonly top: number }).top;
  }

  function get(contractId: string): ContractRecord | undefined {
    const known = cache.get(contractId);
    if (known) return known.record;
    const row = store.sqlArrays(SELECT_ONE).get(accountId, contractId) as Value[] | undefined;
    if (!row) return undefined;
    const record = blankContract(row.pop() as number, contractId);
    // Into fields that are there: an object that is built name by name becomes a slow dictionary in V8.
    const fields = record as unknown as Record<(typeof READ_FIELDS)[number], Value | undefined>;
    for (const [i, field] of READ_FIELDS.entries()) fields[field] = row[i];
    row.length = COLD_FIELDS.length;
    cache.set(contractId, {
      record,
      saved: row,
    });
    return record;
  }

  function touch(record: ContractRecord): void {
    const entry = cache.get(record.contractId);
    if (entry) dirty.add(entry);
    touched.add(record);
  }

  function flush(): void {
    for (const entry of dirty) {
      const { record, saved } = entry;
      if (saved && COLD_FIELDS.every((field, i) => record[field] === saved[i])) {
        store.sql(UPDATE_HOT).run(...valuesOf(record, HOT_FIELDS), record.contractRowid);
      } else {
        const values = valuesOf(record, FIELDS);
        const { contractRowid, contractId, searchText } = record;
        if (saved) store.sql(UPDATE).run(searchText, ...values, contractRowid);
        else store.sql(INSERT).run(accountId, contractRowid, contractId, searchText ?? '', ...values);
        record.searchText = null;
        entry.saved = values.slice(HOT_FIELDS.length);
      }
    }
    store.noteRecords(
      accountId,
      Array.from(dirty, (entry) => entry.record),
    );
    dirty.clear();
    trim(cache, topRowid() > MAX_CACHED ? MAX_OF_MANY : MAX_CACHED);
  }

  return {
    get,
    touch,
    flush,
    release() {
      flush();
      cache.clear();
      touched.clear();
    },
    byRowid(contractRowid) {
      const row = store
        .sql('SELECT contract_id AS id FROM contract WHERE account_id = ? AND contract_rowid = ?')
        .get(accountId, contractRowid) as { id: string } | undefined;
      return row && get(row.id);
    },
    remove(record) {
      const entry = cache.get(record.contractId);
      if (entry) dirty.delete(entry);
      cache.delete(record.contractId);
      touched.delete(record);
      store.sql('DELETE FROM contract WHERE contract_rowid = ?').run(record.contractRowid);
      // Lists know rows that come and change; one that goes has them read anew.
      store.noteWritten(null);
    },
    create(contractId) {
      nextRowid ??= topRowid();
      nextRowid++;
      const record = blankContract(nextRowid, contractId);
      cache.set(contractId, { record, saved: null });
      touch(record);
      return record;
    },
    touched: () => [...touched],
  };
}
