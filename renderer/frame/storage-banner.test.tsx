import { expect, test } from 'vitest';
import type { StorageProblem } from '../../protocol/ipc.ts';
import { screen, show, text } from '../testing/show.tsx';
import { StorageBanner } from './storage-banner.tsx';

const button = (name: RegExp) => screen.queryByRole('button', { name });

test('nothing is said of a history that is well', async () => {
  await show(<StorageBanner />);
  expect(text()).toBe('');
});

test.each<[string, StorageProblem['code']]>([
  ['newer_version', 'newer_version'],
  ['read_only', 'read_only'],
  ['locked', 'locked'],
  ['disk_full', 'disk_full'],
  ['unknown', 'unknown'],
  ['ended', 'ended'],
])('%s: what is wrong, and one way on', async (name, code) => {
  const { stores } = await show(<StorageBanner />, `storage=${name}`);
  expect(stores.notice.getState().storage?.code).toBe(code);
  expect(text().length).toBeGreaterThan(40);
  const ways = [button(/start afresh|begin anew|fresh/i), button(/support information/i)].filter(Boolean);
  expect(ways).toHaveLength(1);
});

test('a damaged file that was set aside is named, and the message can be put away', async () => {
  const { user, count } = await show(<StorageBanner />, 'storage=aside');
  expect(text()).toContain('/home/anna/.config/contract-pulse/ledger.2026-11-23.damaged.db');
  await user.click(button(/dismiss|close|put away/i)!);
  expect(count('storage:startFresh')).toBe(1);
});

test('beginning anew is asked once more, and can be left', async () => {
  const { user, count } = await show(<StorageBanner />, 'storage=newer_version');
  const begin = button(/fresh|anew|afresh/i);
  if (begin === null) throw new Error(`no way to begin anew: ${text()}`);
  await user.click(begin);
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent?.length).toBeGreaterThan(40);
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(count('storage:startFresh')).toBe(0);
});
