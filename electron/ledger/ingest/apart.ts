import { isOfContent } from '../storage/errors.ts';

/**
 * `work` over all items in one go; where it fails because of what was to be written, over its halves, down to the one item
 * that is at fault, which `setAside` disposes of. So one bad item costs the others nothing but time: a few dozen
 * tries among thousands. `work` is a transaction of its own, and other failures (a full disk) are thrown on.
 */
export function apart<T, R>(
  items: readonly T[],
  work: (items: readonly T[]) => R,
  setAside: (item: T, reason: string) => R,
): R[] {
  try {
    return [work(items)];
  } catch (error) {
    const [first] = items;
    if (first === undefined || !isOfContent(error)) throw error;
    if (items.length === 1) return [setAside(first, reasonOf(error))];
    const middle = items.length >> 1;
    return [...apart(items.slice(0, middle), work, setAside), ...apart(items.slice(middle), work, setAside)];
  }
}

export function reasonOf(error: unknown): string {
  return `could not be stored: ${error instanceof Error ? error.message : String(error)}`;
}
