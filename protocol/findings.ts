import type { SignInProblem } from './sign-in.ts';
import type { Verdict } from './receipt.ts';

/** The steps of a check, in the order in which they are told. */
export const STEPS = [
  'address',
  'name',
  'connection',
  'sign_in',
  'list',
  'stream',
  'first_byte',
  'heartbeat',
  'events',
  'ids',
  'resume',
  'delay',
  'other_transport',
  'browser',
  'history',
  'acknowledge',
  'receipt',
  'profile',
] as const;
export type Step = (typeof STEPS)[number];

/**
 * `fault`: something the app's promise rests on is broken. `note`: the app works without, and says less; or this check cannot tell.
 */
export type Weight = 'ok' | 'note' | 'fault';

interface None {
  readonly [name: string]: never;
}

/** What can be found, with what its sentence needs. Durations are in ms. */
export interface FindingParams {
  address_ok: { readonly server: string };
  address_bad: { readonly detail: string };
  address_secret: { readonly names: string };
  address_not_of_profile: { readonly origin: string };
  user_missing: None;
  name_ok: { readonly host: string; readonly addresses: string };
  name_unknown: { readonly host: string; readonly detail: string };
  connection_secure: None;
  connection_plain: None;
  certificate: { readonly detail: string };
  client_certificate: { readonly detail: string };
  unreachable: { readonly detail: string };
  no_answer: { readonly ms: number };
  signed_in: { readonly userId: string };
  key_given: { readonly header: string };
  nobody: None;
  sign_in_failed: { readonly problem: SignInProblem };
  key_refused: { readonly challenge: string };
  key_wanted: { readonly challenge: string };
  forbidden: { readonly status: number };
  session_ended: None;
  stream_ok: { readonly path: string; readonly type: string };
  stream_elsewhere: { readonly path: string };
  stream_page: { readonly status: number };
  stream_type: { readonly detail: string };
  stream_status: { readonly status: number };
  stream_redirected: { readonly detail: string };
  stream_no_content: None;
  stream_missing: { readonly tried: string };
  stream_failed: { readonly detail: string };
  stream_ends_at_once: { readonly times: number; readonly ms: number };
  stream_cut: { readonly times: number; readonly detail: string };
  first_byte_ok: { readonly ms: number };
  first_byte_none: { readonly ms: number };
  held_back: { readonly ms: number };
  pieces_tiny: { readonly bytes: number };
  heartbeat_announced: { readonly ms: number };
  heartbeat_seen: { readonly ms: number };
  heartbeat_unknown: { readonly ms: number };
  heartbeat_none: { readonly ms: number };
  heartbeat_missed: { readonly detail: string };
  events_ok: { readonly count: number; readonly contracts: number };
  events_none: { readonly ms: number };
  events_foreign: { readonly names: string; readonly expected: string };
  events_others: { readonly count: number; readonly names: string };
  user_guessed: { readonly userId: string };
  event_unreadable: { readonly count: number; readonly reason: string };
  control_unreadable: { readonly name: string; readonly reason: string };
  event_too_large: { readonly bytes: number };
  status_unknown: { readonly statuses: string };
  ids_ok: None;
  ids_opaque: None;
  ids_none: None;
  ids_differ: { readonly sse: string; readonly envelope: string };
  ids_repeated: { readonly id: string; readonly times: number };
  ids_reused: { readonly id: string };
  ids_disorder: { readonly id: string; readonly after: string };
  ids_gap: { readonly after: string; readonly before: string };
  ids_new_epoch: { readonly from: string; readonly to: string };
  heads_ok: None;
  heads_none: None;
  head_ahead: { readonly head: string; readonly last: string };
  resume_ok: { readonly count: number };
  resume_unproven: None;
  resume_impossible: None;
  resume_none: { readonly id: string };
  resume_partly: { readonly missing: number; readonly of: number };
  resume_early: { readonly count: number };
  resume_stale: { readonly id: string };
  resume_failed: { readonly detail: string };
  delay_none: None;
  delay_unknown: None;
  delay_found: { readonly ms: number };
  clock_off: { readonly ms: number };
  polling_ok: None;
  polling_none: None;
  browser_allowed: { readonly origin: string };
  browser_any: None;
  browser_refused: None;
  list_ok: { readonly count: number };
  list_not_asked: None;
  list_missing: None;
  list_not_own: { readonly detail: string };
  list_failed: { readonly detail: string };
  history_ok: { readonly count: number };
  history_missing: { readonly detail: string };
  history_failed: { readonly detail: string };
  acknowledge_untried: None;
  acknowledge_ok: None;
  acknowledge_missing: { readonly detail: string };
  acknowledge_careless: { readonly status: string };
  out_of_time: { readonly ms: number };
  receipt: { readonly verdict: Verdict };
  profile_works: None;
  profile_proposed: { readonly open: string };
  profile_not_needed: None;
  profile_unknown: None;
}
export type FindingCode = keyof FindingParams;

export type Finding = {
  [Code in FindingCode]: { readonly code: Code; readonly params: FindingParams[Code] };
}[FindingCode];

