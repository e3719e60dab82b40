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

  test('holds our code and one native file for this system, and no app of somebody else', async () => {
    expect((await readdir(join(RELEASE, 'resources'))).toSorted()).toEqual(['app.asar', 'app.asar.unpacked']);
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
    const app = spawnLeashed(PROGRAM, [...machine.sandboxArguments, `--user-data-dir=${profile}`], {
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
      // What it prints is for development; a package is silent.
      expect(lines.filter((line) => line.startsWith('contract-pulse:'))).toEqual([]);
    } finally {
      await app.stop();
      await testInfo.attach('output', { body: lines.join('\n'), contentType: 'text/plain' });
    }
    expect(await log()).not.toContain('the end was not clean');
  });
});
