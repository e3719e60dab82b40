import { expect, test, vi } from 'vitest';
import { act, screen, show } from '../../testing/show.tsx';
import { Palette } from './palette.tsx';

async function open(query = 'count=5') {
  const shown = await show(<Palette />, query);
  act(() => shown.stores.place.show('palette'));
  await screen.findByRole('combobox');
  return shown;
}

test.each([
  ['dark', { theme: 'dark' }],
  ['compact', { density: 'compact' }],
  ['russian', { language: 'ru' }],
  ['темная', { theme: 'dark' }],
])('what the settings hold is found by its name: %s', async (typed, change) => {
  const { user, asked } = await open();
  await user.keyboard(`${typed}{Enter}`);
  await vi.waitUntil(() => asked.some(({ channel }) => channel === 'settings:change'));
  expect(asked.find(({ channel }) => channel === 'settings:change')?.argument).toEqual(change);
});

test('what is so already is not offered', async () => {
  const { user } = await open('count=5&theme=dark');
  await user.keyboard('theme');
  const names = (await screen.findAllByRole('option')).map(({ textContent }) => textContent);
  expect(names).toContain('Light theme');
  expect(names).not.toContain('Dark theme');
});

test.each(['sign out', 'erase', 'back up', 'restore'])(
  'so is what the account menu does: %s',
  async (typed) => {
    const { user } = await open();
    await user.keyboard(typed);
    const [first] = await screen.findAllByRole('option');
    expect(first?.textContent?.toLowerCase()).toContain(typed);
  },
);

test('that it is open is told, and how much it finds as the person types', async () => {
  const { user } = await open();
  const heard = (): string | null => screen.getByTestId('palette-found').textContent;
  await vi.waitFor(() => expect(heard()).toMatch(/^Find a command or a contract\. \d\d+ found$/), 3000);
  await user.keyboard('overview');
  await vi.waitFor(() => expect(heard()).toMatch(/^\d+ found$/), 3000);
});
