import type { Language } from '../../protocol/language.ts';
import type { ContractRow } from '../../protocol/view.ts';
import type { NotificationLevel, Settings } from '../../protocol/settings.ts';
import type { Toast } from '../app/core-types.ts';
import type { FreshEvent } from '../ledger/ingest.ts';
import type { Clock } from '../ports/clock.ts';
import { decideNotification, emptyMemory, type Notifiable } from './decide.ts';
import { untilQuietEnds } from './quiet-hours.ts';
import { notifyWords } from './words.ts';

export interface NotifierOptions {
  readonly clock: Clock;
  /** The person's language now. */
  language(): Language;
  settings(): Pick<Settings, 'notifications' | 'quietHours'>;
  isInFront(): boolean;
  /** How many contracts need the user now, muted ones not among them, from the ledger: the badge's number. */
  needing(): Promise<number>;
  /** The contract as it stands now, from the ledger. */
  rowOf(contractId: string): Promise<ContractRow | null>;
  showToast(toast: Toast): void;
}

export interface Notifier {
  /** Freshly stored changes; `catching_up` ones are told once `settled` is called. */
  tell(fresh: readonly FreshEvent[], phase: 'live' | 'catching_up'): void;
  /** Contracts whose snooze has ended, as they stand now; what holds for a change holds for them. */
  remind(contracts: readonly ContractRow[]): void;
  /** The stream is level with the server again. */
  settled(): void;
  /** What is wanted, or what time it is, may be different now: the settings have changed, or the machine has slept. */
  reevaluate(): void;
  close(): void;
}

export function createNotifier(options: NotifierOptions): Notifier {
  const { clock } = options;
  let memory = emptyMemory;
  let phase: 'live' | 'catching_up' = 'live';
  let cancel: (() => void) | null = null;
  let closed = false;

  function decide(fresh: readonly Notifiable[]): void {
    if (closed) return;
    const { notifications: wants, quietHours } = options.settings();
    const decision = decideNotification(memory, {
      now: clock.monotonic(),
      fresh,
      phase,
      inFront: options.isInFront(),
      wants,
      quietMs: untilQuietEnds(quietHours, clock.now()),
    });
    memory = decision.memory;
    for (const event of decision.toasts) void showChange(event);
    if (decision.digest) void showDigest(wants);
    cancel?.();
    cancel =
      decision.again === null
        ? null
        : clock.after(Math.max(0, decision.again - clock.monotonic()), () => decide([]));
  }

  async function showChange(event: Notifiable): Promise<void> {
    const row = event.back === true ? null : await options.rowOf(event.contractId).catch(() => null);
    if (closed) return;
    if (row !== null && isPast(event, row)) {
      // Not told: the contract's next change may be.
      memory = { ...memory, shown: memory.shown.filter((toast) => toast.contractId !== event.contractId) };
      return;
    }
    const words = notifyWords(options.language());
    options.showToast({
      tag: `contract:${event.contractId}`,
      title: event.title,
      body:
        event.back === true
          ? words.back(event.to, event.counterparty)
          : words.change(event.from, event.to, event.counterparty),
      contractId: event.contractId,
      urgent: event.severity === 'error',
    });
  }

  async function showDigest(wants: NotificationLevel): Promise<void> {
    const needing = await options.needing().catch(() => 0);
    // A need may be over by now; who wants to know of more than needs hears that there was something.
    if (closed || (needing === 0 && wants === 'action')) return;
    const words = notifyWords(options.language());
    const text = needing === 0 ? words.changed : words.digest(needing);
    options.showToast({ tag: 'digest', ...text, contractId: null, urgent: false });
  }

  return {
    tell(fresh, now) {
      phase = now;
      if (fresh.length > 0) decide(fresh);
    },
    remind(contracts) {
      if (contracts.length > 0) decide(contracts.map(toNotifiable));
    },
    settled() {
      phase = 'live';
      decide([]);
    },
    reevaluate: () => decide([]),
    close() {
      closed = true;
      cancel?.();
    },
  };
}

/** What waited to be told was read meanwhile, or the need it tells of is over. */
function isPast(event: Notifiable, row: ContractRow): boolean {
  return row.unread === 0 || (event.actionRequired && !row.actionRequired);
}

function toNotifiable(row: ContractRow): Notifiable {
  const { contractId, title, from, to, severity, actionRequired, time, muted } = row;
  const counterparty = row.counterparties[0]?.name ?? null;
  const eventId = `${contractId}/${row.version}`;
  return {
    eventId,
    contractId,
    title,
    counterparty,
    from,
    to,
    severity,
    actionRequired,
    time,
    muted,
    back: true,
  };
}
