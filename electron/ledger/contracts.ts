import type { AcknowledgementState } from '../../protocol/view.ts';
import type { Severity } from '../../protocol/statuses.ts';
import type { AccountState } from './account.ts';
import { assignmentList, columnList, placeholders, selectList, type Store } from './store.ts';
import type { VersionColumns } from './versions.ts';

/** One contract as its latest change shows it, and what is known of its versions. Flags are 0 or 1. */
export interface ContractRecord extends VersionColumns {
  readonly contractRowid: number;
  readonly contractId: string;
  /** Of its latest change: what the views are ordered by. */
  position: number;
  /** Unread events stored. */
  unread: number;
  /** The latest change requires an action that nobody has taken on. */
  actionOpen: number;
  searchText: string;
  version: number;
  title: string;
  /** JSON array. */
  counterparties: string;
  amountValue: string | null;
  amountCurrency: string | null;
  dueAt: string | null;
  fromStatus: string | null;
  toStatus: string;
  severity: Severity;
  actionRequired: number;
  actorName: string | null;
  reasonText: string | null;
  time: string;
  since: string;
  lastEventId: string | null;
  /** The row is what a snapshot told; the event of its version may still come. */
  told: number;
  /** The row belongs to a life of the log that the server lost: anything newer in time replaces it. */
  retired: number;
  /** A version is missing between stored ones, after the contract's baseline. */
  gap: number;
  /** At `basePosition` the contract stood at `baseVersion`, and all later versions are ours to have; null: unknown. */
  baseVersion: number | null;
  basePosition: number | null;
  /** Set by the baseline snapshot: earlier versions are never ours to have. */
  baseFixed: number;
  snapVersion: number | null;
  snapRun: number;
  ackVersion: number | null;
  ackState: AcknowledgementState | null;
  ackAt: number | null;
  ackBy: string | null;
  ackProblem: string | null;
}

const FIELDS = [
  'position',
  'unread',
  'actionOpen',
  'searchText',
  'version',
  'title',
  'counterparties',
  'amountValue',
  'amountCurrency',
  'dueAt',
  'fromStatus',
  'toStatus',
  'severity',
  'actionRequired',
  'actorName',
  'reasonText',
  'time',
  'since',
  'lastEventId',
  'told',
  'retired',
  'haveLow',
  'haveTop',
  'haveParts',
  'gap',
  'baseVersion',
  'basePosition',
  'baseFixed',
  'snapVersion',
  'snapRun',
  'ackVersion',
  'ackState',
  'ackAt',
  'ackBy',
  'ackProblem',
] as const satisfies readonly (keyof ContractRecord)[];

export const CONTRACT_SELECT = `SELECT ${selectList(['contractRowid', 'contractId', ...FIELDS])} FROM contract`;
const INSERT = `INSERT INTO contract (account_id, contract_rowid, contract_id, ${columnList(FIELDS)})
  VALUES (${placeholders(FIELDS.length + 3)})`;
const UPDATE = `UPDATE contract SET ${assignmentList(FIELDS)} WHERE contract_rowid = ?`;

/** Contracts of one account within one write transaction: each is read and written at most once, by `flush`. */
export interface Contracts {
  get(contractId: string): ContractRecord | undefined;
  byRowid(contractRowid: number): ContractRecord | undefined;
  /** A new row, blank but for its id; it is written by `flush`. */
  create(contractId: string): ContractRecord;
  /** Says that the record was changed. */
  touch(record: ContractRecord): void;
  touched(): readonly ContractRecord[];
  /** Writes what was touched and brings the account's counters up to date. */
  flush(): void;
  /** Flushes and lets go of the records, so that a long run over all contracts stays small. */
  release(): void;
}

interface Entry {
  readonly record: ContractRecord;
  stored: boolean;
  wasUnread: boolean;
  wasAction: boolean;
  dirty: boolean;
}

export function openContracts(store: Store, state: AccountState): Contracts {
  const entries = new Map<string, Entry>();
  const ids = new Map<number, string>();
  let nextRowid: number | undefined;

  function remember(record: ContractRecord, stored: boolean): Entry {
    const entry: Entry = {
      record,
      stored,
      wasUnread: stored && record.unread > 0,
      wasAction: stored && record.actionOpen === 1,
      dirty: false,
    };
    entries.set(record.contractId, entry);
    ids.set(record.contractRowid, record.contractId);
    return entry;
  }

  function get(contractId: string): ContractRecord | undefined {
    const known = entries.get(contractId);
    if (known) return known.record;
    const row = store
      .sql(`${CONTRACT_SELECT} WHERE account_id = ? AND contract_id = ?`)
      .get(state.accountId, contractId) as ContractRecord | undefined;
    return row && remember(row, true).record;
  }

  function flush(): void {
    for (const entry of entries.values()) {
      if (!entry.dirty) continue;
      const { record } = entry;
      const values = FIELDS.map((field) => record[field]);
      if (entry.stored) {
        store.sql(UPDATE).run(...values, record.contractRowid);
      } else {
        store.sql(INSERT).run(state.accountId, record.contractRowid, record.contractId, ...values);
        state.countAll++;
      }
      const unread = record.unread > 0;
      const action = record.actionOpen === 1;
      state.countUnread += Number(unread) - Number(entry.wasUnread);
      state.countAction += Number(action) - Number(entry.wasAction);
      Object.assign(entry, { stored: true, wasUnread: unread, wasAction: action, dirty: false });
    }
  }

  return {
    get,
    flush,
    release() {
      flush();
      entries.clear();
      ids.clear();
    },
    byRowid(contractRowid) {
      const known = ids.get(contractRowid);
      if (known !== undefined) return entries.get(known)?.record;
      const row = store
        .sql(`${CONTRACT_SELECT} WHERE account_id = ? AND contract_rowid = ?`)
        .get(state.accountId, contractRowid) as ContractRecord | undefined;
      return row && remember(row, true).record;
    },
    create(contractId) {
      nextRowid ??= (
        store.sql('SELECT coalesce(max(contract_rowid), 0) AS top FROM contract').get() as { top: number }
      ).top;
      nextRowid++;
      const entry = remember(blank(nextRowid, contractId), false);
      entry.dirty = true;
      return entry.record;
    },
    touch(record) {
      const entry = entries.get(record.contractId);
      if (entry) entry.dirty = true;
    },
    touched: () => [...entries.values()].filter((entry) => entry.dirty).map((entry) => entry.record),
  };
}

function blank(contractRowid: number, contractId: string): ContractRecord {
  return {
    contractRowid,
    contractId,
    position: 0,
    unread: 0,
    actionOpen: 0,
    searchText: '',
    version: 0,
    title: '',
    counterparties: '[]',
    amountValue: null,
    amountCurrency: null,
    dueAt: null,
    fromStatus: null,
    toStatus: '',
    severity: 'info',
    actionRequired: 0,
    actorName: null,
    reasonText: null,
    time: '',
    since: '',
    lastEventId: null,
    told: 0,
    retired: 0,
    haveLow: null,
    haveTop: null,
    haveParts: null,
    gap: 0,
    baseVersion: null,
    basePosition: null,
    baseFixed: 0,
    snapVersion: null,
    snapRun: 0,
    ackVersion: null,
    ackState: null,
    ackAt: null,
    ackBy: null,
    ackProblem: null,
  };
}
