import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import {
  change,
  envelope,
  head,
  idOf,
  KEY,
  snapshotItem,
  stale,
  START,
  type EnvelopeOptions,
} from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
  await fixture.snapshot(idOf(10), [item(9, 'C-1', 5), item(10, 'C-2', 2)]);
  await fixture.append(head(idOf(10)));
});
afterEach(() => fixture.dispose());

const ALL = { view: 'all', text: '' } as const;
const item = (sequence: number, contractId: string, version: number, options: EnvelopeOptions = {}) =>
  snapshotItem(envelope(sequence, contractId, version, options));
const core = () => fixture.core();
const page = () => core().readView(fixture.accountId, ALL, { offset: 0, limit: 50 });
const row = async (contractId: string) => (await page()).rows.find((each) => each.contractId === contractId);
const detail = (contractId: string) => core().contract(fixture.accountId, contractId);
const receipt = () => core().receipt(fixture.accountId, 0);
const at = (time = START) => new Date(time).toISOString();
const show = (
  since: number,
  asOf: number,
  contracts: readonly ReturnType<typeof item>[],
  end: 'more' | 'whole' | 'cut' = 'whole',
) =>
  core().preview(
    fixture.accountId,
    { since: idOf(since), asOf: idOf(asOf), at: at(), contracts, end },
    START,
  );

