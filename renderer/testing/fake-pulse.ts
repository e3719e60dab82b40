import type {
  MessageChannel,
  MessageMap,
  PulseApi,
  RequestChannel,
  RequestMap,
  SignInResult,
} from '../../protocol/ipc.ts';
import { requestError, type PlainCode } from '../../protocol/failures.ts';
import type { SavedView } from '../../protocol/filter.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../protocol/settings.ts';
import type { ContractRow } from '../../protocol/view.ts';
import { toFailure } from '../state/api.ts';
import { fakeAway, fakeFacets, fakeOverview } from './fake-figures.ts';
import { fakeCheck } from './fake-check.ts';
import { createFakeLedger } from './fake-ledger.ts';
import {
  fakeConnection,
  fakeProblem,
  fakeReceipt,
  fakeSaved,
  fakeSession,
  fakeSettingsProblem,
  fakeStorage,
  SERVER,
} from './fake-states.ts';

/**
 * A `window.pulse` without Electron, for looking at the window. The page's address chooses its state:
 * count, rate (changes a second), session, problem, connection, receipt, storage, notice, locale, ack,
 * gap=1, list=error|slow, slow (ms of every answer), saved (number of saved views), away=1|missing,
 * check=fine|not_confirmed (what a test of the server finds), unsent (acknowledgements), others (accounts in a backup), notSent (acknowledgements in it), backup (why none can be restored), settings=unreadable|partly|not_saved, and each setting by its name (density=compact, textScale=150,
 * toasts=refused, theme=dark, contrast=more, motion=reduced, language=ru). `window.pulse.change(n)` lets contract n change.
 */
