import { use } from 'react';
import { MacContext } from './mac.ts';
import { capsOf } from './keys.ts';

/** The keys of a shortcut, for the eye; a screen reader is told by `aria-keyshortcuts`. */
export function Kbd({ shortcut }: { shortcut: string }) {
  const mac = use(MacContext);
  return (
    <kbd className="kbd" aria-hidden>
      {capsOf(shortcut, mac).join(' ')}
    </kbd>
  );
}
