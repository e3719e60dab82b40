import { expect, test } from 'vitest';
import type { ContractRow as Row } from '../../../protocol/view.ts';
import { fakeRow } from '../../testing/fake-data.ts';
import { screen, show, text } from '../../testing/show.tsx';
import { ContractRow } from './contract-row.tsx';

const calm: Row = {
  ...fakeRow(0, Date.now()),
  title: 'Office lease, 4th floor',
  counterparties: [
    { id: 'p1', name: 'Northwind Paper Ltd' },
    { id: 'p2', name: 'ООО «Ромашка»' },
  ],
  amount: { value: '1234.50', currency: 'EUR' },
  dueAt: null,
  from: 'sent',
  to: 'viewed',
  unusual: false,
  actionRequired: false,
  unread: 0,
  acknowledgement: 'none',
  muted: false,
  snoozed: null,
  found: null,
};

const open = (row: Partial<Row> = {}, words: readonly string[] = [], query = '') =>
  show(
    <ContractRow
      row={{ ...calm, ...row }}
      index={4}
      total={66}
      start={0}
      words={words}
      active={false}
      open={false}
      selected={false}
      asked={false}
      entered={false}
    />,
    query,
  );

const tag = (name: RegExp) => screen.queryByTitle(name);

test('a calm row says what the contract is, with whom, for how much, and what happened', async () => {
  await open();
  for (const part of ['Office lease, 4th floor', 'Northwind Paper Ltd, ООО «Ромашка»', '€1,234.50', 'Viewed'])
    expect(text()).toContain(part);
  expect(document.querySelectorAll('.tag')).toHaveLength(0);
  const row = screen.getByRole('row');
  expect(row.getAttribute('aria-rowindex')).toBe('5');
  // What a screen reader says: “5 of 66”.
  expect(['aria-posinset', 'aria-setsize'].map((name) => row.getAttribute(name))).toEqual(['5', '66']);
});

test.each(['', '  ', '\u200B\u2060'])(
  'a contract without a title (%j) is called that, and is no blank row',
  async (title) => {
    await open({ title });
    expect(document.querySelector('.row-title')?.textContent).toContain('Untitled');
  },
);

test('a name can neither turn its neighbours round nor hide characters among them', async () => {
  await open({
    counterparties: [
      { id: 'p1', name: 'Evil\u202E\u0000 Ltd' },
      { id: 'p2', name: 'חברת אלפא' },
      { id: 'p3', name: 'Norden AG' },
    ],
  });
  expect(text()).toContain('Evil Ltd, \u2068חברת אלפא\u2069, Norden AG');
});

test('a row is heard as what it is, what happened, what is to be done, and how grave it is at the end', async () => {
  await open({ actionRequired: true, severity: 'info', unread: 2 });
  const name =
    /^Office lease, 4th floor.*2 unread changes.*Out for signature.*changed to.*Viewed.*Needs you.*Northwind.*€1,234\.50.*Information$/;
  const row = screen.getByRole('row', { name });
  expect(row.hasAttribute('aria-selected')).toBe(false);
});

test('unread changes are counted for who hears the row', async () => {
  await open({ unread: 3 });
  expect(text()).toContain('3 unread changes');
  expect(screen.getByRole('row').className).toContain('unread');
});

test('what needs the person says so; put off, quietly; taken on, no more', async () => {
  await open({ actionRequired: true });
  expect(tag(/needs you/i)?.className).toBe('tag needs');
});

test('what is snoozed until its next change says that', async () => {
  await open({ actionRequired: true, snoozed: { until: null } });
  expect(tag(/needs you/i)?.className).toBe('tag needs-later');
  expect(document.querySelector('.tag.snoozed .sr-only')?.textContent?.length).toBeGreaterThan(5);
});

test.each(['held', 'sending', 'unconfirmed', 'sent', 'failed', 'superseded'] as const)(
  'acknowledged (%s): what has become of it, in words',
  async (acknowledgement) => {
    await open({ actionRequired: true, acknowledgement });
    expect(tag(/needs you/i)).toBeNull();
    expect(document.querySelector(`.tag.ack-${acknowledgement}`)?.textContent?.length).toBeGreaterThan(3);
  },
);

test('muted and unusual changes are told to who cannot see the icons', async () => {
  await open({ muted: true, unusual: true });
  const told = [...document.querySelectorAll('.tag .sr-only')].map(({ textContent }) => textContent);
  expect(told).toHaveLength(2);
  expect(told.every((words) => (words?.length ?? 0) > 3)).toBe(true);
});

test('words that are searched for are marked, and a reason found elsewhere is shown in place of the parties', async () => {
  await open({ found: 'The lease was declined by the board' }, ['lease']);
  expect([...document.querySelectorAll('mark')].map(({ textContent }) => textContent)).toContain('lease');
  expect(text()).toContain('declined by the board');
  expect(text()).not.toContain('Northwind');
});

test('parties that are left out are counted', async () => {
  await open({ moreParties: 1080 });
  expect(document.body.textContent).toContain('Northwind Paper Ltd, ООО «Ромашка», 1,080 more');
});

test.each([
  ['is to come', 3_600_000, /Snoozed until .*\d\d:\d\d/],
  ['has passed', -3_600_000, /Snooze is over(?!.*Snoozed until)/],
])('a snooze names its end only while that is to come: it %s', async (_, leftMs, said) => {
  await open({ snoozed: { until: Date.now() + leftMs } });
  expect(text()).toMatch(said);
});
