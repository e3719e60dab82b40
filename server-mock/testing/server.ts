import { afterEach } from 'vitest';
import { startServer } from '../index.ts';
import type { MockServer, ServerOptions } from '../types.ts';

const running: MockServer[] = [];

/** A server that is closed after the test. */
export async function startForTest(options: Partial<ServerOptions> = {}): Promise<MockServer> {
  const server = await startServer({ heartbeatMs: 200, ...options });
  running.push(server);
  return server;
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
