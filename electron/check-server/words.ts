import type { ServerSignInProblem, SignInProblem } from '../../protocol/sign-in.ts';
import { PROBLEMS, VERDICTS } from './code-words.ts';
import { MEANINGS } from './meanings.ts';
import type { Finding, FindingCode, FindingParams } from '../../protocol/findings.ts';

/** A finding in plain English, for who runs the check at a prompt. */
export interface Said {
  /** What was seen. */
  readonly says: string;
  /** What that means for the person who uses the app; null where it is as it should be. */
  readonly means: string | null;
  /** What the backend's author should change; null where there is nothing to change. */
  readonly change: string | null;
}

const seconds = (ms: number): string => {
  const s = ms / 1000;
  return `${s < 10 ? Math.round(s * 10) / 10 : Math.round(s)} s`;
};
const UNBUFFER =
  'Send each event at once: flush after each write, switch compression of text/event-stream off, and let the proxy pass it on (nginx: "proxy_buffering off" or the answer’s header "X-Accel-Buffering: no").';

type Seen = Omit<Said, 'means'>;

const none = (says: string): Seen => ({ says, change: null });
const say = (says: string, change: string): Seen => ({ says, change });

const WORDS: { readonly [Code in FindingCode]: (params: FindingParams[Code]) => Seen } = {
  address_ok: ({ server }) => none(`${server} is an address the app can use.`),
  address_bad: ({ detail }) => none(`This is no address the app can use: ${detail}.`),
  address_secret: ({ names }) =>
    say(
      `The address carries what looks like a secret (${names}); it is not repeated here.`,
      'Take the key from a header: X-API-Key, or Authorization.',
    ),
  address_not_of_profile: ({ origin }) =>
    none(`The profile is for ${origin}, and credentials go nowhere else.`),
  user_missing: () => none('The profile needs the user’s id: say --user ID.'),
  name_ok: ({ host, addresses }) => none(`${host} is ${addresses}.`),
  name_unknown: ({ host, detail }) =>
    say(`${host} has no address: ${detail}.`, 'Enter the name into DNS, or give another address.'),
  connection_secure: () => none('Encrypted (TLS), with a certificate that is trusted.'),
  connection_plain: () =>
    none('Not encrypted, which is fine on this machine; elsewhere the app demands https.'),
  certificate: ({ detail }) =>
    say(
      `The certificate is not trusted: ${detail}.`,
      'Serve the full chain of a certificate for this name that is valid now. For a company’s own authority: NODE_EXTRA_CA_CERTS=FILE.',
    ),
  client_certificate: ({ detail }) =>
    say(
      `The server asks for a client certificate: ${detail}.`,
      'Offer an address that asks for none (nginx: ssl_verify_client off).',
    ),
  unreachable: ({ detail }) =>
    say(`No answer comes from there: ${detail}.`, 'Let the server listen at this address and port.'),
  no_answer: ({ ms }) =>
    say(
      `Connected, but no headers came within ${seconds(ms)}.`,
      `Send status and headers at once, before the first event (flushHeaders). ${UNBUFFER}`,
    ),
  signed_in: ({ userId }) => none(`Signed in; the user’s id is ${userId}.`),
  key_given: ({ header }) => none(`The key is sent in the header ${header}.`),
  nobody: () => none('Nobody signed in: the server was asked without credentials.'),
  sign_in_failed: ({ problem }) => {
    const [says, change] = isOfServer(problem) ? PROBLEMS[problem.code] : [problem.code, 'Nothing.'];
    const more = 'detail' in problem ? ` (${problem.detail})` : '';
    return say(`Sign-in failed: ${says}${more}.`, change);
  },
  key_refused: ({ challenge }) =>
    say(
      `The server refuses the credentials with 401${challenge === '' ? '' : ` (${challenge})`}.`,
      'If they are right: the stream must take the same credentials as the rest.',
    ),
  key_wanted: ({ challenge }) =>
    say(
      `The server wants credentials (401${challenge === '' ? '' : `, ${challenge}`}).`,
      'Nothing: check with --key or --password.',
    ),
  forbidden: ({ status }) =>
    say(
      `The stream is refused with ${status}.`,
      'Let this user listen. 403 makes the app stop until somebody acts.',
    ),
  session_ended: () =>
    say('The server ended the session during the check.', 'Answer POST /api/refresh with new tokens.'),
  stream_ok: ({ path, type }) => none(`${path} is an event stream (${type}).`),
  stream_elsewhere: ({ path }) =>
    say(
      `The stream is at ${path}, not at /api/events.`,
      'Nothing, with a profile that names the path; or serve it at /api/events.',
    ),
  stream_page: ({ status }) =>
    say(
      `A web page comes in place of the stream (${status}, text/html).`,
      'Give the stream’s own address. If it is this: answer with "Content-Type: text/event-stream", and set it before the first write (PHP: header(…) first).',
    ),
  stream_type: ({ detail }) =>
    say(
      `What comes is no event stream: ${detail}.`,
      'Answer with "Content-Type: text/event-stream" and without Content-Encoding.',
    ),
  stream_status: ({ status }) =>
    say(
      `The stream is answered with ${status}.`,
      'Answer 200 with an event stream; 503 with Retry-After while it cannot be had.',
    ),
  stream_redirected: ({ detail }) =>
    say(
      `The stream sends us where the app does not go: ${detail}.`,
      'Serve it at its own origin: credentials are not carried to another one.',
    ),
  stream_no_content: () =>
    say(
      'The stream is answered with 204, by which the app stops.',
      'Answer 200 and wait while there is nothing.',
    ),
  stream_missing: ({ tried }) =>
    say(
      `No stream was found; asked for: ${tried}.`,
      'Give the stream’s own address, or a profile with its path.',
    ),
  stream_failed: ({ detail }) =>
    say(`The stream could not be used: ${detail}.`, 'Answer 200 with an event stream.'),
  stream_ends_at_once: ({ times, ms }) =>
    say(
      `The server ends each stream within ${seconds(ms)} (${times} times).`,
      'Keep the response open: loop and flush, or wait; end only when the client has gone.',
    ),
  stream_cut: ({ times, detail }) =>
    say(
      `The stream was cut ${times === 1 ? 'once' : `${times} times`} while it was listened to: ${detail}.`,
      'Keep it open; raise the read timeouts of server and proxy (nginx: proxy_read_timeout 1h) and send a comment every 15 s.',
    ),
  first_byte_ok: ({ ms }) => none(`The first byte came after ${seconds(ms)}.`),
  first_byte_none: ({ ms }) =>
    say(
      `The headers came, and not one byte within ${seconds(ms)}.`,
      `Begin with a comment (": hello" and an empty line). ${UNBUFFER}`,
    ),
  held_back: ({ ms }) =>
    say(
      `Long polling brings at once what the stream has not brought in ${seconds(ms)}: something holds the stream back.`,
      UNBUFFER,
    ),
  pieces_tiny: ({ bytes }) =>
    say(
      `The stream comes in pieces of ${bytes} byte${bytes === 1 ? '' : 's'}: it works, and costs.`,
      'Write each event in one piece.',
    ),
  heartbeat_announced: ({ ms }) =>
    none(`A heartbeat is announced every ${seconds(ms)}: the app knows a dead connection after two.`),
  heartbeat_seen: ({ ms }) => none(`A sign of life comes every ${seconds(ms)} or so.`),
  heartbeat_unknown: ({ ms }) =>
    none(
      `No heartbeat was seen in ${seconds(ms)}; listen longer (--seconds 60) to know whether there is one.`,
    ),
  heartbeat_none: ({ ms }) =>
    say(
      `No sign of life comes between events (listened for ${seconds(ms)}).`,
      'Send a comment (": keep-alive" and an empty line) every 15 s: without it a dead connection is known after 90 s only, and proxies cut an idle one.',
    ),
  heartbeat_missed: ({ detail }) =>
    say(`The stream fell silent: ${detail}.`, 'Send the heartbeat as long as the connection is open.'),
  events_ok: ({ count, contracts }) =>
    none(
      `${count} change${count === 1 ? '' : 's'} of ${contracts} contract${contracts === 1 ? '' : 's'} came and can be shown.`,
    ),
  events_none: ({ ms }) =>
    none(`No event came in ${seconds(ms)}: let one happen, or listen longer (--seconds 120).`),
  events_foreign: ({ names, expected }) =>
    say(
      `Events came, and none is called as expected. Came: ${names}. Expected: ${expected}.`,
      'Name them so, or use a profile that names them.',
    ),
  events_others: ({ count, names }) =>
    none(`${count} event${count === 1 ? '' : 's'} of other names came and would only be counted: ${names}.`),
  user_guessed: ({ userId }) =>
    none(`By the events’ names the user’s id is ${userId}: it was not given (--user).`),
  event_unreadable: ({ count, reason }) =>
    say(
      `${count} event${count === 1 ? '' : 's'} cannot be read and would be set aside: ${reason}.`,
      'Send the payload as agreed, one JSON object in data, or correct the profile’s mapping.',
    ),
  control_unreadable: ({ name, reason }) =>
    say(`A ${name} is not as agreed: ${reason}.`, 'Send {"head": ID or null, "at": TIME, "heartbeatMs": N}.'),
  event_too_large: ({ bytes }) =>
    say(
      `An event of ${bytes} bytes is over the bound of 1 MiB and would be set aside.`,
      'Keep events small: ids and links in place of documents.',
    ),
  status_unknown: ({ statuses }) =>
    say(`Statuses that the app has no word for, shown as they are: ${statuses}.`, 'Map them in a profile.'),
  ids_ok: () => none('Ids are EPOCH-SEQUENCE: what is missing can be seen.'),
  ids_opaque: () => none('Ids are the server’s own: good for resuming, no proof that nothing is missing.'),
  ids_none: () =>
    say(
      'Events have no id.',
      'Send "id:" with each event, and keep it over restarts: it is where the app resumes.',
    ),
  ids_differ: ({ sse, envelope }) =>
    say(
      `The event ${sse} calls itself ${envelope}.`,
      'Let the "id:" line and the payload’s "id" be the same.',
    ),
  ids_repeated: ({ id, times }) =>
    say(
      `The same event came again (${id}${times > 1 ? ` and ${times - 1} more` : ''}).`,
      'Send each event once to a connection. The app shows it once in any case.',
    ),
  ids_reused: ({ id }) =>
    say(
      `The id ${id} stands for two different events.`,
      'Keep the counter over restarts and connections, or begin a new epoch (e8-…) with each.',
    ),
  ids_disorder: ({ id, after }) =>
    say(`${id} came after ${after}.`, 'Send events in the order of their ids, from one log.'),
  ids_gap: ({ after, before }) =>
    say(`Between ${after} and ${before} something is missing.`, 'Send every event of the user’s log.'),
  ids_new_epoch: ({ from, to }) =>
    say(
      `The log began anew during the check (${from}, then ${to}).`,
      'Begin a new epoch only where a log was lost: the app must then fetch everything anew.',
    ),
  heads_ok: () => none('The server names its newest event, and that has come.'),
  heads_none: () =>
    none(
      'The server does not name its newest event (StreamHead): without it nothing proves that all has come.',
    ),
  head_ahead: ({ head, last }) =>
    say(
      `The server says that ${head} is its newest event; the last that came is ${last}.`,
      'Send the events before the head that names them.',
    ),
  resume_ok: ({ count }) =>
    none(`After a cut ${count === 1 ? 'the event' : `the ${count} events`} behind Last-Event-ID came again.`),
  resume_unproven: () =>
    none(
      'Whether what happens during a cut is sent later could not be seen: two events with ids are needed for it.',
    ),
  resume_impossible: () =>
    say(
      'Without ids nothing can be asked for after a cut: what happens meanwhile is lost.',
      'Send "id:" with each event.',
    ),
  resume_none: ({ id }) =>
    say(
      `Asked for what follows ${id} (Last-Event-ID), the server sent none of it.`,
      'Read the header Last-Event-ID and send the events after it first. Without that each cut loses events.',
    ),
  resume_partly: ({ missing, of }) =>
    say(
      `After a cut ${missing} of ${of} events did not come again.`,
      'Keep events longer, and send all after Last-Event-ID.',
    ),
  resume_early: ({ count }) =>
    say(
      `After a cut ${count} event${count === 1 ? '' : 's'} that had been taken came again.`,
      'Begin behind Last-Event-ID, not at it or at the start. The app shows each once in any case.',
    ),
  resume_stale: ({ id }) =>
    say(
      `The server no longer has what follows ${id} (StreamStale).`,
      'Keep events for days: laptops sleep over the weekend.',
    ),
  resume_failed: ({ detail }) =>
    say(`The second connection failed: ${detail}.`, 'Take a client back at once.'),
  delay_none: () => none('Heads come when they are sent: nothing on the way holds them back.'),
  delay_unknown: () =>
    none('Whether something on the way holds events back cannot be told: no head names the time.'),
  delay_found: ({ ms }) => say(`What comes was sent ${seconds(ms)} before.`, UNBUFFER),
  clock_off: ({ ms }) =>
    say(`The server’s clock and this computer’s are ${seconds(Math.abs(ms))} apart.`, 'Set both by NTP.'),
  polling_ok: () =>
    none('Long polling is served too: the app falls back on it where a stream does not get through.'),
  polling_none: () => none('No long polling: where a proxy lets no stream through, nothing comes.'),
  browser_allowed: ({ origin }) =>
    none(
      `Web pages of ${origin === '*' ? 'any origin' : origin} may listen, without cookies. The app needs none of it.`,
    ),
  browser_any: () =>
    say(
      'Web pages of any origin may listen with the person’s cookies.',
      'Allow the origins that need it by a list; the app needs none.',
    ),
  browser_refused: () =>
    none('Web pages of other origins may not listen. The app is no web page, and needs no CORS.'),
  list_ok: ({ count }) =>
    none(`GET /api/contracts brought ${count} contract${count === 1 ? '' : 's'} on its first page.`),
  list_not_asked: () => none('By the profile the server has no list of contracts, and is not asked for one.'),
  list_missing: () =>
    none('The server has no list of contracts (its own 404): contracts appear as they change.'),
  list_not_own: ({ detail }) =>
    say(
      `GET /api/contracts is answered in a form that may be anybody’s (${detail}): the app goes on asking.`,
      'Answer errors as application/problem+json, or use a profile with "snapshot": false.',
    ),
  list_failed: ({ detail }) =>
    say(`GET /api/contracts failed: ${detail}.`, 'Answer as docs/your-own-backend.md says.'),
  history_ok: ({ count }) =>
    none(`The history of a contract brought ${count} event${count === 1 ? '' : 's'}.`),
  history_missing: ({ detail }) =>
    none(`There is no history of a contract (${detail}): gaps heal by the list alone.`),
  history_failed: ({ detail }) =>
    say(`The history of a contract failed: ${detail}.`, 'Answer with {"events": [envelopes], "next": null}.'),
  acknowledge_untried: () =>
    none(
      'Whether acknowledgements are taken was not tried: this check writes nothing. --try-acknowledge does.',
    ),
  acknowledge_ok: () =>
    none('Acknowledgements are taken (tried with one of nothing, which was refused as it should be).'),
  acknowledge_missing: ({ detail }) => none(`Acknowledgements are not taken (${detail}).`),
  acknowledge_careless: () =>
    say(
      'An acknowledgement of no event was taken.',
      'Refuse one whose eventId or version is none, with 400 or 422.',
    ),
  out_of_time: ({ ms }) =>
    say(
      `The check was ended after ${seconds(ms)}, before it was through.`,
      'Answer each call within a few seconds.',
    ),
  receipt: ({ verdict }) => none(`The receipt will say ${VERDICTS[verdict]}.`),
  profile_works: () => none('With this profile the events are rows.'),
  profile_proposed: ({ open }) =>
    none(
      `A profile for this server is proposed below; look at each line of it.${open === '' ? '' : ` Translate these statuses: ${open}.`}`,
    ),
  profile_not_needed: () => none('The server speaks as Contract Pulse does: no profile is needed.'),
  profile_unknown: () =>
    none(
      'No profile can be proposed: nothing that came looks like a contract with a status. docs/server-profiles.md says how to write one.',
    ),
};

export function sayFinding<Code extends FindingCode>(finding: Extract<Finding, { code: Code }>): Said {
  const words = WORDS[finding.code] as (params: Finding['params']) => Seen;
  return { ...words(finding.params), means: MEANINGS[finding.code] };
}

/** Nobody signs in by the browser here. */
const isOfServer = (problem: SignInProblem): problem is ServerSignInProblem =>
  Object.hasOwn(PROBLEMS, problem.code);
