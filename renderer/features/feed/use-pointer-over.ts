import { useEffect, useState, type RefObject } from 'react';
import { useStores } from '../../state/context.ts';

/**
 * Whether the pointer is over the list. Its own `pointerleave` does not tell where the row under the pointer has gone
 * meanwhile: nothing is sent to what is no longer there.
 */
export function usePointerOver(list: RefObject<HTMLElement | null>): boolean {
  const { feed } = useStores();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onOver = ({ target }: PointerEvent): void =>
      setOver(list.current?.contains(target as Node) ?? false);
    const onOut = ({ relatedTarget }: PointerEvent): void => {
      if (relatedTarget === null) setOver(false);
    };
    document.addEventListener('pointerover', onOver, { capture: true });
    document.addEventListener('pointerout', onOut, { capture: true });
    // Of a pointer that left the window from such a row nobody tells: it is asked for when something is held back for it.
    const stop = feed.subscribe(({ waiting }, before) => {
      if (waiting > before.waiting && list.current?.matches(':hover') === false) setOver(false);
    });
    return () => {
      document.removeEventListener('pointerover', onOver, { capture: true });
      document.removeEventListener('pointerout', onOut, { capture: true });
      stop();
    };
  }, [feed, list]);
  return over;
}
