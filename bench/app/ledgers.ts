import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '../../electron/ledger/storage/sqlite.ts';
import { latestVersion } from '../../electron/ledger/storage/migrations.ts';
import { startChild } from '../harness/child.ts';
import { ANNA, type FillRequest } from './protocol.ts';
import type { BenchServer } from './server.ts';

/** How much a ledger holds: contracts known at the baseline, changes since. */
export interface Amount {
  readonly contracts: number;
  readonly events: number;
}

/** A server with a history, and the ledger of a client that has all of it. */
export interface Filled {
  readonly url: string;
  /** Puts a copy of the ledger into a profile's folder. */
  install(profile: string): Promise<void>;
}

const CACHE = join(tmpdir(), 'contract-pulse-bench');
/** Changes before the baseline: a log that is empty then is another story. */
const BACKLOG = 100;
/** Events of one catch-up: something to be seen on the way to a million. */
const STEP = 250_000;

/** Files are good for one schema and one simulator: the server has to know what the ledger has stored. */
async function cacheKey({ contracts, events }: Amount): Promise<string> {
  const hash = createHash('sha256');
  const server = fileURLToPath(new URL('../../server-mock', import.meta.url));
  const names = (await readdir(join(server, 'simulator'))).toSorted().map((name) => join('simulator', name));
  for (const name of [...names, 'world.ts', 'log.ts', 'random.ts'])
    hash.update(await readFile(join(server, name)));
  const ledger = fileURLToPath(new URL('../../electron/ledger', import.meta.url));
  for (const name of (await readdir(ledger)).toSorted()) {
    if (/^(?:schema|migration).*(?<!\.test)\.ts$/.test(name)) hash.update(await readFile(join(ledger, name)));
  }
  return `v${latestVersion()}-${contracts}-${events}-${hash.digest('hex').slice(0, 12)}`;
}

export async function fill(request: FillRequest): Promise<void> {
  const child = startChild(new URL('fill-process.ts', import.meta.url));
  try {
    await child.ask(request);
  } finally {
    await child.close();
  }
}

/** Sign-in, baseline, catch-up, maintenance, on the files in `folder`; the id of the last event. */
async function makeLedger(
  server: BenchServer,
  url: string,
  folder: string,
  { events }: Amount,
  log: (line: string) => void,
): Promise<string> {
  await fill({ kind: 'follow', folder, server: url, head: null });
  let head = await server.head(ANNA.id);
  for (let rest = events; rest > 0; rest -= STEP) {
    head = await server.advance(ANNA.id, Math.min(rest, STEP));
    await fill({ kind: 'follow', folder, server: url, head });
    log(`${events - Math.max(0, rest - STEP)} of ${events} events made`);
  }
  await fill({ kind: 'finish', folder, server: url, head });
  return head;
}

/**
 * Starts the server with this much history and answers the ledger that goes with it: from the cache, or made by the product
 * itself (sign-in, baseline, catch-up, maintenance), which takes minutes for a million events.
 */
export async function fillLedger(
  server: BenchServer,
  amount: Amount,
  log: (line: string) => void,
): Promise<Filled> {
  await mkdir(CACHE, { recursive: true });
  const key = await cacheKey(amount);
  const file = join(CACHE, `${key}.sqlite`);
  const note = join(CACHE, `${key}.head`);
  const startedAt = performance.now();
  const took = (): string => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
  const url = await server.start({
    contracts: amount.contracts,
    backlog: BACKLOG,
    pageOrigin: '',
    alone: true,
  });
  const known = await readFile(note, 'utf8').catch(() => null);
  if (known === null) {
    const folder = await mkdtemp(join(CACHE, 'making-'));
    try {
      const head = await makeLedger(server, url, folder, amount, (line) => log(`${line}, ${took()}`));
      await rename(join(folder, 'ledger.sqlite'), file);
      await writeFile(note, head);
    } finally {
      await rm(folder, { recursive: true });
    }
    log(`made a ledger of ${amount.events} events in ${took()}: ${file}`);
  } else {
    const head = await server.advance(ANNA.id, amount.events);
    if (head !== known)
      throw new Error(`The cached ledger ends at ${known}, the server at ${head}: remove ${CACHE}.`);
    log(`${amount.events} events, the ledger from the cache, in ${took()}`);
  }
  return {
    url,
    async install(profile) {
      await mkdir(profile, { recursive: true });
      const path = join(profile, 'ledger.sqlite');
      await copyFile(file, path, constants.COPYFILE_FICLONE);
      const db = new DatabaseSync(path);
      // The server has another port each time.
      db.prepare('UPDATE account SET server = ?').run(url);
      db.close();
    },
  };
}
