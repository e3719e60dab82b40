import {
  ClientError,
  refreshTokenGrant,
  ResponseBodyError,
  tokenRevocation,
  type Configuration,
} from 'openid-client';
import { renewedTokensSchema, type Tokens } from '../../../protocol/api.ts';
import { decode } from '../../../protocol/event.ts';
import type { OidcCredentials } from '../../../protocol/profile/credentials.ts';
import type { Clock } from '../../ports/clock.ts';
import { HttpError, type HttpPort } from '../../ports/http.ts';
import { parseRetryAfter } from '../../stream/retry-after.ts';
import type { TokenSource } from '../token-source.ts';
import { discoverIssuer, Elsewhere } from './issuer.ts';
import { causesOf } from './problems.ts';

/** What the token endpoint granted; null where it is of no use. A refresh token that is not replaced stays (RFC 6749, section 6). */
export function readTokens(
  granted: {
    readonly access_token: string;
    readonly refresh_token?: string | undefined;
    readonly expires_in?: number | undefined;
  },
  refreshToken: string,
): Tokens | null {
  const decoded = decode(renewedTokensSchema, {
    accessToken: granted.access_token,
    refreshToken: granted.refresh_token,
    expiresIn: granted.expires_in,
  });
  return decoded.ok ? { ...decoded.value, refreshToken: decoded.value.refreshToken ?? refreshToken } : null;
}

/** Renewal at the issuer. Only `invalid_grant` ends the sign-in; whatever else goes wrong is tried again. */
export function createOidcSource(options: {
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly credentials: OidcCredentials;
  readonly refreshToken: string;
}): TokenSource {
  const { http, clock, credentials } = options;
  let latest = options.refreshToken;

  /** Anew each time: keys and endpoints may have moved since, and renewals are few. */
  const discover = (signal: AbortSignal): Promise<Configuration> =>
    discoverIssuer(http, clock, credentials, signal);

  return {
    async renew(refreshToken, signal) {
      latest = refreshToken;
      try {
        const tokens = readTokens(
          await refreshTokenGrant(await discover(signal), refreshToken),
          refreshToken,
        );
        if (tokens === null)
          throw new HttpError(
            'content_type',
            'the token refresh was answered with something else than tokens',
          );
        latest = tokens.refreshToken;
        return tokens;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ResponseBodyError && error.error === 'invalid_grant') return null;
        throw toHttpError(error, clock.now());
      }
    },
    async farewell(_call, signal) {
      const config = await discover(signal);
      if (config.serverMetadata().revocation_endpoint === undefined) return;
      await tokenRevocation(config, latest, { token_type_hint: 'refresh_token' });
    },
  };
}

/** Without a word of the answer. `now`: epoch ms. */
function toHttpError(error: unknown, now: number): HttpError {
  for (const each of causesOf(error)) {
    if (each instanceof HttpError) return each;
    if (each instanceof Elsewhere) return new HttpError('redirect', each.message);
    const answer = each instanceof ResponseBodyError ? each.response : each instanceof Response ? each : null;
    if (answer === null) continue;
    const { status } = answer;
    const retryAfterMs = parseRetryAfter({ 'retry-after': answer.headers.get('retry-after') ?? '' }, now);
    const detail = `the token refresh was answered ${status}`;
    return new HttpError(status === 429 ? 'throttled' : 'http', detail, status, retryAfterMs);
  }
  const code = error instanceof ClientError && error.code !== undefined ? ` (${error.code})` : '';
  return new HttpError('content_type', `the issuer's answer to the token refresh is of no use${code}`);
}
