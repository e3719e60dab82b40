import { useStore } from 'zustand';
import { expect, test } from 'vitest';
import { useStores } from '../../state/context.ts';
import { screen, show, text } from '../../testing/show.tsx';
import { QuietHoursSetting } from './quiet-hours.tsx';

function Shown() {
  const { settings } = useStores();
  return <QuietHoursSetting settings={useStore(settings, (state) => state.settings)} />;
}

test('quiet hours are for every evening at first, and then for the days that are chosen', async () => {
  const { user, stores } = await show(<Shown />, 'session=signed_in');
  const quiet = () => stores.settings.getState().settings.quietHours;
  expect(screen.queryByRole('group')).toBeNull();
  await user.click(screen.getByRole('switch', { name: 'Quiet hours' }));
  expect(quiet()).toMatchObject({ from: '20:00', to: '08:00', wholeDays: [] });
  expect(quiet()?.days).toHaveLength(7);
  expect(text()).toContain('A night belongs to the day on which it begins.');

  const day = (group: string, name: string) =>
    screen
      .getAllByRole('group', { name: group })
      .flatMap((each) => [...each.querySelectorAll<HTMLInputElement>(`input[aria-label="${name}"]`)])[0]!;
  await user.click(day('In these hours on', 'Saturday'));
  await user.click(day('In these hours on', 'Sunday'));
  await user.click(day('All day on', 'Sunday'));
  expect(quiet()).toMatchObject({ days: ['mon', 'tue', 'wed', 'thu', 'fri'], wholeDays: ['sun'] });
  await user.click(day('All day on', 'Sunday'));
  expect(quiet()?.wholeDays).toEqual([]);
});

test('the days are named in the person’s language', async () => {
  const { user } = await show(<Shown />, 'session=signed_in', 'ru');
  await user.click(screen.getByRole('switch', { name: 'Тихие часы' }));
  expect(screen.getAllByRole('checkbox', { name: 'понедельник' })).toHaveLength(2);
  expect(text()).toContain('пнвтсрчтптсбвс');
});
