import type { Bootstrap, RequestChannel, RequestMap } from '../protocol/ipc.ts';
import { requestSchemas } from '../protocol/ipc.ts';
import { decode } from '../protocol/event.ts';
import type { Settings, SettingsChange, StorageFacts } from '../protocol/settings.ts';
import { requestError } from '../protocol/failures.ts';
import { referenceText } from './deeds/portal.ts';
import type { SignedIn } from './signed-in.ts';

export type Handlers = {
  readonly [C in RequestChannel]: (argument: RequestMap[C]['request']) => Promise<RequestMap[C]['response']>;
};

/** What the table needs of the core. */
export interface HandlerWorld {
  bootstrap(): Promise<Bootstrap>;
  diagnostics(): Promise<string>;
  copyText(text: string): void;
  restart(): void;
  signIn(request: RequestMap['session:signIn']['request']): Promise<RequestMap['session:signIn']['response']>;
  signOut(): Promise<void>;
  signOutAndErase(): Promise<void>;
  startFresh(): Promise<void>;
  changeSettings(change: SettingsChange): Promise<Settings>;
  /** Hands an https address to the person's browser. */
  openExternal(url: string): Promise<void>;
  /** Client clock, epoch ms. */
  now(): number;
  storagePlace(): Pick<StorageFacts, 'path' | 'signInKept'>;
  /** The account at work; throws a clear Error while nobody is signed in. */
  signedIn(): SignedIn;
  /** The account at work, if any. */
  maybeSignedIn(): SignedIn | null;
  /** Looks at the stored sign-in again, if the keychain was locked. */
  lookAgain(): void;
}

/** Every request of the window, one line each. */
export function createHandlers(world: HandlerWorld): Handlers {
  const views = () => world.signedIn().feed.views;
  const saved = () => world.signedIn().feed.saved;
  const outbox = () => world.signedIn().follower.outbox;
  return {
    'app:bootstrap': world.bootstrap,
    'app:diagnostics': async () => ({ text: await world.diagnostics() }),
    'app:copyDiagnostics': async () => world.copyText(await world.diagnostics()),
    'app:restart': async () => world.restart(),
    'session:signIn': world.signIn,
    'session:signOut': world.signOut,
    'connection:retryNow': async () => {
      world.lookAgain();
      world.maybeSignedIn()?.follower.retryNow('user');
    },
    'view:open': async ({ filter, range }) => views().open(filter, range),
    'view:read': async ({ viewId, range }) => views().read(viewId, range),
    'view:hold': async ({ viewId, held, range }) => views().hold(viewId, held, range),
    'view:close': async ({ viewId }) => world.maybeSignedIn()?.feed.views.closeView(viewId),
    'contract:open': async ({ contractId }) => world.signedIn().openContract(contractId),
    'contract:close': async () => world.maybeSignedIn()?.feed.closeContract(),
    'contract:markRead': async ({ contractId, read }) => world.signedIn().markRead(contractId, read),
    'contract:undoAcknowledge': async ({ contractId }) => outbox().undo(contractId),
    'contract:retryAcknowledge': async ({ contractId }) => outbox().retry(contractId),
    'contract:markEventRead': async ({ contractId, eventId, read }) =>
      world.signedIn().markEventRead(contractId, eventId, read),
    'contract:openPortal': async ({ contractId }) => {
      const { ledger, accountId, portalAddress } = world.signedIn();
      const address = portalAddress(contractId);
      if (!address.ok) return address;
      // Only what is known here goes into an address: it could carry anything away otherwise.
      if ((await ledger.contract(accountId, contractId)) === null) return { ok: false, problem: 'refused' };
      await world.openExternal(address.url);
      return { ok: true };
    },
    'contract:copyReference': async ({ contractId }) => {
      const { ledger, accountId, portalAddress } = world.signedIn();
      const detail = await ledger.contract(accountId, contractId);
      if (detail === null) throw requestError('notKnown');
      const address = portalAddress(contractId);
      world.copyText(referenceText(contractId, detail.row.title, address.ok ? address.url : null));
    },
    'contracts:do': async ({ contractIds, deed }) => world.signedIn().deeds.perform(contractIds, deed),
    'deed:undo': async ({ undoId }) => world.signedIn().deeds.undo(undoId),
    'view:markRead': async ({ viewId }) =>
      world.signedIn().deeds.markViewRead(viewId, views().filterOf(viewId)),
    'view:ids': async ({ viewId, offset, count }) => ({
      contractIds: await views().ids(viewId, offset, count),
    }),
    'view:export': async ({ filter, format }) => world.signedIn().exporter.run(filter, format),
    'filter:facets': async ({ text }) => {
      const { ledger, accountId } = world.signedIn();
      return ledger.facets(accountId, text);
    },
    'savedViews:read': async () => saved().read(),
    'savedViews:save': async (view) => saved().save(view),
    'savedViews:remove': async ({ savedId }) => saved().remove(savedId),
    'savedViews:order': async ({ savedIds }) => saved().order(savedIds),
    'overview:read': async ({ days }) => {
      const { ledger, accountId } = world.signedIn();
      return ledger.overview(accountId, days, world.now());
    },
    'away:read': async () => {
      const { ledger, accountId } = world.signedIn();
      return ledger.away(accountId);
    },
    'settings:change': world.changeSettings,
    'storage:facts': async () => {
      const { ledger, accountId } = world.signedIn();
      return { ...(await ledger.facts(accountId)), ...world.storagePlace() };
    },
    'outbox:unsent': async () => {
      const { ledger, accountId } = world.signedIn();
      return ledger.unsent(accountId);
    },
    'session:signOutAndErase': world.signOutAndErase,
    'storage:startFresh': world.startFresh,
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
