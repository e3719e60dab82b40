import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasEnded, onLine, spawnLeashed } from '../../../scripts/processes.ts';
import type { Leashed } from '../../../scripts/processes.ts';
import { until } from '../harness.ts';
import { answers, findProgram, pickPort } from './programs.ts';

/** A squid of our own in front of one server; `login=PASSTHRU` leaves the credentials in the requests it passes on. */
export interface Squid {
  readonly url: string;
  /** Ends and begins anew on the same port; every connection is cut. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSquid(upstreamPort: number): Promise<Squid> {
  const program = await findProgram('squid', 'squid');
  const folder = await mkdtemp(join(tmpdir(), 'pulse-squid-'));
  // Started by root it goes on as a user of its own, who has to write here.
  await chmod(folder, 0o777);
  const port = await pickPort();
  const config = join(folder, 'squid.conf');
  await writeFile(
    config,
    `
http_port 127.0.0.1:${port} accel defaultsite=127.0.0.1
cache_peer 127.0.0.1 parent ${upstreamPort} 0 no-query originserver login=PASSTHRU
never_direct allow all
http_access allow all
cache deny all
icp_port 0
pinger_enable off
visible_hostname proof
shutdown_lifetime 0 seconds
pid_filename ${join(folder, 'squid.pid')}
cache_log ${join(folder, 'cache.log')}
access_log none
cache_store_log none
netdb_filename none
coredump_dir ${folder}
`,
  );
  const lines: string[] = [];

  async function begin(): Promise<Leashed> {
    const squid = spawnLeashed(program, ['-N', '-f', config], { cwd: folder, stdio: ['ignore', 'pipe'] });
    if (squid.child.stderr) onLine(squid.child.stderr, (line) => lines.push(line));
    await until(
      async () => hasEnded(squid.child) || (await answers(port)),
      () => `squid to listen; it said: ${lines.slice(-5).join(' | ')}`,
    );
    if (hasEnded(squid.child)) throw new Error(`squid ended at once: ${lines.join(' | ')}`);
    return squid;
  }

  let squid = await begin();
  return {
    url: `http://127.0.0.1:${port}`,
    async restart() {
      await squid.stop();
      squid = await begin();
    },
    async stop() {
      await squid.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
