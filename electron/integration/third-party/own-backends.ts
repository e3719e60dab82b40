import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasEnded, onLine, spawnLeashed } from '../../../scripts/processes.ts';
import { until } from '../harness.ts';
import { answers, findProgram, pickPort } from './programs.ts';

/** The examples of docs/your-own-backend.md. */
export const OWN_BACKENDS = ['node', 'php', 'dotnet'] as const;
export type OwnBackend = (typeof OWN_BACKENDS)[number];

const FOLDER = fileURLToPath(new URL('../../../backends/', import.meta.url));
export const KEY = 'key-of-the-example';

export interface Running {
  readonly url: string;
  /** Appends the next changes to its log: of three contracts in turn. */
  change(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Null where this machine has not what it runs on. */
export async function findRuntime(name: OwnBackend): Promise<string | null> {
  if (name === 'node') return process.execPath;
  return findProgram(name, name).catch(() => null);
}

export async function startOwnBackend(name: OwnBackend, program: string): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'pulse-backend-'));
  const port = await pickPort();
  const log = join(folder, 'changes.ndjson');
  const args: Record<OwnBackend, readonly string[]> = {
    node: [join(FOLDER, 'node/server.mjs')],
    php: ['-S', `127.0.0.1:${port}`, join(FOLDER, 'php/server.php')],
    dotnet: ['run', join(FOLDER, 'dotnet/server.cs')],
  };
  const env = { ...process.env, KEY, LOG: log, PORT: `${port}`, PHP_CLI_SERVER_WORKERS: '6' };
  const running = spawnLeashed(program, args[name], { env, reach: 'group', stdio: ['ignore', 'pipe'] });
  const lines: string[] = [];
  if (running.child.stdout) onLine(running.child.stdout, (line) => lines.push(line));
  await until(
    async () => hasEnded(running.child) || (await answers(port)),
    () => `${name} to listen; it said: ${lines.slice(-5).join(' | ')}`,
    240_000,
  );
  if (hasEnded(running.child)) throw new Error(`${name} ended at once: ${lines.join(' | ')}`);
  let written = 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async change(count) {
      for (let n = 0; n < count; n += 1, written += 1) {
        const version = 1 + Math.floor(written / 3);
        const change = {
          contractId: `C-${written % 3}`,
          title: 'Поставка',
          version,
          from: version % 2 === 0 ? 'viewed' : 'sent',
          to: version % 2 === 0 ? 'sent' : 'viewed',
          by: 'Anna',
          time: '2026-01-05T08:00:00Z',
        };
        await appendFile(log, `${JSON.stringify(change)}\n`);
      }
    },
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
