import { requestError } from '../../protocol/failures.ts';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CoreDependencies } from './core-types.ts';
import type { AccountKey, Ledger } from '../ledger/types.ts';
import type { SettingsStore } from '../settings/settings.ts';
import { removeFile } from '../ports/replace-file.ts';

/** How the names go on that a ledger gets in place of its own. */
const SET_ASIDE = ['.damaged-', '.set-aside-', '.before-restore', '.replacing', '.restoring'];

export interface EraseOptions {
  readonly deps: Pick<CoreDependencies, 'ledgerPath' | 'settingsPath' | 'eraseTraces' | 'log'>;
  readonly ledger: Pick<Ledger, 'account' | 'eraseAccount' | 'accounts'>;
  readonly settings: Pick<SettingsStore, 'current' | 'change'>;
  readonly key: AccountKey;
}

/**
 * Removes everything of the account from this computer; it is signed out already. Also the copies of damaged or replaced
 * files that were set aside: nobody can take one account out of them, and the server still has what they held.
 * Rejects with a clear Error when something could not be removed; all the rest is gone then.
 */
export async function eraseAccount({ deps, ledger, key, settings }: EraseOptions): Promise<void> {
  const results = await Promise.allSettled([
    ledger
      .account(key)
      .then(({ accountId }) => ledger.eraseAccount(accountId))
      .then(() => forgetPortal(key.server, ledger, settings)),
    removeSetAside(deps.ledgerPath, SET_ASIDE),
    removeSetAside(deps.settingsPath, ['.damaged-', '.new']),
    deps.eraseTraces(),
  ]);
  const failed = results.flatMap((result) =>
    result.status === 'rejected' ? [messageOf(result.reason)] : [],
  );
  if (failed.length === 0) return;
  deps.log.warn('erase: not everything could be removed');
  throw requestError('eraseRest', failed.join('; '));
}

/** The address of the server's portal names the server; it stays for another account of it. */
async function forgetPortal(
  server: string,
  ledger: Pick<Ledger, 'accounts'>,
  settings: Pick<SettingsStore, 'current' | 'change'>,
): Promise<void> {
  const { origin } = new URL(server);
  const left = await ledger.accounts();
  if (left.some((account) => new URL(account.server).origin === origin)) return;
  const { [origin]: _, ...portals } = settings.current().portals;
  await settings.change({ portals });
}

async function removeSetAside(path: string, endings: readonly string[]): Promise<void> {
  const folder = dirname(path);
  const marks = endings.map((mark) => basename(path) + mark);
  for (const name of await readdir(folder)) {
    if (marks.some((mark) => name.startsWith(mark))) await removeFile(join(folder, name));
  }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message.slice(0, 200) : 'unknown error';
}
