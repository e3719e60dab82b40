import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { StatusChanged } from '../../protocol/event.ts';
import { startServer } from '../../server-mock/index.ts';
import { startSoakChild } from './soak-child.ts';
import { createTruth, keyOfPublished, keyOfStored } from './soak-truth.ts';
import { setFaults } from './soak-faults.ts';
import { checkIntegrity, countHealed, readStored } from './stored.ts';

const USAGE = `npm run soak -- [--minutes N] [--rate EVENTS_A_SECOND] [--contracts N]
Runs the app's core against the mock server with changing faults for N minutes (default 20), at most 500 events a
second (default 20), with at most 400 contracts (default 200). Exit code 1 when anything was lost, doubled or not shown,
or when anything that was said of connection and completeness was not true.`;

const USER = 'u42';
const SPELL_MS = 4_000;
const SETTLE_MS = 90_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readNumber(text: string | undefined, name: string, most: number, standard: number): number {
  const value = text === undefined ? standard : Number(text);
  if (value > 0 && value <= most) return value;
  process.stderr.write(`--${name} must be a number above 0, at most ${most}\n${USAGE}\n`);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    rate: { type: 'string' },
    contracts: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help === true) {
  say(USAGE);
  process.exit(0);
}
const endMs = readNumber(values.minutes, 'minutes', 24 * 60, 20) * 60_000;
const rate = readNumber(values.rate, 'rate', 500, 20);
const contracts = readNumber(values.contracts, 'contracts', 400, 200);

const server = await startServer({
  contracts,
  backlog: contracts,
  heartbeatMs: 500,
  retryMs: 100,
  accessTokenTtlS: 30,
  maxFailedLogins: 1000,
});
const { control } = server;
const before = control.published(USER).length;
const folder = await mkdtemp(join(tmpdir(), 'pulse-soak-'));
const ledger = join(folder, 'ledger.sqlite');
const truth = createTruth({ control, userId: USER, before, ledger });
const app = startSoakChild(folder, server.url, truth.hear);
// What is published before the first look is not the app's to have one by one.
while (app.last()?.phase !== 'live' && !app.isGone()) await pause(50);
const started = performance.now();
const elapsed = (): number => performance.now() - started;

async function publishFor(ms: number): Promise<void> {
  const until = Math.min(endMs, elapsed() + ms);
  for (let owed = 0; elapsed() < until && !app.isGone(); owed += rate / 10) {
    if (owed >= 1) control.advance(Math.floor(owed), USER);
    owed %= 1;
    await pause(100);
  }
}

function published(): readonly StatusChanged[] {
  return control.published(USER).slice(before);
}

function isSettled(): boolean {
  const last = app.last();
  return last?.verdict === 'complete' && last.upToId === control.head(USER);
}

function progress(): string {
  const last = app.last();
  const mb = Math.round((last?.rssBytes ?? 0) / 1e6);
  const seconds = Math.round(elapsed() / 1000);
  return `${seconds} s: published=${published().length} phase=${last?.phase} receipt=${last?.verdict} lies=${truth.lies().length} rss_mb=${mb}`;
}

let rssStart = 0;
for (let round = 0; elapsed() < endMs && !app.isGone(); round += 1) {
  await setFaults({ control, app, userId: USER, onReuse: truth.noteUnseen }, round);
  await publishFor(SPELL_MS);
  await truth.look();
  // The first minute warms up caches and the just-in-time compiler; growth is measured from there.
  if (rssStart === 0 && elapsed() > Math.min(60_000, endMs / 4)) rssStart = app.last()?.rssBytes ?? 0;
  if (round % 15 === 14) say(progress());
}
control.setFaults([]);
app.setClock(0);
const deadline = performance.now() + SETTLE_MS;
while (!isSettled() && performance.now() < deadline && !app.isGone()) await pause(200);
if (!isSettled()) say(`not settled within ${SETTLE_MS / 1000} s; ${progress()} up to ${app.last()?.upToId}`);
// The receipt may be a frame ahead of the view, and reports come once a second.
await pause(2_500);

const rssEnd = app.last()?.rssBytes ?? 0;
await app.end();
const last = app.last();
const expected = published().map(keyOfPublished);
const beforeKeys = new Set(control.published(USER).slice(0, before).map(keyOfPublished));
// Ids come again in this weather; a contract has each version once.
const stored = readStored(ledger, USER)
  .map(keyOfStored)
  .filter((key) => !beforeKeys.has(key));
const storedKeys = new Set(stored);
const lost = expected.filter((key) => !storedKeys.has(key)).length;
const doubled = stored.length - storedKeys.size;
/** For each contract the version it had before the soak; one that had no change is not counted. */
const baseVersions = new Map<string, number>();
for (const { data } of published()) {
  const { id, version } = data.contract;
  if (!baseVersions.has(id)) baseVersions.set(id, version - 1);
}
/** Changes which the window's rows have come to. */
const shown = [...baseVersions].reduce(
  (sum, [contractId, base]) => sum + (last?.versions[contractId] ?? base) - base,
  0,
);
const inOrder = truth.isInOrder(expected, stored);
const lies = truth.lies();
const integrity = checkIntegrity(ledger);
const healed = countHealed(ledger);
await server.close();
if (process.env['INTEGRATION_KEEP'] === undefined) await rm(folder, { recursive: true, force: true });

for (const lie of lies.slice(0, 10)) say(`not true: ${lie}`);
if (!inOrder) say('the order differs from what was published');
if (integrity !== 'ok') say(`integrity_check: ${integrity}`);
say(
  `published=${expected.length} stored=${stored.length} shown=${shown} lost=${lost} doubled=${doubled} lies=${lies.length} ` +
    `holes_healed=${healed} reconnects=${Math.max(0, (last?.opens ?? 0) - 1)} ` +
    `rss_start_mb=${Math.round(rssStart / 1e6)} rss_end_mb=${Math.round(rssEnd / 1e6)}`,
);
const good =
  lost === 0 &&
  doubled === 0 &&
  lies.length === 0 &&
  inOrder &&
  integrity === 'ok' &&
  shown === expected.length &&
  isSettled();
process.exit(good ? 0 : 1);
