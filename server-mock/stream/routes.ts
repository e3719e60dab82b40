import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PATHS } from '../../protocol/api.ts';
import type { Credentials, Principal } from '../auth/credentials.ts';
import type { Faults } from '../faults/state.ts';
import { readParameter } from '../http/body.ts';
import { createProblem } from '../http/problem.ts';
import type { ServerOptions } from '../types.ts';
import type { World } from '../world.ts';
import { createConnection } from './connection.ts';
import type { Hub, Waiter } from './hub.ts';
import { hasNews, makePollText, sendPoll } from './poll.ts';
import type { SideMessages } from './side-messages.ts';
import { ndjsonWire, sseWire } from './wire.ts';

export interface StreamContext {
  readonly options: ServerOptions;
  readonly world: World;
  readonly credentials: Credentials;
  readonly hub: Hub;
  readonly faults: Faults;
  readonly sideMessages: SideMessages;
  readonly at: () => string;
  /** A hijacked answer is not seen by the framework's hooks: this records its status. */
  readonly onAnswered: (request: FastifyRequest, status: number) => void;
}

const MAX_WAIT_S = 60;
const MAX_CURSOR = 1000;
const TYPES = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  poll: 'application/json',
} as const;
type Transport = keyof typeof TYPES;

export function addStreamRoutes(app: FastifyInstance, context: StreamContext): void {
  app.get(PATHS.events, async (request, reply) => {
    const principal = await context.credentials.forStream(request);
    const transport = chooseTransport(request, context.options.foreign);
    const cursor = readCursor(request);
    if (transport === 'poll') return openPoll(request, reply, principal, cursor, context);
    openStream(request, reply, principal, transport, cursor, context);
    return reply;
  });
}

/** The first type of `Accept` that we have; SSE when anything goes. */
function chooseTransport(request: FastifyRequest, foreign: boolean): Transport {
  const wishes = (request.headers.accept ?? '*/*').split(',').map((wish) => wish.split(';')[0]?.trim());
  for (const wish of wishes) {
    if (wish === TYPES.sse) return 'sse';
    if (wish === TYPES.ndjson && !foreign) return 'ndjson';
    if (wish === TYPES.poll && !foreign) return 'poll';
  }
  if (wishes.some((wish) => wish === '*/*' || wish === 'text/*')) return 'sse';
  const offered = foreign ? TYPES.sse : Object.values(TYPES).join(', ');
  throw createProblem(406, 'Not acceptable', `Here are: ${offered}.`);
}

/** `Last-Event-ID` as UTF-8 (Node gives header bytes as Latin-1), or `after` where headers cannot be set. */
export function readCursor(request: FastifyRequest): string | null {
  const header = request.headers['last-event-id'];
  if (typeof header === 'string' && header !== '') {
    const cursor = Buffer.from(header, 'latin1').toString('utf8');
    if (cursor.length > MAX_CURSOR)
      throw createProblem(400, 'Bad request', `Last-Event-ID is longer than ${MAX_CURSOR} characters.`);
    return cursor;
  }
  const after = readParameter(request.query, 'after', MAX_CURSOR);
  return after === undefined || after === '' ? null : after;
}

/** The head so far (CORS, cookies), which a hijacked answer must send by itself. */
function takeOver(reply: FastifyReply, type: string): Record<string, string | number | string[]> {
  const headers: Record<string, string | number | string[]> = {
    'content-type': type,
    'cache-control': 'no-store',
    // nginx and others that follow it hold streams back unless told.
    'x-accel-buffering': 'no',
  };
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) headers[name] = value;
  }
  reply.hijack();
  return headers;
}

function openStream(
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  transport: 'sse' | 'ndjson',
  cursor: string | null,
  { options, world, hub, faults, sideMessages, at, onAnswered }: StreamContext,
): void {
  const wrongType = faults.take('content_type', PATHS.events);
  const headers = takeOver(reply, wrongType?.value ?? TYPES[transport]);
  // The client may have gone while its token was checked; then no 'close' will come.
  if (reply.raw.destroyed || request.raw.socket.destroyed) return;
  onAnswered(request, 200);
  if (wrongType?.value.startsWith('text/html')) {
    reply.raw.writeHead(200, headers).end('<!doctype html><title>Sign in</title><p>This is no event stream.');
    return;
  }
  const log = world.log(principal.userId);
  const connection = createConnection(reply.raw, headers, {
    log,
    wire: transport === 'sse' ? sseWire : ndjsonWire,
    cursor,
    sessionId: principal.sessionId,
    heartbeatMs: options.heartbeatMs,
    retryMs: options.retryMs,
    maxBufferedBytes: options.maxBufferedBytes,
    slowGraceMs: options.slowGraceMs,
    foreign: options.foreign,
    faults,
    acknowledged: () => sideMessages.acknowledged(principal.userId),
    at,
    isAllowed: principal.isAllowed,
    onLine: options.onLine,
    onClose() {
      hub.remove(connection);
      options.onLine(`stream closed: ${principal.userId}`);
    },
  });
  hub.add(connection);
  const from = cursor === null ? 'no Last-Event-ID' : `Last-Event-ID ${JSON.stringify(cursor)}`;
  options.onLine(`stream opened: ${principal.userId}, ${transport}, ${from}`);
}

function readWait(request: FastifyRequest): number {
  const text = readParameter(request.query, 'wait', 10) ?? '0';
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0 || seconds > MAX_WAIT_S)
    throw createProblem(400, 'Bad request', `wait must be seconds from 0 to ${MAX_WAIT_S}.`);
  return seconds;
}

function openPoll(
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  cursor: string | null,
  { options, world, hub, faults, sideMessages, at, onAnswered }: StreamContext,
): FastifyReply {
  const waitMs = readWait(request) * 1000;
  const { userId, sessionId } = principal;
  const reader = sessionId ?? `key ${userId}`;
  const log = world.log(userId);
  const wrongType = faults.take('content_type', PATHS.events);
  const headers = takeOver(reply, wrongType?.value ?? TYPES.poll);
  const response = reply.raw;
  if (response.destroyed || request.raw.socket.destroyed) return reply;
  onAnswered(request, 200);

  const waiter: Waiter = { userId, sessionId, answer, cut: () => response.destroy() };
  const timer = setTimeout(answer, waitMs);
  function stop(): void {
    clearTimeout(timer);
    hub.removeWaiter(waiter);
  }
  function answer(): void {
    stop();
    if (response.destroyed || response.writableEnded) return;
    sendPoll(response, headers, makePollText(log, cursor, at(), sideMessages.take(userId, reader), faults));
  }
  response.on('close', stop);
  response.on('error', () => response.destroy());
  if (waitMs === 0 || hasNews(log, cursor) || sideMessages.hasNews(userId, reader)) answer();
  else {
    hub.addWaiter(waiter);
    options.onLine(`long poll waits: ${userId}`);
  }
  return reply;
}
