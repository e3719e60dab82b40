import type { FastifyInstance } from 'fastify';
import { acknowledgementSchema, acknowledgementsPath, historyPath, PATHS } from '../../protocol/api.ts';
import type { Credentials } from '../auth/credentials.ts';
import { readBody, readParameter } from '../http/body.ts';
import { createProblem } from '../http/problem.ts';
import type { MockUser } from '../types.ts';
import type { World } from '../world.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { readHistory } from './history.ts';
import type { Snapshots } from './snapshot.ts';

export interface ContractsContext {
  readonly world: World;
  readonly users: readonly MockUser[];
  readonly credentials: Credentials;
  readonly snapshots: Snapshots;
  readonly acknowledgements: Acknowledgements;
}

export function addContractRoutes(app: FastifyInstance, context: ContractsContext): void {
  const { world, credentials, snapshots, acknowledgements } = context;
  const route = (path: (id: string) => string) => path('ID').replace('ID', ':contractId');

  app.get(PATHS.contracts, async (request) => {
    const { userId } = await credentials.forApi(request);
    const next = readParameter(request.query, 'next', 4096);
    const since = readParameter(request.query, 'since', 1000);
    return next === undefined ? snapshots.first(userId, since) : snapshots.next(userId, next);
  });

  app.get<{ Params: { contractId: string } }>(route(historyPath), async (request) => {
    const { userId } = await credentials.forApi(request);
    const next = readParameter(request.query, 'next', 4096);
    return readHistory(world, userId, request.params.contractId, next);
  });

  app.post<{ Params: { contractId: string } }>(route(acknowledgementsPath), async (request, reply) => {
    const { userId } = await credentials.forApi(request);
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || key.length === 0 || key.length > 200)
      throw createProblem(400, 'Bad request', 'Send an Idempotency-Key of 1 to 200 characters.');
    const user = context.users.find(({ id }) => id === userId) as MockUser;
    const wish = readBody(acknowledgementSchema, request.body);
    const answer = acknowledgements.add(user, request.params.contractId, wish, key);
    return reply.code(answer.status).send(answer.body);
  });
}
