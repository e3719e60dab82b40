import type { FreshEvent } from '../ledger/ingest.ts';

/**
 * Tells each change once, whichever brings it first. What a repair brought before the stream has come to it is told as the stream
 * brings it; but there are servers that send nothing again, so what is left once the stream counts as level is told then, and not
 * for a second time should the stream bring it after all.
 */
export interface FreshTeller {
  fromHistory(fresh: readonly FreshEvent[]): void;
  fromStream(fresh: readonly FreshEvent[]): void;
  /** The stream counts as level from now on. */
  level(): void;
}

export interface FreshTellerOptions {
  isLevel(): boolean;
  tell(fresh: readonly FreshEvent[], phase: 'live' | 'catching_up'): void;
}

/** So many are remembered, of those that wait and of those that were told ahead; then the oldest are forgotten. */
const MOST = 500;

export function createFreshTeller(options: FreshTellerOptions): FreshTeller {
  const waiting = new Map<string, FreshEvent>();
  const told = new Set<string>();

  const phase = (): 'live' | 'catching_up' => (options.isLevel() ? 'live' : 'catching_up');

  function tellWaiting(when: 'live' | 'catching_up'): void {
    const fresh = [...waiting.values()];
    for (const key of waiting.keys()) told.add(key);
    waiting.clear();
    bound(told);
    if (fresh.length > 0) options.tell(fresh, when);
  }

  return {
    fromHistory(fresh) {
      const reached = fresh.filter(({ isAhead }) => isAhead !== true);
      for (const event of fresh) if (event.isAhead === true) waiting.set(keyOf(event), event);
      bound(waiting);
      if (reached.length > 0) options.tell(reached, phase());
      if (options.isLevel()) tellWaiting('live');
    },
    fromStream(fresh) {
      let left = fresh;
      if (waiting.size + told.size > 0) {
        for (const event of fresh) waiting.delete(keyOf(event));
        left = fresh.filter((event) => !told.delete(keyOf(event)));
      }
      if (left.length > 0) options.tell(left, phase());
    },
    level: () => tellWaiting('catching_up'),
  };
}

function bound(kept: Map<string, FreshEvent> | Set<string>): void {
  for (const key of kept.keys()) {
    if (kept.size <= MOST) return;
    kept.delete(key);
  }
}

/** An id may come again for another change, in another life of the log. */
const keyOf = ({ eventId, contractId, to, time }: FreshEvent): string =>
  JSON.stringify([eventId, contractId, to, time]);
