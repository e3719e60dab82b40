import { isStatusCode, type StatusCode } from '../../protocol/statuses.ts';

/** What other systems call our statuses; in small letters, without what stands between words. */
const OTHER_NAMES: Readonly<Record<string, StatusCode>> = {
  new: 'draft',
  created: 'draft',
  review: 'in_review',
  reviewing: 'in_review',
  underreview: 'in_review',
  changesneeded: 'changes_requested',
  returned: 'changes_requested',
  accepted: 'approved',
  pending: 'sent',
  outforsignature: 'sent',
  awaitingsignature: 'sent',
  delivered: 'sent',
  opened: 'viewed',
  read: 'viewed',
  seen: 'viewed',
  partiallycompleted: 'partially_signed',
  completed: 'signed',
  executed: 'signed',
  refused: 'declined',
  inforce: 'active',
  suspended: 'on_hold',
  onhold: 'on_hold',
  paused: 'on_hold',
  canceled: 'cancelled',
  voided: 'cancelled',
  void: 'cancelled',
  revoked: 'cancelled',
  withdrawn: 'cancelled',
  closed: 'ended',
  finished: 'fulfilled',
};

/** The code that a server's word for a status most likely means; null where it is anybody's guess. */
export function guessStatus(word: string): StatusCode | null {
  const small = word.trim().toLowerCase();
  const code = small.replaceAll(/[\s.-]+/g, '_');
  if (isStatusCode(code)) return code;
  const bare = small.replaceAll(/[^a-z]+/g, '');
  // By its last word too: `document.signed`, `ENVELOPE_COMPLETED`.
  const last = small.split(/[^a-z]+/).findLast((part) => part !== '') ?? '';
  for (const name of [bare, last]) {
    if (isStatusCode(name)) return name;
    if (Object.hasOwn(OTHER_NAMES, name)) return OTHER_NAMES[name] ?? null;
  }
  return null;
}
