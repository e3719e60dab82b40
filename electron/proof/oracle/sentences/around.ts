import type { Model } from '../model.ts';
import type { ListKey, Sentence, ToastKey, TrayKey } from '../sentence.ts';
import type { Args } from '../said.ts';
import type { Published } from '../published.ts';
import {
  cameLate,
  isBeingFetched,
  isCatchingUp,
  isLevel,
  needingByServer,
  onlyForOthers,
  perhapsForThisUser,
  recently,
  somethingIsMissing,
} from '../truths.ts';

const SECOND = 1_000;
const label: Sentence = { plain: 'a button, or the name of a place' };
const aboutADeed: Sentence = { provedBy: 'electron/proof/deeds.test.ts' };

/** Contracts that wait for the person, by the file; and by the server, once everything is here. */
function needs(model: Model, count: number): boolean {
  const byFile = [...model.file.contracts.values()].filter((contract) => contract.needsAction).length;
  return count === byFile && (!isLevel(model) || model.brokenOff || count === needingByServer(model));
}

export const TRAY_SENTENCES: Record<TrayKey, Sentence> = {
  'tray.open': label,
  'tray.quit': label,
  'tray.receiving': {
    means: 'older changes are still arriving, after a pause or because all of them arrive late',
    when: (model) => isCatchingUp(model) || cameLate(model, 5 * SECOND),
  },
  'tray.cutOff': {
    means: 'there is no connection',
    when: (model) => model.open === null || (model.connectedMs ?? 0) < 3 * SECOND,
  },
  'tray.signedOut': { means: 'nothing is received', when: (model) => model.open === null },
  'tray.needing': {
    means: 'so many contracts wait for the person',
    when: (model, { count }) => needs(model, Number(count)),
    graceMs: 3 * SECOND,
  },
  'tray.nothing': {
    means: 'no contract waits for the person',
    when: (model) => needs(model, 0),
    graceMs: 3 * SECOND,
  },
};

/** The conditions of the desktop's toasts are in toasts.ts: they are said once, not for a time. */
export const TOAST_SENTENCES: Record<ToastKey, Sentence> = {
  'notify.change': { means: 'toasts.ts', when: () => true },
  'notify.digest': { means: 'toasts.ts', when: () => true },
  'notify.back': { provedBy: 'electron/proof/deeds.test.ts' },
  'notify.changed': { provedBy: 'electron/notify/decide.test.ts' },
  'toast.label': label,
  'toast.undo': label,
  'toast.close': label,
  'toast.read': aboutADeed,
  'toast.unread': aboutADeed,
  'toast.view_read': aboutADeed,
  'toast.muted': aboutADeed,
  'toast.unmuted': aboutADeed,
  'toast.snoozed': aboutADeed,
  'toast.snoozedChange': aboutADeed,
  'toast.unsnoozed': aboutADeed,
  'toast.acknowledged': aboutADeed,
  'toast.acknowledgedLater': aboutADeed,
  'toast.undone': aboutADeed,
  'toast.nothing': aboutADeed,
  'toast.too_late': aboutADeed,
  'toast.one.read': aboutADeed,
  'toast.one.unread': aboutADeed,
  'toast.one.muted': aboutADeed,
  'toast.one.unmuted': aboutADeed,
  'toast.one.snoozed': aboutADeed,
  'toast.one.snoozedChange': aboutADeed,
  'toast.one.unsnoozed': aboutADeed,
  'toast.one.acknowledged': aboutADeed,
  'toast.one.acknowledgedLater': aboutADeed,
  'toast.one.undone': aboutADeed,
  'toast.one.nothing': aboutADeed,
  'toast.one.too_late': aboutADeed,
  'toast.one.reference_copied': { provedBy: 'electron/proof/settings.test.ts' },
  'toast.one.portal_no_template': { provedBy: 'electron/proof/settings.test.ts' },
  'toast.one.portal_not_https': { provedBy: 'electron/proof/settings.test.ts' },
  'toast.one.portal_refused': { provedBy: 'electron/proof/settings.test.ts' },
  'toast.view_saved': { provedBy: 'electron/ledger/saved-views.test.ts' },
  'toast.view_removed': { provedBy: 'electron/ledger/saved-views.test.ts' },
  'toast.reference_copied': { provedBy: 'electron/proof/settings.test.ts' },
  'toast.portal_no_template': { provedBy: 'electron/proof/settings.test.ts' },
  'toast.portal_not_https': { provedBy: 'electron/deeds/portal.test.ts' },
  'toast.portal_refused': { provedBy: 'electron/proof/settings.test.ts' },
  'toast.exported': { provedBy: 'electron/proof/export.test.ts' },
  'toast.neutralised': { provedBy: 'electron/export/export.test.ts' },
};

/** Of what was published between these moments nothing is known to be missing. */
function wholeThen(model: Model, { since, until }: Args): boolean {
  const ahead = model.computerNow - model.now;
  const isThen = ({ at }: Published): boolean => at + ahead >= Number(since) && at + ahead <= Number(until);
  return !model.knownMissing.some(isThen) && !model.dropped.some(isThen);
}

const isHereAlready = (model: Model): boolean => model.file.contracts.size > 0;
const cutOff = (model: Model): boolean => model.open === null;
const withoutBaseline = (model: Model): boolean => model.baseline === null;
const coming = (model: Model): boolean => cutOff(model) || isCatchingUp(model);

