import type { ViewRule } from '../../protocol/filter.ts';
import type { NotificationLevel } from '../../protocol/settings.ts';
import type { FreshEvent } from '../ledger/ingest.ts';

/** A change to be told of, or a contract that is back because its snooze has ended. */
export interface Notifiable extends FreshEvent {
  readonly back?: boolean;
}

/** What was shown lately and what waits; plain data, bounded by the limits below. */
export interface NotifyMemory {
  /** Toasts of single contracts within the last minute. */
  readonly shown: readonly { readonly contractId: string; readonly at: number }[];
  /** Wanted changes that came while catching up or in quiet hours, the latest of each contract; told together at their end. */
  readonly gathered: readonly Notifiable[];
  /** More came than is worth keeping by name. */
  readonly overflow: boolean;
  /** Some of them came in quiet hours: they are told in one summary, however few. */
  readonly kept: boolean;
  /** Something that is no need is among what the next summary tells. */
  readonly others: boolean;
  /** Until then everything goes into the digest, epoch ms of the monotonic clock. */
  readonly stormUntil: number;
  /** The next digest is not shown before then. */
  readonly digestFrom: number;
  /** A digest is owed. */
  readonly digestDue: boolean;
}

export interface NotifyInput {
  /** Monotonic ms. */
  readonly now: number;
  readonly fresh: readonly Notifiable[];
  /** `catching_up`: the stream is not yet level with the server's head. */
  readonly phase: 'live' | 'catching_up';
  /** The window is in front: the person sees it anyway. */
  readonly inFront: boolean;
  /** Which changes are wanted. */
  readonly wants: NotificationLevel;
  /** Until quiet hours end, ms; null when there are none now. */
  readonly quietMs: number | null;
}

export interface NotifyDecision {
  readonly toasts: readonly Notifiable[];
  /** Show one summary instead; its number comes from the ledger. `needs`: it tells of nothing but needs. */
  readonly digest: false | 'needs' | 'changes';
  readonly memory: NotifyMemory;
  /** Ask again then (monotonic ms) although nothing new has come; null for no need. */
  readonly again: number | null;
}

/** More than this many toasts within STORM_MS become one summary: with it, three. */
const MAX_SINGLE = 2;
const STORM_MS = 10_000;
export const CONTRACT_MS = 60_000;
const DIGEST_EVERY_MS = 5_000;
/** The summary of a storm waits for the rest of its first moment, so that it need not be told twice. */
const STORM_WAIT_MS = 1_000;
const MAX_GATHERED = 200;
/** A machine may sleep through the end of quiet hours, and its clock may be set. */
const LOOK_MS = 60_000;

export const emptyMemory: NotifyMemory = {
  shown: [],
  gathered: [],
  overflow: false,
  kept: false,
  others: false,
  stormUntil: Number.NEGATIVE_INFINITY,
  digestFrom: Number.NEGATIVE_INFINITY,
  digestDue: false,
};

/**
 * Which of the freshly stored changes are told on the desktop: those that are wanted, while the window is not in front.
 * What comes in a catch-up is gathered and told at its end: singly when few, else in one summary. What comes in quiet
 * hours is gathered, too, and always told in one summary. At most one toast a contract and minute; more than two in
 * ten seconds turn into the summary.
 */
export function decideNotification(memory: NotifyMemory, input: NotifyInput): NotifyDecision {
  const { now, quietMs } = input;
  const shown = memory.shown.filter((toast) => now - toast.at < CONTRACT_MS);
  const gathered = stillWanted([...memory.gathered, ...input.fresh], input.wants);
  // A view may want to be told where the settings want nothing.
  if (input.inFront || (input.wants === 'none' && gathered.length === 0)) {
    return { toasts: [], digest: false, again: null, memory: { ...emptyMemory, shown } };
  }
  const overflow = memory.overflow || gathered.length > MAX_GATHERED;
  const others = memory.others || gathered.some((event) => !event.actionRequired);
  if (input.phase === 'catching_up' || quietMs !== null) {
    // A summary owed from before the quiet hours waits for their end like everything else.
    const some = gathered.length > 0 || overflow || memory.digestDue;
    return {
      toasts: [],
      digest: false,
      again: quietMs === null || !some ? null : now + Math.min(quietMs, LOOK_MS),
      memory: {
        ...memory,
        shown,
        gathered: gathered.slice(-MAX_GATHERED),
        overflow,
        kept: memory.kept || (quietMs !== null && some),
        // Of what is gathered it is found out at the end.
        others: memory.others || (overflow && others),
      },
    };
  }

  const wanted = gathered.filter((event) => !shown.some((toast) => toast.contractId === event.contractId));
  const recent = shown.filter((toast) => now - toast.at < STORM_MS).length;
  const many = overflow || now < memory.stormUntil || recent + wanted.length > MAX_SINGLE;
  const storm = wanted.length > 0 && many;
  const summary = storm || (memory.kept && (wanted.length > 0 || overflow));
  const digestDue = memory.digestDue || summary;
  const begins = storm && recent > 0 && now >= memory.stormUntil;
  const digestFrom = begins ? Math.max(memory.digestFrom, now + STORM_WAIT_MS) : memory.digestFrom;
  const digest = digestDue && now >= digestFrom;
  const toasts = summary ? [] : wanted;
  return {
    toasts,
    digest: digest && (others ? 'changes' : 'needs'),
    memory: {
      shown: [...shown, ...toasts.map((event) => ({ contractId: event.contractId, at: now }))],
      gathered: [],
      overflow: false,
      kept: false,
      others: digestDue && !digest && others,
      stormUntil: storm ? now + STORM_MS : memory.stormUntil,
      digestFrom: digest ? now + DIGEST_EVERY_MS : digestFrom,
      digestDue: digestDue && !digest,
    },
    again: digestDue && !digest ? digestFrom : null,
  };
}

/** The last event of each contract decides: a need that is over by now is not told. */
function stillWanted(events: readonly Notifiable[], wants: NotificationLevel): readonly Notifiable[] {
  const latest = new Map<string, Notifiable>();
  for (const event of events) {
    latest.delete(event.contractId);
    if (isWanted(event, wants)) latest.set(event.contractId, event);
  }
  return [...latest.values()];
}

type Need = Pick<FreshEvent, 'muted' | 'rule' | 'actionRequired' | 'severity'>;

/** Whether a change, or a contract as it stands, is one that the person wants to be told of. */
export const isWanted = (need: Need, wants: NotificationLevel): boolean =>
  !need.muted && RULES[need.rule](need, wants);

const RULES: Readonly<Record<ViewRule, (need: Need, wants: NotificationLevel) => boolean>> = {
  usual: (need, wants) => WANTED[wants](need),
  toast: () => true,
  quietly: () => false,
  not: () => false,
};

const WANTED: Readonly<Record<NotificationLevel, (need: Need) => boolean>> = {
  none: () => false,
  action: (event) => event.actionRequired,
  important: ({ actionRequired, severity }) =>
    actionRequired || severity === 'warning' || severity === 'error',
  all: () => true,
};
