import type { VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useState } from 'react';
import type { Rows } from '../../state/feed-rows.ts';

/** How long nothing must have changed before the page's elements are brought into the rows' order, ms: longer than rows slide. */
const SETTLE_MS = 400;

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, at) => key === other[at]);

/** What is there keeps its order; what is new comes after it. */
function carryOn(order: readonly string[], keys: readonly string[]): readonly string[] {
  const [before, now] = [new Set(order), new Set(keys)];
  return [...order.filter((key) => now.has(key)), ...keys.filter((key) => !before.has(key))];
}

/**
 * The items; of a live list in an order for which no element of the page is moved when rows change places. What places them is
 * their transform; an element that is moved among its siblings is laid out anew, and does not slide. Once it is calm the
 * elements are in the rows' order again, in which assistive technology reads them.
 */
export function useSteadyOrder(
  items: readonly VirtualItem[],
  rows: Rows,
  live: boolean,
): readonly VirtualItem[] {
  const keys = items.map(({ index }) => rows.get(index)?.key ?? `#${index}`);
  const [order, setOrder] = useState<readonly string[]>(keys);
  const next = live ? carryOn(order, keys) : keys;
  if (live && !isSame(next, order)) setOrder(next);
  useEffect(() => {
    if (isSame(order, keys)) return;
    const timer = setTimeout(() => setOrder(keys), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [order, keys]);
  if (!live) return items;
  const byKey = new Map(items.map((item, at) => [keys[at], item]));
  return next.flatMap((key) => byKey.get(key) ?? []);
}
