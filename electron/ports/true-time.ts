import type { Clock } from './clock.ts';
import type { HttpPort } from './http.ts';

/**
 * The wall clock, held against the server's: a dead battery, a restored machine or a wrong hand sets it a year ahead for a moment,
 * and what is old or what was an absence must not be judged by that.
 */
export interface TrueTime {
  /** The server's clock as an answer of now tells it, epoch ms, to a second or two. */
  note(serverMs: number): void;
  /**
   * The wall clock as it was before it jumped, while another source contradicts the jump; one that has stood for ten minutes is
   * taken. Without another source, the wall clock. Epoch ms.
   */
  now(): number;
  /** The earlier of our clock and the server's; null while nothing but our own clock says how late it is. Epoch ms. */
  agreed(): number | null;
}

/** Answers are late by the network, and their dates are whole seconds. Ms. */
const TOLERANCE_MS = 60_000;
/** A clock that is off by more is wrong, not merely of another opinion. Ms. */
const WRONG_MS = 24 * 3_600_000;
/** A clock that was set stays as it was set; one that jumped jumps back. Ms. */
const STANDS_MS = 10 * 60_000;

export function createTrueTime(clock: Clock): TrueTime {
  let known: { readonly serverMs: number; readonly at: number } | null = null;
  /** Wall minus server, as it is believed. */
  let offset = 0;
  /** Since when it has been another, by the clock that never goes back; null: it has not. */
  let otherSince: number | null = null;

  function server(): number | null {
    return known === null ? null : known.serverMs + clock.monotonic() - known.at;
  }

  function believable(found: number): number {
    return Math.abs(found) > WRONG_MS ? 0 : found;
  }

  function now(): number {
    const serverNow = server();
    const wall = clock.now();
    if (serverNow === null) return wall;
    const expected = serverNow + offset;
    if (Math.abs(wall - expected) <= TOLERANCE_MS) {
      otherSince = null;
      return wall;
    }
    otherSince ??= clock.monotonic();
    return Math.round(expected);
  }

  return {
    note(serverMs) {
      const first = known === null;
      known = { serverMs, at: clock.monotonic() };
      const found = believable(clock.now() - serverMs);
      if (first || Math.abs(found - offset) <= TOLERANCE_MS) {
        otherSince = null;
        if (first) offset = found;
        return;
      }
      otherSince ??= clock.monotonic();
      if (clock.monotonic() - otherSince >= STANDS_MS) {
        offset = found;
        otherSince = null;
      }
    },
    now,
    agreed() {
      const serverNow = server();
      return serverNow === null ? null : Math.floor(Math.min(now(), serverNow));
    },
  };
}

/** The same client, whose answers' dates (RFC 9110, section 6.6.1) are told. */
export function notingDates<H extends HttpPort & { close(): void }>(
  http: H,
  note: (serverMs: number) => void,
): HttpPort & { close(): void } {
  return {
    async request(request) {
      const answer = await http.request(request);
      const at = Date.parse(answer.headers['date'] ?? '');
      if (!Number.isNaN(at)) note(at);
      return answer;
    },
    close: () => http.close(),
  };
}
