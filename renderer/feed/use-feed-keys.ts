import type { RefObject } from 'react';
import { useStores } from '../stores/context.ts';
import { isTyping, useWindowKeys } from '../ui/hooks.ts';
import { moveBy } from '../stores/active-row.ts';

interface FeedKeys {
  readonly list: RefObject<HTMLElement | null>;
  readonly activeIndex: number;
  readonly total: number;
  /** Rows on screen. */
  readonly page: number;
  readonly activate: (index: number) => void;
}

/**
 * j, k and u work wherever the person is; arrows, Home, End, PageUp, PageDown and Enter belong to
 * whatever has the focus, so they work here only while the list has it, or nothing has.
 */
export function useFeedKeys({ list, activeIndex, total, page, activate }: FeedKeys): void {
  const { feed, contract, notice } = useStores();
  useWindowKeys((event) => {
    if (isTyping(event) || event.defaultPrevented) return;
    const here = document.activeElement === list.current || document.activeElement === document.body;
    const everywhere = event.key === 'j' || event.key === 'k' || event.key === 'u';
    if (!here && !everywhere) return;

    const target = total === 0 ? null : moveBy(event.key, activeIndex, total, page);
    if (target !== null) {
      event.preventDefault();
      list.current?.focus({ preventScroll: true });
      activate(target);
      return;
    }
    const row = feed.getState().rows.get(activeIndex);
    if (event.key === 'Enter' && row) {
      event.preventDefault();
      contract.open(row.contractId);
    } else if (event.key === 'u') {
      const open = contract.getState().detail?.row;
      const subject = here ? (row ?? open) : (open ?? row);
      if (subject) void notice.attempt(() => contract.toggleRead(subject));
    }
  });
}
