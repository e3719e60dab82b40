import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AwayItem } from '../../../protocol/away.ts';
import type { StreamItem } from '../../stream/types.ts';
import { change, envelope, head, idOf, snapshotItem, stale, START } from '../testing/make.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';

const BACK = START + 3_600_000;
let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  // C-1 is sent, C-2 a draft; the last sign of life is at START.
  await fixture.snapshot(null, []);
  await fixture.append(
    change(1, 'C-1', 1, { from: null, to: 'sent' }),
    change(2, 'C-2', 1, { from: null, to: 'draft' }),
    head(idOf(2)),
  );
  await fixture.snapshot(idOf(2), [
    snapshotItem(envelope(1, 'C-1', 1, { from: null, to: 'sent' })),
    snapshotItem(envelope(2, 'C-2', 1, { from: null, to: 'draft' })),
  ]);
});
afterEach(() => fixture.dispose());

const away = async () => fixture.core().away(fixture.accountId);
const comeBack = (...items: readonly StreamItem[]) => fixture.appendAt(BACK, ...items);

async function items(): Promise<readonly AwayItem[]> {
  return (await away())?.items ?? [];
}

async function changes(): Promise<readonly (readonly unknown[])[]> {
  return (await items()).map((item) => [
    item.contractId,
    item.from,
    item.to,
    item.path.map((step) => step.to).join(' '),
  ]);
}

test('nobody was away: no summary', async () => {
  expect(await away()).toBeNull();
  await fixture.appendAt(START + 60_000, change(3, 'C-1', 2), head(idOf(3)));
  expect(await away()).toBeNull();
});

test('the net change of each contract, and the way there', async () => {
  await comeBack(
    change(3, 'C-1', 2, { from: 'sent', to: 'viewed' }),
    change(4, 'C-3', 1, { from: null, to: 'sent', party: 'Acme', title: 'Lease' }),
    change(5, 'C-1', 3, { from: 'viewed', to: 'signed', actor: 'Anna' }),
    head(idOf(5)),
  );
  expect(await away()).toMatchObject({ since: START, until: BACK, changes: 3, missing: 0, contracts: 2 });
  expect(await changes()).toEqual([
    ['C-1', 'sent', 'signed', 'viewed signed'],
    ['C-3', null, 'sent', 'sent'],
  ]);
  const [first, second] = await items();
  expect(first).toMatchObject({ steps: 2 });
  expect(first?.path[1]).toEqual({
    to: 'signed',
    time: new Date(START + 5000).toISOString(),
    actorName: 'Anna',
  });
  expect(second).toMatchObject({ title: 'Lease', counterparty: 'Acme', steps: 1 });
});

test('what came after the absence is no part of it', async () => {
  await comeBack(change(3, 'C-1', 2, { from: 'sent', to: 'viewed' }), head(idOf(3)));
  await fixture.appendAt(BACK + 1000, change(4, 'C-1', 3, { from: 'viewed', to: 'signed' }));
  await fixture.appendAt(BACK + 1000, change(5, 'C-2', 2, { from: 'draft', to: 'sent' }), head(idOf(5)));
  expect(await changes()).toEqual([['C-1', 'sent', 'viewed', 'viewed']]);
});

test('nothing changed meanwhile: an empty summary that says so', async () => {
  await comeBack(head(idOf(2)));
  expect(await away()).toMatchObject({ changes: 0, contracts: 0, items: [], missing: 0 });
});

test('first what requires an action, then the most severe, then the newest', async () => {
  await comeBack(
    change(3, 'C-3', 1, { severity: 'info' }),
    change(4, 'C-4', 1, { severity: 'error' }),
    change(5, 'C-5', 1, { severity: 'warning' }),
    change(6, 'C-6', 1, { severity: 'info', actionRequired: true }),
    change(7, 'C-7', 1, { severity: 'success' }),
    change(8, 'C-8', 1, { severity: 'info' }),
    head(idOf(8)),
  );
  const order = async () => (await items()).map((item) => item.contractId);
  expect(await order()).toEqual(['C-6', 'C-4', 'C-5', 'C-7', 'C-8', 'C-3']);
  const action = { do: 'acknowledge', dueAt: BACK + 8000 } as const;
  await fixture.core().perform(fixture.accountId, ['C-6'], action, BACK);
  // Taken on: it needs nobody any more.
  expect(await order()).toEqual(['C-4', 'C-5', 'C-7', 'C-8', 'C-6', 'C-3']);
});

