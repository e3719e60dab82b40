import { expect, test } from 'vitest';
import type { ContractRow } from '../../protocol/view.ts';
import { csvHead, csvPage } from './csv.ts';
import { jsonEnd, jsonHead, jsonPage } from './json.ts';
import { EXPORT_WORDS } from './words.ts';

function row(change: Partial<ContractRow> = {}): ContractRow {
  return {
    key: '1/C-1',
    contractId: 'C-1',
    title: 'Lease',
    counterparties: [{ id: 'p1', name: 'ACME' }],
    amount: { value: '1250000.00', currency: 'EUR' },
    dueAt: '2026-10-14T21:00:00Z',
    version: 7,
    from: 'sent',
    to: 'declined',
    unusual: false,
    severity: 'error',
    actionRequired: true,
    actorName: 'Anna Ivanova',
    reasonText: 'too dear',
    time: '2026-10-02T09:14:03.123Z',
    unread: 2,
    acknowledgement: 'none',
    muted: false,
    snoozed: null,
    found: 'too dear',
    ...change,
  };
}

const en = EXPORT_WORDS.en;
const titleOf = (title: string) => {
  const { text, neutralised } = csvPage([row({ title })], en);
  return { cell: text.slice('C-1,'.length, text.indexOf(',ACME')), neutralised };
};

test('CSV is RFC 4180 in UTF-8 with a byte order mark, with headings in the person’s language', () => {
  expect(csvHead(en)).toBe(
    '\uFEFFContract,Title,Counterparties,Status,Status code,Previous status,Severity,Needs you,' +
      'Acknowledgement,Amount,Currency,Due,Changed,Changed by,Reason,Unread changes,Muted,Snoozed until,Version\r\n',
  );
  expect(csvHead(EXPORT_WORDS.ru).startsWith('\uFEFFДоговор,Название,Контрагенты,Статус,')).toBe(true);
  expect(csvPage([row()], en).text).toBe(
    'C-1,Lease,ACME,Declined,declined,Out for signature,Problem,yes,,1250000.00,EUR,2026-10-14T21:00:00Z,' +
      '2026-10-02T09:14:03.123Z,Anna Ivanova,too dear,2,no,,7\r\n',
  );
  expect(csvPage([], en)).toEqual({ text: '', neutralised: 0 });
});

test('nothing known, unknown codes, several parties, and words in Russian', () => {
  const bare = row({
    title: 'Договор поставки; «ёлки», Müller & Söhne',
    counterparties: [
      { id: 'p1', name: 'ООО «Ромашка»' },
      { id: 'p2', name: 'Müller' },
    ],
    amount: null,
    dueAt: null,
    from: null,
    to: 'from_the_future',
    actorName: null,
    reasonText: null,
    acknowledgement: 'sent',
    muted: true,
    snoozed: { until: Date.UTC(2026, 9, 3, 6) },
  });
  const { text, neutralised } = csvPage([bare], EXPORT_WORDS.ru);
  expect(text).toBe(
    'C-1,"Договор поставки; «ёлки», Müller & Söhne",ООО «Ромашка»; Müller,from_the_future,from_the_future,,Проблема,да,' +
      'Взято в работу,,,,2026-10-02T09:14:03.123Z,,,2,да,2026-10-03T06:00:00.000Z,7\r\n',
  );
  expect(neutralised).toBe(0);
});

test('quotes, commas and line ends are quoted', () => {
  expect(titleOf('said "yes", twice').cell).toBe('"said ""yes"", twice"');
  expect(titleOf('one\r\ntwo').cell).toBe('"one\r\ntwo"');
  expect(titleOf('one\ntwo').cell).toBe('"one\ntwo"');
  expect(titleOf('one\rtwo').cell).toBe('"one\rtwo"');
});

