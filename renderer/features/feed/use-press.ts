import { useRef, type MouseEvent, type PointerEvent } from 'react';
import { useStores } from '../../state/context.ts';
import { indexOfContract } from '../../state/feed-rows.ts';

/** A pointer that went further than this between button down and up did not press what it began on, CSS px. */
const MAX_STRAY_PX = 8;

interface Pressed {
  readonly contractId: string;
  /** On the box at the row's left. */
  readonly onBox: boolean;
}

/** The row an element is part of; null beside the rows. */
function pressedAt({ target }: MouseEvent): Pressed | null {
  if (!(target instanceof Element)) return null;
  const contractId = target.closest<HTMLElement>('[data-contract-id]')?.dataset['contractId'];
  return contractId === undefined ? null : { contractId, onBox: target.closest('.row-box') !== null };
}

/**
 * What a press on a row does. The row on which the button went down is meant, also where the rows have moved under the
 * pointer before it came up: the browser then sends the click to the whole list, or to nothing that would answer it.
 */
export function usePress(): {
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
} {
  const { feed, cursor, current, notice } = useStores();
  const began = useRef<{ readonly on: Pressed; readonly x: number; readonly y: number } | null>(null);

  function press({ contractId, onBox }: Pressed, event: MouseEvent): void {
    const index = indexOfContract(feed.getState().rows, contractId);
    if (index >= 0) {
      if (event.shiftKey) return void notice.attempt(() => cursor.extendTo(index));
      cursor.touch(index);
      if (onBox || event.ctrlKey || event.metaKey) return cursor.toggle(index);
    }
    // It may have left the list meanwhile; it can still be opened.
    current.open(contractId);
  }

  return {
    onPointerDown(event) {
      const on = event.button === 0 ? pressedAt(event) : null;
      began.current = on && { on, x: event.clientX, y: event.clientY };
    },
    onClick(event) {
      const from = began.current;
      began.current = null;
      // Assistive technology sends a click alone.
      const strayed = from ? Math.hypot(event.clientX - from.x, event.clientY - from.y) : Infinity;
      const on = from && event.detail > 0 && strayed <= MAX_STRAY_PX ? from.on : pressedAt(event);
      if (on) press(on, event);
    },
  };
}
