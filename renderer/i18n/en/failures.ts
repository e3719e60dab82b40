import { FAILURES, type Failure } from '../../../protocol/failures.ts';

/** Main's own words, with the placeholder as i18next writes it. */
const mains = Object.fromEntries(
  Object.entries(FAILURES).map(([name, text]) => [name, text.replace('{detail}', '{{detail}}')]),
) as Record<Failure, string>;

/** Why main refused something: as main says it, but where its words are those of the log; what differs there is folded away. */
export const failures = {
  failure: {
    ...mains,
    eraseRest: 'You are signed out, but not everything could be removed. Sign in and erase again.',
    ownFault: 'The fault is in the app itself; please report it with the support information.',
    ledgerEnded:
      'What keeps the history has ended. Close the app and start it again: nothing stored is lost.',
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
  },
};
