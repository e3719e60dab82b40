import type { Bootstrap, NotificationTest, RequestChannel, RequestMap } from '../../protocol/ipc.ts';
import { requestSchemas } from '../../protocol/ipc.ts';
import { decode } from '../../protocol/event.ts';
import type { Settings, SettingsChange, StorageStats } from '../../protocol/settings.ts';
import { requestError } from '../../protocol/failures.ts';
import { referenceText } from '../actions/portal.ts';
import type { Backups } from './backups.ts';
import type { Profiles } from './profiles.ts';
import type { ServerCheck } from './server-check.ts';
import type { SignedIn } from './signed-in.ts';

export type Handlers = {
  readonly [C in RequestChannel]: (argument: RequestMap[C]['request']) => Promise<RequestMap[C]['response']>;
};

/** What the table needs of the core. */
export interface HandlerDependencies {
  bootstrap(): Promise<Bootstrap>;
  diagnostics(): Promise<string>;
  /** Rejects where the system does not take it. */
  copyText(text: string): Promise<void>;
  restart(): void;
  signIn(request: RequestMap['session:signIn']['request']): Promise<RequestMap['session:signIn']['response']>;
  cancelSignIn(): void;
  readonly profiles: Pick<Profiles, 'choose' | 'take'>;
  readonly serverCheck: Pick<ServerCheck, 'run' | 'cancel' | 'report'>;
  signOut(): Promise<void>;
  signOutAndErase(): Promise<void>;
  startFresh(): Promise<void>;
  readonly backups: Backups;
  changeSettings(change: SettingsChange): Promise<Settings>;
  testNotification(): Promise<NotificationTest>;
  /** Hands an https address to the person's browser. */
  openExternal(url: string): Promise<void>;
  /** Client clock, epoch ms. */
  now(): number;
  storagePlace(): Pick<StorageStats, 'path' | 'signInKept'>;
  /** The account at work; throws a clear Error while nobody is signed in. */
  signedIn(): SignedIn;
  /** The account at work, if any. */
  maybeSignedIn(): SignedIn | null;
  /** Looks at the stored sign-in again, if the keychain was locked. */
  reevaluate(): void;
}

