import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { PATHS } from '../../protocol/api.ts';
import { readBody } from '../http/body.ts';
import { createProblem } from '../http/problem.ts';
import type { MockUser } from '../types.ts';
import { COOKIE_NAME } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import type { Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';

const loginSchema = v.object({
  username: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
  password: v.pipe(v.string(), v.maxLength(5000)),
});
const refreshSchema = v.object({ refreshToken: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)) });

export interface AuthContext {
  readonly users: readonly MockUser[];
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly credentials: Credentials;
  readonly isTls: boolean;
  readonly onLine: (line: string) => void;
}

export function addAuthRoutes(app: FastifyInstance, context: AuthContext): void {
  const { users, sessions, throttle, credentials, onLine } = context;

  app.post(PATHS.login, async (request, reply) => {
    const { username, password } = readBody(loginSchema, request.body);
    const waitMs = throttle.waitFor(username);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      onLine(`sign-in throttled: ${printable(username)}`);
      throw createProblem(
        429,
        'Too many attempts',
        `Too many failed attempts for this user name. Try again in ${seconds} s.`,
        { 'retry-after': String(seconds) },
      );
    }
    const user = users.find((candidate) => candidate.username === username);
    if (!user || !isSame(user.password, password)) {
      throttle.failed(username);
      onLine(`sign-in refused: ${printable(username)}`);
      throw createProblem(401, 'Sign-in failed', 'The user name or the password is wrong.');
    }
    throttle.succeeded(username);
    const { tokens, sessionId } = await sessions.open(user.id);
    onLine(`sign-in: ${user.username} (${user.id})`);
    reply.setCookie(COOKIE_NAME, await sessions.makeStreamToken({ userId: user.id, sessionId }), {
      path: PATHS.events,
      httpOnly: true,
      // SameSite=None needs Secure; over plain loopback HTTP the pages of other ports are the same site anyway.
      ...(context.isTls ? { secure: true, sameSite: 'none' } : { sameSite: 'lax' }),
    });
    return { ...tokens, user: { id: user.id, name: user.name, locale: user.locale } };
  });

  app.post(PATHS.refresh, async (request) => {
    const tokens = await sessions.refresh(readBody(refreshSchema, request.body).refreshToken);
    if (!tokens)
      throw createProblem(
        401,
        'Sign-in needed',
        'The refresh token is not valid or no longer valid: sign in.',
      );
    return tokens;
  });

  app.post(PATHS.logout, async (request, reply) => {
    const principal = await credentials.forApi(request);
    if (principal.sessionId !== null) sessions.close(principal.sessionId);
    onLine(`sign-out: ${principal.userId}`);
    reply.clearCookie(COOKIE_NAME, { path: PATHS.events });
    return reply.code(204).send();
  });
}

/** Compares without telling by its duration where the difference is. */
function isSame(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}

/** User names come from the network: no control characters reach the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}._@-]/gu, '?').slice(0, 60);
}
