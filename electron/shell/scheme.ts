import { protocol, type Session } from 'electron';
import { readFile } from 'node:fs/promises';
import { SCHEME, findWindowFile, makePolicy } from './window-files.ts';

/** Before `ready`: makes `app:` a standard, secure origin of its own, so that storage, workers and CSP work as on https. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built window from `folder` under our scheme, each answer with the policy. */
export function serveWindow(session: Session, folder: string): void {
  const headers = {
    'content-security-policy': makePolicy(null),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
  session.protocol.handle(SCHEME, async (request) => {
    const file = request.method === 'GET' ? findWindowFile(folder, request.url) : null;
    if (file === null) return new Response(null, { status: 404, headers });
    try {
      return new Response(await readFile(file.path), { headers: { ...headers, 'content-type': file.type } });
    } catch {
      return new Response(null, { status: 404, headers });
    }
  });
}
