import type { Tokens, User } from '../../protocol/api.ts';
import type { SignInKey, SignInRequest } from '../../protocol/ipc.ts';
import type { SignInProblem } from '../../protocol/sign-in.ts';
import type { Language } from '../../protocol/language.ts';
import { BUILT_IN, type ServerProfile } from '../../protocol/profile/profile.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import { signInByBrowser } from './oidc/sign-in.ts';
import { logIn, tryKey } from './sign-in.ts';

export type Entered =
  | {
      readonly ok: true;
      readonly username: string;
      readonly user: User;
      readonly secret: Tokens | SignInKey;
    }
  | { readonly ok: false; readonly problem: SignInProblem };

/** What each kind of sign-in needs. */
export interface Entrance {
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly server: string;
  readonly profile: ServerProfile | undefined;
  openExternal(url: string): Promise<void>;
  readonly language: Language;
  /** Of people whose server does not tell. */
  readonly locale: string;
  readonly signal: AbortSignal;
}

/** By password, key or browser, as the request has it. Never rejects for the server's sake. */
export async function enterBy(request: SignInRequest, how: Entrance): Promise<Entered> {
  if ('browser' in request) return byBrowser(how);
  return 'key' in request ? byKey(request.username, request.key, how) : byPassword(request, how);
}

async function byPassword(
  { username, password }: { readonly username: string; readonly password: string },
  { http, clock, server, signal }: Entrance,
): Promise<Entered> {
  const result = await logIn(http, clock, server, { username, password }, signal);
  if (!result.ok) return result;
  const { user, ...secret } = result.answer;
  return { ok: true, username, user, secret };
}

/** Who somebody is, a server does not say to a key: the person does. */
async function byKey(userId: string, key: SignInKey, how: Entrance): Promise<Entered> {
  const { http, clock, server, profile = BUILT_IN } = how;
  const problem = await tryKey(http, clock, { server, userId, key, profile }, how.signal);
  if (problem !== null) return { ok: false, problem };
  return {
    ok: true,
    username: userId,
    user: { id: userId, name: userId, locale: how.locale },
    secret: key,
  };
}

/** The issuer knows who it is; whether the contracts' server takes its token, one look shows. */
async function byBrowser(how: Entrance): Promise<Entered> {
  const { http, clock, server, profile } = how;
  if (profile?.credentials === undefined) {
    const detail = 'choose a profile with "credentials" first';
    return { ok: false, problem: { code: 'bad_profile', detail } };
  }
  const result = await signInByBrowser(how, profile.credentials);
  if (!result.ok) return result;
  const { username, user, tokens } = result;
  const key = { header: 'authorization', value: tokens.accessToken };
  const problem = await tryKey(http, clock, { server, userId: user.id, key, profile }, how.signal);
  if (problem !== null)
    return { ok: false, problem: problem.code === 'wrong_key' ? { code: 'token_refused' } : problem };
  return { ok: true, username, user, secret: tokens };
}
