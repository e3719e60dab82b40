import { BroadcastChannel } from 'node:worker_threads';

export const END_CHANNEL = 'end the ledger';

/** Ends all threads of this process that run `ending-worker.ts`. */
export function endThreads(): void {
  const channel = new BroadcastChannel(END_CHANNEL);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  channel.postMessage('now');
  channel.close();
}
