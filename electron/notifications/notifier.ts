import type { Language } from '../../protocol/language.ts';
import type { Settings } from '../../protocol/settings.ts';
import type { Toast } from '../app/core-types.ts';
import type { FreshEvent } from '../ledger/ingest.ts';
import type { Standing } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { decideNotification, emptyMemory, isWanted, type Notifiable } from './decide.ts';
import { isTakenOn } from './taken-on.ts';
import { plainLine, PARTY_LENGTH, TITLE_LENGTH } from './plain-line.ts';
import { untilToldAgain } from './quiet-hours.ts';
import { notifyWords } from './words.ts';

export interface NotifierOptions {
  readonly clock: Clock;
  /** The person's language now. */
  language(): Language;
  settings(): Pick<Settings, 'notifications' | 'quietHours' | 'pausedUntil'>;
  isInFront(): boolean;
  /** How many contracts need the user now, muted ones not among them, from the ledger: the badge's number. */
  needing(): Promise<number>;
  /** The contract as it stands now, from the ledger. */
  standing(contractId: string): Promise<Standing | null>;
  showToast(toast: Toast): void;
  withdrawToasts(tags: readonly string[] | 'all'): void;
}

export interface Notifier {
  /** Freshly stored changes; `catching_up` ones are told once `settled` is called. */
  tell(fresh: readonly FreshEvent[], phase: 'live' | 'catching_up'): void;
  /** Contracts whose snooze has ended, as they stand now; what holds for a change holds for them. */
  remind(contracts: readonly Standing[]): void;
  /** These contracts may stand otherwise now (null: any): what was told of them and is past is taken off the screen. */
  changed(contracts: readonly string[] | null): void;
  /** So many contracts need the user now. */
  needingChanged(count: number): void;
  /** The stream is level with the server again. */
  settled(): void;
  /** What is wanted, or what time it is, may be different now: the settings have changed, or the machine has slept. */
  reevaluate(): void;
  close(): void;
}

/** As many as the desktop is asked to keep at most. */
const MAX_TOLD = 50;
const REASON_LENGTH = 140;
const DIGEST = 'digest';
const tagOf = (contractId: string): string => `contract:${contractId}`;

export function createNotifier(options: NotifierOptions): Notifier {
  const { clock } = options;
  let memory = emptyMemory;
  let phase: 'live' | 'catching_up' = 'live';
  let cancel: (() => void) | null = null;
  let closed = false;
  /** Of what the summary on the screen tells. */
  let digestOf: 'needs' | 'changes' = 'needs';
  /** What may be on the screen, by contract; the oldest first. */
  const told = new Map<string, Notifiable>();

  function decide(fresh: readonly Notifiable[]): void {
    if (closed) return;
    const settings = options.settings();
    const decision = decideNotification(memory, {
      now: clock.monotonic(),
      fresh,
      phase,
      inFront: options.isInFront(),
      wants: settings.notifications,
      quietMs: untilToldAgain(settings, clock.now()),
    });
    memory = decision.memory;
    for (const event of decision.toasts) void showChange(event);
    if (decision.digest !== false) void showDigest(decision.digest);
    cancel?.();
    cancel =
      decision.again === null
        ? null
        : clock.after(Math.max(0, decision.again - clock.monotonic()), () => decide([]));
  }

  async function showChange(event: Notifiable): Promise<void> {
    const row = event.back === true ? null : await options.standing(event.contractId).catch(() => null);
    if (closed) return;
    const { notifications: wants } = options.settings();
    if (row !== null && (isPast(event, row) || !isWanted({ ...event, rule: row.rule }, wants))) {
      // Not told: the contract's next change may be.
      memory = { ...memory, shown: memory.shown.filter((toast) => toast.contractId !== event.contractId) };
      return;
    }
    const words = notifyWords(options.language());
    const party = event.counterparty === null ? null : plainLine(event.counterparty, PARTY_LENGTH);
    const line =
      event.back === true ? words.back(event.to, party) : words.change(event.from, event.to, party);
    const reason = plainLine(event.reason ?? '', REASON_LENGTH);
    remember(event);
    options.showToast({
      tag: tagOf(event.contractId),
      title: plainLine(event.title, TITLE_LENGTH),
      body: reason === '' ? line : `${line}\n${reason}`,
      contractId: event.contractId,
      urgent: event.severity === 'error',
    });
  }

  function remember(event: Notifiable): void {
    told.delete(event.contractId);
    told.set(event.contractId, event);
    const oldest = told.size > MAX_TOLD ? told.keys().next().value : undefined;
    if (oldest !== undefined) told.delete(oldest);
  }

  async function withdrawPast(event: Notifiable): Promise<void> {
    const row = await options.standing(event.contractId).catch(() => null);
    // Told anew meanwhile: that one stands.
    if (closed || row === null || told.get(event.contractId) !== event) return;
    const isOvertaken = row.to !== event.to && !isWanted(row, options.settings().notifications);
    if (!isPast(event, row) && !isOvertaken) return;
    told.delete(event.contractId);
    options.withdrawToasts([tagOf(event.contractId)]);
  }

  async function showDigest(of: 'needs' | 'changes'): Promise<void> {
    const needing = await options.needing().catch(() => 0);
    // A need may be over by now; of other changes it is told that there were some.
    if (closed || (needing === 0 && of === 'needs')) return;
    digestOf = of;
    const words = notifyWords(options.language());
    const text = needing === 0 ? words.changed : words.digest(needing);
    options.showToast({ tag: DIGEST, ...text, contractId: null, urgent: false });
  }

  return {
    tell(fresh, now) {
      phase = now;
      if (fresh.length > 0) decide(fresh);
    },
    remind(contracts) {
      if (contracts.length > 0) decide(contracts.map(toNotifiable));
    },
    changed(contracts) {
      if (told.size === 0) return;
      const which = contracts === null ? null : new Set(contracts);
      for (const event of told.values())
        if (which === null || which.has(event.contractId)) void withdrawPast(event);
    },
    needingChanged(count) {
      if (count === 0 && digestOf === 'needs') options.withdrawToasts([DIGEST]);
    },
    settled() {
      phase = 'live';
      decide([]);
    },
    reevaluate: () => decide([]),
    close() {
      closed = true;
      cancel?.();
      // Whoever signs in next must not be shown them.
      told.clear();
      options.withdrawToasts('all');
    },
  };
}

/** What was told, or waited to be, was read or taken on meanwhile, or the need it tells of is over. */
function isPast(event: Notifiable, row: Standing): boolean {
  if (event.actionRequired && (!row.actionRequired || isTakenOn(row))) return true;
  // One whose snooze has ended may have been read long before.
  return event.back === true ? row.snoozed !== null : row.unread === 0;
}

function toNotifiable(row: Standing): Notifiable {
  const { contractId, title, from, to, severity, actionRequired, time, muted, rule } = row;
  const counterparty = row.counterparties[0]?.name ?? null;
  const eventId = `${contractId}/${row.version}`;
  return {
    eventId,
    contractId,
    title,
    counterparty,
    from,
    to,
    reason: row.reasonText,
    severity,
    actionRequired,
    time,
    muted,
    rule,
    back: true,
  };
}
