import { X509Certificate } from 'node:crypto';
import { HELP, parseCommand } from './cli-options.ts';
import { CONTROL_HEADER, CONTROL_PATH } from './control/http.ts';
import { startServer } from './index.ts';
import type { MockServer, ServerOptions } from './types.ts';

/** `npm run mock`: the server alone, for anybody's client. Exit code 2 for a wrong command line, 1 when it cannot start. */

const MAX_USERS_SHOWN = 20;

function describe(server: MockServer): readonly string[] {
  const shown = server.users.slice(0, MAX_USERS_SHOWN);
  const more = server.users.length - shown.length;
  return [
    `server-mock listening on ${server.url}`,
    ...shown.map((user) => `demo user: ${user.username} / ${user.password} (${user.name})`),
    ...(more > 0 ? [`and ${more} more demo users`] : []),
    ...(server.certificate === null
      ? []
      : [`certificate: self-signed, sha256 ${new X509Certificate(server.certificate).fingerprint256}`]),
    ...(server.controlToken === null
      ? []
      : [`control interface: POST ${server.url}${CONTROL_PATH}, ${CONTROL_HEADER}: ${server.controlToken}`]),
  ];
}

function explain(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Choose another with --port, or --port 0 for a free one.`;
  if (code === 'EACCES')
    return `Port ${port} needs rights that this process does not have. Choose one above 1023 with --port.`;
  return error instanceof Error ? error.message : String(error);
}

async function run(options: Partial<ServerOptions>): Promise<void> {
  let server: MockServer | undefined;
  let closing = false;
  function close(): void {
    if (closing) return;
    closing = true;
    void server?.close();
  }
  // Before anything is said: whoever starts us may end us as soon as the first line is out.
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
  // Whoever reads our lines is gone (EPIPE): then so are we.
  process.stdout.on('error', close);

  try {
    server = await startServer({ ...options, onLine: (line) => console.log(line) });
  } catch (error) {
    console.error(`server-mock: ${explain(error, options.port ?? 0)}`);
    process.exitCode = 1;
    return;
  }
  if (closing) await server.close();
  else for (const line of describe(server)) console.log(line);
}

const command = parseCommand(process.argv.slice(2));
if (command.kind === 'help') console.log(HELP);
else if (command.kind === 'wrong') {
  console.error(`server-mock: ${command.message}\nSee npm run mock -- --help`);
  process.exitCode = 2;
} else await run(command.options);
