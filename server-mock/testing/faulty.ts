import type { Fault } from '../faults/types.ts';
import type { ServerOptions } from '../types.ts';
import { bearer, headOf, openStream, send, signIn } from './client.ts';
import type { OpenStream } from './client.ts';
import { startForTest } from './server.ts';

/** Faults are set after the sign-in, as most would hit that too. */
export async function prepareFaulty(faults: readonly Fault[], options: Partial<ServerOptions> = {}) {
  const lines: string[] = [];
  const server = await startForTest({ heartbeatMs: 100, ...options, onLine: (line) => lines.push(line) });
  const headers = bearer(await signIn(server));
  server.control.setFaults(faults);
  const publish = (count: number) =>
    Array.from({ length: count }, () => server.control.publish('u42', { title: 'Договор' }).id);
  return {
    server,
    headers,
    lines,
    publish,
    open: (more: Record<string, string> = {}) => openStream(server, { ...headers, ...more }),
    async poll(query: string) {
      const answer = await send(server, `/api/events?${query}`, {
        headers: { ...headers, accept: 'application/json' },
      });
      return answer.json<{ events: { id?: string }[]; head: string | null }>();
    },
  };
}

export const hasHead = (id: string | undefined) => (stream: OpenStream) => headOf(stream) === id;
