import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, envelope, head, idOf, snapshotItem, START } from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

/** Thirty changes of three contracts in turn, of which ten had happened when the list was made. */
const all = Array.from({ length: 30 }, (_, i) => envelope(i + 1, `C-${i % 3}`, Math.floor(i / 3) + 1));
const listed = all.slice(7, 10);

const unread = (): readonly (readonly [string, number])[] =>
  fixture
    .query<{ id: string; unread: number }>(
      'SELECT contract_id AS id, unread FROM contract ORDER BY contract_id',
    )
    .map((row) => [row.id, row.unread] as const);
const streamed = (from: number) =>
  all.slice(from - 1).map(({ data: { contract } }, i) => change(from + i, contract.id, contract.version));
const TWENTY = [
  ['C-0', 6],
  ['C-1', 7],
  ['C-2', 7],
] as const;

describe.each([
  ['as of nothing', null],
  ['as of a place in the log before', idOf(4, 'e6')],
  ['as of a place in a log that has not come yet', idOf(4, 'e8')],
  ['as of its own last change', idOf(10)],
])('a first list %s: what it has counts as read, and nothing else', (_, asOf) => {
  test.each([
    ['all of it', 1, true],
    ['all of it, which the list does not tell', 1, false],
    ['the last of it', 10, false],
    ['nothing of it', 11, true],
  ])('where the stream brings %s again', async (_again, from, withEvent) => {
    await fixture.snapshot(
      asOf,
      listed.map((event) => snapshotItem(event, { withEvent })),
      START + 10_000,
    );
    await fixture.append(...streamed(from), head(idOf(30), START + 30_000));
    expect(unread()).toEqual(TWENTY);
    // Whoever opens a contract asks for what was before.
    for (const id of ['C-0', 'C-1', 'C-2'])
      await fixture.history(
        id,
        all.filter((event) => event.data.contract.id === id),
      );
    expect(unread()).toEqual(TWENTY);
  });
});

test('a log that comes after the one of the list, with versions that begin anew: all of it is news', async () => {
  await fixture.snapshot(
    idOf(10, 'e6'),
    listed.map((event) => snapshotItem(envelope(4, event.data.contract.id, 3, { epoch: 'e6' }))),
    START + 10_000,
  );
  await fixture.append(...[11, 12, 13].map((n) => change(n, `C-${n % 3}`, 1, { id: idOf(n - 10) })));
  expect(unread().map(([, count]) => count)).toEqual([1, 1, 1]);
});
