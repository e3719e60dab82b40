import { use, useEffect } from 'react';
import { isInList } from './focus.ts';
import { useStores } from '../state/context.ts';
import { COMMAND_IDS, specOf, type CommandId } from './commands.ts';
import { awaitedBy, runCommand } from './context.ts';
import { MacContext } from '../ui/mac.ts';
import { createKeyReader, isComposing } from '../ui/keys.ts';

/** The button of a menu that is open counts as the menu: the focus goes into it only a moment later. */
const ELSEWHERE =
  'input, textarea, select, [contenteditable="true"], [role="menu"], [role="dialog"], [role="listbox"], [aria-haspopup="menu"][aria-expanded="true"]';

const TYPED_IN = 'input, textarea, [contenteditable="true"]';

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
        const spec = specOf(id);
        const { scope: wanted, keys, when } = spec;
        if (scope.elsewhere && wanted !== 'always') continue;
        if (wanted === 'list' && !scope.inList) continue;
        if (when && awaitedBy(spec, stores, scope) === null && !when(stores, scope)) continue;
        yield [id, keys];
      }
    }
    /** The key that is down and was taken as a command: what it repeats belongs to nobody else. */
    let taken: string | null = null;
    const reader = createKeyReader(candidates, mac);
    const onKey = (event: KeyboardEvent): void => {
      if (isComposing(event) || event.defaultPrevented) return;
      const { target } = event;
      const mayType = target instanceof Element && target.matches(TYPED_IN);
      if (!event.repeat) taken = null;
      else if (taken === event.code || (event.key === 'Enter' && !mayType)) {
        // Neither typed where the command led to, nor pressing one button after the other.
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      scope = {
        elsewhere: target instanceof Element && target.closest(ELSEWHERE) !== null,
        inList: isInList(),
      };
      const found = reader.read(event, event.timeStamp);
      if (found === null || found === 'pending') return;
      if (event.repeat && !specOf(found).repeats) return event.preventDefault();
      if (!runCommand(stores, found, scope)) return;
      event.preventDefault();
      if (!specOf(found).repeats) taken = event.code;
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [stores, mac]);
  return null;
}
