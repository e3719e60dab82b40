import { createServer, request as pass, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer in the server's name. */
export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Gateway {
  readonly url: string;
  /** What it answers itself; null passes the request on. */
  answers: (path: string, headers: IncomingHttpHeaders) => Page | null;
  close(): Promise<void>;
}

/** A reverse proxy in front of a server, which may answer in its name. */
export async function startGateway(target: string): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    const page = gateway.answers(incoming.url ?? '', incoming.headers);
    if (page !== null) {
      incoming.resume();
      outgoing.writeHead(page.status, { 'content-type': page.type, ...page.headers }).end(page.body);
      return;
    }
    const url = new URL(incoming.url ?? '/', target);
    const { method = 'GET' } = incoming;
    const passed = pass(url, { method, headers: { ...incoming.headers, host: url.host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gateway: Gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers: () => null,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return gateway;
}
