import { RequestError, type Failure } from '../../protocol/failures.ts';
import type {
  MessageChannel,
  MessageMap,
  PulseApi,
  RequestChannel,
  RequestMap,
  SignInRequest,
} from '../../protocol/ipc.ts';
import type { CheckRequest } from '../../protocol/server-check.ts';
import type { ContractAction } from '../../protocol/actions.ts';
import type { SettingsChange } from '../../protocol/settings.ts';
import type { SavedViewChange } from '../../protocol/filter.ts';
import type { ViewFilter, ViewRange } from '../../protocol/view.ts';

declare global {
  interface Window {
    readonly pulse: PulseApi;
  }
}

/** The window's only way to main: every request has its function here, nothing else touches `window.pulse`. */
export function createApi(pulse: PulseApi) {
  const request = async <C extends RequestChannel>(
    ...asked: Parameters<typeof pulse.request<C>>
  ): Promise<RequestMap[C]['response']> => {
    const answer = await pulse.request(...asked);
    if (!answer.ok) throw new RequestError(answer.failure);
    return answer.value;
  };
  return {
    bootstrap: () => request('app:bootstrap'),
    copyDiagnostics: () => request('app:copyDiagnostics'),
    restart: () => request('app:restart'),
    signIn: (how: SignInRequest) => request('session:signIn', how),
    cancelSignIn: () => request('session:cancelSignIn'),
    chooseProfile: () => request('session:chooseProfile'),
    useProfile: (json: string) => request('session:useProfile', { json }),
    checkServer: (asked: CheckRequest) => request('server:check', asked),
    cancelCheck: () => request('server:cancelCheck'),
    copyCheckReport: () => request('server:copyReport'),
    signOut: () => request('session:signOut'),
    signOutAndErase: () => request('session:signOutAndErase'),
    retryNow: () => request('connection:retryNow'),
    openView: (filter: ViewFilter, range: ViewRange) => request('view:open', { filter, range }),
    readView: (viewId: number, range: ViewRange) => request('view:read', { viewId, range }),
    holdView: (viewId: number, held: boolean, range: ViewRange) =>
      request('view:hold', { viewId, held, range }),
    closeView: (viewId: number) => request('view:close', { viewId }),
    painted: (viewId: number, seq: number) => request('view:painted', { viewId, seq }),
    markViewRead: (viewId: number) => request('view:markRead', { viewId }),
    idsOfView: (viewId: number, offset: number, count: number) =>
      request('view:ids', { viewId, offset, count }),
    exportView: (filter: ViewFilter, format: 'csv' | 'json') => request('view:export', { filter, format }),
    performAction: (contractIds: readonly string[], action: ContractAction) =>
      request('actions:perform', { contractIds: [...contractIds], action }),
    undoAction: (undoId: number) => request('actions:undo', { undoId }),
    facets: (text: string) => request('filter:facets', { text }),
    savedViews: () => request('savedViews:read'),
    saveView: (view: SavedViewChange) => request('savedViews:save', view),
    removeSavedView: (savedId: number) => request('savedViews:remove', { savedId }),
    orderSavedViews: (savedIds: readonly number[]) =>
      request('savedViews:order', { savedIds: [...savedIds] }),
    overview: (days: number) => request('overview:read', { days }),
    away: () => request('away:read'),
    changeSettings: (change: SettingsChange) => request('settings:change', change),
    testNotification: () => request('notifications:test'),
    unsent: () => request('outbox:unsent'),
    storageStats: () => request('storage:stats'),
    openContract: (contractId: string) => request('contract:open', { contractId }),
    closeContract: () => request('contract:close'),
    markEventRead: (contractId: string, eventId: string, read: boolean) =>
      request('contract:markEventRead', { contractId, eventId, read }),
    openPortal: (contractId: string) => request('contract:openPortal', { contractId }),
    copyReference: (contractId: string) => request('contract:copyReference', { contractId }),
    undoAcknowledge: (contractId: string) => request('contract:undoAcknowledge', { contractId }),
    retryAcknowledge: (contractId: string) => request('contract:retryAcknowledge', { contractId }),
    startFresh: () => request('storage:startFresh'),
    backUp: () => request('storage:backUp'),
    chooseBackup: () => request('storage:chooseBackup'),
    restore: () => request('storage:restore'),
    dropBackup: () => request('storage:dropBackup'),
    on: <C extends MessageChannel>(channel: C, listener: (message: MessageMap[C]) => void) =>
      pulse.on(channel, listener),
  };
}

export type Api = ReturnType<typeof createApi>;

/** A failed request about one contract, whose name is said with it: another one may be open by then. */
export class ContractProblem extends RequestError {
  readonly title: string;

  constructor(title: string, cause: unknown) {
    super(toFailure(cause));
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

/** Why a request failed; what is no answer of main's is a mistake in the program. */
export function toFailure(error: unknown): Failure {
  if (error instanceof RequestError) return error.failure;
  return { code: 'ownFault', params: {}, detail: error instanceof Error ? error.message : String(error) };
}
