import * as v from 'valibot';
import { loginAnswerSchema, PATHS, unusableTokenSchema, type LoginAnswer } from '../../protocol/api.ts';
import { decodeJson, parseJson } from '../../protocol/event.ts';
import { memberOf } from '../../protocol/json-text.ts';
import type { SignInKey } from '../../protocol/ipc.ts';
import type { ServerSignInProblem } from '../../protocol/sign-in.ts';
import { isApiAnswer } from '../ports/api-answer.ts';
import { streamPath, takesUserId, type Listening } from '../../protocol/profile/profile.ts';
import type { Clock } from '../ports/clock.ts';
import { HttpError, type HttpPort } from '../ports/http.ts';
import { parseRetryAfter } from '../stream/retry-after.ts';
import { headersOf } from './fixed-key.ts';
import { AnswerTooLong, sendJson, type JsonAnswer } from './json-call.ts';
import { saysInvalidGrant } from './renewal.ts';

export type LoginResult =
  | { readonly ok: true; readonly answer: LoginAnswer }
  | { readonly ok: false; readonly problem: ServerSignInProblem };

export const CALL_TIMEOUT_MS = 20_000;
export const MAX_ANSWER_BYTES = 1 << 20;

/** Posts the password once and maps whatever comes back to what a person can be told. Never rejects for the server's sake. */
export async function logIn(
  http: HttpPort,
  clock: Clock,
  server: string,
  credentials: { readonly username: string; readonly password: string },
  signal: AbortSignal,
): Promise<LoginResult> {
  let answer: JsonAnswer;
  try {
    answer = await sendJson(http, clock, {
      url: server + PATHS.login,
      body: { username: credentials.username, password: credentials.password },
      timeoutMs: CALL_TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
      signal,
    });
  } catch (error) {
    return { ok: false, problem: problemOfError(error) };
  }
  if (answer.status < 200 || answer.status >= 300)
    return { ok: false, problem: problemOfAnswer(answer, clock.now()) };
  const decoded = decodeJson(loginAnswerSchema, answer.text);
  if (decoded.ok) return { ok: true, answer: decoded.value };
  if (decodeJson(unusableTokenSchema, answer.text).ok)
    return { ok: false, problem: { code: 'unusable_token' } };
  return { ok: false, problem: { code: 'not_conforming', detail: describeForeign(answer, decoded.reason) } };
}

/** As much as a page of contracts may hold. */
const MAX_PAGE_BYTES = 64 << 20;
const pageOfContracts = v.object({ contracts: v.array(v.unknown()) });

/** Without parsing it: of the whole of a large page nothing else is wanted here. */
function hasContracts(text: string): boolean {
  const list = memberOf(text, text.search(/\S/), 'contracts');
  return list !== null && text[list.start] === '[' && text.trimEnd().endsWith('}');
}

/** What the API itself answers where it has no list of contracts: it has let us in all the same. */
const HAS_NO_LIST: ReadonlySet<number> = new Set([404, 405, 501]);

const isEventStream = ({ status, headers }: Pick<JsonAnswer, 'status' | 'headers'>): boolean =>
  status === 200 && /^text\/event-stream\b/i.test(headers['content-type'] ?? '');

/**
 * Asks with this key for the contracts, or where the server has no list of them for the stream, to learn whether the server takes it.
 * Null: it does. Never rejects for the server's sake.
 */
export async function tryKey(
  http: HttpPort,
  clock: Clock,
  how: {
    readonly server: string;
    readonly userId: string;
    readonly key: SignInKey;
    readonly profile: Listening;
  },
  signal: AbortSignal,
): Promise<ServerSignInProblem | null> {
  const { server, userId, key, profile } = how;
  if (!takesUserId(profile, userId)) return { code: 'unusable_user_id' };
  const hasList = profile.capabilities.snapshot;
  let answer: JsonAnswer;
  try {
    answer = await sendJson(http, clock, {
      method: 'GET',
      url: server + (hasList ? PATHS.contracts : streamPath(profile, userId)),
      headers: { ...headersOf(key), ...(hasList ? null : { accept: 'text/event-stream' }) },
      isEnough: isEventStream,
      timeoutMs: CALL_TIMEOUT_MS,
      maxBytes: MAX_PAGE_BYTES,
      signal,
    });
  } catch (error) {
    return problemOfError(error);
  }
  if (!hasList && isEventStream(answer)) return null;
  if (hasList && HAS_NO_LIST.has(answer.status) && isApiAnswer(answer)) return null;
  if (hasList && answer.status >= 200 && answer.status < 300) {
    if (hasContracts(answer.text)) return null;
    const decoded = decodeJson(pageOfContracts, answer.text);
    return decoded.ok ? null : { code: 'not_conforming', detail: describeForeign(answer, decoded.reason) };
  }
  const problem = problemOfAnswer(answer, clock.now());
  return problem.code === 'wrong_password' || problem.code === 'api_key' ? { code: 'wrong_key' } : problem;
}

