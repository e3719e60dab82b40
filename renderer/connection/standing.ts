import type { TFunction } from 'i18next';
import type { ConnectionState, ConnectionStatus } from '../../protocol/connection.ts';
import type { Hole, Receipt } from '../../protocol/receipt.ts';
import type { Formats } from '../i18n/format.ts';

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
): 'coming' | 'cut_off' | 'ended' | 'no_baseline' | 'holes' | null {
  if (reach !== 'live') return reach;
  const verdict = receipt?.verdict;
  return verdict === 'holes' || verdict === 'no_baseline' ? verdict : null;
}

/** Whether anything has ever been had from the server: before that, an empty list says nothing about the contracts. */
export function hasFirstLook(receipt: Receipt | null): boolean {
  return receipt !== null && receipt.verdict !== 'nothing_yet';
}

/** Whether the numbers of contracts are known: none at all may only mean that nobody has been told yet. */
export function areCountsKnown(contracts: number, receipt: Receipt | null): boolean {
  return contracts > 0 || (hasFirstLook(receipt) && receipt?.verdict !== 'no_baseline');
}

/** What is being done about what is missing; '' where nothing is known to be done. */
export function fetchText(
  t: TFunction,
  formats: Formats,
  holes: readonly Hole[],
  { reach, canFetch }: { readonly reach: Reach; readonly canFetch: boolean },
): string {
  if (holes.length === 0) return '';
  if (!canFetch) return t('fetching.none');
  if (reach === 'ended') return t('fetching.ended');
  if (reach !== 'live') return t('fetching.waiting');
  // While the first attempt runs, no next one is set; a gap found since then waits for the same one as the others.
  const next = holes.flatMap((hole) => (hole.nextAttemptAt === null ? [] : [hole.nextAttemptAt]));
  return next.length === 0
    ? t('fetching.running')
    : t('fetching.next', { time: formats.clock(Math.min(...next)) });
}

/** The open holes that may hide changes of this contract: its own, and those of which nobody knows whose they are. */
export function holesOf(receipt: Receipt | null, contractId: string): readonly Hole[] {
  return (receipt?.openHoles ?? []).filter(
    (hole) => hole.contractId === null || hole.contractId === contractId,
  );
}

/** "4 changes, none missing": that none is missing is said only where it is proven. */
export function awayText(
  t: TFunction,
  formats: Formats,
  { changes, missing }: { readonly changes: number; readonly missing: number | null },
  receipt: Receipt | null,
  reach: Reach,
): { readonly text: string; readonly tone: 'complete' | 'missing' | 'open' } {
  const counted = { count: changes, n: formats.number(changes) };
  if (missing !== 0) {
    const lost =
      missing === null
        ? t('away.missingUnknown')
        : t('away.missingCount', { count: missing, n: formats.number(missing) });
    const doing = fetchText(t, formats, receipt?.openHoles ?? [], {
      reach,
      canFetch: receipt?.canFetch ?? true,
    });
    return { text: [t('away.missing', counted), lost, doing].filter(Boolean).join(' '), tone: 'missing' };
  }
  switch (receipt?.verdict) {
    case 'complete':
      return { text: t('away.receipt', counted), tone: 'complete' };
    case 'no_gap_seen':
    case 'no_baseline':
    case 'confirming':
      return { text: t('away.noGapSeen', counted), tone: 'open' };
    case 'holes':
    case 'nothing_yet':
    case undefined:
      return { text: t('away.changes', counted), tone: 'open' };
  }
}
