import { safeStorage } from 'electron';
import type { Vault } from '../ports/vault.ts';
import type { Log } from '../ports/log.ts';
import { asksNobody, isPlainText } from './first-look.ts';
import { createLateVault, type Cipher } from './secret-file.ts';

/** What newer versions of Electron have besides; the synchronous way, which blocks on the keychain's prompt, is deprecated there. */
interface AsyncStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(text: string): Promise<Buffer>;
  decryptStringAsync(bytes: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
}

const newer: AsyncStorage | null =
  'isAsyncEncryptionAvailable' in safeStorage ? (safeStorage as unknown as AsyncStorage) : null;

const asyncCipher = (storage: AsyncStorage): Cipher => ({
  encrypt: (text) => storage.encryptStringAsync(text),
  async decrypt(bytes) {
    const { result, shouldReEncrypt } = await storage.decryptStringAsync(bytes);
    return { text: result, isOutdated: shouldReEncrypt };
  },
});

const syncCipher: Cipher = {
  encrypt: async (text) => safeStorage.encryptString(text),
  decrypt: async (bytes) => ({ text: safeStorage.decryptString(bytes), isOutdated: false }),
};

/** The keychain in use, for support: `gnome_libsecret`, `basic_text`, …; the system's own outside Linux. */
export function describeKeychain(): string {
  return process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'system';
}

/** What anybody could decrypt is no keychain to us. */
async function isAvailable(): Promise<boolean> {
  if (isPlainText(describeKeychain())) return false;
  try {
    return newer === null ? safeStorage.isEncryptionAvailable() : await newer.isAsyncEncryptionAvailable();
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
    if (newer === null && !asksNobody(process.platform, describeKeychain())) await mayBlock;
    if (await isAvailable()) return newer === null ? syncCipher : asyncCipher(newer);
    if (!warned) log.warn(`${why()}: until there is one the session is kept in memory and ends with the app`);
    warned = true;
    return null;
  }
  return createLateVault(path, findCipher, why);
}
