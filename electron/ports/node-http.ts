import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { HttpError, type HttpPort, type HttpRequest, type HttpResponse, type HttpErrorCode } from './http.ts';

export interface NodeHttpOptions {
  /** PEM certificates to trust instead of the built-in ones (Node's `ca`). The check itself cannot be switched off. */
  readonly ca?: string | readonly string[];
}

/** `close` ends every connection this adapter still holds. */
export interface NodeHttp extends HttpPort {
  close(): void;
}

/**
 * HTTP by Node's own client, for tests and tools. One connection a request: a kept-alive socket that the
 * server has just closed would fail a POST that must not be repeated blindly, and no pool may hold a stream back.
 */
export function createNodeHttp(options: NodeHttpOptions = {}): NodeHttp {
  const plain = new HttpAgent({ keepAlive: false });
  const secure = new HttpsAgent({
    keepAlive: false,
    rejectUnauthorized: true,
    ...(options.ca === undefined ? {} : { ca: [options.ca].flat() as string[] }),
  });

  return {
    async request(request) {
      const url = new URL(request.url);
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw new HttpError('unreachable', `${url.protocol} is not an address this app goes to`);
      }
      if (url.username !== '' || url.password !== '') {
        throw new HttpError('unreachable', 'the address holds a user name or password');
      }
      const headers = encodeHeaders(request.headers);
      request.signal.throwIfAborted();
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      return exchange(request, () =>
        send(url, { method: request.method, headers, agent: url.protocol === 'https:' ? secure : plain }),
      );
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function exchange(request: HttpRequest, start: () => ReturnType<typeof requestHttp>): Promise<HttpResponse> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    const outgoing = start();
    const abort = (): void => {
      outgoing.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    outgoing.on('close', () => {
      signal.removeEventListener('abort', abort);
      reject(new HttpError('unreachable', 'the connection was closed before an answer came'));
    });
    outgoing.on('error', (error) => reject(signal.aborted ? signal.reason : failureOf(error, 'unreachable')));
    outgoing.on('response', (incoming) => {
      resolve({
        status: incoming.statusCode ?? 0,
        headers: joinHeaders(incoming.rawHeaders),
        body: readBody(incoming, signal),
      });
    });
    // As bytes: a string would be joined with the headers and change their encoding.
    outgoing.end(request.body === undefined ? undefined : Buffer.from(request.body, 'utf8'));
  });
}

/** Asking is the flow control: what is not asked for stays in the socket. */
function readBody(incoming: IncomingMessage, signal: AbortSignal): AsyncIterable<Uint8Array> {
  // A cut that happens while nobody reads must not count as unhandled; the reader is told when it comes.
  incoming.on('error', () => {});
  return {
    [Symbol.asyncIterator]() {
      const chunks: AsyncIterator<Uint8Array> = incoming[Symbol.asyncIterator]();
      return {
        next: () =>
          chunks.next().then(
            (result) => {
              signal.throwIfAborted();
              return result;
            },
            (error: unknown) => {
              throw signal.aborted ? signal.reason : failureOf(error, 'closed');
            },
          ),
        async return() {
          incoming.destroy();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Node writes header text as Latin-1; the UTF-8 bytes read as Latin-1 make UTF-8 on the wire. */
function encodeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  // What we read is not decompressed here.
  const encoded: Record<string, string> = { 'accept-encoding': 'identity' };
  for (const [name, value] of Object.entries(headers)) {
    if (FORBIDDEN.test(value)) {
      throw new Error(`The header "${name}" holds a control character and was not sent.`);
    }
    encoded[name.toLowerCase()] = Buffer.from(value, 'utf8').toString('latin1');
  }
  return encoded;
}

function joinHeaders(raw: readonly string[]): Record<string, string> {
  const joined: Record<string, string> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    const value = raw[at + 1] as string;
    const before = Object.hasOwn(joined, name) ? joined[name] : undefined;
    joined[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return joined;
}

const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;
/** TLS 1.3 has an alert of its own for it. */
const CLIENT_CERTIFICATE = /^ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED/;

function failureOf(error: unknown, otherwise: HttpErrorCode): HttpError {
  if (error instanceof HttpError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? error.message : 'unknown error';
  const detail = code === '' || text.includes(code) ? text : `${code}: ${text}`;
  if (CLIENT_CERTIFICATE.test(code)) return new HttpError('client_certificate', detail);
  return new HttpError(CERTIFICATE.test(code) ? 'certificate' : otherwise, detail);
}
