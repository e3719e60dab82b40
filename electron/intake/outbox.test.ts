import { expect, test } from 'vitest';
import type { Ledger } from '../ledger/types.ts';
import { silentLog } from '../ports/log.ts';
import { createManualClock } from '../stream/testing.ts';
import type { Api } from './api.ts';
import { createOutbox } from './outbox.ts';

test('a look that is asked for while a run comes to its end is taken all the same', async () => {
  for (let microtasks = 0; microtasks < 8; microtasks += 1) {
    let looks = 0;
    const outbox = createOutbox({
      api: {} as Api,
      ledger: {
        dueAcknowledgements: async () => {
          looks += 1;
          return { due: [], nextAt: null };
        },
      } as unknown as Ledger,
      accountId: 1,
      clock: createManualClock(),
      random: () => 0.5,
      log: silentLog,
      delays: { first: 1, most: 10 },
      undoMs: 1,
      onChanged: () => {},
    });
    outbox.look();
    for (let turn = 0; turn < microtasks; turn += 1) await Promise.resolve();
    outbox.look();
    await expect.poll(() => looks, { message: `asked again after ${microtasks} microtasks` }).toBe(2);
    await outbox.close();
  }
});
