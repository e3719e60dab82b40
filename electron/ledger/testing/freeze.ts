import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { latestVersion } from '../storage/migrations.ts';
import { openTestCore } from './fixture.ts';
import { liveIn } from './lived-in.ts';

/** Writes the lived-in ledger of the present version to files/ledger-VERSION.db.gz, once. */
const target = fileURLToPath(new URL(`./files/ledger-${latestVersion()}.db.gz`, import.meta.url));
if (existsSync(target))
  throw new Error(`${target} is there already: a file of a landed version is never made anew`);
const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
try {
  const path = join(folder, 'ledger.db');
  const core = openTestCore(path);
  await liveIn(core);
  core.close();
  writeFileSync(target, gzipSync(readFileSync(path), { level: 9 }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
