import { expect, onTestFinished, test } from 'vitest';
import { openFixture } from '../ledger/testing/fixture.ts';
import { change } from '../ledger/testing/make.ts';
import type { Ledger, OutboxEntry } from '../ledger/types.ts';
import { silentLog } from '../ports/log.ts';
import { createManualClock } from '../stream/testing.ts';
import { ApiError, type Api } from './api.ts';
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
      onChanged: () => {},
    });
    outbox.look();
    for (let turn = 0; turn < microtasks; turn += 1) await Promise.resolve();
    outbox.look();
    await expect.poll(() => looks, { message: `asked again after ${microtasks} microtasks` }).toBe(2);
    await outbox.close();
  }
});

test('what waits in our own back-off goes out once the server can be reached; what is held, or was put off by the server, does not', async () => {
  const fixture = await openFixture();
  onTestFinished(() => fixture.dispose());
  const { accountId } = fixture;
  await fixture.append(
    ...['C-off', 'C-busy', 'C-held'].map((id, at) => change(at + 1, id, 1, { actionRequired: true })),
  );
  const clock = createManualClock();
  const asked: string[] = [];
  let isAway = true;
  let answered = (): void => {};
  const outbox = createOutbox({
    api: {
      async acknowledge({ contractId }: OutboxEntry) {
        asked.push(contractId);
        if (contractId === 'C-busy')
          throw new ApiError('later', { code: 'throttled', status: 429, detail: 'HTTP 429' }, 50_000);
        if (!isAway) return 'sent';
        await new Promise<void>((resolve) => (answered = resolve));
        throw new ApiError('later', { code: 'unreachable', status: null, detail: 'no network' });
      },
    } as Partial<Api> as Api,
    ledger: fixture.core() as unknown as Ledger,
    accountId,
    clock,
    random: () => 0.5,
    log: silentLog,
    delays: { first: 40_000, most: 60_000 },
    onChanged: () => {},
  });
  outbox.setReachable(true);
  onTestFinished(() => outbox.close());
  const stateOf = async (id: string) => (await fixture.core().contract(accountId, id))?.acknowledgement.state;
  const acknowledge = async (...ids: readonly string[]) => {
    const now = clock.now();
    await fixture.core().perform(accountId, ids, { do: 'acknowledge', dueAt: now + 8_000 }, now);
    outbox.changed(ids);
  };
  /** It waits for the next time, and for nothing else. */
  const rests = () => expect.poll(() => clock.waits().length).toBe(1);

  await acknowledge('C-off', 'C-busy');
  await rests();
  clock.advance(8_000);
  await expect.poll(() => asked).toEqual(['C-off', 'C-busy']);
  answered();
  await rests();
  await acknowledge('C-held');
  await rests();

  // The server is there again, and gone before it was asked: said while the next try is on its way.
  outbox.retryNow();
  await expect.poll(() => asked).toEqual(['C-off', 'C-busy', 'C-off']);
  outbox.retryNow();
  isAway = false;
  answered();
  await expect.poll(() => stateOf('C-off')).toBe('sent');
  await rests();
  expect(asked).toEqual(['C-off', 'C-busy', 'C-off', 'C-off']);
  expect(await stateOf('C-held')).toBe('held');

  clock.advance(50_000);
  await expect.poll(() => stateOf('C-held')).toBe('sent');
  await expect.poll(() => asked.filter((id) => id === 'C-busy').length).toBe(2);
});