test('an action that a later change has overtaken is not told', async () => {
  await comeBack(change(3, 'C-1', 2, { actionRequired: true }), head(idOf(3)));
  expect((await items())[0]?.actionRequired).toBe(true);
  await fixture.appendAt(BACK + 1000, change(4, 'C-1', 3, { actionRequired: true }), head(idOf(4)));
  expect((await items())[0]?.actionRequired).toBe(false);
});

test('many: two hundred are told, all are counted; of a long way the newest twenty steps', async () => {
  const many = Array.from({ length: 250 }, (_, i) => change(3 + i, `N-${i}`, 1, { from: null }));
  const long = Array.from({ length: 30 }, (_, i) =>
    change(253 + i, 'C-1', 2 + i, { severity: 'error', to: i % 2 ? 'sent' : 'viewed' }),
  );
  await comeBack(...many, ...long, head(idOf(282)));
  const summary = await away();
  expect(summary).toMatchObject({ contracts: 251, changes: 280 });
  expect(summary?.items).toHaveLength(200);
  expect(summary?.items[0]).toMatchObject({ contractId: 'C-1', steps: 30, to: 'sent' });
  expect(summary?.items[0]?.path).toHaveLength(20);
});

describe('late, repaired, lost', () => {
  test('a gap in the absence, repaired later: the way becomes whole', async () => {
    await comeBack(change(4, 'C-1', 3, { from: 'viewed', to: 'signed' }), head(idOf(4)));
    expect(await away()).toMatchObject({ changes: 1, missing: 1 });
    expect(await changes()).toEqual([['C-1', 'sent', 'signed', 'signed']]);
    const late = envelope(3, 'C-1', 2, { from: 'sent', to: 'viewed' });
    await fixture.history('C-1', [late], BACK + 1000);
    await fixture.settle(BACK + 1000);
    expect(await away()).toMatchObject({ changes: 2, missing: 0 });
    expect(await changes()).toEqual([['C-1', 'sent', 'signed', 'viewed signed']]);
  });

  test('changes of before the absence that come late are no part of it', async () => {
    await fixture.append(change(4, 'C-2', 3, { from: 'sent', to: 'viewed' }), head(idOf(4)));
    await comeBack(change(5, 'C-1', 2, { from: 'sent', to: 'viewed' }), head(idOf(5)));
    const late = envelope(3, 'C-2', 2, { from: 'draft', to: 'sent' });
    await fixture.history('C-2', [late], BACK);
    expect(await changes()).toEqual([['C-1', 'sent', 'viewed', 'viewed']]);
  });

  test('out of order within the absence: versions tell the way', async () => {
    await comeBack(
      change(3, 'C-1', 3, { from: 'viewed', to: 'signed' }),
      change(4, 'C-1', 2, { from: 'sent', to: 'viewed' }),
      head(idOf(4)),
    );
    expect(await changes()).toEqual([['C-1', 'sent', 'signed', 'viewed signed']]);
  });

  test("the server's log began anew meanwhile: the new epoch's changes are part of it", async () => {
    await comeBack(
      change(1, 'C-1', 2, { epoch: 'e8', from: 'sent', to: 'viewed' }),
      change(2, 'C-1', 3, { epoch: 'e8', from: 'viewed', to: 'signed' }),
      head(idOf(2, 'e8')),
    );
    expect(await changes()).toEqual([['C-1', 'sent', 'signed', 'viewed signed']]);
    expect(await away()).toMatchObject({ missing: null });
  });

  test('the server came back from a backup: what it says now counts, not the life it lost', async () => {
    await fixture.append(change(3, 'C-1', 2, { from: 'sent', to: 'signed' }), head(idOf(3)));
    await comeBack(
      stale(idOf(2), idOf(1)),
      change(3, 'C-1', 2, { from: 'sent', to: 'declined', title: 'Another' }),
      head(idOf(3)),
    );
    expect(await changes()).toEqual([['C-1', 'signed', 'declined', 'declined']]);
  });

  test('the server begins to count anew after the absence: what its end has lost may be of it', async () => {
    await comeBack(change(3, 'C-1', 2, { from: 'sent', to: 'viewed' }), head(idOf(3)));
    expect(await away()).toMatchObject({ changes: 1, missing: 0 });
    const later = BACK + 60_000;
    await fixture.appendAt(later, stale(idOf(1)), change(1, 'C-3', 1, { to: 'sent' }), head(idOf(1), later));
    expect(await away()).toMatchObject({ changes: 1, missing: null });
  });

  test('the server had begun to count anew before the absence: nothing of it is in doubt', async () => {
    await fixture.append(stale(idOf(1)), change(1, 'C-3', 1, { to: 'sent' }), head(idOf(1)));
    await comeBack(change(2, 'C-1', 2, { from: 'sent', to: 'viewed' }), head(idOf(2), BACK));
    expect(await away()).toMatchObject({ changes: 1, missing: 0 });
    const { openGaps } = await fixture.core().receipt(fixture.accountId, 0);
    expect(openGaps.map(({ kind }) => kind)).toContain('restart');
  });

  test('changes that the server no longer streams, told by its snapshot alone', async () => {
    await comeBack(stale(idOf(4), idOf(5)), head(idOf(4)));
    await fixture.snapshot(
      idOf(4),
      [
        snapshotItem(envelope(4, 'C-1', 3, { from: 'viewed', to: 'signed' }), { withEvent: false }),
        snapshotItem(envelope(2, 'C-2', 1, { from: null, to: 'draft' })),
      ],
      BACK,
    );
    expect(await changes()).toEqual([['C-1', 'sent', 'signed', 'signed']]);
    expect(await away()).toMatchObject({ changes: 0, missing: 2, contracts: 1 });
    const history = [
      envelope(3, 'C-1', 2, { from: 'sent', to: 'viewed' }),
      envelope(4, 'C-1', 3, { from: 'viewed', to: 'signed' }),
    ];
    await fixture.history('C-1', history, BACK);
    expect(await changes()).toEqual([['C-1', 'sent', 'signed', 'viewed signed']]);
  });

  test('steps that retention removed are gone from the way, the net change stays', async () => {
    await comeBack(
      change(3, 'C-1', 2, { from: 'sent', to: 'viewed' }),
      change(4, 'C-1', 3, { from: 'viewed', to: 'signed' }),
      head(idOf(4)),
    );
    await fixture.core().maintain({ maxAgeMs: 1000, maxBytes: null }, BACK + 10_000);
    expect((await items())[0]).toMatchObject({ contractId: 'C-1', to: 'signed', steps: 1 });
  });

  test('a contract known by the baseline alone: where it came from is what its first change says', async () => {
    await fixture
      .core()
      .account({ server: 'https://two.example', userId: 'u42', userName: 'A', locale: 'en' });
    const told = snapshotItem(envelope(2, 'C-9', 5, { to: 'sent' }), { withEvent: false });
    const { accountId } = await fixture.core().account({
      server: 'https://three.example',
      userId: 'u42',
      userName: 'A',
      locale: 'en',
    });
    const core = fixture.core();
    await core.beginSnapshot(accountId, { asOf: idOf(2), at: new Date(START).toISOString() });
    await core.stageSnapshot(accountId, [told]);
    await core.finishSnapshot(accountId, START);
    await core.append(accountId, [head(idOf(2))], START);
    await core.append(accountId, [change(3, 'C-9', 6, { from: 'sent', to: 'viewed' }), head(idOf(3))], BACK);
    expect((await core.away(accountId))?.items[0]).toMatchObject({ from: 'sent', to: 'viewed', steps: 1 });
  });
});

test('opaque ids: a version that the contract had left before the absence is no change', async () => {
  const core = fixture.core();
  const { accountId } = await core.account({
    server: 'https://opaque.example',
    userId: 'u42',
    userName: 'A',
    locale: 'en',
  });
  await core.markWithoutSnapshot(accountId);
  await core.append(accountId, [change(1, 'C-1', 2, { id: 'x2', to: 'viewed' }), head('x2')], START);
  await core.append(accountId, [change(2, 'C-1', 1, { id: 'x1', to: 'sent' }), head('x1')], BACK);
  await core.append(
    accountId,
    [change(3, 'C-1', 3, { id: 'x3', from: 'viewed', to: 'signed' }), head('x3')],
    BACK + 1000,
  );
  expect(await core.away(accountId)).toMatchObject({ contracts: 0, items: [] });
});
