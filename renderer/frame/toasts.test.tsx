import { expect, test, vi } from 'vitest';
import { act, screen, show } from '../testing/show.tsx';
import { Toasts } from './toasts.tsx';

async function perform(query: string) {
  const shown = await show(<Toasts />, query);
  const row = shown.stores.feed.getState().rows.get(0)!;
  const told = async (): Promise<string> => {
    const toast = await screen.findByTestId('toast');
    return toast.textContent ?? '';
  };
  return { ...shown, row, told };
}

test('what was done to one contract names it, and is taken back once', async () => {
  const { stores, row, told, user, count } = await perform('count=5');
  await act(() => stores.contractActions.perform([row.contractId], { do: 'mute', muted: !row.muted }));
  expect(await told()).toContain(row.title);
  await user.click(screen.getByRole('button', { name: /undo/i }));
  await vi.waitUntil(() => stores.contractActions.getState().done?.what === 'undone');
  expect(count('actions:undo')).toBe(1);
  expect(await told()).toContain(row.title);
  expect(screen.queryByRole('button', { name: /undo/i })).toBeNull();
});

test('one message at a time: the newest', async () => {
  const { stores } = await perform('count=5');
  for (const name of ['First', 'Second', 'Third'])
    act(() => stores.contractActions.tell('view_saved', { name }));
  await vi.waitUntil(() => document.body.textContent?.includes('Third'));
  const leaving = (toast: HTMLElement): boolean =>
    toast.hasAttribute('data-limited') || toast.hasAttribute('data-ending-style');
  const staying = screen.getAllByTestId('toast').filter((toast) => !leaving(toast));
  expect(staying.map(({ textContent }) => textContent?.includes('Third'))).toEqual([true]);
});

test('an acknowledgement without a connection is not said to be sent', async () => {
  const { stores, row, told } = await perform('count=5&connection=offline&ack=none');
  await act(() => stores.contractActions.perform([row.contractId], { do: 'acknowledge' }));
  expect(await told()).toMatch(/connected|nothing/i);
});

test('a message can be dismissed by who does not see it, at any time', async () => {
  const { stores, told, user } = await perform('count=5');
  act(() => stores.contractActions.tell('view_saved', { name: 'Mine' }));
  await told();
  await user.click(screen.getByRole('button', { name: 'Dismiss this message' }));
  await vi.waitUntil(() => screen.queryByTestId('toast') === null);
});
