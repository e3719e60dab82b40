import { inSentence } from '../../protocol/wire-text.ts';
import type { PortalResult } from '../../protocol/ipc.ts';

type PortalProblem = Extract<PortalResult, { readonly ok: false }>['problem'];
export type PortalAddress =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly problem: PortalProblem };

/**
 * The contract's page in the web portal: the template of the server's origin with the id, percent-encoded, in each `{id}`.
 * `not_https` for any other scheme; `refused` for what is no address, carries credentials, or where the id, which
 * comes from the server, would decide to which place it leads.
 */
export function portalAddress(
  portals: Readonly<Record<string, string>>,
  server: string,
  contractId: string,
): PortalAddress {
  const origin = URL.canParse(server) ? new URL(server).origin : server;
  const template = Object.hasOwn(portals, origin) ? portals[origin] : undefined;
  if (template === undefined) return { ok: false, problem: 'no_template' };
  const plain = fill(template, 'x');
  const filled = isSendable(contractId) ? fill(template, encodeURIComponent(contractId)) : null;
  if (plain === null || filled === null) return { ok: false, problem: 'refused' };
  if (filled.protocol !== 'https:') return { ok: false, problem: 'not_https' };
  const sameOrigin = filled.origin === plain.origin && filled.host === plain.host;
  if (!sameOrigin || filled.username !== '' || filled.password !== '')
    return { ok: false, problem: 'refused' };
  // `.` and `..` are steps of a path, however they are encoded and wherever in the template they come from.
  if (shape(filled) !== shape(plain)) return { ok: false, problem: 'refused' };
  return { ok: true, url: filled.href };
}

function fill(template: string, id: string): URL | null {
  const text = template.replaceAll('{id}', () => id);
  return URL.canParse(text) ? new URL(text) : null;
}

/** How many parts its path has, and which of them are empty. */
const shape = (url: URL): string => url.pathname.replaceAll(/[^/]+/g, 'x');

/** Half a surrogate pair cannot be encoded. */
function isSendable(id: string): boolean {
  return id !== '' && !/\p{Surrogate}/u.test(id);
}

/** What goes into a mail or a ticket: id, title, and the address where there is one. */
export function referenceText(contractId: string, title: string, url: string | null): string {
  const line = title === '' ? inSentence(contractId) : `${inSentence(contractId)} — ${inSentence(title)}`;
  return url === null ? line : `${line}\n${url}`;
}
