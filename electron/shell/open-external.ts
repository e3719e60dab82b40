import { shell } from 'electron';
import type { Log } from '../ports/log.ts';

/**
 * Hands an address to the person's browser: https only, whoever asks. `instead` (development and tests only) is told of it in
 * the browser's place.
 */
export function createOpenExternal(
  log: Log,
  instead: ((url: string) => void) | null,
): (url: string) => Promise<void> {
  return async (url) => {
    if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
      log.warn('an address that is not https was not opened');
      throw new Error('Only https addresses are opened. Nothing was done.');
    }
    if (instead !== null) {
      instead(url);
      return;
    }
    await shell.openExternal(url).catch(() => {
      throw new Error('The system has no browser to open it with. Copy the reference instead.');
    });
  };
}
