import { Toast } from '@base-ui/react/toast';
import { Undo2, X } from 'lucide-react';
import type { TFunction } from 'i18next';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useCommand } from '../commands/context.ts';
import { isConnected } from '../state/standing.ts';
import { isPending } from '../i18n/acknowledgement-words.ts';
import { focusFeed } from '../commands/focus.ts';
import { useFormats } from '../i18n/context.ts';
import type { Formats } from '../i18n/format.ts';
import { nameInSentence } from '../i18n/words.ts';
import { useStores } from '../state/context.ts';
import type { Done, DoneWhat } from '../state/action-store.ts';
import type { Stores } from '../state/stores.ts';

/** How long a message stays, ms, as long as an acknowledgement is held at least (`undoMs` of main); it waits while the pointer or the focus is on it, and while the window is not seen. */
const STAYS_MS = 8000;

/** What was just done, and the way back: one message at a time, told politely to screen readers. */
export function Toasts() {
  const { t } = useTranslation();
  return (
    <Toast.Provider timeout={STAYS_MS} limit={1}>
      <Follow />
      <Toast.Viewport className="toasts" aria-label={t('toast.label')}>
        <List />
      </Toast.Viewport>
    </Toast.Provider>
  );
}

/** Turns what was done into messages. */
function Follow() {
  const { t } = useTranslation();
  const formats = useFormats();
  const stores = useStores();
  const { contractActions, connection } = stores;
  const done = useStore(contractActions, (state) => state.done);
  const { add, close } = Toast.useToastManager();
  useEffect(() => {
    if (!done || isToldInPane(stores, done)) return;
    const connected = isConnected(connection.getState().status);
    const id = add<Done>({ id: `done-${done.id}`, title: doneText(t, formats, done, connected), data: done });
    return () => close(id);
    // Another language does not tell it once more.
    // oxlint-disable-next-line react/exhaustive-deps, react/exhaustive-effect-dependencies
  }, [done]);
  return null;
}