export function createFakePulse(query: URLSearchParams): PulseApi & { change(index: number): void } {
  const say = (name: string): string => query.get(name) ?? '';
  const locale = say('locale') || 'en';
  const slow = Number(say('slow') || 2);
  let session = fakeSession(say('session'), locale);
  let settings: Settings = {
    ...DEFAULT_SETTINGS,
    ...Object.fromEntries(
      [...query].flatMap(([key, value]) => {
        if (!(key in DEFAULT_SETTINGS)) return [];
        return [[key, key === 'textScale' ? Number(value) : value]];
      }),
    ),
  };
  const settingsProblem = fakeSettingsProblem(say('settings'));
  const listeners = new Map<MessageChannel, Set<(message: never) => void>>();

  function send<C extends MessageChannel>(channel: C, message: MessageMap[C]): void {
    for (const listener of listeners.get(channel) ?? []) (listener as (it: MessageMap[C]) => void)(message);
  }

  const ledger = createFakeLedger(send, Number(say('count') || 0), say('gap') === '1');
  let saved: readonly SavedView[] = fakeSaved(Number(say('saved') || 0), locale);
  let nextSaved = saved.length + 1;
  function setSaved(next: readonly SavedView[]): readonly SavedView[] {
    saved = next.map((view) => ({ ...view, count: ledger.select(view.filter).length }));
    return saved;
  }

  type Answer<C extends RequestChannel> = RequestMap[C]['response'];
  let giveUp = (_result: SignInResult): void => {};
  const handlers: {
    [C in RequestChannel]: (argument: RequestMap[C]['request']) => Answer<C> | Promise<Answer<C>>;
  } = {
    'app:bootstrap': () => ({
      appVersion: '0.1.0',
      platform: 'linux',
      systemLocale: locale,
      session,
      connection: fakeConnection(say('connection'), Date.now()),
      receipt: fakeReceipt(say('receipt'), Date.now()),
      storage: fakeStorage(say('storage')),
      settings,
      settingsProblem,
      suggestedServer: 'http://127.0.0.1:4000',
      notificationsRefused: say('toasts') === 'refused',
    }),
    'app:diagnostics': () => ({ text: '' }),
    'app:copyDiagnostics': () => undefined,
    'app:restart': () => undefined,
    'session:cancelSignIn': () => giveUp({ ok: false, problem: { code: 'cancelled' } }),
    'session:signIn': (how) => {
      if ('browser' in how && say('profile') === 'waiting')
        return new Promise<SignInResult>((resolve) => (giveUp = resolve));
      const code = say('problem');
      if (code) return { ok: false, problem: fakeProblem(code) };
      session = fakeSession('signed_in', locale);
      send('session:changed', session);
      return { ok: true };
    },
    'session:chooseProfile': () =>
      say('problem') === 'bad_profile'
        ? { problem: fakeProblem('bad_profile') }
        : {
            name: 'Plain status events',
            origin: 'https://events.example.com',
            needsUserId: say('profile') !== 'without',
            issuer: ['browser', 'waiting'].includes(say('profile')) ? 'https://login.example.com' : null,
          },
    'session:useProfile': ({ json }) => {
      const { name, origin } = JSON.parse(json) as { name: string; origin: string };
      return { name, origin, needsUserId: false, issuer: null };
    },
    'server:check': () => {
      if (say('check') === 'not_confirmed') return { ok: false, problem: fakeProblem('not_confirmed') };
      const answer = fakeCheck(say('check'));
      for (const finding of answer.findings) send('check:finding', finding);
      return answer;
    },
    'server:cancelCheck': () => undefined,
    'server:copyReport': () => true,
    'session:signOut': () => {
      session = { state: 'signed_out', server: SERVER, username: 'anna', ended: 'by_user' };
      send('session:changed', session);
    },
    'session:signOutAndErase': () => {
      session = { state: 'signed_out', server: SERVER, username: '', ended: 'by_user' };
      send('session:changed', session);
    },
    'connection:retryNow': () => {
      send('connection:changed', fakeConnection('connecting', Date.now()));
      setTimeout(() => send('connection:changed', fakeConnection('live', Date.now())), 600);
    },
    'view:open': ({ filter, range }) => {
      if (say('list') === 'error') throw new Error('The ledger did not answer.');
      return ledger.open(filter, range);
    },
    'view:read': ({ viewId, range }) => ledger.read(viewId, range),
    'view:hold': ({ viewId, held, range }) => ledger.hold(viewId, held, range),
    'view:close': ({ viewId }) => ledger.close(viewId),
    'view:painted': () => undefined,
    'view:markRead': ({ viewId }) => ledger.markAll(viewId),
    'view:ids': ({ viewId, offset, count }) => ({ contractIds: ledger.ids(viewId, offset, count) }),
    'view:export': ({ filter, format }) => ({
      saved: true,
      path: `/home/anna/Documents/contracts.${format}`,
      contracts: ledger.select(filter).length,
      neutralised: format === 'csv' ? 2 : 0,
    }),
    'contract:open': ({ contractId }) => ledger.openContract(contractId),
    'contract:close': () => ledger.closeContract(),
    'contract:markEventRead': ({ contractId, eventId, read }) => ledger.markEvent(contractId, eventId, read),
    'contract:openPortal': () => ({ ok: true }),
    'contract:copyReference': () => undefined,
    'contract:undoAcknowledge': ({ contractId }) => ledger.acknowledge(contractId, 'none'),
    'contract:retryAcknowledge': ({ contractId }) => ledger.acknowledge(contractId, 'sent'),
    'actions:perform': ({ contractIds, action }) => ledger.perform(contractIds, action),
    'actions:undo': ({ undoId }) => ledger.undo(undoId),
    'filter:facets': ({ text }) => fakeFacets(ledger.all(), text),
    'savedViews:read': () => setSaved(saved),
    'savedViews:save': ({ savedId, ...change }) => {
      if (savedId === null)
        return setSaved([
          ...saved,
          { notify: 'usual', remindDays: null, ...change, savedId: nextSaved++, count: 0 },
        ]);
      return setSaved(saved.map((view) => (view.savedId === savedId ? { ...view, ...change } : view)));
    },
    'savedViews:remove': ({ savedId }) => setSaved(saved.filter((view) => view.savedId !== savedId)),
    'savedViews:order': ({ savedIds }) =>
      setSaved(savedIds.flatMap((savedId) => saved.find((view) => view.savedId === savedId) ?? [])),
    'overview:read': ({ days }) => fakeOverview(ledger.all(), days, Date.now()),
    'away:read': () => {
      const absent = say('away');
      return absent === '' ? null : fakeAway(ledger.all(), absent === 'missing' ? 3 : 0, Date.now());
    },
    'settings:change': (change) => {
      settings = { ...settings, ...(change as Partial<Settings>) };
      send('settings:changed', { settings, problem: settingsProblem });
      return settings;
    },
    'notifications:test': () => {
      const refused = say('toasts') === 'refused';
      send('notifications:changed', { refused });
      return refused ? 'refused' : 'shown';
    },
    'outbox:unsent': () => ({ unsent: Number(say('unsent') || 0), refused: 0 }),
    'storage:stats': () => ({
      path: '/home/anna/.config/contract-pulse/ledger.db',
      bytes: 84_213_760,
      contracts: ledger.all().length,
      events: ledger.all().length * 4,
      oldest: new Date(Date.now() - 412 * 86_400_000).toISOString(),
      signInKept: session.state === 'signed_in' && session.remembered,
    }),
    'storage:startFresh': () => send('storage:changed', null),
    'storage:backUp': () => ({
      saved: true,
      path: '/home/anna/Documents/contract-pulse-2026-10-02.pulsebackup',
      bytes: 84_213_760,
    }),
    'storage:chooseBackup': () => {
      const code = say('backup');
      if (code !== '') throw requestError(code as PlainCode);
      return {
        name: 'contract-pulse-2026-10-02.pulsebackup',
        at: Date.now() - 9 * 86_400_000,
        contracts: ledger.all().length,
        events: ledger.all().length * 4,
        others: Number(say('others') || 0),
      };
    },
    'storage:restore': () => {
      send('storage:changed', null);
      return { notSent: Number(say('notSent') || 0) };
    },
    'storage:dropBackup': () => undefined,
  };

  const ack = say('ack');
  if (ack) ledger.setHead(ack as ContractRow['acknowledgement']);
  const rate = Number(say('rate') || 0);
  const total = ledger.all().length;
  let turn = 0;
  if (rate > 0) setInterval(() => ledger.change((turn = (turn * 7 + 13) % total)), 1000 / rate);
  if (say('notice')) {
    const text = 'Maintenance tonight from 22:00 to 22:30 UTC. <b>This is text, not HTML.</b>';
    setTimeout(() => send('server:notice', { text, at: Date.now() }), 300);
  }

  return {
    change: ledger.change,
    request(channel, ...rest) {
      const run = handlers[channel] as (argument: unknown) => never;
      return new Promise((resolve) => {
        if (say('list') === 'slow' && channel.startsWith('view:')) return;
        setTimeout(() => {
          try {
            resolve({ ok: true, value: run(rest[0]) });
          } catch (error) {
            resolve({ ok: false, failure: toFailure(error) });
          }
        }, slow);
      });
    },
    on(channel, listener) {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set);
      set.add(listener as (message: never) => void);
      return () => set.delete(listener as (message: never) => void);
    },
  };
}
