import { requestError } from '../../protocol/failures.ts';
import { shell } from 'electron';
import type { Log } from '../ports/log.ts';

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?$/;

/**
 * Hands an address to the person's browser: https only, whoever asks; `loopback`: also http on this very machine, for development
 * and tests. Rejects with an Error that is safe to show.
 */
export function createOpenExternal(log: Log, loopback: boolean): (url: string) => Promise<void> {
  return async (url) => {
    const { protocol, origin } = URL.canParse(url) ? new URL(url) : { protocol: '', origin: '' };
    if (protocol !== 'https:' && !(loopback && LOOPBACK.test(origin))) {
      log.warn('an address that is not https was not opened');
      throw new Error('only https addresses are opened');
    }
    await shell.openExternal(url).catch(() => {
      throw requestError('noBrowser');
    });
  };
}
