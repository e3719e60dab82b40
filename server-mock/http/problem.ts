import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

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

/** An address that cannot even be looked up (`%ff`), before any route is known. */
export function answerBadAddress(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 400;
  void reply
    .code(status)
    .type(PROBLEM_TYPE)
    .send(problemBody(status, 'Bad request', 'The address cannot be read.'));
}

const BROKEN: Readonly<Record<string, readonly [status: number, title: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** What is no HTTP request at all: answered on the bare connection, which ends with it. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const [status, title] = BROKEN[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = problemBody(status, title, 'This is not an HTTP request that can be read.');
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
