/**
 * What the oracle has found and nobody has mended yet: by the world's number the sentences that are not true there. A line
 * goes when its fault is mended; none may be added for a fault that is new.
 */
export const AWAITED: ReadonlyMap<number, readonly string[]> = new Map();
