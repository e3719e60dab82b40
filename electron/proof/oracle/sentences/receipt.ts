import type { Args } from '../said.ts';
import type { Model } from '../model.ts';
import type { ReceiptKey, Sentence } from '../sentence.ts';
import {
  isBeingFetched,
  isComplete,
  isUnproven,
  named,
  onlyForOthers,
  somethingIsMissing,
} from '../truths.ts';

const SECOND = 1_000;

const label: Sentence = { plain: 'the name of a part of the panel' };

/** Words for facts that the ledger never gives without their number or name today. */
const WORDS_ONLY: Sentence = { provedBy: 'renderer/connection/words.test.ts' };

const number = (value: unknown): number => Number(value);

/** Complete up to a moment that the server itself named, with everything of before it stored. */
function completeUpTo(model: Model, { time, event }: Args): boolean {
  const proof = time === undefined ? null : named(model, number(time));
  if (time !== undefined && proof === null) return false;
  if (event !== undefined && proof !== null && proof.id !== null && !proof.id.endsWith(String(event)))
    return false;
  return isComplete(model, proof?.published ?? model.server.published.length);
}

const nothingKnownMissing = (model: Model): boolean =>
  model.knownMissing.length === 0 && model.dropped.length === 0;

/** Everything that a receipt can be complete by is there. */
function couldBeComplete(model: Model): boolean {
  const { traits } = model.server;
  return (
    traits.heads &&
    traits.ids === 'own' &&
    traits.snapshot &&
    model.baseline !== null &&
    !model.brokenOff &&
    (model.connectedMs ?? 0) > 3 * model.heartbeatMs + 20 * SECOND &&
    model.waitingMs === 0 &&
    model.missing().length === 0 &&
    model.dropped.length === 0
  );
}

const COMPLETE = ['receipt.completeTime', 'receipt.completeEvent', 'receipt.completeBare'] as const;
const OF_A_GAP = [
  'receipt.hole.sequence',
  'receipt.hole.sequenceUnknown',
  'receipt.hole.version',
  'receipt.hole.versionUnknown',
  'receipt.hole.stale',
  'receipt.hole.epoch',
  'receipt.hole.quarantine',
  'receipt.hole.quarantineUnknown',
] as const;

/** Changes stored since midnight of the computer's day; the file's own count of rows. */
function storedToday(model: Model): number {
  const midnight = new Date(model.computerNow).setHours(0, 0, 0, 0);
  return [...model.file.receivedAt.values()].filter((at) => at >= midnight).length;
}

/** The day is looked at once a minute: a clock that was set is taken up by then. */
const isToday = (model: Model, { n, count }: Args): boolean =>
  model.clockSetMs < 70 * SECOND || number(n ?? count) === storedToday(model);

function missingOf(model: Model, contract: unknown): boolean {
  return model.missing().some((event) => event.contractId === contract) || model.brokenOff;
}

