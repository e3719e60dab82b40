import { openTestCore } from './fixture.ts';
import { change, envelope, idOf, KEY, snapshotItem, START } from './make.ts';

/**
 * Takes in the file of its argument, until it is killed, what histories bring ahead of a stream that then leaves every third change
 * out. Says which changes each call is about before it, and which are told because of it after it.
 */
export type UntoldReport =
  | { readonly call: 'history' | 'stream' | 'take'; readonly about: readonly string[] }
  | { readonly told: readonly string[] };

const ROUND = 8;
const CONTRACT = 'C-1';

const [, , path] = process.argv;
const core = openTestCore(path ?? '');
const { accountId, cursor } = await core.account(KEY);

/** Once it has left this process: a kill cannot take it back. */
const say = (report: UntoldReport): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(report, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });

if (cursor === null) {
  await core.beginSnapshot(accountId, { asOf: idOf(1), at: new Date(START).toISOString() });
  await core.stageSnapshot(accountId, [snapshotItem(envelope(1, CONTRACT, 1))]);
  await core.finishSnapshot(accountId, START, true);
}
let next = cursor === null ? 2 : Number(cursor.slice(3)) + 1;
for (let round = 0; ; round += 1) {
  const sequences = Array.from({ length: ROUND }, (_, i) => next + i);
  const ids = sequences.map((sequence) => idOf(sequence));
  await say({ call: 'history', about: ids });
  const envelopes = sequences.map((sequence) => JSON.stringify(envelope(sequence, CONTRACT, sequence)));
  const merged = await core.mergeHistory(accountId, CONTRACT, envelopes, START, round % 2 === 0);
  await say({ told: merged.fresh.filter(({ isAhead }) => isAhead !== true).map(({ eventId }) => eventId) });
  for (const half of [sequences.slice(0, ROUND / 2), sequences.slice(ROUND / 2)]) {
    const came = half.filter((sequence) => sequence % 3 !== 0);
    await say({ call: 'stream', about: came.map((sequence) => idOf(sequence)) });
    const { fresh } = await core.append(
      accountId,
      came.map((sequence) => change(sequence, CONTRACT, sequence)),
      START,
    );
    await say({ told: fresh.map(({ eventId }) => eventId) });
  }
  await say({ call: 'take', about: ids.filter((_, i) => sequences[i]! % 3 === 0) });
  await say({ told: (await core.takeUntold(accountId)).map(({ eventId }) => eventId) });
  next += ROUND;
}
