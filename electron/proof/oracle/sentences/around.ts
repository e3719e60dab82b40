import type { Model } from '../model.ts';
import type { Sentence, ToastKey, TrayKey } from '../sentence.ts';
import {
  cameLate,
  cutOffMs,
  isCatchingUp,
  isLevel,
  isSignedIn,
  isSteady,
  needingByServer,
  wasJustRevoked,
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
    unbound:
      'it ends as what was missed has arrived; how long it may stand, the bound of `connection.live` says',
  },
  'tray.cutOff': {
    means: 'there is no connection',
    when: (model) => model.open === null || (model.connectedMs ?? 0) < 3 * SECOND,
    must: {
      when: (model) => isSignedIn(model) && !model.wire.weather.offline && cutOffMs(model) > 5 * SECOND,
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
        [...model.file.contracts.values()].some((contract) => contract.needsAction),
      withinMs: 5 * SECOND,
    },
  },
  'tray.nothing': {
    means: 'no contract waits for the person',
    when: (model) => needs(model, 0),
    graceMs: 3 * SECOND,
    must: {
      when: (model) =>
        isSteady(model, 20 * SECOND) &&
        ![...model.file.contracts.values()].some((contract) => contract.needsAction),
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
