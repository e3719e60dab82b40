import type { ServerResponse } from 'node:http';
import { startTestServer } from '../stream/testing.ts';

/** A server of the tutorials' kind: a key, one stream, `{"id", "status"}`, and nothing else. */
export interface PlainServer {
  readonly url: string;
  /** Method and address of each request, in order, with the id to resume from behind `@` where there was one. */
  readonly requests: string[];
  readonly open: () => number;
  send(block: string): void;
  /** Ends all streams. */
  cut(): void;
  close(): Promise<void>;
}

/** `onOpen`: what each new stream begins with, by the id it resumes from. */
export async function startPlainServer(
  key: string,
  onOpen: (lastId: string | undefined) => string = () => '',
): Promise<PlainServer> {
  const streams = new Set<ServerResponse>();
  const requests: string[] = [];
  const server = await startTestServer((request, response) => {
    const lastId = request.headers['last-event-id'];
    requests.push(`${request.method} ${request.url}${lastId === undefined ? '' : `@${String(lastId)}`}`);
    if (request.headers['x-api-key'] !== key) return void response.writeHead(401).end('no');
    if (request.url?.startsWith('/events') !== true) return void response.writeHead(404).end('Not found');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`: hello\n\n${onOpen(typeof lastId === 'string' ? lastId : undefined)}`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
  });
  const cut = (): void => {
    for (const stream of streams) stream.end();
    streams.clear();
  };
  return {
    url: server.url,
    requests,
    open: () => streams.size,
    send(block) {
      for (const stream of streams) stream.write(`${block}\n\n`);
    },
    cut,
    async close() {
      cut();
      await server.close();
    },
  };
}
