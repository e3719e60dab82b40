import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getCurrentFuseWire, FuseState, FuseV1Options } from '@electron/fuses';
import { expect } from 'playwright/test';
import { onLine, run, spawnLeashed } from '../scripts/processes.ts';
import { ROOT, test } from './fixtures/machine.ts';

const RELEASE = join(ROOT, 'release/linux-unpacked');
const PROGRAM = join(RELEASE, 'contract-pulse');

// Playwright cannot drive a package: its inspect fuse is off. It is started as a user starts it.
test.describe('the unpacked package', () => {
  test.skip(process.platform !== 'linux', 'packages of other systems are made and tried on them');
  test.describe.configure({ mode: 'serial' });

  test('is made', async () => {
    const made = await run(process.execPath, ['scripts/package.ts', '--no-build'], { cwd: ROOT });
    expect(made.code, made.stdout + made.stderr).toBe(0);
  });

  test('says whose work is in it, and under which licences', async () => {
    expect(await readFile(join(RELEASE, 'resources/LICENSE.txt'), 'utf8')).toBe(
      await readFile(join(ROOT, 'LICENSE'), 'utf8'),
    );
    const notices = await readFile(join(RELEASE, 'resources/THIRD-PARTY-NOTICES.txt'), 'utf8');
    const sbom = JSON.parse(await readFile(join(RELEASE, 'resources/sbom.cdx.json'), 'utf8')) as {
      components: { name: string; version: string }[];
    };
    const names = sbom.components.map(({ name }) => name);
    for (const name of ['react', 'react-dom', 'valibot', 'zustand', '@photostructure/sqlite', 'electron']) {
      expect(names).toContain(name);
      if (name !== 'electron') expect(notices).toContain(`${name} `);
    }
    expect(names).not.toContain('vitest');
  });

  test('holds our code and one native file for this system, and no app of somebody else', async () => {
    expect((await readdir(join(RELEASE, 'resources'))).toSorted()).toEqual([
      'LICENSE.txt',
      'THIRD-PARTY-NOTICES.txt',
      'app.asar',
      'app.asar.unpacked',
      'sbom.cdx.json',
    ]);
    const files = await readdir(join(RELEASE, 'resources/app.asar.unpacked'), { recursive: true });
    const native = files.filter((name) => name.endsWith('.node'));
    expect(native.length).toBeGreaterThan(0);
    expect(native.every((name) => name.includes(`prebuilds/linux-${process.arch}/`))).toBe(true);
    const asar = await readFile(join(RELEASE, 'resources/app.asar'));
    const header = asar.subarray(16, 16 + asar.readUInt32LE(12)).toString();
    const { files: tree } = JSON.parse(header) as {
      files: Record<string, { files?: Record<string, unknown> }>;
    };
    expect(Object.keys(tree).toSorted()).toEqual(['node_modules', 'out', 'package.json']);
    expect(Object.keys(tree['out']?.files ?? {}).toSorted()).toEqual(['main', 'preload', 'renderer']);
    expect(Object.keys(tree['node_modules']?.files ?? {}).toSorted()).toEqual([
      '@photostructure',
      'node-gyp-build',
    ]);
  });

  test('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(PROGRAM);
    const states = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ].map((fuse) => wire[fuse]);
    const { ENABLE, DISABLE } = FuseState;
    expect(states).toEqual([DISABLE, ENABLE, DISABLE, DISABLE, ENABLE, ENABLE, DISABLE]);
  });

  test('starts, shows its window, takes nothing from the environment and ends cleanly', async ({
    machine,
  }, testInfo) => {
    const profile = testInfo.outputPath('profile');
    const hostile = ['--remote-debugging-port=0', '--ignore-certificate-errors', '--log-net-log'];
    const switches = [...machine.sandboxArguments, ...hostile, `--user-data-dir=${profile}`];
    const app = spawnLeashed(PROGRAM, switches, {
      env: {
        ...machine.env,
        CONTRACT_PULSE_DEV_URL: 'http://127.0.0.1:1/',
        CONTRACT_PULSE_USER_DATA: testInfo.outputPath('elsewhere'),
        ELECTRON_RUN_AS_NODE: '1',
        NODE_OPTIONS: '--require=/nonexistent.js',
      },
    });
    const lines: string[] = [];
    for (const stream of [app.child.stdout, app.child.stderr]) {
      if (stream !== null) onLine(stream, (line) => void lines.push(line));
    }
    const log = () => readFile(join(profile, 'logs/main.log'), 'utf8').catch(() => '');
    try {
      await expect.poll(log).toContain('window shown');
      expect(await readdir(profile)).toContain('ledger.sqlite');
      // Nobody can look into the window, or make it trust anybody, from the command line.
      expect(await readdir(profile)).not.toContain('DevToolsActivePort');
      expect(lines.filter((line) => line.includes('DevTools listening'))).toEqual([]);
      // Written behind.
      for (const name of hostile)
        await expect.poll(log).toContain(`not obeyed: ${name.slice(2).split('=')[0]}`);
      // What it prints is for development; a package is silent.
      expect(lines.filter((line) => line.startsWith('contract-pulse:'))).toEqual([]);
    } finally {
      await app.stop();
      await testInfo.attach('output', { body: lines.join('\n'), contentType: 'text/plain' });
    }
    expect(await log()).not.toContain('the end was not clean');
  });
});
