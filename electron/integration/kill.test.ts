import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createScenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { until } from './harness.ts';
import { checkIntegrity } from './stored.ts';

const kills = Number(process.env['INTEGRATION_KILLS'] ?? 20);
const followerPath = fileURLToPath(new URL('follower.ts', import.meta.url));

let scenario: Scenario | null = null;
let child: Follower | null = null;

afterEach(async () => {
  await child?.kill();
  await scenario?.close();
  scenario = child = null;
});

interface Follower {
  readonly lines: string[];
  kill(): Promise<void>;
}

function startFollower(folder: string, server: string): Follower {
  const app: ChildProcess = spawn(process.execPath, [followerPath, folder, server], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // What one has compiled need not be compiled by the next: half of what a start takes.
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
  const lines: string[] = [];
  const gone = once(app, 'exit');
  const read = (chunk: Buffer): void => void lines.push(...chunk.toString().split('\n').filter(Boolean));
  app.stdout?.on('data', read);
  app.stderr?.on('data', (chunk: Buffer) => lines.push(`! ${chunk.toString()}`));
  return {
    lines,
    async kill() {
      app.kill('SIGKILL');
      await gone;
    },
  };
}

/** Kills the follower again and again as `moment` says; then the app, started once more, has everything once. */
async function killAndCheck(
  server: Parameters<typeof createScenario>[0],
  moment: (scenario: Scenario, follower: Follower) => Promise<void>,
): Promise<void> {
  scenario = await createScenario(server);
  const { harness, server: mock } = scenario;
  // The rig's own core only serves the end; until then its file belongs to the processes that are killed.
  await harness.core.close();
  let signIns = 0;
  for (let round = 0; round < kills; round += 1) {
    child = startFollower(harness.folder, mock.url);
    // What is published before the first look is not ours to have one by one.
    if (round === 0) await upTo(child, 'live');
    await moment(scenario, child);
    await child.kill();
    expect(child.lines.filter((line) => line.startsWith('!') || line.startsWith('refused'))).toEqual([]);
    signIns += child.lines.filter((line) => line === 'signed_out').length;
    expect(checkIntegrity(harness.deps.ledgerPath)).toBe('ok');
  }
  // Once, at the very first start; a kill in mid-renewal never asks the user again.
  expect(signIns).toBe(1);
  await harness.restart();
  await scenario.complete();
  await scenario.proveExact();
}

function yieldToUrgent(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function upTo(follower: Follower, phase: string): Promise<void> {
  await until(
    () => follower.lines.includes(phase),
    () => `the follower ${phase}, it said: ${follower.lines.join(' ')}`,
  );
}

/** Far above what it takes, so that a round that hangs is still told by its own deadline. */
const timeout = 180_000 + kills * 30_000;

test(`killed ${kills} times while events flow: the ledger equals the server's log`, { timeout }, async () => {
  await killAndCheck({ server: { contracts: 30 } }, async ({ server, userId }, follower) => {
    const flow = setInterval(() => server.control.advance(5, userId), 10);
    try {
      await upTo(follower, 'signed_in');
      await yieldToUrgent(Math.random() * 250);
    } finally {
      clearInterval(flow);
    }
  });
});

test(`killed ${kills} times around a token refresh: never locked out`, { timeout }, async () => {
  let starts = 0;
  // Each start renews: the vault holds no access token.
  await killAndCheck({}, async ({ server, userId }, follower) => {
    const refreshes = (): number =>
      server.control.requests().filter((request) => request.path === '/api/refresh').length;
    const before = refreshes();
    server.control.advance(3, userId);
    await upTo(follower, 'signed_in');
    if (!follower.lines.includes('signed_out')) await until(() => refreshes() > before, 'a refresh');
    await yieldToUrgent(Math.random() * 15);
    // Every other time the new tokens are stored: servers forgive the use of the ones before for a minute only, and on a
    // slow machine it is over after five starts.
    starts += 1;
    if (starts % 2 === 0) await upTo(follower, 'catching_up');
  });
});
