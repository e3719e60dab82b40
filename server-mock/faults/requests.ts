import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { PROBLEM_TYPE, problemBody } from '../http/problem.ts';
import type { Faults } from './state.ts';

/**
 * The faults that answer in place of the server: status, redirect; and the one that makes every answer late. With the
 * control interface on, `refuse` waits for the request, as nobody could end the fault otherwise.
 */
export function addRequestFaults(
  app: FastifyInstance,
  faults: Faults,
  { controlPath, refusesByRequest }: { readonly controlPath: string; readonly refusesByRequest: boolean },
): void {
  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (faults.list().length === 0 || path === controlPath || request.method === 'OPTIONS') return;
    if (refusesByRequest && faults.refuses()) {
      reply.hijack();
      request.raw.socket.destroy();
      return;
    }
    const delayMs = faults.delayMs();
    // Unreferenced: a late answer must not keep a closed server's process alive.
    if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
    const redirect = faults.take('redirect', path);
    if (redirect) {
      await reply
        .code(redirect.status ?? 307)
        .header('location', redirect.to)
        .send();
      return;
    }
    const status = faults.take('status', path);
    if (!status) return;
    if (status.retryAfter !== undefined) reply.header('retry-after', status.retryAfter);
    reply.code(status.status);
    if (status.status === 204) await reply.send();
    else
      await reply
        .type(PROBLEM_TYPE)
        .send(problemBody(status.status, 'Fault', `The mock server was told to answer ${status.status}.`));
  });
}