/** Every request of the window, one line each. */
export function createHandlers(deps: HandlerDependencies): Handlers {
  const views = () => deps.signedIn().feed.views;
  const saved = () => deps.signedIn().feed.saved;
  const outbox = () => deps.signedIn().follower.outbox;
  const copy = async (text: string): Promise<void> => {
    try {
      await deps.copyText(text);
    } catch (error) {
      throw requestError('copyFailed', error instanceof Error ? error.message : '');
    }
  };
  return {
    'app:bootstrap': deps.bootstrap,
    'app:diagnostics': async () => ({ text: await deps.diagnostics() }),
    'app:copyDiagnostics': async () => copy(await deps.diagnostics()),
    'app:restart': async () => deps.restart(),
    'session:signIn': deps.signIn,
    'session:cancelSignIn': async () => deps.cancelSignIn(),
    'session:chooseProfile': deps.profiles.choose,
    'session:useProfile': async ({ json }) => deps.profiles.take(json),
    'server:check': deps.serverCheck.run,
    'server:cancelCheck': async () => deps.serverCheck.cancel(),
    'server:copyReport': async () => {
      const report = deps.serverCheck.report();
      if (report !== null) await copy(report);
      return report !== null;
    },
    'session:signOut': deps.signOut,
    'connection:retryNow': async () => {
      deps.reevaluate();
      deps.maybeSignedIn()?.follower.retryNow('user');
    },
    'view:open': async ({ filter, range }) => views().open(filter, range),
    'view:read': async ({ viewId, range }) => views().read(viewId, range),
    'view:hold': async ({ viewId, held, range }) => views().hold(viewId, held, range),
    'view:painted': async ({ viewId, seq }) => deps.maybeSignedIn()?.feed.views.painted(viewId, seq),
    'view:close': async ({ viewId }) => deps.maybeSignedIn()?.feed.views.closeView(viewId),
    'contract:open': async ({ contractId }) => deps.signedIn().openContract(contractId),
    'contract:close': async () => deps.maybeSignedIn()?.feed.closeContract(),
    'contract:undoAcknowledge': async ({ contractId }) => outbox().undo(contractId),
    'contract:retryAcknowledge': async ({ contractId }) => outbox().retry(contractId),
    'contract:markEventRead': async ({ contractId, eventId, read }) =>
      deps.signedIn().markEventRead(contractId, eventId, read),
    'contract:openPortal': async ({ contractId }) => {
      const { ledger, accountId, portalAddress } = deps.signedIn();
      const address = portalAddress(contractId);
      if (!address.ok) return address;
      // Only what is known here goes into an address: it could carry anything away otherwise.
      if ((await ledger.contract(accountId, contractId)) === null) return { ok: false, problem: 'refused' };
      await deps.openExternal(address.url);
      return { ok: true };
    },
    'contract:copyReference': async ({ contractId }) => {
      const { ledger, accountId, portalAddress } = deps.signedIn();
      const detail = await ledger.contract(accountId, contractId);
      if (detail === null) throw requestError('notKnown');
      const address = portalAddress(contractId);
      await copy(referenceText(contractId, detail.row.title, address.ok ? address.url : null));
    },
    'actions:perform': async ({ contractIds, action }) =>
      deps.signedIn().contractActions.perform(contractIds, action),
    'actions:undo': async ({ undoId }) => deps.signedIn().contractActions.undo(undoId),
    'view:markRead': async ({ viewId }) =>
      deps.signedIn().contractActions.markViewRead(viewId, views().filterOf(viewId)),
    'view:ids': async ({ viewId, offset, count }) => ({
      contractIds: await views().ids(viewId, offset, count),
    }),
    'view:export': async ({ filter, format }) => deps.signedIn().exporter.run(filter, format),
    'filter:facets': async ({ text }) => {
      const { ledger, accountId } = deps.signedIn();
      return ledger.facets(accountId, text);
    },
    'savedViews:read': async () => saved().read(),
    'savedViews:save': async (view) => saved().save(view),
    'savedViews:remove': async ({ savedId }) => saved().remove(savedId),
    'savedViews:order': async ({ savedIds }) => saved().order(savedIds),
    'overview:read': async ({ days }) => {
      const { ledger, accountId } = deps.signedIn();
      return ledger.overview(accountId, days, deps.now());
    },
    'away:read': async () => {
      const { ledger, accountId } = deps.signedIn();
      return ledger.away(accountId);
    },
    'settings:change': deps.changeSettings,
    'notifications:test': deps.testNotification,
    'storage:stats': async () => {
      const { ledger, accountId } = deps.signedIn();
      return { ...(await ledger.facts(accountId)), ...deps.storagePlace() };
    },
    'outbox:unsent': async () => {
      const { ledger, accountId } = deps.signedIn();
      return ledger.unsent(accountId);
    },
    'session:signOutAndErase': deps.signOutAndErase,
    'storage:startFresh': deps.startFresh,
    'storage:backUp': deps.backups.make,
    'storage:chooseBackup': deps.backups.choose,
    'storage:restore': deps.backups.restore,
    'storage:dropBackup': deps.backups.drop,
  };
}

/** Validates the argument, then calls the channel's handler. Rejects with an Error that is safe to show. */
export async function callHandler<C extends RequestChannel>(
  handlers: Handlers,
  channel: C,
  argument: unknown,
): Promise<RequestMap[C]['response']> {
  if (!Object.hasOwn(requestSchemas, channel)) throw new Error(`There is no request ${String(channel)}.`);
  const decoded = decode(requestSchemas[channel], argument);
  if (!decoded.ok) throw new Error(`${channel}: ${decoded.reason}`);
  const handler: (argument: RequestMap[C]['request']) => Promise<RequestMap[C]['response']> =
    handlers[channel];
  return handler(decoded.value as RequestMap[C]['request']);
}
