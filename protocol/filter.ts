import * as v from 'valibot';
import { SEVERITIES } from './statuses.ts';

/**
 * Which contracts a list shows, and in which order. `all` holds every contract. The others leave out what is snoozed
 * (but `snoozed` itself); `unread` also leaves out what is muted.
 */
export const VIEW_NAMES = [
  'all',
  'unread',
  /** The latest change requires an action that nobody has taken on. */
  'action_required',
  /** Somebody else is to act: the status is one of AWAITING, and no action is required here. */
  'waiting',
  /** Due before now, and neither signed nor over. */
  'overdue',
  /** Due within DUE_SOON_MS from now, and neither signed nor over. */
  'due_soon',
  'snoozed',
  'muted',
] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

export const DUE_SOON_MS = 7 * 86_400_000;

/** By what a list is ordered. Ties, and rows without a value (always last), follow the latest change, newest first. */
export const SORT_KEYS = ['recent', 'due', 'amount', 'title', 'party', 'status', 'severity'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

const label = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const some = (each: typeof label) => v.optional(v.pipe(v.array(each), v.minLength(1), v.maxLength(50)));
/** Epoch ms. */
const instant = v.pipe(v.number(), v.integer(), v.minValue(-8.64e15), v.maxValue(8.64e15));
const span = v.strictObject({ from: v.nullable(instant), to: v.nullable(instant) });
/** Whole local days of this computer, today included. */
const days = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3660));
const decimal = v.pipe(v.string(), v.regex(/^-?\d{1,30}(\.\d{1,10})?$/, 'a number such as 1250000.00'));

/** All must hold; within one list any. An absent one asks nothing. */
export const conditionsSchema = v.strictObject({
  /** Present status, by code; possibly unknown ones. */
  statuses: some(label),
  severities: v.optional(v.pipe(v.array(v.picklist(SEVERITIES)), v.minLength(1), v.maxLength(4))),
  /** Names of counterparties as they are written. */
  parties: some(label),
  /** Who made the latest change, by name. */
  actors: some(label),
  /** Bounds inclusive, decimals, in one currency: amounts of several are never compared. */
  amount: v.optional(
    v.strictObject({
      currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'an ISO 4217 code')),
      min: v.nullable(decimal),
      max: v.nullable(decimal),
    }),
  ),
  /**
   * Due date: `from` inclusive, `to` exclusive; or on one of so many days from today on; `past`: before the present
   * minute; `none`: contracts without one.
   */
  due: v.optional(
    v.union([span, v.strictObject({ withinDays: days }), v.literal('past'), v.literal('none')]),
  ),
  /** The latest change lies in it: `from` inclusive, `to` exclusive; or on one of so many days up to today. */
  period: v.optional(v.union([span, v.strictObject({ lastDays: days })])),
});

export const sortSchema = v.strictObject({ by: v.picklist(SORT_KEYS), descending: v.boolean() });

export const filterSchema = v.strictObject({
  view: v.picklist(VIEW_NAMES),
  /** Words to find in titles, parties, ids and reasons (also earlier ones); empty for none. Characters. */
  text: v.pipe(v.string(), v.maxLength(200)),
  conditions: v.optional(conditionsSchema),
  /** Absent: the latest change first. */
  sort: v.optional(sortSchema),
});

export type Conditions = v.InferOutput<typeof conditionsSchema>;
export type ConditionKey = keyof Conditions;
/** In the order in which they are offered. */
export const CONDITION_KEYS = Object.keys(conditionsSchema.entries) as readonly ConditionKey[];
export type Sort = v.InferOutput<typeof sortSchema>;
export type ViewFilter = v.InferOutput<typeof filterSchema>;

/** Epoch ms: `from` inclusive, `to` exclusive; null: no bound. */
export type Span = v.InferOutput<typeof span>;
/** Conditions as they stand at one moment. */
export type FixedConditions = Omit<Conditions, 'due' | 'period'> & {
  readonly due?: Span | 'none' | undefined;
  readonly period?: Span | undefined;
};

/** What goes with the time of day, as instants at `now` (epoch ms): days begin at the local midnight of this computer. */
export function fixConditions(conditions: Conditions, now: number): FixedConditions {
  const { due, period, ...others } = conditions;
  return {
    ...others,
    ...(due !== undefined && { due: fixDue(due, now) }),
    ...(period !== undefined && {
      period: 'lastDays' in period ? daySpan(1 - period.lastDays, 1, now) : period,
    }),
  };
}

function fixDue(due: NonNullable<Conditions['due']>, now: number): Span | 'none' {
  if (due === 'none') return due;
  // To the minute, so that a list need not be made anew whenever it is looked at.
  if (due === 'past') return { from: null, to: now - (now % 60_000) };
  return 'withinDays' in due ? daySpan(0, due.withinDays, now) : due;
}

/** From the midnight `from` days after today's to the one `to` days after it. */
function daySpan(from: number, to: number, now: number): Span {
  const today = new Date(now);
  const midnight = (days: number): number =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() + days).getTime();
  return { from: midnight(from), to: midnight(to) };
}

/**
 * What of a saved view is told outside the window: what the level of the settings says, every change, or nothing; `not`
 * does not even count in tray and badge. Of several views of one contract the first of TELLING that is theirs holds.
 */
export const VIEW_RULES = ['usual', 'toast', 'quietly', 'not'] as const;
export type ViewRule = (typeof VIEW_RULES)[number];
/** The rules that say something, the most telling one first. */
export const TELLING = ['toast', 'quietly', 'not'] as const satisfies readonly ViewRule[];

/** So many days before the due date a view's contracts are reminded of, and on the day; 0: on the day alone. */
export const REMIND_DAYS = [0, 1, 3, 7, 14, 30] as const;
export type RemindDays = (typeof REMIND_DAYS)[number];

const viewTitle = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100));
export const savedViewSchema = v.strictObject({
  /** Null for a new one. */
  savedId: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  name: viewTitle,
  filter: filterSchema,
  /** Absent: it stays; of a new one `usual`. */
  notify: v.exactOptional(v.picklist(VIEW_RULES)),
  /** Absent: it stays; of a new one null: no reminders. */
  remindDays: v.exactOptional(v.nullable(v.picklist(REMIND_DAYS))),
});
export type SavedViewChange = v.InferOutput<typeof savedViewSchema>;
export const MAX_SAVED_VIEWS = 30;

/** A named filter of this account, in the person's own order: the first nine have the keys 1 to 9. */
export interface SavedView {
  readonly savedId: number;
  readonly name: string;
  readonly filter: ViewFilter;
  readonly notify: ViewRule;
  readonly remindDays: RemindDays | null;
  /** Contracts in it now. */
  readonly count: number;
}

/** What can be chosen in the filter: names with the number of contracts, most frequent first, at most 50 each. */
export interface Facets {
  readonly parties: readonly Facet[];
  readonly actors: readonly Facet[];
  /** Statuses and currencies in use, all of them. */
  readonly statuses: readonly Facet[];
  readonly currencies: readonly Facet[];
}
export interface Facet {
  readonly name: string;
  readonly count: number;
}
