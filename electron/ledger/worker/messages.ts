import type { MessagePort } from 'node:worker_threads';
import type { Failure } from '../../../protocol/failures.ts';
import type { StorageProblem } from '../../../protocol/ipc.ts';
import type { StreamItem } from '../../stream/types.ts';
import type { LedgerErrorCode } from '../types.ts';
import type { Method } from './methods.ts';

/** What crosses between main and the ledger's thread. */
export interface Call {
  readonly id: number;
  readonly method: Method;
  /** Of `append`: account, time, number of the batch. */
  readonly args: readonly unknown[];
  /** The client's clock when it was posted, epoch ms: this thread's own would miss that the machine slept or was set. */
  readonly at: number;
}

/**
 * Items of a batch, on a channel of their own and there before the call. A chunk becomes objects in the
 * thread only when its turn comes: thousands at once would outlive the young generation and be garbage in the old one.
 */
export interface Chunk {
  readonly batch: number;
  readonly items: readonly StreamItem[];
  /** What becomes of the batch after this chunk; null: more of it comes. */
  readonly end: 'appended' | 'dropped' | null;
}

export const CHUNK_ITEMS = 100;

export type Answer =
  | { readonly kind: 'opened'; readonly problem: StorageProblem | null }
  | { readonly kind: 'problem'; readonly problem: StorageProblem }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly code: LedgerErrorCode;
      readonly failure: Failure;
    };

export interface WorkerData {
  readonly path: string;
  /** The client's clock when the thread was started, epoch ms. */
  readonly now: number;
  /** Where chunks come. */
  readonly items: MessagePort;
}
