import type { Language } from '../../protocol/language.ts';
import type { ConnectionState, ConnectionStatus } from '../../protocol/connection.ts';
import type { StorageProblem } from '../../protocol/ipc.ts';
import type { Listening } from '../../protocol/profile/profile.ts';
import type { Settings } from '../../protocol/settings.ts';
import type { ContractDetail } from '../../protocol/view.ts';
import type { CoreDependencies } from './core-types.ts';
import { createContractActions } from '../actions/actions.ts';
import type { ContractActions } from '../actions/actions.ts';
import { createExporter } from '../export/export.ts';
import type { Exporter } from '../export/export.ts';
import { createFeed } from '../feed/feed.ts';
import type { Feed } from '../feed/feed.ts';
import type { CallApi } from '../sync/api.ts';
import { followAccount } from '../sync/follow.ts';
import type { Follower } from '../sync/follow-types.ts';
import { startMaintenance } from '../sync/maintenance.ts';
import type { AccountKey, Ledger, ServerFacts, Standing } from '../ledger/types.ts';
import { languageOf, retentionOf } from '../settings/meaning.ts';
import { createDueReminders } from '../notifications/due-reminders.ts';
import { createNotifier } from '../notifications/notifier.ts';
import { portalAddress } from '../actions/portal.ts';
import type { PortalAddress } from '../actions/portal.ts';
import type { HttpPort } from '../ports/http.ts';
import type { TrueTime } from '../ports/true-time.ts';

/** One signed-in account at work: its stream, its views, its notifications. */
export interface SignedIn {
  readonly accountId: number;
  readonly ledger: Ledger;
  readonly feed: Feed;
  readonly follower: Follower;
  readonly contractActions: ContractActions;
  readonly exporter: Exporter;
  openContract(contractId: string): Promise<ContractDetail | null>;
  markEventRead(contractId: string, eventId: string, read: boolean): Promise<void>;
  portalAddress(contractId: string): PortalAddress;
  settingsChanged(): void;
  /** The ledger's thread is in the new zone already: what depends on days and hours is told anew. */
  timeZoneChanged(): void;
  /** The server has said that it is another time than was thought. */
  timeLearned(): void;
  /** The machine has slept, or the network has changed. */
  wake(why: 'resume' | 'network'): void;
  close(): Promise<void>;
}

export interface SignedInOptions {
  readonly deps: CoreDependencies;
  readonly ledger: Ledger;
  readonly key: AccountKey;
  readonly profile: Listening;
  readonly http: HttpPort;
  readonly call: CallApi;
  settings(): Settings;
  readonly trueTime: TrueTime;
  headers(refused: boolean): Promise<Readonly<Record<string, string>> | null>;
  onStatus(status: ConnectionStatus): void;
  onState(state: ConnectionState): void;
  onStorage(problem: StorageProblem | null): void;
}

/** More at a time become one summary in any case. */
const MAX_REMINDED = 10;
const NOTHING_KNOWN: ServerFacts = {
  wasCaughtUp: false,
  cannotFetch: false,
  hasNoList: false,
  nextRepairAt: null,
};
const FIRST_ROW = { offset: 0, limit: 1 } as const;

