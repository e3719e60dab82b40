import type { Model } from '../model.ts';
import type { Args } from '../said.ts';
import { hasOpenGap, isKnownToBeOpen } from './receipt-truths.ts';
import type { Published } from '../published.ts';
import type { ListKey, Sentence } from '../sentence.ts';
import {
  cameLate,
  canBeFetched,
  cutOffMs,
  isBeingFetched,
  isCatchingUp,
  isOpenedMissing,
  missingOfOpened,
  isSignedIn,
  isSteady,
  lastOutcome,
  onlyForOthers,
  perhapsForThisUser,
  recently,
  somethingIsMissing,
  wasJustRevoked,
} from '../truths.ts';

const SECOND = 1_000;

const label: Sentence = { plain: 'a button, or the name of a place' };

/** Of what was published between these moments nothing is known to be missing. */
function wholeThen(model: Model, { since, until }: Args): boolean {
  const ahead = model.computerNow - model.now;
  const isThen = ({ at }: Published): boolean => at + ahead >= Number(since) && at + ahead <= Number(until);
  return !model.knownMissing.some(isThen) && !model.dropped.some(isThen);
}

const isEmpty = (model: Model): boolean => isSignedIn(model) && !isHereAlready(model);

/** Nothing has ever come: no change, no list. */
const isUnasked = ({ wire, baseline, foreignNames, file }: Model): boolean =>
  baseline === null && wire.arrivals.size === 0 && foreignNames.length === 0 && file.setAside.size === 0;

const isMissingLong = (model: Model): boolean => isKnownToBeOpen(model) && isSteady(model, 30 * SECOND);

const isOpenedMissingLong = (model: Model): boolean => isSteady(model, 30 * SECOND) && isOpenedMissing(model);

/** The summary of the last pause is there once everything is. */
const isAwayTold = (model: Model): boolean =>
  model.absence !== null && isSteady(model, 30 * SECOND) && model.foreignNames.length === 0;

const nothingIsMissing = (model: Model): boolean =>
  model.knownMissing.length === 0 && !somethingIsMissing(model);

/** Of what happened in the last pause something is missing that could be read. */
const wasSomethingMissing = ({ absence, knownMissing }: Model): boolean =>
  absence !== null &&
  knownMissing.some(({ at, form }) => at > absence.since && at < absence.until && form === 'good');

const isHereAlready = (model: Model): boolean => model.file.contracts.size > 0;

const cutOff = (model: Model): boolean => model.open === null;

const withoutBaseline = (model: Model): boolean => model.baseline === null;

const coming = (model: Model): boolean => cutOff(model) || isCatchingUp(model) || cameLate(model, 5 * SECOND);

