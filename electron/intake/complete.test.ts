import { expect, test } from 'vitest';
import type { Ledger } from '../ledger/types.ts';
import { createManualClock } from '../stream/testing.ts';
import type { Api } from './api.ts';
import { createCompletion } from './complete.ts';

/** Opens one contract, whose history leaves these gaps; how often one was told for which nothing has been asked. */
async function openOne(holes: readonly { readonly attempts: number }[]): Promise<number> {
  let gaps = 0;
  let looked = false;
  const complete = createCompletion({
    api: { historyPage: async () => ({ events: [], next: null }) } as unknown as Api,
    ledger: {
      mergeHistory: async () => ({ stored: 0, unreadable: 0, fresh: [] }),
      async holes() {
        looked = true;
        return holes;
      },
    } as unknown as Ledger,
    accountId: 1,
    clock: createManualClock(),
    signal: new AbortController().signal,
    onChanged() {},
    onReceipt() {},
    onGap: () => (gaps += 1),
  });
  complete('C-1');
  await expect.poll(() => looked).toBe(true);
  return gaps;
}

test('a gap that the history of an opened contract shows is asked for, and is not only said to be', async () => {
  expect(await openOne([{ attempts: 3 }, { attempts: 0 }])).toBe(1);
});

test('gaps that are being asked for are left to their pace', async () => {
  expect(await openOne([{ attempts: 3 }])).toBe(0);
});
