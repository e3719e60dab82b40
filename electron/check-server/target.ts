import { PATHS } from '../../protocol/api.ts';
import { needsUserId, streamPath, takesUserId, type ServerProfile } from '../../protocol/profile/profile.ts';
import { normaliseServer, type ServerAddress } from '../account/server-address.ts';
import type { Credentials } from './access.ts';
import { found, type Finding } from '../../protocol/findings.ts';

/** Where a server is asked. */
export interface Target {
  /** Where the calls go: origin and path prefix. */
  readonly server: string;
  readonly origin: string;
  /** Where the stream may be: path and query. */
  readonly paths: readonly string[];
}

interface TargetOptions {
  readonly address: string;
  readonly credentials: Credentials;
  readonly profile: ServerProfile | null;
}

/** Where other servers have their stream. */
const USUAL_PATHS = [PATHS.events, '/events', '/stream', '/sse', '/api/stream'];
/** A host that is an address already. */
const IS_ADDRESS = /^\d+(?:\.\d+){3}$|:/;

/** The server of an address as typed, and the query of its stream: '' for none. */
export function readAddress(address: string): { readonly read: ServerAddress; readonly query: string } {
  const [, before = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(address.trim()) ?? [];
  return { read: normaliseServer(before), query };
}

/** What was typed, as the app would take it. Null: it would not. */
export function readTarget(options: TargetOptions, note: (finding: Finding) => void): Target | null {
  const { profile } = options;
  const { read, query } = readAddress(options.address);
  if (!read.ok) {
    note(found('address_bad', { detail: read.detail }));
    return null;
  }
  const { origin, pathname } = new URL(read.server);
  const path = pathname === '/' ? '' : pathname;
  const userId = options.credentials.kind === 'password' ? '' : options.credentials.userId;
  if (profile !== null && origin !== profile.origin) {
    note(found('address_not_of_profile', { origin: profile.origin }));
    return null;
  }
  if (profile !== null && needsUserId(profile) && userId === '') {
    note(found('user_missing'));
    return null;
  }
  if (profile !== null && !takesUserId(profile, userId)) {
    note(found('sign_in_failed', { problem: { code: 'unusable_user_id' } }));
    return null;
  }
  note(found('address_ok', { server: read.server }));
  if (profile !== null) return { server: origin, origin, paths: [streamPath(profile, userId)] };
  const isStream = query !== '' || path !== '';
  const paths = isStream ? [`${path}${PATHS.events}`, `${path}${query}`] : USUAL_PATHS;
  return { server: read.server, origin, paths: query === '' ? paths : paths.toReversed() };
}

/** Whether the host has an address. */
export async function isKnown(
  { origin }: Target,
  lookUp: (host: string) => Promise<readonly string[]>,
  signal: AbortSignal,
  note: (finding: Finding) => void,
): Promise<boolean> {
  const host = new URL(origin).hostname;
  if (IS_ADDRESS.test(host)) return true;
  try {
    const addresses = await orAborted(lookUp(host), signal);
    if (addresses.length > 0) note(found('name_ok', { host, addresses: addresses.slice(0, 4).join(', ') }));
    return true;
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : 'unknown error';
    note(found('name_unknown', { host, detail }));
    return false;
  }
}

/** What cannot be called back is no longer waited for. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let give = (): void => {};
  const promise = new Promise<never>((_resolve, reject) => {
    give = () => reject(new Error('no answer in time'));
  });
  signal.addEventListener('abort', give, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}
