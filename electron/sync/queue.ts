import type { AppendBatch } from '../ledger/ingest.ts';
import type { Clock } from '../ports/clock.ts';
import type { StreamItem } from '../stream/types.ts';

/** Between socket and ledger: while one batch is written, a bounded next one gathers. */
export interface IntakeQueue {
  /**
   * Takes items in their order. Resolves at once while little waits, else when the ledger has begun with it: so the ledger's
   * pace governs the reading, and it never waits for the reader. Rejects with the error of a write that failed; what waited
   * behind it is dropped, because the server sends it again from the cursor.
   */
  take(items: readonly StreamItem[]): Promise<void>;
  /**
   * Resolves when nothing waits any more, for a new connection or poll begins then. A failure that no `take` has told
   * yet rejects here, once: so it counts as a failed attempt, whatever came after the items.
   */
  settled(): Promise<void>;
  /** When the write that is under way began, on the clock that never goes back; null while there is none. */
  writingSince(): number | null;
}

/**
 * A transaction costs as much as some events do: where they come thick and fast, one is begun at most so often, ms. What comes
 * alone is written at once.
 */
export const GATHER_MS = 16;

/** Small transactions cost most of a catch-up: contracts are read and written once in each. */
export const MAX_ITEMS = 8_000;
/** In UTF-16 units of data. */
export const MAX_WEIGHT = 8 * 1024 * 1024;

/** What the ledger has to do with it. */
export interface QueueDeps {
  readonly clock: Clock;
  batch(): AppendBatch;
  /** Writes the batch. */
  write(batch: AppendBatch): Promise<void>;
}

export function createIntakeQueue({ clock, batch, write }: QueueDeps): IntakeQueue {
  let waiting: AppendBatch | null = null;
  let count = 0;
  let weight = 0;
  /** Readers that wait for room. */
  let held: (() => void)[] = [];
  let failure: { readonly error: unknown; told: boolean } | null = null;
  let writing: Promise<void> | null = null;
  let beganAt = Number.NEGATIVE_INFINITY;
  let isWriting = false;
  /** Somebody waits until nothing waits any more. */
  let hurried = 0;
  let endGathering = (): void => {};

  const isFull = (): boolean => count >= MAX_ITEMS || weight >= MAX_WEIGHT;

  /** At once when the last write began long enough ago, much waits, or somebody waits for the end of it. */
  function gather(): Promise<void> | null {
    const rest = beganAt + GATHER_MS - clock.monotonic();
    if (rest <= 0 || hurried > 0 || isFull()) return null;
    return new Promise((resolve) => {
      const cancel = clock.after(rest, resolve);
      endGathering = () => {
        cancel();
        resolve();
      };
    });
  }

  function takeWaiting(): AppendBatch | null {
    const taken = waiting;
    waiting = null;
    count = weight = 0;
    for (const go of held) go();
    held = [];
    return taken;
  }

  async function drain(): Promise<void> {
    for (;;) {
      const gathering = waiting === null ? null : gather();
      if (gathering !== null) await gathering;
      const next = takeWaiting();
      if (next === null) break;
      beganAt = clock.monotonic();
      isWriting = true;
      try {
        await write(next);
      } catch (error) {
        failure = { error, told: false };
        takeWaiting()?.drop();
      }
      isWriting = false;
    }
    // In the same turn as the look at `waiting`: an item that comes a microtask later must begin the next drain.
    writing = null;
  }

  function throwFailure(): void {
    if (failure === null) return;
    failure.told = true;
    throw failure.error;
  }

  return {
    async take(items) {
      throwFailure();
      if (items.length === 0) return;
      waiting ??= batch();
      waiting.add(items);
      count += items.length;
      for (const item of items) weight += item.kind === 'event' ? item.data.length : 0;
      writing ??= drain();
      if (!isFull()) return;
      endGathering();
      await new Promise<void>((go) => held.push(go));
      throwFailure();
    },
    async settled() {
      hurried += 1;
      endGathering();
      await writing;
      hurried -= 1;
      const failed = failure;
      failure = null;
      if (failed !== null && !failed.told) throw failed.error;
    },
    writingSince: () => (isWriting ? beganAt : null),
  };
}
