import { useStore } from 'zustand';
import { useStores } from './context.ts';
import { areCountsKnown } from './standing.ts';

/** Before, a 0 beside a view would be a number that nobody knows. */
export function useCountsKnown(): boolean {
  const { feed, receipt } = useStores();
  const contracts = useStore(feed, (state) => state.counts?.all ?? 0);
  const told = useStore(receipt, (state) => state.receipt);
  return areCountsKnown(contracts, told);
}
