import type { FastifyInstance } from 'fastify';
import type * as v from 'valibot';
import { decode } from '../../protocol/event.ts';
import { createProblem } from './problem.ts';

/** The body as `schema` describes it. Throws a 400 problem that names the first wrong field. */
export function readBody<const S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const decoded = decode(schema, body);
  if (decoded.ok) return decoded.value;
  throw createProblem(400, 'Bad request', `The body is not as it should be: ${decoded.reason}.`);
}

/** A query parameter that may be there once. Throws a 400 problem. */
export function readParameter(query: unknown, name: string, maxLength: number): string | undefined {
  const value = (query as Readonly<Record<string, unknown>>)[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length <= maxLength) return value;
  throw createProblem(
    400,
    'Bad request',
    `The parameter ${name} must be there once, with at most ${maxLength} characters.`,
  );
}

/** Many clients send a JSON content type with an empty body (a logout, say); the framework would answer 400. */
export function acceptEmptyBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body.toString(), done);
  });
}
