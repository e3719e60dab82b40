import type { Tokens, User } from '../../protocol/api.ts';
import type { SessionView, SignInKey, SignInRequest, SignInResult } from '../../protocol/ipc.ts';
import { languageOf, type Language } from '../../protocol/language.ts';
import { originsOf } from '../../protocol/profile/credentials.ts';
import {
  BUILT_IN,
  describeProfile,
  type Listening,
  type ServerProfile,
} from '../../protocol/profile/profile.ts';
import type { CallApi } from '../sync/api.ts';
import type { AccountKey } from '../ledger/types.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { Log } from '../ports/log.ts';
import type { Vault } from '../ports/vault.ts';
import { createAuthorizedCall } from './authorized-call.ts';
import { enterBy } from './enter.ts';
import { createFixedKey, readKey } from './fixed-key.ts';
import { createOidcSource } from './oidc/tokens.ts';
import { isOnThisMachine, normaliseServer } from './server-address.ts';
import { createSessionStore, type StoredSession } from './stored-session.ts';
import { createServerSource, tellOfSignOut, type TokenSource } from './token-source.ts';
import { createTokens, type TokenKeeper } from './tokens.ts';

export interface SessionOptions {
  /** One client for the life of one sign-in; `close` ends its sockets. */
  createHttp(): HttpPort & { close(): void };
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random?: Random;
  readonly log: Log;
  /** Whether the person wants their password to go there, and to sign in at these issuers' origins; default: they do. */
  confirmServer?(server: string, issuers: readonly string[]): Promise<boolean>;
  /** Hands an address to the person's browser; default: there is none. */
  openExternal?(url: string): Promise<void>;
  /** Of what the browser shows at the end; default: by `locale`. */
  language?(): Language;
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
  /** A sign-in that waits for the browser ends as `cancelled`; without one nothing happens. */
  cancelSignIn(): void;
  /** The profile of who is signed in, or was until the server ended it. */
  profile(): ServerProfile | null;
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
  /** Null: a key was given out by somebody, and no session of it began with us. */
  readonly source: TokenSource | null;
  remembered: boolean;
  closeHttp(): void;
}

