import { DUE_SOON_MS, VIEW_NAMES, type ViewName } from '../../../protocol/filter.ts';
import { AWAITING, DUE_SETTLED, SEVERITIES } from '../../../protocol/statuses.ts';
import type { ViewCounts } from '../../../protocol/view.ts';
import { createNames, grown, type Column, type Names } from './column-arrays.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import { columnName } from '../storage/column-names.ts';
import type { Store } from '../storage/store.ts';

/**
 * All contracts of one account as arrays of numbers by contract_rowid: what lists are filtered, counted and ordered by
 * without reading rows. About 30 bytes a contract; read once, then kept up with what is written.
 */
export interface ColumnIndex {
  /** Above every contract_rowid of the account. */
  readonly bound: number;
  /** 0: no contract of this account. Otherwise a bit (VIEW_BITS) for each view it is in. */
  readonly member: Uint8Array;
  readonly position: Float64Array;
  /** Numbers of `statuses`. */
  readonly status: Uint32Array;
  readonly statuses: Names;
  /** Index in SEVERITIES. */
  readonly severity: Uint8Array;
  /** Due date, epoch ms; NaN: none. */
  readonly due: Float64Array;
  /** A snapshot's word for a change that may not be stored, with its reason. */
  snapshotReasons(): readonly number[];
  /** Grows whenever any of the above or of the columns has changed. */
  readonly revision: number;
  readonly counts: ViewCounts;
  column<T extends Column>(name: string, make: () => T): T;
  /** Brings what depends on the time up to `now`, epoch ms. */
  advance(now: number): void;
  /**
   * Takes in these contracts: as the record says, or (a contract_rowid) by reading it again. Tells those that have changed,
   * before they do: where they stood, -1 for new ones. Answers the rowids of those.
   */
  update(
    written: readonly (number | ContractRecord)[],
    tell: (rowid: number, position: number) => void,
  ): readonly number[];
}

/** The bit of each view in `ColumnIndex.member`. */
export const VIEW_BITS = Object.fromEntries(VIEW_NAMES.map((view, i) => [view, 1 << i])) as Readonly<
  Record<ViewName, number>
>;

const UNREAD = 1;
const ACTION = 2;
const MUTED = 4;
const SNOOZED = 8;
const REQUIRED = 16;
const FROM_SNAPSHOT = 32;
const flagsOf = (record: ContractRecord): number =>
  (record.unread > 0 || record.ahead === 2 ? UNREAD : 0) |
  (record.actionOpen * ACTION) |
  (record.muted * MUTED) |
  (record.snoozedUntil === null ? 0 : SNOOZED) |
  (record.actionRequired * REQUIRED) |
  (record.fromSnapshot === 1 && record.reasonText !== null ? FROM_SNAPSHOT : 0);
/** As `flagsOf`, of rows in the file. */
const CORE_FIELDS = [
  'contract_rowid',
  'position',
  `(unread > 0 OR ahead = 2) * ${UNREAD} | (action_open * ${ACTION}) | (muted * ${MUTED}) | (snoozed_until IS NOT NULL) * ${SNOOZED}
   | (action_required * ${REQUIRED}) | (from_snapshot = 1 AND reason_text IS NOT NULL) * ${FROM_SNAPSHOT}`,
  'to_status',
  'severity',
  'due_time',
];
type CoreRow = [
  rowid: number,
  position: number,
  flags: number,
  status: string,
  severity: string,
  dueTime: number | null,
];
const recordCore = (record: ContractRecord): CoreRow => [
  record.contractRowid,
  record.position,
  flagsOf(record),
  record.toStatus,
  record.severity,
  record.dueTime,
];
/** Rows read at once: each field of theirs comes as one text. */
const CHUNK = 20_000;
/** Contracts read again in one statement. */
const AGAIN = 2_000;

const awaiting: ReadonlySet<string> = new Set(AWAITING);
const settled: ReadonlySet<string> = new Set(DUE_SETTLED);
const severityNumbers: ReadonlyMap<unknown, number> = new Map(SEVERITIES.map((severity, i) => [severity, i]));

