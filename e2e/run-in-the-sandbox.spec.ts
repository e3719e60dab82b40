import { chown, cp, mkdir, mkdtemp, readFile, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { onLine, run, spawnLeashed } from '../scripts/processes.ts';
import { ROOT, test } from './fixtures/machine.ts';

/** The user that owns nothing; the sandbox is for ordinary users, and Chromium refuses it to root. */
const NOBODY = 65_534;
const asNobody = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
const isRoot = process.getuid?.() === 0;

interface Confined {
  readonly seccomp: string;
  readonly noNewPrivileges: string;
  readonly ownUserNamespace: boolean;
}

/** How Linux confines each of the process's descendants that draws a page. */
async function findRenderers(ancestor: number): Promise<readonly Confined[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = new Map<string, string>();
  const renderers: string[] = [];
  for (const id of ids) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    parents.set(id, /^PPid:\t(\d+)/m.exec(status)?.[1] ?? '0');
    const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('--type=renderer')) renderers.push(id);
  }
  const isBelow = (id: string): boolean => {
    const parent = parents.get(id);
    return parent === String(ancestor) || (parent !== undefined && parent !== '0' && isBelow(parent));
  };
  const namespace = (id: string) => readlink(`/proc/${id}/ns/user`).catch(() => 'gone');
  const outside = await namespace(String(process.pid));
  const confined: Confined[] = [];
  for (const id of renderers.filter(isBelow)) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    confined.push({
      seccomp: /^Seccomp:\t(\d)/m.exec(status)?.[1] ?? '?',
      noNewPrivileges: /^NoNewPrivs:\t(\d)/m.exec(status)?.[1] ?? '?',
      ownUserNamespace: (await namespace(id)) !== outside,
    });
  }
  return confined;
}

/** A copy of runtime and app that an ordinary user may read; hard links where the disk allows them. */
async function stage(runtime: string): Promise<{ readonly folder: string; readonly profile: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-pulse-sandbox-'));
  await run('chmod', ['755', folder]);
  const linked = await run('cp', ['-al', runtime, join(folder, 'electron')]);
  if (linked.code !== 0) await cp(runtime, join(folder, 'electron'), { recursive: true });
  const app = join(folder, 'app');
  await mkdir(app);
  for (const part of ['out/main', 'out/preload', 'out/renderer', 'package.json']) {
    await cp(join(ROOT, part), join(app, part), { recursive: true });
  }
  for (const dependency of ['@photostructure/sqlite', 'node-gyp-build']) {
    await cp(join(ROOT, 'node_modules', dependency), join(app, 'node_modules', dependency), {
      recursive: true,
    });
  }
  const profile = join(folder, 'profile');
  await mkdir(profile);
  if (isRoot) await chown(profile, NOBODY, NOBODY);
  return { folder, profile };
}

test.describe('on Linux', () => {
  test.skip(process.platform !== 'linux', 'what the kernel says of processes is read from /proc');

  test('for an ordinary user the page runs behind seccomp, in a namespace of its own', async ({
    machine,
  }) => {
    const probe = ['unshare', '--user', 'true'];
    const [tool = '', ...rest] = isRoot ? ['setpriv', ...asNobody, ...probe] : probe;
    // Containers often forbid it; stay-locked-in.spec.ts then stands alone with what Electron says of itself.
    test.skip((await run(tool, rest)).code !== 0, 'this system lets ordinary users make no namespaces');
    const { folder, profile } = await stage(machine.runtime.distPath);
    // The display's cookie must be readable too.
    const authority = join(folder, 'Xauthority');
    await cp(machine.env['XAUTHORITY'] ?? '', authority);
    if (isRoot) await chown(authority, NOBODY, NOBODY);
    const command = [join(folder, 'electron/electron'), `--user-data-dir=${profile}`, join(folder, 'app')];
    const [program = '', ...args] = isRoot ? ['setpriv', ...asNobody, ...command] : command;
    const app = spawnLeashed(program, args, {
      env: { ...machine.env, XAUTHORITY: authority, HOME: profile },
    });
    const lines: string[] = [];
    for (const stream of [app.child.stdout, app.child.stderr]) {
      if (stream !== null) onLine(stream, (line) => void lines.push(line));
    }
    try {
      await expect.poll(() => lines.join('\n')).toContain('window shown');
      await expect
        .poll(() => findRenderers(app.child.pid ?? 0))
        .toEqual([{ seccomp: '2', noNewPrivileges: '1', ownUserNamespace: true }]);
    } finally {
      await app.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
