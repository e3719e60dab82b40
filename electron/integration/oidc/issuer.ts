import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import OidcProvider, { type Configuration } from 'oidc-provider';
import { makeCertificate } from '../../../server-mock/http/certificate.ts';

/** A real OpenID provider over TLS, with one public client, `desk`; whoever types a name is let in. */
export interface Issuer {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly provider: OidcProvider;
  /** Method and path of each request. */
  readonly requests: string[];
  /** Access tokens that it takes, by whom they were given to. */
  subjectOf(accessToken: string): Promise<string | null>;
  /** Ends all that it has granted. */
  revokeAll(): Promise<void>;
  close(): Promise<void>;
}

/** `scheme` http: for a browser engine that trusts no certificate of ours. */
export async function startIssuer(
  given: Partial<Configuration> = {},
  scheme: 'http' | 'https' = 'https',
): Promise<Issuer> {
  const pems = await makeCertificate();
  const server = scheme === 'https' ? createServer({ key: pems.key, cert: pems.cert }) : createPlainServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const grants = new Set<string>();
  const requests: string[] = [];
  const provider = new OidcProvider(url, {
    clients: [
      {
        client_id: 'desk',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: ['http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    cookies: { keys: ['only for tests'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, name: `Name of ${sub}` }),
    }),
    claims: { openid: ['sub', 'name'] },
    conformIdTokenClaims: false,
    ttl: {
      AccessToken: 3600,
      Grant: 3600,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 600,
    },
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    ...given,
  });
  provider.on('grant.success', ({ oidc }) => {
    const grantId = oidc.entities.Grant?.jti;
    if (grantId !== undefined) grants.add(grantId);
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    requests.push(`${request.method} ${request.url?.replace(/\?.*$/, '')}`);
    void answer(request, response);
  });
  return {
    url,
    ca: pems.cert,
    provider,
    requests,
    async subjectOf(accessToken) {
      const found = await provider.AccessToken.find(accessToken);
      return found === undefined || found.isExpired ? null : (found.accountId ?? null);
    },
    async revokeAll() {
      for (const grantId of grants) {
        await provider.RefreshToken.revokeByGrantId(grantId);
        await provider.AccessToken.revokeByGrantId(grantId);
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
