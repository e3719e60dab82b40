import { Menu, Tray, type NativeImage } from 'electron';
import type { Log } from '../ports/log.ts';
import type { Words } from './words.ts';

export interface TrayIcon {
  showCount(count: number): void;
  setWords(words: Words): void;
}

export interface TrayOptions {
  readonly icon: NativeImage;
  readonly words: Words;
  readonly log: Log;
  open(): void;
  quit(): void;
}

const NO_TRAY: TrayIcon = { showCount: () => undefined, setWords: () => undefined };
const SIZES: Readonly<Partial<Record<NodeJS.Platform, number>>> = { darwin: 18, win32: 16 };

/** Linux has a tray only on a session bus that somebody listens on; without one, Electron would try again and again. */
const hasTray = (): boolean =>
  process.platform !== 'linux' || (process.env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '';

/** A small icon in the system's tray that says how many contracts need the user. A system without one costs nothing else. */
export function createTray(options: TrayOptions): TrayIcon {
  if (!hasTray()) return NO_TRAY;
  let { words } = options;
  let count = 0;
  let tray: Tray;
  try {
    const size = SIZES[process.platform] ?? 22;
    tray = new Tray(options.icon.resize({ width: size, height: size, quality: 'best' }));
  } catch {
    options.log.warn('this system has no tray');
    return NO_TRAY;
  }
  // Where a click opens the menu (Linux, macOS) this never comes.
  tray.on('click', options.open);

  function show(): void {
    tray.setToolTip(count === 0 ? 'Contract Pulse' : `Contract Pulse: ${words.tray.needing} ${count}`);
    if (process.platform === 'darwin') tray.setTitle(count === 0 ? '' : String(count));
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: `${words.tray.needing} ${count}`, enabled: false },
        { type: 'separator' },
        { label: words.tray.open, click: options.open },
        { label: words.menu.quit, click: options.quit },
      ]),
    );
  }

  show();
  return {
    showCount(next) {
      if (next === count) return;
      count = next;
      show();
    },
    setWords(next) {
      if (next === words) return;
      words = next;
      show();
    },
  };
}
