import type { AccountState } from '../storage/account.ts';
import type { ChangeCounts } from '../storage/change-counts.ts';
import type { Contracts } from '../storage/contracts.ts';
import type { Epochs } from './epochs.ts';
import type { Events } from './events.ts';
import type { Gaps } from './gaps.ts';
import type { Store } from '../storage/store.ts';

/** All that one write transaction of one account works on. Nothing of it outlives the transaction. */
export interface WriteContext {
  readonly store: Store;
  readonly state: AccountState;
  readonly epochs: Epochs;
  readonly contracts: Contracts;
  readonly gaps: Gaps;
  readonly events: Events;
  readonly changeCounts: ChangeCounts;
  /** Client clock, epoch ms. */
  readonly now: number;
  /** Set when what was seen needs a look at the server's snapshot though no gap is known. */
  repairDue: boolean;
  /** Of `AppendOutcome.jumped`. */
  jumped: boolean;
}
