import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '../../protocol/failures.ts';
import { STEPS, stepOf, type Finding } from '../../protocol/findings.ts';
import type { ServerProfile } from '../../protocol/profile/profile.ts';
import type { CheckRequest, ProfileProposal } from '../../protocol/server-check.ts';
import type { SignInProblem } from '../../protocol/sign-in.ts';
import { toFailure, type Api } from './api.ts';
import type { SessionStore } from './session-store.ts';

export interface ServerCheckState {
  /** What is looked at; null: nothing, and nothing is shown. It holds what was typed, the secret with it. */
  readonly request: CheckRequest | null;
  /** As the person knows it. */
  readonly server: string;
  readonly running: boolean;
  /** Client clock, epoch ms. */
  readonly startedAt: number;
  /** In the order of the steps. */
  readonly findings: readonly Finding[];
  readonly cancelled: boolean;
  /** Why nothing was asked. */
  readonly problem: SignInProblem | null;
  readonly failure: Failure | null;
  readonly proposal: ProfileProposal | null;
  /** The proposed profile, as corrected. */
  readonly draft: ServerProfile | null;
  readonly userId: string;
  readonly using: boolean;
  readonly copied: boolean;
}

export interface ServerCheckStore extends StoreApi<ServerCheckState> {
  /** Begins, and shows it. */
  start(request: CheckRequest, server: string): Promise<void>;
  applyFinding(finding: Finding): void;
  cancel(): void;
  copyReport(): Promise<void>;
  edit(draft: ServerProfile): void;
  setUserId(userId: string): void;
  /** Signs in by the corrected profile; where that fails, the sign-in says why. */
  use(): Promise<void>;
  /** Ends it, and forgets what was typed. */
  close(): void;
}

/** Where no event carries a user's id, any will do. */
const ANYBODY = 'me';

const NOTHING: ServerCheckState = {
  request: null,
  server: '',
  running: false,
  startedAt: 0,
  findings: [],
  cancelled: false,
  problem: null,
  failure: null,
  proposal: null,
  draft: null,
  userId: '',
  using: false,
  copied: false,
};

/** "Test this server": one check at a time. */
export function createServerCheckStore(
  api: Pick<Api, 'checkServer' | 'cancelCheck' | 'copyCheckReport'>,
  session: Pick<SessionStore, 'useProfile' | 'signIn'>,
  now: () => number,
): ServerCheckStore {
  const store = createStore<ServerCheckState>(() => NOTHING);

  const cancel = (): void => void api.cancelCheck().catch(() => undefined);

  return Object.assign(store, {
    async start(request: CheckRequest, server: string) {
      if (store.getState().running) return;
      store.setState({ ...NOTHING, request, server, running: true, startedAt: now() });
      /** It may be closed meanwhile. */
      const isShown = (): boolean => store.getState().request === request;
      try {
        const answer = await api.checkServer(request);
        if (!isShown()) return;
        if (answer.ok) {
          const { cancelled, findings, proposal } = answer;
          const draft = proposal?.profile ?? null;
          const userId = proposal?.userId || ANYBODY;
          store.setState({ running: false, cancelled, findings, proposal, draft, userId });
        } else store.setState({ running: false, problem: answer.problem });
      } catch (error) {
        if (isShown()) store.setState({ running: false, failure: toFailure(error) });
      }
    },
    applyFinding(finding: Finding) {
      const { running, findings } = store.getState();
      if (!running) return;
      const place = (one: Finding): number => STEPS.indexOf(stepOf(one));
      store.setState({ findings: [...findings, finding].toSorted((a, b) => place(a) - place(b)) });
    },
    cancel,
    async copyReport() {
      try {
        store.setState({ copied: await api.copyCheckReport() });
      } catch (error) {
        store.setState({ failure: toFailure(error) });
      }
    },
    edit(draft: ServerProfile) {
      store.setState({ draft });
    },
    setUserId(userId: string) {
      store.setState({ userId });
    },
    async use() {
      const { request, draft, userId, using } = store.getState();
      if (using || draft === null || request?.by !== 'key' || request.key === undefined) return;
      const { key } = request;
      store.setState({ using: true });
      const chosen = await session.useProfile(JSON.stringify(draft));
      const username = userId.trim() || ANYBODY;
      if (chosen !== null) await session.signIn({ server: chosen.origin, username, key, profile: true });
      // Whatever came of it, it is told where one signs in.
      store.setState(NOTHING);
    },
    close() {
      if (store.getState().running) cancel();
      store.setState(NOTHING);
    },
  });
}
