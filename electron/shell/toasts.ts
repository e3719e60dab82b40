import { Notification, app } from 'electron';
import type { Toast } from '../app/core-types.ts';
import type { Log } from '../ports/log.ts';

export interface Toasts {
  /** Shows it, in place of the one with the same tag. */
  show(toast: Toast): void;
  /** Takes all of them away: after the app's end a click could do nothing. */
  clear(): void;
}

/** A notification that nothing refers to is collected, and its click with it; the oldest beyond this are given up. */
const MAX_KEPT = 50;

/** `onClick` gets the toast's contract, or null for the feed. */
export function createToasts(log: Log, onClick: (contractId: string | null) => void): Toasts {
  // Windows shows toasts only for an app with the id of its shortcut (appId in electron-builder.yml).
  if (process.platform === 'win32') app.setAppUserModelId('app.contractpulse.desktop');
  const shown = new Map<string, Notification>();
  let saidUnsupported = false;

  function remove(tag: string): void {
    const notification = shown.get(tag);
    shown.delete(tag);
    notification?.close();
  }

  return {
    show(toast) {
      if (!Notification.isSupported()) {
        if (!saidUnsupported) log.warn('this system shows no notifications');
        saidUnsupported = true;
        return;
      }
      remove(toast.tag);
      const notification = new Notification({
        title: toast.title,
        body: toast.body,
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
    },
    clear() {
      for (const tag of shown.keys()) remove(tag);
    },
  };
}
