import { isDeepStrictEqual } from 'node:util';
import type { ConnectionState, ConnectionStatus, Transport } from '../../protocol/connection.ts';
import type { Clock } from '../ports/clock.ts';

export interface ConnectionOptions {
  readonly clock: Clock;
  /** Origin of the server. */
  readonly server: string;
  readonly transport: Transport;
  readonly lastEventAt: number | null;
  readonly replay: ConnectionStatus['replay'];
  send(status: ConnectionStatus): void;
  /** Each new state once, unthrottled, for the support information. */
  onState(state: ConnectionState): void;
}

export interface Connection {
  status(): ConnectionStatus;
  set(state: ConnectionState): void;
  setTransport(transport: Transport): void;
  /** A sign of life of any kind. */
  heard(): void;
  stored(): void;
  setClockSkew(ms: number): void;
  setReplay(replay: ConnectionStatus['replay']): void;
  close(): void;
}

/** Changes of state are told at most four times a second, mere signs of life once a second. */
const STATE_MS = 250;
const LIFE_MS = 1000;
/** What gave the sign of life is shown first: told before it, the window would paint this, and that a frame later. */
const AFTER_LIFE_MS = 250;

/** What is known of the connection, told to the window at a pace it can show. */
export function createConnection(options: ConnectionOptions): Connection {
  const { clock } = options;
  let status: ConnectionStatus = {
    state: { phase: 'connecting', attempt: 1 },
    transport: options.transport,
    server: options.server,
    lastEventAt: options.lastEventAt,
    lastHeardAt: null,
    clockSkewMs: null,
    replay: options.replay,
  };
  let sentAt = Number.NEGATIVE_INFINITY;
  let planned: { readonly at: number; cancel(): void } | null = null;
  let closed = false;

  function tell(everyMs: number, afterMs = 0): void {
    if (closed) return;
    const at = Math.max(clock.monotonic() + afterMs, sentAt + everyMs);
    if (planned !== null) {
      if (planned.at <= at) return;
      planned.cancel();
    }
    const cancel = clock.after(Math.max(0, at - clock.monotonic()), () => {
      planned = null;
      sentAt = clock.monotonic();
      options.send(status);
    });
    planned = { at, cancel };
  }

  function change(part: Partial<ConnectionStatus>, everyMs: number, afterMs?: number): void {
    status = { ...status, ...part };
    tell(everyMs, afterMs);
  }

  return {
    status: () => status,
    set(state) {
      if (isDeepStrictEqual(state, status.state)) return;
      if (state.phase !== status.state.phase || state.phase === 'waiting') options.onState(state);
      change({ state }, STATE_MS);
    },
    setTransport(transport) {
      if (transport !== status.transport) change({ transport }, STATE_MS);
    },
    heard() {
      change({ lastHeardAt: clock.now() }, LIFE_MS, AFTER_LIFE_MS);
    },
    stored() {
      change({ lastEventAt: clock.now() }, LIFE_MS, AFTER_LIFE_MS);
    },
    setClockSkew(ms) {
      // A few milliseconds of network are no skew worth a message.
      const known = status.clockSkewMs;
      if (known === null || Math.abs(known - ms) >= 1000) change({ clockSkewMs: ms }, STATE_MS);
    },
    setReplay(replay) {
      if (replay !== status.replay) change({ replay }, STATE_MS);
    },
    close() {
      closed = true;
      planned?.cancel();
    },
  };
}
