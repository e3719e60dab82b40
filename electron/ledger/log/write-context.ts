import type { AccountState } from '../storage/account.ts';
import type { ChangeCounts } from '../storage/change-counts.ts';
import type { Contracts } from '../storage/contracts.ts';
import type { Epochs } from './epochs.ts';
import type { Events } from './events.ts';
import type { Gaps } from './gaps.ts';
import type { RepairNeed } from '../ingest.ts';
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
  /** Besides the gaps that were opened. */
  repair: RepairNeed;
}

/** The server's memory is not what it was: that it sends again what was missed has to be shown anew. */
export function doubtReplay({ state }: WriteContext): void {
  if (state.replay === 'proven') state.replay = 'unknown';
}

const NEEDS: Readonly<Record<RepairNeed, number>> = { none: 0, later: 1, jumped: 2, now: 3 };

/** Takes over a need that is more urgent than the one that is known. */
export function needRepair(known: { repair: RepairNeed }, need: RepairNeed): void {
  if (NEEDS[need] > NEEDS[known.repair]) known.repair = need;
}
