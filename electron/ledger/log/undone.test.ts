import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StreamItem } from '../../stream/types.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, control, envelope, head, idOf, snapshotItem, stale, START } from '../testing/make.ts';

/*
 * A server that comes back from a backup: changes that it once told of were undone, and others come under the same versions. What is
 * shown afterwards is what the server has.
 */

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.snapshot(idOf(10), [snapshotItem(OLD[0]!), snapshotItem(OTHER)]);
  await fixture.append(SIGNED, head(idOf(11)));
});
afterEach(() => fixture.dispose());

const OLD = [
  envelope(10, 'C-1', 4),
  envelope(11, 'C-1', 5, { from: 'viewed', to: 'signed', actionRequired: true }),
];
const OTHER = envelope(9, 'C-2', 1);
const SIGNED = change(11, 'C-1', 5, { from: 'viewed', to: 'signed', actionRequired: true });

const contract = (id = 'C-1') => fixture.core().contract(fixture.accountId, id);
const row = async () => (await contract())?.row;
const verdict = async () => (await fixture.core().receipt(fixture.accountId, 0)).verdict;
const needing = async () => {
  const view = { view: 'action_required', text: '' } as const;
  const page = await fixture.core().readView(fixture.accountId, view, { offset: 0, limit: 9 });
  return page.rows.map((one) => one.contractId);
};
const taken = (version: number, name = 'Oleg'): StreamItem =>
  control('ContractAcknowledged', {
    contractId: 'C-1',
    eventId: idOf(11),
    version,
    state: 'taken',
    at: new Date(START + 500).toISOString(),
    by: { id: 'u7', name },
  });

const NEW = [
  ['in another status', 5, 'declined'],
  ['less far, as it was then', 4, 'viewed'],
  ['less far, in another status', 4, 'rejected'],
  ['less far than when we began', 2, 'sent'],
  ['further', 6, 'active'],
] as const;

describe('a log under another label', () => {
  test.each(NEW)('its list has the contract %s: so has the row', async (_, version, to) => {
    const last = envelope(1, 'C-1', version, { epoch: 'e8', to });
    const list = [snapshotItem(last), snapshotItem(OTHER)];
    const before = OLD.slice(0, Math.max(0, version - 4));
    const earlier = [1, 2, 3].filter((n) => n < version).map((n) => envelope(n, 'C-1', n, { epoch: 'e7' }));
    await fixture.append(stale(idOf(1, 'e8')), head(idOf(1, 'e8'), START + 1000));
    await fixture.snapshot(idOf(1, 'e8'), list, START + 2000);
    await fixture.history('C-1', [...earlier, ...before, last]);
    await fixture.snapshot(idOf(1, 'e8'), list, START + 3000);
    await fixture.settle();
    expect(await row()).toMatchObject({ version, to });
    expect(await verdict()).toBe('complete');
    // Nothing that came is given up.
    const told = (await contract())?.timeline.map(({ version: n, to: status }) => [n, status]);
    expect(told).toContainEqual([5, 'signed']);
    expect(told).toContainEqual([version, to]);
    // The next change goes on from there.
    await fixture.append(
      change(2, 'C-1', version + 1, { epoch: 'e8', to: 'on_hold' }),
      head(idOf(2, 'e8'), START + 5000),
    );
    expect(await row()).toMatchObject({ version: version + 1, to: 'on_hold' });
    expect(await verdict()).toBe('complete');
  });

  test.each(NEW.slice(0, 3))(
    'its stream tells of the contract %s: so does the row',
    async (how, version, to) => {
      await fixture.append(taken(5), change(1, 'C-1', version, { epoch: 'e8', to, actionRequired: true }));
      // One that is only told again under another id takes nothing back.
      const isSame = how === 'less far, as it was then';
      expect(await row()).toMatchObject(isSame ? { version: 5, to: 'signed' } : { version, to });
      expect(await needing()).toEqual(isSame ? [] : ['C-1']);
    },
  );

  test('a list from before it says nothing of it', async () => {
    await fixture.append(stale(idOf(1, 'e8')), head(idOf(1, 'e8'), START + 1000));
    await fixture.snapshot(idOf(10), [snapshotItem(OLD[0]!), snapshotItem(OTHER)]);
    expect(await row()).toMatchObject({ version: 5, to: 'signed' });
  });

  test('a log that is told anew under other ids and goes on: the row stays, nothing is asked for', async () => {
    const again = [envelope(1, 'C-1', 4, { epoch: 'e8' }), { ...OLD[1]!, id: idOf(2, 'e8') }];
    await fixture.append(
      ...again.map((event) => ({ ...SIGNED, id: event.id, data: JSON.stringify(event) })),
      head(idOf(2, 'e8'), START + 1000),
    );
    const list = [snapshotItem(again[1]!), snapshotItem(OTHER)];
    expect((await fixture.snapshot(idOf(2, 'e8'), list)).needHistory).toEqual([]);
    expect(await row()).toMatchObject({ version: 5, to: 'signed' });
  });
});
