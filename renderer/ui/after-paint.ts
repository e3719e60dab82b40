/** Runs once what has been drawn by now is on the screen; soon where nothing is painted, in a window that is hidden. */
export function afterPaint(run: () => void): void {
  if (document.hidden) setTimeout(run);
  else requestAnimationFrame(() => setTimeout(run));
}
