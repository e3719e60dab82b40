/**
 * What main says where a request is refused for a known reason: what happened, what is safe, what to do. In English, for
 * the log and for whoever helps; the window finds the reason by these words and says it in the person's language.
 * `{detail}` is what differs from case to case.
 */
export const FAILURES = {
  notSignedIn: 'Nobody is signed in, or the stored history cannot be used yet.',
  eraseWhose: 'Sign in first: it must be known whose history is to be erased.',
  eraseRest: 'You are signed out, but not everything could be removed ({detail}). Sign in and erase again.',
  notKnown: 'This contract is not known here. Nothing was copied.',
  onItsWay: 'It is already on its way and can no longer be undone.',
  noBrowser: 'The system has no browser to open it with. Copy the reference instead.',
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
  fileOther: 'The file could not be saved: the disk refused it, {detail}. Nothing was written.',
  historyFine: 'The stored history is in order. Nothing was changed.',
  historyLocked: 'Another copy of the app uses the stored history. Close it and start this one again.',
  historyFull: 'The disk is full. Make room: the app then goes on by itself, and nothing is lost.',
  historyReadOnly: 'The stored history cannot be written. Allow writing there and start the app again.',
  viewGone: 'This saved view is not there any more; save it as a new one.',
  viewsFull:
    'There are {detail} saved views, which is as many as there can be. Nothing was changed; remove one first.',
  ledgerEnded: 'The ledger has ended.',
  ownFault: 'The app could not do this because of a fault of its own. Nothing is lost; the log says more.',
  // Of the ledger: what SQLite says, then what is safe and what to do.
  ledgerCorrupt:
    '{detail}. The file is set aside, not deleted; what the server still keeps is fetched again.',
  ledgerNewer: '{detail}. The file is left untouched; install the newer version of this app to use it.',
  ledgerReadOnly: '{detail}. Nothing was changed; allow writing to the file and its folder.',
  ledgerLocked: '{detail}. Nothing was changed; close the other instance of this app.',
  ledgerFull: '{detail}. Nothing was changed; free some space, and it goes on from there.',
  ledgerOther: '{detail}. Nothing was changed.',
} as const;

export type Failure = keyof typeof FAILURES;

const NAMES = Object.keys(FAILURES) as Failure[];

export function failureText(failure: Failure, detail = ''): string {
  return FAILURES[failure].replace('{detail}', () => detail);
}

/** The reason that these words tell, and what differs; null for words of another origin. */
export function readFailure(text: string): { readonly failure: Failure; readonly detail: string } | null {
  for (const failure of NAMES) {
    const [before = '', after] = FAILURES[failure].split('{detail}');
    if (after === undefined) {
      if (text === before) return { failure, detail: '' };
    } else if (
      text.length >= before.length + after.length &&
      text.startsWith(before) &&
      text.endsWith(after)
    ) {
      return { failure, detail: text.slice(before.length, text.length - after.length) };
    }
  }
  return null;
}
