import { describe, expect, test } from 'vitest';
import { readHistoryPage, readPollAnswer, readSnapshotPage } from './pages.ts';

const contract = { id: 'C-0', title: 'T', version: 3, counterparties: [], amount: null, dueAt: null };
const item = (change: object = {}, inner: object = {}) => ({
  contract: { ...contract, ...inner },
  status: 'sent',
  since: '2026-10-02T09:00:00Z',
  severity: 'warning',
  actionRequired: true,
  lastEventId: 'e7-00000000001',
  lastEvent: null,
  ...change,
});
const good = item({}, { id: 'C-good' });
const page = (contracts: readonly unknown[], change: object = {}): string =>
  JSON.stringify({
    asOf: 'e7-00000000009',
    at: '2026-10-02T10:00:00Z',
    total: 2,
    contracts,
    next: null,
    ...change,
  });

function readOk(json: string) {
  const decoded = readSnapshotPage(json);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}

test.each([
  ['a severity of a newer server', item({ severity: 'critical' }), { severity: 'info' }],
  ['a due date alone', item({}, { dueAt: '2026-10-05' }), { contract: { dueAt: '2026-10-05T00:00-00:00' } }],
  ['an empty due date', item({}, { dueAt: '' }), { contract: { dueAt: null } }],
  [
    'an amount as a number',
    item({}, { amount: { value: 1_250_000, currency: 'RUB' } }),
    { contract: { amount: { value: '1250000', currency: 'RUB' } } },
  ],
  [
    'a currency in small letters',
    item({}, { amount: { value: '1.00', currency: 'rub' } }),
    { contract: { amount: { value: '1.00', currency: 'RUB' } } },
  ],
  [
    '101 parties',
    item({}, { counterparties: Array.from({ length: 101 }, (_, n) => ({ id: `p${n}`, name: 'P' })) }),
    { contract: { id: 'C-0' } },
  ],
  ['no moment since when', item({ since: undefined }), { since: '2026-10-02T10:00:00Z' }],
  ['null for what it leaves out', item({ severity: null, actionRequired: null }), { severity: 'info' }],
  ['no latest event', item({ lastEvent: undefined, lastEventId: undefined }), { lastEventId: null }],
])('a contract with %s is read', (_what, odd, expected) => {
  expect(readOk(page([odd, good]))).toMatchObject({
    contracts: [expected, { contract: { id: 'C-good' } }],
    unreadable: [],
  });
});

test.each([
  ['version 0', item({}, { version: 0 }), 'contract.version: '],
  ['no id', item({}, { id: '' }), 'contract.id: '],
  ['no status', item({ status: null }), 'status: '],
  ['a due date that is none', item({}, { dueAt: 'soon' }), 'contract.dueAt: is not an RFC 3339 time'],
])(
  'a contract with %s is told apart, letter by letter and with the reason; the others are read',
  (_what, odd, reason) => {
    const { contracts, unreadable } = readOk(page([odd, good, null]));
    expect(contracts).toMatchObject([{ contract: { id: 'C-good' } }]);
    expect(unreadable).toMatchObject([{ text: JSON.stringify(odd) }, { text: 'null' }]);
    expect(unreadable[0]?.reason).toContain(reason);
  },
);

test.each([
  ['without a total', { total: undefined }, { total: null, next: null }],
  ['with a total that is none', { total: 'many' }, { total: null }],
  ['with an empty next', { next: '' }, { next: null }],
  ['without a next', { next: undefined }, { next: null }],
  ['with a number for its next', { next: 2 }, { next: '2' }],
  ['without a time', { at: undefined }, { at: '' }],
  ['with false for its next', { next: false }, { next: null }],
  ['with an empty asOf', { asOf: '' }, { asOf: null }],
  ['with an empty since', { since: '' }, { since: null }],
])('a page %s is read', (_what, change, expected) => {
  expect(readOk(page([good], change))).toMatchObject({ ...expected, contracts: [{ status: 'sent' }] });
});

test.each(['', '[]', '{}', '{"contracts":{}}', '<html>', page([good], { asOf: undefined })])(
  'no page: %j says why',
  (json) => expect(readSnapshotPage(json)).toMatchObject({ ok: false }),
);