test('what a spreadsheet would run as a formula is neutralised, and counted', () => {
  expect(titleOf('=1+1')).toEqual({ cell: "'=1+1", neutralised: 1 });
  expect(titleOf('+7 495')).toEqual({ cell: "'+7 495", neutralised: 1 });
  expect(titleOf('-2+3')).toEqual({ cell: "'-2+3", neutralised: 1 });
  expect(titleOf('@SUM(A1)')).toEqual({ cell: "'@SUM(A1)", neutralised: 1 });
  expect(titleOf('\t=1')).toEqual({ cell: "'\t'=1", neutralised: 1 });
  expect(titleOf('\r=1')).toEqual({ cell: `"'\r'=1"`, neutralised: 1 });
  expect(titleOf('\uFF1D1+1')).toEqual({ cell: "'\uFF1D1+1", neutralised: 1 });
  expect(titleOf('=HYPERLINK("https://evil.example","x")')).toEqual({
    cell: `"'=HYPERLINK(""https://evil.example"",""x"")"`,
    neutralised: 1,
  });
  // Where lists are separated by semicolons the quotes do not hold, and this would be a cell of its own.
  expect(titleOf('a;=cmd|calc')).toEqual({ cell: "a;'=cmd|calc", neutralised: 1 });
  // There the quotes of the text, doubled in the file, open and close an empty piece of the cell, and the formula goes on from it.
  expect(titleOf('a;"=cmd|calc;')).toEqual({ cell: `"a;""'=cmd|calc;"`, neutralised: 1 });
  expect(titleOf('a\n"=1;')).toEqual({ cell: `"a\n""'=1;"`, neutralised: 1 });
  expect(titleOf('a;""=1;')).toEqual({ cell: `"a;""""'=1;"`, neutralised: 1 });
  expect(titleOf('a = b, c-d @ e')).toEqual({ cell: '"a = b, c-d @ e"', neutralised: 0 });
});

test('a negative amount stays a number; every other cell is looked at', () => {
  const evil = row({
    contractId: '=id',
    counterparties: [{ id: 'p', name: '=party' }],
    amount: { value: '-12.50', currency: 'EUR' },
    to: '=to',
    from: '=from',
    actorName: '=actor',
    reasonText: '=reason',
  });
  const { text, neutralised } = csvPage([evil, row()], en);
  expect(text.split('\r\n')[0]).toBe(
    "'=id,Lease,'=party,'=to,'=to,'=from,Problem,yes,,-12.50,EUR,2026-10-14T21:00:00Z,2026-10-02T09:14:03.123Z," +
      "'=actor,'=reason,2,no,,7",
  );
  expect(neutralised).toBe(7);
});

test('an amount that is no number is a text like any other: a backup may hold it', () => {
  const evil = row({ amount: { value: '=cmd|calc', currency: 'EUR' } });
  const { text, neutralised } = csvPage([evil], en);
  expect(text).toContain(",,'=cmd|calc,EUR,");
  expect(neutralised).toBe(1);
});

test('JSON is one text with amounts as strings and the envelopes as they came, letter by letter', () => {
  const envelope = '{"id":"e1-7", "data":{"amount":{"value":"1250000.00"},"exact":12345678901234567890.10}}';
  const text =
    jsonHead({
      at: Date.UTC(2026, 9, 2),
      server: 'https://c.example',
      userId: 'u42',
      filter: { view: 'all', text: 'ёж' },
    }) +
    jsonPage([{ row: row(), envelope }], true) +
    jsonPage([], false) +
    jsonPage([{ row: row({ contractId: 'C-2', title: '\u2028"' }), envelope: null }], false) +
    jsonEnd;
  const parsed = JSON.parse(text) as {
    exportedAt: string;
    filter: unknown;
    contracts: Record<string, unknown>[];
  };
  expect(parsed.exportedAt).toBe('2026-10-02T00:00:00.000Z');
  expect(parsed.filter).toEqual({ view: 'all', text: 'ёж' });
  expect(parsed.contracts.map((contract) => contract['contractId'])).toEqual(['C-1', 'C-2']);
  expect(parsed.contracts[0]?.['amount']).toEqual({ value: '1250000.00', currency: 'EUR' });
  expect(parsed.contracts[0]).not.toHaveProperty('key');
  expect(parsed.contracts[1]?.['envelope']).toBeNull();
  expect(text).toContain(`"envelope":${envelope}`);
});

test('an envelope that is no JSON adds nothing to the file but itself: a backup may hold it', () => {
  for (const envelope of ['not json', '1}],"evil":[{']) {
    const head = { at: 0, server: 's', userId: 'u', filter: { view: 'muted', text: '' } } as const;
    const text = jsonHead(head) + jsonPage([{ row: row(), envelope }], true) + jsonEnd;
    const parsed = JSON.parse(text) as { contracts: { envelope: unknown }[] };
    expect(Object.keys(parsed)).toEqual(['exportedAt', 'server', 'userId', 'filter', 'contracts']);
    expect(parsed.contracts.map((contract) => contract.envelope)).toEqual([envelope]);
  }
});

test('an export of nothing is whole, too', () => {
  const head = { at: 0, server: 's', userId: 'u', filter: { view: 'muted', text: '' } } as const;
  expect(JSON.parse(jsonHead(head) + jsonPage([], true) + jsonEnd)).toMatchObject({ contracts: [] });
});
