import * as v from 'valibot';
import { renewedTokensSchema, type Tokens } from '../../protocol/api.ts';
import { decodeJson } from '../../protocol/event.ts';
import { isApiAnswer, isGatewayRefusal } from '../ports/api-answer.ts';
import { HttpError, type HttpErrorCode } from '../ports/http.ts';
import { parseRetryAfter } from '../stream/retry-after.ts';
import type { JsonAnswer } from './json-call.ts';
import { REDIRECT_FAILURE } from './redirects.ts';

/** These, in the API's own form, say that the session is over. */
const OVER = new Set([401, 403, 404, 410]);

/**
 * What the token endpoint's answer means: the successors, or null where it has ended the session. Throws HttpError,
 * without a word of the answer, for anything else: that is tried again. `now`: epoch ms.
 */
export function readRenewal(answer: JsonAnswer, refreshToken: string, now: number): Tokens | null {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const decoded = decodeJson(renewedTokensSchema, answer.text);
    // The reason of malformed JSON may quote what was there.
    if (!decoded.ok) {
      throw new HttpError(
        'content_type',
        'the token refresh was answered with something else than tokens',
        status,
      );
    }
    return { ...decoded.value, refreshToken: decoded.value.refreshToken ?? refreshToken };
  }
  if (saysInvalidGrant(answer)) return null;
  if (OVER.has(status) && (isApiAnswer(answer) || saysWhy(answer))) return null;
  const retryAfterMs = parseRetryAfter(answer.headers, now);
  throw new HttpError(codeOf(answer), `the token refresh was answered ${status}`, status, retryAfterMs);
}

function codeOf(answer: JsonAnswer): HttpErrorCode {
  if (isGatewayRefusal(answer)) return 'content_type';
  if (answer.status === 429) return 'throttled';
  return answer.redirect.kind === 'none' ? 'http' : REDIRECT_FAILURE[answer.redirect.kind];
}

/** RFC 6749, section 5.2: the refresh token is invalid, expired or revoked. */
export function saysInvalidGrant({ status, text }: JsonAnswer): boolean {
  return status === 400 && decodeJson(v.object({ error: v.literal('invalid_grant') }), text).ok;
}

/**
 * A problem (RFC 9457) or an OAuth error (RFC 6749) under the plain type of JSON, as some frameworks send it. OAuth's codes
 * are in lower case; "Forbidden" and "Not Found" are what a gateway's framework makes of its own failure.
 */
const reasons = v.union([
  v.object({ error: v.pipe(v.string(), v.regex(/^[a-z_]{3,60}$/)) }),
  v.object({ title: v.pipe(v.string(), v.minLength(1)) }),
]);

function saysWhy(answer: JsonAnswer): boolean {
  return !isGatewayRefusal(answer) && decodeJson(reasons, answer.text).ok;
}
