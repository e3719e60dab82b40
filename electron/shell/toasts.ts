import { Notification, app } from 'electron';
import type { NotificationTest } from '../../protocol/ipc.ts';
import type { Toast } from '../app/core-types.ts';
import type { Log } from '../ports/log.ts';
import { escapeMarkup } from './markup.ts';

export interface Toasts {
  /** Shows it, in place of the one with the same tag. */
  show(toast: Toast): void;
  /** The same, and says what became of it. */
  test(toast: Toast): Promise<NotificationTest>;
  /** This system shows none, or did not take the last one. */
  isRefused(): boolean;
  /** Takes these away, or all of them: after the app's end a click could do nothing. */
  withdraw(tags: readonly string[] | 'all'): void;
}

/** A notification that nothing refers to is collected, and its click with it; the oldest beyond this are given up. */
const MAX_KEPT = 50;

/** A system that has not said by then whether it shows a toast says nothing. Ms. */
const ANSWER_MS = 3_000;

export interface ToastsOptions {
  readonly log: Log;
  /** Whether this desktop takes a body for markup; a party's name could be a link or a picture there. */
  readonly readsMarkup: Promise<boolean>;
  /** Gets the toast's contract, or null for the feed. */
  onClick(contractId: string | null): void;
  /** The system has begun, or ceased, to refuse them. */
  onRefused(refused: boolean): void;
}

export function createToasts({ log, readsMarkup, onClick, onRefused }: ToastsOptions): Toasts {
  // Windows shows toasts only for an app with the id of its shortcut (appId in electron-builder.yml).
  if (process.platform === 'win32') app.setAppUserModelId('app.contractpulse.desktop');
  const shown = new Map<string, Notification>();
  let refused = !Notification.isSupported();
  if (refused) log.warn('this system shows no notifications');
  /** To be shown once it is known how their bodies are read. */
  const waiting = new Map<string, Toast>();

  function note(isRefused: boolean): void {
    if (isRefused === refused) return;
    refused = isRefused;
    onRefused(refused);
  }

  function remove(tag: string): void {
    waiting.delete(tag);
    const notification = shown.get(tag);
    shown.delete(tag);
    notification?.close();
  }

  function present(toast: Toast, body: string, tell: (what: NotificationTest) => void): void {
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
    notification.on('show', () => {
      note(false);
      tell('shown');
    });
    notification.on('failed', () => {
      forget();
      log.warn('the system did not take a notification');
      note(true);
      tell('refused');
    });
    shown.set(toast.tag, notification);
    notification.show();
    const oldest = shown.size > MAX_KEPT ? shown.keys().next().value : undefined;
    if (oldest !== undefined) remove(oldest);
  }

  function show(toast: Toast, tell: (what: NotificationTest) => void): void {
    if (!Notification.isSupported()) {
      note(true);
      tell('refused');
      return;
    }
    remove(toast.tag);
    waiting.set(toast.tag, toast);
    void readsMarkup.then((isMarkup) => {
      if (waiting.get(toast.tag) === toast)
        present(toast, isMarkup ? escapeMarkup(toast.body) : toast.body, tell);
    });
  }

  return {
    show: (toast) => show(toast, () => {}),
    test: (toast) =>
      new Promise((resolve) => {
        setTimeout(() => resolve('unanswered'), ANSWER_MS);
        show(toast, resolve);
      }),
    isRefused: () => refused,
    withdraw(tags) {
      for (const tag of tags === 'all' ? [...waiting.keys(), ...shown.keys()] : tags) remove(tag);
    },
  };
}
