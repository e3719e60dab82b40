export type ServerAddress =
  /** Origin and path prefix, without a slash at the end: what paths like `/api/login` are appended to. */
  | { readonly ok: true; readonly server: string }
  /** Says in English what is wrong, never quoting a password. */
  | { readonly ok: false; readonly detail: string };

/** What stands before a colon that no port and no password follows. */
const SCHEME = /^([a-z][a-z0-9+.-]*):(?:\/\/|(?!\d)(?![^/]*@)(?<!\..*))/i;

/** What an address is pasted with from a letter, a chat or a sentence; no square brackets, which an IPv6 address has. */
const BEFORE = /^[\s"'`“”„«»‘’‚‹›<(]+/;
const AFTER = /[\s"'`“”„«»‘’‚‹›>),.;]+$/;
/** Marks that are not seen: zero-width ones, those of writing direction, soft hyphens. */
const UNSEEN = /\p{Cf}/gu;

/**
 * A server's address as people type it. A bare host gets https; plain http is for this very machine only,
 * because a password must not cross a network in clear text.
 */
export function normaliseServer(typed: string): ServerAddress {
  const text = typed.replaceAll(UNSEEN, '').replace(BEFORE, '').replace(AFTER, '');
  if (text === '') return no('enter the address of the server');
  if (text.length > 2000) return no('the address is too long');
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') {
    return no(`${scheme}:// is not supported: use https://`);
  }
  const full = scheme === undefined ? `https://${text}` : text;
  if (!URL.canParse(full)) return no('this is not an address: expected something like contracts.example.com');
  const url = new URL(full);
  if (url.username !== '' || url.password !== '') {
    return no('the address must not hold a user name or password: use the fields below');
  }
  if (url.search !== '' || url.hash !== '') return no('the address must not hold “?” or “#”');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return no('http:// would send the password in clear text: use https://');
  }
  // The dot of the root names the same host, but no certificate does.
  url.hostname = url.hostname.replace(/\.+$/, '');
  return { ok: true, server: url.origin + url.pathname.replace(/\/+$/, '') };
}

/** Whether the address, as `normaliseServer` gives it, leads to this very machine. */
export function isOnThisMachine(server: string): boolean {
  return URL.canParse(server) && isLoopback(new URL(server).hostname);
}

function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || /^(.+\.)?localhost$/.test(hostname) || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function no(detail: string): ServerAddress {
  return { ok: false, detail };
}
