import type { HttpErrorCode } from '../ports/http.ts';

/** Where an answer sends us, and whether we go there. */
export type Redirect =
  | { readonly kind: 'none' }
  | { readonly kind: 'followed'; readonly url: string }
  | { readonly kind: 'elsewhere'; readonly origin: string }
  | { readonly kind: Exclude<Unfollowed, 'elsewhere'> };

/**
 * `elsewhere`: to another origin, and what we send is a secret. `circle`: too many. `nowhere`: without an address that could be
 * followed. `page`: by a method that sends nothing, as to a page where people sign in.
 */
export type Unfollowed = 'elsewhere' | 'circle' | 'nowhere' | 'page';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** These ask for the same method and body at another address (RFC 9110, sections 15.4.8 and 15.4.9). */
const SAME_METHOD = new Set([307, 308]);
const MAX_REDIRECTS = 5;

/** `hop`: how many were followed before, on the way to `from`. */
export function readRedirect(
  request: { readonly url: string; readonly method: 'GET' | 'POST'; readonly hop: number },
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): Redirect {
  if (!REDIRECTS.has(answer.status)) return { kind: 'none' };
  const { location } = answer.headers;
  if (location === undefined || !URL.canParse(location, request.url)) return { kind: 'nowhere' };
  const to = new URL(location, request.url);
  // Neither would be an address that a person could be shown: no server's, or this very one's.
  if (!/^https?:$/.test(to.protocol)) return { kind: 'nowhere' };
  if (to.origin !== new URL(request.url).origin) return { kind: 'elsewhere', origin: to.origin };
  if (to.username !== '' || to.password !== '') return { kind: 'nowhere' };
  if (request.method === 'POST' && !SAME_METHOD.has(answer.status)) return { kind: 'page' };
  return request.hop < MAX_REDIRECTS ? { kind: 'followed', url: to.href } : { kind: 'circle' };
}

/** What an answer is that sends us where we do not go. */
export const REDIRECT_FAILURE: Readonly<Record<Unfollowed, HttpErrorCode>> = {
  elsewhere: 'redirect',
  circle: 'misdirected',
  nowhere: 'misdirected',
  page: 'content_type',
};
