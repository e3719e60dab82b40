import type { Clock } from './clock.ts';
import type { HttpPort } from './http.ts';

/**
 * The wall clock, held against the server's: a dead battery, a restored machine or a wrong hand sets it a year ahead for a moment,
 * and what is old or what was an absence must not be judged by that.
 */
export interface TrueTime {
  /**
   * The server's clock as an answer of now tells it, epoch ms, to a second or two. True: it is another time than was thought
   * (the first answer, or the machine has slept).
   */
  note(serverMs: number): boolean;
  /**
   * The wall clock as it was before it jumped; one that has stood for ten minutes is taken, unless the server has contradicted it
   * since. Epoch ms.
   */
  now(): number;
  /**
   * As `now`, for what is done for good once its time has come. Null just after the start, while the server may still be about
   * to say what time it is.
   */
  lasting(): number | null;
  /** The earlier of our clock and the server's; null while nothing but our own clock says how late it is. Epoch ms. */
  agreed(): number | null;
  /** The later of our clock and the server's; where they are more than a day apart, ours. Epoch ms. */
  latest(): number;
}

/** Answers are late by the network, and their dates are whole seconds. Ms. */
const TOLERANCE_MS = 60_000;
/** A clock that is off by more is wrong, not merely of another opinion. Ms. */
const WRONG_MS = 24 * 3_600_000;
/** A clock that was set stays as it was set; one that jumped jumps back. Ms. */
const STANDS_MS = 10 * 60_000;
/** A server that can be reached has answered by then. Ms. */
const FIRST_ANSWER_MS = 10_000;

export function createTrueTime(clock: Clock): TrueTime {
  const startedAt = clock.monotonic();
  /** Until the server has spoken, our own clock as it was at the start: it cannot be right before and after a jump. */
  let known = { ms: clock.now(), at: startedAt };
  let spoken = false;
  /** Our clock was another than is believed when the server last spoke. */
  let contradicted = false;
  /** Wall minus server, as it is believed. */
  let offset = 0;
  /** Since when it has been another, by the clock that never goes back; null: it has not. */
  let otherSince: number | null = null;

  function counted(): number {
    return known.ms + clock.monotonic() - known.at;
  }

  function believable(found: number): number {
    return Math.abs(found) > WRONG_MS ? 0 : found;
  }

  function now(): number {
    const wall = clock.now();
    const expected = counted() + offset;
    if (Math.abs(wall - expected) <= TOLERANCE_MS) {
      otherSince = null;
      return wall;
    }
    otherSince ??= clock.monotonic();
    // Where nobody has spoken since, what was counted on may be behind: the count stands still while a machine sleeps.
    if (!contradicted && clock.monotonic() - otherSince >= STANDS_MS) return wall;
    return Math.round(expected);
  }

  /** True: the offset is another than was thought. */
  function learn(found: number, isFirst: boolean): boolean {
    if (isFirst || Math.abs(found - offset) <= TOLERANCE_MS) {
      otherSince = null;
      if (isFirst) offset = found;
      return isFirst;
    }
    otherSince ??= clock.monotonic();
    if (clock.monotonic() - otherSince < STANDS_MS) return false;
    offset = found;
    otherSince = null;
    return true;
  }

  return {
    note(serverMs) {
      const wall = clock.now();
      const slept = Math.abs(serverMs - counted()) > TOLERANCE_MS;
      known = { ms: serverMs, at: clock.monotonic() };
      const learned = learn(believable(wall - serverMs), !spoken);
      spoken = true;
      contradicted = Math.abs(wall - serverMs - offset) > TOLERANCE_MS;
      return learned || slept;
    },
    now,
    lasting: () => (spoken || clock.monotonic() - startedAt >= FIRST_ANSWER_MS ? now() : null),
    latest() {
      const wall = clock.now();
      return believable(counted() - wall) === 0 ? wall : Math.max(wall, counted());
    },
    // Ours too where the server's is believed, because they are more than a day apart: either may be the wrong one.
    agreed: () => (spoken ? Math.floor(Math.min(clock.now(), now(), counted())) : null),
  };
}

/** The same client, whose answers' dates (RFC 9110, section 6.6.1) are told. */
export function notingDates<H extends HttpPort & { close(): void }>(
  http: H,
  note: (serverMs: number) => unknown,
): HttpPort & { close(): void } {
  return {
    async request(request) {
      const answer = await http.request(request);
      const at = Date.parse(answer.headers['date'] ?? '');
      if (!Number.isNaN(at)) note(at);
      return answer;
    },
    dropConnections: () => http.dropConnections?.(),
    close: () => http.close(),
  };
}
