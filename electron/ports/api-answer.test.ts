import { expect, test } from 'vitest';
import { isApiAnswer } from './api-answer.ts';

const answer = (status: number, type?: string, challenge?: string) => ({
  status,
  headers: {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
  },
});

test.each([
  ['a problem of the API', answer(404, 'application/problem+json')],
  ['a problem with a charset, written large', answer(401, 'Application/Problem+JSON; charset=utf-8')],
  ['401 of ASP.NET: Bearer, no body', answer(401, undefined, 'Bearer')],
  ['401 with reasons', answer(401, undefined, 'Bearer realm="api", error="invalid_token"')],
  ['401 with a second challenge', answer(401, 'text/plain', 'Basic realm="x, y", bearer realm="api"')],
  ['403 with too small a scope', answer(403, 'application/json', 'Bearer error="insufficient_scope"')],
  ['JSON', answer(200, 'application/json; charset=utf-8')],
  ['JSON of a profile', answer(201, 'application/vnd.contracts+json')],
  ['a stream', answer(200, 'text/event-stream')],
  ['NDJSON', answer(200, 'application/x-ndjson')],
  ['nothing to say', answer(204)],
])('%s is of the API', (_name, given) => {
  expect(isApiAnswer(given)).toBe(true);
});

test.each([
  ['404 of Traefik', answer(404, 'text/plain; charset=utf-8')],
  ['404 of nginx', answer(404, 'text/html')],
  ['404 of a gateway that speaks JSON', answer(404, 'application/json')],
  ['an answer without a type', answer(404)],
  ['401 of a gateway for Basic', answer(401, 'text/html', 'Basic realm="proxy"')],
  ['401 of Basic whose realm speaks of Bearer', answer(401, undefined, 'Basic realm="a, Bearer b"')],
  ['a sign-in page that mentions Bearer', answer(401, 'text/html', 'Bearer')],
  ['another scheme that begins alike', answer(401, undefined, 'BearerLike x')],
  ['502', answer(502, 'text/html')],
  ['the page of a hotel', answer(200, 'text/html')],
  ['a redirect', answer(302)],
  ['a redirect with JSON', answer(302, 'application/json')],
])('%s is not', (_name, given) => {
  expect(isApiAnswer(given)).toBe(false);
});
