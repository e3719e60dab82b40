import { Notification, app } from 'electron';
import type { Toast } from '../app/core-types.ts';
import type { Log } from '../ports/log.ts';
import { escapeMarkup } from './markup.ts';

export interface Toasts {
  /** Shows it, in place of the one with the same tag. */
  show(toast: Toast): void;
  /** Takes these away, or all of them: after the app's end a click could do nothing. */
  withdraw(tags: readonly string[] | 'all'): void;
}

/** A notification that nothing refers to is collected, and its click with it; the oldest beyond this are given up. */
const MAX_KEPT = 50;

/**
 * `onClick` gets the toast's contract, or null for the feed. `readsMarkup`: whether this desktop takes a body for markup; a party's
 * name could be a link or a picture there.
 */
export function createToasts(
  log: Log,
  readsMarkup: Promise<boolean>,
  onClick: (contractId: string | null) => void,
): Toasts {
  // Windows shows toasts only for an app with the id of its shortcut (appId in electron-builder.yml).
  if (process.platform === 'win32') app.setAppUserModelId('app.contractpulse.desktop');
  const shown = new Map<string, Notification>();
  let saidUnsupported = false;
  /** To be shown once it is known how their bodies are read. */
  const waiting = new Map<string, Toast>();

  function remove(tag: string): void {
    waiting.delete(tag);
    const notification = shown.get(tag);
    shown.delete(tag);
    notification?.close();
  }

  function present(toast: Toast, body: string): void {
    waiting.delete(toast.tag);
    const notification = new Notification({
      title: toast.title,
      body,
      urgency: toast.urgent ? 'critical' : 'normal',
      timeoutType: 'default',
    });
    const forget = (): void => {
      if (shown.get(toast.tag) === notification) shown.delete(toast.tag);
    };
    notification.on('click', () => {
      forget();
      onClick(toast.contractId);
    });
    notification.on('failed', () => {
      forget();
      log.warn('the system did not take a notification');
    });
    shown.set(toast.tag, notification);
    notification.show();
    const oldest = shown.size > MAX_KEPT ? shown.keys().next().value : undefined;
    if (oldest !== undefined) remove(oldest);
  }

  return {
    show(toast) {
      if (!Notification.isSupported()) {
        if (!saidUnsupported) log.warn('this system shows no notifications');
        saidUnsupported = true;
        return;
      }
      remove(toast.tag);
      waiting.set(toast.tag, toast);
      void readsMarkup.then((isMarkup) => {
        if (waiting.get(toast.tag) === toast)
          present(toast, isMarkup ? escapeMarkup(toast.body) : toast.body);
      });
    },
    withdraw(tags) {
      for (const tag of tags === 'all' ? [...waiting.keys(), ...shown.keys()] : tags) remove(tag);
    },
  };
}
