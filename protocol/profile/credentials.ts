import * as v from 'valibot';

/** Scheme and host alone; http:// for this very machine only. */
export const ORIGIN =
  /^(?:https:\/\/[^\s/?#@\\]+|http:\/\/(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:[a-z0-9-]+\.)*localhost)(?::\d{1,5})?)$/;

/** OpenID Connect Discovery 1.0, section 3: without query and fragment; the origin in the form that browsers show. */
const ISSUER =
  /^(https:\/\/(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?|http:\/\/(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:[a-z0-9-]+\.)*localhost)(?::\d{1,5})?)(?:\/[^\s?#\\]*)?$/;

/** RFC 6749, section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
/** What a claim or a parameter of a request may be called here. */
const NAME = /^[\w.:/-]{1,200}$/;
/** They are the app's own: one that a profile could set would take a protection away. */
const OWN =
  /^(?:client_id|client_secret|code|code_challenge(?:_method)?|grant_type|nonce|redirect_uri|request(?:_uri)?|response_(?:mode|type)|scope|state)$/;

/**
 * OpenID Connect: a public client (no secret) that signs in by the person's browser. The app answers at
 * `http://127.0.0.1:PORT/callback`, with another port each time (RFC 8252, section 7.3).
 */
export const oidcSchema = v.strictObject({
  kind: v.literal('oidc', 'is "oidc" so far; without credentials the person gives a key'),
  issuer: v.pipe(
    v.string('give the issuer’s address, as "https://login.example.com/realms/main"'),
    v.maxLength(1000),
    v.regex(
      ISSUER,
      'give the issuer’s address, as "https://login.example.com/realms/main"; http:// for this machine only',
    ),
  ),
  clientId: v.pipe(
    v.string('give the client’s id, as it is registered with the issuer'),
    v.regex(/^[\x20-\x7e]{1,500}$/, 'has 1 to 500 letters, digits or signs of ASCII'),
  ),
  /** Default `openid` and `offline_access`. */
  scopes: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(SCOPE, 'is no scope: without spaces and quotes'))),
      v.maxLength(30, 'at most 30 scopes'),
      v.check((scopes) => scopes.includes('openid'), 'must have "openid" among them'),
    ),
  ),
  /** The claim of the ID token that is the user's id in addresses and names of events; default `sub`. */
  userId: v.optional(v.pipe(v.string(), v.regex(NAME, 'give the name of a claim, as "sub"'))),
  /** Where the issuer's endpoints lie, if elsewhere than the issuer. */
  origins: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.maxLength(300), v.regex(ORIGIN, 'give scheme and host alone'))),
      v.maxLength(5, 'at most 5 other origins'),
    ),
  ),
  /** More for the issuer's page, as `{"audience": "contracts"}`. */
  parameters: v.optional(
    v.pipe(
      v.record(
        v.pipe(
          v.string(),
          v.regex(NAME, 'is no name of a parameter'),
          v.check((name) => !OWN.test(name), 'is set by the app itself; take it out'),
        ),
        v.pipe(v.string(), v.maxLength(500, 'has at most 500 characters')),
      ),
      v.check((given) => Object.keys(given).length <= 10, 'at most 10 parameters'),
    ),
  ),
});

export type OidcCredentials = v.InferOutput<typeof oidcSchema>;

/** Scheme and host of the issuer. */
export const issuerOrigin = ({ issuer }: OidcCredentials): string => ISSUER.exec(issuer)?.[1] ?? '';

/** The origins that a sign-in by these credentials talks to, the issuer's first. */
export function originsOf(credentials: OidcCredentials): readonly string[] {
  return [...new Set([issuerOrigin(credentials), ...(credentials.origins ?? [])])];
}