/** Rejects with LedgerError when the account cannot be written; nothing runs then. */
export async function createSignedIn(options: SignedInOptions): Promise<SignedIn> {
  const { deps, ledger, key, trueTime } = options;
  /** For what a clock that jumped must not decide. */
  const steadyClock = { ...deps.clock, now: trueTime.now };
  const account = await ledger.account(key);
  const { accountId } = account;
  const newest = await ledger.readView(accountId, { view: 'all', text: '' }, FIRST_ROW);
  let { needing, actionRequired } = newest.counts;
  deps.showBadge(needing, actionRequired - needing);

  const language = (): Language => languageOf(options.settings(), key.locale);
  const addressOf = (contractId: string): PortalAddress =>
    portalAddress(options.settings().portals, key.server, contractId);
  const warnOf = (what: string) => (error: unknown) =>
    deps.log.warn(`${what}: ${error instanceof Error ? error.message : 'unknown'}`);
  let following: Follower | null = null;
  const feed = createFeed({
    ledger,
    accountId,
    clock: deps.clock,
    lastingNow: trueTime.lasting,
    latestNow: trueTime.latest,
    sendBatch: (batch) => deps.send('view:batch', batch),
    sendContract: (detail) => deps.send('contract:changed', detail),
    sendReceipt: (receipt) => deps.send('receipt:changed', receipt),
    serverFacts: () => following?.facts() ?? NOTHING_KNOWN,
    sendSavedViews: (views) => deps.send('savedViews:changed', views),
    onSavedViews: () => reminders.look(),
    portalUrl(contractId) {
      const address = addressOf(contractId);
      return address.ok ? address.url : null;
    },
    onCounts(counts) {
      if (counts.needing === needing && counts.actionRequired === actionRequired) return;
      ({ needing, actionRequired } = counts);
      deps.showBadge(needing, actionRequired - needing);
      notifier.needingChanged(needing);
    },
    onWoken: (contracts) => void remind(contracts),
    onFailure: warnOf('feed'),
  });
  const standing = (contractId: string): Promise<Standing | null> => ledger.standing(accountId, contractId);
  const notifier = createNotifier({
    clock: steadyClock,
    language,
    settings: options.settings,
    isInFront: deps.isInFront,
    showToast: deps.showToast,
    withdrawToasts: deps.withdrawToasts,
    async needing() {
      const page = await ledger.readView(accountId, { view: 'all', text: '' }, FIRST_ROW);
      return page.counts.needing;
    },
    standing,
  });
  const reminders = createDueReminders({
    clock: steadyClock,
    lastingNow: trueTime.lasting,
    language,
    settings: options.settings,
    isCatchingUp: () => following?.status().state.phase === 'catching_up',
    take: (now) => ledger.takeDueReminders(accountId, now),
    standing,
    showToast: deps.showToast,
    withdrawToasts: deps.withdrawToasts,
    onFailure: warnOf('due reminders'),
  });

  function reevaluate(): void {
    notifier.reevaluate();
    reminders.look();
  }

  function publish(contracts: readonly string[] | null, urgent?: boolean): void {
    feed.publish(contracts, urgent);
    notifier.changed(contracts);
    reminders.changed(contracts);
  }

  async function remind(contracts: readonly string[]): Promise<void> {
    try {
      const few = contracts.slice(0, MAX_REMINDED);
      const found = await Promise.all(few.map(standing));
      notifier.remind(found.filter((each) => each !== null));
    } catch (error) {
      warnOf('snooze')(error);
    }
  }

  async function tellUnsent(): Promise<void> {
    try {
      deps.send('outbox:changed', await ledger.unsent(accountId));
    } catch (error) {
      warnOf('outbox')(error);
    }
  }

  const follower = followAccount({
    deps,
    ledger,
    account,
    server: key.server,
    profile: options.profile,
    http: options.http,
    call: options.call,
    headers: options.headers,
    receivedAt: trueTime.now,
    readCursor: async () => (await ledger.account(key)).cursor,
    lastEventAt: account.newestReceivedAt,
    sink: {
      onStatus: options.onStatus,
      onState: options.onState,
      onChanged: publish,
      whenTold: feed.views.whenTold,
      onOutbox: () => void tellUnsent(),
      onFresh: notifier.tell,
      onNews: feed.views.noteReceived,
      onCaughtUp() {
        notifier.settled();
        reminders.settled();
      },
      onReceipt: feed.touchReceipt,
      onNotice: (text) => deps.send('server:notice', { text, at: deps.clock.now() }),
      onStorage: options.onStorage,
    },
  });
  following = follower;
  const maintenance = startMaintenance({
    deps,
    ledger,
    agreed: trueTime.agreed,
    policy: () => deps.retention ?? retentionOf(options.settings()),
    isBusy: () => follower.status().state.phase === 'catching_up',
  });
  const contractActions = createContractActions({
    ledger,
    accountId,
    clock: deps.clock,
    trueNow: trueTime.now,
    undoMs: deps.undoMs ?? 8_000,
    canAcknowledge: options.profile.capabilities.acknowledge,
    outbox: follower.outbox,
    onDone(contracts) {
      publish(contracts);
      feed.processDue();
    },
  });
  const exporter = createExporter({ deps, ledger, accountId, key, language });

  return {
    accountId,
    ledger,
    feed,
    follower,
    contractActions,
    exporter,
    async openContract(contractId) {
      const detail = await feed.openContract(contractId);
      if (detail !== null && detail.earlierVersions > 0) follower.complete(contractId);
      return detail;
    },
    async markEventRead(contractId, eventId, read) {
      await ledger.setEventRead(accountId, contractId, eventId, read);
      publish([contractId]);
    },
    portalAddress: addressOf,
    settingsChanged() {
      feed.touchContract();
      reevaluate();
      maintenance.soon();
    },
    timeZoneChanged() {
      feed.dayChanged();
      reevaluate();
    },
    timeLearned() {
      feed.processDue();
      reevaluate();
    },
    wake(why) {
      follower.retryNow(why);
      feed.processDue();
      notifier.reevaluate();
      if (why === 'resume') reminders.woke();
      else reminders.look();
    },
    async close() {
      await follower.close();
      notifier.close();
      await reminders.close();
      await exporter.close();
      await Promise.all([feed.close(), maintenance.close()]);
      deps.showBadge(0, 0);
    },
  };
}
