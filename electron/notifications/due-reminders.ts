import type { Language } from '../../protocol/language.ts';
import { parseInstant } from '../../protocol/instant.ts';
import type { Settings } from '../../protocol/settings.ts';
import { isDueSettled } from '../../protocol/statuses.ts';
import type { Toast } from '../app/core-types.ts';
import type { DueReminders, Standing } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { createRerun } from '../ports/serial.ts';
import { plainLine, PARTY_LENGTH, TITLE_LENGTH } from './plain-line.ts';
import { untilToldAgain } from './quiet-hours.ts';
import { isTakenOn } from './taken-on.ts';
import { notifyWords } from './words.ts';

export interface DueRemindersOptions {
  readonly clock: Clock;
  /** The time for what is done for good, epoch ms; null while it is not known. */
  lastingNow(): number | null;
  language(): Language;
  settings(): Pick<Settings, 'quietHours' | 'pausedUntil'>;
  /** What comes now may be that a contract is signed already. */
  isCatchingUp(): boolean;
  /** Gives each out once for good. */
  take(now: number): Promise<DueReminders>;
  standing(contractId: string): Promise<Standing | null>;
  showToast(toast: Toast): void;
  withdrawToasts(tags: readonly string[]): void;
  onFailure(error: unknown): void;
}

/** Tells of due dates on the days that the saved views name: on time, after quiet hours, and after a sleep. */
export interface Reminders {
  /** What is due, what is wanted or what time it is may be different now. */
  look(): void;
  /** The machine has slept: what it missed may settle a contract, and is waited for a while. */
  woke(): void;
  /** The stream is level with the server. */
  settled(): void;
  /** These contracts may stand otherwise now (null: any): what is past is taken off the screen. */
  changed(contracts: readonly string[] | null): void;
  close(): Promise<void>;
}

/** A machine may sleep through a morning, and its clock may be set. */
const LOOK_MS = 60_000;
/** While it is not known how late it is, ms. */
const UNKNOWN_MS = 1_000;
/** What was missed is waited for at most so long: without a connection it may not come for hours. */
const MISSED_MS = 60_000;
/** More at once are one toast. */
const MAX_SINGLE = 2;
const DIGEST = 'due-digest';

/** A contract as it was told of. */
interface Told {
  readonly dueAt: string | null;
  readonly wasTakenOn: boolean;
}

export function createDueReminders(options: DueRemindersOptions): Reminders {
  const { clock } = options;
  let cancel = (): void => {};
  const ending = new AbortController();
  let missedUntil = clock.monotonic() + MISSED_MS;
  /** When it was last looked. */
  let lookedAt = clock.now();
  /** Toasts that may be on the screen, by tag, each with what it tells of and is not past. */
  const shown = new Map<string, Map<string, Told>>();

  const looking = createRerun(async () => {
    if (ending.signal.aborted) return;
    cancel();
    const wait = await once().catch((error: unknown) => {
      options.onFailure(error);
      return LOOK_MS;
    });
    if (!ending.signal.aborted) cancel = clock.after(wait, look);
  });
  const look = (): void => void looking.ask();

  /** Ms until the next look. */
  async function once(): Promise<number> {
    const at = clock.now();
    // Timers that a machine has slept over come before the news that it has.
    if (at - lookedAt > 2 * LOOK_MS) missedUntil = clock.monotonic() + MISSED_MS;
    lookedAt = at;
    const quietMs = untilToldAgain(options.settings(), at);
    if (quietMs !== null) return Math.max(1, Math.min(quietMs, LOOK_MS));
    const missedMs = missedUntil - clock.monotonic();
    if (missedMs > 0) return missedMs;
    if (options.isCatchingUp()) return LOOK_MS;
    const now = options.lastingNow();
    if (now === null) return UNKNOWN_MS;
    const { count, contracts } = await options.take(now);
    if (count > 0 && !ending.signal.aborted) await tell(count, contracts, now);
    return LOOK_MS;
  }

  async function tell(count: number, contracts: readonly string[], now: number): Promise<void> {
    const found = await Promise.all(contracts.map((contractId) => options.standing(contractId)));
    const rows = found.filter((row) => row !== null);
    if (ending.signal.aborted) return;
    if (count <= MAX_SINGLE) for (const row of rows) show(row, now);
    else showMany(count, rows);
  }

  function show(row: Standing, now: number): void {
    const words = notifyWords(options.language());
    const party = row.counterparties[0]?.name;
    const due = row.dueAt === null ? null : parseInstant(row.dueAt);
    if (due === null) return;
    const tag = `due:${row.contractId}`;
    shown.set(tag, new Map([[row.contractId, asTold(row)]]));
    options.showToast({
      tag,
      title: plainLine(row.title, TITLE_LENGTH),
      body: words.due(due, now, party === undefined ? null : plainLine(party, PARTY_LENGTH)),
      contractId: row.contractId,
      urgent: false,
    });
  }

  function showMany(count: number, rows: readonly Standing[]): void {
    // What is not named cannot be seen to be over.
    const known = rows.length === count ? rows.map((row) => [row.contractId, asTold(row)] as const) : [];
    if (known.length > 0) shown.set(DIGEST, new Map(known));
    else shown.delete(DIGEST);
    options.showToast({
      tag: DIGEST,
      ...notifyWords(options.language()).dueDigest(count),
      contractId: null,
      urgent: false,
    });
  }

  async function forgetPast(tag: string, contractId: string, told: Told): Promise<void> {
    const row = await options.standing(contractId).catch(() => null);
    const of = shown.get(tag);
    if (ending.signal.aborted || row === null || of?.get(contractId) !== told || !isPast(row, told)) return;
    of.delete(contractId);
    if (of.size > 0) return;
    shown.delete(tag);
    options.withdrawToasts([tag]);
  }

  look();
  return {
    look,
    woke() {
      missedUntil = clock.monotonic() + MISSED_MS;
      look();
    },
    settled() {
      missedUntil = Number.NEGATIVE_INFINITY;
      look();
    },
    changed(contracts) {
      if (shown.size === 0) return;
      const which = contracts === null ? null : new Set(contracts);
      for (const [tag, of] of shown)
        for (const [contractId, told] of of)
          if (which === null || which.has(contractId)) void forgetPast(tag, contractId, told);
    },
    async close() {
      ending.abort(new Error('reminders ended'));
      cancel();
      await looking.settled();
    },
  };
}

const asTold = (row: Standing): Told => ({ dueAt: row.dueAt, wasTakenOn: isTakenOn(row) });

/** It was taken on since it was told, is settled, put aside, or due on another day. */
const isPast = (row: Standing, told: Told): boolean =>
  (isTakenOn(row) && !told.wasTakenOn) ||
  isDueSettled(row.to) ||
  row.muted ||
  row.snoozed !== null ||
  row.dueAt !== told.dueAt;
