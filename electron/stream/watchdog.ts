import type { Clock } from '../ports/clock.ts';

/** Says when nothing was heard for too long. Touching it for every chunk costs one clock reading and no timer. */
export interface Watchdog {
  /** From now on silence may last `ms`; counts anew from now. */
  expect(ms: number): void;
  /** Changes how long silence may last, counted from the last sign of life. */
  tolerate(ms: number): void;
  /** Something must be heard within `ms` from now, whatever is tolerated otherwise. */
  check(ms: number): void;
  alive(): void;
  /** When something was heard last, on the monotonic clock. */
  readonly heardAt: number;
  /** While the reader is held back, silence is our own doing and does not count. */
  hold(): void;
  release(): void;
  stop(): void;
}

/** A timer this late means that the process slept or was blocked: what came meanwhile is still unread. */
const LATE_MS = 50;
const GRACE_MS = 1000;

export function createWatchdog(clock: Clock, onSilence: (why: 'silence' | 'check') => void): Watchdog {
  let tolerated = Infinity;
  let heardAt = clock.monotonic();
  let checkAt = Infinity;
  let checkMs = 0;
  let held = false;
  let graced = false;
  let timer: { readonly at: number; readonly cancel: () => void } | null = null;

  function deadline(): number {
    return Math.min(heardAt + tolerated, checkAt);
  }

  function disarm(): void {
    timer?.cancel();
    timer = null;
  }

  /** Keeps an earlier timer: when it fires it looks again. */
  function arm(): void {
    const at = deadline();
    if (held || at === Infinity || (timer !== null && timer.at <= at)) return;
    disarm();
    const ms = Math.min(Math.max(0, Math.ceil(at - clock.monotonic())), 2 ** 31 - 1);
    timer = { at, cancel: clock.after(ms, () => fire(at)) };
  }

  function fire(expected: number): void {
    timer = null;
    const now = clock.monotonic();
    const at = deadline();
    if (held || now < at) {
      arm();
      return;
    }
    if (now - expected > LATE_MS && !graced) {
      graced = true;
      const again = now + Math.min(GRACE_MS, tolerated);
      if (tolerated !== Infinity) heardAt = again - tolerated;
      if (checkAt !== Infinity) checkAt = again;
      arm();
      return;
    }
    onSilence(checkAt <= at ? 'check' : 'silence');
  }

  return {
    expect(ms) {
      tolerated = ms;
      heardAt = clock.monotonic();
      checkAt = Infinity;
      arm();
    },
    tolerate(ms) {
      tolerated = ms;
      arm();
    },
    check(ms) {
      checkMs = ms;
      checkAt = Math.min(checkAt, clock.monotonic() + ms);
      arm();
    },
    get heardAt() {
      return heardAt;
    },
    alive() {
      heardAt = clock.monotonic();
      checkAt = Infinity;
      graced = false;
    },
    hold() {
      held = true;
    },
    release() {
      held = false;
      heardAt = clock.monotonic();
      if (checkAt !== Infinity) checkAt = heardAt + checkMs;
      arm();
    },
    stop() {
      tolerated = checkAt = Infinity;
      disarm();
    },
  };
}
