import type { MessageChannel, MessageMap } from '../../protocol/ipc.ts';
import type { Log } from '../ports/log.ts';

export interface Progress {
  /** One line without names: to standard output as `contract-pulse: …` in a development run, to the log always. */
  tell(line: string): void;
  /** Tells what a person following without a screen wants to know of what goes to the window: codes and numbers only. */
  follow<C extends MessageChannel>(channel: C, message: MessageMap[C]): void;
}

const MIN_INTERVAL_MS = 1000;

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
    show(`${received} events received`);
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
        else if (view.state === 'signed_out') session = tellOnce(session, `signed out (${view.ended})`);
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
      return 'live';
    case 'waiting':
      return `no connection (${state.trouble.code})`;
    case 'sign_in_needed':
      return `sign-in needed (${state.cause})`;
    case 'stopped':
      return `stopped by the server (${state.cause})`;
  }
}
