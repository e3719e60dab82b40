import {
  allowInsecureRequests,
  clockSkew,
  clockTolerance,
  customFetch,
  discovery,
  None,
  type Configuration,
  type CustomFetch,
} from 'openid-client';
import { originsOf, type OidcCredentials } from '../../../protocol/profile/credentials.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpPort } from '../../ports/http.ts';
import { bounded, readText } from '../json-call.ts';

/** The issuer names an address at an origin that the profile does not name. */
export class Elsewhere extends Error {
  readonly origin: string;
  constructor(origin: string) {
    super(`the profile does not name ${origin}`);
    this.name = 'Elsewhere';
    this.origin = origin;
  }
}

/** For headers and body together. */
const CALL_TIMEOUT_MS = 20_000;
const MAX_ANSWER_BYTES = 1 << 20;
/** Of the ID token's times: clocks of honest machines differ a little. */
const TOLERANCE_S = 60;
/** What is read of an answer; others may hold what no `Response` takes. */
const HEADERS = ['content-type', 'retry-after'];

/**
 * The issuer's metadata, and requests to it through our own port: to the origins that the profile names and no others, redirects not
 * followed. Rejects as openid-client does, or with HttpError, AnswerTooLong, Elsewhere, or the signal's reason, which may be
 * wrapped as `cause`.
 */
export async function discoverIssuer(
  http: HttpPort,
  clock: Clock,
  credentials: OidcCredentials,
  signal: AbortSignal,
): Promise<Configuration> {
  const origins = originsOf(credentials);
  const issuer = new URL(credentials.issuer);
  const config = await discovery(
    issuer,
    credentials.clientId,
    {
      [clockSkew]: Math.round((clock.now() - Date.now()) / 1000),
      [clockTolerance]: TOLERANCE_S,
    },
    None(),
    {
      [customFetch]: fetchThrough(http, clock, origins, signal),
      // The profile's form lets in http for this very machine only.
      ...(issuer.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {}),
    },
  );
  const { authorization_endpoint, token_endpoint } = config.serverMetadata();
  for (const [name, endpoint] of Object.entries({ authorization_endpoint, token_endpoint })) {
    if (typeof endpoint !== 'string' || !URL.canParse(endpoint))
      throw new TypeError(`the discovery document has no ${name}`);
    assertNamed(endpoint, origins);
  }
  return config;
}

function assertNamed(url: string, origins: readonly string[]): void {
  const { origin } = new URL(url);
  if (!origins.includes(origin)) throw new Elsewhere(origin);
}

function fetchThrough(
  http: HttpPort,
  clock: Clock,
  origins: readonly string[],
  life: AbortSignal,
): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    assertNamed(url, origins);
    if (method !== 'GET' && method !== 'POST') throw new TypeError(`${method} is not asked of an issuer`);
    const until = signal === undefined ? life : AbortSignal.any([life, signal]);
    return bounded(until, clock, CALL_TIMEOUT_MS, async (ending) => {
      const answer = await http.request({
        url,
        method,
        headers: { accept: headers['accept'] ?? 'application/json', ...contentType(headers) },
        ...(body === undefined || body === null ? {} : { body: String(body as URLSearchParams) }),
        signal: ending,
      });
      const text = await readText(answer, MAX_ANSWER_BYTES);
      const kept = HEADERS.flatMap((name) => {
        const value = answer.headers[name];
        return value === undefined || !/^[\x20-\x7e]*$/.test(value)
          ? []
          : [[name, value] as [string, string]];
      });
      const isBare = answer.status === 204 || answer.status === 205 || answer.status === 304;
      return new Response(isBare ? null : text, { status: answer.status, headers: kept });
    });
  };
}

const contentType = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  headers['content-type'] === undefined ? {} : { 'content-type': headers['content-type'] };
