/** Why a sign-in by the browser (OpenID Connect) did not come about. `issuer`: origin of the server where people sign in. */
export type BrowserSignInProblem =
  | { readonly code: 'issuer_unreachable'; readonly issuer: string; readonly detail: string }
  /** It answered, but not as OpenID Connect has it. */
  | { readonly code: 'issuer_malformed'; readonly issuer: string; readonly detail: string }
  /** It, or what came back by the browser, names another issuer than the profile. */
  | { readonly code: 'issuer_mismatch'; readonly issuer: string; readonly detail: string }
  /** It names an address at an origin that the profile does not. */
  | { readonly code: 'issuer_elsewhere'; readonly issuer: string; readonly origin: string }
  /** An OAuth error; `detail` begins with its code. */
  | { readonly code: 'issuer_refused'; readonly issuer: string; readonly detail: string }
  /** The person, or the issuer's rules, said no. */
  | { readonly code: 'access_denied'; readonly issuer: string }
  /** Only answers came that belong to another sign-in (`state`), until the time was over. */
  | { readonly code: 'wrong_state' }
  /** Nothing came back from the browser in time. */
  | { readonly code: 'browser_timeout' }
  /** The system has no browser to open. */
  | { readonly code: 'no_browser' }
  /** The person gave it up here. */
  | { readonly code: 'cancelled' }
  /** Without a refresh token the sign-in would end within the hour. */
  | { readonly code: 'no_refresh_token'; readonly issuer: string }
  /** By this computer's clock the ID token is over, or not valid yet. */
  | { readonly code: 'clock_skew'; readonly issuer: string }
  /** The ID token has no such claim, or none that could be a user's id. */
  | { readonly code: 'no_user_id'; readonly issuer: string; readonly claim: string }
  /** The contracts' server does not take the token that the issuer gave. */
  | { readonly code: 'token_refused' };
