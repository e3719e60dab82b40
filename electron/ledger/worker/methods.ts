import type { Ledger } from '../types.ts';

/** What main may ask of the ledger's thread. */
export type Method = Exclude<keyof Ledger, 'problem' | 'batch'>;

interface MethodTraits {
  /**
   * A person waits for it: a read, or an action in a transaction of its own. It may go ahead between the transactions of a
   * running append; an action then means what is shown by then.
   */
  readonly urgent?: true;
  /** It may change rows: held views and searches are told of them afterwards. */
  readonly writes?: true;
}

/** Every method of the ledger, once: a new one does not compile until it stands here, and is then known on both sides of the thread. */
export const METHODS: Readonly<Record<Method, MethodTraits>> = {
  account: { writes: true },
  append: { writes: true },
  beginSnapshot: {},
  stageSnapshot: {},
  finishSnapshot: { writes: true },
  markWithoutSnapshot: {},
  setReplay: {},
  previewFrom: { urgent: true },
  preview: { urgent: true, writes: true },
  mergeHistory: { writes: true },
  takeUntold: {},
  reconcileGaps: {},
  headStands: {},
  noteLife: {},
  gaps: { urgent: true },
  contractsWithGaps: {},
  followTimeZone: { urgent: true },
  receipt: { urgent: true },
  readView: { urgent: true },
  holdView: { urgent: true },
  tellView: { urgent: true },
  releaseView: { urgent: true },
  contract: { urgent: true },
  standing: { urgent: true },
  undoAcknowledgement: { urgent: true, writes: true },
  retryAcknowledgement: { urgent: true, writes: true },
  dueAcknowledgements: { writes: true },
  completeAcknowledgement: { writes: true },
  setEventRead: { urgent: true, writes: true },
  perform: { urgent: true, writes: true },
  markViewRead: { urgent: true, writes: true },
  undo: { urgent: true, writes: true },
  wakeSnoozed: { writes: true },
  markViewed: { urgent: true },
  viewIds: { urgent: true },
  facets: { urgent: true },
  savedViews: { urgent: true },
  saveView: { urgent: true },
  removeView: { urgent: true },
  orderViews: { urgent: true },
  takeDueReminders: {},
  exportRows: { urgent: true },
  overview: { urgent: true },
  away: { urgent: true },
  facts: { urgent: true },
  unsent: { urgent: true },
  maintain: { writes: true },
  diagnostics: { urgent: true },
  eraseAccount: { writes: true },
  backup: {},
  inspectBackup: {},
  accounts: {},
  settleRestored: { writes: true },
  close: {},
};
