import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

/** The window's own origin: `app://contract-pulse`. */
export const SCHEME = 'app';
export const HOST = 'contract-pulse';
export const ORIGIN = `${SCHEME}://${HOST}`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * The window has no network, runs only its own files and can be framed by nobody. The development server's address is the one
 * exception, with the inline script and styles that its hot reload puts into the page.
 */
export function makePolicy(devUrl: string | null): string {
  const fixed = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";
  if (devUrl === null) return `default-src 'self'; connect-src 'none'; ${fixed}`;
  const socket = devUrl.replace(/^http/, 'ws');
  return `default-src 'self' 'unsafe-inline' data:; connect-src ${devUrl} ${socket}; ${fixed}`;
}

export interface WindowFile {
  readonly path: string;
  readonly type: string;
}

/**
 * The file below `root` that a URL of our scheme names; null when it is of another host, of a kind the window has no use for, or
 * would lie outside.
 */
export function findWindowFile(root: string, url: string): WindowFile | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== `${SCHEME}:` || host !== HOST) return null;
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`);
  const type = TYPES[extname(file)];
  if (type === undefined || !file.startsWith(resolve(root) + sep)) return null;
  return { path: file, type };
}

/** With each answer, also with one that there is no such file. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': makePolicy(null),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

export interface WindowAnswer {
  readonly status: 200 | 404;
  readonly headers: Record<string, string>;
  readonly body: Buffer<ArrayBuffer> | null;
}

/** What a request for a file of the built window below `root` gets. */
export async function readWindowFile(root: string, method: string, url: string): Promise<WindowAnswer> {
  const file = method === 'GET' ? findWindowFile(root, url) : null;
  const body = file === null ? null : await readFile(file.path).catch(() => null);
  if (file === null || body === null) return { status: 404, headers: { ...HEADERS }, body: null };
  return { status: 200, headers: { ...HEADERS, 'content-type': file.type }, body };
}
