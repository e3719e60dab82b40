import { expect, test } from 'vitest';
import { screen, show, text } from '../../testing/show.tsx';
import { ViewRulesSetting } from './view-rules-setting.tsx';

test('each saved view has its choice, kept as it is made', async () => {
  const { user, asked, stores } = await show(<ViewRulesSetting />, 'session=signed_in&saved=2');
  await screen.findByText(/the choice that tells most holds/);
  expect(
    screen.getByRole('combobox', { name: 'Notifications of the view Out for signature' }),
  ).toHaveProperty('value', 'toast');
  await user.selectOptions(
    screen.getByRole('combobox', { name: 'Notifications of the view Steel, large amounts' }),
    'None, only counted',
  );
  expect(asked).toMatchObject([{ channel: 'savedViews:save', argument: { savedId: 1, notify: 'quietly' } }]);
  expect(stores.saved.getState().views.map(({ notify }) => notify)).toEqual(['quietly', 'toast']);
});

test('and its days before a due date', async () => {
  const { user, asked, stores } = await show(<ViewRulesSetting />, 'session=signed_in&saved=2');
  const days = await screen.findByRole('combobox', { name: 'Reminders of the view Steel, large amounts' });
  expect(days).toHaveProperty('value', 'null');
  await user.selectOptions(days, '7 days before and on the day');
  await user.selectOptions(
    screen.getByRole('combobox', { name: 'Reminders of the view Out for signature' }),
    'No reminders',
  );
  expect(asked.map(({ argument }) => argument)).toMatchObject([{ remindDays: 7 }, { remindDays: null }]);
  expect(stores.saved.getState().views.map(({ remindDays }) => remindDays)).toEqual([7, null]);
});

test('without a saved view it says what one is good for', async () => {
  await show(<ViewRulesSetting />, 'session=signed_in', 'ru');
  expect(text()).toContain('У сохранённого вида могут быть свои уведомления и напоминания о сроках.');
  expect(screen.queryByRole('combobox')).toBeNull();
});
