import { expect, test, vi } from 'vitest';
import { CommandKeys } from '../../commands/command-keys.tsx';
import { act, screen, show } from '../../testing/show.tsx';
import { Feed } from './feed.tsx';

const begin = (query = 'count=30') =>
  show(
    <>
      <CommandKeys />
      <Feed
        viewsMenu={null}
        canShowSidebar={false}
        alone={false}
        covered={false}
        onLookAtConnection={() => undefined}
      />
    </>,
    query,
  );

test('the list has the keyboard as soon as it is there, also where it is empty', async () => {
  await begin();
  expect(document.activeElement).toBe(screen.getByRole('treegrid'));
});

test('what has the keyboard keeps it when the list comes', async () => {
  const other = document.createElement('input');
  document.body.append(other);
  other.focus();
  await begin();
  expect(document.activeElement).toBe(other);
  other.remove();
});

test('in each menu that a key opens the first arrow goes from the first item to the second', async () => {
  const { user, stores } = await begin();
  for (const key of ['f', 'h', '{Shift>}{F10}{/Shift}']) {
    act(() => screen.getByRole('treegrid').focus());
    await user.keyboard(key);
    const items = await vi.waitFor(() => screen.getAllByRole('menuitem'));
    await vi.waitFor(() => expect(items[0]?.dataset['highlighted']).toBe(''));
    expect(document.activeElement).toBe(items[0]);
    await user.keyboard('{ArrowDown}');
    await vi.waitFor(() => expect(document.activeElement, key).toBe(items[1]));
    await user.keyboard('{Escape}');
    await vi.waitFor(() => expect(screen.queryAllByRole('menuitem')).toEqual([]));
    act(() => stores.cursor.closeMenu());
  }
});
