import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, envelope, head, snapshotItem, START } from '../testing/make.ts';

/** A server whose ids have no order, and whose heads name one that has not come. */
let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const op = (n: number, contractId: string, version: number) =>
  change(n, contractId, version, { id: `op${n}` });
const told = (n: number, contractId: string, version: number) =>
  snapshotItem(envelope(n, contractId, version, { id: `op${n}` }));
const stands = async (id: string) => fixture.core().headStands(fixture.accountId, id, START);
const gaps = async (only: 'open' | 'all' = 'open') => fixture.core().gaps(fixture.accountId, only);
const verdict = async () => (await fixture.core().receipt(fixture.accountId, 0)).verdict;

/** Five changes and heads that name them. */
async function follow(): Promise<void> {
  await fixture.snapshot('op1', [told(1, 'C-1', 1)]);
  for (let n = 2; n <= 5; n += 1) {
    expect((await fixture.append(op(n, 'C-1', n), head(`op${n}`))).head?.reached).toBe(true);
  }
}

test('a head that stands and names what never came is a gap, one however often it is told', async () => {
  await follow();
  expect(await verdict()).toBe('no_gap_seen');
  expect((await fixture.append(head('op10'))).head).toMatchObject({ reached: false, behind: null });
  expect(await stands('op10')).toBe(true);
  expect(await gaps()).toMatchObject([{ kind: 'sequence', fromSequence: null, toSequence: null }]);
  expect(await verdict()).toBe('gaps');
  expect(await stands('op10')).toBe(false);
  await fixture.reopen();
  expect(await stands('op10')).toBe(false);
  // The same gap, which has grown.
  expect(await stands('op11')).toBe(false);
  expect(await gaps('all')).toHaveLength(1);
});

test.each([
  ['the cursor', 'op5'],
  ['an event that came before', 'op3'],
  ['what the baseline ends with', 'op1'],
  ['a place in an own log', 'e7-00000000009'],
])('no gap where the head names %s', async (_, id) => {
  await follow();
  expect(await stands(id)).toBe(false);
  expect(await gaps('all')).toEqual([]);
});

test('no gap where the event it names is set aside', async () => {
  await follow();
  await fixture.append({ ...op(6, 'C-1', 6), kind: 'event', id: 'op6', data: '{"specversion":' } as never);
  await fixture.append(op(7, 'C-1', 7));
  expect(await stands('op6')).toBe(false);
  expect((await gaps()).map((gap) => gap.kind)).not.toContain('sequence');
});

test('heads that have never named an id received here use another kind of id: they prove no gap', async () => {
  await fixture.snapshot('op1', [told(1, 'C-1', 1)]);
  await fixture.append(op(2, 'C-1', 2), head('offset:17'), op(3, 'C-1', 3), head('offset:18'));
  expect(await stands('offset:18')).toBe(false);
  expect(await gaps('all')).toEqual([]);
});

describe('a gap that a head has named', () => {
  beforeEach(async () => {
    await follow();
    await fixture.append(head('op10'));
    await stands('op10');
  });

  test('heals when the change comes, and is not opened again', async () => {
    await fixture.append(op(10, 'C-1', 6), head('op10'));
    expect(await gaps()).toEqual([]);
    expect(await stands('op10')).toBe(false);
    expect(await verdict()).toBe('no_gap_seen');
  });

  test('heals when a history brings the change', async () => {
    await fixture.history('C-1', [envelope(10, 'C-1', 6, { id: 'op10' })]);
    expect(await fixture.settle()).toMatchObject({ healed: 0, open: 0 });
  });

  test('stays when later heads are reached', async () => {
    await fixture.append(op(11, 'C-2', 1), head('op11'));
    expect(await fixture.settle()).toMatchObject({ healed: 0 });
    expect(await gaps()).toHaveLength(1);
  });

  test('heals by a snapshot that was asked for after an attempt, and stays healed while the head stands', async () => {
    await fixture.settle();
    await fixture.snapshot('op10', [told(5, 'C-1', 5)]);
    expect(await fixture.settle()).toMatchObject({ healed: 1, open: 0 });
    await fixture.append(head('op10'));
    expect(await stands('op10')).toBe(false);
    expect(await verdict()).toBe('no_gap_seen');
    // Another one is another gap.
    expect(await stands('op12')).toBe(true);
    expect(await gaps()).toHaveLength(1);
  });

  test.each(['op5', 'op3'])(
    'stays through snapshots from before it (as of %s), however many',
    async (asOf) => {
      for (let n = 0; n < 3; n += 1) {
        await fixture.snapshot(asOf, [told(5, 'C-1', 5)]);
        expect(await fixture.settle()).toMatchObject({ healed: 0, open: 1 });
      }
      await fixture.snapshot('op10', [told(5, 'C-1', 5)]);
      expect(await fixture.settle()).toMatchObject({ healed: 1 });
    },
  );
});

const HOUR = 3_600_000;
const absence = async () => (await fixture.core().receipt(fixture.accountId, 0)).absence?.since;

test('a head that stands unreached ends an absence: nothing more comes of it', async () => {
  await follow();
  await fixture.appendAt(START + HOUR, head('op10', START + HOUR));
  expect(await absence()).toBeUndefined();
  await fixture.core().headStands(fixture.accountId, 'op10', START + HOUR + 30_000);
  expect(await absence()).toBe(START);
});

test('a head is reached that names what came, though more has come since', async () => {
  await follow();
  expect((await fixture.append(head('op3'))).head).toMatchObject({ reached: true, behind: 0 });
  expect((await fixture.append(head('op6'))).head).toMatchObject({ reached: false, behind: null });
});

test.each([
  ['a head', () => fixture.append(head(null))],
  ['a snapshot', () => fixture.snapshot(null, [])],
])('a gap where %s had said that there is nothing, and nothing has come', async (_, empty) => {
  await empty();
  await fixture.append(head('op4'));
  expect(await stands('op4')).toBe(true);
  expect(await verdict()).toBe('gaps');
});

test.each([
  ['a head', () => fixture.append(head(null))],
  ['a snapshot', () => fixture.snapshot(null, [])],
])(
  'a gap where %s had said that there is nothing, and says so again after a change was named',
  async (_, empty) => {
    await empty();
    await fixture.append(head('op4'));
    expect(await gaps()).toEqual([]);
    const outcome = await fixture.append(head(null));
    expect(outcome.repair).toBe('now');
    expect(await gaps()).toMatchObject([{ kind: 'epoch', fromSequence: null, toSequence: null }]);
    expect(await verdict()).toBe('gaps');
    await fixture.append(head(null));
    expect(await gaps()).toHaveLength(1);
  },
);