export const LIST_SENTENCES: Record<ListKey, Sentence> = {
  'empty.notForYou.title': {
    means: 'what has come is addressed to others, or to nobody',
    when: (model) => onlyForOthers(model),
  },
  'empty.before.title': { means: 'no contract is here', when: (model) => !isHereAlready(model) },
  'empty.before.live': {
    means: 'a connection is open, and nothing has come over it that would have to be shown',
    when: (model) => !cutOff(model) && !isHereAlready(model) && model.foreignNames.length === 0,
  },
  'empty.before.coming': {
    means: 'the server is being asked',
    when: (model) => coming(model) || recently(model, ['snapshot'], () => true, 30 * SECOND),
  },
  'empty.before.cut_off': { means: 'there is no connection', when: cutOff },
  'empty.before.ended': { means: 'nothing is received', when: cutOff },
  'empty.before.no_baseline': {
    means: 'no list of all contracts has ever come',
    when: withoutBaseline,
    graceMs: 5 * SECOND,
  },
  'empty.doubt.coming': {
    means: 'older changes are still arriving, or a connection is being made',
    when: coming,
  },
  'empty.doubt.cut_off': { means: 'there is no connection', when: cutOff },
  'empty.doubt.ended': { means: 'nothing is received', when: cutOff },
  'empty.doubt.no_baseline': {
    means: 'no list of all contracts has ever come',
    when: withoutBaseline,
    graceMs: 5 * SECOND,
  },
  'empty.doubt.holes': { means: 'something is missing', when: somethingIsMissing, graceMs: 30 * SECOND },
  'fetching.none': {
    means: 'the server has no snapshot',
    when: ({ server }) => !server.traits.snapshot,
  },
  'fetching.running': {
    means: 'a snapshot or a history is being asked for, or was a moment ago, and what is missing can be had',
    when: (model) => model.recent(['snapshot', 'history'], 15 * SECOND).length > 0 && isBeingFetched(model),
    graceMs: 30 * SECOND,
  },
  'fetching.next': {
    means: 'the moment lies ahead, or is now',
    when: (model, { time }) =>
      Number(time) > model.computerNow - 15 * SECOND || model.clockSetMs < 700 * SECOND,
    graceMs: 30 * SECOND,
  },
  'fetching.waiting': { means: 'there is no connection on which all has arrived', when: coming },
  'fetching.ended': { means: 'nothing is received', when: cutOff },
  'empty.first.action': label,
  'empty.first.title': {
    means: 'no contract is here, and none has come that would have to be',
    when: (model) => model.file.contracts.size === 0 && !perhapsForThisUser(model),
  },
  'empty.first.text': {
    means: 'what the server sends is for this user, or its heads say that nothing was to be',
    when: (model) => !perhapsForThisUser(model),
  },
  'signIn.ended.by_user': { provedBy: 'electron/proof/session.test.ts' },
  'signIn.ended.locked': { provedBy: 'electron/account/session.test.ts' },
  'signIn.ended.forgotten': { provedBy: 'electron/proof/erase.test.ts' },
  'signIn.ended.expired': { provedBy: 'electron/account/session.test.ts' },
  'signIn.ended.revoked': {
    means: 'the token endpoint itself has refused',
    when: (model) =>
      model
        .recent(['refresh'], 86_400_000)
        .some(({ answer }) => answer?.by === 'server' && answer.status >= 400 && answer.status < 500),
  },
  'away.title': label,
  'away.span': label,
  'away.spanUntilToday': label,
  'away.contracts': { provedBy: 'electron/ledger/away.test.ts' },
  'away.needsYou': label,
  'away.others': label,
  'away.isNew': { provedBy: 'electron/ledger/away.test.ts' },
  'away.steps': { provedBy: 'electron/ledger/away.test.ts' },
  'away.stepsEarlier': { provedBy: 'electron/ledger/away.test.ts' },
  'away.more': { provedBy: 'electron/ledger/away.test.ts' },
  'away.done': label,
  'away.look': label,
  'away.banner': { provedBy: 'electron/ledger/away.test.ts' },
  'away.none.title': { provedBy: 'electron/ledger/away.test.ts' },
  'away.none.text': { plain: 'it explains when the summary is made' },
  'away.loading': label,
  'away.problem.title': { provedBy: 'e2e/come-back.spec.ts' },
  'away.problem.text': { provedBy: 'e2e/come-back.spec.ts' },
  'away.receipt': {
    means: 'of what was published in that time nothing is known to be missing',
    when: wholeThen,
    graceMs: 5 * SECOND,
  },
  'away.noGapSeen': {
    means: 'of what was published in that time nothing is known to be missing',
    when: wholeThen,
    graceMs: 5 * SECOND,
  },
  'away.changes': {
    means: 'no more are counted than are stored',
    when: (model, { n }) => Number(n) <= model.file.stored.size,
  },
  'away.missing': {
    means: 'no more are counted than are stored',
    when: (model, { n }) => Number(n) <= model.file.stored.size,
  },
  'away.missingCount': { means: 'something is missing', when: somethingIsMissing, graceMs: 60 * SECOND },
  'away.missingUnknown': {
    means: 'something is missing, or nobody can say that nothing is',
    when: somethingIsMissing,
    graceMs: 60 * SECOND,
  },
};