export const RECEIPT_SENTENCES: Record<ReceiptKey, Sentence> = {
  'receipt.label': label,
  'receipt.openHoles': label,
  'receipt.complete': {
    means:
      'the server named this event as the newest at this time, all that was published before it since the baseline is stored, and nothing later is known to be missing',
    when: completeUpTo,
    must: { when: couldBeComplete, withinMs: 60 * SECOND, or: COMPLETE },
  },
  'receipt.completeShort': { means: 'as `receipt.complete`', when: completeUpTo },
  'receipt.completeTime': WORDS_ONLY,
  'receipt.completeEvent': WORDS_ONLY,
  'receipt.completeBare': WORDS_ONLY,
  'receipt.confirming': {
    means: 'nothing is known to be missing, and no head has been named for the newest',
    when: nothingKnownMissing,
  },
  'receipt.confirmingShort': { means: 'as `receipt.confirming`', when: nothingKnownMissing },
  'receipt.no_gap_seen': {
    means:
      'nothing that has arrived was left out or shows that something before it is missing, and the server numbers nothing or names no head',
    when: (model) => nothingKnownMissing(model),
    must: {
      when: (model) =>
        !couldBeComplete(model) &&
        model.server.traits.ids !== 'own' &&
        nothingKnownMissing(model) &&
        !somethingIsMissing(model) &&
        model.foreignNames.length === 0 &&
        model.file.receivedAt.size > 0 &&
        (model.connectedMs ?? 0) > 20 * SECOND,
      withinMs: 60 * SECOND,
      or: ['receipt.complete', ...COMPLETE, 'receipt.no_baseline'],
    },
  },
  'receipt.no_gap_seenShort': { means: 'as `receipt.no_gap_seen`', when: nothingKnownMissing },
  'receipt.no_baseline': {
    means: 'nothing is known to be missing, and no list of all contracts has ever come',
    when: (model) => nothingKnownMissing(model) && model.baseline === null,
    graceMs: 5 * SECOND,
  },
  'receipt.no_baselineShort': {
    means: 'no list of all contracts has ever come',
    when: (model) => model.baseline === null,
    graceMs: 5 * SECOND,
  },
  'receipt.holes': {
    means: 'something is missing, or nobody can say that nothing is',
    when: somethingIsMissing,
    graceMs: 30 * SECOND,
    must: {
      when: (model) => model.knownMissing.some((event) => event.form !== 'unreadable') && model.open !== null,
      withinMs: 20 * SECOND,
      or: [...OF_A_GAP, 'receipt.unreadable'],
    },
  },
  'receipt.fetching': {
    means: 'of what is missing something can be had, or has not been asked for yet',
    when: (model) => isBeingFetched(model),
    graceMs: 30 * SECOND,
  },
  'receipt.fetchingLater': {
    means: 'there is no connection',
    when: (model) => model.open === null || (model.connectedMs ?? 0) < 3 * SECOND,
  },
  'receipt.unreadable': {
    means: 'so many have arrived that cannot be read',
    when: (model, { n }) => arrivedUnreadable(model) && number(n) > 0,
    graceMs: 30 * SECOND,
  },
  'receipt.unreadableShort': {
    means: 'as `receipt.unreadable`',
    when: (model) => arrivedUnreadable(model),
    graceMs: 30 * SECOND,
  },
  'receipt.notForYou': {
    means: 'events have come, and none of them was addressed to this user',
    when: onlyForOthers,
    must: {
      when: (model) =>
        onlyForOthers(model) &&
        model.open !== null &&
        model.file.contracts.size === 0 &&
        !model.server.traits.heads,
      withinMs: 10 * SECOND,
    },
  },
  'receipt.notForYouShort': { means: 'as `receipt.notForYou`', when: onlyForOthers },
  'receipt.withoutName': {
    means: 'an event without a name has come',
    when: ({ foreignNames }) => foreignNames.includes(''),
  },
  'receipt.holesShort': {
    means: 'something is missing, or nobody can say that nothing is',
    when: somethingIsMissing,
    graceMs: 30 * SECOND,
  },
  'receipt.nothing_yet': {
    means: 'nothing has arrived: no change and no snapshot',
    when: (model) => model.file.stored.size === 0 && model.file.contracts.size === 0,
  },
  'receipt.nothing_yetShort': {
    means: 'as `receipt.nothing_yet`',
    when: (model) => model.file.stored.size === 0 && model.file.contracts.size === 0,
  },
  'receipt.todayNone': {
    means: 'nothing was stored since midnight',
    when: (model) => isToday(model, { n: 0 }),
  },
  'receipt.today': {
    means: 'so many were stored since midnight, and none is missing',
    when: (model, args) => isToday(model, args) && nothingKnownMissing(model),
  },
  'receipt.todayMissing': { means: 'so many were stored since midnight', when: isToday },
  'receipt.todayOnly': { means: 'so many were stored since midnight', when: isToday },
  'receipt.missing': {
    means: 'so many are known to be missing, and (where it does not speak of an absence alone) no more are',
    when: (model, { n, absence }) =>
      number(n) > 0 &&
      somethingIsMissing(model) &&
      (absence !== undefined || model.brokenOff || model.knownMissing.length <= number(n) + 2),
    graceMs: 30 * SECOND,
  },
  'receipt.missingUnknown': {
    means: 'something is missing, or nobody can say that nothing is',
    when: somethingIsMissing,
    graceMs: 30 * SECOND,
  },
  'receipt.healed': {
    means: 'a gap was open and what was missing in it is here',
    when: (model) =>
      model.file.holes.some((hole) => hole.healedAt !== null) &&
      !model
        .missing()
        .some((event) =>
          model.file.holes.some(
            (hole) =>
              hole.healedAt !== null &&
              hole.kind === 'sequence' &&
              event.life === model.server.life &&
              model.server.life === 1 &&
              event.sequence >= (hole.from ?? Infinity) &&
              event.sequence <= (hole.to ?? -Infinity),
          ),
        ),
  },
  'receipt.restarted': {
    means: 'the server has begun to count anew',
    when: (model) => model.server.life > 1,
    must: {
      when: sawIdsAgain,
      withinMs: 20 * SECOND,
      or: ['receipt.hole.restart', 'receipt.hole.epoch', 'receipt.hole.stale', 'receipt.healed'],
    },
  },
  'receipt.hole.restart': {
    means: 'the server has begun to count anew, or went back',
    when: (model) => model.server.life > 1,
  },
  'receipt.ahead': {
    means: 'a preview of this time has arrived, and no more are to come than were ever published',
    when: (model, { time, n }) =>
      named(model, number(time)) !== null && number(n) <= model.server.published.length,
  },
  'receipt.absence': { plain: 'it names the time of which the next words speak' },
  'receipt.absenceChanges': {
    means: 'no more changes are counted than are stored',
    when: (model, { n }) => number(n) <= model.file.stored.size,
  },
  'receipt.absenceOnly': {
    means: 'no more changes are counted than are stored',
    when: (model, { n }) => number(n) <= model.file.stored.size,
  },
  'receipt.noGapInIt': { means: 'nothing is known to be missing', when: nothingKnownMissing },
  'receipt.absenceNone': {
    means: 'nothing is known to be missing, and so nothing happened',
    when: nothingKnownMissing,
  },
  'receipt.noneMissing': { means: 'nothing is missing', when: (model) => model.knownMissing.length === 0 },

  'receipt.hole.sequence': {
    means: 'of these numbers at least one is not stored',
    when: (model, { range }) => {
      const [from, to] = String(range).split('–').map(Number);
      return (
        model.brokenOff ||
        model.missing().some((event) => event.sequence >= (from ?? 0) && event.sequence <= (to ?? from ?? 0))
      );
    },
    graceMs: 30 * SECOND,
  },
  'receipt.hole.sequenceUnknown': { provedBy: 'electron/proof/named-head.test.ts' },
  'receipt.hole.version': {
    means: 'a change of this contract is missing',
    when: (model, { contract }) => missingOf(model, contract),
    graceMs: 30 * SECOND,
  },
  'receipt.hole.versionUnknown': WORDS_ONLY,
  'receipt.hole.stale': {
    means: 'the server has said that it cannot go on from where the app stands',
    when: (model) => model.brokenOff,
  },
  'receipt.hole.epoch': { means: 'the server has begun a new log', when: (model) => model.server.life > 1 },
  'receipt.hole.quarantine': {
    means: 'an event of this contract has arrived that cannot be read',
    when: (model, { contract }) => arrivedUnreadable(model, contract),
    graceMs: 30 * SECOND,
  },
  'receipt.hole.quarantineUnknown': {
    means: 'an event has arrived that cannot be read',
    when: (model) => arrivedUnreadable(model),
    graceMs: 30 * SECOND,
  },
  'receipt.hole.since': { plain: 'it names when the gap was found' },
  'receipt.hole.attempts': { plain: 'it counts requests, of which nothing is concluded' },
  'receipt.hole.askedAgain': {
    means: 'the moment lies ahead, or is now',
    when: (model, { time }) =>
      number(time) > model.computerNow - 15 * SECOND || model.clockSetMs < 700 * SECOND,
    graceMs: 10 * SECOND,
  },
  'receipt.hole.none': {
    means: 'the server has no snapshot',
    when: ({ server }) => !server.traits.snapshot,
  },
  'receipt.hole.running': {
    means: 'a snapshot or a history is being asked for, or was a moment ago',
    when: (model) =>
      model.recent(['snapshot', 'history'], 15 * SECOND).length > 0 || model.wire.weather.offline,
    graceMs: 30 * SECOND,
  },
  'receipt.hole.nextTry': {
    means: 'the moment lies ahead, or is now',
    when: (model, { time }) =>
      number(time) > model.computerNow - 15 * SECOND ||
      model.wire.weather.offline ||
      model.clockSetMs < 700 * SECOND,
    graceMs: 10 * SECOND,
  },
  'receipt.hole.waiting': {
    means: 'there is no connection',
    when: (model) => model.open === null || (model.connectedMs ?? 0) < 20 * SECOND,
  },
};

function arrivedUnreadable(model: Model, contract?: unknown): boolean {
  return [...model.wire.arrivals].some(
    ([event, at]) =>
      event.form !== 'good' &&
      (!model.file.stored.has(event) || isUnproven(model, at)) &&
      (contract === undefined || event.contractId === contract),
  );
}

/** One id has come twice, for two changes. */
function sawIdsAgain({ wire }: Model): boolean {
  const seen = new Map<string, number>();
  for (const { id, n } of wire.arrivals.keys()) {
    if ((seen.get(id) ?? n) !== n) return true;
    seen.set(id, n);
  }
  return false;
}
