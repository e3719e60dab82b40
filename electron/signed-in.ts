import type { ConnectionState, ConnectionStatus } from '../protocol/connection.ts';
import type { StorageProblem } from '../protocol/ipc.ts';
import type { ContractDetail } from '../protocol/view.ts';
import type { World } from './core-types.ts';
import { createFeed } from './feed/feed.ts';
import type { Feed } from './feed/feed.ts';
import type { CallApi } from './intake/api.ts';
import { followAccount } from './intake/follow.ts';
import type { Follower } from './intake/follow.ts';
import { startUpkeep } from './intake/upkeep.ts';
import type { AccountKey, Ledger } from './ledger/types.ts';
import { createNotifier } from './notify/notifier.ts';
import type { HttpPort } from './ports/http.ts';

/** One signed-in account at work: its stream, its views, its notifications. */
export interface SignedIn {
  readonly feed: Feed;
  readonly follower: Follower;
  openContract(contractId: string): Promise<ContractDetail | null>;
  markRead(contractId: string, read: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface SignedInOptions {
  readonly world: World;
  readonly ledger: Ledger;
  readonly key: AccountKey;
  readonly http: HttpPort;
  readonly call: CallApi;
  headers(refused: boolean): Promise<Readonly<Record<string, string>> | null>;
  onStatus(status: ConnectionStatus): void;
  onState(state: ConnectionState): void;
  onStorage(problem: StorageProblem | null): void;
  /** The server refuses even renewed credentials. */
  onRefused(): void;
}

const FIRST_ROW = { offset: 0, limit: 1 } as const;

/** Rejects with LedgerError when the account cannot be written; nothing runs then. */
export async function createSignedIn(options: SignedInOptions): Promise<SignedIn> {
  const { world, ledger, key } = options;
  const account = await ledger.account(key);
  const { accountId } = account;
  const newest = await ledger.readView(accountId, { view: 'all', text: '' }, FIRST_ROW);
  const newestAt = Date.parse(newest.rows[0]?.time ?? '');
  let needing = newest.counts.actionRequired;
  world.showBadge(needing);

  const feed = createFeed({
    ledger,
    accountId,
    clock: world.clock,
    sendBatch: (batch) => world.send('view:batch', batch),
    sendContract: (detail) => world.send('contract:changed', detail),
    sendReceipt: (receipt) => world.send('receipt:changed', receipt),
    onCounts(counts) {
      if (counts.actionRequired === needing) return;
      needing = counts.actionRequired;
      world.showBadge(needing);
    },
    onTrouble: (error) => world.log.warn(`feed: ${error instanceof Error ? error.message : 'unknown'}`),
  });
  const notifier = createNotifier({
    clock: world.clock,
    locale: key.locale,
    isInFront: world.isInFront,
    showToast: world.showToast,
    async needing() {
      const page = await ledger.readView(accountId, { view: 'all', text: '' }, FIRST_ROW);
      return page.counts.actionRequired;
    },
  });
  const follower = followAccount({
    world,
    ledger,
    account,
    server: key.server,
    http: options.http,
    call: options.call,
    headers: options.headers,
    readCursor: async () => (await ledger.account(key)).cursor,
    // The server's clock, until an event comes under our own: better than nothing to say after a restart.
    lastEventAt: Number.isNaN(newestAt) ? null : newestAt,
    sink: {
      onStatus: options.onStatus,
      onState: options.onState,
      onChanged: feed.publish,
      onFresh: notifier.tell,
      onLevel: notifier.settled,
      onReceipt: feed.touchReceipt,
      onNotice: (text) => world.send('server:notice', { text, at: world.clock.now() }),
      onStorage: options.onStorage,
      onRefused: options.onRefused,
    },
  });
  const upkeep = startUpkeep({ world, ledger });

  return {
    feed,
    follower,
    async openContract(contractId) {
      const detail = await feed.openContract(contractId);
      if (detail !== null && detail.earlierVersions > 0) follower.complete(contractId);
      return detail;
    },
    async markRead(contractId, read) {
      await ledger.setRead(accountId, contractId, read, world.clock.now());
      feed.publish([contractId]);
    },
    async close() {
      await follower.close();
      notifier.close();
      await Promise.all([feed.close(), upkeep.close()]);
      world.showBadge(0);
    },
  };
}
