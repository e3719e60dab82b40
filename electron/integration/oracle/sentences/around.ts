import type { Model } from '../model.ts';
import type { Sentence, ToastKey, TrayKey } from '../sentence.ts';
import {
  cameLate,
  cutOffMs,
  isCatchingUp,
  isCaughtUp,
  isSignedIn,
  isSteady,
  needingByServer,
  wasJustRevoked,
} from '../truths.ts';

const SECOND = 1_000;

const label: Sentence = { plain: 'a button, or the name of a place' };

const aboutAnAction: Sentence = { provedBy: 'electron/integration/actions.test.ts' };

/** Contracts that wait for the person and are not muted, by the file; and by the server, once everything is here. */
function needs(model: Model, count: number): boolean {
  const byFile = [...model.file.contracts.values()].filter(
    ({ needsAction, muted }) => needsAction && !muted,
  ).length;
  return count === byFile && (!isCaughtUp(model) || model.brokenOff || count === needingByServer(model));
}

const hasMuted = ({ file }: Model): boolean =>
  [...file.contracts.values()].some(({ needsAction, muted }) => needsAction && muted);

export const TRAY_SENTENCES: Record<TrayKey, Sentence> = {
  'tray.open': label,
  'tray.quit': label,
  'tray.pause.hour': label,
  'tray.pause.tomorrow': label,
  'tray.resume': label,
  'tray.paused': { provedBy: 'electron/shell/tray-menu.test.ts' },
  'tray.receiving': {
    means: 'older changes are still arriving, after a pause or because all of them arrive late',
    when: (model) => isCatchingUp(model) || cameLate(model, 5 * SECOND),
    unbound:
      'it ends as what was missed has arrived; how long it may stand, the bound of `connection.live` says',
  },
  'tray.cutOff': {
    means: 'there is no connection',
    when: (model) => model.open === null || (model.connectedMs ?? 0) < 3 * SECOND,
    must: {
      when: (model) => isSignedIn(model) && !model.wire.faults.offline && cutOffMs(model) > 5 * SECOND,
      withinMs: 5 * SECOND,
      or: ['tray.needing'],
    },
  },
  'tray.signedOut': {
    means: 'nothing is received',
    when: (model) => model.open === null,
    must: { when: (model) => wasJustRevoked(model), withinMs: 3 * SECOND },
  },
  'tray.needing': {
    means: 'so many contracts wait for the person',
    when: (model, { count }) => needs(model, Number(count)),
    graceMs: 3 * SECOND,
    must: {
      when: (model) =>
        isSteady(model, 20 * SECOND) &&
        [...model.file.contracts.values()].some(({ needsAction, muted }) => needsAction && !muted),
      withinMs: 5 * SECOND,
    },
  },
  // Nobody mutes anything in these worlds.
  'tray.onlyMuted': { provedBy: 'electron/shell/tray-menu.test.ts' },
  'tray.nothing': {
    means: 'no contract waits for the person, muted or not',
    when: (model) => needs(model, 0) && !hasMuted(model),
    graceMs: 3 * SECOND,
    must: {
      when: (model) =>
        isSteady(model, 20 * SECOND) &&
        ![...model.file.contracts.values()].some(({ needsAction, muted }) => needsAction && !muted),
      withinMs: 5 * SECOND,
      or: ['tray.receiving'],
    },
  },
};

const IN_TOASTS =
  'it is said once: toasts.ts demands one of the two within 75 s of a change that needs the person';

/** The conditions of the desktop's toasts are in toasts.ts: they are said once, not for a time. */
export const TOAST_SENTENCES: Record<ToastKey, Sentence> = {
  'notify.change': { means: 'toasts.ts', when: () => true, unbound: IN_TOASTS },
  'notify.digest': { means: 'toasts.ts', when: () => true, unbound: IN_TOASTS },
  'notify.back': { provedBy: 'electron/integration/actions.test.ts' },
  'notify.changed': { provedBy: 'electron/notifications/decide.test.ts' },
  'toast.label': label,
  'toast.undo': label,
  'toast.close': label,
  'toast.read': aboutAnAction,
  'toast.unread': aboutAnAction,
  'toast.view_read': aboutAnAction,
  'toast.muted': aboutAnAction,
  'toast.unmuted': aboutAnAction,
  'toast.snoozed': aboutAnAction,
  'toast.snoozedChange': aboutAnAction,
  'toast.unsnoozed': aboutAnAction,
  'toast.acknowledged': aboutAnAction,
  'toast.acknowledgedLater': aboutAnAction,
  'toast.undone': aboutAnAction,
  'toast.nothing': aboutAnAction,
  'toast.too_late': aboutAnAction,
  'toast.acknowledged_too_late': aboutAnAction,
  'toast.one.read': aboutAnAction,
  'toast.one.unread': aboutAnAction,
  'toast.one.muted': aboutAnAction,
  'toast.one.unmuted': aboutAnAction,
  'toast.one.snoozed': aboutAnAction,
  'toast.one.snoozedChange': aboutAnAction,
  'toast.one.unsnoozed': aboutAnAction,
  'toast.one.acknowledged': aboutAnAction,
  'toast.one.acknowledgedLater': aboutAnAction,
  'toast.one.undone': aboutAnAction,
  'toast.one.nothing': aboutAnAction,
  'toast.one.too_late': aboutAnAction,
  'toast.one.acknowledged_too_late': aboutAnAction,
  'toast.one.reference_copied': { provedBy: 'electron/integration/settings.test.ts' },
  'toast.one.portal_no_template': { provedBy: 'electron/integration/settings.test.ts' },
  'toast.one.portal_not_https': { provedBy: 'electron/integration/settings.test.ts' },
  'toast.one.portal_refused': { provedBy: 'electron/integration/settings.test.ts' },
  'toast.view_saved': { provedBy: 'electron/ledger/actions/saved-views.test.ts' },
  'toast.view_removed': { provedBy: 'electron/ledger/actions/saved-views.test.ts' },
  'toast.reference_copied': { provedBy: 'electron/integration/settings.test.ts' },
  'toast.portal_no_template': { provedBy: 'electron/integration/settings.test.ts' },
  'toast.portal_not_https': { provedBy: 'electron/actions/portal.test.ts' },
  'toast.portal_refused': { provedBy: 'electron/integration/settings.test.ts' },
  'toast.exported': { provedBy: 'electron/integration/export.test.ts' },
  'toast.neutralised': { provedBy: 'electron/export/export.test.ts' },
};
