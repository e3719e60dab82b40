/** A seeded source of chance: the same seed gives the same numbers on every machine. Not for secrets. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In 0 … bound - 1. */
  integer(bound: number): number;
  /** `items` must not be empty. */
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
  /** `weights[i]` is the share of `items[i]`; at least one weight is positive. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
}

/** mulberry32 by Tommy Ettinger (public domain): 32 bits of state, enough for a simulator. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  function integer(bound: number): number {
    return Math.floor(next() * bound);
  }
  return {
    next,
    integer,
    pick: <T>(items: readonly T[]) => items[integer(items.length)] as T,
    chance: (probability) => next() < probability,
    weighted<T>(items: readonly T[], weight: (item: T) => number) {
      const total = items.reduce((sum, item) => sum + weight(item), 0);
      let left = next() * total;
      for (const item of items) {
        left -= weight(item);
        if (left < 0) return item;
      }
      return items[items.length - 1] as T;
    },
  };
}
