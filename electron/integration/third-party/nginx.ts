import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasEnded, onLine, spawnLeashed } from '../../../scripts/processes.ts';
import { until } from '../harness.ts';
import { answers, findProgram, pickPort } from './programs.ts';

export interface NginxOptions {
  /** Where the default location passes everything on, e.g. `http://127.0.0.1:4000`. */
  readonly upstream: string;
  /** Directives added to the default location. */
  readonly location?: string;
  /** Directives and locations added to the server. */
  readonly server?: string;
  /** Directives added outside `http`, e.g. `load_module`. */
  readonly main?: string;
  /** Default a free one. */
  readonly port?: number;
  /** HTTPS, HTTP/2 offered. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** What a location needs so that nginx passes each event on at once. */
export const STREAMED = `
      proxy_http_version 1.1;
      proxy_set_header Connection '';
      proxy_buffering off;`;

/**
 * nginx as it is without a word about streams, before a server that does not ask for its own (`X-Accel-Buffering: no`, which
 * server-mock sends): bytes are held until a buffer of 4 KiB is full.
 */
export const BUFFERED = 'proxy_ignore_headers X-Accel-Buffering;';

/** An nginx of our own: its configuration, prefix and files in a temporary folder, on a free port of the loopback. */
export interface Nginx {
  readonly url: string;
  /** What it said on standard error. */
  readonly lines: readonly string[];
  /** Every request it has answered, e.g. `GET /api/contracts 404`. */
  requests(): Promise<readonly string[]>;
  /** New configuration with the old processes' connections cut, as at a deploy. */
  reload(options: Partial<NginxOptions>): Promise<void>;
  stop(): Promise<void>;
}

export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const program = await findProgram('nginx', 'nginx');
  const folder = await mkdtemp(join(tmpdir(), 'pulse-nginx-'));
  const config = join(folder, 'nginx.conf');
  const port = options.port ?? (await pickPort());
  let current = options;

  async function write(): Promise<void> {
    if (current.tls) {
      await writeFile(join(folder, 'cert.pem'), current.tls.cert);
      await writeFile(join(folder, 'key.pem'), current.tls.key, { mode: 0o600 });
    }
    await writeFile(config, configuration(folder, port, current));
  }

  await write();
  const lines: string[] = [];
  const nginx = spawnLeashed(program, ['-p', folder, '-c', config, '-e', 'stderr'], {
    stdio: ['ignore', 'pipe'],
  });
  if (nginx.child.stderr) onLine(nginx.child.stderr, (line) => lines.push(line));
  const told = (): string => `nginx to listen on ${port}; it said: ${lines.slice(-5).join(' | ')}`;
  try {
    await until(() => hasEnded(nginx.child) || answers(port), told, 20_000);
    if (hasEnded(nginx.child)) throw new Error(`nginx ended at once: ${lines.join(' | ')}`);
  } catch (error) {
    await nginx.stop();
    throw error;
  }

  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    lines,
    async requests() {
      const log = await readFile(join(folder, 'access.log'), 'utf8').catch(() => '');
      return log.split('\n').filter((line) => line !== '');
    },
    async reload(next) {
      current = { ...current, ...next };
      await write();
      const before = lines.length;
      process.kill(Number(await readFile(join(folder, 'nginx.pid'), 'utf8')), 'SIGHUP');
      // Its workers are told one after the other; the first of the old ones to go means that new ones are there.
      await until(
        () => lines.slice(before).some((line) => /exited with code|\[emerg\]/.test(line)),
        () => `nginx to take its new configuration; it said: ${lines.slice(before).join(' | ')}`,
        20_000,
      );
      const refused = lines.slice(before).find((line) => line.includes('[emerg]'));
      if (refused !== undefined) throw new Error(refused);
    },
    async stop() {
      await nginx.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number, options: NginxOptions): string {
  const { upstream, location = '', server = '', main = '', tls } = options;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join('\n  ');
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
${main}
daemon off;
worker_processes 1;
worker_shutdown_timeout 50ms;
pid ${join(folder, 'nginx.pid')};
error_log stderr notice;
events { worker_connections 512; }
http {
  log_format short '$request_method $uri $status';
  access_log ${join(folder, 'access.log')} short;
  ${temporary}
  server {
    listen 127.0.0.1:${port}${tls ? ' ssl http2' : ''};
    ${tls ? `ssl_certificate ${join(folder, 'cert.pem')}; ssl_certificate_key ${join(folder, 'key.pem')};` : ''}
    ${server}
    location / {
      proxy_pass ${upstream};
      proxy_set_header Host $http_host;
      ${location}
    }
  }
}
`;
}
