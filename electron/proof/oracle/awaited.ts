/**
 * What the oracle has found and nobody has mended yet: by the world's number the sentences that are not true there. A line
 * goes when its fault is mended; none may be added for a fault that is new.
 */
export const AWAITED: ReadonlyMap<number, readonly string[]> = new Map();

/** Claims that 200 worlds have not made anybody say yet. */
export const RARE: readonly string[] = [
  'contract.action.heldNow',
  'empty.before.no_baseline',
  'empty.doubt.no_baseline',
];