function problemOfError(error: unknown): ServerSignInProblem {
  if (error instanceof AnswerTooLong) return { code: 'not_conforming', detail: error.message };
  if (error instanceof HttpError && (error.code === 'certificate' || error.code === 'client_certificate')) {
    return { code: error.code, detail: error.message };
  }
  const detail = error instanceof Error ? error.message.slice(0, 300) : 'unknown error';
  return { code: 'unreachable', detail };
}

function problemOfAnswer(answer: JsonAnswer, now: number): ServerSignInProblem {
  const { status, headers } = answer;
  if (saysInvalidGrant(answer)) return { code: 'wrong_password' };
  if (status === 401 || status === 403) {
    if (wantsKey(answer)) return { code: 'api_key' };
    const scheme = foreignScheme(headers['www-authenticate']);
    if (scheme !== null) return { code: 'other_sign_in', scheme };
  }
  if (status === 511 || (status >= 400 && status < 500 && isPage(answer))) return { code: 'gateway', status };
  if (status === 401) return { code: 'wrong_password' };
  if (status === 429) {
    const waitMs = parseRetryAfter(headers, now);
    return { code: 'throttled', retryAfterS: waitMs === null ? null : Math.ceil(waitMs / 1000) };
  }
  if (status === 403) return { code: 'forbidden' };
  if (status >= 500) return { code: 'server_error', status };
  const { redirect } = answer;
  // To a page where people sign in.
  if (redirect.kind === 'page') return { code: 'gateway', status };
  if (redirect.kind === 'elsewhere') return { code: 'redirected', origin: redirect.origin };
  if (redirect.kind !== 'none') return { code: 'misdirected' };
  const detail = startsAsPage(answer.text) ? AN_HTML_PAGE : `it answered ${status}`;
  return { code: 'not_conforming', detail };
}

/** `ApiKey` is no registered scheme; servers that take keys use it all the same, or name the header. */
function wantsKey({ headers, text }: JsonAnswer): boolean {
  const challenge = headers['www-authenticate'] ?? '';
  return /\b(?:api[-_ ]?key|x-api-key)\b/i.test(challenge) || /\bx-api-key\b/i.test(text.slice(0, 4096));
}

/** The scheme of the first challenge, where none is Bearer's (RFC 9110, section 11.6.1); null otherwise. */
function foreignScheme(challenge: string | undefined): string | null {
  const bare = (challenge ?? '').replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  const schemes = [...bare.matchAll(/(?:^|,)\s*([a-z][\w-]{1,30})(?=\s+[^=\s]|\s*(?:,|$))/gi)].map(
    ([, name]) => name ?? '',
  );
  return schemes.some((name) => name.toLowerCase() === 'bearer') ? null : (schemes[0] ?? null);
}

function isPage({ headers, text }: JsonAnswer): boolean {
  return /^\s*(?:text\/html|application\/xhtml)/i.test(headers['content-type'] ?? '') || startsAsPage(text);
}

function startsAsPage(text: string): boolean {
  return /^\s*<(?:!doctype html|html)/i.test(text.slice(0, 200));
}

const AN_HTML_PAGE = 'it answered with an HTML page';

/** Without anything of the body: it may be a page of anybody's, and a JSON reason may quote tokens. */
function describeForeign(answer: JsonAnswer, reason: string): string {
  if (startsAsPage(answer.text)) return AN_HTML_PAGE;
  if (!parseJson(answer.text).ok) return 'its answer is not JSON';
  return reason.replace(/ but received .*$/s, '').slice(0, 300);
}
