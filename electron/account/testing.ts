import type { Log } from '../ports/log.ts';
import type { Vault, VaultRead } from '../ports/vault.ts';

/** A vault in memory whose every step can be looked at, and made to fail. */
export interface TestVault extends Vault {
  secret: string | null;
  unreadable: boolean;
  writes: string[];
  failWrites: boolean;
  /** Awaited within each write, before the secret is kept. */
  beforeWrite: () => Promise<void>;
}

export function createTestVault(secret: string | null = null): TestVault {
  const vault: TestVault = {
    persistent: true,
    secret,
    unreadable: false,
    writes: [],
    failWrites: false,
    beforeWrite: () => Promise.resolve(),
    async read(): Promise<VaultRead> {
      if (vault.unreadable) return { state: 'unreadable', detail: 'the keychain is locked' };
      return vault.secret === null ? { state: 'absent' } : { state: 'present', secret: vault.secret };
    },
    async write(next) {
      await vault.beforeWrite();
      if (vault.failWrites) throw new Error('the disk is full');
      vault.secret = next;
      vault.writes.push(next);
    },
    async erase() {
      vault.secret = null;
    },
  };
  return vault;
}

export function createTestLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, info: (line) => lines.push(line), warn: (line) => lines.push(`WARN ${line}`) };
}
