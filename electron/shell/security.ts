import { app, type Session, type WebContents } from 'electron';
import type { Log } from '../ports/log.ts';
import { ORIGIN, makePolicy } from './window-files.ts';

/**
 * The window's session: no permission is ever given, nothing is downloaded, and nothing but our own files is loaded, whatever a page
 * manages to ask for. `devUrl` is the development server, the one exception.
 */
export function lockSession(session: Session, devUrl: string | null): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  const devSocket = devUrl?.replace(/^http/, 'ws');
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const isOwn = url.startsWith(`${ORIGIN}/`) || url.startsWith('devtools:');
    const isDev =
      devUrl !== null &&
      (url.startsWith(`${devUrl}/`) || url.startsWith(`${devSocket}/`) || url.startsWith('data:'));
    answer({ cancel: !isOwn && !isDev });
  });
  if (devUrl !== null) {
    session.webRequest.onHeadersReceived(({ url, responseHeaders }, answer) => {
      if (!url.startsWith(`${devUrl}/`)) return answer({});
      answer({ responseHeaders: { ...responseHeaders, 'Content-Security-Policy': [makePolicy(devUrl)] } });
    });
  }
}

/** A port that only root could open, where nobody listens; proxies are not bound by Chromium's list of unsafe ports. */
const DEAD_PROXY = 'http://127.0.0.1:1';

/**
 * WebRTC is bound by no policy of the page: what a window knows could leave as the user name at a relay. It may use UDP only through a
 * proxy, and the session's proxy leads nowhere; nor does anything else of the session need one. Resolves when it holds; nothing may be
 * loaded before.
 */
export function closeNetwork(session: Session, devUrl: string | null): Promise<void> {
  const own = devUrl === null ? '' : `;${new URL(devUrl).host}`;
  return session.setProxy({
    mode: 'fixed_servers',
    proxyRules: DEAD_PROXY,
    // Loopback would go past the proxy otherwise.
    proxyBypassRules: `<-loopback>${own}`,
  });
}

function lockContents(contents: WebContents, log: Log): void {
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.on('will-frame-navigate', (event) => {
    // The page may load itself again; hot reload does.
    if (event.isMainFrame && event.url === contents.getURL()) return;
    event.preventDefault();
    log.warn('a navigation of the window was denied');
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log.warn('a webview was denied');
  });
  // Not handed to the browser either: an address can carry away what the window knows.
  contents.setWindowOpenHandler(() => {
    log.warn('a new window was denied');
    return { action: 'deny' };
  });
}

/**
 * Before `ready`: whatever web contents ever come to be, they navigate nowhere, open nothing, and have no name of a host looked up. No
 * server is shown a client certificate.
 */
export function lockDown(log: Log): void {
  // A link of the kind `dns-prefetch` has its host looked up, past policy, proxy and our own look at requests: a name can carry
  // away what the window knows. What turns it off for a page (`x-dns-prefetch-control`) is not asked for such links.
  app.commandLine.appendSwitch('blink-settings', 'dnsPrefetchingEnabled=false');
  // Unasked, the first certificate of the system's store that fits would be shown: it tells any server who the person is.
  app.on('select-client-certificate', (event, _contents, _url, _certificates, choose) => {
    event.preventDefault();
    choose();
    log.warn('a server asked for a client certificate and got none');
  });
  app.on('web-contents-created', (_event, contents) => lockContents(contents, log));
}
