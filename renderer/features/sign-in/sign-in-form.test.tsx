import { expect, test } from 'vitest';
import { fireEvent, screen, show, text } from '../../testing/show.tsx';
import { SignInForm } from './sign-in-form.tsx';

const open = (query = 'session=signed_out', ended: Parameters<typeof SignInForm>[0]['ended'] = 'none') =>
  show(<SignInForm ended={ended} />, query);
const submit = () => screen.getByRole('button', { name: /^sign in$/i });
const field = (name: RegExp) => screen.getByLabelText(name);

test('the first empty field is named and focused, and nothing is sent', async () => {
  const { user, count } = await open();
  await user.clear(field(/server address/i));
  await user.click(submit());
  expect(screen.getByRole('alert').textContent?.length).toBeGreaterThan(5);
  expect(document.activeElement).toBe(field(/server address/i));
  await user.type(field(/server address/i), 'https://contracts.example.com');
  await user.click(submit());
  expect(document.activeElement).toBe(field(/user name/i));
  expect(count('session:signIn')).toBe(0);
});

test('what is typed is sent once, without the spaces around a name', async () => {
  const { user, asked } = await open();
  await user.clear(field(/server address/i));
  await user.type(field(/server address/i), ' https://contracts.example.com ');
  await user.type(field(/user name/i), ' anna ');
  await user.type(field(/^password$/i), ' pass word ');
  await user.keyboard('{Enter}');
  expect(asked.filter(({ channel }) => channel === 'session:signIn').map(({ argument }) => argument)).toEqual(
    [{ server: 'https://contracts.example.com', username: 'anna', password: ' pass word ' }],
  );
});

test.each(['credentials', 'unreachable', 'throttled', 'redirected'])(
  '%s: the problem is told where the eye is, and the keyboard is where it can be mended',
  async (code) => {
    const { user } = await open(`session=signed_out&problem=${code}`);
    await user.type(field(/user name/i), 'anna');
    await user.type(field(/^password$/i), 'secret');
    await user.click(submit());
    const alert = await screen.findByRole('alert');
    expect(alert.textContent?.length).toBeGreaterThan(20);
    expect(alert.textContent).not.toMatch(/signIn\.|\{\{|undefined/);
    expect(['server', 'password']).toContain(document.activeElement?.getAttribute('name'));
  },
);

test('the password can be looked at, and is hidden again', async () => {
  const { user } = await open();
  const password = field(/^password$/i);
  expect(password.getAttribute('type')).toBe('password');
  await user.click(screen.getByRole('button', { name: /show/i }));
  expect(password.getAttribute('type')).toBe('text');
  await user.click(screen.getByRole('button', { name: /hide/i }));
  expect(password.getAttribute('type')).toBe('password');
});

test('why the last session ended is said; of a locked keychain, with the way on', async () => {
  await open('session=expired', 'expired');
  expect(text().length).toBeGreaterThan(60);
  expect(screen.queryByRole('button', { name: /restart/i })).toBeNull();
});

test('a locked keychain offers to start the app again', async () => {
  const { user, count } = await open('session=locked', 'locked');
  await user.click(screen.getByRole('button', { name: /restart|start again/i }));
  expect(count('app:restart')).toBe(1);
});

test('who has a key in place of a password is asked for it, and it is hidden until looked at', async () => {
  const { user, asked } = await open();
  await user.click(screen.getByRole('button', { name: /use a key or token/i }));
  await user.clear(field(/server address/i));
  await user.type(field(/server address/i), 'https://contracts.example.com');
  await user.click(screen.getByRole('button', { name: /^sign in$/i }));
  expect(document.activeElement).toBe(field(/user id/i));
  await user.type(field(/user id/i), 'u42');
  await user.type(field(/^key or token$/i), ' k-1 ');
  expect(field(/^key or token$/i).getAttribute('type')).toBe('password');
  await user.keyboard('{Enter}');
  expect(asked.filter(({ channel }) => channel === 'session:signIn').map(({ argument }) => argument)).toEqual(
    [
      {
        server: 'https://contracts.example.com',
        username: 'u42',
        key: { header: 'X-API-Key', value: 'k-1' },
      },
    ],
  );
});

test('that Caps Lock is on is said while the password is typed', async () => {
  await open();
  const press = (capsLock: boolean): void => {
    const event = new KeyboardEvent('keydown', { key: 'A', bubbles: true });
    event.getModifierState = () => capsLock;
    fireEvent(field(/^password$/i), event);
  };
  press(true);
  expect(text()).toContain('Caps Lock is on.');
  press(false);
  expect(text()).not.toContain('Caps Lock');
});

test('a profile file names the server: it is shown, cannot be changed, and the sign-in goes by it', async () => {
  const { user, asked } = await open('session=signed_out&profile=without');
  await user.click(screen.getByRole('button', { name: /use a key or token/i }));
  await user.click(screen.getByRole('button', { name: /from a profile file/i }));
  const server = field(/server address/i) as HTMLInputElement;
  expect([server.value, server.readOnly]).toEqual(['https://events.example.com', true]);
  expect(text()).toMatch(/Plain status events/);
  expect(text()).toMatch(/any name will do/);
  await user.type(field(/user id/i), 'me');
  await user.type(field(/^key or token$/i), 'k-1');
  await user.keyboard('{Enter}');
  expect(asked.findLast(({ channel }) => channel === 'session:signIn')?.argument).toEqual({
    server: 'https://events.example.com',
    username: 'me',
    key: { header: 'X-API-Key', value: 'k-1' },
    profile: true,
  });
});

test('a file that is no profile is told, and the form stays as it was', async () => {
  const { user } = await open('session=signed_out&problem=bad_profile');
  await user.click(screen.getByRole('button', { name: /use a key or token/i }));
  await user.click(screen.getByRole('button', { name: /from a profile file/i }));
  expect((await screen.findByRole('alert')).textContent).toMatch(/not a server profile/);
  expect((field(/server address/i) as HTMLInputElement).readOnly).toBe(false);
});

test('a profile with OpenID Connect asks for nothing here: one button, then a wait that can be given up', async () => {
  const { user, asked, count } = await open('session=signed_out&profile=waiting');
  await user.click(screen.getByRole('button', { name: /use a key or token/i }));
  await user.click(screen.getByRole('button', { name: /from a profile file/i }));
  expect(document.querySelectorAll('form input')).toHaveLength(0);
  expect(text()).toMatch(/events\.example\.com.*login\.example\.com/s);
  await user.click(screen.getByRole('button', { name: 'Continue in the browser' }));
  expect(screen.getByRole('status').textContent).toMatch(/Waiting for the browser.*login\.example\.com/);
  expect(asked.findLast(({ channel }) => channel === 'session:signIn')?.argument).toEqual({
    server: 'https://events.example.com',
    username: '',
    browser: true,
  });
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(count('session:cancelSignIn')).toBe(1);
  expect((await screen.findByRole('alert')).textContent).toMatch(/You cancelled the sign-in/);
  expect(screen.getByRole('button', { name: 'Continue in the browser' })).toBeTruthy();
});
