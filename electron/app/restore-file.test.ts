import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** A process that is killed after so many changes of the folder: nothing that comes later happens. */
const life = vi.hoisted(() => ({
  left: Infinity,
  spend(): void {
    if (life.left <= 0) throw new Error('killed');
    life.left -= 1;
  },
}));
vi.mock('../ports/replace-file.ts', async (original) => {
  const files = await original<typeof import('../ports/replace-file.ts')>();
  return {
    ...files,
    renameFile: async (...args: Parameters<typeof files.renameFile>) => {
      life.spend();
      return files.renameFile(...args);
    },
    removeFile: async (...args: Parameters<typeof files.removeFile>) => {
      life.spend();
      return files.removeFile(...args);
    },
  };
});
const { copyOf, recoverRestore, replacedOf, swapLedger } = await import('./restore-file.ts');

let folder = '';
let path = '';
beforeEach(async () => {
  life.left = Infinity;
  folder = await mkdtemp(join(tmpdir(), 'contract-pulse-restore-'));
  path = join(folder, 'ledger.sqlite');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function make(): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name));
  await writeFile(path, 'present');
  // As a full disk leaves it: the end could not take it in.
  await writeFile(`${path}-wal`, 'journal');
  await writeFile(copyOf(path), 'backup');
  await writeFile(replacedOf(path), 'of the restore before');
  await writeFile(`${replacedOf(path)}-wal`, 'and its journal');
}

const content = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(folder)).map(async (name) => [
        name.replace('ledger.sqlite', ''),
        await readFile(join(folder, name), 'utf8'),
      ]),
    ),
  );
const RESTORED = { '': 'backup', '.before-restore': 'present', '.before-restore-wal': 'journal' };
const AS_BEFORE = {
  '': 'present',
  '-wal': 'journal',
  '.before-restore': 'of the restore before',
  '.before-restore-wal': 'and its journal',
};

/** As SQLite leaves it. */
async function open(commit: () => Promise<void>): Promise<string> {
  await writeFile(`${path}-wal`, 'of the backup');
  const found = await readFile(path, 'utf8');
  await rm(`${path}-wal`);
  await commit();
  return found;
}

async function fail(): Promise<string> {
  await writeFile(`${path}-wal`, 'of the backup');
  throw new Error('no ledger');
}

test('the copy takes the place, and what was there is kept until the next time', async () => {
  await make();
  expect(await swapLedger(path, open)).toBe('backup');
  expect(await content()).toEqual(RESTORED);
  await recoverRestore(path);
  expect(await content()).toEqual(RESTORED);
});

test('what cannot be opened goes, and everything is as it was', async () => {
  await make();
  await expect(swapLedger(path, fail)).rejects.toThrow('no ledger');
  expect(await content()).toEqual(AS_BEFORE);
});

test('without a copy nothing is touched', async () => {
  await make();
  await rm(copyOf(path));
  await expect(swapLedger(path, open)).rejects.toThrow('ENOENT');
  expect(await content()).toEqual(AS_BEFORE);
});

test.each([
  ['', open],
  [', the backup being no ledger', fail],
])('killed at any point%s: the next start has one of both, whole', async (_, use) => {
  const seen = new Set<string>();
  let died = true;
  for (let steps = 0; died; steps++) {
    expect(steps).toBeLessThan(60);
    await make();
    life.left = steps;
    await swapLedger(path, use).catch(() => undefined);
    died = life.left === 0;
    // The next start, which is killed as well, and those after it.
    for (let again = 0; again < 20; again++) {
      life.left = again;
      await recoverRestore(path).catch(() => undefined);
    }
    const found = await content();
    seen.add(found[''] ?? 'nothing');
    if (found[''] === 'backup') expect(found).toEqual(RESTORED);
    else expect(found).toMatchObject({ '': 'present', '-wal': 'journal' });
    expect(Object.keys(found).filter((name) => /replacing|restoring/.test(name))).toEqual([]);
  }
  expect(seen).toEqual(new Set(use === open ? ['present', 'backup'] : ['present']));
});
