import { mergeHistoryOf, type HistoryDependencies } from './repair.ts';

export interface CompletionOptions extends HistoryDependencies {
  readonly signal: AbortSignal;
  /** Without a baseline they count among those received today. */
  onReceipt(): void;
  /** What came opened a gap, for which nothing has been asked yet. */
  onGap(): void;
}

const MAX_COMPLETED = 1000;

/**
 * Fetches what was before the first stored version of a contract: once, unless it fails. It is nothing to be notified of, unless it
 * is what the stream has left out, or has yet to come to (the ledger remembers that).
 */
export function createCompletion(options: CompletionOptions): (contractId: string) => void {
  const { signal } = options;
  const completed = new Set<string>();

  async function complete(contractId: string): Promise<void> {
    try {
      const merged = await mergeHistoryOf(options, contractId, signal, false);
      options.onReceipt();
      if (merged?.openedGap === true) options.onGap();
    } catch {
      completed.delete(contractId);
    }
  }

  return (contractId) => {
    if (completed.has(contractId)) return;
    if (completed.size >= MAX_COMPLETED) completed.clear();
    completed.add(contractId);
    void complete(contractId);
  };
}
