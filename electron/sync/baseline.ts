import type { ConnectionState } from '../../protocol/connection.ts';
import type { Random } from '../ports/clock.ts';
import { createSeldom, type RefusalStatus } from '../stream/backoff.ts';
import { LedgerError } from '../ledger/types.ts';
import { asApiError, isOfThisAlone, type ApiError } from './api.ts';
import { delayBefore } from './delay.ts';
import type { DelayBounds, Sleeper } from './delay.ts';
import { takeSnapshot } from './snapshot.ts';
import type { SnapshotDependencies } from './snapshot.ts';

export interface BaselineOptions extends SnapshotDependencies {
  readonly random: Random;
  readonly delays: DelayBounds;
  /** Woken by "retry now" and the like. */
  readonly sleeper: Sleeper;
  isOnline(): boolean;
  onState(state: ConnectionState): void;
  onStorage(error: unknown): void;
}

/** How often the list may be asked for in vain before the account is followed without a baseline. */
const MAX_IN_VAIN = 3;
const UNTIL_WOKEN_MS = 2 ** 31 - 1;
/** What is told of an answer that refuses us. */
const REFUSED: Readonly<Record<RefusalStatus, ConnectionState>> = {
  401: { phase: 'refused' },
  403: { phase: 'stopped', cause: 'forbidden' },
};

function refusalOf({ kind, failure: { status } }: ApiError): RefusalStatus | null {
  const isRefusal = kind === 'refused' || kind === 'not_own';
  return isRefusal && (status === 401 || status === 403) ? status : null;
}

/**
 * The account's first snapshot, tried until it is had. Where the server has none, or the list alone cannot be had (a server that
 * breaks over it, a page in its place), the account is followed without it; the repair goes on asking. What hinders it is told as a state of the
 * connection. `ended`: the signal was aborted, or the sign-in is over.
 */
export async function takeBaseline(options: BaselineOptions): Promise<'taken' | 'without' | 'ended'> {
  const { clock, signal } = options;
  let inVain = 0;
  const seldom = createSeldom(options.random);
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    options.onState({ phase: 'connecting', attempt });
    try {
      const { baseline } = await takeSnapshot({
        ...options,
        onProgress: (done, total) => options.onState({ phase: 'catching_up', done, total }),
      });
      return baseline ? 'taken' : 'without';
    } catch (error) {
      if (signal.aborted) return 'ended';
      if (error instanceof LedgerError) options.onStorage(error);
      const apiFailure = asApiError(error);
      const { kind, failure, retryAfterMs } = apiFailure;
      if (kind === 'signed_out') return 'ended';
      if (isOfThisAlone(apiFailure)) inVain += 1;
      if (kind === 'missing' || inVain >= MAX_IN_VAIN) {
        await options.ledger.markWithoutSnapshot(options.accountId);
        return 'without';
      }
      const refusal = refusalOf(apiFailure);
      let wait: number;
      if (refusal === null) {
        seldom.reset();
        wait = Math.max(retryAfterMs ?? 0, delayBefore(attempt, options.delays, options.random));
        const retryAt = clock.now() + wait;
        options.onState({ phase: 'waiting', retryAt, attempt, failure, offline: !options.isOnline() });
      } else {
        wait = seldom.afterRefusal(refusal, kind === 'refused') ?? UNTIL_WOKEN_MS;
        options.onState(REFUSED[refusal]);
      }
      try {
        await options.sleeper.sleep(wait, signal);
      } catch {
        return 'ended';
      }
    }
  }
  return 'ended';
}
