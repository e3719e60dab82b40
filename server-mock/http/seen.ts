import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readCursor } from '../stream/routes.ts';
import type { SeenRequest } from '../types.ts';

/** The record of requests that tests look at. */
export interface SeenRequests {
  list(): readonly SeenRequest[];
  answered(request: FastifyRequest, status: number): void;
}

/** A cursor that is refused later must not keep the request out of the record. */
function peekCursor(request: FastifyRequest): string | null {
  try {
    return readCursor(request);
  } catch {
    return null;
  }
}

const KEPT = 100_000;

/** Records each request as it comes, with status 0 until it is answered. */
export function recordRequests(app: FastifyInstance): SeenRequests {
  let seen: SeenRequest[] = [];
  const places = new WeakMap<FastifyRequest, { -readonly [K in keyof SeenRequest]: SeenRequest[K] }>();

  app.addHook('onRequest', async (request) => {
    const entry = {
      at: Date.now(),
      method: request.method,
      path: request.url.split('?')[0] ?? '',
      lastEventId: peekCursor(request),
      authorization: request.headers.authorization !== undefined,
      status: 0,
    };
    if (seen.length >= KEPT) seen = seen.slice(KEPT / 2);
    seen.push(entry);
    places.set(request, entry);
  });
  function answered(request: FastifyRequest, status: number): void {
    const entry = places.get(request);
    if (entry) entry.status = status;
  }
  app.addHook('onResponse', async (request, reply) => answered(request, reply.statusCode));
  return { list: () => seen.map((entry) => ({ ...entry })), answered };
}
