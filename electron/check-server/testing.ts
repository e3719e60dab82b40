import type { IncomingMessage, ServerResponse } from 'node:http';
import { startServer } from '../../server-mock/index.ts';
import type { Fault } from '../../server-mock/faults/types.ts';
import type { ServerOptions } from '../../server-mock/types.ts';
import { systemClock } from '../ports/clock.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { startTestServer } from '../stream/testing.ts';
import { checkServer, type CheckOptions, type CheckReport } from './check-server.ts';
import { weightOf, type Finding } from '../../protocol/findings.ts';

/** How long a test waits for what does not come, ms. */
export const IN_VAIN_MS = 900;

/** A check that ends as soon as it has seen enough; where something never comes, say `ms: IN_VAIN_MS`. */
export async function check(address: string, more: Partial<CheckOptions> = {}): Promise<CheckReport> {
  const http = createNodeHttp();
  try {
    return await checkServer({
      address,
      credentials: { kind: 'key', key: { header: 'X-API-Key', value: 'k-secret-1' }, userId: 'u42' },
      profile: null,
      http,
      clock: systemClock,
      random: () => 0.5,
      ms: 8_000,
      leastMs: 200,
      restMs: 30_000,
      lookUp: async () => ['127.0.0.1'],
      noHeartbeatMs: 400,
      ...more,
    });
  } finally {
    http.close();
  }
}

export const codesOf = ({ findings }: CheckReport): readonly string[] => findings.map(({ code }) => code);
export const faultsOf = ({ findings }: CheckReport): readonly string[] =>
  findings.filter((finding) => weightOf(finding) === 'fault').map(({ code }) => code);

export function findingOf(report: CheckReport, code: Finding['code']): Finding | undefined {
  return report.findings.find((finding) => finding.code === code);
}

/** What one server of somebody's answers to a request for its stream. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface SomeServer {
  readonly url: string;
  /** Method and path of each request. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A small server with a stream at /api/events and nothing else. */
export async function startSome(
  stream: Answer,
  rest: Answer = (_request, response) => response.writeHead(404).end('Not found'),
): Promise<SomeServer> {
  const requests: string[] = [];
  const server = await startTestServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    requests.push(`${request.method} ${pathname}`);
    (pathname === '/api/events' ? stream : rest)(request, response);
  });
  return { url: server.url, requests, close: () => server.close() };
}

export function begin(response: ServerResponse, type = 'text/event-stream'): void {
  response.writeHead(200, { 'content-type': type });
  response.flushHeaders();
}

/** One block of an event stream. */
export function block(data: string, more: { readonly id?: string; readonly name?: string } = {}): string {
  const { id, name } = more;
  return `${id === undefined ? '' : `id: ${id}\n`}${name === undefined ? '' : `event: ${name}\n`}data: ${data}\n\n`;
}

/** A change as our own wire has it. */
export function envelope(id: string, version = 1): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: '/streams/u42',
    type: 'app.contracts.status.changed.v1',
    subject: 'contract/K-1',
    time: '2026-01-05T08:00:00Z',
    data: {
      contract: { id: 'K-1', title: 'Supply', version },
      change: { from: 'sent', to: 'viewed', actor: { id: 'a1', name: 'Anna' } },
      severity: 'info',
      actionRequired: false,
    },
  });
}

/** As the mock's own user. */
export const ANNA = { kind: 'password', username: 'anna', password: 'anna-demo' } as const;

/** A check of a mock server with these faults. */
export async function checkMock(
  faults: readonly Fault[],
  more: Partial<CheckOptions> = {},
  options: Partial<ServerOptions> = {},
): ReturnType<typeof check> {
  const server = await startServer({ backlog: 24, faults, heartbeatMs: 400, retryMs: 500, ...options });
  try {
    return await check(server.url, { credentials: ANNA, ...more });
  } finally {
    await server.close();
  }
}
