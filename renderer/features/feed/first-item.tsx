import { useLayoutEffect, useRef } from 'react';

/** Inside a menu that a key opened: its first item has the keyboard at once, so that the next key is not lost. */
export function FirstItem() {
  const mark = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const menu = mark.current?.closest('[role="menu"]');
    const focus = (): void => menu?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const isInside = (): boolean =>
      document.activeElement !== menu && menu?.contains(document.activeElement) === true;
    focus();
    // Again, unless an item has it by now: the menu may take the focus for itself, or may not have been shown yet.
    const frame = requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (!isInside()) focus();
      }),
    );
    return () => cancelAnimationFrame(frame);
  }, []);
  return <span ref={mark} hidden />;
}
