import { net, session, type ClientRequest, type IncomingMessage, type Session } from 'electron';
import { randomUUID } from 'node:crypto';
import { HttpError, type HttpPort, type HttpRequest, type HttpResponse } from '../ports/http.ts';
import { joinHeaders, toHttpError } from './net-errors.ts';

// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/**
 * HTTP through Chromium: the system's proxy and certificates, HTTP/2. Each call makes a session partition of its own, in memory:
 * nobody else's connections count against its six a host, and what it was told (HSTS, trust) ends with it. Certificates that the
 * system does not trust are refused, always.
 */
export function createNetHttp(userAgent: string): HttpPort & { close(): void } {
  const partition = session.fromPartition(`account-${randomUUID()}`, { cache: false });
  partition.setUserAgent(userAgent);
  const open = new Set<ClientRequest>();
  let closed = false;
  /** A session that was just made may not know its proxy yet (seen: 3 of 100 first requests went around it). Asked once. */
  let proxyKnown: Promise<unknown> | null = null;
  let dropping: Promise<unknown> | null = null;

  function assertOpen(): void {
    if (closed) throw new HttpError('closed', 'this connection to the server was given up');
  }

  return {
    async request(request) {
      assertOpen();
      checkAddress(request.url);
      request.signal.throwIfAborted();
      proxyKnown ??= partition.resolveProxy(request.url).catch(() => undefined);
      await orAborted(proxyKnown, request.signal);
      if (dropping !== null) await orAborted(dropping, request.signal);
      assertOpen();
      return exchange(request, partition, open);
    },
    dropConnections() {
      const done = partition.closeAllConnections().catch(() => undefined);
      dropping = done;
      void done.then(() => {
        if (dropping === done) dropping = null;
      });
    },
    close() {
      closed = true;
      for (const request of open) request.abort();
      void partition.closeAllConnections();
    },
  };
}

/** Until it is done; rejects with the signal's reason when aborted before. */
function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void work.finally(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}

function checkAddress(address: string): void {
  const { protocol, username, password } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new HttpError('unreachable', `${protocol} is not an address this app goes to`);
  }
  if (username !== '' || password !== '') {
    throw new HttpError('unreachable', 'the address holds a user name or password');
  }
}

function start(request: HttpRequest, partition: Session): ClientRequest {
  const outgoing = net.request({
    url: request.url,
    method: request.method,
    session: partition,
    redirect: 'manual',
    credentials: 'omit',
    useSessionCookies: false,
    cache: 'no-store',
  });
  for (const [name, value] of Object.entries(request.headers)) {
    // Electron's own check quotes the value in its message, and the value may be a credential.
    if (FORBIDDEN.test(value))
      throw new Error(`The header "${name}" holds a control character and was not sent.`);
    outgoing.setHeader(name, value);
  }
  return outgoing;
}

function exchange(request: HttpRequest, partition: Session, open: Set<ClientRequest>): Promise<HttpResponse> {
  const { signal } = request;
  const outgoing = start(request, partition);
  open.add(outgoing);
  return new Promise((resolve, reject) => {
    const abort = (): void => outgoing.abort();
    const settle = (): void => {
      open.delete(outgoing);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: unknown): void => {
      settle();
      reject(signal.aborted ? signal.reason : toHttpError(error, 'unreachable'));
    };
    signal.addEventListener('abort', abort, { once: true });
    outgoing.on('error', fail);
    outgoing.on('abort', () => fail(new HttpError('closed', 'the request was given up')));
    outgoing.on('redirect', (status, _method, location, headers) => {
      resolve({ status, headers: { ...joinHeaders(headers), location }, body: emptyBody() });
      outgoing.abort();
    });
    outgoing.on('response', (incoming) => {
      if (incoming.statusCode === 407) {
        fail(new HttpError('unreachable', 'the proxy of this network asks for a sign-in'));
        outgoing.abort();
        return;
      }
      resolve({
        status: incoming.statusCode,
        headers: undone(request, joinHeaders(incoming.headers)),
        body: readBody(incoming, outgoing, signal, settle),
      });
    });
    outgoing.end(request.body);
  });
}

const UNDONE_BY_CHROMIUM = /^(?:(?:x-)?gzip|deflate|br|zstd)$/;

/** Chromium undoes a compression that it asked for by itself, but leaves the header. */
function undone(request: HttpRequest, headers: Record<string, string>): Record<string, string> {
  const { 'content-encoding': encoding, ...others } = headers;
  if (encoding === undefined) return headers;
  const askedByUs = Object.keys(request.headers).some((name) => name.toLowerCase() === 'accept-encoding');
  const known = encoding.split(',').every((one) => UNDONE_BY_CHROMIUM.test(one.trim().toLowerCase()));
  return known && !askedByUs ? others : headers;
}

function emptyBody(): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  };
}

/**
 * Asking is the flow control: Electron's message is a Node stream (its types say less) that takes more from Chromium's pipe only
 * when its own small buffer has room.
 */
function readBody(
  incoming: IncomingMessage,
  outgoing: ClientRequest,
  signal: AbortSignal,
  settle: () => void,
): AsyncIterable<Uint8Array> {
  const stream = incoming as unknown as NodeJS.ReadableStream;
  // A cut that comes while nobody reads is told to the reader when it asks, not to the process.
  stream.on('error', () => undefined);
  stream.on('close', settle);
  return {
    [Symbol.asyncIterator]() {
      const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      return {
        async next() {
          try {
            const result = await chunks.next();
            signal.throwIfAborted();
            return result;
          } catch (error) {
            throw signal.aborted ? signal.reason : toHttpError(error, 'closed');
          }
        },
        async return() {
          outgoing.abort();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
