import { useLayoutEffect, useRef } from 'react';

/** Frames until the menu has settled at the latest. */
const SETTLED_AFTER = 10;

/**
 * Inside a menu that a key opened: its first item has the keyboard at once, so that the next key is not lost. The menu must know
 * it, too, or the first arrow would lead from nowhere to where the keyboard is already.
 */
export function FirstItem() {
  const mark = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const menu = mark.current?.closest<HTMLElement>('[role="menu"]');
    const items = (): readonly HTMLElement[] => [
      ...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []),
    ];
    items()[0]?.focus();
    let frame = 0;
    function settle(left: number): void {
      // The person may be further by now.
      if (left === 0 || items().some((item) => item.dataset['highlighted'] !== undefined)) return;
      // It learns where the keyboard is by its coming: while it opens it forgets, or takes the focus for itself.
      if (items()[0] === document.activeElement) menu?.focus();
      items()[0]?.focus();
      frame = requestAnimationFrame(() => settle(left - 1));
    }
    frame = requestAnimationFrame(() => settle(SETTLED_AFTER));
    return () => cancelAnimationFrame(frame);
  }, []);
  return <span ref={mark} hidden />;
}
