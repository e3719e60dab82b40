import type { FastifyRequest } from 'fastify';
import { createProblem } from '../http/problem.ts';
import type { Sessions } from './sessions.ts';

export const COOKIE_NAME = 'contract_stream';

/** Who asks, as far as the credentials tell. `sessionId` is null for an API key. */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string | null;
  /** Whether the credentials are still good, for streams that outlive them. */
  readonly isAllowed: () => boolean;
}

export interface Credentials {
  /** Bearer token or API key. Throws a 401 problem. */
  forApi(request: FastifyRequest): Promise<Principal>;
  /** The same, or the session cookie. Throws a 401 problem, or 403 for a cookie sent by a foreign origin. */
  forStream(request: FastifyRequest): Promise<Principal>;
}

export function createCredentials(
  sessions: Sessions,
  apiKeys: Readonly<Record<string, string>>,
  isAllowedOrigin: (origin: string) => boolean,
): Credentials {
  function refuse(detail: string): never {
    throw createProblem(401, 'Sign-in needed', detail, { 'www-authenticate': 'Bearer' });
  }

  async function byHeader(request: FastifyRequest): Promise<Principal | null> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = /^Bearer +([^\s]+)$/i.exec(authorization)?.[1];
      const bearer = token === undefined ? null : await sessions.verifyAccess(token);
      if (!bearer) refuse('The access token is not valid or no longer valid: refresh it or sign in.');
      return { ...bearer, isAllowed: () => sessions.hasAccess(bearer.sessionId) };
    }
    const key = request.headers['x-api-key'];
    if (key === undefined) return null;
    const userId = typeof key === 'string' && Object.hasOwn(apiKeys, key) ? apiKeys[key] : undefined;
    if (userId === undefined) refuse('The API key is not known here.');
    return { userId, sessionId: null, isAllowed: () => true };
  }

  return {
    forApi: async (request) =>
      (await byHeader(request)) ?? refuse('Send `Authorization: Bearer …` or `X-API-Key: …`.'),
    async forStream(request) {
      const principal = await byHeader(request);
      if (principal) return principal;
      const cookie = request.cookies[COOKIE_NAME];
      if (cookie === undefined)
        refuse('Send `Authorization: Bearer …`, `X-API-Key: …` or the session cookie.');
      const { origin } = request.headers;
      // Browsers attach cookies to whatever page asks; only pages we know may read with them.
      if (origin !== undefined && !isAllowedOrigin(origin))
        throw createProblem(
          403,
          'Origin not allowed',
          'Pages of this origin may not use the session cookie.',
        );
      const bearer = await sessions.verifyStream(cookie);
      if (!bearer) refuse('The session cookie is not valid or no longer valid: sign in.');
      return { ...bearer, isAllowed: () => sessions.isOpen(bearer.sessionId) };
    },
  };
}
