import type { ConnectionState, ConnectionStatus } from '../../protocol/connection.ts';
import type { Gap, Receipt } from '../../protocol/receipt.ts';

/** How far the window may speak for the present: whether what happens now reaches it. */
export type Reach =
  /** Changes arrive. */
  | 'live'
  /** Connecting, or receiving what is older than now. */
  | 'coming'
  /** No connection; the app tries by itself. */
  | 'cut_off'
  /** No changes until somebody acts or the server takes the sign-in again. */
  | 'ended';

const REACH: Readonly<Record<ConnectionState['phase'], Reach>> = {
  live: 'live',
  connected: 'live',
  late: 'coming',
  connecting: 'coming',
  catching_up: 'coming',
  waiting: 'cut_off',
  signed_out: 'ended',
  sign_in_needed: 'ended',
  refused: 'ended',
  stopped: 'ended',
};

/** The server answers: what is sent reaches it, and what is missing can be fetched, also while older changes still arrive. */
const CONNECTED: Readonly<Record<ConnectionState['phase'], boolean>> = {
  live: true,
  connected: true,
  late: true,
  catching_up: true,
  connecting: false,
  waiting: false,
  signed_out: false,
  sign_in_needed: false,
  refused: false,
  stopped: false,
};

export function isConnected(status: ConnectionStatus | null): boolean {
  return status !== null && CONNECTED[status.state.phase];
}

/** Nothing told yet: the app is starting. */
export function reachOf(status: ConnectionStatus | null): Reach {
  return status === null ? 'coming' : REACH[status.state.phase];
}

/**
 * What must be known beside a sentence such as “Nothing needs you” or “Nothing found”: it is true of what is here, and this is why
 * there may be more. Null where nothing speaks against it.
 */
export function doubtOf(
  reach: Reach,
  receipt: Receipt | null,
): 'coming' | 'cut_off' | 'ended' | 'no_baseline' | 'no_list' | 'gaps' | null {
  if (reach !== 'live') return reach;
  const verdict = receipt?.verdict;
  return verdict === 'gaps' || verdict === 'no_baseline' || verdict === 'no_list' ? verdict : null;
}

/** Whether an open gap shows that there is more than is here: where no contract is, that there is one. */
export function isMoreKnown(receipt: Receipt | null): boolean {
  return receipt?.verdict === 'gaps';
}

/** Nobody has ever said which contracts there are. */
const UNLISTED: ReadonlySet<Receipt['verdict']> = new Set(['nothing_yet', 'no_baseline', 'no_list']);

/** Whether the numbers of contracts are known: none at all may only mean that nobody has been told yet. */
export function areCountsKnown(contracts: number, receipt: Receipt | null): boolean {
  if (contracts > 0) return true;
  return receipt !== null && !UNLISTED.has(receipt.verdict);
}

/**
 * Why a list is empty that says nothing of the contracts, because nobody has told yet which there are; null where it is known, or
 * some are here.
 */
export function beforeOf(
  contracts: number,
  reach: Reach,
  receipt: Receipt | null,
): Reach | 'no_baseline' | null {
  if (areCountsKnown(contracts, receipt)) return null;
  return reach === 'live' && receipt?.verdict === 'no_baseline' ? 'no_baseline' : reach;
}

/** The open gaps that may hide changes of this contract: its own, and those of which nobody knows whose they are. */
export function gapsOf(receipt: Receipt | null, contractId: string): readonly Gap[] {
  return (receipt?.openGaps ?? []).filter((gap) => gap.contractId === null || gap.contractId === contractId);
}