test('an empty text for no id, as languages write it whose strings cannot be null', () => {
  const [contract] = readOk(page([item({ lastEventId: '' })])).contracts;
  expect(contract).toMatchObject({ lastEventId: null });
  const stale = '{"asOf":"","oldest":""}';
  expect(readPollAnswer(`{"events":[],"head":"","at":"","stale":${stale}}`)).toMatchObject({
    value: { head: null, stale: { asOf: null, oldest: null } },
  });
});

test('null for a list without entries, as Go writes it, is an empty one', () => {
  expect(readOk(page([], { contracts: null }))).toMatchObject({ contracts: [], unreadable: [] });
  expect(readHistoryPage('{"events":null,"next":null}')).toMatchObject({ value: { events: [] } });
  expect(readPollAnswer('{"events":null,"head":null,"at":""}')).toMatchObject({ value: { events: [] } });
});

// 300,000 levels: what took a time of their square would not be done within the test's limit.
test('what nests too deep costs itself alone', () => {
  const deep = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
  const json = page([item({ lastEvent: '«»' }), good]).replace('"«»"', deep);
  const { contracts, unreadable } = readOk(json);
  expect(contracts).toMatchObject([{ contract: { id: 'C-good' } }]);
  expect(unreadable).toMatchObject([{ reason: 'JSON of more than 500 levels' }]);
  expect(unreadable[0]?.text).toHaveLength(deep.length + JSON.stringify(item({ lastEvent: '' })).length - 2);
  expect(readHistoryPage(`{"events":[1,${deep}],"next":null}`)).toMatchObject({
    value: { events: ['1', deep] },
  });
  expect(readPollAnswer(`{"events":[${deep},{}],"head":null,"at":""}`)).toMatchObject({
    value: {
      events: [
        { text: deep, value: undefined },
        { text: '{}', value: {} },
      ],
    },
  });
  expect(readHistoryPage(`{"events":[],"next":${deep}}`)).toMatchObject({ ok: false });
  expect(readHistoryPage(deep)).toMatchObject({ ok: false });
});

// 16 MB, of which a server needs to send no more than 16 kB: JSON.parse would make a GB of them.
describe('a page of far too many values', () => {
  const read = { contracts: readSnapshotPage, events: readHistoryPage, polled: readPollAnswer };
  const fill = (part: string): string => part.repeat(Math.floor(16_000_000 / part.length)).slice(0, -1);

  test.each([
    ['contracts', '{},'],
    ['events', '[],'],
    ['polled', 'null,'],
  ] as const)('%s, each of them %j', (kind, part) => {
    const key = kind === 'polled' ? 'events' : kind;
    const before = process.memoryUsage().rss;
    const decoded = read[kind](`{"asOf":null,"head":null,"at":"","next":null,"${key}":[${fill(part)}]}`);
    expect(decoded).toEqual({ ok: false, reason: `${key}: has more than 100000 entries` });
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  });

  test('in one of its entries: that one alone cannot be read', () => {
    const before = process.memoryUsage().rss;
    const huge = `{"contract":{"id":"C-huge","counterparties":[${fill('{},')}]}}`;
    const { contracts, unreadable } = readOk(page([0, good]).replace('[0,', `[${huge},`));
    expect(contracts).toMatchObject([{ contract: { id: 'C-good' } }]);
    expect(unreadable).toEqual([{ text: huge, reason: expect.stringMatching(/^JSON of more than/) }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  });

  test('beside the list', () => {
    const decoded = readHistoryPage(`{"events":[],"next":null,"more":[${fill('{},')}]}`);
    expect(decoded).toEqual({ ok: false, reason: 'JSON of more than 500000 values' });
  });
});

test.each(['[1 2]', '[1,]', '[,1]', '[1', '[1}', '[1,,2]', '[{]', '[}', '[tru]', '{"a":1]'])(
  'a list that is no JSON is no page: %s',
  (list) => {
    for (const json of [
      `{"events":${list},"next":null}`,
      `{"next":null,"events":${list}}`,
      `{"events":${list}`,
    ])
      expect(readHistoryPage(json)).toMatchObject({ ok: false });
  },
);
