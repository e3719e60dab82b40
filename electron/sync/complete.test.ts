import { expect, test } from 'vitest';
import type { Ledger } from '../ledger/types.ts';
import { createManualClock } from '../stream/testing.ts';
import type { Api } from './api.ts';
import { createCompletion } from './complete.ts';

/** Opens one contract, whose history comes in these pages; how often a gap was told for which nothing has been asked. */
async function openOne(pages: readonly { readonly openedGap: boolean }[]): Promise<number> {
  let withGaps = 0;
  let page = 0;
  const asked: string[] = [];
  const told = new Promise<void>((resolve) => {
    const ledger: Partial<Ledger> = {
      mergeHistory: async () => ({ stored: 1, unreadable: 0, fresh: [], ...pages[page - 1]! }),
      async gaps() {
        asked.push('gaps');
        return [];
      },
    };
    createCompletion({
      api: {
        async historyPage() {
          page += 1;
          return { events: ['{}'], size: 2, next: page < pages.length ? String(page) : null };
        },
      } as unknown as Api,
      ledger: ledger as Ledger,
      accountId: 1,
      clock: createManualClock(),
      signal: new AbortController().signal,
      onChanged() {},
      onFresh() {},
      onReceipt: resolve,
      onGap: () => (withGaps += 1),
    })('C-1');
  });
  await told;
  await new Promise(setImmediate);
  expect(asked).toEqual([]);
  return withGaps;
}

test('a gap that the history of an opened contract shows is asked for, and is not only said to be', async () => {
  expect(await openOne([{ openedGap: true }, { openedGap: false }])).toBe(1);
});

test('where it shows none, gaps that are being asked for are left to their pace', async () => {
  expect(await openOne([{ openedGap: false }])).toBe(0);
});
