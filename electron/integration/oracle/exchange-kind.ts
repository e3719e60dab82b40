export type ExchangeKind =
  | 'stream'
  | 'poll'
  | 'snapshot'
  | 'preview'
  | 'history'
  | 'acknowledge'
  | 'login'
  | 'refresh'
  | 'logout'
  | 'other';

/** What is asked for by an address of the API. */
export function kindOf(url: URL): { readonly kind: ExchangeKind; readonly contractId: string | null } {
  const { pathname, searchParams } = url;
  const contract = /^\/api\/contracts\/([^/]+)\/(history|acknowledgements)/.exec(pathname);
  if (contract !== null) {
    const contractId = decodeURIComponent(contract[1] as string);
    return { kind: contract[2] === 'history' ? 'history' : 'acknowledge', contractId };
  }
  const kinds: Readonly<Record<string, ExchangeKind>> = {
    '/api/login': 'login',
    '/api/refresh': 'refresh',
    '/api/logout': 'logout',
    '/api/contracts': searchParams.has('since') ? 'preview' : 'snapshot',
    '/api/events': searchParams.has('wait') ? 'poll' : 'stream',
  };
  return { kind: kinds[pathname] ?? 'other', contractId: null };
}
