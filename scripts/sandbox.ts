import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Whether Chromium's sandbox can work for this user on this machine. */
export type SandboxState = 'available' | 'root' | 'blocked';

const readNumber = (path: string): Promise<number | undefined> =>
  readFile(path, 'utf8').then(
    (text) => Number(text),
    () => undefined,
  );

/**
 * Root gets none (Chromium refuses); else it needs the setuid helper or user namespaces.
 * https://chromium.googlesource.com/chromium/src/+/main/docs/security/apparmor-userns-restrictions.md
 */
export async function inspectSandbox(executable: string): Promise<SandboxState> {
  if (process.platform !== 'linux') return 'available';
  if (process.getuid?.() === 0) return 'root';
  const helper = await stat(join(dirname(executable), 'chrome-sandbox')).catch(() => undefined);
  if (helper !== undefined && helper.uid === 0 && (helper.mode & 0o4000) !== 0) return 'available';
  const [clone, most, restricted] = await Promise.all(
    [
      'kernel/unprivileged_userns_clone',
      'user/max_user_namespaces',
      'kernel/apparmor_restrict_unprivileged_userns',
    ].map((name) => readNumber(`/proc/sys/${name}`)),
  );
  return clone === 0 || most === 0 || restricted === 1 ? 'blocked' : 'available';
}

/** The command that gives the setuid helper the rights it needs. */
export function explainSandboxRemedy(executable: string): string {
  const helper = join(dirname(executable), 'chrome-sandbox');
  return `Run: sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`;
}

/**
 * The flag Electron needs in development: none, or `--no-sandbox` as root.
 * @throws Error with the remedy where an ordinary user's kernel blocks the sandbox; it is never switched off for them
 */
export async function getSandboxArguments(executable: string): Promise<readonly string[]> {
  const state = await inspectSandbox(executable);
  if (state === 'blocked') {
    throw new Error(
      `This system does not let Electron build its sandbox. ${explainSandboxRemedy(executable)}`,
    );
  }
  return state === 'root' ? ['--no-sandbox'] : [];
}
