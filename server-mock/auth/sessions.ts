import { randomBytes, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import type { Tokens } from '../../protocol/api.ts';

/** What a token says: whose it is and by which sign-in it was given. */
export interface Bearer {
  readonly userId: string;
  readonly sessionId: string;
}

/** Sign-ins, their access tokens (JWT, HS256, a key of this process) and their chains of refresh tokens. */
export interface Sessions {
  open(userId: string): Promise<{ readonly tokens: Tokens; readonly sessionId: string }>;
  /**
   * A new pair; null when the token is unknown, revoked or reused. The token before the current one answers with the
   * same successor for 60 s, as long as that has not been used itself: a client killed between answer
   * and disk is not locked out. Any other reuse revokes the whole family.
   */
  refresh(refreshToken: string): Promise<Tokens | null>;
  close(sessionId: string): void;
  revokeUser(userId: string): void;
  expireAccessTokens(): void;
  verifyAccess(token: string): Promise<Bearer | null>;
  /** A token for the cookie that opens streams and nothing else; it lives as long as its session. */
  makeStreamToken(bearer: Bearer): Promise<string>;
  verifyStream(token: string): Promise<Bearer | null>;
  /** True while the session has an access token that is good; refreshing keeps it so. */
  hasAccess(sessionId: string): boolean;
  isOpen(sessionId: string): boolean;
  /** Called with the id of each session that ends, for whatever reason. */
  onEnd(listener: (sessionId: string) => void): void;
}

interface Session {
  readonly id: string;
  readonly userId: string;
  current: string;
  previous: { readonly token: string; readonly rotatedAt: number } | null;
  accessUntil: number;
}

const SUCCESSOR_MS = 60_000;
const claimsSchema = v.object({ sub: v.string(), sid: v.string(), gen: v.number(), use: v.string() });

/** `now` is real time in ms: lifetimes do not follow a skewed clock, only what the server tells does. */
export function createSessions(accessTokenTtlS: number, now: () => number): Sessions {
  const key = randomBytes(32);
  const sessions = new Map<string, Session>();
  // Spent tokens stay known for as long as their session, so that their reuse is noticed.
  const sessionOfToken = new Map<string, string>();
  const listeners: ((sessionId: string) => void)[] = [];
  let generation = 1;

  function sign(session: Bearer, use: 'access' | 'stream', ttlS: number): Promise<string> {
    const seconds = now() / 1000;
    // JWT counts whole seconds: it must not end sooner than is told.
    const expiresAt = Math.ceil(seconds + ttlS);
    return new SignJWT({ sid: session.sessionId, gen: generation, use })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(session.userId)
      .setJti(randomUUID())
      .setIssuedAt(Math.floor(seconds))
      .setExpirationTime(expiresAt)
      .sign(key);
  }

  async function verify(token: string, use: 'access' | 'stream'): Promise<Bearer | null> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        currentDate: new Date(now()),
      });
      const claims = v.safeParse(claimsSchema, payload);
      if (!claims.success || claims.output.use !== use) return null;
      if (use === 'access' && claims.output.gen !== generation) return null;
      if (!sessions.has(claims.output.sid)) return null;
      return { userId: claims.output.sub, sessionId: claims.output.sid };
    } catch {
      return null; // malformed, forged or expired: all the same to the caller
    }
  }

  function addRefreshToken(sessionId: string): string {
    const token = randomBytes(32).toString('base64url');
    sessionOfToken.set(token, sessionId);
    return token;
  }

  async function answer(session: Session): Promise<Tokens> {
    session.accessUntil = now() + accessTokenTtlS * 1000;
    const bearer = { userId: session.userId, sessionId: session.id };
    return {
      accessToken: await sign(bearer, 'access', accessTokenTtlS),
      refreshToken: session.current,
      expiresIn: accessTokenTtlS,
    };
  }

  function close(sessionId: string): void {
    if (!sessions.delete(sessionId)) return;
    for (const [token, owner] of sessionOfToken) if (owner === sessionId) sessionOfToken.delete(token);
    for (const listener of listeners) listener(sessionId);
  }

  return {
    async open(userId) {
      const id = randomUUID();
      const session: Session = { id, userId, current: addRefreshToken(id), previous: null, accessUntil: 0 };
      sessions.set(id, session);
      return { tokens: await answer(session), sessionId: id };
    },
    async refresh(refreshToken) {
      const session = sessions.get(sessionOfToken.get(refreshToken) ?? '');
      if (!session) return null;
      if (session.current === refreshToken) {
        session.previous = { token: refreshToken, rotatedAt: now() };
        session.current = addRefreshToken(session.id);
        return answer(session);
      }
      const { previous } = session;
      if (previous?.token === refreshToken && now() - previous.rotatedAt <= SUCCESSOR_MS)
        return answer(session);
      close(session.id);
      return null;
    },
    close,
    revokeUser(userId) {
      for (const session of sessions.values()) if (session.userId === userId) close(session.id);
    },
    expireAccessTokens() {
      generation += 1;
      for (const session of sessions.values()) session.accessUntil = 0;
    },
    verifyAccess: (token) => verify(token, 'access'),
    makeStreamToken: (bearer) => sign(bearer, 'stream', 86_400),
    verifyStream: (token) => verify(token, 'stream'),
    hasAccess: (sessionId) => (sessions.get(sessionId)?.accessUntil ?? 0) > now(),
    isOpen: (sessionId) => sessions.has(sessionId),
    onEnd(listener) {
      listeners.push(listener);
    },
  };
}
