import type { FailureCode } from '../../protocol/connection.ts';
import type { MessageChannel, MessageMap, SessionView } from '../../protocol/ipc.ts';
import type { Log } from '../ports/log.ts';

export interface Progress {
  /** One line without names: to standard output as `contract-pulse: …` in a development run, to the log always. */
  tell(line: string): void;
  /** Tells what a person following without a screen wants to know of what goes to the window: codes and numbers only. */
  follow<C extends MessageChannel>(channel: C, message: MessageMap[C]): void;
}

const MIN_INTERVAL_MS = 1000;

const ENDED: Readonly<Record<Extract<SessionView, { state: 'signed_out' }>['ended'], string>> = {
  none: 'nobody is signed in',
  by_user: 'signed out',
  expired: 'signed out: the session has expired',
  revoked: 'signed out: the server has ended the session',
  locked: 'the keychain is locked: the stored sign-in cannot be read now',
};

const FAILURE: Readonly<Record<FailureCode, string>> = {
  unreachable: 'the server cannot be reached',
  timeout: 'the server does not answer',
  silent: 'the connection went silent',
  closed: 'the server closed the stream',
  http: 'the server has an error',
  throttled: 'the server asks to wait',
  content_type: 'the answer is not an event stream',
  certificate: 'the certificate is not trusted',
  client_certificate: 'the server asks for a client certificate',
  redirect: 'the server sends us elsewhere',
  misdirected: 'the server redirects in circles or to no address',
  overloaded: 'more came than can be held',
};

/** Progress for runs without a screen. `print` is null where none is wanted. */
export function createProgress(log: Log, print: ((line: string) => void) | null): Progress {
  let session = '';
  let connection = '';
  let changesToday: number | null = null;
  let received = 0;
  let told = 0;
  let timer: NodeJS.Timeout | null = null;

  const show = (line: string): void => print?.(`contract-pulse: ${line}`);

  function tell(line: string): void {
    log.info(line);
    show(line);
  }

  function tellReceived(): void {
    timer = null;
    if (received === told) return;
    told = received;
    show(`${received} ${received === 1 ? 'event' : 'events'} received`);
  }

  function tellOnce(previous: string, line: string, say = tell): string {
    if (line !== previous && line !== '') say(line);
    return line;
  }

  return {
    tell,
    follow(channel, message) {
      if (channel === 'session:changed') {
        const view = message as MessageMap['session:changed'];
        // Names stay out of the log, which people send to others.
        if (view.state === 'signed_in') session = tellOnce(session, `signed in as ${view.username}`, show);
        else if (view.state === 'signed_out') {
          session = tellOnce(session, ENDED[view.ended]);
          // The next account's count has nothing to do with this one's.
          changesToday = null;
        }
      } else if (channel === 'connection:changed') {
        connection = tellOnce(connection, describePhase(message as MessageMap['connection:changed']));
      } else if (channel === 'receipt:changed') {
        // A count kept by the ledger; it starts again at midnight.
        const { changesToday: count } = message as MessageMap['receipt:changed'];
        if (changesToday !== null) received += Math.max(0, count - changesToday);
        changesToday = count;
        if (received !== told) timer ??= setTimeout(tellReceived, MIN_INTERVAL_MS);
      }
    },
  };
}

function describePhase({ state }: MessageMap['connection:changed']): string {
  switch (state.phase) {
    case 'signed_out':
    case 'connecting':
    case 'catching_up':
      return '';
    case 'live':
    case 'connected':
      return state.phase;
    case 'late':
      return `live, but ${Math.round(state.byMs / 1000)} s late`;
    case 'waiting':
      return `no connection: ${FAILURE[state.failure.code]}; trying again`;
    case 'sign_in_needed':
      return `sign-in needed: ${state.cause === 'expired' ? 'the session has expired' : 'the server has ended the session'}`;
    case 'refused':
      return 'the server refuses renewed credentials; trying again seldom';
    case 'stopped':
      return `stopped by the server: ${state.cause === 'forbidden' ? 'no access to the stream' : 'it sends no more'}`;
  }
}
