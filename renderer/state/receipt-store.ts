import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Receipt } from '../../protocol/receipt.ts';

export interface ReceiptStoreState {
  /** Null until main has told, and while nobody is signed in. */
  readonly receipt: Receipt | null;
}

export interface ReceiptStore extends StoreApi<ReceiptStoreState> {
  applyReceipt(receipt: Receipt | null): void;
}

export function createReceiptStore(): ReceiptStore {
  const store = createStore<ReceiptStoreState>(() => ({ receipt: null }));
  return Object.assign(store, {
    applyReceipt(receipt: Receipt | null) {
      store.setState({ receipt });
    },
  });
}
