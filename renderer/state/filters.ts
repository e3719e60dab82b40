import {
  CONDITION_KEYS,
  type ConditionKey,
  type Conditions,
  type Sort,
  type ViewFilter,
} from '../../protocol/filter.ts';

/** Changes to a filter, without React. Absent means not asked; an empty set of conditions is none. */

export const USUAL_SORT: Sort = { by: 'recent', descending: true };

export function sortOf({ sort }: ViewFilter): Sort {
  return sort ?? USUAL_SORT;
}

export function hasConditions({ conditions }: ViewFilter): boolean {
  return conditions !== undefined && CONDITION_KEYS.some((key) => conditions[key] !== undefined);
}

/** A view as it is: no words, no conditions, the usual order. */
export function isPlain(filter: ViewFilter): boolean {
  return filter.text === '' && !hasConditions(filter) && isUsual(sortOf(filter));
}

function put(view: ViewFilter['view'], text: string, conditions?: Conditions, sort?: Sort): ViewFilter {
  const filter: ViewFilter = { view, text };
  const asked = conditions && hasConditions({ ...filter, conditions });
  return { ...filter, ...(asked && { conditions }), ...(sort && !isUsual(sort) && { sort }) };
}

function isUsual({ by, descending }: Sort): boolean {
  return by === USUAL_SORT.by && descending === USUAL_SORT.descending;
}

/** With one condition set, or taken away (undefined). */
export function withCondition<K extends ConditionKey>(
  filter: ViewFilter,
  key: K,
  value: Conditions[K] | undefined,
): ViewFilter {
  const { view, text, conditions, sort } = filter;
  const others = Object.entries(conditions ?? {}).filter(([name]) => name !== key);
  const next: Conditions = Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
  return put(view, text, next, sort);
}

export function withSort({ view, text, conditions }: ViewFilter, sort: Sort): ViewFilter {
  return put(view, text, conditions, sort);
}

/** Without words, conditions and order. */
export function plainOf({ view }: ViewFilter): ViewFilter {
  return { view, text: '' };
}

/**
 * A number as people write it, as an exact decimal: `1 250 000,50`, `1,250,000.50`, `1250000`. Null where it
 * is none, or has more digits than a filter may have (30 before the point, 10 behind).
 */
export function parseDecimal(text: string): string | null {
  const bare = text.replaceAll(/[\s\u00a0\u202f'’_]/g, '');
  const comma = bare.lastIndexOf(',');
  const point = bare.lastIndexOf('.');
  let plain: string;
  if (comma >= 0 && point >= 0) {
    const [decimal, group] = comma > point ? [',', '.'] : ['.', ','];
    plain = bare.replaceAll(group, '').replace(decimal, '.');
  } else {
    const sign = comma >= 0 ? ',' : '.';
    const parts = bare.split(sign);
    const grouped = parts.length > 2 && parts.slice(1).every((part) => part.length === 3);
    plain = grouped ? parts.join('') : parts.join('.');
  }
  return /^-?\d{1,30}(\.\d{1,10})?$/.test(plain) ? plain : null;
}

/** Order of two decimals (as `parseDecimal` gives them), digit by digit: never as floats. */
export function compareDecimals(a: string, b: string): number {
  const scale = (text: string): bigint => {
    const negative = text.startsWith('-');
    const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
    const digits = BigInt(whole + fraction.padEnd(10, '0'));
    return negative ? -digits : digits;
  };
  const [x, y] = [scale(a), scale(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
