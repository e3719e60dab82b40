/** Secrets at rest, through the OS keychain. Unreadable is not absent. */
export type VaultRead =
  | { readonly state: 'present'; readonly secret: string }
  | { readonly state: 'absent' }
  /** There is something, but it cannot be decrypted now (keychain locked or changed): never overwrite it silently. */
  | { readonly state: 'unreadable'; readonly detail: string };

export interface Vault {
  /** False: nothing is written to disk; `write` keeps the secret in memory until the app quits. */
  readonly persistent: boolean;
  read(): Promise<VaultRead>;
  /** Durable (fsync) when it resolves. An unreadable older secret is set aside first, never overwritten. */
  write(secret: string): Promise<void>;
  /** Removes the secret from disk and memory. */
  erase(): Promise<void>;
}
