import type { ContractDetail } from '../../../protocol/view.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import type { Store } from '../storage/store.ts';
import { shortenTitle } from './shorten.ts';

/** Notes how the contract stands: what `lastViewed` compares with from now on. Unknown ones are passed over. */
export function markViewed(store: Store, accountId: number, contractId: string, now: number): void {
  store.transaction('normal', () => {
    store
      .sql(
        `INSERT INTO last_viewed (account_id, contract_id, at, version, status, title, amount_value, amount_currency, due_at)
         SELECT account_id, contract_id, ?, version, to_status, title, amount_value, amount_currency, due_at
         FROM contract WHERE account_id = ? AND contract_id = ?
         ON CONFLICT DO UPDATE SET at = excluded.at, version = excluded.version, status = excluded.status,
           title = excluded.title, amount_value = excluded.amount_value,
           amount_currency = excluded.amount_currency, due_at = excluded.due_at`,
      )
      .run(now, accountId, contractId);
  });
}

interface LastViewed {
  readonly at: number;
  readonly version: number;
  readonly status: string;
  readonly title: string;
  readonly amountValue: string | null;
  readonly amountCurrency: string | null;
  readonly dueAt: string | null;
}

/** What was noted at the last look; null when there was none, or nothing has changed since. */
export function readLastViewed(
  store: Store,
  accountId: number,
  record: ContractRecord,
): ContractDetail['lastViewed'] {
  const looked = store
    .sql(
      `SELECT at, version, status, title, amount_value AS amountValue, amount_currency AS amountCurrency, due_at AS dueAt
       FROM last_viewed WHERE account_id = ? AND contract_id = ?`,
    )
    .get(accountId, record.contractId) as LastViewed | undefined;
  if (!looked) return null;
  const { at, version, status, title, amountValue, amountCurrency, dueAt } = looked;
  const same =
    version === record.version &&
    // A server that came back from a backup counts versions anew.
    status === record.toStatus &&
    title === record.title &&
    amountValue === record.amountValue &&
    amountCurrency === record.amountCurrency &&
    dueAt === record.dueAt;
  if (same) return null;
  const amount =
    amountValue === null || amountCurrency === null ? null : { value: amountValue, currency: amountCurrency };
  return { at, version, status, title: shortenTitle(title), amount, dueAt };
}
