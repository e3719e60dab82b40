import http from 'node:http';
import https from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { LoginAnswer } from '../../protocol/api.ts';
import type { StatusChanged } from '../../protocol/event.ts';
import type { MockServer } from '../types.ts';

/** A plain HTTP client for this folder's tests: no library between them and the wire. */

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  json<T>(): T;
}

export interface Wish {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

const DEADLINE_MS = 60_000;

function connect(server: MockServer, path: string, { method, headers, body }: Wish): http.ClientRequest {
  const target = new URL(path, server.url);
  const options = {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    agent: false as const,
    ...(server.certificate === null ? {} : { ca: server.certificate }),
  };
  const request =
    target.protocol === 'https:' ? https.request(target, options) : http.request(target, options);
  return request.end(body === undefined ? undefined : JSON.stringify(body));
}

export function send(server: MockServer, path: string, wish: Wish = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = connect(server, path, wish);
    request.setTimeout(DEADLINE_MS, () => request.destroy(new Error(`no answer to ${path} in time`)));
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const status = response.statusCode ?? 0;
        resolve({ status, headers: response.headers, text, json: () => JSON.parse(text) });
      });
    });
  });
}

export async function signIn(server: MockServer, username = 'anna'): Promise<LoginAnswer> {
  const body = { username, password: `${username}-demo` };
  const answer = await send(server, '/api/login', { body });
  if (answer.status !== 200) throw new Error(`sign-in of ${username}: ${answer.status} ${answer.text}`);
  return answer.json<LoginAnswer>();
}

export function bearer(tokens: { readonly accessToken: string }): Record<string, string> {
  return { authorization: `Bearer ${tokens.accessToken}` };
}

/** One block of a stream, by its fields. */
export interface Block {
  readonly id: string | null;
  readonly name: string;
  readonly data: string;
}

export interface OpenStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Every chunk as it came. */
  readonly chunks: readonly Buffer[];
  bytes(): Buffer;
  blocks(): readonly Block[];
  /** The status changes so far. */
  events(): readonly StatusChanged[];
  ids(): readonly string[];
  /** Resolves when `isDone` holds after some chunk; rejects after a minute with what came. */
  until(isDone: (stream: OpenStream) => boolean): Promise<void>;
  /** How the stream ended: by the server's word or by a cut. */
  readonly ended: Promise<'end' | 'cut'>;
  isOpen(): boolean;
  pause(): void;
  resume(): void;
  close(): void;
}

function parseBlock(text: string): Block {
  const fields = text.split('\n').map((line) => /^([^:]*)(?:: ?)?(.*)$/s.exec(line) ?? ['', '', '']);
  const values = (name: string) =>
    fields.filter(([, field]) => field === name).map(([, , value]) => value ?? '');
  return {
    id: values('id').at(-1) ?? null,
    name: values('event').at(-1) ?? '',
    data: values('data').join('\n'),
  };
}

export function openStream(
  server: MockServer,
  headers: Readonly<Record<string, string>>,
  path = '/api/events',
): Promise<OpenStream> {
  return new Promise((resolve, reject) => {
    const request = connect(server, path, { headers: { accept: 'text/event-stream', ...headers } });
    request.setTimeout(DEADLINE_MS, () => request.destroy(new Error('no word from the stream in time')));
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      const watchers = new Set<() => void>();
      let open = true;
      const ended = new Promise<'end' | 'cut'>((resolveEnd) => {
        response.on('end', () => resolveEnd('end'));
        response.on('close', () => {
          open = false;
          resolveEnd(response.complete ? 'end' : 'cut');
          for (const watch of watchers) watch();
        });
      });
      response.on('error', () => {}); // 'close' follows
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        for (const watch of watchers) watch();
      });
      const isLines = response.headers['content-type']?.includes('ndjson') === true;
      const blocks = () => {
        const text = Buffer.concat(chunks).toString();
        // What follows the last blank line is not a block yet.
        const whole = text.split(isLines ? '\n' : '\n\n').slice(0, -1);
        if (!isLines) return whole.map(parseBlock).filter(({ data }) => data !== '');
        return whole.filter((line) => line !== '').map((line) => ({ id: null, name: '', data: line }));
      };
      const events = () =>
        blocks()
          .filter(({ name }) => isLines || name.endsWith('_ContractStatusChanged'))
          .flatMap(({ data }) => {
            try {
              const value = JSON.parse(data) as StatusChanged;
              return value.type === undefined ? [] : [value];
            } catch {
              return [];
            }
          });
      const stream: OpenStream = {
        status: response.statusCode ?? 0,
        headers: response.headers,
        chunks,
        bytes: () => Buffer.concat(chunks),
        blocks,
        events,
        ids: () => events().map(({ id }) => id),
        until: (isDone) =>
          new Promise((done, fail) => {
            const stop = () => {
              clearTimeout(timer);
              watchers.delete(watch);
            };
            const timer = setTimeout(() => {
              stop();
              fail(new Error(`not in time; so far: ${Buffer.concat(chunks).toString().slice(-2000)}`));
            }, DEADLINE_MS);
            function watch(): void {
              if (!isDone(stream)) return;
              stop();
              done();
            }
            watchers.add(watch);
            watch();
          }),
        ended,
        isOpen: () => open,
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        close: () => void response.destroy(),
      };
      resolve(stream);
    });
  });
}

/** Polls a condition that no event announces; rejects after a minute. */
export async function eventually(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function headOf(stream: OpenStream): string | null | undefined {
  const block = stream.blocks().findLast(({ name }) => name.endsWith('_StreamHead'));
  return block ? (JSON.parse(block.data) as { readonly head: string | null }).head : undefined;
}
