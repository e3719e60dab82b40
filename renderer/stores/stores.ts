import type { Bootstrap, SessionView } from '../../protocol/ipc.ts';
import type { Api } from './api.ts';
import { createConnectionStore, type ConnectionStore } from './connection-store.ts';
import { createContractStore, type ContractStore } from './contract-store.ts';
import { createFeedStore, type FeedStore } from './feed-store.ts';
import { createLayoutStore, type LayoutStore, type TextStorage } from './layout-store.ts';
import { createNoticeStore, type NoticeStore } from './notice-store.ts';
import { createPlaceStore, type PlaceStore } from './place-store.ts';
import { createReceiptStore, type ReceiptStore } from './receipt-store.ts';
import { createSessionStore, type SessionStore } from './session-store.ts';

export interface Stores {
  readonly session: SessionStore;
  readonly connection: ConnectionStore;
  readonly receipt: ReceiptStore;
  readonly feed: FeedStore;
  readonly contract: ContractStore;
  readonly notice: NoticeStore;
  readonly layout: LayoutStore;
  readonly place: PlaceStore;
}

export function createStores(api: Api, storage: TextStorage, now: () => number): Stores {
  return {
    session: createSessionStore(api, now),
    connection: createConnectionStore(api),
    receipt: createReceiptStore(),
    feed: createFeedStore(api),
    contract: createContractStore(api),
    notice: createNoticeStore(api),
    layout: createLayoutStore(storage),
    place: createPlaceStore(),
  };
}

/** Follows main from its present state on; returns what ends it. */
export async function connectStores(stores: Stores, api: Api): Promise<() => void> {
  const { session, connection, receipt, feed, contract, notice } = stores;
  let signedInAs: string | null = null;

  function applySession(view: SessionView): void {
    const who = view.state === 'signed_in' ? `${view.server} ${view.username}` : null;
    const changed = who !== signedInAs;
    signedInAs = who;
    session.applySession(view);
    if (!changed) return;
    contract.close();
    if (who === null) {
      feed.reset();
      receipt.applyReceipt(null);
    } else {
      feed.open({ view: 'all', text: '' });
    }
  }

  /** Main may follow the account anew (a lost baseline, fresh storage): its views are then no longer ours. */
  function refresh(): void {
    feed.refresh();
    contract.refresh();
  }

  // Messages that arrive before the bootstrap's answer are newer than it and win.
  const told = { session: false, connection: false, receipt: false, storage: false };
  const offs = [
    api.on('session:changed', (view) => {
      told.session = true;
      applySession(view);
    }),
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
    api.on('storage:changed', (problem) => {
      told.storage = true;
      notice.applyStorage(problem);
      refresh();
    }),
    api.on('view:batch', feed.applyBatch),
    api.on('contract:changed', contract.applyDetail),
    api.on('contract:show', ({ contractId }) => contract.open(contractId)),
    api.on('server:notice', ({ text, at }) => notice.addNotice(text, at)),
  ];

  const start: Bootstrap = await api.bootstrap();
  session.setState({
    systemLocale: start.systemLocale,
    suggestedServer: start.suggestedServer,
    appVersion: start.appVersion,
  });
  if (!told.connection) connection.applyStatus(start.connection);
  if (!told.receipt) receipt.applyReceipt(start.receipt);
  if (!told.storage) notice.applyStorage(start.storage);
  if (!told.session) applySession(start.session);

  return () => {
    for (const off of offs) off();
  };
}
