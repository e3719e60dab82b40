import type { TFunction } from 'i18next';
import type { Gap, Receipt } from '../../protocol/receipt.ts';
import type { Reach } from '../state/standing.ts';
import type { Formats } from './format.ts';

type Absence = NonNullable<Receipt['absence']>;

/** What is being done about what is missing; '' where nothing is known to be done. */
export function fetchText(
  t: TFunction,
  formats: Formats,
  gaps: readonly Gap[],
  { reach, canFetch }: { readonly reach: Reach; readonly canFetch: boolean },
  now: number,
): string {
  if (gaps.length === 0) return '';
  if (!canFetch) return t('fetching.none');
  if (reach === 'ended') return t('fetching.ended');
  if (reach !== 'live') return t('fetching.waiting');
  // While the first attempt runs, no next one is set; a gap found since then waits for the same one as the others.
  const next = gaps.flatMap((gap) => (gap.nextAttemptAt === null ? [] : [gap.nextAttemptAt]));
  const soonest = Math.min(...next);
  // Once it has come, that attempt runs; nothing says so before it has ended.
  return next.length === 0 || soonest <= now
    ? t('fetching.running')
    : t('fetching.next', { time: formats.clock(soonest) });
}

/**
 * "4 changes, none missing": that none is missing is said only where it is proven. The number is the receipt's own, because the
 * summary was read at another moment: what came in between would make the one contradict the other.
 */
export function awayText(
  t: TFunction,
  formats: Formats,
  summary: Absence,
  receipt: Receipt | null,
  reach: Reach,
  now: number,
): { readonly text: string; readonly tone: 'complete' | 'missing' | 'open' } {
  const told = receipt?.absence;
  const isTold = told?.since === summary.since && told.until === summary.until;
  const { changes, missing } = isTold ? told : { ...summary, missing: 0 };
  const counted = { count: changes, n: formats.number(changes) };
  if (missing !== 0) {
    const lost =
      missing === null
        ? t('away.missingUnknown')
        : t('away.missingCount', { count: missing, n: formats.number(missing) });
    const server = { reach, canFetch: receipt?.canFetch ?? true };
    const doing = fetchText(t, formats, receipt?.openGaps ?? [], server, now);
    return { text: [t('away.missing', counted), lost, doing].filter(Boolean).join(' '), tone: 'missing' };
  }
  switch (isTold ? receipt?.verdict : undefined) {
    case 'complete':
      return { text: t('away.receipt', counted), tone: 'complete' };
    case 'no_gap_seen':
    case 'no_baseline':
    case 'no_list':
    case 'confirming':
      return { text: t('away.noGapSeen', counted), tone: 'open' };
    case 'gaps':
    case 'nothing_yet':
    case undefined:
      return { text: t('away.changes', counted), tone: 'open' };
  }
}
