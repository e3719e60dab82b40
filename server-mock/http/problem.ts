import type { FastifyError, FastifyInstance } from 'fastify';

/** An error that is an answer: RFC 9457 "Problem Details for HTTP APIs". */
export interface Problem extends Error {
  readonly statusCode: number;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `detail` says what is wrong and what to do; it never contains a token or a password. */
export function createProblem(
  statusCode: number,
  title: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Problem {
  return Object.assign(new Error(detail), { statusCode, title, headers });
}

export function problemBody(status: number, title: string, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title, status, detail });
}

export const PROBLEM_TYPE = 'application/problem+json';

function isProblem(error: Error): error is Problem {
  return 'title' in error && 'headers' in error;
}

/** Every error and every unknown path is answered as `application/problem+json`. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    const title = isProblem(error) ? error.title : status < 500 ? 'Bad request' : 'Internal error';
    if (isProblem(error)) reply.headers(error.headers);
    return reply
      .code(status)
      .type(PROBLEM_TYPE)
      .send(problemBody(status, title, error.message));
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    return reply
      .code(404)
      .type(PROBLEM_TYPE)
      .send(problemBody(404, 'Not found', `There is nothing at ${request.method} ${path.slice(0, 200)}.`));
  });
}
