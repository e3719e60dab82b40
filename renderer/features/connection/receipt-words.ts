import type { TFunction } from 'i18next';
import { isAddressable } from '../../../protocol/addressable.ts';
import type { Gap, Receipt } from '../../../protocol/receipt.ts';
import type { Formats } from '../../i18n/format.ts';
import { notForUserText, sinceText, spanText } from '../../i18n/words.ts';

/** Changes that could not be read, where nothing else is missing; null where something is. */
function onlyUnreadable(receipt: Receipt): number | null {
  const { verdict, openGaps, missing } = receipt;
  if (verdict !== 'gaps' || openGaps.length === 0) return null;
  if (!openGaps.every((gap) => gap.kind === 'quarantine')) return null;
  return Math.max(1, missing ?? openGaps.length);
}

/** When the gap will be asked for; null where that is now. */
function laterAttempt({ nextAttemptAt }: Gap, now: number): number | null {
  return nextAttemptAt !== null && nextAttemptAt > now ? nextAttemptAt : null;
}

/** Something that can be asked for, and is not to be later only. */
function isBeingAskedFor({ openGaps }: Receipt, now: number): boolean {
  const waiting = openGaps.filter(({ kind }) => kind !== 'quarantine');
  return waiting.length === 0 || waiting.some((gap) => laterAttempt(gap, now) === null);
}

/**
 * "Complete" is said for the verdict `complete` and for nothing else; that something is being fetched, of what a server can
 * have whole. That what came was for others stands in place of a verdict that says little, and after a gap, never instead of it.
 */
export function receiptHeadline(
  t: TFunction,
  formats: Formats,
  receipt: Receipt,
  now: number,
  connected: boolean,
): string {
  const strangers = receipt.notForUser === null ? null : notForUserText(t, formats, receipt.notForUser);
  if (receipt.verdict === 'gaps') {
    const gaps = gapsText(t, formats, receipt, now, connected);
    return strangers === null ? gaps : `${gaps} ${strangers}`;
  }
  if (strangers !== null) return strangers;
  switch (receipt.verdict) {
    case 'complete':
      return completeText(t, formats, receipt, now);
    case 'confirming':
    case 'no_baseline':
    case 'no_list':
    case 'no_gap_seen':
    case 'nothing_yet':
      return t(`receipt.${receipt.verdict}`);
  }
}

function gapsText(t: TFunction, formats: Formats, receipt: Receipt, now: number, connected: boolean): string {
  const unreadable = onlyUnreadable(receipt);
  if (unreadable !== null) {
    return t('receipt.unreadable', { count: unreadable, n: formats.number(unreadable) });
  }
  const count = Math.max(1, receipt.openGaps.length);
  const open = t('receipt.gaps', { count, n: formats.number(count) });
  if (!receipt.canFetch) return `${open} ${t('fetching.none')}`;
  if (!connected) return `${open} ${t('receipt.fetchingLater')}`;
  return `${open} ${isBeingAskedFor(receipt, now) ? t('receipt.fetching') : t('receipt.fetchingAgain')}`;
}

function completeText(t: TFunction, formats: Formats, receipt: Receipt, now: number): string {
  const time = receipt.upToTime === null ? null : formats.moment(receipt.upToTime, now, true);
  const event = receipt.upToSequence === null ? null : formats.number(receipt.upToSequence);
  if (time !== null && event !== null) return t('receipt.complete', { time, event });
  if (time !== null) return t('receipt.completeTime', { time });
  return event === null ? t('receipt.completeBare') : t('receipt.completeEvent', { event });
}

/** The headline in the few words that the title area has room for. */
export function receiptShort(t: TFunction, formats: Formats, receipt: Receipt, now: number): string {
  if (receipt.notForUser !== null && receipt.verdict !== 'gaps') return t('receipt.notForYouShort');
  switch (receipt.verdict) {
    case 'complete':
      return receipt.upToTime === null
        ? completeText(t, formats, receipt, now).replace(/\.$/, '')
        : t('receipt.completeShort', { time: formats.moment(receipt.upToTime, now, true) });
    case 'gaps': {
      const unreadable = onlyUnreadable(receipt);
      if (unreadable !== null) {
        return t('receipt.unreadableShort', { count: unreadable, n: formats.number(unreadable) });
      }
      const count = Math.max(1, receipt.openGaps.length);
      return t('receipt.gapsShort', { count, n: formats.number(count) });
    }
    case 'confirming':
    case 'no_baseline':
    case 'no_list':
    case 'no_gap_seen':
    case 'nothing_yet':
      return t(`receipt.${receipt.verdict}Short`);
  }
}

function missingText(t: TFunction, formats: Formats, missing: number | null): string {
  return missing === null
    ? t('receipt.missingUnknown')
    : t('receipt.missing', { count: missing, n: formats.number(missing) });
}

/** What the rows show beyond what the receipt vouches for, while changes are still on their way. */
export function aheadText(t: TFunction, formats: Formats, receipt: Receipt, now: number): string | null {
  if (receipt.ahead === null) return null;
  const { at, changes } = receipt.ahead;
  const counted = { count: changes, n: formats.number(changes) };
  return at === null
    ? t('receipt.aheadUntimed', counted)
    : t('receipt.ahead', { time: formats.moment(at, now, true), ...counted });
}

