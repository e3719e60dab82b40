import type { Receipt } from '../../protocol/receipt.ts';
import type { ContractDetail, ViewBatch, ViewCounts } from '../../protocol/view.ts';
import type { Ledger } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { createThrottle } from './throttle.ts';
import { createViews } from './views.ts';
import type { Views } from './views.ts';

const CONTRACT_MS = 50;
const RECEIPT_MS = 250;

export interface FeedOptions {
  readonly ledger: Ledger;
  readonly accountId: number;
  readonly clock: Clock;
  sendBatch(batch: ViewBatch): void;
  sendContract(detail: ContractDetail): void;
  sendReceipt(receipt: Receipt): void;
  onCounts(counts: ViewCounts): void;
  onTrouble(error: unknown): void;
}

export interface Feed {
  readonly views: Views;
  openContract(contractId: string): Promise<ContractDetail | null>;
  closeContract(): void;
  /** These contracts (null: many) changed in the ledger. */
  publish(contracts: readonly string[] | null): void;
  /** What the receipt rests on may have changed. */
  touchReceipt(): void;
  /** The latest known receipt; computed when there is none yet. */
  receipt(): Promise<Receipt>;
  windowGone(): void;
  close(): Promise<void>;
}

export function createFeed(options: FeedOptions): Feed {
  const { ledger, accountId, clock } = options;
  const views = createViews({
    ledger,
    accountId,
    clock,
    send: options.sendBatch,
    onCounts: options.onCounts,
    onTrouble: options.onTrouble,
  });
  let openId: string | null = null;
  let lastDetail = '';
  let lastReceipt: Receipt | null = null;

  const contract = createThrottle(clock, CONTRACT_MS, async () => {
    const contractId = openId;
    if (contractId === null) return;
    try {
      const detail = await ledger.contract(accountId, contractId);
      const text = JSON.stringify(detail);
      if (detail === null || openId !== contractId || text === lastDetail) return;
      lastDetail = text;
      options.sendContract(detail);
    } catch (error) {
      options.onTrouble(error);
    }
  });

  async function readReceipt(): Promise<Receipt> {
    return ledger.receipt(accountId, localMidnight(clock.now()));
  }

  const receipt = createThrottle(clock, RECEIPT_MS, async () => {
    try {
      const next = await readReceipt();
      if (JSON.stringify(next) === JSON.stringify(lastReceipt)) return;
      lastReceipt = next;
      options.sendReceipt(next);
    } catch (error) {
      options.onTrouble(error);
    }
  });

  return {
    views,
    async openContract(contractId) {
      openId = contractId;
      const detail = await ledger.contract(accountId, contractId);
      if (openId === contractId) lastDetail = JSON.stringify(detail);
      return detail;
    },
    closeContract() {
      openId = null;
    },
    publish(contracts) {
      views.publish();
      if (openId !== null && (contracts === null || contracts.includes(openId))) contract.ask();
    },
    touchReceipt: receipt.ask,
    async receipt() {
      lastReceipt ??= await readReceipt();
      return lastReceipt;
    },
    windowGone() {
      openId = null;
      views.closeAll();
    },
    async close() {
      openId = null;
      await Promise.all([views.close(), contract.close(), receipt.close()]);
    },
  };
}

function localMidnight(now: number): number {
  const day = new Date(now);
  return day.setHours(0, 0, 0, 0);
}
