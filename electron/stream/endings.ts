import type { Trouble, TroubleCode } from '../../protocol/connection.ts';
import { HttpTrouble, type HttpResponse } from '../ports/http.ts';
import { parseRetryAfter } from './retry-after.ts';

/** How one attempt ended, and so what comes next. */
export type Ending =
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly retryAfterMs: number | null }
  /** 401. */
  | { readonly kind: 'refused' }
  /** The caller has no credentials to give. */
  | { readonly kind: 'no_credentials' }
  | { readonly kind: 'stopped'; readonly cause: 'no_content' | 'forbidden' }
  /** The next attempt follows at once; nothing failed. */
  | { readonly kind: 'again' }
  | { readonly kind: 'closed' };

export function troubled(
  code: TroubleCode,
  detail: string,
  status: number | null = null,
  retryAfterMs: number | null = null,
): Ending {
  return { kind: 'trouble', trouble: { code, status, detail: detail.slice(0, 300) }, retryAfterMs };
}

/** A failure with its trouble already known; thrown across the steps of one attempt. */
export class AttemptFailed extends Error {
  readonly ending: Ending;
  constructor(ending: Ending) {
    super(ending.kind === 'trouble' ? ending.trouble.detail : ending.kind);
    this.name = 'AttemptFailed';
    this.ending = ending;
  }
}

export function endingOfError(error: unknown): Ending {
  if (error instanceof AttemptFailed) return error.ending;
  if (error instanceof HttpTrouble) return troubled(error.code, error.message);
  return troubled('http', error instanceof Error ? error.message : 'unknown trouble');
}

/** What an answer other than 200 means; null for 200. `now` is epoch ms. */
export function endingOfAnswer(answer: HttpResponse, now: number): Ending | null {
  const { status } = answer;
  switch (status) {
    case 200:
      return null;
    case 204:
      return { kind: 'stopped', cause: 'no_content' };
    case 401:
      return { kind: 'refused' };
    case 403:
      return { kind: 'stopped', cause: 'forbidden' };
  }
  const code = status === 429 ? 'throttled' : 'http';
  return troubled(code, `the server answered ${status}`, status, parseRetryAfter(answer.headers, now));
}

/** `type/subtype` in lower case, without parameters; empty where there is none. */
export function mediaType(answer: HttpResponse): string {
  return (answer.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function wrongType(answer: HttpResponse, expected: string): Ending {
  const got = mediaType(answer).slice(0, 100) || 'no content type';
  return troubled('content_type', `expected ${expected}, got ${got}`, answer.status);
}
