import { requestError } from '../../protocol/failures.ts';
import type { AcknowledgementProblem } from '../../protocol/view.ts';
import type { AcknowledgementResult, Ledger, OutboxEntry } from '../ledger/types.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createRerun } from '../ports/serial.ts';
import { asApiError } from './api.ts';
import type { Api, ApiError } from './api.ts';
import { delayBefore } from './delay.ts';
import type { DelayBounds } from './delay.ts';

export interface OutboxOptions {
  readonly api: Api;
  readonly ledger: Ledger;
  readonly accountId: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly delays: DelayBounds;
  /** These contracts (null: many) look different now. */
  onChanged(contracts: readonly string[] | null): void;
}

export interface Outbox {
  /** What is held of these contracts has changed. */
  changed(contracts: readonly string[] | null): void;
  /** Takes back what is held of this one, whenever it was made. */
  undo(contractId: string): Promise<void>;
  retry(contractId: string): Promise<void>;
  /** Looks for what is due now. */
  look(): void;
  /** Whether there is a way to the server. Not known at the start; as long as there is none, what is held stays so and can be undone. */
  setReachable(reachable: boolean): void;
  /** The server can be reached again, or may be: what waits in our own back-off is sent at once. */
  retryNow(): void;
  /** Ends sending; what was not confirmed stays durable and is sent again with the same key. */
  close(): Promise<void>;
}

/** What a person is told of an answer that will not get better; of others its number is told. */
const CODES: Readonly<Record<number, AcknowledgementProblem['code']>> = {
  403: 'forbidden',
  404: 'missing',
  405: 'missing',
  410: 'missing',
  501: 'missing',
};

function problemOf({ failure: { status, detail } }: ApiError): AcknowledgementProblem {
  return { code: status === null ? 'other' : (CODES[status] ?? 'refused'), params: { status }, detail };
}

const SENDS_AT_ONCE = 3;
/** A wall clock that jumped must not put off what is due for longer than this. */
const LONGEST_NAP_MS = 60_000;

/**
 * Sends acknowledgements once each, in order per contract: the ledger names what is due, the `Idempotency-Key` makes a
 * repetition harmless, and each result is settled durably before the next is asked for.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { api, ledger, accountId, clock, log } = options;
  const ending = new AbortController();
  let cancel = (): void => {};
  /** Put off by our own back-off. What the server asked to wait with keeps its time. */
  const backedOff = new Set<number>();
  let hurried = false;
  let canReach = false;

  const sending = createRerun(async () => {
    if (ending.signal.aborted) return;
    cancel();
    try {
      await sendDue();
    } catch (error) {
      if (ending.signal.aborted) return;
      log.warn(`outbox: ${error instanceof Error ? error.message : 'unknown error'}`);
      nap(options.delays.most);
    }
  });
  const look = (): void => void sending.ask();

  async function sendDue(): Promise<void> {
    const early = hurried ? [...backedOff] : [];
    hurried = false;
    const { due, nextAt } = await ledger.dueAcknowledgements(accountId, clock.now(), early, canReach);
    if (due.length === 0) {
      if (nextAt !== null) nap(nextAt - clock.now());
      return;
    }
    const waiting = [...due];
    options.onChanged(due.map((entry) => entry.contractId));
    const senders = Array.from({ length: SENDS_AT_ONCE }, async () => {
      for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) await sendOne(entry);
    });
    await Promise.all(senders);
    // What became due meanwhile, and when the next is.
    look();
  }

  function nap(ms: number): void {
    cancel = clock.after(Math.min(Math.max(ms, 0), LONGEST_NAP_MS), look);
  }

  async function sendOne(entry: OutboxEntry): Promise<void> {
    backedOff.delete(entry.outboxId);
    const result = await attempt(entry);
    if (result === null) return;
    await ledger.completeAcknowledgement(entry.outboxId, result, clock.now());
    options.onChanged([entry.contractId]);
  }

  /** Null when it must stay as it is: we are ending. */
  async function attempt(entry: OutboxEntry): Promise<AcknowledgementResult | null> {
    try {
      const answer = await api.acknowledge(entry, ending.signal);
      if (answer === 'superseded') return { state: 'superseded' };
      return answer === 'sent' ? { state: 'sent' } : { state: 'sent', isRepeated: true };
    } catch (error) {
      if (ending.signal.aborted) return null;
      const failure = asApiError(error);
      if (failure.kind === 'refused' || failure.kind === 'missing' || failure.kind === 'gone')
        return { state: 'failed', problem: problemOf(failure) };
      if (failure.retryAfterMs === null) backedOff.add(entry.outboxId);
      const wait = failure.retryAfterMs ?? delayBefore(entry.attempts + 1, options.delays, options.random);
      return { state: 'retry', at: clock.now() + wait, problem: problemOf(failure) };
    }
  }

  return {
    changed(contracts) {
      options.onChanged(contracts);
      look();
    },
    async undo(contractId) {
      const isUndone = await ledger.undoAcknowledgement(accountId, contractId);
      options.onChanged([contractId]);
      if (!isUndone) throw requestError('onItsWay');
    },
    async retry(contractId) {
      await ledger.retryAcknowledgement(accountId, contractId, clock.now());
      options.onChanged([contractId]);
      look();
    },
    look,
    setReachable(reachable) {
      const isNews = reachable && !canReach;
      canReach = reachable;
      if (isNews) look();
    },
    retryNow() {
      hurried = true;
      look();
    },
    async close() {
      cancel();
      ending.abort(new Error('outbox ended'));
      await sending.settled();
      cancel();
    },
  };
}
