import type { MenuItemConstructorOptions } from 'electron';
import type { ConnectionState, ConnectionStatus } from '../../protocol/connection.ts';
import type { MessageChannel, MessageMap, SessionView } from '../../protocol/ipc.ts';
import { PAUSES, pauseEnd, untilPauseEnds } from '../../protocol/pause.ts';
import type { Words } from './words.ts';

const NAME = 'Contract Pulse';

export interface TrayWords {
  readonly tooltip: string;
  readonly menu: MenuItemConstructorOptions[];
}

/** How far a count can be trusted: of the present, on its way there, as it was when the connection was lost, or of nobody. */
export type TrayReach = 'connected' | 'receiving' | 'cut_off' | 'signed_out';

const REACH: Readonly<Record<ConnectionState['phase'], TrayReach>> = {
  live: 'connected',
  connected: 'connected',
  late: 'receiving',
  catching_up: 'receiving',
  connecting: 'cut_off',
  waiting: 'cut_off',
  sign_in_needed: 'cut_off',
  refused: 'cut_off',
  stopped: 'cut_off',
  signed_out: 'signed_out',
};

/** Follows what the core tells the window, and says what that means for the tray. */
export function createTrayReach(show: (reach: TrayReach) => void) {
  let session: SessionView['state'] = 'restoring';
  let phase: ConnectionState['phase'] = 'connecting';
  return {
    note<C extends MessageChannel>(channel: C, message: MessageMap[C]): void {
      if (channel === 'session:changed') session = (message as SessionView).state;
      else if (channel === 'connection:changed') ({ phase } = (message as ConnectionStatus).state);
      else return;
      show(session === 'signed_out' ? 'signed_out' : REACH[phase]);
    },
  };
}

/** What can be done in the tray. */
export interface TrayActions {
  open(): void;
  quit(): void;
  /** Until then, epoch ms; null: notifications come again. */
  pause(until: number | null): void;
}

function timeOf(tag: string, at: number, withDay: boolean): string {
  const day = withDay ? ({ weekday: 'short' } as const) : {};
  return new Intl.DateTimeFormat(tag, { ...day, hour: 'numeric', minute: '2-digit' }).format(at);
}

/** Contracts that need the user; `untold`: besides, those that are muted or in a view that is not told. */
export interface TrayCounts {
  readonly count: number;
  readonly untold: number;
}

/** What the tray says of contracts that need the user, and offers. */
export function describeTray(
  { tag, tray }: Pick<Words, 'tag' | 'tray'>,
  { count, untold }: TrayCounts,
  reach: TrayReach,
  pausedUntil: number | null,
  now: number,
  { open, quit, pause }: TrayActions,
): TrayWords {
  // Whoever has muted something has not said that it needs nobody.
  const none = untold === 0 ? tray.nothing : `${tray.onlyMuted} ${untold}`;
  const lines = {
    connected: [count === 0 ? none : `${tray.needing} ${count}`],
    // That nothing needs the user is known only once all has arrived.
    receiving: count === 0 ? [tray.receiving] : [`${tray.needing} ${count}`, tray.receiving],
    cut_off: count === 0 ? [tray.cutOff] : [`${tray.needing} ${count}`, tray.cutOff],
    signed_out: [tray.signedOut],
  }[reach];
  const isPaused = pausedUntil !== null && untilPauseEnds(pausedUntil, now) !== null;
  const isToday = isPaused && new Date(pausedUntil).toDateString() === new Date(now).toDateString();
  const paused = isPaused ? [tray.paused.replace('{time}', timeOf(tag, pausedUntil, !isToday))] : [];
  return {
    tooltip: [NAME, ...lines, ...paused].join(' · '),
    menu: [
      { label: tray.open, click: open },
      { type: 'separator' },
      ...[...lines, ...paused].map((label) => ({ label, enabled: false })),
      { type: 'separator' },
      ...(isPaused
        ? [{ label: tray.resume, click: () => pause(null) }]
        : PAUSES.map((each) => ({
            // Asked for only where the words have a time: a format costs a tenth of a millisecond to make.
            label: tray.pause[each].replace('{time}', () => timeOf(tag, pauseEnd(each, now), false)),
            // By the time it is pressed, not by the one at which the menu was made.
            click: () => pause(pauseEnd(each, Date.now())),
          }))),
      { type: 'separator' },
      { label: tray.quit, click: quit },
    ],
  };
}
