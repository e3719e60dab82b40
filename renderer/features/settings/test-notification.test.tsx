import { expect, test } from 'vitest';
import { act, screen, show, text } from '../../testing/show.tsx';
import { RefusedBanner } from './refused-banner.tsx';
import { TestNotificationSetting } from './test-notification.tsx';

const press = async ({ user }: Awaited<ReturnType<typeof show>>, name: string) =>
  user.click(screen.getByRole('button', { name }));

test('a test notification is sent, and what became of it is said', async () => {
  const shown = await show(<TestNotificationSetting />, 'session=signed_in');
  await press(shown, 'Send a test');
  await screen.findByText(/^Sent\./);
  expect(shown.count('notifications:test')).toBe(1);
});

test('where the system refuses it, what to do is said, until it takes one', async () => {
  const shown = await show(
    <>
      <RefusedBanner />
      <TestNotificationSetting />
    </>,
    'session=signed_in&toasts=refused',
    'ru',
  );
  const banner = await screen.findByRole('alert');
  expect(banner.textContent).toContain('Система не показывает уведомления');
  expect(banner.textContent).toContain('Запустите или установите службу уведомлений');
  await shown.user.click(screen.getAllByRole('button', { name: 'Отправить пробное' })[0]!);
  await screen.findByText(/^Система его не приняла\./);
  act(() => shown.stores.notifications.apply(false));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('who wants no notifications is not told that there are none; who put it away, only of the next refusal', async () => {
  const shown = await show(<RefusedBanner />, 'session=signed_in&toasts=refused&notifications=none');
  expect(text()).toBe('');
  act(() =>
    shown.stores.settings.applySettings(
      { ...shown.stores.settings.getState().settings, notifications: 'all' },
      null,
    ),
  );
  expect(text()).toContain('The system does not show notifications');
  await press(shown, 'Dismiss');
  expect(text()).toBe('');
  act(() => shown.stores.notifications.apply(true));
  expect(text()).toBe('');
  act(() => shown.stores.notifications.apply(false));
  act(() => shown.stores.notifications.apply(true));
  expect(text()).toContain('The system does not show notifications');
});
