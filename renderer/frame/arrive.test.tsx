import { expect, test, vi } from 'vitest';
import { FilterBar } from '../features/feed/filter/filter-bar.tsx';
import { act, screen, show } from '../testing/show.tsx';
import { AccountMenu } from './account-menu.tsx';
import { SavedViews } from './saved-views.tsx';
import { StorageBanner } from './storage-banner.tsx';
import { ViewsMenu } from './views-menu.tsx';

const layers = () => document.querySelectorAll('[role=menu], [role=dialog], [role=alertdialog]');

test.each(['sort', 'views-menu', 'Options of the view', 'Anna', 'Start fresh', 'Filter'])(
  'what “%s” opens is closed when a contract is shown',
  async (name) => {
    const { stores, user } = await show(
      <>
        <ViewsMenu />
        <SavedViews />
        <AccountMenu />
        <StorageBanner />
        <FilterBar />
      </>,
      'session=signed_in&count=30&saved=1&storage=corrupt',
    );
    const trigger =
      screen.queryByTestId(name) ?? (await screen.findAllByRole('button', { name: new RegExp(name) }))[0]!;
    await user.click(trigger);
    await vi.waitFor(() => expect(layers()).toHaveLength(1));
    act(() => stores.place.arrive('list'));
    await vi.waitFor(() => expect(layers()).toHaveLength(0));
  },
);

test('nothing opens above the window without being closed so: by its `actionsRef`, or as an overlay of the window', () => {
  const sources = import.meta.glob<string>(['../**/*.tsx', '!../**/*.test.tsx'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const roots = Object.entries(sources).flatMap(([file, source]) =>
    [...source.matchAll(/<(?:Menu|Popover|Dialog|AlertDialog)\.Root\b[^]*?[^=]>/g)].map(([tag]) => ({
      file,
      tag,
      isOverlay: source.includes('state.overlay ==='),
    })),
  );
  expect(roots.length).toBeGreaterThan(15);
  const open = roots.filter(({ tag, isOverlay }) => !tag.includes('actionsRef={closing}') && !isOverlay);
  expect(open.map(({ file, tag }) => `${file}: ${tag}`)).toEqual([]);
});
