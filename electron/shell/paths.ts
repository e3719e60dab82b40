import { app } from 'electron';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makePrivate } from '../ports/private-files.ts';
import type { StartOptions } from './start-options.ts';

export interface Paths {
  /** The SQLite file of the ledger. */
  readonly ledger: string;
  readonly vault: string;
  readonly windowState: string;
  readonly settings: string;
  /** There once the tray was explained. */
  readonly trayExplained: string;
  readonly logs: string;
  /** The built window, preload and worker. */
  readonly renderer: string;
  readonly preload: string;
  readonly workerUrl: URL;
}

/**
 * Settles where data lies and makes the folders, readable to this user alone. Must run before `ready` and before the single-instance
 * lock, which lies there too.
 */
export function choosePaths(options: StartOptions): Paths {
  if (options.userData !== null) app.setPath('userData', resolve(options.userData));
  const userData = app.getPath('userData');
  const logs = join(userData, 'logs');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  // What an earlier version, or the system, has left readable to others, or others have put there.
  makePrivate(userData);
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  makePrivate(logs);
  app.setAppLogsPath(logs);
  const out = join(import.meta.dirname, '..');
  return {
    ledger: join(userData, 'ledger.sqlite'),
    vault: join(userData, 'session.vault'),
    windowState: join(userData, 'window.json'),
    settings: join(userData, 'settings.json'),
    trayExplained: join(userData, 'tray-explained'),
    logs,
    renderer: join(out, 'renderer'),
    preload: join(out, 'preload', 'preload.cjs'),
    workerUrl: pathToFileURL(join(out, 'main', 'ledger-worker.js')),
  };
}
