import { expect, onTestFinished, test, vi } from 'vitest';
import type { ContractRow } from '../../../protocol/view.ts';
import { fakeConnection } from '../../testing/fake-states.ts';
import { act, screen, show } from '../../testing/show.tsx';
import { ANNOUNCE_EVERY_MS } from './announce.ts';
import { FOUND_AFTER_MS, LOST_AFTER_MS } from './announcements.ts';
import { Announcer } from './announcer.tsx';

async function begin(language: 'en' | 'ru' = 'en') {
  const { stores } = await show(<Announcer />, 'count=5', language);
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { feed, connection } = stores;
  return {
    stores,
    /** To the letter, as a screen reader compares it. */
    heard: (): string => screen.getByTestId('announcer').textContent ?? '',
    come(count: number, top: Partial<ContractRow> | null, needing = 0): void {
      const { news, rows, counts } = feed.getState();
      const first = { ...rows.get(0)!, ...top };
      act(() =>
        feed.setState({
          news: { count: news.count + count, sure: true },
          rows: new Map([...rows, [0, first]]),
          entered: new Set(top === null ? [] : [first.key]),
          counts: counts && { ...counts, actionRequired: counts.actionRequired + needing },
        }),
      );
    },
    pass: (ms: number): void => act(() => void vi.advanceTimersByTime(ms)),
    reach: (name: string): void => act(() => connection.applyStatus(fakeConnection(name, 0))),
  };
}

const CALM: Partial<ContractRow> = { title: 'Supply', to: 'viewed', actionRequired: false };
const NEEDING: Partial<ContractRow> = {
  title: 'Supply',
  to: 'declined',
  actionRequired: true,
  acknowledgement: 'none',
  snoozed: null,
};

test('each change is told with its contract, and again when the words are the same', async () => {
  const { heard, come, pass } = await begin();
  come(1, CALM);
  const first = heard();
  expect(first.trim()).toBe('1 new change: Supply, Viewed');
  pass(ANNOUNCE_EVERY_MS);
  come(1, CALM);
  expect(heard().trim()).toBe(first.trim());
  expect(heard()).not.toBe(first);
});

test('that a contract needs the person is told, also of several at once', async () => {
  const { heard, come, pass } = await begin();
  come(1, NEEDING);
  expect(heard().trim()).toBe('1 new change: Supply, Declined. Needs you');
  pass(ANNOUNCE_EVERY_MS);
  come(1, NEEDING, 1);
  pass(ANNOUNCE_EVERY_MS);
  come(1, CALM);
  come(2, null, 2);
  pass(ANNOUNCE_EVERY_MS);
  expect(heard().trim()).toBe('2 new changes. 2 more contracts need you');
});

test('what a search finds is counted once, when it has come and nobody types on', async () => {
  const { stores, heard, pass } = await begin();
  const { feed } = stores;
  act(() => feed.open({ view: 'all', text: 'z' }));
  act(() => feed.setState({ total: 4 }));
  pass(FOUND_AFTER_MS - 1);
  act(() => feed.open({ view: 'all', text: 'zz' }));
  pass(FOUND_AFTER_MS - 1);
  expect(heard()).toBe('');
  act(() => feed.setState({ total: 3 }));
  pass(1);
  expect(heard().trim()).toBe('3 contracts');
});

test('another view is told by its name', async () => {
  const { stores, heard, pass } = await begin();
  act(() => stores.feed.open({ view: 'unread', text: '' }));
  act(() => stores.feed.setState({ total: 1 }));
  pass(FOUND_AFTER_MS);
  expect(heard().trim()).toBe('Unread. 1 contract');
});

test('what is opened is told with the key that acts on it; what the keys only move to is told by its row', async () => {
  const { stores, heard, pass } = await begin();
  const { contract, feed } = stores;
  const row = [...feed.getState().rows.values()].find((it) => it.actionRequired)!;
  const open = async (passing: boolean): Promise<void> => {
    act(() => contract.open(row.contractId, { row, passing }));
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(contract.getState().phase).toBe('shown');
  };
  await open(true);
  expect(heard()).toBe('');
  act(() => contract.close());
  await open(false);
  expect(heard()).toContain(row.title);
  expect(heard().trim()).toMatch(/Needs you\. Press A to acknowledge$/);
  const before = heard();
  act(() => contract.applyDetail(contract.getState().detail!));
  pass(ANNOUNCE_EVERY_MS);
  expect(heard()).toBe(before);
});

test('a lost connection is told once, and that it is back; a short gap is not', async () => {
  const { heard, reach, pass } = await begin('ru');
  reach('live');
  reach('waiting');
  pass(LOST_AFTER_MS - 1);
  reach('live');
  pass(LOST_AFTER_MS);
  expect(heard()).toBe('');
  reach('waiting');
  reach('connecting');
  pass(LOST_AFTER_MS);
  const lost = heard();
  expect(lost.trim()).toBe('Нет связи');
  reach('waiting');
  pass(LOST_AFTER_MS);
  expect(heard()).toBe(lost);
  reach('live');
  expect(heard().trim()).toBe('Связь восстановлена');
});

test('that the server or the sign-in has ended it is told at once', async () => {
  const { heard, reach } = await begin();
  reach('stopped');
  expect(heard().trim()).toBe('Stopped by the server');
  reach('sign_in');
  expect(heard().trim()).toBe('Sign-in needed');
});
