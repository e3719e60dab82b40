import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';
import { wantsHold, type HoldFacts } from './hold.ts';

/** Holds the view's order while it is being read, and lets go of it afterwards. */
export function useHold(seen: Pick<HoldFacts, 'atTop' | 'pointerOver' | 'focusedIndex'>): void {
  const { feed, contract, cursor, place } = useStores();
  const view = useStore(feed, (state) => state.filter.view);
  const viewId = useStore(feed, (state) => state.viewId);
  const contractOpen = useStore(contract, (state) => state.openId !== null);
  const selecting = useStore(cursor, (state) => state.selected.size > 0);
  const menuOpen = useStore(cursor, (state) => state.menu !== null);
  const hold = wantsHold({ ...seen, view, contractOpen, selecting: selecting || menuOpen });
  useEffect(() => {
    // Each view begins without a hold.
    if (viewId !== null) feed.setHeld(hold);
  }, [feed, hold, viewId]);
  // An empty view shows no list, and nothing would let go of what was held before it was known to be empty.
  // The list that another screen covers is found again as it was left.
  useEffect(
    () => () => {
      if (place.getState().screen === 'list') feed.setHeld(false);
    },
    [feed, place],
  );
}
