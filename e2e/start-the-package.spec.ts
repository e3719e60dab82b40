import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { getCurrentFuseWire, FuseState, FuseV1Options } from '@electron/fuses';
import { expect } from 'playwright/test';
import { onLine, run, spawnLeashed } from '../scripts/processes.ts';
import { getBen, test } from './fixtures/app.ts';
import { ROOT } from './fixtures/machine.ts';

const RELEASE = join(ROOT, 'release/linux-unpacked');
const PROGRAM = join(RELEASE, 'contract-pulse');

/** As a person without a mouse does it, over the display: the window first, then the question of main. */
async function signInByKeyboard(env: Readonly<Record<string, string>>, server: string): Promise<void> {
  const xdotool = async (...args: readonly string[]): Promise<readonly string[]> =>
    (await run('xdotool', args, { env })).stdout.split('\n').filter((line) => line !== '');
  const windows = () => xdotool('search', '--onlyvisible', '--name', '^Contract Pulse$');
  await expect.poll(async () => (await windows()).length).toBe(1);
  const [window = ''] = await windows();
  // No window manager gives it the focus.
  await xdotool('windowfocus', '--sync', window);
  await xdotool('type', '--delay', '20', server);
  await xdotool('key', 'Tab');
  await xdotool('type', '--delay', '20', 'ben');
  await xdotool('key', 'Tab');
  await xdotool('type', '--delay', '20', 'ben-demo');
  await xdotool('key', 'Return');
  await expect.poll(async () => (await windows()).length).toBe(2);
  const question = (await windows()).find((each) => each !== window) ?? '';
  await xdotool('windowfocus', '--sync', question);
  // No is what Return means: yes is beside it.
  await xdotool('key', 'shift+Tab');
  await xdotool('key', 'Return');
}

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

  test('starts, takes nothing from the environment, signs its user in and ends cleanly', async ({
    machine,
    server,
  }, testInfo) => {
    const profile = testInfo.outputPath('profile');
    // Chromium takes the space off before it reads a switch.
    const hostile = [' --remote-debugging-port=0', '--ignore-certificate-errors', '--log-net-log'];
    const switches = [...machine.sandboxArguments, ...hostile, `--user-data-dir=${profile}`];
    const app = spawnLeashed(PROGRAM, switches, {
      env: {
        ...machine.env,
        CONTRACT_PULSE_DEV_URL: 'http://127.0.0.1:1/',
        CONTRACT_PULSE_USER_DATA: testInfo.outputPath('elsewhere'),
        ELECTRON_RUN_AS_NODE: '1',
        NODE_OPTIONS: '--require=/nonexistent.js',
        SSLKEYLOGFILE: testInfo.outputPath('keys'),
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
        await expect.poll(log).toContain(`not obeyed: ${name.trim().slice(2).split('=')[0]}`);
      // What it prints is for development; a package is silent.
      expect(lines.filter((line) => line.startsWith('contract-pulse:'))).toEqual([]);
      await signInByKeyboard(machine.env, server.url);
      const ben = getBen(server);
      // It listens: there is something to cut.
      await expect.poll(() => server.control.dropConnections(ben.id)).toBeGreaterThan(0);
    } finally {
      await app.stop();
      await testInfo.attach('output', { body: lines.join('\n'), contentType: 'text/plain' });
    }
    expect(await log()).not.toContain('the end was not clean');
    expect(await readdir(testInfo.outputDir)).toEqual(['profile']);
    const ledger = new DatabaseSync(join(profile, 'ledger.sqlite'), { readOnly: true });
    expect(ledger.prepare('SELECT user_name AS name FROM account').all()).toEqual([{ name: 'Ben Carter' }]);
    expect(ledger.prepare('SELECT count(*) > 0 AS some FROM contract').get()).toEqual({ some: 1 });
    ledger.close();
  });
});
