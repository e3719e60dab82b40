import { protocol, type Session } from 'electron';
import { SCHEME, readWindowFile } from './window-files.ts';

/** Before `ready`: makes `app:` a standard, secure origin of its own, so that storage, workers and CSP work as on https. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built window from `folder` under our scheme. */
export function serveWindow(session: Session, folder: string): void {
  session.protocol.handle(SCHEME, async ({ method, url }) => {
    const { status, headers, body } = await readWindowFile(folder, method, url);
    return new Response(body, { status, headers });
  });
}
