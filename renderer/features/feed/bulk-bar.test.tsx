import { expect, test } from 'vitest';
import { act, screen, show, text } from '../../testing/show.tsx';
import { BulkBar } from './bulk-bar.tsx';

async function select(...indices: readonly number[]) {
  const shown = await show(<BulkBar />, 'count=8');
  act(() => {
    for (const index of indices) shown.stores.cursor.toggle(index);
  });
  const rows = indices.map((index) => shown.stores.feed.getState().rows.get(index)!);
  return { ...shown, rows };
}

test('it says how many are selected, and lets go of them', async () => {
  const { user, stores } = await select(0, 1, 2);
  expect(text()).toContain('3');
  await user.click(screen.getByRole('button', { name: /clear|deselect|nothing/i }));
  expect(stores.cursor.getState().selected.size).toBe(0);
});

test('an action is asked for all of them, and for nothing else', async () => {
  const { user, asked, rows } = await select(1, 3);
  await user.click(document.querySelector<HTMLElement>('.bulk-actions [title*="(m)" i]')!);
  const [action] = asked.filter(({ channel }) => channel === 'actions:perform');
  expect(action?.argument).toEqual({
    contractIds: rows.map(({ contractId }) => contractId),
    action: { do: 'mute', muted: !rows.every(({ muted }) => muted) },
  });
});
