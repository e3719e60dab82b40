import type { ServerResponse } from 'node:http';
import type { ServerProfile } from '../../../protocol/profile/profile.ts';
import { startTestServer } from '../../stream/testing.ts';
import type { Issuer } from './issuer.ts';

/** Streams to whoever has a token that the issuer gave, and knows whose it is. */
export interface ProtectedServer {
  readonly url: string;
  /** Subject of each stream that was opened. */
  readonly streams: string[];
  readonly refused: () => number;
  send(block: string): void;
  /** Ends all streams. */
  cut(): void;
  close(): Promise<void>;
}

export async function startProtectedServer(issuer: Pick<Issuer, 'subjectOf'>): Promise<ProtectedServer> {
  const open = new Set<ServerResponse>();
  const streams: string[] = [];
  let refused = 0;
  const server = await startTestServer((request, response) => {
    void (async () => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const subject = await issuer.subjectOf(token);
      if (subject === null) {
        refused += 1;
        response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
        return;
      }
      streams.push(subject);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      open.add(response);
      response.on('close', () => open.delete(response));
    })();
  });
  const cut = (): void => {
    for (const stream of open) stream.end();
    open.clear();
  };
  return {
    url: server.url,
    streams,
    refused: () => refused,
    send(block) {
      for (const stream of open) stream.write(`${block}\n\n`);
    },
    cut,
    async close() {
      cut();
      await server.close();
    },
  };
}

export function oidcProfile(
  origin: string,
  issuer: string,
  more: Partial<NonNullable<ServerProfile['credentials']>> = {},
): ServerProfile {
  return {
    profile: 1,
    name: 'Company',
    origin,
    credentials: { kind: 'oidc', issuer, clientId: 'desk', ...more },
    stream: { path: '/events?for={userId}' },
    events: [''],
    mapping: {
      identity: 'sse-id',
      version: 'arrival',
      contractId: '/id',
      status: { at: '/status', values: { SENT: 'sent', SIGNED: 'signed' } },
    },
    capabilities: { snapshot: false, history: false, acknowledge: false },
  };
}
