import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeFile, renameFile, replaceFile, syncFolder } from '../ports/replace-file.ts';
import { createSerial } from '../ports/serial.ts';
import type { Vault, VaultRead } from '../ports/vault.ts';

/** Encrypts for this user of this machine. Both reject when the key cannot be had now. */
export interface Cipher {
  encrypt(text: string): Promise<Buffer>;
  /** `isOutdated`: the key has changed, and what was read with the old one is to be written anew. */
  decrypt(bytes: Buffer): Promise<{ readonly text: string; readonly isOutdated: boolean }>;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** One secret in one encrypted file. What cannot be decrypted is set aside as `NAME.unreadable-TIME` before another is written. */
export function createFileVault(path: string, cipher: Cipher, now: () => number = Date.now): Vault {
  async function read(): Promise<VaultRead> {
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      return isMissing(error) ? { state: 'absent' } : { state: 'unreadable', detail: messageOf(error) };
    }
    try {
      const { text, isOutdated } = await cipher.decrypt(bytes);
      // It can be read as it is: a disk that is full now is no reason to be without it.
      if (isOutdated) await save(text).catch(() => {});
      return { state: 'present', secret: text };
    } catch (error) {
      return { state: 'unreadable', detail: messageOf(error) };
    }
  }

  async function save(secret: string): Promise<void> {
    const bytes = await cipher.encrypt(secret);
    await replaceFile(path, (file) => file.writeFile(bytes));
  }

  // One at a time: a write that overtook an erase would bring the secret back.
  const turns = createSerial();

  return {
    persistent: true,
    read: () => turns.run(read),
    write: (secret) =>
      turns.run(async () => {
        const bytes = await cipher.encrypt(secret);
        if ((await read()).state === 'unreadable') await renameFile(path, `${path}.unreadable-${now()}`);
        await replaceFile(path, (file) => file.writeFile(bytes));
      }),
    erase: () =>
      turns.run(async () => {
        await removeFile(path);
        const folder = dirname(path);
        const leftovers = (await readdir(folder)).filter((name) => name.startsWith(`${basename(path)}.`));
        for (const name of leftovers) await removeFile(join(folder, name));
        await syncFolder(folder);
      }),
  };
}

/**
 * The file as soon as the keychain gives a cipher, which is asked for at each step until then: one that opens after the app has
 * started is used from then on. Memory meanwhile.
 */
export function createLateVault(
  path: string,
  findCipher: () => Promise<Cipher | null>,
  why: () => string,
): Vault {
  const memory = createMemoryVault(path, why);
  let file: Vault | null = null;

  async function look(): Promise<Vault> {
    if (file !== null) return file;
    const cipher = await findCipher();
    if (cipher !== null) file = createFileVault(path, cipher);
    return file ?? memory;
  }

  return {
    get persistent() {
      return file !== null;
    },
    async read() {
      const kept = await memory.read();
      // Where nothing is stored no keychain is asked: the person may have to open it.
      return kept.state === 'unreadable' ? (await look()).read() : kept;
    },
    async write(secret) {
      const place = await look();
      await place.write(secret);
      if (place !== memory) memory.forget();
    },
    async erase() {
      const place = await look();
      await memory.erase();
      if (place !== memory) await place.erase();
    },
  };
}

/**
 * Where there is no keychain: the secret lives as long as the process. A file written when there was one is left as it is and said
 * to be unreadable, until the person signs out.
 */
export function createMemoryVault(path: string, why: () => string): Vault & { forget(): void } {
  let kept: string | null = null;
  return {
    persistent: false,
    forget: () => void (kept = null),
    async read() {
      if (kept !== null) return { state: 'present', secret: kept };
      const exists = await readFile(path).then(
        () => true,
        () => false,
      );
      return exists ? { state: 'unreadable', detail: why() } : { state: 'absent' };
    },
    async write(secret) {
      kept = secret;
    },
    async erase() {
      kept = null;
      await removeFile(path);
    },
  };
}
