/** Slows down guessing: after `maxFailed` failures of one name, one try each `waitMs`. */
export interface Throttle {
  /** Ms until another try is allowed; 0: now. */
  waitFor(name: string): number;
  failed(name: string): void;
  succeeded(name: string): void;
}

const MAX_NAMES = 10_000;

/** `users`: names that somebody can sign in with. There are few, and none is forgotten for made-up ones. */
export function createThrottle(
  maxFailed: number,
  waitMs: number,
  now: () => number,
  users: ReadonlySet<string> = new Set(),
): Throttle {
  type Failures = Map<string, { count: number; lastAt: number }>;
  const ofUsers: Failures = new Map();
  const madeUp: Failures = new Map();
  const failuresOf = (name: string): Failures => (users.has(name) ? ofUsers : madeUp);
  return {
    waitFor(name) {
      const entry = failuresOf(name).get(name);
      if (!entry || entry.count < maxFailed) return 0;
      return Math.max(0, entry.lastAt + waitMs - now());
    },
    failed(name) {
      const failures = failuresOf(name);
      const count = (failures.get(name)?.count ?? 0) + 1;
      failures.delete(name);
      failures.set(name, { count, lastAt: now() });
      // Made-up names must not fill the memory; the longest untouched goes.
      const [oldest] = failures.keys();
      if (failures === madeUp && failures.size > MAX_NAMES && oldest !== undefined) failures.delete(oldest);
    },
    succeeded(name) {
      failuresOf(name).delete(name);
    },
  };
}
