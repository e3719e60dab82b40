import * as v from 'valibot';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import { userSchema, type Tokens, type User } from '../../../protocol/api.ts';
import type { SignInProblem } from '../../../protocol/sign-in.ts';
import type { Language } from '../../../protocol/language.ts';
import { issuerOrigin, originsOf, type OidcCredentials } from '../../../protocol/profile/credentials.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpPort } from '../../ports/http.ts';
import { readKey } from '../fixed-key.ts';
import { awaitCallback, type Callback } from './callback.ts';
import { discoverIssuer, Elsewhere } from './issuer.ts';
import { problemOfIssuer } from './problems.ts';
import { readTokens } from './tokens.ts';

export interface BrowserSignIn {
  readonly http: HttpPort;
  readonly clock: Clock;
  /** Hands an address to the person's browser. */
  openExternal(url: string): Promise<void>;
  /** Of the page that the browser ends at. */
  readonly language: Language;
  /** Aborted: the person gave it up, or the app ends. */
  readonly signal: AbortSignal;
}

export type BrowserResult =
  | { readonly ok: true; readonly username: string; readonly user: User; readonly tokens: Tokens }
  | { readonly ok: false; readonly problem: SignInProblem };

/** People look for a password, a telephone, a key: five minutes. */
const PATIENCE_MS = 300_000;

/** Authorization Code with PKCE, `state` and `nonce`, in the person's browser. Never rejects for the issuer's sake. */
export async function signInByBrowser(
  how: BrowserSignIn,
  credentials: OidcCredentials,
): Promise<BrowserResult> {
  const issuer = issuerOrigin(credentials);
  let callback: Callback | null = null;
  try {
    const config = await discoverIssuer(how.http, how.clock, credentials, how.signal);
    const secrets = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    callback = await awaitCallback(secrets.state, how.language);
    const page = await addressOf(config, credentials, secrets, callback.redirectUri);
    how.signal.throwIfAborted();
    try {
      await how.openExternal(page);
    } catch {
      return no({ code: 'no_browser' });
    }
    const answer = await waitFor(callback, how);
    if (answer === null) return no({ code: callback.sawForeign() ? 'wrong_state' : 'browser_timeout' });
    const problem = mixedUp(config, answer, issuer);
    if (problem !== null) return no(problem);
    const granted = await authorizationCodeGrant(config, answer, {
      pkceCodeVerifier: secrets.verifier,
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      idTokenExpected: true,
    });
    if (granted.refresh_token === undefined || granted.refresh_token === '')
      return no({ code: 'no_refresh_token', issuer });
    const tokens = readTokens(granted, '');
    if (tokens === null || readKey({ header: 'authorization', value: tokens.accessToken }) === null)
      return no({ code: 'unusable_token' });
    return readUser(granted.claims() ?? {}, credentials, tokens, issuer);
  } catch (error) {
    return no(how.signal.aborted ? { code: 'cancelled' } : problemOfIssuer(error, issuer));
  } finally {
    void callback?.close();
  }
}

const no = (problem: SignInProblem): BrowserResult => ({ ok: false, problem });

async function addressOf(
  config: Configuration,
  credentials: OidcCredentials,
  secrets: { readonly state: string; readonly nonce: string; readonly verifier: string },
  redirectUri: string,
): Promise<string> {
  const { scopes = ['openid', 'offline_access'], parameters } = credentials;
  const url = buildAuthorizationUrl(config, {
    // Where it is not asked for, no refresh token may be given (OpenID Connect Core 1.0, section 11).
    ...(scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
    ...parameters,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
    code_challenge_method: 'S256',
  });
  if (!originsOf(credentials).includes(url.origin)) throw new Elsewhere(url.origin);
  return url.href;
}

/** Null: nothing came in time. Rejects with the signal's reason. */
function waitFor(callback: Callback, { clock, signal }: BrowserSignIn): Promise<URL | null> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(PATIENCE_MS, () => resolve(null));
    const abort = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    void callback.answer.then((answer) => {
      cancel();
      resolve(answer);
    });
    if (signal.aborted) abort();
  });
}

/** RFC 9207: whose answer it is. Asked before the code, which is worth something to its issuer only, is sent anywhere. */
function mixedUp(config: Configuration, answer: URL, issuer: string): SignInProblem | null {
  const named = answer.searchParams.getAll('iss');
  const { issuer: own } = config.serverMetadata();
  return named.every((each) => each === own)
    ? null
    : { code: 'issuer_mismatch', issuer, detail: 'the answer that the browser brought is of another' };
}

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500));

function readUser(
  claims: Readonly<Record<string, unknown>>,
  credentials: OidcCredentials,
  tokens: Tokens,
  issuer: string,
): BrowserResult {
  const { userId: claim = 'sub' } = credentials;
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => v.safeParse(text, claims[name])).find((found) => found.success)?.output;
  const id = typeof claims[claim] === 'number' ? String(claims[claim]) : claims[claim];
  const name = first('name', 'preferred_username', 'email') ?? id;
  const user = v.safeParse(userSchema, { id, name, locale: first('locale')?.slice(0, 35) });
  if (!user.success) return no({ code: 'no_user_id', issuer, claim });
  const username = first('preferred_username', 'email', 'name') ?? user.output.id;
  return { ok: true, username, user: user.output, tokens };
}
