import type { StorageStats } from '../../../protocol/settings.ts';
import { QUARTER_MS } from './change-counts.ts';
import type { Store } from './store.ts';

/**
 * What this computer keeps of the account. `bytes`: of the whole file, of all accounts. `oldest`: down to the quarter of an
 * hour, by the server's time.
 */
export function readStats(
  store: Store,
  accountId: number,
): Pick<StorageStats, 'bytes' | 'contracts' | 'events' | 'oldest'> {
  const pragma = (name: string): number =>
    Number(Object.values(store.sql(`PRAGMA ${name}`).get() as Record<string, number>)[0] ?? 0);
  const { contracts } = store
    .sql('SELECT count(*) AS contracts FROM contract WHERE account_id = ?')
    .get(accountId) as { contracts: number };
  const { events, first } = store
    .sql(
      'SELECT coalesce(sum(changes), 0) AS events, min(quarter) AS first FROM change_count WHERE account_id = ?',
    )
    .get(accountId) as { events: number; first: number | null };
  return {
    bytes: pragma('page_count') * pragma('page_size'),
    contracts,
    events,
    oldest: first === null ? null : new Date(first * QUARTER_MS).toISOString(),
  };
}
