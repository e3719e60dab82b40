import type * as v from 'valibot';
import type { acknowledgedSchema } from '../../../protocol/control.ts';
import type { AppendOutcome, FreshEvent, RepairNeed } from '../ingest.ts';
import { needRepair } from '../log/write-context.ts';

const MAX_FRESH = 50;
const MAX_CONTRACTS = 500;
export const MAX_NOTICES = 20;
const MAX_ACKNOWLEDGED = 500;

/** What an append has done so far, over its transactions; only committed ones may be added up. */
export interface AppendStats {
  stored: number;
  duplicates: number;
  quarantined: number;
  foreign: number;
  news: number;
  fresh: FreshEvent[];
  contracts: Set<string> | null;
  head: AppendOutcome['head'];
  repair: RepairNeed;
  acknowledged: v.InferOutput<typeof acknowledgedSchema>[];
  notices: string[];
}

export function newStats(): AppendStats {
  return {
    stored: 0,
    duplicates: 0,
    quarantined: 0,
    foreign: 0,
    news: 0,
    fresh: [],
    contracts: new Set(),
    head: null,
    repair: 'none',
    acknowledged: [],
    notices: [],
  };
}

export function addStats(
  sum: AppendStats,
  part: Readonly<Omit<AppendStats, 'fresh'>> & { readonly fresh: readonly FreshEvent[] },
): void {
  sum.stored += part.stored;
  sum.duplicates += part.duplicates;
  sum.quarantined += part.quarantined;
  sum.foreign += part.foreign;
  sum.news += part.news;
  sum.fresh = boundFresh([...sum.fresh, ...part.fresh]);
  sum.head = part.head ?? sum.head;
  needRepair(sum, part.repair);
  sum.acknowledged = [...sum.acknowledged, ...part.acknowledged].slice(-MAX_ACKNOWLEDGED);
  sum.notices = [...sum.notices, ...part.notices].slice(-MAX_NOTICES);
  for (const id of part.contracts ?? []) sum.contracts?.add(id);
  if (part.contracts === null || (sum.contracts && sum.contracts.size > MAX_CONTRACTS)) sum.contracts = null;
}

export function addFresh(stats: AppendStats, fresh: FreshEvent | null): void {
  if (!fresh) return;
  stats.news++;
  // All of a transaction: which of them are wanted is known once the lists are up with it.
  stats.fresh.push(fresh);
}

/** The newest, and of those before them what may still have to be told, where nothing later is known of its contract. */
function boundFresh(fresh: FreshEvent[]): FreshEvent[] {
  if (fresh.length <= MAX_FRESH) return fresh;
  const latest = new Map(fresh.map((event) => [event.contractId, event]));
  const isOpen = (event: FreshEvent): boolean =>
    latest.get(event.contractId) === event &&
    (event.rule === 'toast' ||
      event.actionRequired ||
      event.severity === 'warning' ||
      event.severity === 'error');
  const older = fresh.slice(0, -MAX_FRESH).filter(isOpen);
  return [...older.slice(-MAX_FRESH), ...fresh.slice(-MAX_FRESH)];
}
