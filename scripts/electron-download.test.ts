import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { downloadOfficial, explainFailure } from './electron-download.ts';

let folder: string;

/** Stands where Electron's install.js does: its network is not to be had in a test. */
async function putInstaller(code: string): Promise<string> {
  const electronPackage = join(folder, 'electron');
  await mkdir(electronPackage, { recursive: true });
  await writeFile(join(electronPackage, 'install.js'), code);
  return electronPackage;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contract-pulse-download-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('lets the installer work in a temporary folder of our own and removes it', async () => {
  const electronPackage = await putInstaller(`
    const { writeFileSync } = require('node:fs');
    writeFileSync(require('node:os').tmpdir() + '/part.zip', 'x');
    writeFileSync(__dirname + '/seen.txt', require('node:os').tmpdir());`);
  await downloadOfficial(electronPackage, join(folder, 'cache'));
  expect(await readFile(join(electronPackage, 'seen.txt'), 'utf8')).toContain(
    join(folder, 'cache', '.download-'),
  );
  expect(await readdir(join(folder, 'cache'))).toEqual([]);
});

it('gives the reason of a failure in one line', async () => {
  const electronPackage = await putInstaller(
    `console.error(new TypeError('fetch failed').stack); process.exit(1);`,
  );
  await expect(downloadOfficial(electronPackage, join(folder, 'cache'))).rejects.toThrow(
    'its release host cannot be reached',
  );
});

it('ends an installer that gets nothing', async () => {
  const electronPackage = await putInstaller(`setInterval(() => {}, 1000);`);
  await expect(downloadOfficial(electronPackage, join(folder, 'cache'), 300)).rejects.toThrow(
    'nothing arrived for 0.3 s',
  );
  expect(await readdir(join(folder, 'cache'))).toEqual([]);
});

it('does not end one that goes on slowly', async () => {
  const electronPackage = await putInstaller(`
    const { appendFileSync } = require('node:fs');
    let parts = 0;
    const timer = setInterval(() => {
      appendFileSync(require('node:os').tmpdir() + '/part.zip', 'xx');
      if (++parts === 12) clearInterval(timer);
    }, 300);`);
  // Much longer than a busy machine takes to start it, and shorter than all of it lasts.
  await expect(downloadOfficial(electronPackage, join(folder, 'cache'), 3_000)).resolves.toBeUndefined();
});

it('finds the telling line', () => {
  expect(explainFailure('\nError: Response code 404 (Not Found) for https://x/y\n    at z')).toBe(
    'Response code 404 (Not Found) for https://x/y',
  );
  expect(
    explainFailure("file:1\n throw error;\n\nError [ERR_MODULE_NOT_FOUND]: Cannot find package 'x'"),
  ).toBe("Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'x'");
  expect(explainFailure('')).toBe('no reason given');
});
