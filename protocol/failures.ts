/** Why main refused a request, as data. The window has the words of each code in every language (`renderer/i18n`). */

/** What the sentence of a code needs besides its words. */
interface Params {
  /** The system's name of what the disk answered, e.g. `EIO`. */
  readonly fileOther: { readonly reason: string };
  /** As many saved views as there can be. */
  readonly viewsFull: { readonly most: number };
  /** Whose history the backup holds: names with their servers. */
  readonly restoreOtherAccount: { readonly whose: string };
}

export type PlainCode =
  | 'notSignedIn'
  | 'eraseWhose'
  | 'eraseRest'
  | 'notKnown'
  | 'copyFailed'
  | 'onItsWay'
  /** The server takes no acknowledgements. */
  | 'notTaken'
  /** No address can carry the contract's id. */
  | 'unaddressable'
  | 'noBrowser'
  | 'portalDeclined'
  | 'settingsFull'
  | 'exportEnded'
  | 'fileFull'
  | 'fileForbidden'
  | 'fileBusy'
  | 'fileForbiddenOrBusy'
  | 'fileReadOnly'
  | 'fileNoFolder'
  | 'fileIsFolder'
  | 'fileName'
  | 'historyFine'
  | 'historyLocked'
  | 'historyFull'
  | 'historyReadOnly'
  | 'viewGone'
  /** Of backups. */
  | 'backupNoHistory'
  | 'backupInUse'
  | 'restoreInUse'
  | 'restoreNotBackup'
  | 'restoreNewer'
  | 'restoreDamaged'
  | 'restoreUnreadable'
  | 'restoreFull'
  | 'restoreGone'
  | 'restoreFailed'
  /** Of the ledger: what SQLite says is the detail. */
  | 'ledgerEnded'
  | 'ledgerCorrupt'
  | 'ledgerNewer'
  | 'ledgerReadOnly'
  | 'ledgerLocked'
  | 'ledgerFull'
  | 'ledgerOther'
  /** A mistake in the program. */
  | 'ownFault';

export type FailureCode = PlainCode | keyof Params;

interface FailureOf<C, P> {
  readonly code: C;
  readonly params: P;
  /** Technical, in English, for whoever helps; '' for none. */
  readonly detail: string;
}

export type Failure =
  | FailureOf<PlainCode, Readonly<Record<string, never>>>
  | { [C in keyof Params]: FailureOf<C, Params[C]> }[keyof Params];

/** A request that fails for a known reason. Its message is for the log. */
export class RequestError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.detail === '' ? failure.code : `${failure.code}: ${failure.detail}`);
    this.name = 'RequestError';
    this.failure = failure;
  }
}

/** For the codes whose sentence needs nothing else. */
export function requestError(code: PlainCode, detail = ''): RequestError {
  return new RequestError({ code, params: {}, detail });
}
