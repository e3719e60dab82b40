import { isDeepStrictEqual } from 'node:util';
import type { SavedView } from '../../protocol/filter.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { SEEN_AFTER_MS } from '../../protocol/view.ts';
import type { ContractDetail, ViewCounts, ViewMessage } from '../../protocol/view.ts';
import type { Ledger, LedgerDiagnostics, ReceiptArguments, ServerFacts } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { createPassingTime } from './passing-time.ts';
import { createSavedViews } from './saved-views.ts';
import type { SavedViews } from './saved-views.ts';
import { createThrottle } from './throttle.ts';
import { createViews } from './views.ts';
import type { Views } from './views.ts';

const CONTRACT_MS = 50;
const RECEIPT_MS = 250;

export interface FeedOptions {
  readonly ledger: Ledger;
  readonly accountId: number;
  readonly clock: Clock;
  /** The time for what is done for good, epoch ms; null while it is not known. */
  lastingNow(): number | null;
  /** How late it may be at most, epoch ms. */
  latestNow(): number;
  sendBatch(batch: ViewMessage): void;
  sendContract(detail: ContractDetail): void;
  sendReceipt(receipt: Receipt): void;
  serverFacts(): ServerFacts;
  sendSavedViews(views: readonly SavedView[]): void;
  /** The person has changed them. */
  onSavedViews(): void;
  /** The contract's page in the web portal; null where there is none. */
  portalUrl(contractId: string): string | null;
  onCounts(counts: ViewCounts): void;
  /** The snoozes of these contracts have just ended, by the time that was set. */
  onWoken(contracts: readonly string[]): void;
  onFailure(error: unknown): void;
}

export interface Feed {
  readonly views: Views;
  readonly saved: SavedViews;
  openContract(contractId: string): Promise<ContractDetail | null>;
  closeContract(): Promise<void>;
  /** What the open contract shows beside the ledger's (its portal) may have changed. */
  touchContract(): void;
  /** The machine was asleep, or an action may have snoozed something: snoozes and what is due are looked at now. */
  processDue(): void;
  /** Another day, or the same one with another beginning: in another time zone. */
  dayChanged(): void;
  /** These contracts (null: many) changed in the ledger. Urgent: seldom, and to be seen whatever else is going on. */
  publish(contracts: readonly string[] | null, urgent?: boolean): void;
  /** What the receipt rests on may have changed. */
  touchReceipt(): void;
  /** Support information with the receipt of the same moment. */
  diagnostics(): Promise<LedgerDiagnostics>;
  /** The latest known receipt; computed when there is none yet. */
  receipt(): Promise<Receipt>;
  windowGone(): void;
  close(): Promise<void>;
}

/** What a server names may lie so far ahead. Ms. */
const CLOCKS_DIFFER_MS = 60_000;