/**
 * What was received today; that none is missing, or that there was none, is said only where the verdict says so, and only up
 * to the time that it speaks of: later changes may be on their way, and without a connection nobody hears of them.
 */
export function todayText(t: TFunction, formats: Formats, receipt: Receipt, now: number): string | null {
  const { verdict, changesToday, missing, upToTime } = receipt;
  if (verdict === 'nothing_yet') return null;
  const counted = { count: changesToday, n: formats.number(changesToday) };
  if (
    verdict === 'complete' &&
    receipt.ahead === null &&
    upToTime !== null &&
    formats.isToday(upToTime, now)
  ) {
    const time = formats.moment(upToTime, now, true);
    return changesToday === 0 ? t('receipt.todayNone', { time }) : t('receipt.today', { ...counted, time });
  }
  if (verdict === 'gaps' && missing !== 0) {
    return `${t('receipt.todayMissing', counted)} ${missingText(t, formats, missing)}`;
  }
  return changesToday === 0 ? null : t('receipt.todayOnly', counted);
}

export function healedText(t: TFunction, formats: Formats, receipt: Receipt, now: number): string | null {
  const gap = receipt.lastHealed;
  if (!gap || gap.healedAt === null) return null;
  return t('receipt.healed', {
    time: formats.moment(gap.openedAt, now),
    healedTime: formats.moment(gap.healedAt, now),
  });
}

/** A server that counts anew and offers nothing to check by: what that means. */
export function restartText(t: TFunction, formats: Formats, receipt: Receipt, now: number): string | null {
  const { restartedAt } = receipt;
  if (restartedAt === null) return null;
  return t('receipt.restarted', { since: capitalised(sinceText(t, formats, restartedAt, now)) });
}

/** "Friday 18:02 to today 9:14: 14 changes, none missing." That none is missing is said only where it is proven. */
export function absenceText(t: TFunction, formats: Formats, receipt: Receipt, now: number): string | null {
  const { absence, verdict } = receipt;
  if (!absence || receipt.notForUser !== null) return null;
  const { since, until, changes, missing } = absence;
  const counted = { count: changes, n: formats.number(changes) };
  const before = capitalised(t('receipt.absence', { span: spanText(t, formats, since, until, now) }));
  if (missing !== 0)
    return `${before} ${t('receipt.absenceChanges', counted)} ${missingText(t, formats, missing)}`;
  if (verdict === 'complete') {
    const what =
      changes === 0
        ? t('receipt.absenceNone')
        : `${t('receipt.absenceChanges', counted)} ${t('receipt.noneMissing')}`;
    return `${before} ${what}`;
  }
  if (verdict === 'gaps') return `${before} ${t('receipt.absenceOnly', counted)}`;
  return `${before} ${t('receipt.absenceChanges', counted)} ${t('receipt.noGapInIt')}`;
}

export function gapText(t: TFunction, formats: Formats, gap: Gap): string {
  const { kind, contractId, fromSequence, toSequence } = gap;
  switch (kind) {
    case 'sequence': {
      if (fromSequence === null || toSequence === null) return t('receipt.gap.sequenceUnknown');
      const count = toSequence - fromSequence + 1;
      const range =
        count === 1
          ? formats.number(fromSequence)
          : `${formats.number(fromSequence)}–${formats.number(toSequence)}`;
      return t('receipt.gap.sequence', { count, n: formats.number(count), range });
    }
    case 'version':
      return contractId === null
        ? t('receipt.gap.versionUnknown')
        : t('receipt.gap.version', { contract: contractId });
    case 'quarantine': {
      const count = fromSequence === null || toSequence === null ? 1 : toSequence - fromSequence + 1;
      const counted = { count, n: formats.number(count) };
      return contractId === null
        ? t('receipt.gap.quarantineUnknown', counted)
        : t('receipt.gap.quarantine', { ...counted, contract: contractId });
    }
    case 'stale':
    case 'epoch':
    case 'restart':
      return t(`receipt.gap.${kind}`);
  }
}

/** What is being done about an open gap. */
export function repairText(
  t: TFunction,
  formats: Formats,
  gap: Gap,
  server: { readonly connected: boolean; readonly canFetch: boolean },
  now: number,
): string {
  const { connected } = server;
  const canFetch = server.canFetch && (gap.contractId === null || isAddressable(gap.contractId));
  const { attempts, openedAt } = gap;
  const later = laterAttempt(gap, now);
  if (gap.kind === 'quarantine') {
    const open = t('receipt.gap.since', { since: sinceText(t, formats, openedAt, now) });
    if (!connected || later === null) return open;
    return `${open} ${t('receipt.gap.askedAgain', { time: formats.clockSeconds(later) })}`;
  }
  const doing = !canFetch
    ? t('receipt.gap.none')
    : !connected
      ? t('receipt.gap.waiting')
      : later === null
        ? t('receipt.gap.running')
        : t('receipt.gap.nextTry', { time: formats.clockSeconds(later) });
  const tried =
    attempts === 0 ? '' : ` ${t('receipt.gap.attempts', { count: attempts, n: formats.number(attempts) })}`;
  return `${t('receipt.gap.since', { since: sinceText(t, formats, openedAt, now) })} ${doing}${tried}`;
}

const capitalised = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);
