import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ChosenProfile, ProfileChoice, SessionView, SignInRequest } from '../../protocol/ipc.ts';
import type { SignInProblem } from '../../protocol/sign-in.ts';
import { toFailure, type Api } from './api.ts';

export interface SessionState {
  readonly session: SessionView;
  readonly systemLocale: string;
  readonly suggestedServer: string;
  readonly appVersion: string;
  /** `process.platform` of main. */
  readonly platform: string;
  readonly signingIn: boolean;
  /** `failed` is a request that broke down inside the app; the others are main's answers. */
  readonly problem: SignInProblem | { readonly code: 'failed'; readonly detail: string } | null;
  /** Client clock, epoch ms: until then another try is refused by the server. */
  readonly throttledUntil: number | null;
  /** Of the server to sign in at; null: one that needs none. */
  readonly profile: ChosenProfile | null;
}

export interface SessionStore extends StoreApi<SessionState> {
  signIn(request: SignInRequest): Promise<boolean>;
  /** Gives up the sign-in that waits for the browser. */
  cancelSignIn(): Promise<void>;
  applySession(session: SessionView): void;
  forgetProblem(): void;
  /** Asks the person for a profile's file. */
  chooseProfile(): Promise<void>;
  /** Takes this one, as its text; null: it is none, which is told. */
  useProfile(json: string): Promise<ChosenProfile | null>;
  dropProfile(): void;
}

export function createSessionStore(api: Api, now: () => number): SessionStore {
  const store = createStore<SessionState>(() => ({
    session: { state: 'restoring' },
    systemLocale: 'en',
    suggestedServer: '',
    appVersion: '',
    platform: '',
    signingIn: false,
    problem: null,
    throttledUntil: null,
    profile: null,
  }));

  function forgetProblem(): void {
    store.setState({ problem: null, throttledUntil: null });
  }

  async function take(choose: () => Promise<ProfileChoice>): Promise<ChosenProfile | null> {
    try {
      const choice = await choose();
      if (choice === null) return null;
      if (!('problem' in choice)) {
        store.setState({ profile: choice, problem: null, throttledUntil: null });
        return choice;
      }
      store.setState({ problem: choice.problem });
    } catch (error) {
      store.setState({ problem: { code: 'failed', detail: toFailure(error).detail } });
    }
    return null;
  }

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
    async cancelSignIn() {
      try {
        await api.cancelSignIn();
      } catch (error) {
        store.setState({ problem: { code: 'failed', detail: toFailure(error).detail } });
      }
    },
    applySession(session: SessionView) {
      const before = session.state === 'signed_out' ? session.profile : undefined;
      store.setState(({ profile }) => ({ session, profile: profile ?? before ?? null }));
    },
    forgetProblem,
    chooseProfile: async () => void (await take(api.chooseProfile)),
    useProfile: (json: string) => take(() => api.useProfile(json)),
    dropProfile() {
      store.setState({ profile: null });
      forgetProblem();
    },
  });
}
