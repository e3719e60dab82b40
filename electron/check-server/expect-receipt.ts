import type { Verdict } from '../../protocol/receipt.ts';
import type { Has } from './capabilities.ts';
import type { IdForm } from './judge-ids.ts';

/** What the receipt's sentence rests on, of a server. */
export interface ReceiptFacts {
  readonly list: Has;
  /** By the profile the server has none, or has said itself that it has none. */
  readonly listByProfile: boolean;
  readonly ids: IdForm;
  readonly namesHeads: boolean;
  /** Something of what came cannot be read, or is known to be missing. */
  readonly hasGaps: boolean;
  /** Anything came that is this user's. */
  readonly hasEvents: boolean;
}

/** What the receipt will be able to say, once the app has followed this server for a while as it was during the check. */
export function expectReceipt(facts: ReceiptFacts): Verdict {
  if (facts.hasGaps) return 'gaps';
  if (facts.list !== 'yes') {
    if (!facts.hasEvents) return 'nothing_yet';
    return facts.listByProfile ? 'no_list' : 'no_baseline';
  }
  if (facts.ids === 'opaque') return 'no_gap_seen';
  if (facts.namesHeads) return 'complete';
  return facts.hasEvents ? 'no_gap_seen' : 'confirming';
}
