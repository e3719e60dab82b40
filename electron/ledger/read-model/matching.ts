import type { ConditionKey, FixedConditions, Span, ViewName } from '../../../protocol/filter.ts';
import { SEVERITIES } from '../../../protocol/statuses.ts';
import { amountColumn, nameColumn, partyColumn, timeColumn, toDecimal, type Names } from './column-arrays.ts';
import { VIEW_BITS, type ColumnIndex } from './column-index.ts';

/** Whether the contract of this rowid is in the filter. */
export type Match = (rowid: number) => boolean;

/** What a list is asked, apart from its order, with all spans as instants. */
export interface Asked {
  readonly view: ViewName;
  readonly conditions: FixedConditions | undefined;
}

/**
 * The filter over the column index as it stands now. `found`: whether the words are found in a contract; null for no words.
 * Holds until the column index's next revision.
 */
export function matchOf(columns: ColumnIndex, { view, conditions }: Asked, found: Match | null): Match {
  const bit = VIEW_BITS[view];
  const { member } = columns;
  const tests: Match[] = conditions ? testsOf(columns, conditions) : [];
  if (found) tests.push(found);
  return tests.reduce<Match>(
    (before, test) => (rowid) => before(rowid) && test(rowid),
    (rowid) => ((member[rowid] ?? 0) & bit) !== 0,
  );
}

type TestOf<K extends ConditionKey> = (columns: ColumnIndex, asked: NonNullable<FixedConditions[K]>) => Match;

/** What each condition asks of a contract; the cheap ones first. */
const TESTS: { readonly [K in ConditionKey]: TestOf<K> } = {
  statuses(columns, asked) {
    const { status } = columns;
    const wanted = numbersOf(columns.statuses, asked);
    return (rowid) => wanted[status[rowid] ?? 0] === 1;
  },
  severities({ severity }, asked) {
    const wanted = SEVERITIES.map((each) => asked.includes(each));
    return (rowid) => wanted[severity[rowid] ?? 0] === true;
  },
  due({ due }, asked) {
    if (asked === 'none') return (rowid) => Number.isNaN(due[rowid] ?? Number.NaN);
    const isWithin = within(asked);
    return (rowid) => isWithin(due[rowid] ?? Number.NaN);
  },
  actors(columns, asked) {
    const actors = columns.column('actors', () => nameColumn('actorName'));
    const wanted = numbersOf(actors.names, asked);
    return (rowid) => wanted[actors.at(rowid)] === 1;
  },
  parties(columns, asked) {
    const parties = columns.column('parties', partyColumn);
    const names = new Set(asked);
    const wanted = parties.lists.map((list) => list.some((name) => names.has(name)));
    return (rowid) => wanted[parties.at(rowid)] === true;
  },
  period(columns, asked) {
    const times = columns.column('times', timeColumn);
    const isWithin = within(asked);
    return (rowid) => isWithin(times.at(rowid));
  },
  amount: amountTest,
};
const KEYS = Object.keys(TESTS) as readonly ConditionKey[];

function testsOf(columns: ColumnIndex, conditions: FixedConditions): Match[] {
  return KEYS.flatMap((key) => {
    const asked = conditions[key];
    return asked === undefined ? [] : (TESTS[key] as TestOf<ConditionKey>)(columns, asked as never);
  });
}

function amountTest(
  columns: ColumnIndex,
  { currency, min, max }: NonNullable<FixedConditions['amount']>,
): Match {
  const amounts = columns.column('amounts', amountColumn);
  const number = amounts.currencies.texts.indexOf(currency);
  const low = min === null ? null : toDecimal(min);
  const high = max === null ? null : toDecimal(max);
  return (rowid) =>
    number > 0 &&
    amounts.currencyAt(rowid) === number &&
    (low === null || amounts.compareWith(rowid, low) >= 0) &&
    (high === null || amounts.compareWith(rowid, high) <= 0);
}

/** By number of a name: 1 where it is asked for. */
function numbersOf(names: Names, asked: readonly string[]): Uint8Array {
  const wanted = new Uint8Array(names.texts.length);
  for (let number = 1; number < wanted.length; number++) {
    if (asked.includes(names.texts[number] ?? '')) wanted[number] = 1;
  }
  return wanted;
}

/** NaN is in no bounds. */
function within(bounds: Span): (at: number) => boolean {
  const from = bounds.from ?? Number.NEGATIVE_INFINITY;
  const to = bounds.to ?? Number.POSITIVE_INFINITY;
  return (at) => at >= from && at < to;
}
