import { expect, test } from 'vitest';
import { screen, show, text } from '../../testing/show.tsx';
import { ViewRulesSetting } from './view-rules-setting.tsx';

test('each saved view has its choice, kept as it is made', async () => {
  const { user, asked, stores } = await show(<ViewRulesSetting />, 'session=signed_in&saved=2');
  await screen.findByText(/the choice that tells most holds/);
  expect(screen.getByRole('combobox', { name: 'Out for signature' })).toHaveProperty('value', 'toast');
  await user.selectOptions(
    screen.getByRole('combobox', { name: 'Steel, large amounts' }),
    'None, only counted',
  );
  expect(asked).toMatchObject([{ channel: 'savedViews:save', argument: { savedId: 1, notify: 'quietly' } }]);
  expect(stores.saved.getState().views.map(({ notify }) => notify)).toEqual(['quietly', 'toast']);
});

test('without a saved view it says what one is good for', async () => {
  await show(<ViewRulesSetting />, 'session=signed_in', 'ru');
  expect(text()).toContain('У сохранённого вида могут быть свои уведомления.');
  expect(screen.queryByRole('combobox')).toBeNull();
});
