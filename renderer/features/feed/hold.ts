import type { ViewName } from '../../../protocol/view.ts';

export interface HoldFacts {
  readonly atTop: boolean;
  readonly pointerOver: boolean;
  /** Index of the row that has the keyboard, while the list has the focus; null otherwise. */
  readonly focusedIndex: number | null;
  readonly view: ViewName;
  readonly contractOpen: boolean;
  /** Rows are selected, or one has its menu open. */
  readonly selecting: boolean;
}

/**
 * Whether the list is being read, so that nothing in it may change place. In views whose membership
 * changes by reading or acting, an open contract must not drop out of the list from under the person.
 */
export function wantsHold(facts: HoldFacts): boolean {
  if (!facts.atTop || facts.pointerOver || facts.selecting) return true;
  if (facts.focusedIndex !== null && facts.focusedIndex > 0) return true;
  return facts.contractOpen && facts.view !== 'all';
}
