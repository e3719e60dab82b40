import { app } from 'electron';
import { readContractLink } from './start-options.ts';

/**
 * One instance a user and data folder: false means that another one runs, has been told to come to the front (with the contract, if
 * one was asked for), and that this one must end.
 */
export function takeSingleInstance(contractId: string | null): boolean {
  return app.requestSingleInstanceLock({ contractId });
}

/** `contract-pulse:` links open this app. Packages alone claim them: a development build would take them from an installed app. */
export function claimLinks(): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient('contract-pulse');
}

/** Later starts and, on macOS, links that the system hands over. `open` gets the contract asked for, or null. */
export function onLaterStart(open: (contractId: string | null) => void): void {
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const contractId = (data as { contractId?: unknown } | null)?.contractId;
    open(typeof contractId === 'string' ? contractId : null);
  });
  app.on('activate', () => open(null));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    open(readContractLink(url));
  });
}
