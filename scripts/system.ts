import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { run } from './processes.ts';
import type { Finished } from './processes.ts';
import { tryAgain } from './tries.ts';

/**
 * What Electron links against, and the Debian package of each. Debian 13 and Ubuntu 24.04 renamed some for the 64-bit time_t
 * (`libgtk-3-0t64`); the name is settled by what apt knows.
 */
const LIBRARY_PACKAGES: Readonly<Record<string, string>> = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libasound.so.2': 'libasound2',
  'libgbm.so.1': 'libgbm1',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcups.so.2': 'libcups2',
  'libdrm.so.2': 'libdrm2',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libxcb.so.1': 'libxcb1',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libcairo.so.2': 'libcairo2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libudev.so.1': 'libudev1',
  'libexpat.so.1': 'libexpat1',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgio-2.0.so.0': 'libglib2.0-0',
};
const RENAMED = new Set([
  'libgtk-3-0',
  'libasound2',
  'libatk1.0-0',
  'libatk-bridge2.0-0',
  'libatspi2.0-0',
  'libcups2',
  'libglib2.0-0',
]);

/** Programs and libraries of a real desktop session, for the tests of keychain and toasts. */
const TEST_PROGRAMS: Readonly<Record<string, string>> = {
  'gnome-keyring-daemon': 'gnome-keyring',
  dunst: 'dunst',
  'dbus-run-session': 'dbus',
  'dbus-send': 'dbus',
  'notify-send': 'libnotify-bin',
  xdotool: 'xdotool',
};
const DISPLAY_PROGRAMS: Readonly<Record<string, string>> = { Xvfb: 'xvfb', xauth: 'xauth' };
/** Servers that nobody here wrote, for the proofs behind real proxies; those of the nightly run include a module of nginx. */
const SERVER_PROGRAMS: Readonly<Record<string, string>> = { nginx: 'nginx' };
const NIGHTLY_SERVER_PROGRAMS: Readonly<Record<string, string>> = {
  '/usr/lib/nginx/modules/ngx_nchan_module.so': 'libnginx-mod-nchan',
  php: 'php-cli',
  squid: 'squid',
};
/** Debian's own build of Chromium: the engine of the newest Electron, or near it. */
export const CHROMIUM = '/usr/bin/chromium';
const ENGINE_PROGRAMS: Readonly<Record<string, string>> = { [CHROMIUM]: 'chromium' };
const TEST_LIBRARIES: Readonly<Record<string, string>> = { 'libsecret-1.so.0': 'libsecret-1-0' };

/** What the checks touch of the machine. */
export interface SystemDependencies {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly run: (
    command: string,
    args: readonly string[],
    options?: { env?: NodeJS.ProcessEnv },
  ) => Promise<Finished>;
  /** The text of a file, or undefined. */
  readonly read: (path: string) => Promise<string | undefined>;
  readonly pause: (ms: number) => Promise<unknown>;
}

export function createSystemDependencies(): SystemDependencies {
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    run,
    read: (path) => readFile(path, 'utf8').catch(() => undefined),
    pause: wait,
  };
}

/** True where apt-get is the way to install: Debian, Ubuntu and what calls itself like them. */
export async function isDebianLike(deps: SystemDependencies): Promise<boolean> {
  const release = (await deps.read('/etc/os-release')) ?? '';
  const ids = [...release.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].map((match) => match[1] ?? '').join(' ');
  return deps.platform === 'linux' && /\b(debian|ubuntu)\b/.test(ids);
}

/** Libraries in ld.so's cache, by soname; on Debian ldconfig is not on everyone's PATH. */
async function listKnownLibraries(deps: SystemDependencies): Promise<Set<string>> {
  for (const ldconfig of ['/sbin/ldconfig', 'ldconfig']) {
    const cache = await deps.run(ldconfig, ['-p']);
    if (cache.code === 0)
      return new Set(cache.stdout.split('\n').map((line) => line.trim().split(' ')[0] ?? ''));
  }
  return new Set();
}

/**
 * The shared libraries Electron lacks here, by soname: what `ldd` says of the executable, or, while there is none, what of the known
 * list is not installed. Nothing outside Linux.
 */
