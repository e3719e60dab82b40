import { PATHS, type Tokens, type User } from '../../protocol/api.ts';
import type { SessionView, SignInKey, SignInRequest, SignInResult } from '../../protocol/ipc.ts';
import type { SignInProblem } from '../../protocol/sign-in.ts';
import { BUILT_IN, type Listening, type ServerProfile } from '../../protocol/profile/profile.ts';
import type { CallApi } from '../sync/api.ts';
import type { AccountKey } from '../ledger/types.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { Log } from '../ports/log.ts';
import type { Vault } from '../ports/vault.ts';
import { createAuthorizedCall } from './authorized-call.ts';
import { sendJson } from './json-call.ts';
import { createFixedKey, readKey } from './fixed-key.ts';
import { readRenewal } from './renewal.ts';
import { isOnThisMachine, normaliseServer } from './server-address.ts';
import { CALL_TIMEOUT_MS, logIn, MAX_ANSWER_BYTES, tryKey } from './sign-in.ts';
import { createSessionStore, type StoredSession } from './stored-session.ts';
import { createTokens, type TokenKeeper } from './tokens.ts';

export interface SessionOptions {
  /** One client for the life of one sign-in; `close` ends its sockets. */
  createHttp(): HttpPort & { close(): void };
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random?: Random;
  readonly log: Log;
  /** Whether the person wants their password to go there; default: they do. */
  confirmServer?(server: string): Promise<boolean>;
  /** Of people whose server does not tell: they gave a key. Default `en`. */
  readonly locale?: string;
  /** Nobody signs in, and no stored sign-in is taken up, at a server elsewhere. */
  readonly loopbackOnly?: boolean;
}

/** Who is signed in, with what it takes to talk to the server. */
export interface LiveSession {
  readonly key: AccountKey;
  readonly profile: Listening;
  readonly http: HttpPort;
  /**
   * One API call with credentials, which are renewed on 401. Rejects with ApiError `signed_out` when the session is dead; a
   * 401 that comes back is one path's own, and ends nothing.
   */
  readonly call: CallApi;
  /**
   * For the stream. `refused`: the headers given last were answered 401. Null: the session is over. Rejects when a
   * renewal that is needed could not be had now.
   */
  headers(refused: boolean): Promise<Readonly<Record<string, string>> | null>;
}

export interface Session {
  view(): SessionView;
  /** Null while nobody is signed in. */
  current(): LiveSession | null;
  /**
   * Takes up what the vault holds; without a word to the server. May be called again where the view says `locked`, and does
   * nothing while somebody is signed in or signing in.
   */
  restore(): Promise<void>;
  /**
   * `anew`: somebody is signed in already, whom the server refuses. Once it succeeds it takes that one's place; else nothing changes.
   * `profile`: of another server than ours, and then of its origin alone.
   */
  signIn(
    request: SignInRequest,
    options?: { readonly anew: boolean; readonly profile?: ServerProfile | null },
  ): Promise<SignInResult>;
  /**
   * Wipes token or key from disk and memory first, then tells the server of a session's end, within 5 s and if it can be had. `forget`: server
   * and user name are not shown at sign-in again.
   */
  signOut(options?: { readonly forget: boolean }): Promise<void>;
  /** Called after each change of `view()`. Returns its unsubscribe. */
  onChange(listener: (view: SessionView) => void): () => void;
  /** The app ends: nothing is sent or written any more once it resolves; the stored sign-in stays. */
  close(): Promise<void>;
}

interface FrozenView extends LiveSession {
  readonly username: string;
  readonly user: User;
  readonly profileGiven: ServerProfile | undefined;
  readonly tokens: TokenKeeper;
  remembered: boolean;
  closeHttp(): void;
}

type Renewable = Tokens | { readonly refreshToken: string };
type Secret = Renewable | SignInKey;

const LOGOUT_TIMEOUT_MS = 5_000;

/** What the vault keeps of it. */
const kindOf = (secret: Secret): Pick<StoredSession, 'refreshToken' | 'key'> =>
  'header' in secret ? { refreshToken: null, key: secret } : { refreshToken: secret.refreshToken };

