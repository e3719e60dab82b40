import type { SignInKey } from '../../protocol/ipc.ts';
import { createAuthorizedCall } from '../account/authorized-call.ts';
import { createFixedKey, readKey } from '../account/fixed-key.ts';
import { createSession } from '../account/session.ts';
import type { TokenKeeper } from '../account/tokens.ts';
import type { CallApi } from '../sync/api.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import { silentLog } from '../ports/log.ts';
import type { Vault } from '../ports/vault.ts';
import { found, type Finding } from '../../protocol/findings.ts';

/** How somebody comes in. With a key or without, `userId` is who they say they are; '' for nobody in particular. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'key'; readonly key: SignInKey; readonly userId: string }
  | { readonly kind: 'none'; readonly userId: string }
  /** Somebody who is in already, and stays. */
  | { readonly kind: 'session'; readonly access: Access; readonly userId: string };

export interface Access {
  readonly userId: string;
  readonly call: CallApi;
  headers(refused: boolean): Promise<Readonly<Record<string, string>> | null>;
  /** Ends what was begun at the server. */
  leave(): Promise<void>;
}

export type Entered =
  | { readonly ok: true; readonly access: Access; readonly finding: Finding }
  | { readonly ok: false; readonly finding: Finding };

/** Signs in as the app does; nothing is kept. `server`: as `normaliseServer` gives it. */
export async function enter(
  http: HttpPort,
  clock: Clock,
  server: string,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<Entered> {
  if (credentials.kind === 'password') return enterByPassword(http, clock, server, credentials, signal);
  if (credentials.kind === 'session') {
    const { access, userId } = credentials;
    return { ok: true, access, finding: found('signed_in', { userId }) };
  }
  const { userId } = credentials;
  const key = credentials.kind === 'key' ? readKey(credentials.key) : null;
  if (credentials.kind === 'key' && key === null)
    return { ok: false, finding: found('sign_in_failed', { problem: { code: 'unusable_key' } }) };
  const tokens = key === null ? nobody : createFixedKey(key);
  return {
    ok: true,
    access: {
      userId,
      call: createAuthorizedCall({ http, server, tokens, clock }),
      headers: tokens.headers,
      leave: async () => tokens.close(),
    },
    finding: key === null ? found('nobody') : found('key_given', { header: key.header }),
  };
}

async function enterByPassword(
  http: HttpPort,
  clock: Clock,
  server: string,
  { username, password }: { readonly username: string; readonly password: string },
  signal: AbortSignal,
): Promise<Entered> {
  const session = createSession({
    createHttp: () => ({ ...http, close() {} }),
    vault: createMemory(),
    clock,
    log: silentLog,
  });
  const end = (): void => void session.close();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const result = await session.signIn({ server, username, password });
  signal.removeEventListener('abort', end);
  const live = session.current();
  if (!result.ok || live === null) {
    await session.close();
    const problem = result.ok ? ({ code: 'busy' } as const) : result.problem;
    return { ok: false, finding: found('sign_in_failed', { problem }) };
  }
  return {
    ok: true,
    access: {
      userId: live.key.userId,
      call: live.call,
      headers: live.headers,
      async leave() {
        await session.signOut();
        await session.close();
      },
    },
    finding: found('signed_in', { userId: live.key.userId }),
  };
}

function createMemory(): Vault {
  let kept: string | null = null;
  return {
    persistent: false,
    read: async () => (kept === null ? { state: 'absent' } : { state: 'present', secret: kept }),
    async write(secret) {
      kept = secret;
    },
    async erase() {
      kept = null;
    },
  };
}

/** Asks as anybody may. */
const nobody: TokenKeeper = {
  isRenewable: false,
  carry: () => ({}),
  headers: async () => ({}),
  access: async () => '',
  isFresh: () => true,
  stopKeeping() {},
  close() {},
};
