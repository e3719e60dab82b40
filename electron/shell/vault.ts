import { safeStorage } from 'electron';
import type { Vault } from '../ports/vault.ts';
import type { Log } from '../ports/log.ts';
import { asksNobody, isPlainText } from './first-look.ts';
import { createLateVault, type Cipher } from './secret-file.ts';

/** Electron 34 and later; the synchronous way, which blocks on the keychain's prompt, is deprecated there. */
const hasAsync = (): boolean => typeof safeStorage.isAsyncEncryptionAvailable === 'function';

const asyncCipher: Cipher = {
  encrypt: (text) => safeStorage.encryptStringAsync(text),
  decrypt: async (bytes) => (await safeStorage.decryptStringAsync(bytes)).result,
};

const syncCipher: Cipher = {
  encrypt: async (text) => safeStorage.encryptString(text),
  decrypt: async (bytes) => safeStorage.decryptString(bytes),
};

/** The keychain in use, for support: `gnome_libsecret`, `basic_text`, …; the system's own outside Linux. */
export function describeKeychain(): string {
  return process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'system';
}

/** What anybody could decrypt is no keychain to us. */
async function isAvailable(): Promise<boolean> {
  if (isPlainText(describeKeychain())) return false;
  try {
    return hasAsync() ? await safeStorage.isAsyncEncryptionAvailable() : safeStorage.isEncryptionAvailable();
  } catch {
    return false;
  }
}

/**
 * The session's place: a file encrypted through the system's keychain, or, where there is none, memory. After `ready`. The synchronous
 * way holds up the whole process while the keychain asks the person for a password, so where it may ask it is not gone before `mayBlock`;
 * and on Linux Chromium remembers a keychain that could not be had for as long as the process lives.
 */
export function openVault(path: string, log: Log, mayBlock: Promise<unknown>): Vault {
  const why = (): string => `no keychain (${describeKeychain()})`;
  let warned = false;
  async function findCipher(): Promise<Cipher | null> {
    if (!hasAsync() && !asksNobody(process.platform, describeKeychain())) await mayBlock;
    if (await isAvailable()) return hasAsync() ? asyncCipher : syncCipher;
    if (!warned) log.warn(`${why()}: until there is one the session is kept in memory and ends with the app`);
    warned = true;
    return null;
  }
  return createLateVault(path, findCipher, why);
}
