import {
  CONDITION_KEYS,
  type ConditionKey,
  DUE_SOON_MS,
  fixConditions,
  type FixedConditions,
  type Sort,
  type Span,
  type ViewFilter,
} from '../../protocol/filter.ts';
import { AWAITING, isDueSettled, SEVERITIES, STATUS_CODES } from '../../protocol/statuses.ts';
import { foldText, foundWordsOf, wordsOf } from '../../protocol/text.ts';
import type { ContractRow } from '../../protocol/view.ts';

/** What the ledger does by SQL, done plainly over an array: which rows a view holds, and in which order. */

const includes = (list: readonly string[], code: string): boolean => list.includes(code);

function inView(row: ContractRow, view: ViewFilter['view'], now: number): boolean {
  const due = row.dueAt === null || isDueSettled(row.to) ? null : Date.parse(row.dueAt);
  const needed = row.actionRequired && row.acknowledgement !== 'sent';
  if (view === 'all') return true;
  if (view === 'snoozed') return row.snoozed !== null;
  if (row.snoozed !== null) return false;
  switch (view) {
    case 'unread':
      return row.unread > 0 && !row.muted;
    case 'action_required':
      return needed;
    case 'waiting':
      return includes(AWAITING, row.to) && !needed;
    case 'overdue':
      return due !== null && due < now;
    case 'due_soon':
      return due !== null && due >= now && due < now + DUE_SOON_MS;
    case 'muted':
      return row.muted;
  }
}

/** Each word begins some word of the row, or of an earlier reason, which is then told as `found`. */
function found(row: ContractRow, text: string, earlier: string): string | null | false {
  const words = wordsOf(text);
  if (words.length === 0) return null;
  const shown = foundWordsOf(
    `${row.title} ${row.contractId} ${row.counterparties.map((it) => it.name).join(' ')} ${row.reasonText ?? ''}`,
  );
  const more = foundWordsOf(earlier);
  const begins = (list: readonly string[], word: string): boolean => list.some((it) => it.startsWith(word));
  if (!words.every((word) => begins(shown, word) || begins(more, word))) return false;
  return words.every((word) => begins(shown, word)) ? null : earlier;
}

function between(instant: number, { from, to }: Span): boolean {
  return (from === null || instant >= from) && (to === null || instant < to);
}

const MEETS: {
  readonly [K in ConditionKey]: (row: ContractRow, asked: NonNullable<FixedConditions[K]>) => boolean;
} = {
  statuses: (row, codes) => codes.includes(row.to),
  severities: (row, names) => names.includes(row.severity),
  parties: (row, names) => row.counterparties.some((it) => includes(names, it.name)),
  actors: (row, names) => includes(names, row.actorName ?? ''),
  amount({ amount }, { currency, min, max }) {
    const value = Number(amount?.value);
    return (
      amount?.currency === currency &&
      (min === null || value >= Number(min)) &&
      (max === null || value <= Number(max))
    );
  },
  due: ({ dueAt }, asked) =>
    asked === 'none' ? dueAt === null : dueAt !== null && between(Date.parse(dueAt), asked),
  period: (row, asked) => between(Date.parse(row.time), asked),
};

function meets(row: ContractRow, asked: FixedConditions): boolean {
  return CONDITION_KEYS.every((key) => asked[key] === undefined || MEETS[key](row, asked[key] as never));
}

function valueOf(row: ContractRow, by: Sort['by']): string | number | null {
  const party = row.counterparties[0];
  switch (by) {
    case 'recent':
      return Date.parse(row.time);
    case 'due':
      return row.dueAt === null ? null : Date.parse(row.dueAt);
    case 'amount':
      return row.amount && `${row.amount.currency} ${row.amount.value.padStart(20, '0')}`;
    case 'title':
      return foldText(row.title);
    case 'party':
      return party ? foldText(party.name) : null;
    case 'status':
      return STATUS_CODES.findIndex((code) => code === row.to);
    case 'severity':
      return SEVERITIES.indexOf(row.severity);
  }
}

function sorted(rows: readonly ContractRow[], { by, descending }: Sort): readonly ContractRow[] {
  const keyed = rows.map((row) => ({ row, key: valueOf(row, by) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    if (a.key === b.key) return 0;
    return a.key < b.key === descending ? 1 : -1;
  });
  return keyed.map(({ row }) => row);
}

/** `rows` come newest first; `earlier` is a reason that stands in every contract's history. */
export function selectRows(
  rows: readonly ContractRow[],
  { view, text, conditions, sort }: ViewFilter,
  now: number,
  earlier: string,
): readonly ContractRow[] {
  if (view === 'all' && text === '' && !conditions && !sort) return rows;
  const asked = conditions && fixConditions(conditions, now);
  const kept = rows.flatMap((row) => {
    if (!inView(row, view, now) || (asked && !meets(row, asked))) return [];
    const hit = found(row, text, earlier);
    if (hit === false) return [];
    return hit === null ? row : { ...row, found: hit };
  });
  return sort && !(sort.by === 'recent' && sort.descending) ? sorted(kept, sort) : kept;
}
