import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileVault, createLateVault, createMemoryVault, type Cipher } from './secret-file.ts';

/** A real cipher with a key that can be taken away, as a keychain's can. */
function makeCipher(key = randomBytes(32)): Cipher {
  return {
    async encrypt(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), bytes]);
    },
    async decrypt(bytes) {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      const text = decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
      return { text, isOutdated: false };
    },
  };
}

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contract-pulse-vault-'));
  path = join(folder, 'session.vault');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the vault in a file', () => {
  it('gives back what was written, also to the next process, and nothing in clear text', async () => {
    const cipher = makeCipher();
    expect(await createFileVault(path, cipher).read()).toEqual({ state: 'absent' });
    await createFileVault(path, cipher).write('refresh-token');
    expect(await createFileVault(path, cipher).read()).toEqual({ state: 'present', secret: 'refresh-token' });
    expect(readFileSync(path, 'latin1')).not.toContain('refresh-token');
    expect(readdirSync(folder)).toEqual(['session.vault']);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('writes anew what was read with a key that has been changed since', async () => {
    const [old, cipher] = [makeCipher(), makeCipher()];
    await createFileVault(path, old).write('refresh-token');
    const changing: Cipher = {
      encrypt: cipher.encrypt,
      decrypt: async (bytes) => ({ ...(await old.decrypt(bytes)), isOutdated: true }),
    };
    expect(await createFileVault(path, changing).read()).toEqual({
      state: 'present',
      secret: 'refresh-token',
    });
    expect(await createFileVault(path, cipher).read()).toEqual({ state: 'present', secret: 'refresh-token' });
  });

  it('calls garbage and another key unreadable, and sets it aside before it writes', async () => {
    await createFileVault(path, makeCipher()).write('old');
    const before = readFileSync(path);
    const vault = createFileVault(path, makeCipher(), () => 7);
    expect((await vault.read()).state).toBe('unreadable');
    expect(readFileSync(path)).toEqual(before);
    await vault.write('new');
    expect(await vault.read()).toEqual({ state: 'present', secret: 'new' });
    expect(readFileSync(`${path}.unreadable-7`)).toEqual(before);
  });

  it('keeps the old secret when the new one cannot be encrypted', async () => {
    const cipher = makeCipher();
    await createFileVault(path, cipher).write('old');
    const locked: Cipher = { ...cipher, encrypt: () => Promise.reject(new Error('keychain is locked')) };
    await expect(createFileVault(path, locked).write('new')).rejects.toThrow('keychain is locked');
    expect(await createFileVault(path, cipher).read()).toEqual({ state: 'present', secret: 'old' });
  });

  it('erases everything, what was set aside and half-written too', async () => {
    const vault = createFileVault(path, makeCipher());
    writeFileSync(path, 'garbage');
    await vault.write('secret');
    writeFileSync(`${path}.new`, 'half');
    await vault.erase();
    expect(readdirSync(folder)).toEqual([]);
    expect(await vault.read()).toEqual({ state: 'absent' });
    await vault.erase();
  });

  it('keeps the order of a write and an erase that follow each other', async () => {
    const vault = createFileVault(path, makeCipher());
    await Promise.all([vault.write('one'), vault.erase()]);
    expect(existsSync(path)).toBe(false);
    await Promise.all([vault.erase(), vault.write('two')]);
    expect(await vault.read()).toEqual({ state: 'present', secret: 'two' });
  });
});

describe('the vault in memory', () => {
  it('keeps the secret without touching the disk', async () => {
    const vault = createMemoryVault(path, () => 'no keychain');
    await vault.write('secret');
    expect(await vault.read()).toEqual({ state: 'present', secret: 'secret' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves a file of better days alone until the person signs out', async () => {
    writeFileSync(path, 'encrypted');
    const vault = createMemoryVault(path, () => 'no keychain');
    expect(await vault.read()).toEqual({ state: 'unreadable', detail: 'no keychain' });
    await vault.write('secret');
    expect(readFileSync(path, 'utf8')).toBe('encrypted');
    await vault.erase();
    expect(existsSync(path)).toBe(false);
    expect(await vault.read()).toEqual({ state: 'absent' });
  });
});

describe('a keychain that comes late', () => {
  it('leaves the file alone until it can be read, and uses it from then on', async () => {
    const cipher = makeCipher();
    await createFileVault(path, cipher).write('kept');
    const before = readFileSync(path);
    let open = false;
    const vault = createLateVault(
      path,
      async () => (open ? cipher : null),
      () => 'locked',
    );
    expect(await vault.read()).toEqual({ state: 'unreadable', detail: 'locked' });
    expect(vault.persistent).toBe(false);
    expect(readFileSync(path)).toEqual(before);
    open = true;
    expect(await vault.read()).toEqual({ state: 'present', secret: 'kept' });
    expect(vault.persistent).toBe(true);
  });

  it('is not asked for to read where nothing is stored', async () => {
    let asked = 0;
    const vault = createLateVault(
      path,
      async () => {
        asked += 1;
        return makeCipher();
      },
      () => 'locked',
    );
    expect(await vault.read()).toEqual({ state: 'absent' });
    expect(asked).toBe(0);
    await vault.write('one');
    expect(await vault.read()).toEqual({ state: 'present', secret: 'one' });
    expect(vault.persistent).toBe(true);
  });

  it('keeps what was written meanwhile, and moves it to the file with the next secret', async () => {
    const cipher = makeCipher();
    let open = false;
    const vault = createLateVault(
      path,
      async () => (open ? cipher : null),
      () => 'locked',
    );
    await vault.write('one');
    open = true;
    expect(await vault.read()).toEqual({ state: 'present', secret: 'one' });
    await vault.write('two');
    expect(await createFileVault(path, cipher).read()).toEqual({ state: 'present', secret: 'two' });
    expect(await vault.read()).toEqual({ state: 'present', secret: 'two' });
    await vault.erase();
    expect(readdirSync(folder)).toEqual([]);
    expect(await vault.read()).toEqual({ state: 'absent' });
  });
});
