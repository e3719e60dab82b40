import {
  BrowserWindow,
  Menu,
  nativeTheme,
  screen,
  session,
  type IpcMainInvokeEvent,
  type NativeImage,
} from 'electron';
import type { MessageChannel, MessageMap, SessionView } from '../../protocol/ipc.ts';
import { changesLayout } from './alt-key.ts';
import type { Progress } from './progress.ts';
import { describeError } from './safe-message.ts';
import { closeNetwork, lockSession } from './security.ts';
import { serveWindow } from './scheme.ts';
import { textMenu } from './text-menu.ts';
import { MIN_HEIGHT, MIN_WIDTH } from './window-bounds.ts';
import { ORIGIN } from './window-files.ts';
import { bringOntoScreen, recallPlace, rememberPlace } from './window-state.ts';
import type { Words } from './words.ts';

export interface WindowOptions {
  readonly renderer: string;
  readonly preload: string;
  readonly statePath: string;
  readonly devUrl: string | null;
  readonly icon: NativeImage;
  readonly progress: Progress;
  /** It is about to be closed: may be held back. */
  onClose(event: Electron.Event, window: BrowserWindow): void;
  /** In the language of now. */
  words(): Words;
  /** A window has come to the screen. */
  onShown(): void;
  /** The page was left, reloaded, closed or has crashed: what it had open is gone. */
  onGone(): void;
  /** The window's process ended by itself; `again`: for the second time within a minute. */
  onCrash(window: BrowserWindow, again: boolean): void;
}

/** The one window of the app. */
export interface WindowHost {
  /** Brings the window to the front; makes it first when there is none. */
  open(): void;
  /** Makes it where nobody sees more of it than its place in the taskbar. */
  openMinimized(): void;
  /** Dropped silently while there is no window. */
  send<C extends MessageChannel>(channel: C, message: MessageMap[C]): void;
  isInFront(): boolean;
  isTrusted(event: IpcMainInvokeEvent): boolean;
  /** Told by ipc: the page has asked for somebody's contracts, so it has taken in who is signed in. */
  noteReading(): void;
  /**
   * Runs once the page shows somebody's contracts: at once, or after it was opened, reloaded or signed in to. The last one asked for
   * wins.
   */
  whenReading(run: () => void): void;
  current(): BrowserWindow | null;
}

const CRASH_WINDOW_MS = 60_000;

/** The surface colours of the window's two themes (renderer/ui), so that nothing flashes before the first paint. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#17181b' : '#ffffff');

export function createWindowHost(options: WindowOptions): WindowHost {
  const { devUrl, progress } = options;
  const origin = devUrl ?? ORIGIN;
  const partition = session.defaultSession;
  let window: BrowserWindow | null = null;
  let reading = false;
  /** A window that was to stay minimized was asked for meanwhile. */
  let wanted = false;
  let waiting: (() => void) | null = null;
  let crashedAt = Number.NEGATIVE_INFINITY;

  lockSession(partition, devUrl);
  const closed = closeNetwork(partition, devUrl);
  serveWindow(partition, options.renderer);
  const displaysChanged = (): void => {
    if (window !== null) bringOntoScreen(window);
  };
  screen.on('display-removed', displaysChanged);
  screen.on('display-metrics-changed', displaysChanged);
  nativeTheme.on('updated', () => window?.setBackgroundColor(background()));

  function runWaiting(): void {
    if (!reading) return;
    const run = waiting;
    waiting = null;
    run?.();
  }

  function gone(): void {
    reading = false;
    options.onGone();
  }

  function create(minimized: boolean): BrowserWindow {
    const place = recallPlace(options.statePath);
    const made = new BrowserWindow({
      ...place.bounds,
      minWidth: MIN_WIDTH,
      minHeight: MIN_HEIGHT,
      show: false,
      title: 'Contract Pulse',
      icon: options.icon,
      backgroundColor: background(),
      autoHideMenuBar: true,
      webPreferences: {
        preload: options.preload,
        session: partition,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        navigateOnDragDrop: false,
      },
    });
    if (place.maximized) made.maximize();
    rememberPlace(made, options.statePath);
    made.once('ready-to-show', () => {
      if (minimized && !wanted) made.minimize();
      else made.show();
      progress.tell('window shown');
      options.onShown();
    });
    made.on('close', (event) => options.onClose(event, made));
    made.on('page-title-updated', (event) => event.preventDefault());
    made.on('closed', () => {
      window = null;
      gone();
    });
    made.webContents.on('before-input-event', (event, input) => {
      if (changesLayout(input)) event.preventDefault();
    });
    made.webContents.on('context-menu', (_event, params) => {
      const items = textMenu(params, options.words().menu);
      if (items.length > 0) Menu.buildFromTemplate(items).popup({ window: made });
    });
    // The page before the first one is nobody's.
    made.webContents.on('did-navigate', gone);
    made.webContents.on('did-fail-load', (_event, code, reason) => {
      progress.tell(`the window could not be loaded (${code} ${reason})`);
    });
    made.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return;
      progress.tell(`the window's process has ended (${reason})`);
      gone();
      const now = performance.now();
      options.onCrash(made, now - crashedAt < CRASH_WINDOW_MS);
      crashedAt = now;
    });
    // A network that could not be closed keeps the page away, not the other way round.
    void closed
      .then(() => made.loadURL(`${origin}/index.html`))
      .catch((error: unknown) => {
        if (!made.isDestroyed()) progress.tell(`the page did not come (${describeError(error)})`);
      });
    return made;
  }

  return {
    open() {
      if (window === null) {
        window = create(false);
        return;
      }
      wanted = true;
      if (window.isMinimized()) window.restore();
      bringOntoScreen(window);
      window.show();
      window.focus();
    },
    openMinimized() {
      wanted = false;
      window ??= create(true);
    },
    send(channel, message) {
      progress.follow(channel, message);
      if (window !== null && !window.webContents.isCrashed()) window.webContents.send(channel, message);
      if (channel === 'session:changed' && (message as SessionView).state !== 'signed_in') reading = false;
    },
    isInFront: () => window !== null && window.isVisible() && !window.isMinimized() && window.isFocused(),
    isTrusted(event) {
      const frame = event.senderFrame;
      return (
        window !== null &&
        event.sender === window.webContents &&
        frame !== null &&
        frame === window.webContents.mainFrame &&
        frame.origin === origin
      );
    },
    noteReading() {
      reading = true;
      runWaiting();
    },
    whenReading(run) {
      waiting = run;
      runWaiting();
    },
    current: () => window,
  };
}
