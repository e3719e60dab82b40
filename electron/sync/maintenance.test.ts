import { expect, test } from 'vitest';
import { openLedger } from '../ledger/worker/open-ledger.ts';
import { WORKER_URL } from '../ledger/testing/worker-url.ts';
import type { RetentionPolicy } from '../ledger/types.ts';
import { systemClock } from '../ports/clock.ts';
import { silentLog } from '../ports/log.ts';
import { startMaintenance } from './maintenance.ts';

test('a policy that changes while a step is under way is followed at once', async () => {
  const ledger = await openLedger({
    path: ':memory:',
    workerUrl: WORKER_URL,
    now: Date.now,
  });
  let policy: RetentionPolicy = { maxAgeMs: null, maxBytes: null };
  const followed: (number | null)[] = [];
  const maintenance = startMaintenance({
    deps: { clock: systemClock, log: silentLog },
    ledger: {
      ...ledger,
      async maintain(wanted, now) {
        followed.push(wanted.maxAgeMs);
        if (followed.length === 1) {
          policy = { maxAgeMs: 1000, maxBytes: null };
          maintenance.soon();
        }
        return ledger.maintain(wanted, now);
      },
    },
    agreed: Date.now,
    policy: () => policy,
    isBusy: () => false,
  });
  await expect.poll(() => followed).toEqual([null, 1000]);
  await maintenance.close();
  await ledger.close();
});
