/** The list is one tab stop; whoever sends the focus back to it need not know where it lies. */
export const FEED_ID = 'feed';

export function focusFeed(): void {
  document.getElementById(FEED_ID)?.focus();
}
