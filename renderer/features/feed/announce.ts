/** At most one announcement in this time, ms: what comes meanwhile is counted into the next. */
export const ANNOUNCE_EVERY_MS = 5000;

export interface AnnounceClock {
  now(): number;
  /** Calls `run` once after `ms`; returns its cancel. */
  after(ms: number, run: () => void): () => void;
}

/** Says how many changes are new: the first at once, then at most one word in five seconds. `sure`: there were no more. */
export function createAnnouncer(clock: AnnounceClock, say: (count: number, sure: boolean) => void) {
  let pending = 0;
  let pendingSure = true;
  let spokeAt = -Infinity;
  let cancel: (() => void) | undefined;

  function speak(): void {
    cancel = undefined;
    spokeAt = clock.now();
    const [count, sure] = [pending, pendingSure];
    pending = 0;
    pendingSure = true;
    say(count, sure);
  }

  return {
    add(count: number, sure: boolean): void {
      if (count <= 0) return;
      pending += count;
      pendingSure &&= sure;
      if (cancel) return;
      const wait = spokeAt + ANNOUNCE_EVERY_MS - clock.now();
      if (wait <= 0) speak();
      else cancel = clock.after(wait, speak);
    },
    stop(): void {
      cancel?.();
      cancel = undefined;
    },
  };
}
