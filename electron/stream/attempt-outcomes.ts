import { nameEncoding, nameType } from '../ports/header-words.ts';
import type { Failure, FailureCode } from '../../protocol/connection.ts';
import { isApiAnswer, isGatewayRefusal } from '../ports/api-answer.ts';
import { HttpError, type HttpResponse } from '../ports/http.ts';
import { parseRetryAfter } from './retry-after.ts';

/** How one attempt ended, and so what comes next. */
export type AttemptOutcome =
  | { readonly kind: 'failure'; readonly failure: Failure; readonly retryAfterMs: number | null }
  /** 401 of the API. */
  | { readonly kind: 'refused' }
  /** The caller has no credentials to give. */
  | { readonly kind: 'no_credentials' }
  | { readonly kind: 'stopped'; readonly cause: 'no_content' }
  /** `isOwn`: certainly the API's word; else it may be something's on the way. */
  | { readonly kind: 'stopped'; readonly cause: 'forbidden'; readonly isOwn: boolean }
  /** The next attempt follows at once; nothing failed. */
  | { readonly kind: 'again' }
  | { readonly kind: 'closed' };

export function failed(
  code: FailureCode,
  detail: string,
  status: number | null = null,
  retryAfterMs: number | null = null,
): AttemptOutcome {
  return { kind: 'failure', failure: { code, status, detail: detail.slice(0, 300) }, retryAfterMs };
}

/** A failure with its failure already known; thrown across the steps of one attempt. */
export class AttemptFailed extends Error {
  readonly outcome: AttemptOutcome;
  constructor(outcome: AttemptOutcome) {
    super(outcome.kind === 'failure' ? outcome.failure.detail : outcome.kind);
    this.name = 'AttemptFailed';
    this.outcome = outcome;
  }
}

export function outcomeOfError(error: unknown): AttemptOutcome {
  if (error instanceof AttemptFailed) return error.outcome;
  if (error instanceof HttpError) return failed(error.code, error.message, error.status, error.retryAfterMs);
  return failed('http', error instanceof Error ? error.message : 'unknown error');
}

/** What an answer other than 200 means; null for 200. `now` is epoch ms. */
export function outcomeOfAnswer(answer: HttpResponse, now: number): AttemptOutcome | null {
  const { status } = answer;
  switch (status) {
    case 200:
      return outcomeOfCompressed(answer);
    case 204:
      return { kind: 'stopped', cause: 'no_content' };
    case 401:
      if (isGatewayRefusal(answer)) return failed('content_type', 'a gateway asks for a sign-in', status);
      return { kind: 'refused' };
    case 403:
      if (isGatewayRefusal(answer)) return failed('content_type', 'a gateway refuses us', status);
      return { kind: 'stopped', cause: 'forbidden', isOwn: isApiAnswer(answer) };
  }
  const code = status === 429 ? 'throttled' : 'http';
  return failed(code, `the server answered ${status}`, status, parseRetryAfter(answer.headers, now));
}

const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/;

/**
 * `type/subtype` in lower case, without parameters; empty where there is none. Of several, as proxies make them
 * that add their own, the last that is one (Fetch, "extract a MIME type").
 */
export function mediaType(answer: HttpResponse): string {
  const types = (answer.headers['content-type'] ?? '')
    .split(',')
    .map((value) => (value.split(';', 1)[0] ?? '').trim().toLowerCase());
  return types.findLast((type) => MEDIA_TYPE.test(type)) ?? '';
}

/** What a proxy compressed that was not asked to, and the adapter did not undo, cannot be read. */
function outcomeOfCompressed(answer: HttpResponse): AttemptOutcome | null {
  const encoding = (answer.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return null;
  const detail = `compressed (${nameEncoding(encoding)}) though none was asked for`;
  return failed('content_type', detail, answer.status);
}

export function wrongType(answer: HttpResponse, expected: string): AttemptOutcome {
  return failed(
    'content_type',
    `expected ${expected}, got ${nameType(answer.headers['content-type'])}`,
    answer.status,
  );
}
