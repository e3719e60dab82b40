import type { MessageChannel, MessageMap, PulseApi } from '../../protocol/ipc.ts';
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
    signIn: (server: string, username: string, password: string) =>
      pulse.request('session:signIn', { server, username, password }),
    signOut: () => pulse.request('session:signOut'),
    retryNow: () => pulse.request('connection:retryNow'),
    openView: (filter: ViewFilter, range: ViewRange) => pulse.request('view:open', { filter, range }),
    readView: (viewId: number, range: ViewRange) => pulse.request('view:read', { viewId, range }),
    holdView: (viewId: number, held: boolean, range: ViewRange) =>
      pulse.request('view:hold', { viewId, held, range }),
    closeView: (viewId: number) => pulse.request('view:close', { viewId }),
    openContract: (contractId: string) => pulse.request('contract:open', { contractId }),
    closeContract: () => pulse.request('contract:close'),
    markRead: (contractId: string, read: boolean) => pulse.request('contract:markRead', { contractId, read }),
    acknowledge: (contractId: string) => pulse.request('contract:acknowledge', { contractId }),
    undoAcknowledge: (contractId: string) => pulse.request('contract:undoAcknowledge', { contractId }),
    retryAcknowledge: (contractId: string) => pulse.request('contract:retryAcknowledge', { contractId }),
    startFresh: () => pulse.request('storage:startFresh'),
    on: <C extends MessageChannel>(channel: C, listener: (message: MessageMap[C]) => void) =>
      pulse.on(channel, listener),
  };
}

export type Api = ReturnType<typeof createApi>;

/** The words of a failed request; main's errors are safe to show. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
