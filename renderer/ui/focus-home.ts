const HOMES = ['#feed', '.overview', '.contract-pane', '.feed-body button'];

/**
 * Where the keyboard goes when what lay over the window is closed, wherever it was opened from: the list, or what
 * stands in its place. Null where there is none of them (nobody is signed in).
 */
export function homeOfFocus(): HTMLElement | null {
  for (const home of HOMES) {
    const element = document.querySelector<HTMLElement>(home);
    // A list that a contract covers is inert; what a dialog makes inert is not any more.
    if (element && !element.closest('.feed[inert]')) return element;
  }
  return null;
}

/**
 * Back to where the focus was; home where nothing had it, or where what had it is gone, as a button that was pressed and has
 * done its work.
 */
export function focusAfter(before: Element | null): HTMLElement | null {
  const isThere = before instanceof HTMLElement && before !== document.body && before.isConnected;
  return isThere ? before : homeOfFocus();
}
