import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ELECTRON_DIFFERENCES } from './electron-differences.ts';
import { binPath, ROOT } from './build.ts';
import { differing, findUses, readDeclarations } from './electron-declarations.ts';
import { packWithNpm, REGISTRY_PIN } from './electron-registry-copy.ts';
import { run } from './processes.ts';
import { tryAgain } from './tries.ts';

/* Checks the product against the types of the oldest Electron that it runs in, beside `tsc -b`, which takes the pinned one's. */

const TYPES_SHA256 = 'e559d0282980f0f8f2e400dc668514cdb2b0f2dac62f427dbc4df3272eb811fa';
const FOLDER = join(ROOT, 'node_modules/.cache', `electron-${REGISTRY_PIN.electronVersion}`);
const TYPES = join(FOLDER, 'electron.d.ts');

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The types alone, from the registry: the package's binary is not fetched, and nothing of it is run. */
async function fetchTypes(): Promise<string> {
  const kept = await readFile(TYPES, 'utf8').catch(() => '');
  if (hashOf(kept) === TYPES_SHA256) return kept;
  const folder = await mkdtemp(join(tmpdir(), 'contract-pulse-types-'));
  try {
    const tarball = await packWithNpm(`electron@${REGISTRY_PIN.electronVersion}`, folder);
    const unpacked = await run('tar', ['-xzf', tarball, '-C', folder, 'package/electron.d.ts']);
    if (unpacked.code !== 0) throw new Error(`tar: ${unpacked.stderr.trim()}`);
    const from = join(folder, 'package/electron.d.ts');
    const text = await readFile(from, 'utf8');
    if (hashOf(text) !== TYPES_SHA256)
      throw new Error(
        `electron@${REGISTRY_PIN.electronVersion} holds other types than those that were looked at`,
      );
    await mkdir(FOLDER, { recursive: true });
    const beside = `${TYPES}.${process.pid}`;
    await writeFile(beside, text);
    await rename(beside, TYPES);
    return text;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkTypes(): Promise<boolean> {
  const to = (path: string): string => relative(FOLDER, join(ROOT, path));
  const project = join(FOLDER, 'tsconfig.json');
  const config = {
    extends: to('electron/tsconfig.json'),
    compilerOptions: { noEmit: true, incremental: false, paths: { electron: ['./electron.d.ts'] } },
    include: [to('electron/shell/*.ts'), to('electron/*.ts')],
  };
  await writeFile(project, JSON.stringify(config));
  const checked = await run(process.execPath, [binPath('typescript/bin/tsc'), '-p', project], { cwd: ROOT });
  if (checked.code !== 0) console.log(checked.stdout.trim());
  return checked.code === 0;
}

/** What uses Electron: the shell, and the two files that are started by it. */
async function productText(): Promise<string> {
  const shell = (await readdir(join(ROOT, 'electron/shell'))).map((name) => `electron/shell/${name}`);
  const files = ['electron/main.ts', 'electron/preload.ts', ...shell].filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const texts = await Promise.all(files.map((name) => readFile(join(ROOT, name), 'utf8')));
  return texts.filter((text) => text.includes("from 'electron'")).join('\n');
}

async function check(): Promise<number> {
  const oldest = await tryAgain('the types of the oldest Electron', fetchTypes, { log: console.log });
  const pinned = await readFile(join(ROOT, 'node_modules/electron/electron.d.ts'), 'utf8');
  const fits = await checkTypes();
  const uses = findUses(await productText());
  const known = ELECTRON_DIFFERENCES.map(({ api }) => api).join('\n');
  const unknown = differing(uses, readDeclarations(oldest), readDeclarations(pinned)).filter(
    ({ api }) => !known.includes(api),
  );
  for (const { api } of unknown)
    console.log(
      `${api} is declared differently in Electron ${REGISTRY_PIN.electronVersion} and in the pinned one: say in scripts/electron-differences.ts how both are handled.`,
    );
  console.log(`${uses.length} uses of Electron looked at`);
  return fits && unknown.length === 0 && uses.length > 50 ? 0 : 1;
}

process.exitCode = await check();
