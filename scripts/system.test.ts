import { expect, it } from 'vitest';
import type { Finished } from './processes.ts';
import {
  CHROMIUM,
  ensureChromium,
  ensureRuntimePackages,
  ensureServerPackages,
  ensureTestPackages,
} from './system.ts';
import type { SystemDependencies } from './system.ts';

const ended = (stdout: string, code = 0, stderr = ''): Finished => ({ code, signal: null, stdout, stderr });

/** A Debian machine whose Electron lacks a library until apt-get installs its package; it notes every apt-get command. */
function makeMachine(more: Partial<SystemDependencies> = {}): {
  deps: SystemDependencies;
  apt: string[];
  lines: string[];
} {
  const apt: string[] = [];
  const installed = new Set<string>();
  const run: SystemDependencies['run'] = async (command, args) => {
    if (command === 'ldd') return ended(installed.has('libnss3') ? '' : '\tlibnss3.so => not found\n');
    if (command === 'apt-get') {
      apt.push(args.slice(5).join(' '));
      if (args.includes('install')) for (const name of args) installed.add(name);
      return ended('');
    }
    if (command === '/bin/sh') {
      const names: Readonly<Record<string, string>> = {
        Xvfb: 'xvfb',
        xauth: 'xauth',
        nginx: 'nginx',
        [CHROMIUM]: 'chromium',
      };
      return ended('', installed.has(names[args.at(-1) ?? ''] ?? '') ? 0 : 1);
    }
    if (command === CHROMIUM) return ended('Chromium 156.0 built on Debian\n');
    return ended('', 127);
  };
  const deps = {
    platform: 'linux',
    isRoot: true,
    run,
    read: async () => 'ID=ubuntu\nID_LIKE=debian\n',
    pause: async () => undefined,
    ...more,
  } as const;
  return { deps, apt, lines: [] };
}

it('installs as root what is missing, after an update, saying so in one line', async () => {
  const { deps, apt, lines } = makeMachine();
  const log = (line: string): void => void lines.push(line);
  await ensureRuntimePackages({ log, executable: '/e/electron', virtualDisplay: true, deps });
  expect(lines).toEqual(['Installing Debian packages for Electron: libnss3 xvfb xauth']);
  expect(apt).toEqual(['update', 'install -y --no-install-recommends libnss3 xvfb xauth']);
  await ensureRuntimePackages({ log, executable: '/e/electron', virtualDisplay: true, deps });
  expect(apt).toHaveLength(2);
});

it('prints the exact command without root', async () => {
  const { deps, apt } = makeMachine({ isRoot: false });
  const ensured = ensureRuntimePackages({
    log: () => undefined,
    executable: '/e/electron',
    virtualDisplay: false,
    deps,
  });
  await expect(ensured).rejects.toThrow('lacks: libnss3.so. Run: sudo apt-get install libnss3');
  expect(apt).toEqual([]);
});

it('leaves other distributions alone and names the libraries', async () => {
  const { deps, apt } = makeMachine({ read: async () => 'ID=alpine\n' });
  const ensured = ensureRuntimePackages({
    log: () => undefined,
    executable: '/e/electron',
    virtualDisplay: false,
    deps,
  });
  await expect(ensured).rejects.toThrow(/package manager: libnss3\.so/);
  expect(apt).toEqual([]);
});

it('installs the servers of the proofs, and starts none of them', async () => {
  const { deps, apt, lines } = makeMachine();
  const offline: (string | undefined)[] = [];
  const run: SystemDependencies['run'] = (command, args, options) => {
    if (command === 'apt-get') offline.push(options?.env?.['SYSTEMD_OFFLINE']);
    return deps.run(command, args, options);
  };
  const log = (line: string): void => void lines.push(line);
  expect(await ensureServerPackages({ log, nightly: false, deps: { ...deps, run } })).toBe(true);
  expect(apt).toEqual(['update', 'install -y --no-install-recommends nginx']);
  expect(offline).toEqual(['1', '1']);
});

it('says so where the servers of the proofs are not to be had, and names the command where they are', async () => {
  const { deps, apt, lines } = makeMachine({ read: async () => 'ID=alpine\n' });
  const log = (line: string): void => void lines.push(line);
  expect(await ensureServerPackages({ log, nightly: false, deps })).toBe(false);
  expect(lines).toEqual(['Not run here: the proofs behind real proxies. This machine lacks nginx.']);
  const user = makeMachine({ isRoot: false }).deps;
  await expect(ensureServerPackages({ log, nightly: true, deps: user })).rejects.toThrow(
    'Run: sudo apt-get install nginx libnginx-mod-nchan php-cli squid',
  );
  expect(apt).toEqual([]);
});

it("installs Debian's Chromium as root, and says plainly where it is not run", async () => {
  const { deps, apt, lines } = makeMachine();
  const log = (line: string): void => void lines.push(line);
  expect(await ensureChromium({ log, deps })).toBe('Chromium 156.0 built on Debian');
  expect(apt).toEqual(['update', 'install -y --no-install-recommends chromium']);
  const said = lines.length;
  for (const more of [
    { isRoot: false },
    { read: async () => 'ID=alpine\n' },
    { platform: 'darwin' },
  ] as const)
    expect(await ensureChromium({ log, deps: makeMachine(more).deps })).toBeNull();
  expect(lines.slice(said).map((line) => line.split('.')[0])).toEqual(
    [1, 2, 3].map(() => "Not run here: the window in Debian's Chromium"),
  );
});

it('says why apt-get failed', async () => {
  const { deps } = makeMachine();
  const run: SystemDependencies['run'] = async (command, args) =>
    command === 'apt-get' ? ended('', 100, 'W: old\nE: Unable to locate package\n') : deps.run(command, args);
  const ensured = ensureTestPackages({ log: () => undefined, deps: { ...deps, run } });
  await expect(ensured).rejects.toThrow('apt-get update failed: E: Unable to locate package');
});

it('begins anew, and says so, when the network fails for a moment', async () => {
  const { deps, apt, lines } = makeMachine();
  let faults = 1;
  const run: SystemDependencies['run'] = async (command, args) =>
    args.includes('install') && faults-- > 0
      ? ended('', 100, 'E: Unable to locate package libnss3\n')
      : deps.run(command, args);
  await ensureRuntimePackages({
    log: (line) => void lines.push(line),
    executable: '/e/electron',
    virtualDisplay: false,
    deps: { ...deps, run },
  });
  expect(apt).toEqual(['update', 'update', 'install -y --no-install-recommends libnss3']);
  expect(lines[1]).toContain(
    'failed: apt-get install failed: E: Unable to locate package libnss3 It may pass',
  );
});

it('asks nothing of other platforms', async () => {
  const { deps } = makeMachine({ platform: 'darwin' });
  await ensureRuntimePackages({ log: () => undefined, virtualDisplay: true, deps });
  await ensureTestPackages({ log: () => undefined, deps });
  expect(await ensureServerPackages({ log: () => undefined, nightly: true, deps })).toBe(true);
});