type Renewable = Tokens | { readonly refreshToken: string };
type Secret = Renewable | SignInKey;

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
  let signingIn: AbortController | null = null;
  /** Of the sign-in that the server has ended. */
  let ended: ServerProfile | null = null;

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
    const source = 'header' in secret ? null : sourceOf(http, who, secret.refreshToken);
    const tokens =
      'header' in secret || source === null ? createFixedKey(secret as SignInKey) : renewing(secret, source);
    function renewing(first: Renewable, { renew }: TokenSource): TokenKeeper {
      return createTokens({
        clock,
        random,
        first,
        renew,
        async keep(refreshToken) {
          const kept = await store.write({ ...who, refreshToken, ended: 'none' });
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
      source,
      remembered,
      closeHttp: () => http.close(),
    };
    return session;
  }

  function sourceOf(
    http: HttpPort,
    { server, profile }: Pick<StoredSession, 'server' | 'profile'>,
    refreshToken: string,
  ): TokenSource {
    const credentials = profile?.credentials;
    if (credentials === undefined) return createServerSource(http, clock, server);
    return createOidcSource({ http, clock, credentials, refreshToken });
  }

  function endByServer(session: FrozenView, cause: 'expired' | 'revoked'): void {
    if (held !== session) return;
    held = null;
    session.tokens.close();
    session.closeHttp();
    const { username, user, profileGiven: profile } = session;
    const { server } = session.key;
    // The names are kept, the dead token is not.
    void store.write({ server, username, user, profile, refreshToken: null, ended: cause });
    log.info(`session: ended by the server (${cause})`);
    showEnded({ server, username, profile, ended: cause });
  }

  function showEnded({
    profile,
    ...rest
  }: Pick<StoredSession, 'server' | 'username' | 'profile' | 'ended'>): void {
    ended = profile ?? null;
    const chosen = profile === undefined ? null : { profile: describeProfile(profile) };
    show({ state: 'signed_out', ...rest, ...chosen });
  }

  const mayUse = (server: string): boolean => options.loopbackOnly !== true || isOnThisMachine(server);

  /** Another key of the same person at the same server: what listens there listens as before. */
  function profileBefore(server: string): ServerProfile | undefined {
    const before = held === null ? ended : held.profileGiven;
    return before?.origin === server ? before : undefined;
  }

  async function enter(
    given: SignInRequest,
    chosen: ServerProfile | null,
    signal: AbortSignal,
  ): Promise<SignInResult> {
    const address = normaliseServer(given.server);
    if (!address.ok) return { ok: false, problem: { code: 'bad_address', detail: address.detail } };
    const { server } = address;
    const bad = (detail: string): SignInResult => ({ ok: false, problem: { code: 'bad_profile', detail } });
    const profile = 'password' in given ? undefined : (chosen ?? profileBefore(server));
    if (profile !== undefined && server !== profile.origin) return bad(`it is of ${profile.origin}`);
    if ('key' in given && profile?.credentials !== undefined)
      return bad('it has "credentials": sign in by the browser');
    const issuers = profile?.credentials === undefined ? [] : originsOf(profile.credentials);
    if (![server, ...issuers].every(mayUse)) return { ok: false, problem: { code: 'this_machine_only' } };
    const key = 'key' in given ? readKey(given.key) : null;
    if ('key' in given && key === null) return { ok: false, problem: { code: 'unusable_key' } };
    const request = key === null ? given : { ...given, key };
    if ((await options.confirmServer?.(server, issuers)) === false)
      return { ok: false, problem: { code: 'not_confirmed' } };
    const http = options.createHttp();
    const locale = options.locale ?? 'en';
    const result = await enterBy(request, {
      http,
      clock,
      server,
      profile,
      openExternal: options.openExternal ?? (() => Promise.reject(new Error('there is no browser'))),
      language: options.language?.() ?? languageOf(locale),
      locale,
      signal,
    });
    if (!result.ok) {
      http.close();
      log.info(`session: sign-in failed (${result.problem.code})`);
      return result;
    }
    const { username, user, secret } = result;
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

  return {
    view: () => view,
    current: () => held,
    async restore() {
      const stored = await store.read();
      if (held !== null || signingIn !== null) return;
      if (stored === 'locked') {
        if (view.state !== 'signed_out' || view.ended !== 'locked')
          show({ state: 'signed_out', server: '', username: '', ended: 'locked' });
        return;
      }
      if (stored === null) {
        show({ state: 'signed_out', server: '', username: '', ended: 'none' });
        return;
      }
      const { server, refreshToken, key } = stored;
      const secret = key ?? (refreshToken === null ? null : { refreshToken });
      if (secret === null || !mayUse(server)) {
        showEnded(stored);
        return;
      }
      held = hold(options.createHttp(), stored, secret, options.vault.persistent);
      log.info('session: restored');
      showSignedIn(held);
    },
    async signIn(request, { anew, profile = null } = { anew: false }) {
      if (signingIn !== null || (held !== null && !anew)) return { ok: false, problem: { code: 'busy' } };
      signingIn = new AbortController();
      const signal = AbortSignal.any([signingIn.signal, ending.signal]);
      try {
        return await enter(request, profile, signal);
      } finally {
        signingIn = null;
      }
    },
    cancelSignIn: () => signingIn?.abort(new Error('the person gave it up')),
    profile: () => (held === null ? ended : (held.profileGiven ?? null)),
    async signOut({ forget } = { forget: false }) {
      const session = held;
      held = null;
      ended = null;
      session?.tokens.stopKeeping();
      await store.erase();
      if (forget || view.state !== 'signed_out' || view.ended !== 'by_user') {
        const nobody = { server: '', username: '' };
        const { server, username } = forget || view.state === 'restoring' ? nobody : view;
        show({ state: 'signed_out', server, username, ended: 'by_user' });
      }
      if (session === null) return;
      if (session.source !== null) await tellOfSignOut(session.source, session.call, clock, log);
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
