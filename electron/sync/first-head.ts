import type { Clock } from '../ports/clock.ts';

/**
 * Whether a server that has named no head so far may still name its first one. It does so at once after all that was missed, and
 * that may come slowly: a stream that has caught up without one is listened to until it has brought nothing for a while.
 */
export interface FirstHead {
  /** The stream counts as level; `proven`: by a head. */
  caughtUp(proven: boolean): void;
  /** The stream has brought something. */
  came(): void;
  /** A head has come, or it is taken for certain that none will. */
  isKnown(): boolean;
}

export interface FirstHeadOptions {
  readonly clock: Clock;
  /** A stream is open and counts as level. */
  isLevel(): boolean;
  onKnown(): void;
}

/** Level, and nothing came for so long, ms: this server names no heads. */
const QUIET_MS = 5_000;
/** Listened to for so long at most, whatever comes, ms. */
const MOST_MS = 30_000;

export function createFirstHead(options: FirstHeadOptions): FirstHead {
  const { clock } = options;
  let isKnown = false;
  let since: number | null = null;
  let cameAt = Number.NEGATIVE_INFINITY;
  let cancel = (): void => {};

  function look(): void {
    if (!options.isLevel()) return;
    const now = clock.monotonic();
    since ??= now;
    const rest = Math.min(Math.max(cameAt, since) + QUIET_MS, since + MOST_MS) - now;
    if (rest > 0) cancel = clock.after(rest, look);
    else know();
  }

  function know(): void {
    isKnown = true;
    options.onKnown();
  }

  return {
    caughtUp(proven) {
      if (isKnown) return;
      cancel();
      if (proven) know();
      else look();
    },
    came() {
      cameAt = clock.monotonic();
    },
    isKnown: () => isKnown,
  };
}
