import { expect, test, vi } from 'vitest';
import type { Receipt } from '../../../protocol/receipt.ts';
import { act, screen, show, text } from '../../testing/show.tsx';
import { EmptyFeed } from './empty-feed.tsx';

const open = (query: string) => show(<EmptyFeed onLookAtConnection={() => {}} />, `count=0&${query}`);

test.each(['live', 'connecting', 'catching', 'waiting', 'offline', 'stopped'])(
  '%s: that there are no contracts is not said where no list of them has ever come',
  async (connection) => {
    await open(`connection=${connection}&receipt=no_baseline`);
    expect(text()).toContain('No contracts here yet');
  },
);

test('what is missing may be for this user, whoever the rest was for', async () => {
  const { stores } = await open('connection=live&receipt=gaps');
  const notForUser = { count: 1, names: ['u7_ContractStatusChanged'] };
  const told = stores.receipt.getState().receipt as Receipt;
  act(() => stores.receipt.setState({ receipt: { ...told, notForUser } }));
  expect(text()).toContain('Some changes are missing here.');
  act(() => stores.receipt.setState({ receipt: { ...told, verdict: 'no_gap_seen', notForUser } }));
  expect(text()).toContain('none is for you');
});

const filterOf = ({ feed }: Awaited<ReturnType<typeof show>>['stores']) => feed.getState().filter;

test('a search says in which view it found nothing, and looks among all contracts', async () => {
  const { stores, user } = await show(<EmptyFeed onLookAtConnection={() => {}} />, 'count=5');
  act(() => stores.feed.open({ view: 'overdue', text: 'zeppelin' }));
  await screen.findByText('Nothing found for “zeppelin” in Overdue');
  await user.click(screen.getByRole('button', { name: 'Search all contracts' }));
  await vi.waitUntil(() => filterOf(stores).view === 'all');
  expect(filterOf(stores).text).toBe('zeppelin');
  await screen.findByText('Nothing found for “zeppelin”');
  await user.click(screen.getByRole('button', { name: 'Clear the search' }));
  expect(filterOf(stores)).toMatchObject({ view: 'all', text: '' });
});
