import { requestError } from '../../protocol/failures.ts';
import { shell } from 'electron';
import type { Log } from '../ports/log.ts';

/** Hands an address to the person's browser: https only, whoever asks. Rejects with an Error that is safe to show. */
export function createOpenExternal(log: Log): (url: string) => Promise<void> {
  return async (url) => {
    if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
      log.warn('an address that is not https was not opened');
      throw new Error('only https addresses are opened');
    }
    await shell.openExternal(url).catch(() => {
      throw requestError('noBrowser');
    });
  };
}
