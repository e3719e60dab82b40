import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryAgain } from '../../scripts/tries.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readManifest(folder: string): Manifest | null {
  const path = join(folder, 'package.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : null;
}

/** Names and versions as `bench/package.json` pins them. */
export function listPeers(): Readonly<Record<string, string>> {
  return readManifest(FOLDER)?.dependencies ?? {};
}

function areInstalled(): boolean {
  return Object.entries(listPeers()).every(
    ([name, version]) => readManifest(join(FOLDER, 'node_modules', name))?.version === version,
  );
}

/** Installs the peers from their lock file where they are missing or of another version. They are no part of the product. */
export async function ensurePeers(log: (line: string) => void): Promise<void> {
  if (areInstalled()) return;
  log('installing the peers (npm ci --prefix bench)');
  await tryAgain('npm ci --prefix bench', install, { log });
}

async function install(): Promise<void> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const child = spawn(npm, ['ci', '--prefix', FOLDER, '--ignore-scripts'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const code = await new Promise<number | string | null>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', resolve);
  });
  if (code !== 0 || !areInstalled()) {
    throw new Error(
      `The peers could not be installed (npm ci --prefix bench: ${code}). Nothing was measured; ` +
        'check that the package registry can be reached and try again.',
    );
  }
}
