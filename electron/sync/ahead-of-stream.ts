import type { FreshEvent } from '../ledger/ingest.ts';

/**
 * Tells each change once, whichever brings it first. What a history brought before the stream has come to it is told as the stream
 * brings it; but there are servers that send nothing again, so what is left once the stream counts as level is told then. Which are
 * left the ledger knows, and also that they were told should the stream bring them after all.
 */
export interface FreshTeller {
  fromHistory(fresh: readonly FreshEvent[]): void;
  fromStream(fresh: readonly FreshEvent[]): void;
  /** The stream counts as level from now on. Resolves once what was left is told. */
  level(): Promise<void>;
  /** Nothing more is asked for; resolves once what was asked for is told. */
  close(): Promise<void>;
}

export interface FreshTellerOptions {
  isLevel(): boolean;
  /** What nobody was told of; from then on it counts as told. */
  takeUntold(): Promise<readonly FreshEvent[]>;
  tell(fresh: readonly FreshEvent[], phase: 'live' | 'catching_up'): void;
  /** So many of what waited are told now. */
  onTaken(count: number): void;
  onError(error: unknown): void;
}

export function createFreshTeller(options: FreshTellerOptions): FreshTeller {
  let taking = Promise.resolve();
  let isClosed = false;

  const phase = (): 'live' | 'catching_up' => (options.isLevel() ? 'live' : 'catching_up');

  async function take(when: 'live' | 'catching_up'): Promise<void> {
    if (isClosed) return;
    try {
      const fresh = await options.takeUntold();
      if (fresh.length === 0) return;
      options.onTaken(fresh.length);
      options.tell(fresh, when);
    } catch (error) {
      options.onError(error);
    }
  }

  function takeInTurn(when: 'live' | 'catching_up'): Promise<void> {
    taking = taking.then(() => take(when));
    return taking;
  }

  return {
    fromHistory(fresh) {
      const reached = fresh.filter(({ isAhead }) => isAhead !== true);
      if (reached.length > 0) options.tell(reached, phase());
      if (reached.length < fresh.length && options.isLevel()) void takeInTurn('live');
    },
    fromStream(fresh) {
      if (fresh.length > 0) options.tell(fresh, phase());
    },
    level: () => takeInTurn('catching_up'),
    close() {
      isClosed = true;
      return taking;
    },
  };
}
