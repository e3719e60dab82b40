import type { ServerSignInProblem } from '../../protocol/sign-in.ts';
import type { Verdict } from '../../protocol/receipt.ts';
import type { Step } from '../../protocol/findings.ts';

/** Why a sign-in failed, and what to change. */
export const PROBLEMS: Readonly<Record<ServerSignInProblem['code'], readonly [string, string]>> = {
  wrong_password: ['name or password is wrong, by the server’s answer', 'Nothing, if they are.'],
  wrong_key: ['the server refuses this key', 'Nothing, if the key is wrong.'],
  unusable_key: [
    'no request can carry this key in this header',
    'Give out keys of visible ASCII characters without spaces.',
  ],
  unusable_user_id: [
    'this user’s id cannot stand in the address of the stream: there it would lead elsewhere',
    'Give out ids other than "." and "..", or take the id out of the stream’s path.',
  ],
  throttled: ['the server asks to wait before another sign-in', 'Nothing: try again later.'],
  unreachable: ['the server cannot be reached', 'Let it listen at this address.'],
  certificate: ['the certificate is not trusted', 'Serve a certificate that computers trust.'],
  client_certificate: [
    'the server asks for a client certificate',
    'Offer an address that asks for none: the app never shows one.',
  ],
  not_conforming: [
    'the answer to POST /api/login is not as agreed',
    'Answer 200 with {"accessToken", "refreshToken", "expiresIn", "user": {"id", "name"}}, or give out keys and check with --key.',
  ],
  redirected: ['the sign-in leads to another server', 'Answer POST /api/login where it is asked.'],
  misdirected: [
    'the sign-in leads round in a circle, or nowhere',
    'Answer POST /api/login where it is asked.',
  ],
  unusable_token: [
    'the access token holds characters that no header can carry',
    'Give out tokens of visible ASCII characters.',
  ],
  server_error: ['the server failed over the sign-in', 'Look into the server’s log.'],
  forbidden: ['the server knows this account and does not let it in', 'Give the account access.'],
  api_key: ['the server takes a key in place of name and password', 'Nothing: check with --key.'],
  other_sign_in: [
    'the server asks for another kind of sign-in',
    'Offer POST /api/login, or a key or bearer token (--key).',
  ],
  gateway: [
    'a page answers in the server’s name, as of a gateway or a network’s own sign-in',
    'Let programs through to the API without a page in between.',
  ],
  bad_address: ['this is no usable address', 'Nothing.'],
  bad_profile: ['the profile is none', 'Correct the profile.'],
  not_confirmed: ['the address was not confirmed', 'Nothing.'],
  this_machine_only: ['only servers on this machine may be used here', 'Nothing.'],
  busy: ['a sign-in is under way', 'Nothing.'],
};

/** What the receipt will say, in the window's own words, and why. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  complete: '“Complete up to” its newest event: the server names that, and the app can prove the rest',
  confirming:
    '“No gap so far. The server has not yet confirmed the newest changes.”: neither an event nor a head has come',
  no_gap_seen:
    '“No gap seen. So far this server has offered no way to check further”: its ids, or missing heads, allow no proof',
  no_baseline:
    '“No gap seen. The list of all your contracts could not be fetched yet”: it is asked for again and again',
  no_list: '“No gap seen. This server offers no list of contracts”: those that do not change are not known',
  gaps: 'that there are gaps: something of what came cannot be read, or did not come',
  nothing_yet: '“Nothing has been received yet.”',
};

export const STEP_NAMES: Readonly<Record<Step, string>> = {
  address: 'Address',
  name: 'Name (DNS)',
  connection: 'Connection',
  sign_in: 'Sign-in',
  list: 'List of contracts',
  stream: 'Stream',
  first_byte: 'First byte',
  heartbeat: 'Heartbeat',
  events: 'Events',
  ids: 'Ids and heads',
  resume: 'Resume after a cut',
  delay: 'Delay',
  other_transport: 'Long polling',
  browser: 'Web pages (CORS)',
  history: 'History',
  acknowledge: 'Acknowledge',
  receipt: 'Receipt',
  profile: 'Profile',
};
