import { expect, onTestFinished, test, vi } from 'vitest';
import { act, fireEvent, screen, show, text } from '../testing/show.tsx';
import { FEED_ID } from '../commands/focus.ts';
import { ToldInPane, Toasts } from './toasts.tsx';

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

test('under the pointer a message stays, but not one that an acknowledgement will be sent once it has been', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  onTestFinished(() => void vi.useRealTimers());
  const { stores, row, told } = await perform('count=5&ack=none');
  const hover = async () => {
    await told();
    const toast = screen.getByTestId('toast');
    for (const on of [toast, toast.parentElement!]) fireEvent.mouseEnter(on);
    await act(() => vi.advanceTimersByTimeAsync(9_000));
  };
  await act(() => stores.contractActions.perform([row.contractId], { do: 'mute', muted: !row.muted }));
  await hover();
  expect(await told()).toContain(row.title);
  await act(() => stores.contractActions.perform([row.contractId], { do: 'acknowledge' }));
  await hover();
  expect(document.body.textContent).not.toMatch(/will be sent/);
});

test('a message that goes by itself takes no keyboard with it', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const list = document.createElement('div');
  Object.assign(list, { id: FEED_ID, tabIndex: 0 });
  document.body.append(list);
  onTestFinished(() => {
    vi.useRealTimers();
    list.remove();
  });
  const { stores, row, told } = await perform('count=5&ack=none');
  await act(() => stores.contractActions.perform([row.contractId], { do: 'acknowledge' }));
  await told();
  act(() => screen.getByRole('button', { name: /undo/i }).focus());
  await act(() => vi.advanceTimersByTimeAsync(9_000));
  expect(document.body.textContent).not.toMatch(/will be sent/);
  expect(document.activeElement).toBe(list);
});

test('an acknowledgement without a connection is not said to be sent', async () => {
  const { stores, row, told } = await perform('count=5&connection=offline&ack=none');
  await act(() => stores.contractActions.perform([row.contractId], { do: 'acknowledge' }));
  expect(await told()).toMatch(/connected|nothing/i);
});

test.each(['en', 'ru'] as const)(
  'an acknowledgement that can no longer be taken back is not said to be sent, it may wait for a connection (%s)',
  async (language) => {
    const { stores } = await show(<Toasts />, 'count=5&connection=offline', language);
    for (const [title, count] of [
      ['Lease', 1],
      [null, 3],
    ] as const) {
      act(() => stores.contractActions.tell('acknowledged_too_late', { title, count }));
      const told = await screen.findByText(title === null ? /3/ : /Lease/);
      expect(told.textContent).not.toMatch(/sent|отправлен/i);
    }
  },
);

test('who does not see the pane is told that an acknowledgement will be sent, and no longer than that is so', async () => {
  const { stores } = await show(<ToldInPane />, 'count=5&ack=none');
  const { contractId } = stores.feed.getState().rows.get(0)!;
  act(() => stores.contract.open(contractId));
  await vi.waitUntil(() => stores.contract.getState().detail !== null);
  await act(() => stores.contractActions.perform([contractId], { do: 'acknowledge' }));
  await vi.waitUntil(() => text().includes('will be sent'));
  await act(() => stores.contract.retryAcknowledge());
  expect(stores.contract.getState().detail?.acknowledgement.state).toBe('sent');
  expect(text()).not.toContain('will be sent');
});

test('a message can be dismissed by who does not see it, at any time', async () => {
  const { stores, told, user } = await perform('count=5');
  act(() => stores.contractActions.tell('view_saved', { name: 'Mine' }));
  await told();
  await user.click(screen.getByRole('button', { name: 'Dismiss this message' }));
  await vi.waitUntil(() => screen.queryByTestId('toast') === null);
});