describe('a preview while the log is on its way', () => {
  test('shows the newest states, in their order, and touches nothing of the log', async () => {
    expect(await core().previewFrom(fixture.accountId)).toBe(idOf(10));
    const before = fixture.query('SELECT * FROM epoch UNION ALL SELECT * FROM epoch');
    const outcome = await show(10, 40, [
      item(40, 'C-new', 7, { to: 'signed' }),
      item(30, 'C-1', 9, { to: 'declined' }),
    ]);
    expect(outcome).toEqual({ contracts: ['C-new', 'C-1'], behind: 30 });
    const { rows, counts } = await page();
    expect(rows.map((each) => [each.contractId, each.version, each.to, each.unread])).toEqual([
      ['C-new', 7, 'signed', 1],
      ['C-1', 9, 'declined', 1],
      ['C-2', 2, 'viewed', 0],
    ]);
    expect(counts.unread).toBe(2);
    expect(await detail('C-1')).toMatchObject({ hasGap: false, timeline: [{ version: 5 }] });
    expect(await core().account(KEY)).toMatchObject({ cursor: idOf(10) });
    expect(fixture.query('SELECT * FROM epoch UNION ALL SELECT * FROM epoch')).toEqual(before);
    expect(fixture.query('SELECT * FROM gap')).toEqual([]);
    expect(fixture.query<{ n: number }>('SELECT count(*) AS n FROM event')).toEqual([{ n: 2 }]);
  });

  test('the receipt says up to where all is here, and what is shown beyond it, for as long as it is so', async () => {
    await show(10, 12, [item(12, 'C-1', 7)]);
    expect(await receipt()).toMatchObject({
      verdict: 'complete',
      upToId: idOf(10),
      ahead: { at: START, changes: 2 },
    });
    await fixture.append(change(11, 'C-1', 6));
    expect(await receipt()).toMatchObject({ ahead: { at: START, changes: 1 } });
    await fixture.append(change(12, 'C-1', 7));
    expect(await receipt()).toMatchObject({ ahead: null });
  });

  test('one that was cut short claims nothing, until the log has come to its end', async () => {
    await show(10, 20, [item(20, 'C-1', 6)], 'cut');
    expect((await receipt()).ahead).toBeNull();
    expect(await core().previewFrom(fixture.accountId)).toBe(idOf(20));
    await show(20, 30, [item(30, 'C-2', 3)]);
    expect((await receipt()).ahead).toBeNull();
    await fixture.append(
      ...Array.from({ length: 9 }, (_, i) => change(11 + i, `C-x${i}`, 1)),
      change(20, 'C-1', 6),
    );
    expect((await receipt()).ahead).toEqual({ at: START, changes: 10 });
  });

  test('the log takes over: each change unread once, told once, in order', async () => {
    await show(10, 13, [item(13, 'C-1', 8, { to: 'signed' })]);
    const first = await fixture.append(change(11, 'C-1', 6), change(12, 'C-1', 7));
    expect(first.fresh.map((each) => each.eventId)).toEqual([idOf(11), idOf(12)]);
    expect(await row('C-1')).toMatchObject({ version: 8, to: 'signed', unread: 3 });
    expect((await page()).counts.unread).toBe(1);
    const last = await fixture.append(change(13, 'C-1', 8, { to: 'signed' }), head(idOf(13)));
    expect(last.fresh.map((each) => each.eventId)).toEqual([idOf(13)]);
    expect(await row('C-1')).toMatchObject({ version: 8, unread: 3 });
    expect(await receipt()).toMatchObject({ verdict: 'complete', upToSequence: 13, ahead: null });
  });

  const READ = { do: 'read', read: true } as const;
  test.each([
    ['opened', () => core().perform(fixture.accountId, ['C-1'], { do: 'read', read: true }, START)],
    ['marked with others', () => core().perform(fixture.accountId, ['C-1'], READ, START)],
    ['all in the view', () => core().markViewRead(fixture.accountId, 1, ALL, START)],
  ])('read ahead (%s): what led to it comes as read and is not told, what follows is', async (_, read) => {
    await show(10, 13, [item(13, 'C-1', 8)]);
    await read();
    expect((await row('C-1'))?.unread).toBe(0);
    expect((await page()).counts.unread).toBe(0);
    const came = await fixture.append(
      change(11, 'C-1', 6),
      change(12, 'C-1', 7),
      change(13, 'C-1', 8),
      change(14, 'C-1', 9),
    );
    expect(came.fresh.map((each) => each.eventId)).toEqual([idOf(14)]);
    expect((await row('C-1'))?.unread).toBe(1);
  });

  test('a newer state than the one that was read is unread', async () => {
    await show(10, 13, [item(13, 'C-1', 8)]);
    await core().perform(fixture.accountId, ['C-1'], { do: 'read', read: true }, START);
    await show(13, 15, [item(15, 'C-1', 9)]);
    expect((await row('C-1'))?.unread).toBe(1);
    const came = await fixture.append(change(13, 'C-1', 8), change(15, 'C-1', 9));
    expect(came.fresh.map((each) => each.eventId)).toEqual([idOf(15)]);
  });

  test('reading and its undo, unread and its undo', async () => {
    const { accountId } = fixture;
    await show(10, 13, [item(13, 'C-1', 8)]);
    const read = await core().perform(accountId, ['C-1'], READ, START);
    expect(await core().undo(accountId, read.undoId ?? 0, START)).toMatchObject({ undone: 'read' });
    expect((await row('C-1'))?.unread).toBe(1);
    await core().perform(accountId, ['C-1'], { do: 'read', read: true }, START);
    const unread = await core().perform(accountId, ['C-1'], { do: 'read', read: false }, START);
    expect((await row('C-1'))?.unread).toBe(1);
    expect(await core().undo(accountId, unread.undoId ?? 0, START)).toMatchObject({ undone: 'unread' });
    expect((await row('C-1'))?.unread).toBe(0);
    await core().perform(accountId, ['C-1'], { do: 'read', read: false }, START);
    const { fresh } = await fixture.append(change(11, 'C-1', 6), change(13, 'C-1', 8));
    expect(fresh.map((each) => each.eventId)).toEqual([idOf(13)]);
  });

  test('snoozed and acknowledged ahead: the change that was shown keeps both when it comes, a newer one ends them', async () => {
    const { accountId } = fixture;
    const actionRequired = true;
    await show(10, 13, [item(13, 'C-1', 8, { actionRequired })]);
    const held = await core().perform(accountId, ['C-1'], { do: 'acknowledge', dueAt: START }, START);
    expect(held.changed).toBe(1);
    await core().perform(accountId, ['C-1'], { do: 'snooze', until: null }, START);
    const { due } = await core().dueAcknowledgements(accountId, START);
    expect(due).toMatchObject([{ contractId: 'C-1', eventId: idOf(13), version: 8 }]);
    await fixture.append(
      change(11, 'C-1', 6),
      change(12, 'C-1', 7),
      change(13, 'C-1', 8, { actionRequired }),
    );
    expect(await row('C-1')).toMatchObject({ snoozed: { until: null }, acknowledgement: 'sending' });
    await fixture.append(change(14, 'C-1', 9, { actionRequired }));
    expect(await row('C-1')).toMatchObject({ snoozed: null, acknowledgement: 'none' });
  });

  test('repaired before the log came: its history is here early, told as ahead, and as news when the log comes there', async () => {
    const { accountId } = fixture;
    await show(10, 12, [item(12, 'C-1', 7)]);
    const history = [11, 12].map((sequence) => envelope(sequence, 'C-1', sequence - 5));
    const merged = await core().mergeHistory(
      accountId,
      'C-1',
      history.map((event) => JSON.stringify(event)),
      START,
      true,
    );
    expect(merged.fresh.map(({ eventId, isAhead }) => [eventId, isAhead])).toEqual([
      [idOf(11), true],
      [idOf(12), true],
    ]);
    expect((await row('C-1'))?.unread).toBe(2);
    const came = await fixture.append(change(11, 'C-1', 6), change(12, 'C-1', 7), change(13, 'C-1', 8));
    expect(came).toMatchObject({ stored: 1, duplicates: 2 });
    expect(came.fresh.map((each) => each.eventId)).toEqual([idOf(11), idOf(12), idOf(13)]);
    expect((await fixture.append(change(11, 'C-1', 6))).fresh).toEqual([]);
  });

  test('the log jumps over the change (a gap): the row stays, as after a repair, and nothing says ahead', async () => {
    await show(10, 12, [item(12, 'C-1', 7)]);
    await fixture.append(change(11, 'C-1', 6), change(13, 'C-2', 3), head(idOf(13)));
    expect(await row('C-1')).toMatchObject({ version: 7, unread: 1 });
    expect(await detail('C-1')).toMatchObject({ hasGap: true });
    expect(await receipt()).toMatchObject({ verdict: 'gaps', ahead: null });
  });

  test.each([
    ['a new epoch', [change(1, 'C-2', 3, { epoch: 'e8' })]],
    ['a server that went back', [stale(idOf(9))]],
    ['a head named later that is before what was shown', [head(idOf(10), START + 1)]],
    ['a log that is empty', [stale(null)]],
    ['another event in its place', [change(11, 'C-2', 3), change(12, 'C-2', 4), change(13, 'C-2', 5)]],
  ])('%s: the rows are as the log left them, and contracts it never had are gone', async (_, items) => {
    const before = (await row('C-1')) ?? null;
    await core().perform(fixture.accountId, ['C-1'], { do: 'snooze', until: null }, START);
    await show(10, 13, [
      item(13, 'C-new', 1, { title: 'Lease' }),
      item(12, 'C-1', 7, { title: 'Renamed', party: 'Other' }),
    ]);
    while (!core().rest());
    const search = async (text: string) =>
      (await core().readView(fixture.accountId, { view: 'all', text }, { offset: 0, limit: 9 })).rows.map(
        (each) => each.contractId,
      );
    expect(await search('lease')).toEqual(['C-new']);
    await fixture.append(...items);
    expect(await row('C-1')).toEqual({ ...before, snoozed: { until: null } });
    expect(await row('C-new')).toBeUndefined();
    expect((await receipt()).ahead).toBeNull();
    await fixture.append(change(30, 'C-next', 1, { title: 'Loan', epoch: 'e9' }));
    while (!core().rest());
    expect([await search('lease'), await search('renamed'), await search('loan')]).toEqual([
      [],
      [],
      ['C-next'],
    ]);
  });

  test('what does not fit the log as it stands is not taken', async () => {
    const page = (since: string, asOf: string) =>
      core().preview(
        fixture.accountId,
        { since, asOf, at: at(), contracts: [item(40, 'C-1', 9)], end: 'whole' },
        START,
      );
    expect(await page(idOf(10), idOf(40, 'e8'))).toBeNull();
    expect(await page(idOf(10, 'e6'), idOf(40))).toBeNull();
    expect(await page(idOf(10), idOf(4))).toBeNull();
    expect(await row('C-1')).toMatchObject({ version: 5 });
    // Older than what the log has, or beyond the head of the preview itself.
    await show(10, 20, [item(3, 'C-1', 9), item(40, 'C-2', 9)]);
    expect((await page(idOf(10), idOf(10)))?.contracts).toEqual([]);
    expect([(await row('C-1'))?.version, (await row('C-2'))?.version]).toEqual([5, 2]);
  });

  test('none with opaque ids, and none without a baseline', async () => {
    fixture.dispose();
    fixture = await openFixture();
    expect(await core().previewFrom(fixture.accountId)).toBeNull();
    await fixture.snapshot('x1', [snapshotItem(envelope(1, 'C-1', 1, { id: 'x1' }))]);
    await fixture.append(change(2, 'C-1', 2, { id: 'x2' }));
    expect(await core().previewFrom(fixture.accountId)).toBeNull();
  });

  test('survives a restart', async () => {
    await show(10, 13, [item(13, 'C-1', 8)]);
    await fixture.reopen();
    expect(await row('C-1')).toMatchObject({ version: 8, unread: 1 });
    expect((await receipt()).ahead).toEqual({ at: START, changes: 3 });
    expect(await core().previewFrom(fixture.accountId)).toBe(idOf(13));
  });
});
