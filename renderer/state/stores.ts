import type { Bootstrap, MessageMap, SessionView } from '../../protocol/ipc.ts';
import { createActions, type Actions } from './portal-actions.ts';
import type { Api } from './api.ts';
import { createAwayStore, type AwayStore } from './away-store.ts';
import { createConnectionStore, type ConnectionStore } from './connection-store.ts';
import { createBackupStore, type BackupStore } from './backup-store.ts';
import { createContractStore, type ContractStore } from './contract-store.ts';
import { createCurrent, type Current } from './current.ts';
import { createSelectionStore, type SelectionStore } from './selection-store.ts';
import { createActionStore, type ActionStore } from './action-store.ts';
import { createFeedStore, type FeedStore } from './feed-store.ts';
import { createLeaveStore, type LeaveStore } from './leave-store.ts';
import { createLayoutStore, type LayoutStore, type TextStorage } from './layout-store.ts';
import { createNoticeStore, type NoticeStore } from './notice-store.ts';
import { createNotificationsStore, type NotificationsStore } from './notifications-store.ts';
import { createOverviewStore, type OverviewStore } from './overview-store.ts';
import { createNavigationStore, type NavigationStore } from './navigation-store.ts';
import { createReceiptStore, type ReceiptStore } from './receipt-store.ts';
import { createMemory, type Memory } from './remember.ts';
import { createSavedStore, type SavedStore } from './saved-store.ts';
import { createServerCheckStore, type ServerCheckStore } from './server-check-store.ts';
import { createSessionStore, type SessionStore } from './session-store.ts';
import { createSettingsStore, type SettingsStore } from './settings-store.ts';
import { createTimeZoneStore, type TimeZoneStore } from './time-zone-store.ts';

export interface Stores {
  readonly session: SessionStore;
  readonly connection: ConnectionStore;
  readonly receipt: ReceiptStore;
  readonly feed: FeedStore;
  readonly leave: LeaveStore;
  readonly contract: ContractStore;
  readonly notice: NoticeStore;
  readonly layout: LayoutStore;
  readonly place: NavigationStore;
  readonly cursor: SelectionStore;
  readonly current: Current;
  readonly contractActions: ActionStore;
  readonly saved: SavedStore;
  readonly memory: Memory;
  readonly actions: Actions;
  readonly settings: SettingsStore;
  readonly timeZone: TimeZoneStore;
  readonly away: AwayStore;
  readonly overview: OverviewStore;
  readonly backup: BackupStore;
  readonly notifications: NotificationsStore;
  readonly serverCheck: ServerCheckStore;
}

export function createStores(api: Api, storage: TextStorage, now: () => number): Stores {
  const notice = createNoticeStore(api);
  const feed = createFeedStore(api);
  const contract = createContractStore(api);
  const cursor = createSelectionStore(api, feed);
  const current = createCurrent(feed, cursor, contract);
  const contractActions = createActionStore(api, current.titleOf);
  const saved = createSavedStore(api, contractActions);
  const settings = createSettingsStore(api);
  function readAnew(): void {
    contractActions.reset();
    feed.refresh();
    contract.refresh();
    saved.read().catch(() => undefined);
    void settings.readStats();
  }
  const session = createSessionStore(api, now);
  return {
    session,
    leave: createLeaveStore(api, notice.attempt),
    connection: createConnectionStore(api),
    receipt: createReceiptStore(),
    feed,
    contract,
    notice,
    layout: createLayoutStore(storage),
    place: createNavigationStore(),
    cursor,
    current,
    contractActions,
    saved,
    memory: createMemory(storage),
    actions: createActions(api, contractActions, current.titleOf),
    settings,
    timeZone: createTimeZoneStore(),
    away: createAwayStore(api, storage),
    overview: createOverviewStore(api),
    backup: createBackupStore(api, readAnew),
    notifications: createNotificationsStore(api),
    serverCheck: createServerCheckStore(api, session, now),
  };
}

