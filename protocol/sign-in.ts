import type { BrowserSignInProblem } from './sign-in-by-browser.ts';

/** Why nobody was signed in, as data. */
export type SignInProblem = ServerSignInProblem | BrowserSignInProblem;

/** Of the server itself, or of what the person gave. */
export type ServerSignInProblem =
  | { readonly code: 'wrong_password' }
  | { readonly code: 'wrong_key' }
  /** No request can carry this key in this header. */
  | { readonly code: 'unusable_key' }
  /** The profile puts the user's id into the address of the stream, and there this one would lead elsewhere. */
  | { readonly code: 'unusable_user_id' }
  /** Seconds until another try makes sense; null where the server did not say. */
  | { readonly code: 'throttled'; readonly retryAfterS: number | null }
  | { readonly code: 'unreachable'; readonly detail: string }
  /** `issuer`: of the server where people sign in, in place of the contracts' own. */
  | { readonly code: 'certificate'; readonly detail: string; readonly issuer?: string }
  /** It lets in only computers that show a certificate; the app shows none. */
  | { readonly code: 'client_certificate'; readonly detail: string; readonly issuer?: string }
  /** It answered, but not as our API does. */
  | { readonly code: 'not_conforming'; readonly detail: string }
  /** It sends us to another server. */
  | { readonly code: 'redirected'; readonly origin: string }
  /** It sends us round in a circle, or to no address. */
  | { readonly code: 'misdirected' }
  /** It let us in, with an access token that no header can carry. */
  | { readonly code: 'unusable_token' }
  | { readonly code: 'server_error'; readonly status: number }
  /** 403 in the API's own form: it understood, and does not let this account in. */
  | { readonly code: 'forbidden' }
  /** It takes a key for programs instead of a name and a password. */
  | { readonly code: 'api_key' }
  /** It asks for another kind of sign-in (`Basic`, `Negotiate`, …). */
  | { readonly code: 'other_sign_in'; readonly scheme: string }
  /** A page came in the server's name: of a gateway, a firewall or a network's own sign-in. */
  | { readonly code: 'gateway'; readonly status: number }
  /** Not a usable address (wrong scheme, no host; plain http is for loopback only). */
  | { readonly code: 'bad_address'; readonly detail: string }
  /** The chosen file is no server profile: `detail` names the field and what belongs there. */
  | { readonly code: 'bad_profile'; readonly detail: string }
  /** The person was asked whether to sign in there, and did not want to. */
  | { readonly code: 'not_confirmed' }
  /** This runtime is for development and tests: it signs in at servers on this very machine only. */
  | { readonly code: 'this_machine_only' }
  | { readonly code: 'busy' };
