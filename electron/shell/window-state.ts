import { readFileSync } from 'node:fs';
import { screen, type BrowserWindow } from 'electron';
import { replaceFileBriefly } from '../ports/replace-file.ts';
import { placeWindow, readWindowState, type Rectangle, type WindowState } from './window-bounds.ts';

const SETTLE_MS = 500;

function read(path: string): WindowState | null {
  try {
    return readWindowState(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Of all displays, the primary one first. */
function workAreas(): readonly Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary, ...others].map((display) => display.workArea);
}

/** Moves a window whose display was taken away to where it can be reached; leaves any other where it is. */
export function bringOntoScreen(window: BrowserWindow): void {
  if (window.isMaximized() || window.isFullScreen() || window.isMinimized()) return;
  const bounds = window.getBounds();
  const placed = placeWindow(bounds, workAreas());
  if (placed.x !== bounds.x || placed.y !== bounds.y) window.setBounds(placed);
}

/** Where the window was last time, moved to where it can be reached now. */
export function recallPlace(path: string): { readonly bounds: Rectangle; readonly maximized: boolean } {
  const saved = read(path);
  return {
    bounds: placeWindow(saved?.bounds ?? null, workAreas()),
    maximized: saved?.maximized ?? false,
  };
}

/** Remembers the window's place as it changes. A disk that does not take it costs nothing but the memory of it. */
export function rememberPlace(window: BrowserWindow, path: string): void {
  let timer: NodeJS.Timeout | null = null;
  const save = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      replaceFileBriefly(path, JSON.stringify(state));
    } catch {
      // As the docstring says.
    }
  };
  const saveSoon = (): void => {
    timer ??= setTimeout(save, SETTLE_MS);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('maximize', saveSoon);
  window.on('unmaximize', saveSoon);
  window.on('close', save);
  window.on('closed', () => {
    if (timer !== null) clearTimeout(timer);
  });
}
