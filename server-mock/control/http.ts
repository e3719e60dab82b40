import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { amountSchema } from '../../protocol/event.ts';
import { SEVERITIES } from '../../protocol/statuses.ts';
import { faultSchema } from '../faults/schema.ts';
import { readBody } from '../http/body.ts';
import { createProblem } from '../http/problem.ts';
import type { Control } from '../types.ts';

export const CONTROL_PATH = '/control';
export const CONTROL_HEADER = 'x-control-token';
const BODY_LIMIT = 16 * 1024 * 1024;

const userId = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const text = v.pipe(v.string(), v.maxLength(10_000));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const instant = v.pipe(v.string(), v.isoTimestamp());
const wish = v.strictObject({
  contractId: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(500))),
  title: v.exactOptional(text),
  to: v.exactOptional(text),
  from: v.exactOptional(text),
  reason: v.exactOptional(text),
  actionRequired: v.exactOptional(v.boolean()),
  severity: v.exactOptional(v.picklist(SEVERITIES)),
  counterparty: v.exactOptional(text),
  counterparties: v.exactOptional(v.pipe(v.array(text), v.maxLength(100))),
  amount: v.exactOptional(v.nullable(amountSchema)),
  dueAt: v.exactOptional(v.nullable(instant)),
  actor: v.exactOptional(text),
});
const none = v.strictTuple([]);
const maybeUser = v.union([none, v.strictTuple([userId])]);

/** What each call of `Control` takes over the network: its arguments as a JSON array. */
const ARGUMENTS = {
  publish: v.union([v.strictTuple([userId]), v.strictTuple([userId, wish])]),
  advance: v.union([v.strictTuple([count]), v.strictTuple([count, userId])]),
  sendRaw: v.strictTuple([userId, v.string()]),
  published: v.strictTuple([userId]),
  head: v.strictTuple([userId]),
  openStreams: maybeUser,
  requests: none,
  dropConnections: maybeUser,
  setFaults: v.strictTuple([v.array(faultSchema)]),
  newEpoch: maybeUser,
  restartLog: maybeUser,
  truncate: v.strictTuple([userId, count]),
  expireTokens: none,
  revoke: v.strictTuple([userId]),
  restart: v.strictTuple([v.pipe(v.number(), v.minValue(0), v.maxValue(600_000))]),
  setClockSkew: v.strictTuple([v.pipe(v.number(), v.integer(), v.minValue(-1e12), v.maxValue(1e12))]),
  notice: v.strictTuple([v.pipe(v.string(), v.maxLength(2000))]),
} as const satisfies Record<keyof Control, v.GenericSchema>;

const callSchema = v.object({
  call: v.picklist(Object.keys(ARGUMENTS) as (keyof Control)[]),
  args: v.optional(v.array(v.unknown()), []),
});

/**
 * `POST /control` `{call, args}` → `{result}`. Web pages can reach loopback, so: a random token in a header of
 * our own (a page would need a preflight, which is not answered), the Host must be loopback (DNS
 * rebinding), and no request that carries an Origin.
 */
export function addControlRoute(app: FastifyInstance, control: Control, token: string): void {
  app.post(CONTROL_PATH, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (!['127.0.0.1', 'localhost', '[::1]'].includes(host))
      throw createProblem(403, 'Forbidden', 'The control interface answers on loopback names only.');
    if (request.headers.origin !== undefined)
      throw createProblem(403, 'Forbidden', 'The control interface is not for web pages.');
    if (!isSame(String(request.headers[CONTROL_HEADER] ?? ''), token))
      throw createProblem(
        401,
        'Unauthorized',
        `Send the token that was printed at start as ${CONTROL_HEADER}.`,
      );

    const { call, args } = readBody(callSchema, request.body);
    const checked = readBody<v.GenericSchema<unknown, readonly unknown[]>>(ARGUMENTS[call], args);
    // A restart cuts this very connection, so it is answered first.
    if (call === 'restart') reply.raw.once('close', () => void control.restart(Number(checked[0])));
    if (call === 'restart') return reply.code(202).header('connection', 'close').send({ result: null });
    try {
      const act = control[call] as (...given: readonly unknown[]) => unknown;
      return { result: (await act(...checked)) ?? null };
    } catch (error) {
      if (error instanceof RangeError) throw createProblem(400, 'Bad request', error.message);
      throw error;
    }
  });
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
