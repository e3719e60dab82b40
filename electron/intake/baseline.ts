import type { ConnectionState } from '../../protocol/connection.ts';
import type { Random } from '../ports/clock.ts';
import { createSeldom } from '../stream/backoff.ts';
import { LedgerError } from '../ledger/types.ts';
import { asApiTrouble, isOfThisAlone } from './api.ts';
import { delayBefore } from './delay.ts';
import type { DelayBounds, Sleeper } from './delay.ts';
import { takeSnapshot } from './snapshot.ts';
import type { SnapshotWorld } from './snapshot.ts';

export interface BaselineOptions extends SnapshotWorld {
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
      await takeSnapshot({
        ...options,
        onProgress: (done, total) => options.onState({ phase: 'catching_up', done, total }),
      });
      return 'taken';
    } catch (error) {
      if (signal.aborted) return 'ended';
      if (error instanceof LedgerError) options.onStorage(error);
      const apiTrouble = asApiTrouble(error);
      const { kind, trouble, retryAfterMs } = apiTrouble;
      if (kind === 'signed_out') return 'ended';
      if (isOfThisAlone(apiTrouble)) inVain += 1;
      if (kind === 'missing' || inVain >= MAX_IN_VAIN) {
        await options.ledger.markWithoutSnapshot(options.accountId);
        return 'without';
      }
      const forbidden = kind === 'refused' && trouble.status === 403;
      const unauthorized = kind === 'refused' && trouble.status === 401;
      if (!forbidden && !unauthorized) seldom.reset();
      const wait =
        forbidden && apiTrouble.isOwn
          ? UNTIL_WOKEN_MS
          : forbidden || unauthorized
            ? seldom.next()
            : Math.max(retryAfterMs ?? 0, delayBefore(attempt, options.delays, options.random));
      options.onState(
        forbidden
          ? { phase: 'stopped', cause: 'forbidden' }
          : unauthorized
            ? { phase: 'refused' }
            : {
                phase: 'waiting',
                retryAt: clock.now() + wait,
                attempt,
                trouble,
                offline: !options.isOnline(),
              },
      );
      try {
        await options.sleeper.sleep(wait, signal);
      } catch {
        return 'ended';
      }
    }
  }
  return 'ended';
}
