/** The list is one tab stop; whoever sends the focus back to it need not know where it lies. */
export const FEED_ID = 'feed';
export const SEARCH_ID = 'search';

export function rowId(index: number): string {
  return `row-${index}`;
}

/** To the list; where it is empty, to what stands in its place. */
export function focusFeed(): void {
  const list = document.getElementById(FEED_ID) ?? document.querySelector<HTMLElement>('.feed-body button');
  list?.focus({ preventScroll: true });
}

/** As focusFeed, once what is being drawn has come; not when the person has gone on to another place by then. */
export function focusFeedSoon(): void {
  const before = document.activeElement;
  requestAnimationFrame(() => {
    const { activeElement } = document;
    if (activeElement === before || activeElement === document.body || activeElement === null) focusFeed();
  });
}

export function focusSearch(): void {
  const field = document.getElementById(SEARCH_ID);
  if (!(field instanceof HTMLInputElement)) return;
  field.select();
  field.focus();
}

/** True where the list, or nothing at all, has the focus. */
export function isInList(): boolean {
  const { activeElement } = document;
  return activeElement === document.body || activeElement === null || activeElement.id === FEED_ID;
}

/** True where a contract lies over the list. */
export function isFeedCovered(): boolean {
  return document.querySelector(`[inert] #${FEED_ID}`) !== null;
}

/** Where a menu opens when no pointer says where: inside the row, or (null) at what has the focus. CSS px. */
export function pointOfRow(index: number | null): { readonly x: number; readonly y: number } {
  const row = index === null ? document.activeElement : document.getElementById(rowId(index));
  const box = (row ?? document.getElementById(FEED_ID))?.getBoundingClientRect();
  return { x: (box?.left ?? 0) + 44, y: (box?.top ?? 0) + Math.min(36, (box?.height ?? 0) - 4) };
}
