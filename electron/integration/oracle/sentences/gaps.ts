import type { ReceiptKey, Sentence } from '../sentence.ts';
import { canBeFetched, cutOffMs, isSignedIn, isSteady } from '../truths.ts';
import {
  arrivedUnreadable,
  couldBeFetchedNowhere,
  hasOpenGap,
  hasUnreadable,
  isAhead,
  isKnownToBeOpen,
  isVersionMissing,
  missingOf,
} from './receipt-truths.ts';

const SECOND = 1_000;

/** Words for facts that the ledger never gives without their number or name today. */
const WORDS_ONLY: Sentence = { provedBy: 'renderer/features/connection/words.test.ts' };

const number = (value: unknown): number => Number(value);

export const OF_A_GAP: readonly ReceiptKey[] = [
  'receipt.gap.sequence',
  'receipt.gap.sequenceUnknown',
  'receipt.gap.version',
  'receipt.gap.versionUnknown',
  'receipt.gap.stale',
  'receipt.gap.epoch',
  'receipt.gap.quarantine',
  'receipt.gap.quarantineUnknown',
  'receipt.gap.restart',
];

type GapKey = Extract<ReceiptKey, `receipt.gap.${string}`>;

/** Of each open gap: what is missing, since when, and what is done about it. */
export const GAP_SENTENCES: Record<GapKey, Sentence> = {
  'receipt.gap.restart': {
    means: 'the server has begun to count anew, or went back',
    when: (model) => model.server.life > 1,
    boundWith: 'receipt.restarted',
  },
  'receipt.gap.sequence': {
    means: 'of these numbers at least one is not stored',
    when: (model, { range }) => {
      const [from, to] = String(range).split('–').map(Number);
      return (
        model.brokenOff ||
        model.missing().some((event) => event.sequence >= (from ?? 0) && event.sequence <= (to ?? from ?? 0))
      );
    },
    graceMs: 30 * SECOND,
    must: { when: isKnownToBeOpen, withinMs: 20 * SECOND, or: OF_A_GAP },
  },
  'receipt.gap.sequenceUnknown': { provedBy: 'electron/integration/named-head.test.ts' },
  'receipt.gap.version': {
    means: 'a change of this contract is missing',
    when: (model, { contract }) => missingOf(model, contract),
    graceMs: 30 * SECOND,
    must: {
      when: isVersionMissing,
      withinMs: 20 * SECOND,
      // What a head names without a place may be any change.
      or: OF_A_GAP.filter((key) => key !== 'receipt.gap.sequence'),
    },
  },
  'receipt.gap.versionUnknown': WORDS_ONLY,
  'receipt.gap.stale': {
    means: 'the server has said that it cannot go on from where the app stands',
    when: (model) => model.brokenOff,
    boundWith: 'receipt.gap.sequence',
  },
  'receipt.gap.epoch': {
    means: 'the server has begun a new log, and nobody can say what the old one held at its end',
    when: (model) => model.server.life > 1,
    boundWith: 'receipt.gap.sequence',
  },
  'receipt.gap.quarantine': {
    means: 'an event of this contract has arrived that cannot be read',
    when: (model, { contract }) => arrivedUnreadable(model, contract),
    graceMs: 30 * SECOND,
    must: {
      when: hasUnreadable,
      withinMs: 40 * SECOND,
      or: [
        'receipt.gap.quarantineUnknown',
        'receipt.gap.version',
        'receipt.gap.restart',
        'receipt.gap.epoch',
        'receipt.gap.stale',
      ],
    },
  },
  'receipt.gap.quarantineUnknown': {
    means: 'an event has arrived that cannot be read',
    when: (model) => arrivedUnreadable(model),
    graceMs: 30 * SECOND,
    boundWith: 'receipt.gap.sequence',
  },
  'receipt.gap.since': { plain: 'it names when the gap was found' },
  'receipt.gap.attempts': { plain: 'it counts requests, of which nothing is concluded' },
  'receipt.gap.askedAgain': {
    means: 'the moment lies ahead, or is now',
    when: (model, { time }) =>
      number(time) > model.computerNow - 15 * SECOND || model.clockSetMs < 700 * SECOND,
    graceMs: 10 * SECOND,
    must: {
      when: (model) =>
        isSteady(model, 5 * SECOND) &&
        hasOpenGap(model, (gap) => gap.kind === 'quarantine' && isAhead(model, gap)),
      withinMs: 5 * SECOND,
    },
  },
  'receipt.gap.none': {
    means: 'the server has no snapshot, and no history of what is known to be missing',
    when: (model) => !canBeFetched(model),
    graceMs: 60 * SECOND,
    must: { when: (model) => couldBeFetchedNowhere(model), withinMs: 60 * SECOND },
  },
  'receipt.gap.running': {
    means: 'a snapshot or a history is being asked for, or was a moment ago',
    // The moment of the next attempt is over by a clock that was set.
    when: (model) =>
      model.recent(['snapshot', 'history'], 15 * SECOND).length > 0 ||
      model.wire.faults.offline ||
      model.clockSetMs < 700 * SECOND,
    graceMs: 30 * SECOND,
    unbound: 'an attempt takes a moment: then the gap is closed, or `receipt.gap.nextTry` is owed',
  },
  'receipt.gap.nextTry': {
    means: 'the moment lies ahead, or is now',
    when: (model, { time }) =>
      number(time) > model.computerNow - 15 * SECOND ||
      model.wire.faults.offline ||
      model.clockSetMs < 700 * SECOND,
    graceMs: 10 * SECOND,
    must: {
      when: (model) =>
        isSteady(model, 5 * SECOND) &&
        hasOpenGap(model, (gap) => gap.kind !== 'quarantine' && isAhead(model, gap)),
      withinMs: 5 * SECOND,
      or: ['receipt.gap.none'],
    },
  },
  'receipt.gap.waiting': {
    means: 'there is no connection',
    when: (model) => model.open === null || (model.connectedMs ?? 0) < 20 * SECOND,
    must: {
      when: (model) =>
        isSignedIn(model) &&
        cutOffMs(model) > 5 * SECOND &&
        hasOpenGap(model, (gap) => gap.kind !== 'quarantine'),
      withinMs: 5 * SECOND,
      or: ['receipt.gap.none'],
    },
  },
};
