import type { Bootstrap, RequestChannel, RequestMap } from '../protocol/ipc.ts';
import { requestSchemas } from '../protocol/ipc.ts';
import { decode } from '../protocol/event.ts';
import type { SignedIn } from './signed-in.ts';

export type Handlers = {
  readonly [C in RequestChannel]: (argument: RequestMap[C]['request']) => Promise<RequestMap[C]['response']>;
};

/** What the table needs of the core. */
export interface HandlerWorld {
  bootstrap(): Promise<Bootstrap>;
  diagnostics(): Promise<string>;
  copyText(text: string): void;
  signIn(request: RequestMap['session:signIn']['request']): Promise<RequestMap['session:signIn']['response']>;
  signOut(): Promise<void>;
  startFresh(): Promise<void>;
  /** The account at work; throws a clear Error while nobody is signed in. */
  signedIn(): SignedIn;
  /** The account at work, if any. */
  maybeSignedIn(): SignedIn | null;
}

async function notBuilt(): Promise<never> {
  throw new Error('This is not built yet.');
}

/** Every request of the window, one line each. */
export function createHandlers(world: HandlerWorld): Handlers {
  const views = () => world.signedIn().feed.views;
  const outbox = () => world.signedIn().follower.outbox;
  return {
    'app:bootstrap': world.bootstrap,
    'app:diagnostics': async () => ({ text: await world.diagnostics() }),
    'app:copyDiagnostics': async () => world.copyText(await world.diagnostics()),
    'session:signIn': world.signIn,
    'session:signOut': world.signOut,
    'connection:retryNow': async () => world.maybeSignedIn()?.follower.retryNow('user'),
    'view:open': async ({ filter, range }) => views().open(filter, range),
    'view:read': async ({ viewId, range }) => views().read(viewId, range),
    'view:hold': async ({ viewId, held, range }) => views().hold(viewId, held, range),
    'view:close': async ({ viewId }) => world.maybeSignedIn()?.feed.views.closeView(viewId),
    'contract:open': async ({ contractId }) => world.signedIn().openContract(contractId),
    'contract:close': async () => world.maybeSignedIn()?.feed.closeContract(),
    'contract:markRead': async ({ contractId, read }) => world.signedIn().markRead(contractId, read),
    'contract:acknowledge': async ({ contractId }) => outbox().acknowledge(contractId),
    'contract:undoAcknowledge': async ({ contractId }) => outbox().undo(contractId),
    'contract:retryAcknowledge': async ({ contractId }) => outbox().retry(contractId),
    'contract:markEventRead': notBuilt,
    'contract:openPortal': notBuilt,
    'contract:copyReference': notBuilt,
    'contracts:do': notBuilt,
    'deed:undo': notBuilt,
    'view:markRead': notBuilt,
    'view:ids': notBuilt,
    'view:export': notBuilt,
    'filter:facets': notBuilt,
    'savedViews:read': notBuilt,
    'savedViews:save': notBuilt,
    'savedViews:remove': notBuilt,
    'savedViews:order': notBuilt,
    'overview:read': notBuilt,
    'away:read': notBuilt,
    'settings:change': notBuilt,
    'storage:facts': notBuilt,
    'session:signOutAndErase': notBuilt,
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
