import { GAP_SENTENCES, OF_A_GAP } from './gaps.ts';
import type { ReceiptKey, Sentence } from '../sentence.ts';
import {
  cutOffMs,
  isBeingFetched,
  isPreviewed,
  isSignedIn,
  isSteady,
  named,
  onlyForOthers,
  sawIdsAgain,
  somethingIsMissing,
} from '../truths.ts';
import {
  arrivedUnreadable,
  completeUpTo,
  couldBeComplete,
  couldBeCompleteToday,
  couldBeFetched,
  couldHaveBeenFetched,
  countsToday,
  hasBeenAbsent,
  hasNoBaseline,
  hasNamedHead,
  hasNothing,
  hasUnreadable,
  isDueByNewClock,
  isForOthersOnly,
  isKnownToBeOpen,
  isToday,
  mayBeProven,
  nothingContradicts,
  nothingKnownMissing,
  storedToday,
} from './receipt-truths.ts';

const SECOND = 1_000;

const label: Sentence = { plain: 'the name of a part of the panel' };

/** Words for facts that the ledger never gives without their number or name today. */
const WORDS_ONLY: Sentence = { provedBy: 'renderer/features/connection/words.test.ts' };

const number = (value: unknown): number => Number(value);
const COMPLETE = ['receipt.completeTime', 'receipt.completeEvent', 'receipt.completeBare'] as const;

const HEADLINES = [
  'receipt.complete',
  ...COMPLETE,
  'receipt.no_gap_seen',
  'receipt.no_baseline',
  'receipt.gaps',
  'receipt.unreadable',
  'receipt.notForYou',
  'receipt.nothing_yet',
] as const;

const SHORT_HEADLINES = [
  'receipt.completeShort',
  'receipt.no_gap_seenShort',
  'receipt.no_baselineShort',
  'receipt.gapsShort',
  'receipt.unreadableShort',
  'receipt.notForYouShort',
  'receipt.nothing_yetShort',
] as const;

/** While it is said, the title area has no room for the receipt. */
const CATCHING_UP = ['connection.catchingUpSome', 'connection.catchingUpOf'] as const;

