import { useEffect, useRef } from 'react';

/** Inside a menu that a key opened: its first item has the keyboard, so that Enter takes it. */
export function FirstItem() {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const menu = mark.current?.closest('[role="menu"]');
    // After the menu has taken the focus itself.
    const frame = requestAnimationFrame(() =>
      requestAnimationFrame(() => menu?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus()),
    );
    return () => cancelAnimationFrame(frame);
  }, []);
  return <span ref={mark} hidden />;
}
