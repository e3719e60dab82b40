import { app, type BrowserWindow, type NativeImage } from 'electron';

/**
 * Shows how many changes need the user: on the Dock and the launchers that know counts, on Windows as a dot over the taskbar's icon
 * (the number is said to screen readers).
 */
export function createBadge(window: () => BrowserWindow | null, dot: NativeImage): (count: number) => void {
  return (count) => {
    if (process.platform === 'win32')
      window()?.setOverlayIcon(count > 0 ? dot : null, count > 0 ? String(count) : '');
    else app.setBadgeCount(count);
  };
}
