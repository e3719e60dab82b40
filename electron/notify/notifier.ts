import type { Toast } from '../core-types.ts';
import type { FreshEvent } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { decideNotification, emptyMemory } from './decide.ts';
import { notifyWords } from './words.ts';

export interface NotifierOptions {
  readonly clock: Clock;
  readonly locale: string;
  isInFront(): boolean;
  /** How many contracts need the user now, from the ledger: the badge's number. */
  needing(): Promise<number>;
  showToast(toast: Toast): void;
}

export interface Notifier {
  /** Freshly stored changes; `catching_up` ones are told once `settled` is called. */
  tell(fresh: readonly FreshEvent[], phase: 'live' | 'catching_up'): void;
  /** The stream is level with the server again. */
  settled(): void;
  close(): void;
}

export function createNotifier(options: NotifierOptions): Notifier {
  const words = notifyWords(options.locale);
  let memory = emptyMemory;
  let cancel: (() => void) | null = null;
  let closed = false;

  function decide(fresh: readonly FreshEvent[], phase: 'live' | 'catching_up'): void {
    if (closed) return;
    const decision = decideNotification(memory, {
      now: options.clock.monotonic(),
      fresh,
      phase,
      inFront: options.isInFront(),
    });
    memory = decision.memory;
    for (const event of decision.toasts) {
      options.showToast({
        tag: `contract:${event.contractId}`,
        title: event.title,
        body: words.change(event.from, event.to, event.counterparty),
        contractId: event.contractId,
        urgent: event.severity === 'error',
      });
    }
    if (decision.digest) void showDigest();
    cancel?.();
    cancel =
      decision.again === null
        ? null
        : options.clock.after(Math.max(0, decision.again - options.clock.monotonic()), () =>
            decide([], 'live'),
          );
  }

  async function showDigest(): Promise<void> {
    const needing = await options.needing().catch(() => 0);
    if (closed || needing === 0) return;
    options.showToast({ tag: 'digest', ...words.digest(needing), contractId: null, urgent: false });
  }

  return {
    tell(fresh, phase) {
      if (fresh.length > 0) decide(fresh, phase);
    },
    settled: () => decide([], 'live'),
    close() {
      closed = true;
      cancel?.();
    },
  };
}
