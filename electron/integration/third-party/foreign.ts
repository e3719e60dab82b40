import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasEnded, onLine, spawnLeashed } from '../../../scripts/processes.ts';
import type { Leashed } from '../../../scripts/processes.ts';
import { STATUS_CHANGED_TYPE } from '../../../protocol/event.ts';
import { until } from '../harness.ts';
import { startNginx } from './nginx.ts';
import { answers, findProgram, pickPort } from './programs.ts';

export const SERVERS = ['better-sse', '@fastify/sse', 'php', 'nchan'] as const;
export type ServerName = (typeof SERVERS)[number];

/** One change as the proof knows it, whatever id the server gives it. */
export interface Change {
  readonly contractId: string;
  readonly version: number;
}

/** A server that nobody here wrote, with signing in, its own ids, and neither heads nor snapshot nor history. */
export interface ForeignServer {
  readonly url: string;
  /** Everything ever published, in order, over all its lives. */
  readonly published: readonly Change[];
  publish(count: number): Promise<void>;
  /** Somebody follows the stream. */
  followed(): Promise<boolean>;
  /** As at a deploy: the process ends and begins anew on the same port; what it kept in memory is gone. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const SERVERS_FOLDER = fileURLToPath(new URL('servers/', import.meta.url));
const CONTRACTS = 4;
const NCHAN = `
    location ~ ^/api/(login|refresh)$ {
      default_type application/json;
      return 200 '{"accessToken":"access","refreshToken":"refresh","expiresIn":3600,"user":{"id":"u42","name":"Anna","locale":"en"}}';
    }
    location = /api/events {
      nchan_subscriber eventsource;
      nchan_channel_id u42;
      nchan_eventsource_ping_interval 1;
    }
    location = /publish {
      nchan_publisher;
      nchan_channel_id u42;
      nchan_message_buffer_length 1000;
      nchan_message_timeout 1h;
    }`;

export async function startForeign(name: ServerName): Promise<ForeignServer> {
  const started = name === 'nchan' ? await startNchan() : await startProgram(name);
  const published: Change[] = [];
  const { url } = started;

  return {
    ...started,
    published,
    async publish(count) {
      for (let n = 0; n < count; n += 1) {
        const number = published.length;
        const change = { contractId: `K-${number % CONTRACTS}`, version: 1 + Math.floor(number / CONTRACTS) };
        published.push(change);
        const answer = await fetch(`${url}/publish`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-eventsource-event': 'u42_ContractStatusChanged' },
          body: JSON.stringify(envelope(change, `own-${number}`)),
        });
        if (!answer.ok) throw new Error(`${name} refused to publish: ${answer.status}`);
      }
    },
    async followed() {
      const answer = await fetch(`${url}${name === 'nchan' ? '/publish' : '/subscribers'}`, {
        headers: { accept: 'application/json' },
      });
      if (!answer.ok) return false;
      const body: unknown = await answer.json();
      return (typeof body === 'number' ? body : (body as { subscribers: number }).subscribers) > 0;
    },
  };
}

function envelope({ contractId, version }: Change, id: string): object {
  return {
    specversion: '1.0',
    id,
    source: '/streams/u42',
    type: STATUS_CHANGED_TYPE,
    subject: `contract/${contractId}`,
    time: new Date().toISOString(),
    data: {
      contract: { id: contractId, title: `Поставка ${contractId}`, version },
      change: {
        from: 'sent',
        to: version % 2 === 0 ? 'viewed' : 'sent',
        actor: { id: 'a1', name: 'Анна П.' },
      },
      severity: 'info',
      actionRequired: false,
    },
  };
}

type Started = Pick<ForeignServer, 'url' | 'restart' | 'stop'>;

/** Its ids are `time:tag`, of its own making, and no envelope's. */
async function startNchan(): Promise<Started> {
  const options = {
    main: 'load_module /usr/lib/nginx/modules/ngx_nchan_module.so;',
    server: NCHAN,
    location: 'return 404;',
    upstream: 'http://127.0.0.1:1',
  };
  let nginx = await startNginx(options);
  return {
    url: nginx.url,
    async restart() {
      await nginx.stop();
      nginx = await startNginx({ ...options, port: Number(new URL(nginx.url).port) });
    },
    stop: () => nginx.stop(),
  };
}

async function startProgram(name: Exclude<ServerName, 'nchan'>): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'pulse-foreign-'));
  const port = await pickPort();
  const [command, ...args] =
    name === 'php'
      ? [await findProgram('php', 'php-cli'), '-S', `127.0.0.1:${port}`, join(SERVERS_FOLDER, 'stream.php')]
      : [
          process.execPath,
          join(SERVERS_FOLDER, name === 'better-sse' ? 'better-sse.mjs' : 'fastify-sse.mjs'),
          `${port}`,
        ];
  const lines: string[] = [];

  async function begin(): Promise<Leashed> {
    // PHP's own server answers one request at a time unless told otherwise: a stream would be all there is.
    const env = { ...process.env, KEPT: join(folder, 'kept'), PHP_CLI_SERVER_WORKERS: '6' };
    const program = spawnLeashed(command as string, args, { env, reach: 'group', stdio: ['ignore', 'pipe'] });
    if (program.child.stderr) onLine(program.child.stderr, (line) => lines.push(line));
    await until(
      async () => hasEnded(program.child) || (await answers(port)),
      () => `${name} to listen; it said: ${lines.slice(-5).join(' | ')}`,
    );
    if (hasEnded(program.child)) throw new Error(`${name} ended at once: ${lines.join(' | ')}`);
    return program;
  }

  let program = await begin();
  return {
    url: `http://127.0.0.1:${port}`,
    async restart() {
      await program.stop();
      program = await begin();
    },
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