/** Follows main from its present state on; returns what ends it. `afterPaint`: runs what it is given once all is on the screen. */
export async function connectStores(
  stores: Stores,
  api: Api,
  afterPaint: (run: () => void) => void,
): Promise<() => void> {
  const { session, connection, receipt, feed, contract, notice } = stores;
  const {
    place,
    cursor,
    current,
    contractActions,
    saved,
    memory,
    settings,
    away,
    overview,
    timeZone,
    leave,
    backup,
    notifications,
    serverCheck,
  } = stores;
  let signedInAs: string | null = null;
  /** Whose place is being remembered: null while it is taken up, so that it is not overwritten meanwhile. */
  let remembering: string | null = null;
  /** A contract to show as soon as somebody is signed in and the bootstrap has been applied. */
  let toShow: MessageMap['contract:show'] | null = null;
  /** Whether the bootstrap has been applied: only then it is known what the sign-in is to suggest. */
  let started = false;
  let early: SessionView | null = null;

  function applySession(view: SessionView): void {
    const who = view.state === 'signed_in' ? `${view.server} ${view.username}` : null;
    const changed = who !== signedInAs;
    signedInAs = who;
    session.applySession(view);
    if (!changed) return;
    remembering = null;
    contract.close();
    for (const store of [place, cursor, contractActions, saved, overview, leave, backup]) store.reset();
    serverCheck.close();
    away.reset(who);
    if (who === null) {
      feed.reset();
      receipt.applyReceipt(null);
      return;
    }
    const { filter, contractId } = memory.read(who);
    feed.open(filter);
    if (contractId !== null) contract.open(contractId, { ifKnown: true });
    remembering = who;
    saved.read().catch(() => undefined);
    showWaiting();
  }

  function showWaiting(): void {
    if (toShow === null || signedInAs === null) return;
    place.arrive('list');
    current.open(toShow.contractId, toShow.byLink);
    toShow = null;
  }

  function remember(): void {
    if (remembering === null) return;
    memory.write(remembering, { filter: feed.getState().filter, contractId: contract.getState().openId });
  }

  /** Main may follow the account anew (a lost baseline, fresh storage): its views are then no longer ours. */
  function refresh(): void {
    feed.refresh();
    contract.refresh();
    overview.touch();
  }

  // Messages that arrive before the bootstrap's answer are newer than it and win.
  const told = { connection: false, receipt: false, storage: false, settings: false, notifications: false };
  const offs = [
    api.on('session:changed', (view) => {
      if (started) applySession(view);
      else early = view;
    }),
    api.on('check:finding', serverCheck.applyFinding),
    api.on('connection:changed', (status) => {
      told.connection = true;
      const before = connection.getState().status?.state.phase;
      connection.applyStatus(status);
      if (status.state.phase === 'live' && before !== 'live') refresh();
    }),
    api.on('receipt:changed', (message) => {
      told.receipt = true;
      receipt.applyReceipt(message);
    }),
    api.on('outbox:changed', leave.apply),
    api.on('storage:changed', (problem) => {
      told.storage = true;
      notice.applyStorage(problem);
      refresh();
    }),
    api.on('settings:changed', (message) => {
      told.settings = true;
      settings.applySettings(message.settings, message.problem);
    }),
    api.on('notifications:changed', ({ refused }) => {
      told.notifications = true;
      notifications.apply(refused);
    }),
    api.on('timeZone:changed', (message) => {
      timeZone.follow(message.timeZone);
      overview.touch();
    }),
    api.on('view:batch', (batch) => {
      feed.applyBatch(batch);
      overview.touch();
      // Main tells the next change of this view once this one is seen. Where that fails it waits a moment longer.
      afterPaint(() => void api.painted(batch.viewId, batch.seq).catch(() => undefined));
    }),
    api.on('contract:changed', contract.applyDetail),
    api.on('contract:show', (message) => {
      toShow = message;
      showWaiting();
    }),
    api.on('savedViews:changed', saved.applyViews),
    api.on('window:command', ({ command }) => {
      if (signedInAs !== null) place.show(command === 'shortcuts' ? 'keys' : command);
    }),
    api.on('server:notice', ({ text, at }) => notice.addNotice(text, at)),
  ];

  offs.push(
    feed.subscribe((state, before) => {
      if (state.filter !== before.filter) remember();
    }),
    contract.subscribe((state, before) => {
      if (state.openId !== before.openId) remember();
    }),
  );

  const start: Bootstrap = await api.bootstrap();
  session.setState({
    systemLocale: start.systemLocale,
    suggestedServer: start.suggestedServer,
    appVersion: start.appVersion,
    platform: start.platform,
  });
  if (!told.connection) connection.applyStatus(start.connection);
  if (!told.receipt) receipt.applyReceipt(start.receipt);
  if (!told.settings) settings.applySettings(start.settings, start.settingsProblem);
  if (!told.notifications) notifications.apply(start.notificationsRefused);
  if (!told.storage) notice.applyStorage(start.storage);
  started = true;
  applySession(early ?? start.session);

  return () => {
    for (const off of offs) off();
  };
}
