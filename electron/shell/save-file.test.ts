import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveWhole } from './save-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulse-save-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the file is there once it is whole, with every piece in order, for this user alone', async () => {
  const path = join(folder, 'Договоры.csv');
  await saveWhole(path, async (put) => {
    await put('\uFEFFäöü,');
    expect(await readdir(folder)).not.toContain('Договоры.csv');
    await put('ёж\r\n');
  });
  expect(await readdir(folder)).toEqual(['Договоры.csv']);
  expect(await readFile(path, 'utf8')).toBe('\uFEFFäöü,ёж\r\n');
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('what fails in between leaves the older file as it was, and nothing else', async () => {
  const path = join(folder, 'old.csv');
  await writeFile(path, 'old');
  const failing = saveWhole(path, async (put) => {
    await put('half of');
    throw new Error('the ledger has ended');
  });
  await expect(failing).rejects.toThrow('the ledger has ended');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['old.csv']);
});

test('a place that cannot be written is said by its code', async () => {
  await expect(saveWhole(join(folder, 'gone', 'x.csv'), async () => {})).rejects.toMatchObject({
    failure: { code: 'fileNoFolder' },
  });
  await mkdir(join(folder, 'taken.csv'));
  await expect(saveWhole(join(folder, 'taken.csv'), async () => {})).rejects.toMatchObject({
    failure: { code: 'fileIsFolder' },
  });
  expect(await readdir(folder)).toEqual(['taken.csv']);
});
