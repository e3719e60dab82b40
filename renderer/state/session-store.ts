import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SessionView, SignInProblem, SignInRequest } from '../../protocol/ipc.ts';
import { toFailure, type Api } from './api.ts';

export interface SessionState {
  readonly session: SessionView;
  readonly systemLocale: string;
  readonly suggestedServer: string;
  readonly appVersion: string;
  readonly signingIn: boolean;
  /** `failed` is a request that broke down inside the app; the others are main's answers. */
  readonly problem: SignInProblem | { readonly code: 'failed'; readonly detail: string } | null;
  /** Client clock, epoch ms: until then another try is refused by the server. */
  readonly throttledUntil: number | null;
}

export interface SessionStore extends StoreApi<SessionState> {
  signIn(request: SignInRequest): Promise<boolean>;
  applySession(session: SessionView): void;
  forgetProblem(): void;
}

export function createSessionStore(api: Api, now: () => number): SessionStore {
  const store = createStore<SessionState>(() => ({
    session: { state: 'restoring' },
    systemLocale: 'en',
    suggestedServer: '',
    appVersion: '',
    signingIn: false,
    problem: null,
    throttledUntil: null,
  }));

  return Object.assign(store, {
    async signIn(request: SignInRequest) {
      if (store.getState().signingIn) return false;
      store.setState({ signingIn: true, problem: null, throttledUntil: null });
      try {
        const result = await api.signIn(request);
        if (result.ok) return true;
        const { problem } = result;
        const throttledUntil =
          problem.code === 'throttled' && problem.retryAfterS !== null
            ? now() + problem.retryAfterS * 1000
            : null;
        store.setState({ problem, throttledUntil });
        return false;
      } catch (error) {
        store.setState({ problem: { code: 'failed', detail: toFailure(error).detail } });
        return false;
      } finally {
        store.setState({ signingIn: false });
      }
    },
    applySession(session: SessionView) {
      store.setState({ session });
    },
    forgetProblem() {
      store.setState({ problem: null, throttledUntil: null });
    },
  });
}
