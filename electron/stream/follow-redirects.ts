import type { HttpPort, HttpResponse } from '../ports/http.ts';
import { AttemptFailed, failed } from './attempt-outcomes.ts';

export interface FollowRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly maxRedirects: number;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * GET with redirects followed by hand, within the first URL's origin only: credentials go nowhere else, and events come
 * from nowhere else. `use` gets the final answer; when it settles the request is over and its socket is let go.
 * Throws AttemptFailed with `redirect` for another origin, `misdirected` for too many or for none that can be followed.
 */
export async function follow<T>(
  http: HttpPort,
  request: FollowRequest,
  use: (answer: HttpResponse) => Promise<T>,
): Promise<T> {
  const { signal } = request;
  const headers = lowerCased(request.headers);
  let url = new URL(request.url);
  for (let hop = 0; ; hop++) {
    signal.throwIfAborted();
    const controller = new AbortController();
    const abort = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const answer = await http.request({ url: url.href, method: 'GET', headers, signal: controller.signal });
      if (!REDIRECTS.has(answer.status)) return await use(answer);
      if (hop >= request.maxRedirects)
        throw refuse(answer.status, `more than ${request.maxRedirects} redirects`, 'misdirected');
      url = targetOf(answer, url);
    } finally {
      signal.removeEventListener('abort', abort);
      controller.abort();
    }
  }
}

function targetOf(answer: HttpResponse, from: URL): URL {
  const { location } = answer.headers;
  const to = location === undefined ? null : parse(location, from);
  if (to === null) throw refuse(answer.status, 'a redirect without a usable Location', 'misdirected');
  if (to.username !== '' || to.password !== '') {
    throw refuse(answer.status, 'a redirect to an address with a user name or password');
  }
  // An opaque origin ("null") equals that of every other opaque one, but a first URL never has it.
  if (to.origin !== from.origin) {
    throw refuse(answer.status, `a redirect to another origin (${to.protocol}//${to.host})`);
  }
  return to;
}

function parse(location: string, from: URL): URL | null {
  return URL.canParse(location, from.href) ? new URL(location, from) : null;
}

function refuse(
  status: number,
  detail: string,
  code: 'redirect' | 'misdirected' = 'redirect',
): AttemptFailed {
  return new AttemptFailed(failed(code, detail, status));
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
