import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, envelope, head, idOf, KEY, snapshotItem, stale, START } from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.snapshot(idOf(3), [snapshotItem(envelope(3, 'C-1', 3))]);
  await fixture.append(change(4, 'C-1', 4), change(5, 'C-1', 5), head(idOf(5)));
  await fixture.core().setReplay(fixture.accountId, 'proven');
});
afterEach(() => fixture.dispose());

const kept = async () => (await fixture.core().account(KEY)).replay;
const later = (seconds: number): number => START + seconds * 1000;

describe('that the server keeps what was not received is no longer believed when it', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['cannot go on from our cursor', () => fixture.append(stale(idOf(9)))],
    ['has gone back to before our cursor', () => fixture.append(stale(idOf(4)))],
    ['has an empty log', () => fixture.append(stale(null))],
    ['brings a change of a new epoch', () => fixture.append(change(1, 'C-1', 6, { id: idOf(1, 'e8') }))],
    ['names a head of a new epoch', () => fixture.append(head(idOf(2, 'e8')))],
    [
      'uses an id again for another event',
      () => fixture.append(change(4, 'C-2', 1, { to: 'draft' }), change(6, 'C-1', 6)),
    ],
    [
      'names two heads below what had come',
      async () => {
        await fixture.appendAt(later(60), head(idOf(4), later(60)));
        return fixture.appendAt(later(120), head(idOf(4), later(120)));
      },
    ],
  ])('%s', async (_, tell) => {
    expect(await tell()).toMatchObject({ replay: 'unknown' });
    expect(await kept()).toBe('unknown');
  });

  test('has, by its snapshot, another epoch', async () => {
    await fixture.snapshot(idOf(1, 'e8'), [snapshotItem(envelope(1, 'C-1', 6, { id: idOf(1, 'e8') }))]);
    expect(await fixture.settle()).toMatchObject({ replay: 'unknown' });
    expect(await kept()).toBe('unknown');
  });
});

test('it is believed again once that is proven again', async () => {
  await fixture.append(stale(idOf(9)));
  await fixture.core().setReplay(fixture.accountId, 'proven');
  expect(await fixture.append(change(10, 'C-1', 10), head(idOf(10)))).toMatchObject({ replay: 'proven' });
  expect(await kept()).toBe('proven');
});

test('what shows nothing of the kind leaves the proof, and what was never proven is not made unknown', async () => {
  const items = [change(6, 'C-1', 6), change(4, 'C-1', 4), head(idOf(6)), change(8, 'C-1', 8), head(idOf(5))];
  expect(await fixture.append(...items)).toMatchObject({ replay: 'proven' });
  expect(await fixture.settle()).toMatchObject({ replay: 'proven' });
  await fixture.core().setReplay(fixture.accountId, 'none');
  expect(await fixture.append(stale(null))).toMatchObject({ replay: 'none' });
});