/** Where each belongs, and how much it weighs. */
export const CATALOG: Readonly<Record<FindingCode, readonly [Step, Weight]>> = {
  address_ok: ['address', 'ok'],
  address_bad: ['address', 'fault'],
  address_secret: ['address', 'fault'],
  address_not_of_profile: ['address', 'fault'],
  user_missing: ['address', 'fault'],
  name_ok: ['name', 'ok'],
  name_unknown: ['name', 'fault'],
  connection_secure: ['connection', 'ok'],
  connection_plain: ['connection', 'ok'],
  certificate: ['connection', 'fault'],
  client_certificate: ['connection', 'fault'],
  unreachable: ['connection', 'fault'],
  no_answer: ['connection', 'fault'],
  signed_in: ['sign_in', 'ok'],
  key_given: ['sign_in', 'ok'],
  nobody: ['sign_in', 'note'],
  sign_in_failed: ['sign_in', 'fault'],
  key_refused: ['sign_in', 'fault'],
  key_wanted: ['sign_in', 'fault'],
  forbidden: ['sign_in', 'fault'],
  session_ended: ['sign_in', 'fault'],
  stream_ok: ['stream', 'ok'],
  stream_elsewhere: ['stream', 'note'],
  stream_page: ['stream', 'fault'],
  stream_type: ['stream', 'fault'],
  stream_status: ['stream', 'fault'],
  stream_redirected: ['stream', 'fault'],
  stream_no_content: ['stream', 'fault'],
  stream_missing: ['stream', 'fault'],
  stream_failed: ['stream', 'fault'],
  stream_ends_at_once: ['stream', 'fault'],
  stream_cut: ['stream', 'fault'],
  first_byte_ok: ['first_byte', 'ok'],
  first_byte_none: ['first_byte', 'fault'],
  held_back: ['first_byte', 'fault'],
  pieces_tiny: ['first_byte', 'note'],
  heartbeat_announced: ['heartbeat', 'ok'],
  heartbeat_seen: ['heartbeat', 'ok'],
  heartbeat_unknown: ['heartbeat', 'note'],
  heartbeat_none: ['heartbeat', 'fault'],
  heartbeat_missed: ['heartbeat', 'fault'],
  events_ok: ['events', 'ok'],
  events_none: ['events', 'note'],
  events_foreign: ['events', 'fault'],
  events_others: ['events', 'note'],
  user_guessed: ['events', 'note'],
  event_unreadable: ['events', 'fault'],
  control_unreadable: ['events', 'fault'],
  event_too_large: ['events', 'fault'],
  status_unknown: ['events', 'note'],
  ids_ok: ['ids', 'ok'],
  ids_opaque: ['ids', 'note'],
  ids_none: ['ids', 'fault'],
  ids_differ: ['ids', 'fault'],
  ids_repeated: ['ids', 'fault'],
  ids_reused: ['ids', 'fault'],
  ids_disorder: ['ids', 'fault'],
  ids_gap: ['ids', 'fault'],
  ids_new_epoch: ['ids', 'fault'],
  heads_ok: ['ids', 'ok'],
  heads_none: ['ids', 'note'],
  head_ahead: ['ids', 'fault'],
  resume_ok: ['resume', 'ok'],
  resume_unproven: ['resume', 'note'],
  resume_impossible: ['resume', 'fault'],
  resume_none: ['resume', 'fault'],
  resume_partly: ['resume', 'fault'],
  resume_early: ['resume', 'fault'],
  resume_stale: ['resume', 'fault'],
  resume_failed: ['resume', 'fault'],
  delay_none: ['delay', 'ok'],
  delay_unknown: ['delay', 'note'],
  delay_found: ['delay', 'fault'],
  clock_off: ['delay', 'fault'],
  polling_ok: ['other_transport', 'ok'],
  polling_none: ['other_transport', 'note'],
  browser_allowed: ['browser', 'ok'],
  browser_any: ['browser', 'note'],
  browser_refused: ['browser', 'ok'],
  list_ok: ['list', 'ok'],
  list_not_asked: ['list', 'ok'],
  list_missing: ['list', 'note'],
  list_not_own: ['list', 'note'],
  list_failed: ['list', 'fault'],
  history_ok: ['history', 'ok'],
  history_missing: ['history', 'note'],
  history_failed: ['history', 'fault'],
  acknowledge_untried: ['acknowledge', 'note'],
  acknowledge_ok: ['acknowledge', 'ok'],
  acknowledge_missing: ['acknowledge', 'note'],
  acknowledge_careless: ['acknowledge', 'fault'],
  out_of_time: ['receipt', 'fault'],
  receipt: ['receipt', 'ok'],
  profile_works: ['profile', 'ok'],
  profile_proposed: ['profile', 'note'],
  profile_not_needed: ['profile', 'ok'],
  profile_unknown: ['profile', 'note'],
};

export const weightOf = ({ code }: Finding): Weight => CATALOG[code][1];
export const stepOf = ({ code }: Finding): Step => CATALOG[code][0];

type Bare = {
  [Code in FindingCode]: FindingParams[Code] extends None ? Code : never;
}[FindingCode];

export function found<Code extends Bare>(code: Code): Finding;
export function found<Code extends FindingCode>(code: Code, params: FindingParams[Code]): Finding;
export function found(code: FindingCode, params: object = {}): Finding {
  return { code, params } as Finding;
}
