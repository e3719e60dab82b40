/** What the check of a server finds. What stands between backticks is shown as code; `change` is for the server’s author. */
export const findings = {
  finding: {
    address_ok: {
      says: '{{server}} can be used.',
    },
    address_bad: {
      says: 'This is no address the app can use.',
      change: 'Nothing. Give a host, or an address that begins with https://.',
    },
    address_secret: {
      says: 'The address seems to carry a secret ({{names}}). It is not repeated here.',
      change: 'Take the key from a header: `X-API-Key` or `Authorization`.',
    },
    address_not_of_profile: {
      says: 'The profile is for {{origin}}, and credentials go nowhere else.',
      change: 'Nothing. Enter the address of the profile, or drop the profile.',
    },
    user_missing: {
      says: 'The profile needs your user ID. Enter it beside the key.',
      change: 'Nothing.',
    },
    name_ok: {
      says: '{{host}} is {{addresses}}.',
    },
    name_unknown: {
      says: '{{host}} has no address.',
      change: 'Enter the name into DNS, or give another address.',
    },
    connection_secure: {
      says: 'Encrypted, with a certificate that is trusted.',
    },
    connection_plain: {
      says: 'Not encrypted, which is fine on this computer.',
    },
    certificate: {
      says: 'The certificate is not trusted.',
      change: 'Serve the full chain of a certificate for this name that is valid now.',
    },
    client_certificate: {
      says: 'The server lets in only computers that show a certificate; the app shows none.',
      change: 'Offer an entrance that asks for no certificate, but for a key or password.',
    },
    unreachable: {
      says: 'No answer comes from there.',
      change: 'Let the server listen at this address and port.',
    },
    no_answer: {
      says: 'Connected, but no answer began within {{s}} s.',
      change: 'Send status and headers at once, before the first event, and flush them.',
    },
    signed_in: {
      says: 'Signed in. Your user ID is {{userId}}.',
    },
    key_given: {
      says: 'The key is sent in the header `{{header}}`.',
    },
    nobody: {
      says: 'The server was asked without a key or password.',
    },
    sign_in_failed: {
      says: 'The sign-in failed: {{problem}}.',
      change:
        'Nothing, if name and password or key were wrong. Otherwise answer `POST /api/login` as agreed, or give out keys.',
    },
    key_refused: {
      says: 'The server refuses this key or password (401).',
      change: 'If they are right: the stream must take the same credentials as the rest.',
    },
    key_wanted: {
      says: 'The server wants a key or password (401). Enter one and test again.',
      change: 'Nothing.',
    },
    forbidden: {
      says: 'The stream is refused ({{status}}).',
      change: 'Let this user listen. 403 makes the app stop until somebody acts.',
    },
    session_ended: {
      says: 'The server ended the session during the test.',
      change: 'Answer `POST /api/refresh` with new tokens.',
    },
    stream_ok: {
      says: '`{{path}}` is an event stream (`{{type}}`).',
    },
    stream_elsewhere: {
      says: 'The stream is at `{{path}}`, not at `/api/events`. A profile can name the path.',
      change: 'Nothing, with a profile. Or serve it at `/api/events`.',
    },
    stream_page: {
      says: 'A web page comes in place of the stream ({{status}}).',
      change: 'Answer with `Content-Type: text/event-stream`, set before the first write.',
    },
    stream_type: {
      says: 'What comes is no event stream.',
      change: 'Answer with `Content-Type: text/event-stream` and without `Content-Encoding`.',
    },
    stream_status: {
      says: 'The stream is answered with error {{status}}.',
      change: 'Answer 200 with an event stream; 503 with `Retry-After` while it cannot be had.',
    },
    stream_redirected: {
      says: 'The stream leads to another server. Credentials do not go there.',
      change: 'Serve the stream at its own origin.',
    },
    stream_no_content: {
      says: 'The stream is answered with 204, after which the app stops.',
      change: 'Answer 200 and wait while there is nothing.',
    },
    stream_missing: {
      says: 'No stream was found. Asked for: {{tried}}.',
      change: 'Give the stream’s own address.',
    },
    stream_failed: {
      says: 'The stream could not be used.',
      change: 'Answer 200 with an event stream.',
    },
    stream_ends_at_once: {
      says: 'The server ends the stream within {{s}} s. Tries: {{times}}.',
      change: 'Keep the response open: loop and flush, and end only when the client has gone.',
    },
    stream_cut: {
      says: 'The stream was cut while it was listened to. Times: {{times}}.',
      change: 'Keep it open: raise the read timeouts of server and proxy, and send a comment every 15 s.',
    },
    first_byte_ok: {
      says: 'The first byte came after {{s}} s.',
    },
    first_byte_none: {
      says: 'The answer began, but not one byte of it came within {{s}} s.',
      change:
        'Begin with a comment (`: hello` and an empty line), and flush. Switch buffering off in the proxy (`X-Accel-Buffering: no`).',
    },
    held_back: {
      says: 'Something holds the stream back: long polling brings at once what the stream has not brought in {{s}} s.',
      change:
        'Flush after each write, compress no event stream, and switch buffering off in the proxy (`X-Accel-Buffering: no`).',
    },
    pieces_tiny: {
      says: 'The stream comes in tiny pieces, about {{n}} bytes each. It works, and costs battery.',
      change: 'Write each event in one piece.',
    },
    heartbeat_announced: {
      says: 'A heartbeat is announced every {{s}} s. A dead connection is noticed after two.',
    },
    heartbeat_seen: {
      says: 'A sign of life comes every {{s}} s or so.',
    },
    heartbeat_unknown: {
      says: 'No heartbeat was seen in {{s}} s. Whether there is one is not known yet.',
    },
    heartbeat_none: {
      says: 'No sign of life came between events in {{s}} s. A dead connection is noticed after 90 s only.',
      change: 'Send a comment (`: keep-alive` and an empty line) every 15 s.',
    },
    heartbeat_missed: {
      says: 'The stream fell silent.',
      change: 'Send the heartbeat as long as the connection is open.',
    },
    events_ok: {
      says: 'Changes that can be shown: {{n}}, of contracts: {{contracts}}.',
    },
    events_none: {
      says: 'No event came in {{s}} s. Let one happen, then test again.',
    },
    events_foreign: {
      says: 'Events came, and none is called as expected. Came: {{names}}. Expected: {{expected}}.',
      change: 'Name them so, or use a profile that names them.',
    },
    events_others: {
      says: 'Other events came, which are only counted: {{names}}.',
    },
    user_guessed: {
      says: 'By the names of the events your user ID is {{userId}}.',
    },
    event_unreadable: {
      says: 'Events that cannot be read and would be kept aside: {{n}}.',
      change: 'Send one JSON object as agreed, or correct the profile.',
    },
    control_unreadable: {
      says: 'An event of the kind `{{name}}` is not as agreed.',
      change: 'Send `{"head": ID or null, "at": TIME, "heartbeatMs": N}`.',
    },
    event_too_large: {
      says: 'An event of {{n}} bytes is too large. It would be kept aside.',
      change: 'Keep events small: ids and links in place of documents.',
    },
    status_unknown: {
      says: 'Statuses that the app has no word for, and shows as they are: {{statuses}}.',
    },
    ids_ok: {
      says: 'Events are numbered one by one, so a missing one is seen.',
    },
    ids_opaque: {
      says: 'Events have marks of the server’s own: good for resuming, no proof that nothing is missing.',
    },
    ids_none: {
      says: 'Events have no id.',
      change: 'Send `id:` with each event, and keep counting over restarts.',
    },
    ids_differ: {
      says: 'The event {{sse}} calls itself {{envelope}}.',
      change: 'Let the `id:` line and the `id` in the payload be the same.',
    },
    ids_repeated: {
      says: 'An event came more than once ({{id}}). You see it once.',
      change: 'Send each event once to a connection.',
    },
    ids_reused: {
      says: 'The id {{id}} stands for two different events.',
      change: 'Keep the counter over restarts and connections, or begin a new epoch.',
    },
    ids_disorder: {
      says: '{{id}} came after {{after}}.',
      change: 'Send events in the order of their ids, from one log.',
    },
    ids_gap: {
      says: 'Between {{after}} and {{before}} something is missing.',
      change: 'Send every event of the user’s log.',
    },
    ids_new_epoch: {
      says: 'The server’s numbering began anew during the test ({{from}}, then {{to}}).',
      change: 'Begin a new epoch only where a log was lost.',
    },
    heads_ok: {
      says: 'The server names its newest event, and that has come.',
    },
    heads_none: {
      says: 'The server does not name its newest event, so nothing proves that all has come.',
    },
    head_ahead: {
      says: 'The server names {{head}} as its newest event; the last that came is {{last}}.',
      change: 'Send the events before the head that names them.',
    },
    resume_ok: {
      says: 'After a cut everything behind it came again. Events: {{n}}.',
    },
    resume_unproven: {
      says: 'Could not be seen: two events with ids are needed for it.',
    },
    resume_impossible: {
      says: 'Without ids nothing can be asked for after a cut. What happens meanwhile is lost.',
      change: 'Send `id:` with each event.',
    },
    resume_none: {
      says: 'Asked for what follows {{id}}, the server sent none of it.',
      change: 'Read the header `Last-Event-ID`, and send the events after it first.',
    },
    resume_partly: {
      says: 'After a cut {{missing}} of {{of}} events did not come again.',
      change: 'Keep events longer, and send all after `Last-Event-ID`.',
    },
    resume_early: {
      says: 'After a cut events came again that had been received. Events: {{n}}. You see each once.',
      change: 'Begin behind `Last-Event-ID`, not at it or at the start.',
    },
    resume_stale: {
      says: 'The server no longer has what follows {{id}}.',
      change: 'Keep events for days: laptops sleep over the weekend.',
    },
    resume_failed: {
      says: 'The second connection failed.',
      change: 'Take a client back at once.',
    },
    delay_none: {
      says: 'Everything comes when it is sent.',
    },
    delay_unknown: {
      says: 'Cannot be told: nothing that came names the time at which it was sent.',
    },
    delay_found: {
      says: 'What comes was sent {{s}} s before.',
      change: 'Flush after each write, and switch buffering off in the proxy (`X-Accel-Buffering: no`).',
    },
    clock_off: {
      says: 'The server’s clock and this computer’s are {{s}} s apart.',
      change: 'Set the clock by NTP.',
    },
    polling_ok: {
      says: 'Works, too. The app uses it where a stream does not get through.',
    },
    polling_none: {
      says: 'There is none. Where a proxy lets no stream through, nothing new is seen.',
    },
    browser_allowed: {
      says: 'Web pages of {{origin}} may listen, without cookies. The app needs none of it.',
    },
    browser_any: {
      says: 'Web pages of any origin may listen with your cookies. The app needs none of it.',
      change: 'Allow only the origins that need it.',
    },
    browser_refused: {
      says: 'Web pages of other origins may not listen. The app needs none of it.',
    },
    list_ok: {
      says: 'The list came. Contracts on its first page: {{n}}.',
    },
    list_not_asked: {
      says: 'By the profile the server has no list, and is not asked for one.',
    },
    list_missing: {
      says: 'The server has none. Contracts appear as they change.',
    },
    list_not_own: {
      says: 'What answers in place of the list may be anybody’s. The app goes on asking.',
      change: 'Answer errors as `application/problem+json`, or use a profile without a list.',
    },
    list_failed: {
      says: 'The list could not be fetched.',
      change: 'Answer `GET /api/contracts` as the guide for your own backend says.',
    },
    history_ok: {
      says: 'The history came. Events: {{n}}.',
    },
    history_missing: {
      says: 'There is none. Where an event was missed, its place in the history stays empty.',
    },
    history_failed: {
      says: 'The history could not be fetched.',
      change: 'Answer with `{"events": […], "next": null}`.',
    },
    acknowledge_untried: {
      says: 'Not tried: the test writes nothing to the server.',
    },
    acknowledge_ok: {
      says: 'They are taken.',
    },
    acknowledge_missing: {
      says: 'They are not taken.',
    },
    acknowledge_careless: {
      says: 'An acknowledgement of no event was taken.',
      change: 'Refuse one whose event or version is none, with 400 or 422.',
    },
    out_of_time: {
      says: 'The test was ended after {{s}} s, before it was through.',
      change: 'Answer each call within a few seconds.',
    },
    receipt: {
      says: '“{{verdict}}”',
    },
    profile_works: {
      says: 'With this profile the events are rows.',
    },
    profile_proposed: {
      says: 'Below is a profile by which these events are rows. Look at each line of it.',
    },
    profile_not_needed: {
      says: 'None is needed: the server speaks as the app does.',
    },
    profile_unknown: {
      says: 'None can be proposed: nothing that came looks like a contract with a status.',
    },
  },
};
