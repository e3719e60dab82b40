import type { FailureCode } from '../../../protocol/failures.ts';

/** Why main refused something. */
export const failures = {
  failure: {
    notSignedIn: 'Nobody is signed in, or the stored history cannot be used yet.',
    eraseWhose: 'Sign in first: it must be known whose history is to be erased.',
    eraseRest: 'You are signed out, but not everything could be removed. Sign in and erase again.',
    notKnown: 'This contract is not known here. Nothing was copied.',
    copyFailed: 'The system did not take it: nothing was copied. Try again.',
    onItsWay: 'It is already on its way and can no longer be undone.',
    notTaken: 'This server takes no acknowledgements. Nothing was sent.',
    unaddressable:
      'The number of this contract cannot be part of a web address, so the server cannot be told. Nothing was sent; the contract stays as it is.',
    noBrowser: 'The system has no browser to open it with. Copy the reference instead.',
    portalDeclined: 'The web portal was not changed.',
    settingsFull:
      'There is no room for more settings. Nothing was changed; remove an address of a web portal first.',
    exportEnded: 'The export was ended, and no file was made.',
    fileFull: 'The file could not be saved: the disk is full. Nothing was written.',
    fileForbidden: 'The file could not be saved: writing is not allowed there. Nothing was written.',
    fileBusy: 'The file could not be saved: another program has the file open. Nothing was written.',
    fileForbiddenOrBusy:
      'The file could not be saved: writing is not allowed there, or another program has the file open. Nothing was written.',
    fileReadOnly: 'The file could not be saved: nothing can be written there. Nothing was written.',
    fileNoFolder: 'The file could not be saved: the folder is gone. Nothing was written.',
    fileIsFolder: 'The file could not be saved: there is a folder of that name. Nothing was written.',
    fileName: 'The file could not be saved: its name is too long. Nothing was written.',
    fileOther: 'The file could not be saved: the disk refused it, {{reason}}. Nothing was written.',
    historyFine: 'The stored history is in order. Nothing was changed.',
    historyLocked: 'Another copy of the app uses the stored history. Close it and start this one again.',
    historyFull: 'The disk is full. Make room: the app then goes on by itself, and nothing is lost.',
    historyReadOnly: 'The stored history cannot be written. Allow writing there and start the app again.',
    viewGone: 'This saved view is not there any more; save it as a new one.',
    viewsFull:
      'There are {{most}} saved views, which is as many as there can be. Nothing was changed; remove one first.',
    backupNoHistory:
      'The stored history cannot be used now, so there is nothing to back up. The message above the list says why.',
    backupInUse: 'The app itself uses this file. Nothing was written; choose another name.',
    restoreInUse: 'This file is the stored history itself, not a backup of it. Choose another one.',
    restoreNotBackup: 'This file is not a backup of Contract Pulse. Nothing was changed.',
    restoreOtherAccount:
      'This backup is of another account: {{whose}}. Nothing was changed; choose one of your own.',
    restoreNewer:
      'A newer version of the app has made this backup. Nothing was changed; install that version to restore it.',
    restoreDamaged: 'This backup is damaged. Nothing was changed; choose another one.',
    restoreUnreadable:
      'This file cannot be read. Nothing was changed; check that it is there and that you may read it.',
    restoreFull: 'The disk has no room to restore the backup. Nothing was changed; free some space.',
    restoreGone: 'Nothing was changed. Choose the backup again.',
    restoreFailed: 'The backup could not be restored. Everything stored is as it was before.',
    ledgerEnded:
      'What keeps the history has ended. Close the app and start it again: nothing stored is lost.',
    ownFault: 'The fault is in the app itself; please report it with the support information.',
    ledgerCorrupt:
      'The stored history is damaged. The file is set aside, not deleted; what the server still keeps is fetched again.',
    ledgerNewer:
      'The stored history is of a newer version of this app; install that one to use it. The file is left untouched.',
    ledgerReadOnly:
      'The stored history cannot be written. Nothing was changed; allow writing to the file and its folder.',
    ledgerLocked:
      'Another program uses the stored history. Nothing was changed; close the other copy of this app.',
    ledgerFull: 'The disk is full. Nothing was changed; free some space, and it goes on from there.',
    ledgerOther: 'The stored history refused it. Nothing was changed.',
  } satisfies Readonly<Record<FailureCode, string>>,
};
