import { app } from 'electron';
import { readContractLink, type StartOptions } from './start-options.ts';

/**
 * One instance a user and data folder: false means that another one runs, has been told to come to the front (with the contract, if
 * one was asked for) unless this start was to be out of sight, and that this one must end.
 */
export function takeSingleInstance({
  contractId,
  hidden,
}: Pick<StartOptions, 'contractId' | 'hidden'>): boolean {
  return app.requestSingleInstanceLock({ contractId, hidden });
}

/**
 * Ends this process and starts the app once more with these arguments, the program's name not among them. Before the lock: it hands
 * over Chromium's own copy of the command line, which nobody can shorten.
 */
export function startAgainWith(args: readonly string[]): void {
  relaunchWith(args);
  app.exit(0);
}

/** Ends the app in order, and starts it as it was started. */
export function restartApp(): void {
  relaunchWith(process.argv.slice(1));
  app.quit();
}

function relaunchWith(args: readonly string[]): void {
  const { APPIMAGE: image, APPDIR: mounted } = process.env;
  // An AppImage's own files are gone once this process is; another program's image may be in our environment.
  const isImage = image !== undefined && mounted !== undefined && process.execPath.startsWith(`${mounted}/`);
  app.relaunch({ args: [...args], ...(isImage ? { execPath: image } : {}) });
}

/** `contract-pulse:` links open this app. Packages alone claim them: a development build would take them from an installed app. */
export function claimLinks(): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient('contract-pulse');
}

/**
 * Collects later starts and, on macOS, the links that the system hands over, from before `ready` on: the link that starts the app comes
 * early. The function it returns is given what opens the window (with the contract, or null) once that can be done.
 */
export function collectLaterStarts(): (open: (contractId: string | null) => void) => void {
  let waiting: (string | null)[] = [];
  let take = (contractId: string | null): void => void waiting.push(contractId);
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const { contractId, hidden } = (data ?? {}) as { contractId?: unknown; hidden?: unknown };
    if (hidden === true) return;
    take(typeof contractId === 'string' ? contractId : null);
  });
  app.on('activate', () => take(null));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    take(readContractLink(url));
  });
  return (open) => {
    take = open;
    for (const contractId of waiting) open(contractId);
    waiting = [];
  };
}