/** Reads the account's contracts. `now`: epoch ms. */
export function openColumnIndex(store: Store, accountId: number, now: number): ColumnIndex {
  let capacity = 0;
  let bound = 0;
  let revision = 0;
  let clock = now;
  /** When the next contract becomes due or overdue. */
  let nextAt = Number.POSITIVE_INFINITY;
  let flags: Uint8Array = new Uint8Array(0);
  let member: Uint8Array = new Uint8Array(0);
  let position: Float64Array = new Float64Array(0);
  let status: Uint32Array = new Uint32Array(0);
  let severity: Uint8Array = new Uint8Array(0);
  let due: Float64Array = new Float64Array(0);
  const statuses = createNames();
  const columns = new Map<string, Column>();
  const counted = new Int32Array(VIEW_NAMES.length);
  /** Of those that require an action, the ones that are not muted. */
  let needing = 0;

  function reserve(rowid: number): void {
    if (rowid < capacity) return;
    capacity = Math.max(256, Math.ceil((rowid + 1) * 1.25));
    flags = grown(flags, capacity, (n) => new Uint8Array(n));
    member = grown(member, capacity, (n) => new Uint8Array(n));
    position = grown(position, capacity, (n) => new Float64Array(n));
    status = grown(status, capacity, (n) => new Uint32Array(n));
    severity = grown(severity, capacity, (n) => new Uint8Array(n));
    due = grown(due, capacity, (n) => new Float64Array(n));
    for (const column of columns.values()) column.resize(capacity);
  }

  /** The views that the contract is in at `clock`; notes when that changes by itself. */
  function membership(rowid: number): number {
    const flag = flags[rowid] ?? 0;
    if (flag & SNOOZED) return VIEW_BITS.all | VIEW_BITS.snoozed;
    const code = statuses.texts[status[rowid] ?? 0] ?? '';
    let views = VIEW_BITS.all;
    if (flag & UNREAD && !(flag & MUTED)) views |= VIEW_BITS.unread;
    if (flag & ACTION) views |= VIEW_BITS.action_required;
    if (!(flag & REQUIRED) && awaiting.has(code)) views |= VIEW_BITS.waiting;
    if (flag & MUTED) views |= VIEW_BITS.muted;
    const dueAt = due[rowid] ?? Number.NaN;
    if (!Number.isNaN(dueAt) && !settled.has(code)) {
      if (dueAt < clock) views |= VIEW_BITS.overdue;
      else {
        const soonAt = dueAt - DUE_SOON_MS + 1;
        if (soonAt <= clock) views |= VIEW_BITS.due_soon;
        nextAt = Math.min(nextAt, soonAt <= clock ? dueAt + 1 : soonAt);
      }
    }
    return views;
  }

  function count(views: number, by: 1 | -1): void {
    for (let i = 0; i < counted.length; i++) if (views & (1 << i)) counted[i] = (counted[i] ?? 0) + by;
    if ((views & (VIEW_BITS.action_required | VIEW_BITS.muted)) === VIEW_BITS.action_required) needing += by;
  }

  function place(rowid: number): void {
    const views = membership(rowid);
    const before = member[rowid] ?? 0;
    if (views === before) return;
    count(before, -1);
    count(views, 1);
    member[rowid] = views;
  }

  /** Takes in the values of CORE_FIELDS. True when they say something new. */
  function setCore(
    rowid: number,
    place: number,
    flag: number,
    code: string,
    severe: string,
    dueTime: number | null,
  ): boolean {
    const statusNumber = statuses.numberOf(code);
    const severityNumber = severityNumbers.get(severe) ?? 0;
    const dueAt = dueTime ?? Number.NaN;
    if (
      member[rowid] !== 0 &&
      position[rowid] === place &&
      flags[rowid] === flag &&
      status[rowid] === statusNumber &&
      severity[rowid] === severityNumber &&
      Object.is(due[rowid], dueAt)
    ) {
      return false;
    }
    position[rowid] = place;
    flags[rowid] = flag;
    status[rowid] = statusNumber;
    severity[rowid] = severityNumber;
    due[rowid] = dueAt;
    return true;
  }

  /** All rows, as a list for each field: one text for a field of a chunk takes a third of the time of one object a row. */
  function readAll(fields: readonly string[], take: (lists: readonly (readonly unknown[])[]) => void): void {
    const statement = store.sqlArrays(
      `SELECT ${fields.map((_, i) => `json_group_array(f${i})`).join(', ')} FROM
         (SELECT ${fields.map((field, i) => `${field} AS f${i}`).join(', ')} FROM contract NOT INDEXED
          WHERE account_id = ? AND contract_rowid > ? ORDER BY contract_rowid LIMIT ${CHUNK})`,
    );
    let last = -1;
    for (;;) {
      const texts = statement.get(accountId, last) as unknown as readonly string[];
      const lists = texts.map((text) => JSON.parse(text) as unknown[]);
      take(lists);
      const rowids = lists[0] ?? [];
      if (rowids.length < CHUNK) return;
      last = rowids.at(-1) as number;
    }
  }

  readAll(CORE_FIELDS, (lists) => {
    const [rowids, places, marks, codes, severe, dueTimes] = lists as [
      number[],
      number[],
      number[],
      string[],
      string[],
      (number | null)[],
    ];
    reserve(rowids.at(-1) ?? 0);
    for (let i = 0; i < rowids.length; i++) {
      const rowid = rowids[i] as number;
      setCore(
        rowid,
        places[i] as number,
        marks[i] as number,
        codes[i] as string,
        severe[i] as string,
        dueTimes[i] as number | null,
      );
      place(rowid);
      bound = rowid + 1;
    }
  });

  return {
    get bound() {
      return bound;
    },
    get member() {
      return member;
    },
    get position() {
      return position;
    },
    get status() {
      return status;
    },
    get severity() {
      return severity;
    },
    get due() {
      return due;
    },
    get revision() {
      return revision;
    },
    get counts() {
      const of = (view: ViewName): number => counted[VIEW_NAMES.indexOf(view)] ?? 0;
      return {
        all: of('all'),
        unread: of('unread'),
        actionRequired: of('action_required'),
        needing,
        waiting: of('waiting'),
        overdue: of('overdue'),
        dueSoon: of('due_soon'),
        snoozed: of('snoozed'),
        muted: of('muted'),
      };
    },
    statuses,
    snapshotReasons() {
      const fromSnapshot: number[] = [];
      for (let rowid = 0; rowid < bound; rowid++)
        if ((flags[rowid] ?? 0) & FROM_SNAPSHOT) fromSnapshot.push(rowid);
      return fromSnapshot;
    },
    column<T extends Column>(name: string, make: () => T): T {
      let column = columns.get(name) as T | undefined;
      if (!column) {
        const made = make();
        made.resize(capacity);
        readAll(['contract_rowid', ...made.fields.map(columnName)], ([rowids = [], ...lists]) => {
          for (const [i, rowid] of rowids.entries()) {
            const values = lists.map((list) => list[i]);
            made.set(rowid as number, values);
          }
        });
        columns.set(name, made);
        column = made;
      }
      return column;
    },
    advance(now) {
      const isPassed = now < clock || now >= nextAt;
      clock = now;
      if (!isPassed) return;
      nextAt = Number.POSITIVE_INFINITY;
      for (let rowid = 0; rowid < bound; rowid++) if (member[rowid]) place(rowid);
      revision++;
    },
    update(written, tell) {
      const loaded = [...columns.values()];
      const changed: number[] = [];
      const unread: number[] = [];
      for (const one of written) {
        if (typeof one === 'number') unread.push(one);
        else take(recordCore(one), (column) => column.fields.map((field) => one[field]));
      }
      const fields = [...CORE_FIELDS, ...loaded.flatMap((column) => column.fields.map(columnName))];
      const statement = store.sqlArrays(
        `SELECT ${fields.join(', ')} FROM contract
         WHERE contract_rowid IN (SELECT value FROM json_each(?)) AND +account_id = ?`,
      );
      for (let from = 0; from < unread.length; from += AGAIN) {
        const asked = JSON.stringify(unread.slice(from, from + AGAIN));
        for (const row of statement.all(asked, accountId) as (readonly unknown[])[]) {
          let at = CORE_FIELDS.length;
          take(row as unknown as CoreRow, (column) => row.slice(at, (at += column.fields.length)));
        }
      }
      if (changed.length > 0) revision++;
      return changed;

      function take(core: CoreRow, valuesOf: (column: Column) => readonly unknown[]): void {
        const [rowid] = core;
        reserve(rowid);
        bound = Math.max(bound, rowid + 1);
        const stood = member[rowid] === 0 ? -1 : (position[rowid] ?? -1);
        let isNew = setCore(...core);
        for (const column of loaded) isNew = column.set(rowid, valuesOf(column)) || isNew;
        if (!isNew) return;
        tell(rowid, stood);
        place(rowid);
        changed.push(rowid);
      }
    },
  };
}
