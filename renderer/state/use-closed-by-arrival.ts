import { useEffect, useRef, type RefObject } from 'react';
import { useStores } from './context.ts';

/** What a menu, a popover and a dialog give to whoever wants to close them. */
interface Closable {
  close(): void;
  unmount(): void;
}

/**
 * For the `actionsRef` of whatever opens above the window: it is closed when a toast's click or a link shows a contract, so that
 * nothing lies over that.
 */
export function useClosedByArrival(): RefObject<Closable | null> {
  const { place } = useStores();
  const actions = useRef<Closable>(null);
  useEffect(
    () =>
      place.subscribe((state, before) => {
        if (state.arrivals !== before.arrivals) actions.current?.close();
      }),
    [place],
  );
  return actions;
}
