import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Language } from '../../../protocol/language.ts';
import { callbackPage, type CallbackPage } from './callback-page.ts';

/** One answer of the browser is waited for, on this very machine (RFC 8252, section 7.3). */
export interface Callback {
  /** `http://127.0.0.1:PORT/callback` */
  readonly redirectUri: string;
  /** The address that the browser came back to, with our `state`; the port is closed then. */
  readonly answer: Promise<URL>;
  /** Whether something came that belongs to another sign-in. */
  sawForeign(): boolean;
  /** Nothing listens any more once it resolves. */
  close(): Promise<void>;
}

const PATH = '/callback';

/**
 * Takes one answer with the right `state`; what else comes changes nothing and learns nothing: other paths and methods, other names of
 * this machine (`Host`), requests that a page makes by itself instead of the browser going there.
 */
export async function awaitCallback(state: string, language: Language): Promise<Callback> {
  let foreign = false;
  let used = false;
  let deliver = (_answer: URL): void => {};
  const answer = new Promise<URL>((resolve) => (deliver = resolve));
  const server = createServer({ requestTimeout: 10_000 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  let showing = false;
  let closing: Promise<void> | null = null;
  function close(): Promise<void> {
    closing ??= new Promise((resolve) => server.close(() => resolve()));
    // The person's page is let out first; its connection ends with it.
    if (!showing) server.closeAllConnections();
    return closing;
  }

  server.on('request', (request, response) => {
    const url = readAddress(request, host);
    if (url === null || used) return refuse(response, 404);
    if (request.method !== 'GET') return refuse(response, 405);
    if (isMadeByPage(request)) return refuse(response, 403);
    const given = url.searchParams.getAll('state');
    if (given.length !== 1 || !isSame(given[0] ?? '', state)) {
      foreign = true;
      return show(response, 400, language, 'foreign');
    }
    used = true;
    showing = true;
    response.on('close', () => {
      showing = false;
      void close();
    });
    deliver(url);
    show(response, 200, language, 'done');
  });

  return { redirectUri: `http://${host}${PATH}`, answer, sawForeign: () => foreign, close };
}

/** Null for anything but our one path at our one name. */
function readAddress(request: IncomingMessage, host: string): URL | null {
  const target = request.url ?? '';
  const isOurs = request.headers.host === host && /^\/callback(?:\?|$)/.test(target);
  return isOurs && URL.canParse(target, `http://${host}`) ? new URL(target, `http://${host}`) : null;
}

/** A person's browser navigates here at the top of a tab; scripts, frames and images of a page say so (Fetch Metadata). */
function isMadeByPage({ headers }: IncomingMessage): boolean {
  const { origin, 'sec-fetch-mode': mode = 'navigate', 'sec-fetch-dest': to = 'document' } = headers;
  return origin !== undefined || mode !== 'navigate' || to !== 'document';
}

function isSame(given: string, state: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(state)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const HEADERS = {
  'cache-control': 'no-store',
  connection: 'close',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, HEADERS).end();
}

function show(response: ServerResponse, status: number, language: Language, page: CallbackPage): void {
  response
    .writeHead(status, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' })
    .end(callbackPage(language, page));
}
