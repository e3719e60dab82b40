import type { Ledger } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { createRerun } from '../ports/serial.ts';

/** What depends on the time of day is looked at again at least this often, ms: timers stand still while a machine sleeps. */
const MINUTE_MS = 60_000;
/** Between two looks while it is not known yet how late it is, ms. */
const UNKNOWN_MS = 1_000;

export interface PassingTimeOptions {
  readonly ledger: Pick<Ledger, 'wakeSnoozed'>;
  readonly accountId: number;
  readonly clock: Clock;
  /** By which snoozes end, epoch ms; null while that is not known yet. A snooze that was ended too early is lost. */
  lastingNow(): number | null;
  /** The snoozes of these contracts (null: many) have ended; `atStart`: while the app was closed. */
  onWoken(contracts: readonly string[] | null, atStart: boolean): void;
  /** A minute has gone by, or a day has begun: what is overdue or due soon may be another number. */
  onTick(): void;
  onFailure(error: unknown): void;
}

export interface PassingTime {
  /** Looks now: at the start, after an action, and when the machine has slept. */
  look(): void;
  close(): Promise<void>;
}

/** Ends snoozes on time, and says when what depends on the time is to be read again: each minute, and at local midnight. */
export function createPassingTime(options: PassingTimeOptions): PassingTime {
  const { clock, ledger, accountId } = options;
  let cancel = (): void => {};
  let atStart = true;
  const ending = new AbortController();
  let tickAt = clock.now() + MINUTE_MS;

  const looking = createRerun(once);
  const look = (): void => void looking.ask();

  async function once(): Promise<void> {
    if (ending.signal.aborted) return;
    cancel();
    const untilNext = await endSnoozes();
    const now = clock.now();
    // A clock that was set back must not stop the ticking.
    if (now >= tickAt || tickAt - now > MINUTE_MS) {
      tickAt = Math.min(now + MINUTE_MS, nextMidnight(now));
      options.onTick();
    }
    if (ending.signal.aborted) return;
    cancel = clock.after(Math.max(Math.min(tickAt - now, untilNext), 1), look);
  }

  /** Ms until the next look is due for their sake. */
  async function endSnoozes(): Promise<number> {
    const now = options.lastingNow();
    if (now === null) return UNKNOWN_MS;
    try {
      const { contracts, nextAt } = await ledger.wakeSnoozed(accountId, now);
      if (contracts === null || contracts.length > 0) options.onWoken(contracts, atStart);
      atStart = false;
      return nextAt === null ? Infinity : nextAt - now;
    } catch (error) {
      options.onFailure(error);
      return Infinity;
    }
  }

  return {
    look,
    async close() {
      ending.abort(new Error('time ended'));
      cancel();
      await looking.settled();
      cancel();
    },
  };
}

function nextMidnight(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}
