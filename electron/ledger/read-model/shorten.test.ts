import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StreamItem } from '../../stream/types.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { envelope, START, statusItem } from '../testing/make.ts';
import { readParties } from './shorten.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const ALL = { view: 'all', text: '' } as const;
const LONG = 10_000;
const PARTIES = Array.from({ length: 100 }, (_, n) => ({
  id: `p${n}`,
  name: `${n} “},{"id":"x”`.padEnd(LONG, '🖋'),
  role: 'r'.repeat(20),
}));

/** All that the event's schema lets through. */
function fat(sequence: number, contractId: string): { readonly item: StreamItem; readonly text: string } {
  const plain = envelope(sequence, contractId, 1, { title: 't'.repeat(LONG), actor: 'a'.repeat(LONG) });
  const { data } = plain;
  const event = {
    ...plain,
    data: {
      ...data,
      contract: { ...data.contract, counterparties: PARTIES },
      change: { ...data.change, reason: { code: 'c'.repeat(LONG), text: 'r'.repeat(LONG) } },
    },
  };
  return { item: statusItem(event), text: JSON.stringify(event) };
}

const sizeOf = (value: unknown): number => JSON.stringify(value).length;

test('of events without end the window is told what it can show, with a sign; what is stored and exported is whole', async () => {
  const events = Array.from({ length: 4 }, (_, n) => fat(n + 1, `C-${n}`));
  await fixture.append(...events.map(({ item }) => item));
  const { accountId } = fixture;
  const core = fixture.core();
  const range = { offset: 0, limit: 50 };

  const page = await core.readView(accountId, ALL, range);
  expect(page.rows).toHaveLength(4);
  expect(sizeOf(page.rows) / 4).toBeLessThan(10_000);
  const [row] = page.rows;
  expect(row?.counterparties).toHaveLength(20);
  expect(row?.moreParties).toBe(80);
  for (const text of [row?.title, row?.reasonText, row?.actorName, row?.counterparties[0]?.name]) {
    expect(text?.endsWith('…')).toBe(true);
    expect(text).not.toMatch(/\p{Surrogate}/u);
  }
  const view = { viewId: 1, filter: ALL, range, held: false };
  expect(sizeOf(await core.tellView(accountId, view, 'whole'))).toBeLessThan(4 * 10_000 + 1000);

  await core.markViewed(accountId, 'C-3', 1);
  const detail = await core.contract(accountId, 'C-3');
  expect(sizeOf(detail)).toBeLessThan(100_000);
  expect(detail?.row.counterparties).toHaveLength(100);
  expect(detail?.timeline[0]?.reasonText?.endsWith('…')).toBe(true);

  const { rows } = await core.exportRows(accountId, ALL, range);
  expect(rows.map(({ envelope: text }) => text).toReversed()).toEqual(events.map(({ text }) => text));
  // Of parties a contract's row holds no more than a pane shows: what lists and searches read stays small.
  const names = rows.flatMap((each) => each.row.counterparties.map(({ name }) => name));
  expect(names).toHaveLength(4 * PARTIES.length);
  expect(names.every((name) => name.length <= 300 && name.endsWith('…'))).toBe(true);
  expect(rows[0]?.row.title).toHaveLength(LONG);
});

test('of a contract is searched what can be shown of it', async () => {
  await fixture.append(fat(1, 'C-1').item, statusItem(envelope(2, 'C-2', 1, { party: 'Ромашка' })));
  const find = async (text: string): Promise<number> =>
    (await fixture.core().readView(fixture.accountId, { view: 'all', text }, { offset: 0, limit: 1 })).total;
  for (let round = 0; round < 2; round++) {
    expect([await find('99'), await find('ромашка')]).toEqual([1, 1]);
    while (!(await fixture.core().maintain({ maxAgeMs: null, maxBytes: null }, START)).done);
  }
  const [longest] = fixture.query<{ length: number }>(
    'SELECT max(length(search_text)) AS length FROM contract',
  );
  expect(longest?.length).toBeLessThan(40_000);
});

test('a row that can be shown is told as it is', async () => {
  await fixture.append(
    statusItem(envelope(1, 'C-1', 1, { title: 'T'.repeat(300), reason: 'r'.repeat(500) })),
  );
  const core = fixture.core();
  const { rows } = await core.readView(fixture.accountId, ALL, { offset: 0, limit: 1 });
  const whole = await core.exportRows(fixture.accountId, ALL, { offset: 0, limit: 1 });
  expect(rows[0]).toEqual(whole.rows[0]?.row);
  expect(rows[0]?.moreParties).toBeUndefined();
});

test('the first parties are those that all would begin with, whatever their names hold', () => {
  const piece = fc.constantFrom(
    '},{"',
    '"',
    '\\',
    '{',
    '}',
    ',',
    'é',
    '\u{1f58b}',
    '"},{"id":"',
    '\\"},{\\"',
  );
  const name = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const party = fc.record({ id: name, name, role: fc.option(name) });
  fc.assert(
    fc.property(fc.array(party, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (parties, most) => {
      expect(readParties(JSON.stringify(parties), most)).toEqual({
        counterparties: parties.slice(0, most),
        moreParties: Math.max(0, parties.length - most),
      });
    }),
    { numRuns: 1000 },
  );
});
