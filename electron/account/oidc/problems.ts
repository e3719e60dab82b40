import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import type { SignInProblem } from '../../../protocol/sign-in.ts';
import { HttpError } from '../../ports/http.ts';
import { AnswerTooLong } from '../json-call.ts';
import { Elsewhere } from './issuer.ts';

/** Errors of openid-client by their code. */
const MISMATCH = 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED';
const WRONG_CLAIM = 'OAUTH_JWT_CLAIM_COMPARISON_FAILED';
const WRONG_TIME = 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED';

/** What can be told of an error on the way through an issuer. `issuer`: its origin. */
export function problemOfIssuer(error: unknown, issuer: string): SignInProblem {
  for (const each of causesOf(error)) {
    if (each instanceof HttpError) {
      const isOurs = each.code === 'certificate' || each.code === 'client_certificate';
      return { code: isOurs ? each.code : 'issuer_unreachable', issuer, detail: each.message };
    }
    if (each instanceof Elsewhere) return { code: 'issuer_elsewhere', issuer, origin: each.origin };
    if (each instanceof AnswerTooLong) return { code: 'issuer_malformed', issuer, detail: each.message };
    if (each instanceof AuthorizationResponseError || each instanceof ResponseBodyError) {
      if (each.error === 'access_denied') return { code: 'access_denied', issuer };
      return { code: 'issuer_refused', issuer, detail: sayError(each.error, each.error_description) };
    }
    if (each instanceof Response && each.status >= 500)
      return { code: 'issuer_unreachable', issuer, detail: `it answered ${each.status}` };
    if (each instanceof Response && each.status !== 200)
      return { code: 'issuer_malformed', issuer, detail: `it answered ${each.status}` };
    if (!(each instanceof ClientError)) continue;
    if (each.code === WRONG_TIME) return { code: 'clock_skew', issuer };
    if (each.code === MISMATCH)
      return { code: 'issuer_mismatch', issuer, detail: 'the discovery document names another' };
    if (each.code === WRONG_CLAIM) {
      const claim = claimOf(each);
      if (claim === 'iss') return { code: 'issuer_mismatch', issuer, detail: 'the ID token names another' };
      return { code: 'issuer_malformed', issuer, detail: `the ID token's ${claim} is not ours` };
    }
  }
  const told = error instanceof Error ? error.message : 'unknown error';
  const code = error instanceof ClientError && error.code !== undefined ? `${error.code}: ` : '';
  return { code: 'issuer_malformed', issuer, detail: `${code}${told}`.slice(0, 300) };
}

/** The error, what caused it, and so on; at most eight. */
export function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let each = error; each !== undefined && causes.length < 8;) {
    causes.push(each);
    each = each instanceof Error ? each.cause : undefined;
  }
  return causes;
}

function claimOf(error: ClientError): string {
  for (const { cause } of causesOf(error).filter((each) => each instanceof Error)) {
    if (typeof cause === 'object' && cause !== null && 'claim' in cause) return String(cause.claim);
  }
  return 'claim';
}

/** The server's words are for whoever helps: bounded, and without what a line cannot hold. */
function sayError(code: string, description: string | undefined): string {
  const words = `${code}${description === undefined ? '' : `: ${description}`}`;
  return words.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 300);
}
