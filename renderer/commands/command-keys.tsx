import { use, useEffect } from 'react';
import { isInList } from './focus.ts';
import { useStores } from '../state/context.ts';
import { COMMAND_IDS, specOf, type CommandId } from './commands.ts';
import { runCommand } from './context.ts';
import { MacContext } from '../ui/mac.ts';
import { createKeyReader } from '../ui/keys.ts';

/** The button of a menu that is open counts as the menu: the focus goes into it only a moment later. */
const ELSEWHERE =
  'input, textarea, select, [contenteditable="true"], [role="menu"], [role="dialog"], [role="listbox"], [aria-haspopup="menu"][aria-expanded="true"]';

/**
 * The one place where keys become commands. In the capture phase, so that it is asked before any part of the
 * window; what it takes is marked as handled (`defaultPrevented`).
 */
export function CommandKeys() {
  const stores = useStores();
  const mac = use(MacContext);
  useEffect(() => {
    let scope = { elsewhere: false, inList: true };
    function* candidates(): Generator<readonly [CommandId, readonly string[]]> {
      for (const id of COMMAND_IDS) {
        const { scope: wanted, keys, when } = specOf(id);
        if (scope.elsewhere && wanted !== 'always') continue;
        if (wanted === 'list' && !scope.inList) continue;
        if (when && !when(stores, scope)) continue;
        yield [id, keys];
      }
    }
    const reader = createKeyReader(candidates, mac);
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented) return;
      const { target } = event;
      scope = {
        elsewhere: target instanceof Element && target.closest(ELSEWHERE) !== null,
        inList: isInList(),
      };
      const found = reader.read(event, event.timeStamp);
      if (found === null || found === 'pending') return;
      if (runCommand(stores, found, scope)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [stores, mac]);
  return null;
}
