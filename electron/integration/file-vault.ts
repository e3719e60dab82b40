import { open, readFile, rename, rm } from 'node:fs/promises';
import type { Vault } from '../ports/vault.ts';

/** A vault in a plain file, for proofs alone: it survives a killed process as a keychain does, and hides nothing. */
export function createFileVault(path: string): Vault {
  return {
    persistent: true,
    async read() {
      try {
        return { state: 'present', secret: await readFile(path, 'utf8') };
      } catch {
        return { state: 'absent' };
      }
    },
    async write(secret) {
      const file = await open(`${path}.new`, 'w', 0o600);
      try {
        await file.writeFile(secret);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
    },
    async erase() {
      await rm(path, { force: true });
    },
  };
}
