import type { VirtualClock } from './virtual-clock.ts';
import type { Reply, ServerRequest } from './wire.ts';

export const USER = { id: 'u42', name: 'Anna', locale: 'en' };

/** Signing in, tokens, and who is let through with them. */
export interface ServerDoor {
  readonly revokedAt: number | null;
  /** Answers what it is for, and whom it does not let through; false: the request may go on. */
  answers(request: ServerRequest, reply: Reply): boolean;
  expireAccess(): void;
  refuseAll(refuses: boolean): void;
  forbid(forbids: boolean): void;
  revoke(): void;
  allow(): void;
}

export function createServerDoor(clock: VirtualClock): ServerDoor {
  const accessTokens = new Set<string>();
  let access = 0;
  let refresh = 0;
  let allowed = true;
  let refusing = false;
  let forbidding = false;
  let revokedAt: number | null = null;

  function giveTokens(): object {
    access += 1;
    refresh += 1;
    accessTokens.add(`a${access}`);
    return { accessToken: `a${access}`, refreshToken: `r${refresh}`, expiresIn: 3600 };
  }

  function renew(reply: Reply): void {
    if (allowed) return json(reply, 200, giveTokens());
    revokedAt = clock.now();
    refuse(reply, 400, { error: 'invalid_grant' });
  }

  /** The status by which it is refused. */
  function refusalOf({ kind, headers }: ServerRequest): number | null {
    const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? headers['Authorization'] ?? '')?.[1] ?? '';
    if (refusing || !accessTokens.has(token)) return 401;
    return forbidding && (kind === 'stream' || kind === 'poll' || kind === 'snapshot') ? 403 : null;
  }

  return {
    get revokedAt() {
      return revokedAt;
    },
    answers(request, reply) {
      if (request.kind === 'login') json(reply, 200, { ...giveTokens(), user: USER });
      else if (request.kind === 'refresh') renew(reply);
      else {
        const status = refusalOf(request);
        if (status === null) return false;
        refuse(reply, status);
      }
      return true;
    },
    expireAccess: () => accessTokens.clear(),
    refuseAll(next) {
      refusing = next;
    },
    forbid(next) {
      forbidding = next;
    },
    revoke() {
      allowed = false;
      accessTokens.clear();
    },
    allow() {
      allowed = true;
    },
  };
}

export function refuse(reply: Reply, status: number, problem: object = {}): void {
  reply.head(status, 'application/problem+json');
  reply.write(JSON.stringify({ title: 'refused', status, ...problem }));
  reply.end();
}

export function json(reply: Reply, status: number, value: object): void {
  reply.head(status, 'application/json');
  reply.write(JSON.stringify(value));
  reply.end();
}
