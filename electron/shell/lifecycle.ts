import { app, dialog, type BrowserWindow } from 'electron';
import type { LogFile } from './log-file.ts';
import { describeError } from './safe-message.ts';
import type { Words } from './words.ts';

const CLOSE_MS = 5_000;

/**
 * The end of the app: what runs is given five seconds to finish its writing. Closing the window ends the app on Windows and Linux;
 * on macOS it stays in the Dock. Where the desktop has a tray, closing hides the window instead (stay.ts).
 */
export function handleEnd(close: () => Promise<void>, log: LogFile): void {
  let state: 'running' | 'closing' | 'closed' = 'running';
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    const deadline = new Promise<'late'>((resolve) => {
      setTimeout(() => resolve('late'), CLOSE_MS).unref();
    });
    void Promise.race([close().catch(() => 'failed' as const), deadline]).then((how) => {
      if (how === 'late' || how === 'failed') log.warn(`the end was not clean (${how})`);
      state = 'closed';
      app.quit();
    });
  });
  app.on('quit', () => log.flush());
}

/** The window's process crashed: once it is simply loaded again, the second time within a minute the person decides. */
export function handleCrash(window: BrowserWindow, again: boolean, words: Words): void {
  if (!again) {
    window.webContents.reload();
    return;
  }
  const { title, message, detail, reload, quit } = words.crash;
  void dialog
    .showMessageBox(window, {
      type: 'error',
      title,
      message,
      detail,
      buttons: [reload, quit],
      defaultId: 0,
      cancelId: 0,
    })
    .then(({ response }) => {
      if (response === 1) app.quit();
      else if (!window.isDestroyed()) window.webContents.reload();
    });
}

/**
 * A fault nobody caught is written to the log, by kind and place, and the app goes on: what must stay true is kept by the ledger's own
 * thread in transactions, and an app that is gone receives nothing.
 */
export function handleFaults(log: LogFile): void {
  process.on('unhandledRejection', (error) => log.warn(`unhandled: ${describeError(error)}`));
  process.on('uncaughtException', (error) => log.warn(`uncaught: ${describeError(error)}`));
  // Whoever followed our progress has gone; that is no reason to end.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
}

/** Something failed before there was a window to say it in: told aloud, and the app ends with 1. */
export function failStart(error: unknown, log: LogFile, words: Words): void {
  const reason = error instanceof Error ? error.message : String(error);
  log.warn(`the app could not start: ${reason}`);
  log.flush();
  process.stderr.write(`contract-pulse: the app could not start: ${reason}\n`);
  if (app.isPackaged) dialog.showErrorBox(words.startFailed, `${words.startFailedText}\n\n${reason}`);
  app.exit(1);
}
