import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from './build.ts';
import { onLine, spawnLeashed, waitForEnd } from './processes.ts';

/** How long the app may take from the command to its first received events, in milliseconds. */
const DEADLINE_MS = 300_000;
/** How long the last helper process may take to vanish after the command has ended, in milliseconds. */
const VANISH_MS = 30_000;
/** What `npm start -- --demo` says on its way; window and sign-in race each other. */
const STEPS: readonly RegExp[] = [
  /^Demo server: http:\/\/127\.0\.0\.1:\d+$/,
  /^contract-pulse: window shown/,
  /^contract-pulse: signed in as /,
  /^contract-pulse: live/,
  /^contract-pulse: .*events? received/,
];

/** The processes that were started with this mark in their environment: command lines by id. Empty where there is no /proc. */
export async function findMarked(mark: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found: string[] = [];
  for (const id of ids) {
    const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
    if (!environment.includes(mark)) continue;
    const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (command !== '') found.push(`${id} ${command.replaceAll('\0', ' ').trim()}`);
  }
  return found;
}

/** Waits until none of the marked processes is left; answers those that stay. */
async function waitUntilGone(mark: string): Promise<readonly string[]> {
  const deadline = Date.now() + VANISH_MS;
  for (;;) {
    const left = await findMarked(mark);
    if (left.length === 0 || Date.now() > deadline) return left;
    await wait(50);
  }
}

/**
 * Uses `npm start -- --demo` as a developer does: the window comes up, a demo user is signed in, events arrive, and SIGTERM ends all of
 * it. Needs a build, an Electron and its libraries.
 * @throws Error with what was said when a step does not come, the exit code is not 143, or a process stays behind
 */
export async function smokeStart(log: (line: string) => void): Promise<void> {
  const mark = `CONTRACT_PULSE_MARK=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  const command = spawnLeashed(
    process.execPath,
    ['scripts/start.ts', '--demo', '--no-build', '--rate', '5'],
    {
      cwd: ROOT,
      env: { ...process.env, [name]: value },
      graceMs: 60_000,
    },
  );
  const said: string[] = [];
  const awaited = new Set(STEPS);
  const reached = new Promise<void>((resolve) => {
    const take = (line: string): void => {
      said.push(line);
      log(`  ${line}`);
      for (const step of awaited) if (step.test(line)) awaited.delete(step);
      if (awaited.size === 0) resolve();
    };
    for (const stream of [command.child.stdout, command.child.stderr])
      if (stream !== null) onLine(stream, take);
  });
  const ended = waitForEnd(command.child);
  const first = await Promise.race([reached, ended, wait(DEADLINE_MS, 'late' as const, { ref: false })]);
  await command.stop();
  const { code } = await ended;
  const left = await waitUntilGone(mark);
  if (first !== undefined) {
    const why =
      first === 'late'
        ? `it did not come within ${DEADLINE_MS / 1000} s`
        : `the command ended with code ${first.code}`;
    throw new Error(
      `npm start: waited for ${[...awaited].map((step) => step.source).join(' and ')}, but ${why}.\n${said.slice(-20).join('\n')}`,
    );
  }
  if (code !== 143) throw new Error(`npm start: SIGTERM gave exit code ${code} instead of 143.`);
  if (left.length > 0) throw new Error(`npm start left processes behind:\n${left.join('\n')}`);
}
