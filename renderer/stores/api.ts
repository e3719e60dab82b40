import type { MessageChannel, MessageMap, PulseApi } from '../../protocol/ipc.ts';
import type { Deed } from '../../protocol/deeds.ts';
import type { SettingsChange } from '../../protocol/settings.ts';
import type { ViewFilter, ViewRange } from '../../protocol/view.ts';

declare global {
  interface Window {
    readonly pulse: PulseApi;
  }
}

/** The window's only way to main: every request has its function here, nothing else touches `window.pulse`. */
export function createApi(pulse: PulseApi) {
  return {
    bootstrap: () => pulse.request('app:bootstrap'),
    copyDiagnostics: () => pulse.request('app:copyDiagnostics'),
    restart: () => pulse.request('app:restart'),
    signIn: (server: string, username: string, password: string) =>
      pulse.request('session:signIn', { server, username, password }),
    signOut: () => pulse.request('session:signOut'),
    signOutAndErase: () => pulse.request('session:signOutAndErase'),
    retryNow: () => pulse.request('connection:retryNow'),
    openView: (filter: ViewFilter, range: ViewRange) => pulse.request('view:open', { filter, range }),
    readView: (viewId: number, range: ViewRange) => pulse.request('view:read', { viewId, range }),
    holdView: (viewId: number, held: boolean, range: ViewRange) =>
      pulse.request('view:hold', { viewId, held, range }),
    closeView: (viewId: number) => pulse.request('view:close', { viewId }),
    markViewRead: (viewId: number) => pulse.request('view:markRead', { viewId }),
    idsOfView: (viewId: number, offset: number, count: number) =>
      pulse.request('view:ids', { viewId, offset, count }),
    exportView: (filter: ViewFilter, format: 'csv' | 'json') =>
      pulse.request('view:export', { filter, format }),
    doToContracts: (contractIds: readonly string[], deed: Deed) =>
      pulse.request('contracts:do', { contractIds: [...contractIds], deed }),
    undoDeed: (undoId: number) => pulse.request('deed:undo', { undoId }),
    facets: (text: string) => pulse.request('filter:facets', { text }),
    savedViews: () => pulse.request('savedViews:read'),
    saveView: (savedId: number | null, name: string, filter: ViewFilter) =>
      pulse.request('savedViews:save', { savedId, name, filter }),
    removeSavedView: (savedId: number) => pulse.request('savedViews:remove', { savedId }),
    orderSavedViews: (savedIds: readonly number[]) =>
      pulse.request('savedViews:order', { savedIds: [...savedIds] }),
    overview: (days: number) => pulse.request('overview:read', { days }),
    away: () => pulse.request('away:read'),
    changeSettings: (change: SettingsChange) => pulse.request('settings:change', change),
    unsent: () => pulse.request('outbox:unsent'),
    storageFacts: () => pulse.request('storage:facts'),
    openContract: (contractId: string) => pulse.request('contract:open', { contractId }),
    closeContract: () => pulse.request('contract:close'),
    markRead: (contractId: string, read: boolean) => pulse.request('contract:markRead', { contractId, read }),
    markEventRead: (contractId: string, eventId: string, read: boolean) =>
      pulse.request('contract:markEventRead', { contractId, eventId, read }),
    openPortal: (contractId: string) => pulse.request('contract:openPortal', { contractId }),
    copyReference: (contractId: string) => pulse.request('contract:copyReference', { contractId }),
    undoAcknowledge: (contractId: string) => pulse.request('contract:undoAcknowledge', { contractId }),
    retryAcknowledge: (contractId: string) => pulse.request('contract:retryAcknowledge', { contractId }),
    startFresh: () => pulse.request('storage:startFresh'),
    on: <C extends MessageChannel>(channel: C, listener: (message: MessageMap[C]) => void) =>
      pulse.on(channel, listener),
  };
}

export type Api = ReturnType<typeof createApi>;

/** A failed request about one contract, whose name is said with it: another one may be open by then. */
export class ContractProblem extends Error {
  readonly title: string;

  constructor(title: string, cause: unknown) {
    super(messageOf(cause), { cause });
    this.title = title;
  }
}

/** Whatever fails in `run` is told as a problem of that contract; null where it is of no single one. */
export async function namingContract<T>(title: string | null, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw title === null ? error : new ContractProblem(title, error);
  }
}

/** The words of a failed request; main's errors are safe to show. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