export const RECEIPT_SENTENCES: Record<ReceiptKey, Sentence> = {
  'receipt.label': label,
  'receipt.openGaps': label,
  'receipt.complete': {
    means:
      'the server named this event as the newest at this time, all that was published before it since the baseline is stored, and nothing later is known to be missing',
    when: completeUpTo,
    must: { when: couldBeComplete, withinMs: 60 * SECOND, or: COMPLETE },
  },
  'receipt.completeShort': {
    means: 'as `receipt.complete`',
    when: completeUpTo,
    must: { when: couldBeComplete, withinMs: 60 * SECOND, or: CATCHING_UP },
  },
  'receipt.completeTime': WORDS_ONLY,
  'receipt.completeEvent': WORDS_ONLY,
  'receipt.completeBare': WORDS_ONLY,
  'receipt.confirming': {
    means: 'nothing is known to be missing, and no head has been named for the newest',
    when: nothingKnownMissing,
    must: { when: isSignedIn, withinMs: 10 * SECOND, or: HEADLINES },
  },
  'receipt.confirmingShort': {
    means: 'as `receipt.confirming`',
    when: nothingKnownMissing,
    must: {
      when: (model) => isSteady(model, 20 * SECOND),
      withinMs: 20 * SECOND,
      or: [...SHORT_HEADLINES, ...CATCHING_UP],
    },
  },
  'receipt.no_gap_seen': {
    means:
      'nothing that has arrived was left out or shows that something before it is missing, and the server numbers nothing or has named no head so far',
    when: (model) => nothingKnownMissing(model) && !(mayBeProven(model) && hasNamedHead(model)),
    must: {
      when: nothingContradicts,
      withinMs: 60 * SECOND,
      or: ['receipt.complete', ...COMPLETE, 'receipt.no_baseline'],
    },
  },
  'receipt.no_gap_seenShort': {
    means: 'as `receipt.no_gap_seen`',
    when: nothingKnownMissing,
    must: {
      when: nothingContradicts,
      withinMs: 60 * SECOND,
      or: ['receipt.completeShort', 'receipt.no_baselineShort', ...CATCHING_UP],
    },
  },
  'receipt.no_baseline': {
    means: 'nothing is known to be missing, and no list of all contracts has ever come',
    when: (model) => nothingKnownMissing(model) && model.baseline === null,
    graceMs: 5 * SECOND,
    must: { when: hasNoBaseline, withinMs: 60 * SECOND },
  },
  'receipt.no_baselineShort': {
    means: 'no list of all contracts has ever come',
    when: (model) => model.baseline === null,
    graceMs: 5 * SECOND,
    must: { when: hasNoBaseline, withinMs: 60 * SECOND, or: CATCHING_UP },
  },
  'receipt.no_list': { provedBy: 'electron/integration/profile.test.ts' },
  'receipt.no_listShort': { provedBy: 'electron/integration/profile.test.ts' },
  'receipt.gaps': {
    means: 'something is missing, or nobody can say that nothing is',
    when: somethingIsMissing,
    graceMs: 30 * SECOND,
    must: {
      when: isKnownToBeOpen,
      withinMs: 20 * SECOND,
      or: [...OF_A_GAP, 'receipt.unreadable'],
    },
  },
  'receipt.fetching': {
    means: 'a snapshot or a history is being asked for, or was a moment ago, and what is missing can be had',
    when: (model) =>
      (model.recent(['snapshot', 'history'], 15 * SECOND).length > 0 || isDueByNewClock(model)) &&
      isBeingFetched(model),
    graceMs: 30 * SECOND,
    boundWith: 'receipt.fetchingAgain',
  },
  'receipt.fetchingAgain': {
    means: 'of what is missing something can be had, or has not been asked for yet',
    when: (model) => isBeingFetched(model),
    graceMs: 30 * SECOND,
    must: {
      when: couldBeFetched,
      withinMs: 20 * SECOND,
      or: ['receipt.unreadable', 'receipt.fetchingLater', 'receipt.fetching'],
    },
  },
  'receipt.fetchingLater': {
    means: 'there is no connection',
    when: (model) => model.open === null || (model.connectedMs ?? 0) < 3 * SECOND,
    must: {
      when: (model) =>
        couldHaveBeenFetched(model) && (model.signedInMs ?? 0) > 5 * SECOND && cutOffMs(model) > 5 * SECOND,
      withinMs: 5 * SECOND,
      or: ['receipt.unreadable', 'receipt.fetching', 'receipt.fetchingAgain'],
    },
  },
  'receipt.unreadable': {
    means: 'so many have arrived that cannot be read',
    when: (model, { n }) => arrivedUnreadable(model) && number(n) > 0,
    graceMs: 30 * SECOND,
    must: { when: hasUnreadable, withinMs: 40 * SECOND, or: ['receipt.gaps'] },
  },
  'receipt.unreadableShort': {
    means: 'as `receipt.unreadable`',
    when: (model) => arrivedUnreadable(model),
    graceMs: 30 * SECOND,
    must: { when: hasUnreadable, withinMs: 40 * SECOND, or: ['receipt.gapsShort'] },
  },
  'receipt.notForYou': {
    means: 'events have come, and none of them was addressed to this user',
    when: onlyForOthers,
    must: {
      when: isForOthersOnly,
      withinMs: 10 * SECOND,
    },
  },
  'receipt.notForYouShort': {
    means: 'as `receipt.notForYou`',
    when: onlyForOthers,
    // What is known to be missing goes first where there is room for one sentence.
    must: { when: isForOthersOnly, withinMs: 20 * SECOND, or: ['receipt.gapsShort', ...CATCHING_UP] },
  },
  'receipt.withoutName': {
    means: 'an event without a name has come',
    when: ({ foreignNames }) => foreignNames.includes(''),
    must: {
      when: (model) => isForOthersOnly(model) && model.foreignNames.includes(''),
      withinMs: 10 * SECOND,
    },
  },
  'receipt.gapsShort': {
    means: 'something is missing, or nobody can say that nothing is',
    when: somethingIsMissing,
    graceMs: 30 * SECOND,
    must: { when: isKnownToBeOpen, withinMs: 20 * SECOND, or: ['receipt.unreadableShort'] },
  },
  'receipt.nothing_yet': {
    means: 'nothing has arrived: no change and no snapshot',
    when: (model) => model.file.stored.size === 0 && model.file.contracts.size === 0,
    must: {
      when: (model) => isSignedIn(model) && hasNothing(model),
      withinMs: 10 * SECOND,
      // Where a head has named something that cannot be had.
      or: ['receipt.notForYou', 'receipt.no_baseline', 'receipt.gaps'],
    },
  },
  'receipt.nothing_yetShort': {
    means: 'as `receipt.nothing_yet`',
    when: (model) => model.file.stored.size === 0 && model.file.contracts.size === 0,
    must: {
      when: (model) => isSteady(model, 20 * SECOND) && hasNothing(model),
      withinMs: 10 * SECOND,
      or: ['receipt.notForYouShort', 'receipt.no_baselineShort', 'receipt.gapsShort', ...CATCHING_UP],
    },
  },
  'receipt.todayNone': {
    means: 'nothing was stored since midnight, and the receipt is complete up to this time of the day',
    when: (model, args) => isToday(model, { n: 0 }) && completeUpTo(model, args),
    must: {
      when: (model) => couldBeCompleteToday(model) && storedToday(model) === 0,
      withinMs: 60 * SECOND,
    },
  },
  'receipt.today': {
    means: 'so many were stored since midnight, and the receipt is complete up to this time of the day',
    when: (model, args) => isToday(model, args) && completeUpTo(model, { time: args.time }),
    must: {
      when: (model) => couldBeCompleteToday(model) && storedToday(model) > 0,
      withinMs: 60 * SECOND,
    },
  },
  'receipt.todayMissing': {
    means: 'so many were stored since midnight',
    when: isToday,
    must: {
      when: (model) => isKnownToBeOpen(model) && storedToday(model) > 0,
      withinMs: 20 * SECOND,
      or: ['receipt.todayOnly'],
    },
  },
  'receipt.todayOnly': {
    means: 'so many were stored since midnight',
    when: isToday,
    must: {
      when: (model) => isSignedIn(model) && countsToday(model) && storedToday(model) > 0,
      withinMs: 10 * SECOND,
      or: ['receipt.today', 'receipt.todayMissing'],
    },
  },
  'receipt.missing': {
    means: 'so many are known to be missing, and (where it does not speak of an absence alone) no more are',
    when: (model, { n, absence }) =>
      number(n) > 0 &&
      somethingIsMissing(model) &&
      (absence !== undefined || model.brokenOff || model.knownMissing.length <= number(n) + 2),
    graceMs: 30 * SECOND,
    must: { when: isKnownToBeOpen, withinMs: 20 * SECOND, or: ['receipt.missingUnknown'] },
  },
  'receipt.missingUnknown': {
    means: 'something is missing, or nobody can say that nothing is',
    when: somethingIsMissing,
    graceMs: 30 * SECOND,
    boundWith: 'receipt.missing',
  },
  'receipt.healed': {
    means: 'a gap was open and what was missing in it is here',
    when: (model) =>
      model.file.gaps.some((gap) => gap.healedAt !== null) &&
      !model
        .missing()
        .some((event) =>
          model.file.gaps.some(
            (gap) =>
              gap.healedAt !== null &&
              gap.kind === 'sequence' &&
              event.life === model.server.life &&
              model.server.life === 1 &&
              event.sequence >= (gap.from ?? Infinity) &&
              event.sequence <= (gap.to ?? -Infinity),
          ),
        ),
    must: {
      when: (model) => isSignedIn(model) && model.file.gaps.some((gap) => gap.healedAt !== null),
      withinMs: 5 * SECOND,
    },
  },
  'receipt.restarted': {
    means: 'the server has begun to count anew',
    when: (model) => model.server.life > 1,
    must: {
      when: (model) => sawIdsAgain(model),
      withinMs: 20 * SECOND,
      or: ['receipt.gap.restart', 'receipt.gap.epoch', 'receipt.gap.stale', 'receipt.healed'],
    },
  },
  'receipt.ahead': {
    means: 'a preview of this time has arrived, and no more are to come than were ever published',
    when: (model, { time, n }) =>
      named(model, number(time)) !== null && number(n) <= model.server.published.length,
    must: { when: isPreviewed, withinMs: 5 * SECOND, or: ['receipt.gaps', 'receipt.unreadable'] },
  },
  'receipt.aheadUntimed': WORDS_ONLY,
  'receipt.absence': {
    means: 'nothing was heard for some minutes, because the app was closed or had no connection',
    // Where nothing is stored, life is noted once a minute. A clock that is set may take part of it for a pause.
    when: (model) => model.wire.longestSilenceMs > 230 * SECOND || model.clockSetMs < Infinity,
    must: { when: hasBeenAbsent, withinMs: 60 * SECOND, or: ['receipt.notForYou'] },
  },
  'receipt.absenceChanges': {
    means: 'no more changes are counted than are stored',
    when: (model, { n }) => number(n) <= model.file.stored.size,
    must: {
      when: hasBeenAbsent,
      withinMs: 60 * SECOND,
      or: ['receipt.absenceOnly', 'receipt.absenceNone', 'receipt.notForYou'],
    },
  },
  'receipt.absenceOnly': {
    means: 'no more changes are counted than are stored',
    when: (model, { n }) => number(n) <= model.file.stored.size,
    boundWith: 'receipt.absenceChanges',
  },
  'receipt.noGapInIt': {
    means: 'nothing is known to be missing',
    when: nothingKnownMissing,
    must: {
      when: (model) => hasBeenAbsent(model) && nothingContradicts(model),
      withinMs: 60 * SECOND,
      or: ['receipt.noneMissing', 'receipt.absenceNone'],
    },
  },
  'receipt.absenceNone': {
    means: 'nothing is known to be missing, and so nothing happened',
    when: nothingKnownMissing,
    boundWith: 'receipt.absenceChanges',
  },
  'receipt.noneMissing': {
    means: 'nothing is missing',
    when: (model) => model.knownMissing.length === 0,
    must: {
      when: (model) => hasBeenAbsent(model) && couldBeComplete(model),
      withinMs: 60 * SECOND,
      or: ['receipt.absenceNone'],
    },
  },

  ...GAP_SENTENCES,
};
