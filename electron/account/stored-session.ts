import * as v from 'valibot';
import { userSchema, type User } from '../../protocol/api.ts';
import { decodeJson } from '../../protocol/event.ts';
import type { SignInKey } from '../../protocol/ipc.ts';
import { profileSchema, type ServerProfile } from '../../protocol/profile/profile.ts';
import type { Log } from '../ports/log.ts';
import { createSerial } from '../ports/serial.ts';
import type { Vault } from '../ports/vault.ts';
import { normaliseServer } from './server-address.ts';

/** What the vault keeps. The access token is not among it: a start renews it anyway. */
export interface StoredSession {
  readonly server: string;
  readonly username: string;
  readonly user: User;
  /** Null once the server has ended the session: only the names are kept, to be prefilled. */
  readonly refreshToken: string | null;
  /** In place of a refresh token, where a key was given instead of a password. */
  readonly key?: SignInKey | undefined;
  /** How to listen to this server, where that is not as usual. */
  readonly profile?: ServerProfile | undefined;
  readonly ended: 'none' | 'expired' | 'revoked';
}

const schema = v.object({
  version: v.literal(1),
  server: v.pipe(v.string(), v.maxLength(2000)),
  username: v.pipe(v.string(), v.maxLength(500)),
  user: userSchema,
  refreshToken: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(16_384))),
  key: v.optional(
    v.object({
      header: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
      value: v.pipe(v.string(), v.minLength(1), v.maxLength(5000)),
    }),
  ),
  profile: v.optional(profileSchema),
  ended: v.picklist(['none', 'expired', 'revoked']),
});

export interface SessionStore {
  /** Null where there is nothing of use. `locked`: there is something that cannot be read now. It is left as it is. */
  read(): Promise<StoredSession | 'locked' | null>;
  /** Durable when it resolves with true; false: it could not be kept (logged), the session lasts until the app quits. */
  write(session: StoredSession): Promise<boolean>;
  /** Resolves in any case; a failure is logged. */
  erase(): Promise<void>;
  /** Resolves when nothing is being written any more. */
  settled(): Promise<void>;
}

/** The vault, with its operations one after the other. */
export function createSessionStore(vault: Vault, log: Log): SessionStore {
  const turns = createSerial();

  /** What was said of it last: it is looked at again and again. */
  let said = '';

  function locked(detail: string): 'locked' {
    if (said !== detail)
      log.warn(`session: the stored sign-in cannot be read now and is left as it is: ${detail}`);
    said = detail;
    return 'locked';
  }

  async function read(): Promise<StoredSession | 'locked' | null> {
    const found = await vault.read();
    if (found.state === 'absent') return null;
    if (found.state === 'unreadable') return locked(found.detail);
    const decoded = decodeJson(schema, found.secret);
    // The reason may quote the secret: only what kind of failure it is may be logged.
    if (!decoded.ok || !normaliseServer(decoded.value.server).ok) {
      log.warn(
        'session: the stored sign-in is not in a form this version knows; it is left as it is, sign in again',
      );
      return null;
    }
    return decoded.value;
  }

  function told(error: unknown): string {
    return error instanceof Error ? error.message.slice(0, 200) : 'unknown error';
  }

  return {
    read: () => turns.run(read).catch((error: unknown) => locked(told(error))),
    async write(session) {
      try {
        await turns.run(() => vault.write(JSON.stringify({ version: 1, ...session })));
        return true;
      } catch (error) {
        log.warn(`session: the sign-in could not be stored and lasts until the app quits: ${told(error)}`);
        return false;
      }
    },
    async erase() {
      try {
        await turns.run(() => vault.erase());
      } catch (error) {
        log.warn(`session: the stored sign-in could not be erased: ${told(error)}`);
      }
    },
    settled: turns.settled,
  };
}
