import { clearSearchIndex } from './search-index.ts';
import { assignmentList, selectList } from './column-names.ts';
import type { Store } from './store.ts';
import { LedgerError, type Account, type AccountKey, type KeptAccount } from '../types.ts';

/** What an account's row holds: cursor, baseline, confirmed head, absence. Flags are 0 or 1. */
export interface AccountState {
  readonly accountId: number;
  readonly userId: string;
  readonly userName: string;
  cursor: string | null;
  baseline: Account['baseline'];
  /** Events up to here count as read: they were before us. */
  baselinePosition: number;
  /** Server time of the baseline snapshot, epoch ms. */
  baselineTime: number | null;
  currentEpoch: number | null;
  headId: string | null;
  headEpoch: number | null;
  headSequence: number | null;
  headTime: number | null;
  headsSeen: number;
  /** The heartbeat that the last head announced, ms. */
  heartbeatMs: number | null;
  /** The server's log was empty when it last declared the cursor stale: ids of this epoch may come again. */
  emptied: number;
  lastSignAt: number | null;
  /** An absence that has not been caught up with yet. */
  awaySince: number | null;
  awayOpenedAt: number | null;
  awayPosition: number | null;
  absenceSince: number | null;
  absenceUntil: number | null;
  absenceFrom: number | null;
  absenceTo: number | null;
  /** Number of the last applied snapshot, and the position of its `asOf` where that is known. */
  snapshotRun: number;
  snapshotAsOf: number | null;
  /** Contracts with a row up to this one were known when that snapshot was begun. */
  snapshotBound: number;
  /** The stream has brought a change that was addressed to this user. */
  ownSeen: number;
  /** Events of the stream that were addressed to nobody here, counted until the first own one came. */
  strangers: number;
  /** How often the server began to count anew (used ids again for other events, or went back), and when last. */
  restarts: number;
  restartedAt: number | null;
  /** Where the present life of opaque ids begins; what a row shows from before it, any version replaces. */
  lifePosition: number;
  /** The last preview (see preview.ts): its epoch, where it ended, and from which sequence on it left nothing out. */
  previewEpoch: number | null;
  previewSequence: number | null;
  /** Server time, epoch ms. */
  previewTime: number | null;
  previewFrom: number | null;
  /** What the stream has shown of whether the server sends again what was missed. */
  replay: Account['replay'];
}

const FIELDS = [
  'cursor',
  'baseline',
  'baselinePosition',
  'baselineTime',
  'currentEpoch',
  'headId',
  'headEpoch',
  'headSequence',
  'headTime',
  'headsSeen',
  'heartbeatMs',
  'emptied',
  'lastSignAt',
  'awaySince',
  'awayOpenedAt',
  'awayPosition',
  'absenceSince',
  'absenceUntil',
  'absenceFrom',
  'absenceTo',
  'snapshotRun',
  'snapshotAsOf',
  'snapshotBound',
  'ownSeen',
  'strangers',
  'restarts',
  'restartedAt',
  'lifePosition',
  'previewEpoch',
  'previewSequence',
  'previewTime',
  'previewFrom',
  'replay',
] as const satisfies readonly (keyof AccountState)[];

const SELECT = `SELECT ${selectList(['accountId', 'userId', 'userName', ...FIELDS])} FROM account WHERE account_id = ?`;
const UPDATE = `UPDATE account SET ${assignmentList(FIELDS)} WHERE account_id = ?`;

export function loadAccount(store: Store, accountId: number): AccountState {
  const row = store.sql(SELECT).get(accountId) as AccountState | undefined;
  if (!row)
    throw new LedgerError('unknown', `No account ${accountId} in this ledger; ask for it by account().`);
  return row;
}

export function saveAccount(store: Store, state: AccountState): void {
  store.sql(UPDATE).run(...FIELDS.map((field) => state[field]), state.accountId);
}

/** Finds or creates the account; name and locale follow the latest sign-in. `accountId` restores a known number. */
export function findAccount(store: Store, key: AccountKey, accountId: number | null = null): Account {
  const known = readAccount(store, key);
  if (known?.userName === key.userName && known.locale === key.locale)
    return toAccount(store, known.accountId);
  return store.transaction('full', () => {
    store
      .sql(
        `INSERT INTO account (account_id, server, user_id, user_name, locale) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (server, user_id) DO UPDATE SET user_name = excluded.user_name, locale = excluded.locale`,
      )
      .run(accountId, key.server, key.userId, key.userName, key.locale);
    return toAccount(store, readAccount(store, key)?.accountId ?? 0);
  });
}

export function listAccounts(store: Store): readonly (KeptAccount & { readonly accountId: number })[] {
  return store
    .sql(
      `SELECT account_id AS accountId, server, user_id AS userId, user_name AS userName, locale,
         (SELECT event_id FROM event_key WHERE event_key.account_id = account.account_id
            ORDER BY position DESC LIMIT 1) AS newestId
       FROM account ORDER BY account_id`,
    )
    .all() as (KeptAccount & { accountId: number })[];
}

function readAccount(
  store: Store,
  key: AccountKey,
): { readonly accountId: number; readonly userName: string; readonly locale: string } | undefined {
  return store
    .sql(
      `SELECT account_id AS accountId, user_name AS userName, locale FROM account WHERE server = ? AND user_id = ?`,
    )
    .get(key.server, key.userId) as ReturnType<typeof readAccount>;
}

function toAccount(store: Store, accountId: number): Account {
  const { userId, cursor, baseline, replay, headsSeen, heartbeatMs } = loadAccount(store, accountId);
  const newest = store
    .sql(
      `SELECT received_at AS at FROM event WHERE account_id = ? AND before_baseline = 0
       ORDER BY received_at DESC LIMIT 1`,
    )
    .get(accountId) as { readonly at: number } | undefined;
  return {
    accountId,
    userId,
    cursor,
    baseline,
    replay,
    namesHeads: headsSeen === 1,
    heartbeatMs,
    newestReceivedAt: newest?.at ?? null,
  };
}

export function setReplay(store: Store, accountId: number, replay: Account['replay']): void {
  store.sql('UPDATE account SET replay = ? WHERE account_id = ?').run(replay, accountId);
}

const TABLES = [
  'epoch',
  'source',
  'event_key',
  'event',
  'contract',
  'gap',
  'quarantine',
  'foreign_name',
  'staged_snapshot',
  'staged_contract',
  'staged_unreadable',
  'outbox',
  'change_count',
  'last_viewed',
  'saved_view',
  'untold_event',
  'due_reminder',
  'account',
] as const;

/** Removes every row of this account, durably. */
export function eraseAccount(store: Store, accountId: number): void {
  store.forgetCached();
  store.noteWritten(null);
  store.transaction('full', () => {
    store
      .sql(
        'DELETE FROM raw_envelope WHERE event_rowid IN (SELECT event_rowid FROM event WHERE account_id = ?)',
      )
      .run(accountId);
    clearSearchIndex(store);
    for (const table of TABLES) store.sql(`DELETE FROM ${table} WHERE account_id = ?`).run(accountId);
  });
}
