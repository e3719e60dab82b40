import type { Amount } from '../../../protocol/event.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import type { ContractDetail } from '../../../protocol/view.ts';

/** What is otherwise than when the person last looked; a field is absent where it is the same. */
export interface SinceViewed {
  /** Epoch ms. */
  readonly at: number;
  /** Changes since then, as its versions count them. */
  readonly changes: number;
  /** `back`: it went elsewhere and stands again where it stood. */
  readonly status?: { readonly from: string; readonly to: string; readonly back: boolean };
  readonly amount?: { readonly from: Amount | null; readonly to: Amount | null };
  readonly due?: { readonly from: string | null; readonly to: string | null };
  readonly title?: { readonly from: string; readonly to: string };
}

function sameAmount(a: Amount | null, b: Amount | null): boolean {
  if (a === null || b === null) return a === b;
  const plain = (value: string): string => (value.includes('.') ? value.replace(/\.?0+$/, '') : value);
  return a.currency === b.currency && plain(a.value) === plain(b.value);
}

function sameInstant(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && parseInstant(a) === parseInstant(b));
}

/** Null where it was never looked at, or nothing has changed since. */
export function sinceViewed({
  lastViewed,
  row,
}: Pick<ContractDetail, 'lastViewed' | 'row'>): SinceViewed | null {
  if (lastViewed === null || row.version <= lastViewed.version) return null;
  const { at, version, status, amount, dueAt, title } = lastViewed;
  return {
    at,
    changes: row.version - version,
    status: { from: status, to: row.to, back: status === row.to },
    ...(!sameAmount(amount, row.amount) && { amount: { from: amount, to: row.amount } }),
    ...(!sameInstant(dueAt, row.dueAt) && { due: { from: dueAt, to: row.dueAt } }),
    ...(title !== row.title && { title: { from: title, to: row.title } }),
  };
}
