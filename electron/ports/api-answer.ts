/**
 * Whether an answer is the API's own. What stands between us and the server (a proxy during a deploy, a sign-in page, a
 * web application firewall) answers in the server's name; nothing about the server, the session or a contract may be
 * learned from that.
 *
 * An error is the API's own as `application/problem+json` (RFC 9457), or where it asks for a bearer token
 * (`WWW-Authenticate: Bearer`, RFC 6750, section 3), as frameworks do with an empty body; a page of HTML never is. A
 * success is where it is JSON, NDJSON or an event stream, or has no content.
 */
export function isApiAnswer(answer: {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}): boolean {
  const { status, headers } = answer;
  const type = mediaType(headers['content-type']);
  if (status >= 400) {
    if (type === 'application/problem+json') return true;
    return !HTML.has(type) && asksForBearer(headers['www-authenticate']);
  }
  if (status < 200 || status >= 300) return false;
  return status === 204 || status === 205 || OWN_CONTENT.has(type) || type.endsWith('+json');
}

/**
 * Whether a 401 or 403 was certainly made by something in between: a page for people, or the demand for another kind of
 * sign-in (Basic, Negotiate). One without any form, as small servers make it, may be either's.
 */
export function isGatewayRefusal({
  headers,
}: {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}): boolean {
  const challenge = headers['www-authenticate'];
  return isHtml(headers) || (challenge !== undefined && !asksForBearer(challenge));
}

/**
 * Whether an answer of any status is a page for people (a Wi-Fi's sign-in, a proxy's error): never the API's. The type alone
 * does not tell: PHP calls everything HTML.
 */
export function isPage(headers: Readonly<Record<string, string>>, body: string): boolean {
  return isHtml(headers) && body.trimStart().startsWith('<');
}

function isHtml(headers: Readonly<Record<string, string>>): boolean {
  return HTML.has(mediaType(headers['content-type']));
}

const HTML = new Set(['text/html', 'application/xhtml+xml']);
const OWN_CONTENT = new Set(['application/json', 'application/x-ndjson', 'text/event-stream']);

/** Type and subtype in lower case, without parameters; '' for none. */
function mediaType(value: string | undefined): string {
  return (value ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** Several challenges may stand in one field; a quoted realm may hold anything, commas too. */
function asksForBearer(value: string | undefined): boolean {
  if (value === undefined) return false;
  return /(?:^|,)\s*bearer(?=\s|,|$)/i.test(value.replace(/"(?:[^"\\]|\\.)*"/g, '""'));
}
