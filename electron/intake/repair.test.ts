import { expect, test } from 'vitest';
import type { Ledger } from '../ledger/types.ts';
import { silentLog } from '../ports/log.ts';
import { createManualClock } from '../stream/testing.ts';
import { ApiTrouble } from './api.ts';
import type { Api } from './api.ts';
import { createRepair } from './repair.ts';

test('the server is reachable again while an attempt fails: one more at once, then back to its pace', async () => {
  const clock = createManualClock();
  const attempts: { fail(): void }[] = [];
  const repair = createRepair({
    api: {
      snapshotPage: () =>
        new Promise((_, reject) => {
          const trouble = new ApiTrouble('later', { code: 'unreachable', status: null, detail: 'away' });
          attempts.push({ fail: () => reject(trouble) });
        }),
    } as unknown as Api,
    ledger: { settleHoles: async () => ({ healed: 0, open: 1 }) } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 0.5,
    log: silentLog,
    delays: { first: 10_000, most: 60_000 },
    onChanged: () => {},
    onFresh: () => {},
    onHoles: () => {},
    onBaseline: () => {},
  });
  repair.due();
  await expect.poll(() => attempts.length).toBe(1);
  repair.retryNow();
  clock.advance(20);
  attempts[0]?.fail();
  // As long as the attempt took nothing is asked of the server, whoever hurries.
  await expect.poll(() => clock.waits()).toEqual([20]);
  clock.advance(20);
  await expect.poll(() => attempts.length).toBe(2);
  clock.advance(20);
  attempts[1]?.fail();
  await expect.poll(() => clock.waits()).toEqual([20]);
  clock.advance(20);
  await expect.poll(() => clock.waits().some((ms) => ms > 1_000)).toBe(true);
  expect(attempts).toHaveLength(2);
  await repair.close();
});

test('the next attempt is told for when it comes, however long this one took', async () => {
  const clock = createManualClock();
  const told: (number | null)[] = [];
  let fail = (): void => {};
  const repair = createRepair({
    api: {
      snapshotPage: () =>
        new Promise((_, reject) => {
          const trouble = new ApiTrouble('later', { code: 'timeout', status: null, detail: 'silent' });
          fail = () => reject(trouble);
        }),
    } as unknown as Api,
    ledger: {
      async settleHoles(_: number, attempt: Parameters<Ledger['settleHoles']>[1]) {
        told.push(attempt.nextAttemptAt);
        return { healed: 0, open: 1 };
      },
    } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 0.5,
    log: silentLog,
    delays: { first: 10_000, most: 60_000 },
    onChanged: () => {},
    onFresh: () => {},
    onHoles: () => {},
    onBaseline: () => {},
  });
  repair.due();
  await Promise.resolve();
  clock.advance(20_000);
  const ended = clock.now();
  fail();
  await expect.poll(() => told).toEqual([ended + 20_000]);
  await expect.poll(() => clock.waits()).toEqual([20_000]);
  await repair.close();
});