/** Holds at most one sign-in. Tokens stay inside: they are in no view, error or log line. */
export function createSession(options: SessionOptions): Session {
  const { clock, log } = options;
  const store = createSessionStore(options.vault, log);
  const random = options.random ?? Math.random;
  const listeners = new Set<(view: SessionView) => void>();
  const ending = new AbortController();
  let held: FrozenView | null = null;
  let view: SessionView = { state: 'restoring' };
  let signingIn = false;

  function show(next: SessionView): void {
    view = next;
    for (const listener of listeners) listener(next);
  }

  function showSignedIn(session: FrozenView): void {
    show({
      state: 'signed_in',
      server: session.key.server,
      username: session.username,
      userName: session.user.name,
      locale: session.user.locale,
      remembered: session.remembered,
      ...(session.profile.capabilities.acknowledge ? null : { cannotAcknowledge: true }),
    });
  }

  function hold(
    http: HttpPort & { close(): void },
    who: Pick<StoredSession, 'server' | 'username' | 'user' | 'profile'>,
    secret: Secret,
    remembered: boolean,
  ): FrozenView {
    const { server, username, user } = who;
    const tokens = 'header' in secret ? createFixedKey(secret) : renewing(secret);
    function renewing(first: Renewable): TokenKeeper {
      return createTokens({
        clock,
        random,
        first,
        async renew(refreshToken, signal) {
          const answer = await sendJson(http, clock, {
            url: server + PATHS.refresh,
            body: { refreshToken },
            timeoutMs: CALL_TIMEOUT_MS,
            maxBytes: MAX_ANSWER_BYTES,
            signal,
          });
          return readRenewal(answer, refreshToken, clock.now());
        },
        async keep(refreshToken) {
          const kept = await store.write({ server, username, user, refreshToken, ended: 'none' });
          const now = kept && options.vault.persistent;
          if (session.remembered === now) return;
          session.remembered = now;
          if (held === session) showSignedIn(session);
        },
        onOver: (cause) => endByServer(session, cause),
        onFailure: (detail) => log.warn(`session: the token could not be renewed ahead of time: ${detail}`),
      });
    }
    const session: FrozenView = {
      key: { server, userId: user.id, userName: user.name, locale: user.locale },
      profile: who.profile ?? BUILT_IN,
      profileGiven: who.profile,
      http,
      call: createAuthorizedCall({ http, server, tokens, clock }),
      headers: tokens.headers,
      username,
      user,
      tokens,
      remembered,
      closeHttp: () => http.close(),
    };
    return session;
  }

  function endByServer(session: FrozenView, cause: 'expired' | 'revoked'): void {
    if (held !== session) return;
    held = null;
    session.tokens.close();
    session.closeHttp();
    const { username, user } = session;
    const { server } = session.key;
    // The names are kept, the dead token is not.
    void store.write({ server, username, user, refreshToken: null, ended: cause });
    log.info(`session: ended by the server (${cause})`);
    show({ state: 'signed_out', server, username, ended: cause });
  }

  const mayUse = (server: string): boolean => options.loopbackOnly !== true || isOnThisMachine(server);

  type Entered =
    | { readonly ok: true; readonly user: User; readonly secret: Tokens | SignInKey }
    | { readonly ok: false; readonly problem: SignInProblem };

  async function enterByPassword(
    http: HttpPort,
    server: string,
    credentials: { readonly username: string; readonly password: string },
  ): Promise<Entered> {
    const result = await logIn(http, clock, server, credentials, ending.signal);
    if (!result.ok) return result;
    const { user, ...secret } = result.answer;
    return { ok: true, user, secret };
  }

  /** Who somebody is, a server does not say to a key: the person does. */
  async function enterByKey(
    http: HttpPort,
    server: string,
    userId: string,
    key: SignInKey,
    profile: Listening,
  ): Promise<Entered> {
    const problem = await tryKey(http, clock, { server, userId, key, profile }, ending.signal);
    if (problem !== null) return { ok: false, problem };
    return { ok: true, user: { id: userId, name: userId, locale: options.locale ?? 'en' }, secret: key };
  }

  /** Another key of the same person at the same server: what listens there listens as before. */
  const profileBefore = (server: string): ServerProfile | undefined =>
    held?.key.server === server ? held.profileGiven : undefined;

  async function enter(request: SignInRequest, chosen: ServerProfile | null): Promise<SignInResult> {
    const address = normaliseServer(request.server);
    if (!address.ok) return { ok: false, problem: { code: 'bad_address', detail: address.detail } };
    const { server } = address;
    if (!mayUse(server)) return { ok: false, problem: { code: 'this_machine_only' } };
    const { username } = request;
    const profile = 'key' in request ? (chosen ?? profileBefore(server)) : undefined;
    if (profile !== undefined && server !== profile.origin)
      return { ok: false, problem: { code: 'bad_profile', detail: `it is of ${profile.origin}` } };
    const given = 'key' in request ? readKey(request.key) : request.password;
    if (given === null) return { ok: false, problem: { code: 'unusable_key' } };
    if ((await options.confirmServer?.(server)) === false)
      return { ok: false, problem: { code: 'not_confirmed' } };
    const http = options.createHttp();
    const result =
      typeof given === 'string'
        ? await enterByPassword(http, server, { username, password: given })
        : await enterByKey(http, server, username, given, profile ?? BUILT_IN);
    if (!result.ok) {
      http.close();
      log.info(`session: sign-in failed (${result.problem.code})`);
      return result;
    }
    const { user, secret } = result;
    const who = { server, username, user, profile };
    const before = held;
    // Its last successor must not be written over the new one.
    before?.tokens.stopKeeping();
    const kept = await store.write({ ...who, ...kindOf(secret), ended: 'none' });
    before?.tokens.close();
    before?.closeHttp();
    held = hold(http, who, secret, kept && options.vault.persistent);
    log.info('session: signed in');
    showSignedIn(held);
    return { ok: true };
  }

  async function tellServer(session: FrozenView): Promise<void> {
    const controller = new AbortController();
    const cancel = clock.after(LOGOUT_TIMEOUT_MS, () => controller.abort(new Error('no answer within 5 s')));
    try {
      const answer = await session.call({ method: 'POST', path: PATHS.logout, signal: controller.signal });
      if (answer.status >= 300) log.warn(`session: the server answered ${answer.status} to the sign-out`);
    } catch (error) {
      const detail = error instanceof Error ? error.message.slice(0, 200) : 'unknown error';
      log.warn(`session: the server could not be told of the sign-out: ${detail}`);
    } finally {
      cancel();
      controller.abort();
    }
  }

  return {
    view: () => view,
    current: () => held,
    async restore() {
      const stored = await store.read();
      if (held !== null || signingIn) return;
      if (stored === 'locked') {
        if (view.state !== 'signed_out' || view.ended !== 'locked')
          show({ state: 'signed_out', server: '', username: '', ended: 'locked' });
        return;
      }
      if (stored === null) {
        show({ state: 'signed_out', server: '', username: '', ended: 'none' });
        return;
      }
      const { server, username, refreshToken, key, ended } = stored;
      const secret = key ?? (refreshToken === null ? null : { refreshToken });
      if (secret === null || !mayUse(server)) {
        show({ state: 'signed_out', server, username, ended });
        return;
      }
      held = hold(options.createHttp(), stored, secret, options.vault.persistent);
      log.info('session: restored');
      showSignedIn(held);
    },
    async signIn(request, { anew, profile = null } = { anew: false }) {
      if (signingIn || (held !== null && !anew)) return { ok: false, problem: { code: 'busy' } };
      signingIn = true;
      try {
        return await enter(request, profile);
      } finally {
        signingIn = false;
      }
    },
    async signOut({ forget } = { forget: false }) {
      const session = held;
      held = null;
      session?.tokens.stopKeeping();
      await store.erase();
      if (forget || view.state !== 'signed_out' || view.ended !== 'by_user') {
        const nobody = { server: '', username: '' };
        const { server, username } = forget || view.state === 'restoring' ? nobody : view;
        show({ state: 'signed_out', server, username, ended: 'by_user' });
      }
      if (session === null) return;
      // A key was given out by somebody, and no session of it began with us.
      if (session.tokens.isRenewable) await tellServer(session);
      session.tokens.close();
      session.closeHttp();
      log.info('session: signed out');
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      ending.abort(new Error('the app ends'));
      listeners.clear();
      const leaving = held;
      // Nobody's from now on: a stream that still finds no credentials must not be taken for the server's end of it.
      held = null;
      leaving?.tokens.close();
      leaving?.closeHttp();
      await store.settled();
    },
  };
}