export async function findMissingLibraries(
  deps: SystemDependencies,
  executable?: string,
): Promise<readonly string[]> {
  if (deps.platform !== 'linux') return [];
  if (executable !== undefined) {
    const linked = await deps.run('ldd', [executable]);
    if (linked.code === 0)
      return [...linked.stdout.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
  }
  const known = await listKnownLibraries(deps);
  return Object.keys(LIBRARY_PACKAGES).filter((soname) => !known.has(soname));
}

async function findMissingPrograms(
  deps: SystemDependencies,
  programs: readonly string[],
  isThere = 'command -v "$1"',
): Promise<readonly string[]> {
  const found = await Promise.all(
    programs.map((program) => deps.run('/bin/sh', ['-c', isThere, 'sh', program])),
  );
  return programs.filter((_, at) => found[at]?.code !== 0);
}

/** The package's name in this release. */
async function chooseName(deps: SystemDependencies, name: string): Promise<string> {
  if (!RENAMED.has(name)) return name;
  const shown = await deps.run('apt-cache', ['show', '--no-all-versions', `${name}t64`]);
  return shown.code === 0 && shown.stdout.includes('Package:') ? `${name}t64` : name;
}

/** apt-get, quietly; waits for another apt-get to finish, at most two minutes. */
async function runApt(deps: SystemDependencies, args: readonly string[]): Promise<void> {
  // systemctl then starts nothing: a server that is installed for a test is not to serve this machine's network.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', SYSTEMD_OFFLINE: '1' };
  for (let attempt = 0; ; attempt += 1) {
    const options = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'];
    const done = await deps.run('apt-get', ['-qq', ...options, ...args], { env });
    if (done.code === 0) return;
    const locked = /could not get lock|unable to lock/i.test(done.stderr);
    if (!locked || attempt >= 24) {
      const why = done.stderr.split('\n').filter((line) => line.startsWith('E:'));
      throw new Error(
        `apt-get ${args[0]} failed: ${why.join(' ') || done.stderr.trim().slice(-300) || `code ${done.code}`}`,
      );
    }
    await deps.pause(5000);
  }
}

/** What is missing, said both as found (sonames, programs) and as packages to install. */
export interface Lack {
  readonly missing: readonly string[];
  readonly packages: readonly string[];
}

/** The packages for what is missing, each once. */
function findPackages(missing: readonly string[]): readonly string[] {
  const all: Readonly<Record<string, string>> = {
    ...LIBRARY_PACKAGES,
    ...TEST_LIBRARIES,
    ...DISPLAY_PROGRAMS,
    ...TEST_PROGRAMS,
    ...SERVER_PROGRAMS,
    ...NIGHTLY_SERVER_PROGRAMS,
    ...ENGINE_PROGRAMS,
  };
  return [...new Set(missing.map((name) => all[name]).filter((name) => name !== undefined))];
}

/** What Electron lacks to start: libraries, and the virtual display when one is needed. */
export async function findRuntimeLack(
  deps: SystemDependencies,
  options: { readonly executable?: string; readonly virtualDisplay: boolean },
): Promise<Lack> {
  if (deps.platform !== 'linux') return { missing: [], packages: [] };
  const programs = options.virtualDisplay
    ? await findMissingPrograms(deps, Object.keys(DISPLAY_PROGRAMS))
    : [];
  const missing = [...(await findMissingLibraries(deps, options.executable)), ...programs];
  return { missing, packages: findPackages(missing) };
}

async function findTestLack(deps: SystemDependencies): Promise<Lack> {
  if (deps.platform !== 'linux') return { missing: [], packages: [] };
  const known = await listKnownLibraries(deps);
  const libraries = Object.keys(TEST_LIBRARIES).filter((soname) => !known.has(soname));
  const missing = [...libraries, ...(await findMissingPrograms(deps, Object.keys(TEST_PROGRAMS)))];
  return { missing, packages: findPackages(missing) };
}

/** How to get what is missing, in one line. */
export async function explainRemedy(deps: SystemDependencies, lack: Lack): Promise<string> {
  if (!(await isDebianLike(deps)) || lack.packages.length === 0) {
    return `Install what provides these with your system's package manager: ${lack.missing.join(' ')}`;
  }
  const names = await Promise.all(lack.packages.map((name) => chooseName(deps, name)));
  return `Run: sudo apt-get install ${names.join(' ')}`;
}

/**
 * Installs what is missing on Debian and Ubuntu as root; elsewhere only says what to do.
 * @throws Error in plain words when something is still missing afterwards
 */
async function supply(
  deps: SystemDependencies,
  log: (line: string) => void,
  find: () => Promise<Lack>,
  purpose: string,
): Promise<void> {
  const lack = await find();
  if (lack.missing.length === 0) return;
  if (!deps.isRoot || lack.packages.length === 0 || !(await isDebianLike(deps))) {
    throw new Error(
      `${purpose} needs what this machine lacks: ${lack.missing.join(' ')}. ${await explainRemedy(deps, lack)}`,
    );
  }
  log(`Installing Debian packages for ${purpose}: ${lack.packages.join(' ')}`);
  const install = async (): Promise<void> => {
    // Together: an update that got only some of the lists is no failure of its own, the package is then not found.
    await runApt(deps, ['update']);
    const names = await Promise.all(lack.packages.map((name) => chooseName(deps, name)));
    await runApt(deps, ['install', '-y', '--no-install-recommends', ...names]);
  };
  await tryAgain(`Installing Debian packages for ${purpose}`, install, { log, pause: deps.pause });
  const still = await find();
  if (still.missing.length > 0) {
    throw new Error(
      `${purpose} still lacks after installing: ${still.missing.join(' ')}. ${await explainRemedy(deps, still)}`,
    );
  }
}

/**
 * Sees to it that Electron can start on this machine: its libraries, and Xvfb when windows go to a virtual display.
 * @throws Error with the exact command to run when it may not install them itself
 */
export function ensureRuntimePackages(options: {
  readonly log: (line: string) => void;
  readonly executable?: string;
  readonly virtualDisplay: boolean;
  readonly deps?: SystemDependencies;
}): Promise<void> {
  const { log, deps = createSystemDependencies(), ...needs } = options;
  return supply(deps, log, () => findRuntimeLack(deps, needs), 'Electron');
}

/**
 * Sees to it that the tests of keychain and toasts can run: a D-Bus session, gnome-keyring, dunst, xdotool. Nothing outside Linux.
 * @throws Error with the exact command to run when it may not install them itself
 */
export function ensureTestPackages(options: {
  readonly log: (line: string) => void;
  readonly deps?: SystemDependencies;
}): Promise<void> {
  const { log, deps = createSystemDependencies() } = options;
  return supply(deps, log, () => findTestLack(deps), 'the tests of keychain and notifications');
}

/** Of a program by its name, or of a file by its path; Debian keeps servers where not everybody's PATH leads. */
const IS_SERVER_THERE =
  'case "$1" in /*) [ -e "$1" ];; *) PATH="$PATH:/usr/sbin:/usr/local/sbin:/sbin" command -v "$1";; esac';

/** What the proofs behind real proxies and with other people's servers lack here; the nightly run has more of them. */
export async function findServerLack(
  deps: SystemDependencies,
  options: { readonly nightly: boolean },
): Promise<Lack> {
  if (deps.platform !== 'linux') return { missing: [], packages: [] };
  const programs = { ...SERVER_PROGRAMS, ...(options.nightly ? NIGHTLY_SERVER_PROGRAMS : {}) };
  const missing = await findMissingPrograms(deps, Object.keys(programs), IS_SERVER_THERE);
  return { missing, packages: findPackages(missing) };
}

/**
 * Sees to it that the proofs behind real proxies can run. False, after a line that says so, where these programs are not
 * to be had: outside Debian and Ubuntu their packages and folders have other names.
 * @throws Error with the exact command to run when it may not install them itself
 */
export async function ensureServerPackages(options: {
  readonly log: (line: string) => void;
  readonly nightly: boolean;
  readonly deps?: SystemDependencies;
}): Promise<boolean> {
  const { log, nightly, deps = createSystemDependencies() } = options;
  const find = (): Promise<Lack> => findServerLack(deps, { nightly });
  const { missing } = await find();
  if (missing.length > 0 && !(await isDebianLike(deps))) {
    log(`Not run here: the proofs behind real proxies. This machine lacks ${missing.join(' ')}.`);
    return false;
  }
  await supply(deps, log, find, 'the proofs behind real proxies');
  return true;
}

/**
 * Sees to it that Debian's Chromium is here; null where it is not to be had, after a line that says so. Else its version, as it says it
 * itself.
 */
export async function ensureChromium(options: {
  readonly log: (line: string) => void;
  readonly deps?: SystemDependencies;
}): Promise<string | null> {
  const { log, deps = createSystemDependencies() } = options;
  const findLack = async (): Promise<Lack> => {
    const missing = await findMissingPrograms(deps, [CHROMIUM], IS_SERVER_THERE);
    return { missing, packages: findPackages(missing) };
  };
  try {
    if (deps.platform !== 'linux') throw new Error('It is on Linux only.');
    await supply(deps, log, findLack, 'the window in Chromium');
    const said = await deps.run(CHROMIUM, ['--version']);
    if (said.code !== 0) throw new Error(`${CHROMIUM} does not start: ${said.stderr.trim().slice(-200)}`);
    return said.stdout.trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log(`Not run here: the window in Debian's Chromium. ${why}`);
    return null;
  }
}
