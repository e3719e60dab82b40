import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import fastify from 'fastify';
import { PATHS } from '../protocol/api.ts';
import { createCredentials } from './auth/credentials.ts';
import { addAuthRoutes } from './auth/routes.ts';
import { createSessions } from './auth/sessions.ts';
import { createThrottle } from './auth/throttle.ts';
import { createAcknowledgements } from './contracts/acknowledgements.ts';
import { addContractRoutes } from './contracts/routes.ts';
import { createSnapshots } from './contracts/snapshot.ts';
import { createControl } from './control/control.ts';
import { addControlRoute, CONTROL_PATH } from './control/http.ts';
import { addRequestFaults } from './faults/requests.ts';
import { createFaults } from './faults/state.ts';
import { createTimedFaults } from './faults/timed.ts';
import { makeCertificate } from './http/certificate.ts';
import { createListener } from './http/listener.ts';
import type { Listener } from './http/listener.ts';
import { answerBadAddress, answerBrokenRequest, answerWithProblems } from './http/problem.ts';
import { acceptEmptyBodies } from './http/body.ts';
import { recordRequests } from './http/seen.ts';
import { completeOptions } from './options.ts';
import { startPace } from './simulator/pace.ts';
import { createHub } from './stream/hub.ts';
import { addStreamRoutes } from './stream/routes.ts';
import { createSideMessages } from './stream/side-messages.ts';
import type { MockServer, ServerOptions } from './types.ts';
import { createWorld } from './world.ts';

export { DEMO_USERS, makeUsers } from './options.ts';

const BODY_LIMIT = 64 * 1024;

/**
 * A real HTTP server on 127.0.0.1 with everything a client needs. Rejects with a RangeError or TypeError for a wrong
 * option and with the system's error when the port cannot be had.
 */
export async function startServer(given: Partial<ServerOptions> = {}): Promise<MockServer> {
  const options = completeOptions(given);
  const { onLine, users } = options;
  let skewMs = 0;
  const serverNow = () => Date.now() + skewMs;
  const at = () => new Date(serverNow()).toISOString();

  const world = createWorld(options, serverNow);
  const hub = createHub();
  const sideMessages = createSideMessages();
  const faults = createFaults(options.seed, options.faults, PATHS.events, onLine);
  const sessions = createSessions(options.accessTokenTtlS, Date.now);
  const names = new Set(users.map(({ username }) => username));
  const throttle = createThrottle(options.maxFailedLogins, options.throttleMs, Date.now, names);
  const isAllowedOrigin = (origin: string) => options.allowedOrigins.includes(origin);
  const credentials = createCredentials(sessions, options.apiKeys, isAllowedOrigin);
  const certificate = options.tls ? await makeCertificate() : null;

  let listener: Listener | undefined;
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    // A HEAD of the stream would open one.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 2000 },
    frameworkErrors: answerBadAddress,
    clientErrorHandler: answerBrokenRequest,
    serverFactory(handler) {
      const refuses = () => !options.controlInterface && faults.refuses();
      listener = createListener(handler as RequestListener, {
        port: options.port,
        tls: certificate,
        refuses,
        onLine,
      });
      return listener.server;
    },
  });
  answerWithProblems(app);
  acceptEmptyBodies(app);
  const seen = recordRequests(app);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('date', new Date(serverNow()).toUTCString());
  });
  await app.register(cookie);
  await app.register(cors, {
    origin: [...options.allowedOrigins],
    credentials: true,
    methods: ['GET', 'POST'],
  });
  addRequestFaults(app, faults, { controlPath: CONTROL_PATH, refusesByRequest: options.controlInterface });

  addAuthRoutes(app, { users, sessions, throttle, credentials, isTls: options.tls, onLine });
  if (!options.foreign) {
    const snapshots = createSnapshots(world, options.snapshotTtlMs, { real: Date.now, at });
    const acknowledgements = createAcknowledgements(world, at, (userId, done) => {
      sideMessages.addAcknowledged(userId, done);
      for (const connection of hub.connections(userId)) connection.sendAcknowledged(done);
      for (const waiter of hub.waiters(userId)) waiter.answer();
      onLine(`acknowledged: ${done.contractId} version ${done.version} by ${userId}`);
    });
    addContractRoutes(app, { world, users, credentials, snapshots, acknowledgements });
  }
  addStreamRoutes(app, {
    options,
    world,
    credentials,
    hub,
    faults,
    sideMessages,
    at,
    onAnswered: seen.answered,
  });

  world.onAppend(hub.wake);
  sessions.onEnd(hub.endSession);
  const listening = listener as unknown as Listener;
  const userIds = users.map((user) => user.id);
  const control = createControl({
    userIds,
    world,
    hub,
    sessions,
    faults,
    sideMessages,
    seen,
    listener: listening,
    setClockSkew: (ms) => (skewMs = ms),
    onLine,
  });
  const controlToken = options.controlInterface ? randomBytes(24).toString('base64url') : null;
  if (controlToken !== null) addControlRoute(app, control, controlToken);
  const timed = createTimedFaults(control, userIds, onLine);
  faults.onReplace(() => {
    timed.apply(faults.list());
    for (const connection of hub.connections()) connection.applyFaults();
  });

  await app.ready();
  const port = await listening.listen();
  timed.apply(options.faults);
  const stopPace = startPace(options.ratePerS, (count) => world.advance(count));

  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    users,
    control,
    controlToken,
    certificate: certificate?.cert ?? null,
    async close() {
      stopPace();
      timed.stop();
      await listening.close();
      await app.close();
    },
  };
}