export const LIST_SENTENCES: Record<ListKey, Sentence> = {
  'empty.notForYou.title': {
    means: 'what has come is addressed to others, or to nobody',
    when: (model) => onlyForOthers(model),
    must: {
      // What is missing may be for this user.
      when: (model) =>
        isEmpty(model) && model.open !== null && perhapsForThisUser(model) && !hasOpenGap(model, () => true),
      withinMs: 20 * SECOND,
    },
  },
  'empty.before.title': {
    means: 'no contract is here',
    when: (model) => !isHereAlready(model),
    must: {
      when: (model) => isEmpty(model) && isUnasked(model),
      withinMs: 10 * SECOND,
      // A head has named what never came.
      or: ['empty.doubt.gaps'],
    },
  },
  'empty.before.live': {
    means: 'a connection is open, and nothing has come over it that would have to be shown',
    when: (model) => !cutOff(model) && !isHereAlready(model) && model.foreignNames.length === 0,
    must: {
      when: (model) => isEmpty(model) && isUnasked(model) && isSteady(model, 20 * SECOND),
      withinMs: 10 * SECOND,
      or: ['empty.before.no_baseline', 'empty.before.coming', 'empty.doubt.gaps', 'empty.doubt.coming'],
    },
  },
  'empty.before.coming': {
    means: 'the server is being asked',
    when: (model) => coming(model) || recently(model, ['snapshot'], () => true, 30 * SECOND),
    unbound:
      'it lasts as long as a connection is being made or the first burst arrives: `connection.noConnection` and `connection.live` bound it',
  },
  'empty.before.cut_off': {
    means: 'there is no connection',
    when: cutOff,
    must: {
      when: (model) =>
        isEmpty(model) && isUnasked(model) && model.open === null && !model.wire.faults.offline,
      withinMs: 10 * SECOND,
      // A head has named what never came.
      or: ['empty.before.coming', 'empty.before.ended', 'empty.doubt.cut_off', 'empty.doubt.coming'],
    },
  },
  'empty.before.ended': { means: 'nothing is received', when: cutOff, boundWith: 'empty.before.cut_off' },
  'empty.before.no_baseline': {
    means: 'no list of all contracts has ever come',
    when: withoutBaseline,
    graceMs: 5 * SECOND,
    boundWith: 'empty.before.live',
  },
  'empty.doubt.coming': {
    means: 'older changes are still arriving, or a connection is being made',
    when: coming,
    boundWith: 'empty.doubt.cut_off',
  },
  'empty.doubt.cut_off': {
    means: 'there is no connection',
    when: cutOff,
    must: {
      when: (model) =>
        isSignedIn(model) &&
        (model.baseline !== null || isHereAlready(model)) &&
        cutOffMs(model) > 5 * SECOND,
      withinMs: 10 * SECOND,
      or: ['empty.doubt.coming', 'empty.doubt.ended', 'empty.notForYou.title'],
    },
  },
  'empty.doubt.ended': { means: 'nothing is received', when: cutOff, boundWith: 'empty.doubt.cut_off' },
  'empty.doubt.no_baseline': {
    means: 'no list of all contracts has ever come',
    when: withoutBaseline,
    graceMs: 5 * SECOND,
    must: {
      when: (model) =>
        isSignedIn(model) &&
        model.baseline === null &&
        (isHereAlready(model) || model.file.setAside.size > 0) &&
        isSteady(model, 60 * SECOND),
      withinMs: 10 * SECOND,
      or: ['empty.doubt.gaps', 'empty.doubt.coming', 'empty.notForYou.title', 'empty.before.no_baseline'],
    },
  },
  'empty.doubt.no_list': { provedBy: 'electron/integration/profile.test.ts' },
  'empty.doubt.gaps': {
    means: 'something is missing',
    when: somethingIsMissing,
    graceMs: 30 * SECOND,
    must: {
      when: (model) => isMissingLong(model) && isHereAlready(model),
      withinMs: 20 * SECOND,
      or: ['empty.doubt.coming'],
    },
  },
  'fetching.none': {
    means: 'the server has no snapshot, and no history of what is known to be missing',
    when: (model) => !canBeFetched(model),
    graceMs: 60 * SECOND,
    must: {
      when: (model) =>
        isOpenedMissingLong(model) &&
        !model.server.traits.snapshot &&
        !model.server.traits.history &&
        // Who answers in the server's name leaves it open what the server has.
        !recently(model, ['snapshot', 'history'], ({ answer }) => answer?.by !== 'server', 60 * SECOND),
      withinMs: 60 * SECOND,
    },
  },
  'fetching.running': {
    means: 'a snapshot or a history is being asked for, or was a moment ago, and what is missing can be had',
    when: (model) => model.recent(['snapshot', 'history'], 15 * SECOND).length > 0 && isBeingFetched(model),
    graceMs: 30 * SECOND,
    boundWith: 'fetching.next',
  },
  'fetching.next': {
    means: 'the moment lies ahead, or is now',
    when: (model, { time }) =>
      Number(time) > model.computerNow - 15 * SECOND || model.clockSetMs < 700 * SECOND,
    graceMs: 30 * SECOND,
    must: {
      when: (model) => isOpenedMissingLong(model) && canBeFetched(model),
      withinMs: 30 * SECOND,
      or: ['fetching.running', 'fetching.waiting'],
    },
  },
  'fetching.waiting': {
    means: 'there is no connection on which all has arrived',
    when: coming,
    boundWith: 'fetching.next',
  },
  'fetching.ended': {
    means: 'nothing is received',
    when: cutOff,
    must: {
      when: (model) =>
        model.open === null &&
        recently(
          model,
          ['stream', 'poll'],
          ({ answer }) => answer?.by === 'server' && answer.status === 403,
          30 * SECOND,
        ) &&
        (model.signedInMs ?? 0) > 5 * SECOND &&
        // What came unreadably before the first change that is here leaves no trace in the pane.
        missingOfOpened(model).length > 0 &&
        lastOutcome(model)?.answer?.by === 'server' &&
        lastOutcome(model)?.answer?.status === 403,
      withinMs: 10 * SECOND,
      or: ['fetching.none'],
    },
  },
  'empty.first.action': label,
  'empty.first.title': {
    means: 'no contract is here, none has come that would have to be, and none is known to be missing',
    when: (model) => model.file.contracts.size === 0 && !perhapsForThisUser(model) && !isMissingLong(model),
    graceMs: 20 * SECOND,
    must: {
      when: (model) => isEmpty(model) && model.baseline !== null,
      withinMs: 10 * SECOND,
      or: ['empty.notForYou.title', 'empty.before.title'],
    },
  },
  'empty.first.text': {
    means: 'what the server sends is for this user, or its heads say that nothing was to be',
    when: (model) => !perhapsForThisUser(model),
    must: {
      when: (model) => isEmpty(model) && model.baseline !== null && isSteady(model, 20 * SECOND),
      withinMs: 20 * SECOND,
      or: ['empty.notForYou.title', 'empty.doubt.gaps', 'empty.doubt.no_baseline', 'empty.doubt.coming'],
    },
  },
  'signIn.ended.by_user': { provedBy: 'electron/integration/session.test.ts' },
  'signIn.ended.locked': { provedBy: 'electron/account/session.test.ts' },
  'signIn.ended.forgotten': { provedBy: 'electron/integration/erase.test.ts' },
  'signIn.ended.expired': { provedBy: 'electron/account/session.test.ts' },
  'signIn.ended.revoked': {
    means: 'the token endpoint itself has refused',
    when: (model) =>
      model
        .recent(['refresh'], 86_400_000)
        .some(({ answer }) => answer?.by === 'server' && answer.status >= 400 && answer.status < 500),
    must: { when: wasJustRevoked, withinMs: 3 * SECOND },
  },
  'away.title': label,
  'away.span': label,
  'away.spanUntilToday': label,
  'away.contracts': { provedBy: 'electron/ledger/read-model/away.test.ts' },
  'away.needsYou': label,
  'away.others': label,
  'away.isNew': { provedBy: 'electron/ledger/read-model/away.test.ts' },
  'away.steps': { provedBy: 'electron/ledger/read-model/away.test.ts' },
  'away.stepsEarlier': { provedBy: 'electron/ledger/read-model/away.test.ts' },
  'away.more': { provedBy: 'electron/ledger/read-model/away.test.ts' },
  'away.done': label,
  'away.look': label,
  'away.banner': { provedBy: 'electron/ledger/read-model/away.test.ts' },
  'away.none.title': { provedBy: 'electron/ledger/read-model/away.test.ts' },
  'away.none.text': { plain: 'it explains when the summary is made' },
  'away.loading': label,
  'away.problem.title': { provedBy: 'e2e/come-back.spec.ts' },
  'away.problem.text': { provedBy: 'e2e/come-back.spec.ts' },
  'away.receipt': {
    means: 'of what was published in that time nothing is known to be missing',
    when: wholeThen,
    graceMs: 5 * SECOND,
    must: {
      when: (model) => isAwayTold(model) && nothingIsMissing(model),
      withinMs: 60 * SECOND,
      or: ['away.noGapSeen', 'away.changes'],
    },
  },
  'away.noGapSeen': {
    means: 'of what was published in that time nothing is known to be missing',
    when: wholeThen,
    graceMs: 5 * SECOND,
    boundWith: 'away.receipt',
  },
  'away.changes': {
    means: 'no more are counted than are stored',
    when: (model, { n }) => Number(n) <= model.file.stored.size,
    boundWith: 'away.receipt',
  },
  'away.missing': {
    means: 'no more are counted than are stored',
    when: (model, { n }) => Number(n) <= model.file.stored.size,
    must: { when: (model) => isAwayTold(model) && wasSomethingMissing(model), withinMs: 60 * SECOND },
  },
  'away.missingCount': {
    means: 'something is missing',
    when: somethingIsMissing,
    graceMs: 60 * SECOND,
    must: {
      when: (model) => isAwayTold(model) && wasSomethingMissing(model),
      withinMs: 60 * SECOND,
      or: ['away.missingUnknown'],
    },
  },
  'away.missingUnknown': {
    means: 'something is missing, or nobody can say that nothing is',
    when: somethingIsMissing,
    graceMs: 60 * SECOND,
    boundWith: 'away.missingCount',
  },
};
