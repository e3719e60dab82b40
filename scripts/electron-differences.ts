/**
 * What changed in Electron between 33, the oldest that the app runs in, and 45, the pinned one, and concerns what the app uses: from
 * Electron's list of breaking changes and from its types of both versions (`scripts/electron-types.ts` compares those, and fails where
 * a used member's declaration differs and is not named here). `electron-differences.test.ts` checks that each place named is there.
 */
export interface ElectronDifference {
  /** Major version of Electron; `types`: both are declared, differently, and it makes no difference to the app. */
  readonly since: number;
  /** As in Electron's documentation: `clipboard.writeText`; for what is no member, in words. */
  readonly api: string;
  readonly change: string;
  /** How the app copes with both. */
  readonly handled: string;
  /** Where: a file of the repository and words that stand in it. Null: there is nothing to do, as `handled` says. */
  readonly place: { readonly file: string; readonly holds: string } | null;
}

export const ELECTRON_DIFFERENCES: readonly ElectronDifference[] = [
  {
    since: 34,
    api: 'menu bar in full screen (Windows)',
    change: 'hidden there',
    handled: 'The menu bar is hidden in every state of the window; its commands have keys of their own.',
    place: { file: 'electron/shell/window.ts', holds: 'autoHideMenuBar' },
  },
  {
    since: 35,
    api: 'dialog.showSaveDialog, dialog.showOpenDialog: defaultPath (Linux)',
    change: 'ignored by a portal older than version 4',
    handled: 'The dialog then begins where the portal wants; the path it answers is used, whatever it is.',
    place: { file: 'electron/shell/file-dialogs.ts', holds: 'answer.filePath' },
  },
  {
    since: 35,
    api: 'session.setPreloads',
    change: 'deprecated for session.registerPreloadScript',
    handled: 'Not used: the one preload is named by the window.',
    place: { file: 'electron/shell/window.ts', holds: 'preload:' },
  },
  {
    since: 36,
    api: 'GTK 4 on GNOME',
    change: 'the default',
    handled: 'Nothing native is loaded into the process that would bring GTK 3 along.',
    place: null,
  },
  {
    since: 36,
    api: 'app.commandLine.appendSwitch',
    change: 'names of switches become lower case',
    handled: 'Switches are written in lower case.',
    place: { file: 'electron/shell/security.ts', holds: "appendSwitch('blink-settings'" },
  },
  {
    since: 38,
    api: 'Wayland (Linux)',
    change: 'used where the session offers it; ELECTRON_OZONE_PLATFORM_HINT is gone',
    handled:
      'A window has no place of its own there: bounds that say so are not kept as a place, and what a display shows is checked before use.',
    place: { file: 'electron/shell/window-bounds.ts', holds: 'export function' },
  },
  {
    since: 38,
    api: 'macOS 11',
    change: 'no longer supported (44: nor is 12)',
    handled: 'The oldest system that the package starts on is Electron’s own.',
    place: null,
  },
  {
    since: 40,
    api: 'clipboard in the window’s process',
    change: 'deprecated',
    handled: 'The window asks main, which writes.',
    place: { file: 'electron/app/handlers.ts', holds: 'copyText' },
  },
  {
    since: 42,
    api: 'npm package electron: install script',
    change: 'gone; the binary is downloaded at first use',
    handled:
      'scripts/electron-runtime.ts asks for it, checks it, and says what it takes where it cannot be had.',
    place: { file: 'scripts/electron-runtime.ts', holds: 'export async function findElectron' },
  },
  {
    since: 42,
    api: 'Notification (macOS)',
    change: 'shown for signed apps only; `failed` is told there too',
    handled: 'A refusal is shown in the window and in “Test notification”, with what to do.',
    place: { file: 'electron/shell/toasts.ts', holds: "notification.on('failed'" },
  },
  {
    since: 42,
    api: 'safeStorage.encryptStringAsync, decryptStringAsync',
    change: 'new; the synchronous ones are deprecated',
    handled: 'Used where they are found: they do not hold up the process. What asks to be encrypted anew is.',
    place: { file: 'electron/shell/vault.ts', holds: 'isAsyncEncryptionAvailable' },
  },
  {
    since: 43,
    api: 'dialog.showSaveDialog, dialog.showOpenDialog',
    change: 'begin in Downloads where no defaultPath is given',
    handled: 'It is always given: Documents.',
    place: { file: 'electron/shell/file-dialogs.ts', holds: "app.getPath('documents')" },
  },
  {
    since: 43,
    api: 'Tray (Linux)',
    change: 'broken in 43.3, 43.4 and 44.0',
    handled: 'The pinned version is above them, and the window hides only where a tray is there now.',
    place: { file: 'package.json', holds: '"electron": "^45.' },
  },
  {
    since: 44,
    api: 'clipboard.writeText',
    change: 'a promise',
    handled: 'Awaited, which does no harm where it is none; a refusal is told.',
    place: { file: 'electron/app/handlers.ts', holds: "requestError('copyFailed'" },
  },
  {
    since: 44,
    api: "app 'select-client-certificate'",
    change:
      'asked for net’s requests too, with the first certificate that fits as the default; before, the request broke off',
    handled: 'None is shown. The refusal of either version has words of its own.',
    place: { file: 'electron/shell/security.ts', holds: "app.on('select-client-certificate'" },
  },
  {
    since: 44,
    api: 'libEGL, libGLESv2',
    change: 'no longer part of the runtime',
    handled: 'No file of the runtime is named by the package’s description.',
    place: null,
  },
  {
    since: 44,
    api: 'app.setBadgeCount (Linux)',
    change: 'goes by the name of the desktop file, which `desktopName` in package.json tells',
    handled: 'It is told there; the desktop file that the package makes has that name.',
    place: { file: 'package.json', holds: '"desktopName"' },
  },
  {
    since: 45,
    api: 'session.setPermissionCheckHandler, session.setPermissionRequestHandler',
    change: 'more kinds of permission are asked for',
    handled: 'Every one is refused, whatever its name.',
    place: { file: 'electron/shell/security.ts', holds: 'setPermissionCheckHandler(() => false)' },
  },
  {
    since: 45,
    api: 'app.getPath',
    change: 'one more name: assets',
    handled: 'Not used.',
    place: null,
  },
];
