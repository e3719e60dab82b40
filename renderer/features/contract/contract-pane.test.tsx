import { expect, onTestFinished, test, vi } from 'vitest';
import { SEEN_AFTER_MS } from '../../../protocol/view.ts';
import { act, fireEvent, show } from '../../testing/show.tsx';
import { ContractPane } from './contract-pane.tsx';

test('a contract is read only while the window has the focus', async () => {
  const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  onTestFinished(() => focus.mockRestore());
  const { stores, count } = await show(
    <ContractPane alone={false} told={null} whenEmpty={(usual) => usual} />,
    'count=5',
  );
  const { contract, feed } = stores;
  const unread = [...feed.getState().rows.values()].find((row) => row.unread > 0)!;
  act(() => contract.open(unread.contractId));
  await vi.waitFor(() => expect(contract.getState().phase).toBe('shown'));
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const marked = (): number => count('actions:perform');
  const look = (at: boolean): void => {
    focus.mockReturnValue(at);
    window.dispatchEvent(new Event(at ? 'focus' : 'blur'));
  };
  act(() => void vi.advanceTimersByTime(10 * SEEN_AFTER_MS));
  expect(marked()).toBe(0);
  look(true);
  act(() => void vi.advanceTimersByTime(SEEN_AFTER_MS - 1));
  look(false);
  act(() => void vi.advanceTimersByTime(10 * SEEN_AFTER_MS));
  expect(marked()).toBe(0);
  look(true);
  act(() => void vi.advanceTimersByTime(SEEN_AFTER_MS));
  expect(marked()).toBe(1);
});

test('what a link has opened is read only once the person does something in the window', async () => {
  const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  onTestFinished(() => focus.mockRestore());
  const { stores, count } = await show(
    <ContractPane alone={false} told={null} whenEmpty={(usual) => usual} />,
    'count=5',
  );
  const { contract, current, feed } = stores;
  const unread = [...feed.getState().rows.values()].find((row) => row.unread > 0)!;
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  act(() => current.open(unread.contractId, true));
  await act(() => vi.advanceTimersByTimeAsync(10 * SEEN_AFTER_MS));
  expect(contract.getState().phase).toBe('shown');
  expect(count('actions:perform')).toBe(0);
  fireEvent.keyDown(document.body, { key: 'j' });
  act(() => void vi.advanceTimersByTime(SEEN_AFTER_MS));
  expect(count('actions:perform')).toBe(1);
});