export function createFeed(options: FeedOptions): Feed {
  const { ledger, accountId, clock } = options;
  const views = createViews({
    ledger,
    accountId,
    clock,
    send: options.sendBatch,
    onCounts: options.onCounts,
    onFailure: options.onFailure,
  });
  const saved = createSavedViews({
    ledger,
    accountId,
    clock,
    send: options.sendSavedViews,
    onSaved() {
      // The number of those that need the user goes by them.
      views.publish();
      options.onSavedViews();
    },
    onFailure: options.onFailure,
  });
  const time = createPassingTime({
    ledger,
    accountId,
    clock,
    lastingNow: options.lastingNow,
    onWoken(contracts, atStart) {
      publish(contracts);
      // What ended while the app was closed is no news: the person who starts it sees it.
      if (contracts !== null && !atStart) options.onWoken(contracts);
    },
    onTick: dayChanged,
    onFailure: options.onFailure,
  });
  let openId: string | null = null;
  /** Since when it is open, on the clock that never goes back. */
  let openedAt = 0;
  let lastDetail = '';
  let lastReceipt: Receipt | null = null;

  const contract = createThrottle(clock, CONTRACT_MS, async () => {
    const contractId = openId;
    if (contractId === null) return;
    try {
      const detail = await readContract(contractId);
      const text = JSON.stringify(detail);
      if (detail === null || openId !== contractId || text === lastDetail) return;
      lastDetail = text;
      options.sendContract(detail);
    } catch (error) {
      options.onFailure(error);
    }
  });

  async function readContract(contractId: string): Promise<ContractDetail | null> {
    const detail = await ledger.contract(accountId, contractId);
    return detail && { ...detail, portalUrl: options.portalUrl(contractId) };
  }

  /** What is left is noted as it is now: a later change is compared with that. What was only passed was not looked at. */
  async function turnTo(contractId: string | null): Promise<void> {
    const left = openId;
    if (left === contractId) return;
    const now = clock.monotonic();
    const seen = now - openedAt >= SEEN_AFTER_MS;
    openId = contractId;
    openedAt = now;
    if (left === null || !seen) return;
    try {
      await ledger.markViewed(accountId, left, clock.now());
    } catch (error) {
      options.onFailure(error);
    }
  }

  function publish(contracts: readonly string[] | null, urgent = false): void {
    views.publish(urgent);
    saved.touch();
    if (openId !== null && (contracts === null || contracts.includes(openId))) contract.ask();
  }

  function dayChanged(): void {
    publish([]);
    receipt.ask();
  }

  const receiptArguments = (): ReceiptArguments => [
    accountId,
    localMidnight(clock.now()),
    options.serverFacts(),
  ];
  const toTell = (told: Receipt): Receipt => withoutTimeToCome(told, options.latestNow() + CLOCKS_DIFFER_MS);
  const readReceipt = async (): Promise<Receipt> => toTell(await ledger.receipt(...receiptArguments()));

  const receipt = createThrottle(clock, RECEIPT_MS, async () => {
    try {
      const next = await readReceipt();
      if (isDeepStrictEqual(next, lastReceipt)) return;
      // Whether changes of a contract may be missing depends on the gaps of others as well.
      if (openIds(next) !== openIds(lastReceipt)) contract.ask();
      lastReceipt = next;
      options.sendReceipt(next);
    } catch (error) {
      options.onFailure(error);
    }
  });

  time.look();

  return {
    views,
    saved,
    async openContract(contractId) {
      const reading = readContract(contractId);
      // After the reading: the person waits for that.
      void turnTo(contractId);
      const detail = await reading;
      if (openId === contractId) lastDetail = JSON.stringify(detail);
      return detail;
    },
    closeContract: () => turnTo(null),
    touchContract: contract.ask,
    processDue: time.look,
    dayChanged,
    publish,
    touchReceipt: receipt.ask,
    async diagnostics() {
      const read = await ledger.diagnostics(receiptArguments());
      return { ...read, receipt: read.receipt && toTell(read.receipt) };
    },
    async receipt() {
      lastReceipt ??= await readReceipt();
      return lastReceipt;
    },
    windowGone() {
      void turnTo(null);
      saved.windowGone();
      views.closeAll();
    },
    async close() {
      await turnTo(null);
      await Promise.all([time.close(), saved.close(), views.close(), contract.close(), receipt.close()]);
    },
  };
}

/** No server knows what has not been: a time later than `latest` is that of a wrong clock, and not told. */
function withoutTimeToCome(receipt: Receipt, latest: number): Receipt {
  const past = (at: number | null): number | null => (at !== null && at > latest ? null : at);
  const { upToTime, ahead } = receipt;
  return { ...receipt, upToTime: past(upToTime), ahead: ahead && { ...ahead, at: past(ahead.at) } };
}

const openIds = (receipt: Receipt | null): string =>
  (receipt?.openGaps ?? []).map(({ gapId }) => gapId).join();

function localMidnight(now: number): number {
  const day = new Date(now);
  return day.setHours(0, 0, 0, 0);
}