function List() {
  const { t } = useTranslation();
  const { toasts, close } = Toast.useToastManager<Done>();
  const formats = useFormats();
  const { contractActions, notice, connection } = useStores();
  const undo = useCommand('undo');
  // What has not happened yet is told as it stands now.
  const connected = useStore(connection, ({ status }) => isConnected(status));

  /** What this message told, also where something else was done since. */
  function takeBack(doneId: number): void {
    // The button goes with its message; the keyboard must not go with it.
    focusFeed();
    void notice.attempt(() => contractActions.undoOne(doneId));
  }

  // Once it has been sent nothing is to come of it and nothing can be taken back, even under the pointer.
  const [held] = toasts.filter(({ data }) => connected && data?.what === 'acknowledged');
  const heldId = held?.id ?? null;
  const heldUntil = held?.data === undefined ? 0 : held.data.at + STAYS_MS;
  useEffect(() => {
    if (heldId === null) return;
    const timer = setTimeout(() => {
      if (document.activeElement?.closest('.toast')) focusFeed();
      close(heldId);
    }, heldUntil - Date.now());
    return () => clearTimeout(timer);
  }, [heldId, heldUntil, close]);

  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" data-testid="toast" swipeDirection="down">
      <Toast.Content className="toast-content">
        <Toast.Title className="toast-title" render={<p />}>
          {toast.data && doneText(t, formats, toast.data, connected)}
        </Toast.Title>
        {toast.data?.undoable && (
          <Toast.Action className="button small" onClick={() => toast.data && takeBack(toast.data.id)}>
            <Undo2 size={16} aria-hidden />
            {t('toast.undo')}
            <kbd className="kbd" aria-hidden>
              {undo.shortcut}
            </kbd>
          </Toast.Action>
        )}
        {/* Base UI hides it from assistive technology until the pointer is on a stack of messages: here there is only one. */}
        <Toast.Close
          className="button quiet small icon-only"
          aria-label={t('toast.close')}
          aria-hidden={false}
        >
          <X size={16} aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** What the open contract shows itself and no message tells: for who cannot see it. */
export function ToldInPane() {
  const { t } = useTranslation();
  const formats = useFormats();
  const stores = useStores();
  const done = useStore(stores.contractActions, (state) => state.done);
  const connected = useStore(stores.connection, ({ status }) => isConnected(status));
  const state = useStore(stores.contract, ({ detail }) => detail?.acknowledgement.state ?? 'none');
  // It stays in the document: what has happened since is no longer said to come.
  const isToCome = state === 'held' || (isPending(state) && !connected);
  return (
    <p className="sr-only" role="status">
      {done && isToCome && isToldInPane(stores, done) && doneText(t, formats, done, connected)}
    </p>
  );
}

/** The open contract says itself that it was acknowledged, counts down, and has the way back: a second one would be in doubt. */
function isToldInPane(
  { contract, cursor, place }: Pick<Stores, 'contract' | 'cursor' | 'place'>,
  done: Done,
): boolean {
  const { openId } = contract.getState();
  const seen = place.getState().screen === 'list' && cursor.getState().selected.size === 0;
  return seen && done.acknowledged !== null && done.acknowledged === openId;
}

interface Situation {
  readonly t: TFunction;
  readonly formats: Formats;
  readonly done: Done;
  readonly connected: boolean;
}

/** What is said of several contracts, or of none; and of one by its name, null where it does not matter. */
interface Telling {
  several(situation: Situation): string;
  readonly one: ((situation: Situation, name: string) => string) | null;
}

const counted = (
  what: 'read' | 'unread' | 'muted' | 'unmuted' | 'unsnoozed' | 'acknowledged_too_late',
): Telling => ({
  several: ({ t, formats, done: { count } }) => t(`toast.${what}`, { count, n: formats.number(count) }),
  one: ({ t }, name) => t(`toast.one.${what}`, { name }),
});

const plain = (
  what:
    | 'reference_copied'
    | 'portal_no_template'
    | 'portal_not_https'
    | 'portal_refused'
    | 'undone'
    | 'nothing'
    | 'too_late',
): Telling => ({
  several: ({ t }) => t(`toast.${what}`),
  one: ({ t }, name) => t(`toast.one.${what}`, { name }),
});

function exportedText({ t, formats, done: { count, name } }: Situation): string {
  return t('toast.exported', { count, n: formats.number(count), name });
}

const TOLD: Readonly<Record<DoneWhat, Telling>> = {
  read: counted('read'),
  unread: counted('unread'),
  muted: counted('muted'),
  unmuted: counted('unmuted'),
  unsnoozed: counted('unsnoozed'),
  view_read: {
    several: ({ t, formats, done: { count } }) => t('toast.view_read', { count, n: formats.number(count) }),
    one: null,
  },
  snoozed: {
    several({ t, formats, done: { count, until } }) {
      const n = formats.number(count);
      return until === null
        ? t('toast.snoozedChange', { count, n })
        : t('toast.snoozed', { count, n, until: formats.moment(until, Date.now()) });
    },
    one: ({ t, formats, done: { until } }, name) =>
      until === null
        ? t('toast.one.snoozedChange', { name })
        : t('toast.one.snoozed', { name, until: formats.moment(until, Date.now()) }),
  },
  acknowledged: {
    several: ({ t, formats, done: { count }, connected }) =>
      t(connected ? 'toast.acknowledged' : 'toast.acknowledgedLater', { count, n: formats.number(count) }),
    one: ({ t, connected }, name) =>
      t(connected ? 'toast.one.acknowledged' : 'toast.one.acknowledgedLater', { name }),
  },
  view_saved: { several: ({ t, done: { name } }) => t('toast.view_saved', { name }), one: null },
  view_removed: { several: ({ t, done: { name } }) => t('toast.view_removed', { name }), one: null },
  exported: { several: exportedText, one: null },
  exported_neutralised: {
    several(situation) {
      const { t, formats, done } = situation;
      const cells = t('toast.neutralised', { count: done.also, n: formats.number(done.also) });
      return `${exportedText(situation)}. ${cells}`;
    },
    one: null,
  },
  reference_copied: plain('reference_copied'),
  portal_no_template: plain('portal_no_template'),
  portal_not_https: plain('portal_not_https'),
  portal_refused: plain('portal_refused'),
  undone: plain('undone'),
  nothing: plain('nothing'),
  too_late: plain('too_late'),
  acknowledged_too_late: counted('acknowledged_too_late'),
};

/** An action in words. An acknowledgement is held for a few seconds, and sent then, or once there is a connection. */
function doneText(t: TFunction, formats: Formats, done: Done, connected: boolean): string {
  const { several, one } = TOLD[done.what];
  const situation = { t, formats, done, connected };
  return done.title !== null && one !== null
    ? one(situation, nameInSentence(done.title))
    : several(situation);
}
