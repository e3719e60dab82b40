import { Menu, nativeImage, Tray, type NativeImage } from 'electron';
import type { Log } from '../ports/log.ts';
import { hasTrayHost } from '../ports/session-bus.ts';
import { describeTray, type TrayActions, type TrayReach } from './tray-menu.ts';
import type { Words } from './words.ts';

export interface TrayIcon {
  /** Whether the desktop shows it now. */
  isThere(): Promise<boolean>;
  showCount(count: number, untold: number): void;
  showReach(reach: TrayReach): void;
  showPause(until: number | null): void;
  setWords(words: Words): void;
}

export interface TrayOptions extends TrayActions {
  readonly icon: NativeImage;
  readonly words: Words;
  readonly log: Log;
}

const NO_TRAY: TrayIcon = {
  isThere: () => Promise.resolve(false),
  showCount: () => undefined,
  showReach: () => undefined,
  showPause: () => undefined,
  setWords: () => undefined,
};
const SIZES: Readonly<Partial<Record<NodeJS.Platform, number>>> = { darwin: 18, win32: 16 };

/** Linux has a tray only on a session bus that somebody listens on; without one, Electron would try again and again. */
const hasTray = (): boolean =>
  process.platform !== 'linux' || (process.env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '';

/** A small icon in the system's tray that says how many contracts need the user. A system without one costs nothing else. */
export function createTray(options: TrayOptions): TrayIcon {
  if (!hasTray()) return NO_TRAY;
  let { words } = options;
  let count = 0;
  let untold = 0;
  let reach: TrayReach = 'cut_off';
  let pausedUntil: number | null = null;
  let tray: Tray;
  try {
    tray = new Tray(sharpIcon(options.icon, SIZES[process.platform] ?? 22));
  } catch {
    options.log.warn('this system has no tray');
    return NO_TRAY;
  }
  // Where a click opens the menu (Linux, macOS) this never comes.
  tray.on('click', options.open);

  function show(): void {
    const { tooltip, menu } = describeTray(words, { count, untold }, reach, pausedUntil, Date.now(), options);
    tray.setToolTip(tooltip);
    if (process.platform === 'darwin') tray.setTitle(count === 0 ? '' : String(count));
    tray.setContextMenu(Menu.buildFromTemplate(menu));
  }

  show();
  return {
    isThere: async () =>
      process.platform !== 'linux' || (await hasTrayHost(process.env['DBUS_SESSION_BUS_ADDRESS'])),
    showCount(next, nextUntold) {
      if (next === count && nextUntold === untold) return;
      count = next;
      untold = nextUntold;
      show();
    },
    showReach(next) {
      if (next === reach) return;
      reach = next;
      show();
    },
    showPause(next) {
      if (next === pausedUntil) return;
      pausedUntil = next;
      show();
    },
    setWords(next) {
      if (next === words) return;
      words = next;
      show();
    },
  };
}

/** That many px high, and sharp on screens of twice and thrice the density too. */
function sharpIcon(icon: NativeImage, size: number): NativeImage {
  const sharp = nativeImage.createEmpty();
  for (const scaleFactor of [1, 1.25, 1.5, 2, 3]) {
    const width = Math.round(size * scaleFactor);
    const drawn = icon.resize({ width, height: width, quality: 'best' });
    sharp.addRepresentation({ scaleFactor, width, height: width, buffer: drawn.toPNG() });
  }
  return sharp;
}
